"""The API of openapi.yaml on a free port of 127.0.0.1, which is printed. Ends with its standard input.

The argument is the document that is served: `/change` changes a description in it.
"""

import base64
import os
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SILENCE = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00"


def mixed():
    parts = [("text/plain", b"Several kinds of content:"), ("image/png", PIXEL), ("application/octet-stream", b"\x00\x01\x02")]
    body = b"".join(b"--cut\r\nContent-Type: %s\r\n\r\n%s\r\n" % (kind.encode(), data) for kind, data in parts)
    return body + b"--cut--\r\n"


DOCUMENT = pathlib.Path(sys.argv[1])

ANSWERS = {
    "/text": (200, "text/plain", b"This is a simple text response for testing."),
    "/image": (200, "image/png", PIXEL),
    "/audio": (200, "audio/wav", SILENCE),
    "/bytes": (200, "application/octet-stream", b"\x00\x01\x02\x03"),
    "/mixed": (200, "multipart/mixed; boundary=cut", mixed()),
    "/failure": (500, "text/plain", b"This tool intentionally returns an error for testing"),
    "/change": (200, "text/plain", b"Changed"),
    "/region": (200, "text/plain", b"Somewhere"),
    "/contact": (200, "text/plain", b"Noted"),
}


def change():
    text = DOCUMENT.read_text()
    old, new = "summary: The region", "summary: A region"
    if new in text:
        old, new = new, old
    other = DOCUMENT.with_suffix(".next")
    other.write_text(text.replace(old, new))
    other.replace(DOCUMENT)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/slow":
            return self.events()
        if path == "/change":
            change()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, kind, body = ANSWERS.get(path, (404, "text/plain", b"no such path"))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def events(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for step in range(5):
            self.wfile.write(b"data: step %d of 5\n\n" % (step + 1))
            self.wfile.flush()
            time.sleep(0.05)
        self.close_connection = True

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
