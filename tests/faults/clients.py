"""What becomes of the server when its clients fail."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from backends import told
from server import call_message, raw_request, until

OK = call_message("ok", {})
# A message, and the JSON-RPC error that answers it; none where the call still works.
MESSAGES = [
    ("no JSON", '{"jsonrpc":', -32700),
    ("NaN", OK.replace('"id": 1', '"id": NaN'), -32700),
    ("NaN as an argument", OK.replace('"arguments": {}', '"arguments": {"id": NaN}'), -32700),
    ("no object", "[1,2", -32700),
    ("empty", "", -32700),
    ("a number", "7", -32600),
    ("another version", OK.replace('"2.0"', '"1.0"'), -32600),
    ("id null", OK.replace('"id": 1', '"id": null'), -32600),
    ("id object", OK.replace('"id": 1', '"id": {}'), -32600),
    ("no method", '{"jsonrpc":"2.0","id":1}', -32600),
    ("unknown method", '{"jsonrpc":"2.0","id":1,"method":"tools/burn"}', -32601),
    ("unknown tool", call_message("nobody", {}), -32602),
    ("arguments of another kind", OK.replace('"arguments": {}', '"arguments": [1]'), -32602),
    ("deep nesting", OK.replace('"arguments": {}', '"arguments": {"id": ' + "[" * 100_000 + "]" * 100_000 + "}"), -32600),
]
# Arguments that the schema of `echo` does not know, or that mean something elsewhere.
ARGUMENTS = [
    {"__proto__": {"id": "1"}},
    {"constructor": "1"},
    {"id\u0000": "1"},
    {"id\r\nX-Evil": "1"},
    {"id": "a\r\nX-Evil: 1"},
    {"id": "a\u0000b"},
    {"id": "&id=2#fragment?/../"},
    {"id": "\ud83d\ude00" * 5000},
    {"id": ["a"]},
]


def check(report, server, backend):
    server.call("ok")
    before = server.descriptors
    messages(report, server, backend)
    heads(report, server)
    gone(report, server, backend)
    crowd(report, server)
    idle(report, server)
    # What an allocator keeps for the next crowd is no leak: what a second one adds would be.
    memory = server.memory()
    gone(report, server, backend)
    crowd(report, server)
    idle(report, server)
    grown = server.memory() - memory
    report.check("a second crowd adds less than 20 MB", grown < 20, grown)
    report.check("descriptors are given back", until(lambda: server.descriptors <= before + 8), server.descriptors)
    report.check("the server still answers", "the backend" in told(server.call("ok")))
    report.check("the server ends when told to", server.stop() == 0)


def messages(report, server, backend):
    for name, body, code in MESSAGES:
        status, text = server.post(body)
        found = json.loads(text).get("error", {}).get("code") if text.startswith("{") else text
        report.check(f"{name}: {code}", found == code, f"{status} {text}")
    status, _ = server.post("x" * 5_000_000)
    report.check("a message above the bound is refused", status == 413, status)
    status, _ = server.post(OK.encode() + b"\xff\xfe")
    report.check("a message that is not UTF-8 is refused", status == 400, status)
    for arguments in ARGUMENTS:
        result = server.call("echo", **arguments)
        report.check(f"{str(arguments)[:40]!r} has an answer", "content" in result, result)
    forged = [request for request in backend.seen if "x-evil" in request.lower().replace("%0d%0ax-evil", "")]
    report.check("no argument becomes a header", not forged, forged)
    status, _ = server.post(OK, {"Host": "evil.example"})
    report.check("a foreign Host is refused", status == 403, status)
    status, _ = server.post(OK, {"Origin": "https://evil.example"})
    report.check("a foreign Origin is refused", status == 403, status)


def heads(report, server):
    both = raw_request(OK, f"Content-Length: {len(OK)}", "Transfer-Encoding: chunked")
    cases = [
        ("both lengths", both, "400"),
        ("a head of 200 kB", raw_request(OK, "X-Long: " + "a" * 200_000), "431"),
        ("2,000 headers", raw_request(OK, *[f"X-{number}: 1" for number in range(2000)]), "431"),
        ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"),
        ("a length that is none", raw_request(OK, "Content-Length: ten"), "400"),
        ("two lengths", raw_request(OK, "Content-Length: 5", "Content-Length: 7"), "400"),
    ]
    for name, request, status in cases:
        answer = exchange(server, request)
        report.check(f"{name}: {status}", answer.startswith(f"HTTP/1.1 {status}".encode()), answer[:200])


def exchange(server, request):
    with server.connect() as connection:
        try:
            connection.sendall(request)
            return connection.recv(65536)
        except ConnectionError:
            return b"(connection reset)"


def gone(report, server, backend):
    """Clients that leave: in the middle of a request, and in the middle of a call."""
    with server.connect() as connection:
        connection.sendall(raw_request(OK, "Content-Length: 500")[:-20])
    seen = backend.stats["silent"]
    body = call_message("silent", {})
    connections = [server.connect() for _ in range(20)]
    for connection in connections:
        connection.sendall(raw_request(body, f"Content-Length: {len(body)}"))
    report.check("calls reach the backend", until(lambda: backend.stats["silent"] == seen + 20), backend.stats["silent"])
    for connection in connections:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.close()
    left = until(lambda: backend.stats["silent left"] >= backend.stats["silent"])
    report.check("a call whose client is gone is given up", left, backend.stats)


def crowd(report, server):
    """Hundreds of calls to a backend that hangs: others are served meanwhile, and each gets an answer."""
    results = []
    with ThreadPoolExecutor(400) as pool:
        hanging = [pool.submit(server.call, "silent") for _ in range(400)]
        time.sleep(0.5)
        begun = time.monotonic()
        for _ in range(10):
            report.check("others are served beside a hanging backend", "the backend" in told(server.call("ok")))
        took = time.monotonic() - begun
        results = [call.result() for call in hanging]
    report.check("others need not wait for it", took < 20, took)
    answered = sum(result.get("isError") is True for result in results)
    report.check("each hanging call gets an answer", answered == 400, answered)


def idle(report, server):
    """Connections that say nothing, or next to nothing, keep nobody out."""
    connections = [server.connect() for _ in range(2000)]
    for connection in connections[:500]:
        connection.sendall(b"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    report.check("2,000 idle connections keep nobody out", "the backend" in told(server.call("ok")))
    # A client that takes nothing of a long answer.
    lazy = server.connect()
    body = call_message("deep", {})
    lazy.sendall(raw_request(body, f"Content-Length: {len(body)}") * 3)
    report.check("nor does one that reads nothing", "the backend" in told(server.call("ok")))
    for connection in [*connections, lazy]:
        connection.close()


def check_descriptors(report, server):
    """More clients than the process may have descriptors: it takes calls again once they are gone."""
    connections, stop = [], threading.Event()
    try:
        while len(connections) < 200 and not stop.is_set():
            connections.append(server.connect())
    except OSError:
        pass
    time.sleep(0.5)
    report.check("the process lives without descriptors", server.process.poll() is None)
    for connection in connections:
        connection.close()
    served = until(lambda: "the backend" in told(server.call("ok")))
    report.check("calls are served once there are descriptors again", served)
