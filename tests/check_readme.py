#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The C example of README.md is a verbatim part of examples/hello.c, which the build compiles and the tests run; and
every relative link of the README leads to a file."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    program = (ROOT / "examples/hello.c").read_text(encoding="utf-8")
    examples = re.findall(r"^```c\n(.*?)^```$", readme, re.M | re.S)
    links = re.findall(r"\]\((?!https?:|#)([^)]+)\)", readme)
    faults = [f"not in examples/hello.c:\n{example}" for example in examples if example not in program]
    faults += [f"no such file: {link}" for link in links if not (ROOT / link).exists()]
    for fault in faults:
        print(fault)
    print(f"{len(examples)} examples, {len(links)} links, {len(faults)} faults")
    return 1 if faults or not examples else 0


if __name__ == "__main__":
    sys.exit(main())
