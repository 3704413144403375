"""An API that fails in every way: the path of a request names the way. `stats` holds what it saw."""

import asyncio
import gzip
import json
import threading
import zlib
from collections import Counter

OK = b'{"from":"the backend"}'
MEGABYTE = b" " * 1_000_000


def head(*lines, status="200 OK"):
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


def whole(body, *lines, status="200 OK", media_type="application/json"):
    return head(f"content-type: {media_type}", f"content-length: {len(body)}", *lines, status=status) + body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


CHUNKED = head("content-type: application/json", "transfer-encoding: chunked")
EVENTS = head("content-type: text/event-stream", "transfer-encoding: chunked")
ZIPPED = gzip.compress(b'{"text":"' + b"word " * 2000 + b'"}')
BOMB = gzip.compress(b"0" * 500_000_000, 1)
DOUBLE_BOMB = gzip.compress(BOMB, 9)


def packed(body, coding="gzip"):
    return whole(body, f"content-encoding: {coding}")


# What is sent at once; the connection is closed after it where the name is in CLOSING.
ANSWERS = {
    "ok": whole(OK),
    "garbage": b"\x16\x03\x01 this is no HTTP\r\n\r\n",
    "nothing": b"",
    "half_a_head": b"HTTP/1.1 200 OK\r\ncontent-ty",
    "half_a_body": head("content-type: application/json", "content-length: 1000") + b'{"half":',
    "cut_chunk": CHUNKED + b"100\r\n" + b'{"half":',
    "no_last_chunk": CHUNKED + chunk(b'{"whole":"but for the end"}'),
    "garbled_chunk": CHUNKED + b"zz\r\n" + b'{"a":1}' + b"\r\n0\r\n\r\n",
    "enormous_chunk": CHUNKED + b"ffffffffffffffffff\r\n" + b'{"a":1}',
    "two_lengths": head("content-length: 5", "content-length: 7") + OK,
    "negative_length": head("content-length: -5") + OK,
    "cut_gzip": packed(ZIPPED[: len(ZIPPED) // 2]),
    "garbled_gzip": packed(ZIPPED[:20] + b"\xff" * 40 + ZIPPED[60:]),
    "gzip_in_name_only": packed(OK),
    "unknown_coding": packed(OK, "x-own"),
    "cut_deflate": packed(zlib.compress(b"word " * 5000)[:20], "deflate"),
    "bomb": packed(BOMB),
    "double_bomb": packed(DOUBLE_BOMB, "gzip, gzip"),
    "declared_200_mb": head("content-type: application/json", "content-length: 200000000") + MEGABYTE,
    "deep": whole(b"[" * 200_000 + b"]" * 200_000),
    "not_utf8": whole(b'{"text":"\xff\xfe\xc3"}'),
    "not_utf8_text": whole(b"caf\xe9 \xff", media_type="text/plain"),
    "not_json": whole(b"<html><h1>Proxy says no</h1></html>"),
    "no_type": head("content-length: 7") + b'{"a":1}',
    "strange_type": whole(OK, media_type=";;;/="),
    "html_type": whole(OK, media_type="text/html"),
    "surplus": whole(OK) + whole(b'{"another":"call\'s answer"}'),
    "body_of_204": head("content-length: 0", status="204 No Content") + b'{"stray":true}',
    "many_headers": head(*[f"x-{number}: 1" for number in range(50_000)], "content-length: 0"),
    "long_header": head("x-long: " + "a" * 20_000_000, "content-length: 0"),
    "hundred_interim": head(status="103 Early Hints") * 20 + whole(OK),
    "strange_status": whole(OK, status="999 Odd"),
    "switching": head("upgrade: own", "connection: upgrade", status="101 Switching Protocols") + OK,
    "empty": whole(b""),
    "nulls": whole(b"\x00" * 100),
    "redirect_to_itself": head("location: /redirect_to_itself", "content-length: 0", status="302 Found"),
    "redirect_link_local": head("location: http://169.254.169.254/latest", "content-length: 0", status="302 Found"),
    "redirect_to_file": head("location: file:///etc/passwd", "content-length: 0", status="302 Found"),
    "redirect_garbage": head("location: http://[::1", "content-length: 0", status="307 Temporary Redirect"),
}
for status in (400, 401, 403, 404, 409, 410, 422, 429, 500, 501, 502, 503, 504):
    problem = json.dumps({"title": "Out of order", "detail": f"detail of {status}", "status": status}).encode()
    ANSWERS[f"status_{status}"] = whole(
        problem, "retry-after: 7", status=f"{status} Whatever", media_type="application/problem+json"
    )
CLOSING = {
    "garbage", "nothing", "half_a_head", "half_a_body", "cut_chunk", "no_last_chunk", "garbled_chunk", "enormous_chunk",
    "two_lengths", "negative_length", "cut_gzip", "garbled_gzip", "switching",
}


async def forever(writer, first, piece, pause=0.0):
    """Sends `piece` until nobody takes it any more."""
    writer.write(first)
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


# What takes its time, or has no end.
SLOW = {
    "silent": lambda writer: asyncio.sleep(3600),
    "slow_head": lambda writer: forever(writer, b"HTTP/1.1 200 OK\r\nx: ", b"a", 0.2),
    "dripping": lambda writer: forever(writer, head("content-type: text/plain", "content-length: 100000"), b"a", 0.2),
    "dripping_events": lambda writer: forever(writer, EVENTS, chunk(b"data: tick\n\n"), 0.2),
    "endless": lambda writer: forever(writer, CHUNKED, chunk(MEGABYTE)),
    "endless_events": lambda writer: forever(writer, EVENTS, chunk(b"data: more\n\n" * 1000)),
    "endless_line": lambda writer: forever(writer, EVENTS, chunk(b"a" * 100_000)),
    "endless_headers": lambda writer: forever(writer, b"HTTP/1.1 200 OK\r\n", b"x-more: and more\r\n" * 1000),
    "endless_interim": lambda writer: forever(writer, b"", head(status="100 Continue") * 1000),
    "endless_chunk_size": lambda writer: forever(writer, CHUNKED, b"0" * 10_000),
    "endless_trailers": lambda writer: forever(writer, CHUNKED + chunk(OK) + b"0\r\n", b"x-more: and more\r\n" * 1000),
}


class Backend:
    """Serves on a thread of its own, at `url`."""

    def __init__(self):
        self.stats, self.seen, self.open = Counter(), [], 0
        self.other_url = None
        started = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(started)), daemon=True).start()
        started.wait()

    async def serve(self, started):
        server = await asyncio.start_server(self.connection, "127.0.0.1", 0, backlog=2000, limit=2**20)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        await server.serve_forever()

    async def connection(self, reader, writer):
        self.open += 1
        try:
            while await self.exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            self.stats["left"] += 1
        finally:
            self.open -= 1
            writer.close()

    async def exchange(self, reader, writer):
        request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.seen.append(request)
        length = [line for line in request.split("\r\n") if line.lower().startswith("content-length:")]
        if length:
            await reader.readexactly(int(length[0].split(":")[1]))
        name = request.split(" ")[1].split("?")[0].strip("/")
        self.stats[name] += 1
        if name in SLOW:
            slow = asyncio.ensure_future(SLOW[name](writer))
            left = asyncio.ensure_future(reader.read(1))
            await asyncio.wait([slow, left], return_when=asyncio.FIRST_COMPLETED)
            slow.cancel()
            left.cancel()
            self.stats[f"{name} left"] += 1
            return False
        if name == "redirect_elsewhere":
            writer.write(head(f"location: {self.other_url}/ok", "content-length: 0", status="307 Temporary Redirect"))
        elif name in ANSWERS:
            writer.write(ANSWERS[name])
        elif name == "echo":
            writer.write(whole(json.dumps({"target": request.split(" ")[1]}).encode()))
        else:
            writer.write(whole(b'{"error":"no such path"}', status="404 Not Found"))
        await writer.drain()
        return name not in CLOSING


def document(url):
    """An OpenAPI document with an operation for each way to fail."""

    def operation(name):
        return {
            "operationId": name,
            "parameters": [{"name": "id", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "What comes", "content": {"application/json": {}}}},
        }

    names = [*ANSWERS, *SLOW, "redirect_elsewhere", "echo"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Faults", "version": "1"},
        "servers": [{"url": url}],
        "paths": {f"/{name}": {"get": operation(name)} for name in names},
    }
