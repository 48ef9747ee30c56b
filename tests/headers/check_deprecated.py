#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles a file whose lines say `// warns: TEXT` and compares: with VRAM_WARN_DEPRECATED, -Werror must refuse it,
naming TEXT at each such line and nothing at any other; without, the file must compile.
usage: check_deprecated.py FILE COMPILER FLAGS..."""
import os
import re
import subprocess
import sys


def compile_file(command, source):
    result = subprocess.run([*command, "-Wall", "-Werror", "-fsyntax-only", source], text=True,
                            capture_output=True, env={**os.environ, "LC_ALL": "C"})
    diagnostic = re.compile(re.escape(source) + r":(\d+):\d+: (?:error|warning): (.*)")
    said = {}
    for line in result.stderr.splitlines():
        if match := diagnostic.match(line):
            said.setdefault(int(match[1]), []).append(match[2])
    return result.returncode, said, result.stderr


def main(source, *command):
    with open(source, encoding="utf-8") as file:
        expected = {number: line.split("// warns: ")[1].strip()
                    for number, line in enumerate(file, 1) if "// warns: " in line}
    faults = []
    code, _, text = compile_file(command, source)
    if code:
        faults.append("does not compile without VRAM_WARN_DEPRECATED:\n" + text)
    code, said, text = compile_file([*command, "-DVRAM_WARN_DEPRECATED"], source)
    if not code:
        faults.append("compiles with VRAM_WARN_DEPRECATED and -Werror")
    faults += [f"line {n}: no warning with: {want}" for n, want in expected.items()
               if not any(want in message for message in said.get(n, []))]
    faults += [f"line {n}: unexpected: {messages}" for n, messages in said.items() if n not in expected]
    print("\n".join(faults) or f"{len(expected)} old names warn")
    return 1 if faults or not expected else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
