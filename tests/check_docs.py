#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every file of the house that README.md, CONTRIBUTING.md or docs/ names in `code` or links to must be there, every
heading that is linked to must be a heading, and every row of docs/FEATURES.md must name a source, a test and a page."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOP = sorted(p.name for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith((".", "build")))
NAMED = re.compile(r"`((?:%s)/[\w./{},*-]*|[A-Z]\w+\.md|CMakeLists\.txt)`" % "|".join(TOP))
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def expand(name):
    """a/{b,c}.d is a/b.d and a/c.d, as in a shell."""
    braces = re.search(r"\{([^{}]*)\}", name)
    if not braces:
        return [name]
    return [name[:braces.start()] + part + name[braces.end():] for part in braces.group(1).split(",")]


def exists(name):
    return any(ROOT.glob(name.rstrip("/"))) if name else True


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def faults_of(page):
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    for name in NAMED.findall(prose):
        for one in expand(name):
            if not exists(one):
                yield f"no such file: {one}"
    for path, heading in LINK.findall(prose):
        target = (page.parent / path) if path else page
        if not target.exists():
            yield f"link to nothing: {path}"
        elif heading and target.suffix == ".md" and heading not in anchors(target):
            yield f"no such heading: {path}#{heading}"


def rows_of_features():
    """The rows as lists of cells, without those that head a table."""
    for line in (ROOT / "docs/FEATURES.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] != "capability":
            yield cells


def main():
    pages = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
    faults = [f"{page.relative_to(ROOT)}: {fault}" for page in pages for fault in faults_of(page)]
    rows = list(rows_of_features())
    faults += [f"docs/FEATURES.md: an empty cell beside {row[0]}" for row in rows if len(row) != 5 or not all(row)]
    for fault in faults:
        print(fault)
    print(f"{len(pages)} pages, {len(rows)} capabilities, {len(faults)} faults")
    return 1 if faults or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
