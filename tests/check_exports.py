#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the dynamic symbols of libvram.so: every function that the public headers declare must be there, nothing else
may be, and the library may need the C library alone.
usage: check_exports.py LIBRARY COMPILER [-I... -D...]"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SYSTEM_LIBRARIES = re.compile(r"^(libc|libm|libdl|libpthread|ld-linux[\w-]*|libasan|libubsan|libtsan)\.so")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(library):
    return {line.split()[-1] for line in run("nm", "-D", "--defined-only", library).splitlines()}


def declared(compiler, flags):
    names = set()
    for header in sorted((ROOT / "include").rglob("*.h")):
        text = run(compiler, "-E", "-P", *flags, "-I", str(ROOT / "include"), str(header))
        names |= set(re.findall(r"\b((?:vma|vram)[A-Z]\w*)\s*\(", text))
    return names


def main(library, compiler, *flags):
    have, want = exported(library), declared(compiler, flags)
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-d", library))
    faults = [f"missing: {name}" for name in sorted(want - have)]
    faults += [f"foreign: {name}" for name in sorted(have - want)]
    faults += [f"needs {name}" for name in needed if not SYSTEM_LIBRARIES.match(name)]
    for fault in faults:
        print(fault)
    print(f"{len(have)} exported, {len(want)} declared, {len(faults)} faults")
    return 1 if faults or not want else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
