#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A raw recording and what make_trace.py makes of it are replayed with the same figures.

    make_trace_check.py make_trace.py vram scratch-folder project-folder
"""
import json
import os
import subprocess
import sys

RAW = """t_ns,tid,frame,op,obj,size,align,typebits,memtype,memory,offset,usage,flags,""" \
    """w,h,d,mips,layers,format,tiling,samples,dedicated
18446744073709460578,77,0,devcreate,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
1000,77,0,alloc,a1,33554432,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
2000,77,0,map,a1,18446744073709551615,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
3000,77,0,buf+,b1,128,64,1,0,0,0,1,0,100,0,0,0,0,0,0,0,0
4000,77,0,bindb,b1,0,0,0,0,a1,0,0,0,0,0,0,0,0,0,0,0,0
5000,78,0,img+,b1,87552,64,1,0,0,0,7,16,256,256,1,9,6,137,0,1,0
6000,78,0,buf-,b1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
7000,78,0,buf+,b1,4096,64,1,0,0,0,2,0,4096,0,0,0,0,0,0,0,0
8000,78,0,bindb,b1,0,0,0,0,a1,0,0,0,0,0,0,0,0,0,0,0,0
8500,78,0,img+,c1,64,64,1,0,0,0,4,0,8,8,8,1,1,37,0,1,0
9000,77,0,img-,b1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
"""


def figures(vram, trace, folder):
    path = os.path.join(folder, "figures.json")
    subprocess.run([vram, "replay", trace, "--sim", "lavapipe", "--json", path], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    wanted = ("created", "aliveAtEnd", "peakLive", "peakReserved", "vkAllocateMemoryCalls", "verifiedBytes")
    return {key: report["vram"][key] for key in wanted}


def main():
    make_trace, vram, folder, project = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    raw = os.path.join(folder, "raw.vk.csv")
    with open(raw, "w", encoding="ascii") as file:
        file.write(RAW)
    recordings = [raw]
    larger = os.path.join(project, "..", "shared", "data", "traces", "recorded",
                          "stk14_black_forest.vk.csv.gz")
    if os.path.exists(larger):
        recordings.append(larger)
    else:
        print("the larger recordings are not beside the checkout: only the small one is compared")
    for recording in recordings:
        made = os.path.join(folder, "made.vtrace.csv")
        with open(made, "wb") as file:
            subprocess.run([sys.executable, make_trace, recording, "--title",
                            "SuperTuxKart 1.4, Black Forest"], check=True, stdout=file)
        ours, theirs = figures(vram, made, folder), figures(vram, recording, folder)
        if ours != theirs:
            sys.exit(f"{recording}: made {ours}, raw {theirs}")
        if recording is larger:
            shipped = os.path.join(project, "examples", "data", "stk14_black_forest.vtrace.csv")
            with open(made, "rb") as one, open(shipped, "rb") as other:
                if one.read() != other.read():
                    sys.exit("examples/data is not what make_trace.py makes")


if __name__ == "__main__":
    main()
