"""A server between faulty backends and faulty clients: every caller gets an answer, and nothing is left behind.

usage: run.py BINARY
"""

import json
import sys
import tempfile
from pathlib import Path

import backends
import clients
from backend import Backend, document
from server import Server

# A call's time, in seconds. Answers may take longer on a busy machine, but not without bound.
TIMEOUT = 3


def main():
    binary = str(Path(sys.argv[1]).resolve())
    backend, other = Backend(), Backend()
    backend.other_url = other.url
    report = Report()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "faults.json"
        path.write_text(json.dumps(document(backend.url)))
        options = ["--base-url", backend.url, "--timeout", str(TIMEOUT), "--header", "X-Own-Key: s3cret"]
        with Server(binary, path, *options) as server:
            backends.check(report, server, backend, other)
        with Server(binary, path, *options) as server:
            clients.check(report, server, backend)
        with Server(binary, path, *options, descriptors=64) as server:
            clients.check_descriptors(report, server)
    report.end()


class Report:
    def __init__(self):
        self.passed, self.failures = 0, []

    def check(self, what, holds, found=""):
        if holds:
            self.passed += 1
        else:
            self.failures.append(what)
            print(f"FAILED {what}: {str(found)[:600]}", flush=True)

    def end(self):
        print(f"{self.passed} passed, {len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)


if __name__ == "__main__":
    main()
