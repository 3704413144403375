"""Runs real MCP clients against the mock of each document. Use `run.sh`, which installs them first."""

import argparse
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "target" / "clients"
OWN = ["bookshop.yaml", "parameters.yaml", "bodies.yaml", "legacy-2.0.yaml", "weather-3.0.json"]
CORPUS = ["github.json", "stripe.yaml", "petstore3.yaml", "openai.yaml"]
# It starts a process for each question.
INSPECTED = ["bookshop.yaml", "bodies.yaml"]
RMCP = OUT / "rmcp" / "debug" / "spandrel-client-check"
START_SECONDS = 60

sys.path.insert(0, str(HERE / "python"))
from arguments import NotPossible, arguments  # noqa: E402


class Total:
    """What all checks came to."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.rows = []

    def add(self, document, client, passed, failed):
        self.passed += passed
        self.failed += failed
        self.rows.append((document, client, passed, failed))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=25, help="tools called of each document, spread evenly")
    parser.add_argument("documents", nargs="*", type=Path, help="instead of the usual ones")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    total = Total()
    for document, is_own in documents(options.documents):
        check_document(options, document, is_own, total)
    print("\n== all documents")
    for document, client, passed, failed in total.rows:
        print(f"{document:<20} {client:<22} {passed:>5} passed {failed:>5} failed")
    corpus_skipped = not options.documents and not os.environ.get("SPANDREL_SHARED")
    if corpus_skipped:
        print("\nNOTE: SPANDREL_SHARED is not set: the real documents were SKIPPED", file=sys.stderr)
    print(f"{total.passed} passed, {total.failed} failed")
    sys.exit(1 if total.failed else 0)


def documents(named):
    """Each document, and whether it is one of this repository's own."""
    if named:
        return [(path, False) for path in named]
    chosen = [(ROOT / "specs" / name, True) for name in OWN]
    shared = os.environ.get("SPANDREL_SHARED")
    if shared:
        chosen += [(Path(shared) / "corpus" / name, False) for name in CORPUS]
    return chosen


def check_document(options, document, is_own, total):
    print(f"\n== {document.name}", flush=True)
    listing = json.loads(subprocess.run([options.binary, "compile", document], check=True, capture_output=True).stdout)
    tools = listing["tools"]
    plan, skipped = calls_of(tools, options.sample)
    for name, reason in skipped:
        print(f"skip  {name}: no arguments could be made: {reason}")
    if is_own and skipped or len(skipped) > max(1, len(plan["calls"]) // 4):
        print("FAIL  too many calls could not be made")
        total.add(document.name, "arguments", 0, len(skipped))
    file = OUT / f"{document.stem}.calls.json"
    file.write_text(json.dumps(plan))
    few = OUT / f"{document.stem}.few.json"
    few.write_text(json.dumps({**plan, "calls": plan["calls"][:6]}))

    python = [sys.executable, HERE / "python" / "check.py"]
    node = ["node", OUT / "node" / "check.mjs"]
    node2 = [*node, "--package", "client"]
    fastmcp = [*python, "--fastmcp"]
    inspector = [sys.executable, HERE / "inspector.py", "--inspector", OUT / "node/node_modules/.bin/mcp-inspector"]
    stdio = [options.binary, "serve", document, "--mock", "--stdio", "--quiet"]
    with Server(options.binary, document) as url:
        run(total, document, "python, HTTP", [*python, "--calls", file, "--url", url])
        run(total, document, "python, HTTP, legacy", [*python, "--mode", "legacy", "--calls", few, "--url", url])
        run(total, document, "fastmcp, HTTP", [*fastmcp, "--calls", few, "--url", url])
        run(total, document, "node, HTTP", [*node, "--calls", file, "--url", url])
        run(total, document, "node 2.x, HTTP", [*node2, "--calls", file, "--url", url])
        run(total, document, "rmcp, HTTP", [RMCP, few, url])
        if document.name in INSPECTED:
            for era in ("legacy", "modern"):
                run(total, document, f"Inspector, HTTP, {era}", [*inspector, "--calls", few, "--era", era, "--url", url])
    run(total, document, "python, stdio", [*python, "--calls", few, "--stdio", *stdio])
    run(total, document, "fastmcp, stdio", [*fastmcp, "--calls", few, "--stdio", *stdio])
    run(total, document, "node, stdio", [*node, "--calls", few, "--stdio", "--", *stdio])
    run(total, document, "node 2.x, stdio", [*node2, "--calls", few, "--stdio", "--", *stdio])
    run(total, document, "rmcp, stdio", [RMCP, few, "--", *stdio])
    if document.name in INSPECTED:
        run(total, document, "Inspector, stdio", [*inspector, "--calls", few, "--", *stdio])


def calls_of(tools, sample):
    """Calls of `sample` tools spread evenly: with the required arguments, and with all."""
    count = min(sample, len(tools))
    calls, skipped = [], []
    for tool in (tools[index * len(tools) // count] for index in range(count)):
        made = []
        for everything in (False, True):
            try:
                value = arguments(tool["inputSchema"], everything)
            except NotPossible as error:
                skipped.append((tool["name"], str(error)))
                continue
            if value not in made:
                made.append(value)
        calls += [{"name": tool["name"], "arguments": value} for value in made]
    # The last one listed is the bridge's own, which reads on in long results.
    return {"tools": [tool["name"] for tool in tools] + ["read_result"], "calls": calls}, skipped


def run(total, document, client, command):
    """Runs a client and counts what it says; one that says nothing has failed."""
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=600)
    closing = re.search(r"^(\d+) passed, (\d+) failed$", result.stdout, re.MULTILINE)
    passed, failed = (int(closing[1]), int(closing[2])) if closing else (0, 1)
    if result.returncode and not failed:
        failed = 1
    shown = [line for line in result.stdout.splitlines() if not line.startswith("ok ") or "tools/list" in line]
    print(f"-- {client}", *shown, sep="\n   ", flush=True)
    total.add(document.name, client, passed, failed)


class Server:
    """`spandrel serve` on a free port, as long as the block lasts."""

    def __init__(self, binary, document):
        command = [binary, "serve", document, "--mock", "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        watchdog = threading.Timer(START_SECONDS, self.process.kill)
        watchdog.start()
        said = []
        for line in self.process.stderr:
            said.append(line)
            match = re.search(r"Listening on (\S+)", line)
            if match:
                watchdog.cancel()
                # What it says later must not fill the pipe.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return match[1]
        watchdog.cancel()
        sys.exit("spandrel serve did not start:\n" + "".join(said))

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)


if __name__ == "__main__":
    main()
