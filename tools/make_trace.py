#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes a trace in the compact format of docs/trace-format.md from a raw recording of Vulkan calls.

    tools/make_trace.py RECORDING.vk.csv.gz --title "SuperTuxKart 1.4, Black Forest" > NAME.vtrace.csv

Handles become small numbers, threads are numbered in order of appearance, and a buffer is marked as written by
the CPU when its memory was ever mapped and its usage does not say that copies fill it.
"""
import argparse
import csv
import gzip
import sys

COLUMNS = "t_ns,thread,op,id,usage,flags,host,size,type,format,w,h,d,mips,layers,samples,tiling"
TRANSFER_SRC, TRANSFER_DST = 1, 2
TYPE_2D, TYPE_3D = 1, 2


def read_rows(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="ascii", newline="") as file:
        yield from csv.DictReader(file)


def host_hints(rows):
    """Index of a buf+ row -> 'seq' or 'random' for the buffers that the CPU touches."""
    generation, mapped, created_at, memory_of = {}, set(), {}, {}
    for index, row in enumerate(rows):
        op = row["op"]
        if op == "alloc":
            generation[row["obj"]] = index
        elif op == "map":
            mapped.add(generation.get(row["obj"]))
        elif op == "buf+":
            created_at[row["obj"]] = index
        elif op == "bindb" and row["obj"] in created_at:
            memory_of[created_at[row["obj"]]] = generation.get(row["memory"])
    hints = {}
    for index, memory in memory_of.items():
        usage = int(rows[index]["usage"])
        if memory is None or memory not in mapped:
            continue
        if usage == TRANSFER_DST:
            hints[index] = "random"
        elif usage & (TRANSFER_SRC | TRANSFER_DST) != TRANSFER_DST:
            hints[index] = "seq"
    return hints


def creation_fields(row, is_image, hint):
    """The columns behind id; empty ones at the end are left out."""
    flags = row["flags"] if row["flags"] != "0" else ""
    if not is_image:
        size = row["w"] if row["w"] != "0" else row["size"]
        return [row["usage"], flags, hint, size]
    depth = int(row["d"])
    image_type = str(TYPE_3D if depth > 1 else TYPE_2D)
    fields = [row["usage"], flags, hint, "", image_type, row["format"], row["w"], row["h"]]
    tail = [(row["d"], "1"), (row["mips"], "1"), (row["layers"], "1"), (row["samples"], "1"),
            (row["tiling"], "0")]
    while tail and tail[-1][0] in (tail[-1][1], "0"):
        tail.pop()
    return fields + ["" if value == default else value for value, default in tail]


def convert(rows, out):
    hints, threads, live, time, born = host_hints(rows), {}, {}, 0, 0
    for index, row in enumerate(rows):
        op = row["op"]
        if op not in ("buf+", "buf-", "img+", "img-"):
            continue
        stamp = int(row["t_ns"])
        stamp = 0 if stamp >= 1 << 63 else stamp
        time = max(time, stamp)
        thread = threads.setdefault(row["tid"], len(threads))
        key = (op[:3], row["obj"])
        fields = []
        if op.endswith("+"):
            if key in live:
                sys.exit(f"row {index + 2}: {row['obj']} is created twice")
            live[key] = born
            born += 1
            fields = creation_fields(row, op == "img+", hints.get(index, ""))
        elif key not in live:
            continue
        number = live[key] if op.endswith("+") else live.pop(key)
        # Whole microseconds are fine enough for a recording of seconds.
        line = [str(time // 1000 * 1000), str(thread), op, str(number)] + fields
        out.write(",".join(line) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recording")
    parser.add_argument("--title", required=True, help="what was recorded, for people")
    arguments = parser.parse_args()
    sys.stdout.write(f"# vtrace 1\n# title: {arguments.title}\n{COLUMNS}\n")
    convert(list(read_rows(arguments.recording)), sys.stdout)


if __name__ == "__main__":
    main()
