#!/usr/bin/env python3
"""Time `osteon build` after an edit of one article against the build from nothing, in one interleaved run.

    edit.py OSTEON SITE [RUNS]

SITE is a site with more than seven articles, such as one of the benchmark corpus; the article is put back at the end. Output goes
to memory where there is one.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path


def main():
    osteon, site, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 5
    memory = Path("/dev/shm")
    out = (memory if os.access(memory, os.W_OK) else Path("/tmp")) / "osteon-edit"
    article = sorted((site / "content/articles").glob("*.md"))[7]
    original = article.read_text()

    def build():
        os.sync()
        time.sleep(0.2)
        start = time.perf_counter()
        subprocess.run([osteon, "build", "--root", site, "--out", out], check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start

    def edited(word):
        article.write_text(original.replace("\n\n## ", f" {word}.\n\n## ", 1))
        return build()

    def clean():
        for folder in (out, out.with_name(f".{out.name}.osteon"), site / ".osteon-cache"):
            shutil.rmtree(folder, ignore_errors=True)

    times = {"from nothing": [], "nothing changed": [], "first edit": [], "second edit": []}
    try:
        for run in range(runs + 1):  # the first round is discarded
            clean()
            article.write_text(original)
            steps = (build, build, lambda: edited(f"Edited{run}a"), lambda: edited(f"Edited{run}b"))
            for name, step in zip(times, steps):
                seconds = step()
                if run > 0:
                    times[name].append(seconds)
    finally:
        article.write_text(original)
        clean()
    cold = statistics.median(times["from nothing"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:16} {median:.3f} s  {median / cold:.3f}")


if __name__ == "__main__":
    main()
