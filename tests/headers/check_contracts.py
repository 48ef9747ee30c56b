#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the comments of the public headers: each function says in a sentence what it does and has \\thread, \\cost,
\\since and, when it returns something, \\return; each structure, member, enumeration and value has a comment; no line
is longer than 110 columns.
usage: check_contracts.py HEADER..."""
import re
import sys

# Between a comment and its declaration: a mark or a preprocessor line at most.
BETWEEN = r"(?:VRAM_DEPRECATED\([^\n]*\)\s*|#[^\n]*\n\s*)*"
FUNCTION = re.compile(r"^(?:VMA_CALL_PRE|static inline)\s+(?P<type>[\w \*]+?)\s*(?:VMA_CALL_POST\s+)"
                      r"(?P<name>(?:vma|vram)\w+)\(", re.M)
BODY = re.compile(r"^typedef (?P<kind>struct|enum) (?P<name>\w+) \{\n(?P<body>.*?)^\}", re.M | re.S)


def comment_before(text, position):
    """The documentation comment that ends right before `position`, or None."""
    end = re.compile(r"\*/\s*" + BETWEEN + r"\Z").search(text, 0, position)
    start = text.rfind("/*", 0, end.start()) if end else -1
    return text[start:end.start()] if start >= 0 and text.startswith("/**", start) else None


def check_functions(text):
    for match in FUNCTION.finditer(text):
        comment = comment_before(text, match.start())
        if comment is None:
            yield f"{match['name']}: no comment"
            continue
        words = ["\\thread", "\\cost", "\\since"] + ([] if match["type"] == "void" else ["\\return"])
        yield from (f"{match['name']}: no {word}" for word in words if word not in comment)
        if match["type"] == "void" and "\\return" in comment:
            yield f"{match['name']}: \\return of a function that returns nothing"
        if not re.match(r"/\*\*\s*\*? ?[A-Z][^\\]*?\.", comment):
            yield f"{match['name']}: no sentence that says what it does"


def check_bodies(text):
    for match in BODY.finditer(text):
        if comment_before(text, match.start()) is None:
            yield f"{match['name']}: no comment"
        body = re.sub(r"/\*\*.*?\*/", "@", match["body"], flags=re.S)
        body = re.sub(r"^#.*\n", "", body, flags=re.M)
        for item in filter(str.strip, re.split("[;,]", body)):
            if not item.lstrip().startswith("@"):
                yield f"{match['name']}: no comment at {' '.join(item.split())[:60]}"


def main(*headers):
    faults, functions = [], 0
    for header in headers:
        with open(header, encoding="utf-8") as file:
            text = file.read()
        functions += len(FUNCTION.findall(text))
        faults += [f"{header}: {fault}" for fault in [*check_functions(text), *check_bodies(text)]]
        faults += [f"{header}:{number}: longer than 110 columns"
                   for number, line in enumerate(text.split("\n"), 1) if len(line) > 110]
    print("\n".join(faults) or f"{functions} functions keep the rules of comments")
    return 1 if faults or not functions else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
