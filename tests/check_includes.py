#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps the arrows of the house: fails on an #include that the table below does not allow, and on a Vulkan call in the
floors that have no Vulkan. docs/ARCHITECTURE.md quotes the table; a new arrow is a change here, with its reason."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
C11 = set("assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg "
          "stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath time uchar wchar wctype".split())

# folder: (may include these folders and files besides itself, may include these headers from outside, may call vk*)
C, VULKAN, ANY = "the C library", "vulkan/", "any"
NEVER, POINTERS, DIRECTLY = "nothing of Vulkan", "Vulkan but through a table of pointers", "anything"
TABLE = {
    "include": ([], [C, VULKAN], DIRECTLY),
    "src/base": ([], [ANY], NEVER),
    "src/place": (["src/base"], [C], NEVER),
    "src/engine": (["src/base", "src/place", "include/vk_mem_alloc.h"], [C, VULKAN], POINTERS),
    "src/vma": (["src/base", "src/place", "src/engine", "include/vk_mem_alloc.h"], [C, VULKAN], POINTERS),
    "sim": ([], [ANY], DIRECTLY),
    "tools": (["include", "sim/sim.h"], [ANY], DIRECTLY),
    "examples": (["include"], [ANY], DIRECTLY),
    "bench": (["include", "sim/sim.h"], [ANY], DIRECTLY),
}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
VULKAN_CALL = re.compile(r"(->|\.)?\b(vk[A-Z]\w*)\s*\(")


def below(path, folder):
    return path == folder or path.startswith(folder + "/")


def resolve(source, name):
    """The file of the house that the compiler would take, relative to the root, or None for one from outside."""
    for start in (source.parent, ROOT / "src", ROOT / "include", ROOT / "sim"):
        target = (start / name).resolve()
        if target.is_file() and target.is_relative_to(ROOT):
            return target.relative_to(ROOT).as_posix()
    return None


def outside_allowed(name, allowed):
    return (ANY in allowed or (C in allowed and name.removesuffix(".h") in C11)
            or (VULKAN in allowed and name.startswith("vulkan/")))


def check(source, folder):
    inside, outside, may_call = TABLE[folder]
    text = source.read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        name = match.group(2)
        target = resolve(source, name)
        if target is None:
            ok = outside_allowed(name, outside)
        else:
            ok = below(target, folder) or any(below(target, one) for one in inside)
        if not ok:
            yield f"{text.count(chr(10), 0, match.start()) + 1}: {folder} must not include {target or name}"
    blank = COMMENT_OR_STRING.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    for match in VULKAN_CALL.finditer(blank):
        through_pointer, name = match.groups()
        if may_call == NEVER or (may_call == POINTERS and not through_pointer):
            yield f"{blank.count(chr(10), 0, match.start()) + 1}: {folder} may call {may_call}, not {name}"


def main():
    faults, files = [], 0
    for folder in sorted({path.split("/")[0] for path in TABLE}):
        for source in sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in (".c", ".h", ".cpp")):
            name = source.relative_to(ROOT).as_posix()
            home = next((known for known in TABLE if below(name, known)), None)
            files += 1
            if home is None:
                faults.append(f"{name}: its folder has no row in the table of tests/check_includes.py")
            else:
                faults += [f"{name}:{fault}" for fault in check(source, home)]
    for fault in faults:
        print(fault)
    print(f"{files} files, {len(faults)} forbidden arrows")
    return 1 if faults or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
