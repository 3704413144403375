"""Measures a server of each document: the time from process start to the first answered tools/list, and memory."""

import re
import subprocess
import sys
import time
from pathlib import Path

from mcp_request import ask

REPETITIONS = 5


def main():
    binary, *documents = sys.argv[1:]
    print(f"binary: {Path(binary).stat().st_size / 1e6:.1f} MB")
    print(f"{'document':<24} {'tools':>6} {'first list':>12} {'peak memory':>12}   (median of {REPETITIONS})")
    for document in documents:
        runs = sorted(measure(binary, document) for _ in range(REPETITIONS))
        seconds, peak, tools = runs[REPETITIONS // 2]
        print(f"{Path(document).name:<24} {tools:>6} {seconds * 1000:>9.1f} ms {peak / 1e3:>9.1f} MB")


def measure(binary, document):
    command = [binary, "serve", document, "--mock", "--listen", "127.0.0.1:0"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        url = next(match[1] for line in process.stderr if (match := re.search(r"Listening on (\S+)", line)))
        page = ask(url, "tools/list")
        seconds = time.perf_counter() - start
        tools = len(page["tools"])
        while page.get("nextCursor"):
            page = ask(url, "tools/list", cursor=page["nextCursor"])
            tools += len(page["tools"])
        status = Path(f"/proc/{process.pid}/status").read_text()
        kilobytes = int(re.search(r"VmHWM:\s+(\d+)", status)[1])
        return seconds, kilobytes * 1.024, tools
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
