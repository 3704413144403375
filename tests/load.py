"""Puts load on a server of the binary and on the floor beside it, in turns, and prints ratios with the goals.

usage: load.py BINARY STATIC_FILE SHARED [--rounds N] [--seconds N] [--million]

STATIC_FILE is the example of that name of spandrel-runtime. SHARED is the folder that holds `bench`, which has the
load generator, the floor and the backend, and `corpus`, the documents. Everything is built and written under target/.
The server runs on one processor, the load and the backend on another, where there are two.
"""

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

from mcp_request import ask

BACKEND_PORT, FLOOR_PORT, SERVER_PORT, STATIC_PORT = 9101, 9110, 9300, 9301
GET = ("getPet", '{"petId":{{id}}}', "full")
PAGE = ("listPets", '{"limit":50,"tags":"{{tag}}"}', "light")
# Name, tool, connections, what is compared, the most that it may be.
CELLS = [
    ("small GET, 1 connection: p50", GET, 1, "p50_us", 1.4),
    ("small GET, 16 connections: CPU a call", GET, 16, "cpu_us_per_call", 1.6),
    ("small GET, 64 connections: CPU a call", GET, 64, "cpu_us_per_call", 1.6),
    ("small GET, 64 connections: p99", GET, 64, "p99_us", 2.0),
    ("10 kB answer, 16 connections: CPU a call", PAGE, 16, "cpu_us_per_call", 1.6),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", type=Path)
    parser.add_argument("static_file", type=Path)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--million", action="store_true", help="also watch the memory over a million calls")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    with bench.running(BACKEND_PORT, "perf-backend", "--port", BACKEND_PORT, core=0):
        calls(bench)
        long_list(bench)
        memory_and_start(bench)
    for line in bench.lines:
        print(line)
    sys.exit(0 if all(bench.held) else 1)


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.binary = arguments.binary.resolve()
        self.corpus = arguments.shared / "corpus"
        self.folder = Path("target/load").resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(arguments.shared / "bench", self.folder / "bench", dirs_exist_ok=True, copy_function=shutil.copyfile)
        self.bench = self.folder / "bench"
        environment = {**os.environ, "CARGO_TARGET_DIR": str(self.folder / "target")}
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=self.bench, env=environment, check=True)
        self.tools = self.folder / "target/release"
        self.lines, self.held = [], []

    def command(self, program, arguments, core):
        path = program if isinstance(program, Path) else self.tools / program
        pinned = ["taskset", "-c", str(core)] if os.cpu_count() > 1 else []
        return [*pinned, str(path), *map(str, arguments)]

    @contextlib.contextmanager
    def running(self, port, program, *arguments, core=1):
        environment = {**os.environ, "RUST_LOG": "error"}
        process = subprocess.Popen(self.command(program, arguments, core), stderr=subprocess.DEVNULL, env=environment)
        try:
            wait_for(port)
            yield process.pid
        finally:
            process.terminate()
            process.wait()

    def serving(self, document):
        listen = f"127.0.0.1:{SERVER_PORT}"
        base = f"http://127.0.0.1:{BACKEND_PORT}"
        options = ["--base-url", base, "--listen", listen, "--quiet"]
        return self.running(SERVER_PORT, self.binary, "serve", document, *options)

    def load(self, mode, port, pid, *arguments):
        url = f"http://127.0.0.1:{port}/mcp"
        seconds = self.arguments.seconds
        command = self.command(
            "perf-loadgen", [mode, "--url", url, "--pid", pid, "--warm", 1, "--secs", seconds, *arguments], core=0
        )
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        measured = json.loads(done.stdout.strip().splitlines()[-1])
        if not measured.get("ok") or measured.get("errors"):
            sys.exit(f"the load failed: {done.stdout}{done.stderr}")
        return measured

    def report(self, what, value, goal, unit="", detail=""):
        held = value <= goal
        self.held.append(held)
        mark = "ok  " if held else "OVER"
        self.lines.append(f"{mark} {what:<44} {value:8.2f}{unit} (at most {goal}{unit}) {detail}")


def calls(bench):
    with (
        bench.running(FLOOR_PORT, "perf-floor", "--port", FLOOR_PORT, "--backend", BACKEND_PORT) as floor,
        bench.serving(bench.bench / "specs/petstore.json") as server,
    ):
        loads = {(tool, connections) for _, tool, connections, _, _ in CELLS}
        ratios = {}
        for _ in range(bench.arguments.rounds):
            for tool, connections in sorted(loads):
                name, template, verify = tool
                options = ["--tool", name, "--args", template, "--verify", verify, "--conc", connections]
                below = bench.load("call", FLOOR_PORT, floor, *options)
                ours = bench.load("call", SERVER_PORT, server, *options)
                ratios.setdefault((tool, connections), []).append((below, ours))
        for what, tool, connections, measure, goal in CELLS:
            pairs = [(below[measure], ours[measure]) for below, ours in ratios[tool, connections]]
            ratio = statistics.median(ours / below for below, ours in pairs)
            below, ours = (statistics.median(side) for side in zip(*pairs))
            bench.report(what, ratio, goal, " x", f"{ours:.0f} us, the floor {below:.0f} us")
        if bench.arguments.million:
            million(bench, server)


def million(bench, server):
    before, left = memory(server), 1_000_000
    while left > 0:
        options = ["--tool", GET[0], "--args", GET[1], "--conc", 16, "--secs", 60, "--max-calls", left]
        left -= bench.load("call", SERVER_PORT, server, *options)["ok"]
    bench.report("growth over a million calls", memory(server) - before, 4, " MB")


def long_list(bench):
    answer = bench.folder / "list.json"
    with bench.serving(bench.corpus / "github.json") as server:
        ours = bench.load("list", SERVER_PORT, server, "--conc", 4)
        bench.report("github.json: memory after load", memory(server), 120, " MB")
        result = ask(f"http://127.0.0.1:{SERVER_PORT}/mcp", "tools/list")
        answer.write_text(json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}, separators=(",", ":")))
    # The load generator takes the file for the answer to everything that it asks.
    static_file = bench.arguments.static_file.resolve()
    with bench.running(STATIC_PORT, static_file, answer, f"127.0.0.1:{STATIC_PORT}") as static:
        below = bench.load("list", STATIC_PORT, static, "--conc", 4)
    ours, below, size = ours["cpu_us_per_call"], below["cpu_us_per_call"], answer.stat().st_size / 1e6
    detail = f"{ours:.0f} us, the file {below:.0f} us, {size:.1f} MB"
    bench.report("github.json: tools/list against a file", ours / below, 2, " x", detail)


def memory_and_start(bench):
    processor, resident = [], []
    for _ in range(5):
        with bench.serving(bench.corpus / "petstore3.yaml") as server:
            ask(f"http://127.0.0.1:{SERVER_PORT}/mcp", "tools/list")
            processor.append(processor_time(server))
            resident.append(memory(server))
    bench.report("petstore3: memory when idle", statistics.median(resident), 20, " MB")
    bench.report("petstore3: processor time to the first answer", statistics.median(processor), 30, " ms")


def wait_for(port):
    """Waits until somebody listens there, at most a minute."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    sys.exit(f"nobody listens on port {port}")


def memory(pid):
    """The resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1.024 / 1e3


def processor_time(pid):
    """User and system time of all threads in ms, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


if __name__ == "__main__":
    main()
