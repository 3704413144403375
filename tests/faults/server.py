"""A server of the binary, and what its process holds."""

import contextlib
import http.client
import json
import re
import resource
import socket
import subprocess
import time
from pathlib import Path

REVISION = "2025-11-25"
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": REVISION,
}


class Server:
    def __init__(self, binary, document, *options, descriptors=None):
        limit = None
        if descriptors:
            limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))  # noqa: E731
        command = [binary, "serve", str(document), "--listen", "127.0.0.1:0", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=limit)
        for line in self.process.stderr:
            if found := re.match(r"Listening on http://127\.0\.0\.1:(\d+)/mcp", line):
                self.port = int(found.group(1))
                break
        else:
            raise SystemExit("the server did not start")
        # Whatever else it says is its log, which nobody reads: it must not fill a pipe.
        subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=30)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.stop()
        self.process.kill()

    def post(self, body, headers=None, timeout=60):
        """Status and text of the answer to one message."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("POST", "/mcp", body, {**HEADERS, **(headers or {})})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def call(self, tool, timeout=60, **arguments):
        """The result of a call; a protocol error where there is none."""
        status, text = self.post(call_message(tool, arguments), timeout=timeout)
        message = json.loads(text) if text.startswith("{") else {"error": text}
        return message.get("result") or {"protocol error": message.get("error"), "status": status}

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    @property
    def descriptors(self):
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def memory(self, field="VmRSS"):
        """In megabytes: what is resident, or at its peak (`VmHWM`)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+) kB", status).group(1)) / 1024


def call_message(tool, arguments):
    params = {"name": tool, "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})


def raw_request(body, *lines, path="/mcp"):
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in HEADERS.items()), *lines]
    return "\r\n".join([*head, "", ""]).encode() + body.encode()


def until(condition, seconds=30):
    """Waits for something that need not be at once."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
