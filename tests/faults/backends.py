"""What becomes of a call whose backend fails."""

import json
from concurrent.futures import ThreadPoolExecutor

from backend import SLOW
from server import until

# The tool, whether its result is an error, and what its text says of the cause.
RESULTS = [
    ("ok", False, "the backend"),
    ("garbage", True, "HTTP"),
    ("nothing", True, "closed"),
    ("half_a_head", True, "closed"),
    ("half_a_body", True, ""),
    ("cut_chunk", True, ""),
    ("no_last_chunk", True, ""),
    ("garbled_chunk", True, ""),
    ("enormous_chunk", True, ""),
    ("two_lengths", True, ""),
    ("negative_length", True, ""),
    ("cut_gzip", True, "Content-Encoding"),
    ("garbled_gzip", True, "Content-Encoding"),
    ("gzip_in_name_only", True, "Content-Encoding"),
    ("unknown_coding", True, "x-own"),
    ("cut_deflate", True, "Content-Encoding"),
    ("bomb", True, "larger than"),
    ("double_bomb", True, "larger than"),
    ("declared_200_mb", True, "larger than"),
    ("endless", True, "larger than"),
    ("deep", False, ""),
    ("not_utf8", False, ""),
    ("not_utf8_text", False, "caf"),
    ("not_json", False, "Proxy says no"),
    ("no_type", False, '"a"'),
    ("strange_type", False, "the backend"),
    ("html_type", False, "the backend"),
    ("surplus", False, "the backend"),
    ("body_of_204", False, "204"),
    ("many_headers", True, ""),
    ("long_header", True, ""),
    ("hundred_interim", False, "the backend"),
    ("strange_status", True, "999"),
    ("switching", True, "101"),
    ("empty", False, ""),
    ("nulls", False, ""),
    ("redirect_to_itself", True, "redirect"),
    ("redirect_link_local", True, "169.254.169.254"),
    ("redirect_to_file", True, "redirect"),
    ("redirect_garbage", True, "redirect"),
    ("redirect_elsewhere", True, "redirect"),
    *[(f"status_{status}", True, f"detail of {status}") for status in (400, 401, 403, 404, 409, 410, 422)],
    *[(f"status_{status}", True, f"detail of {status}") for status in (429, 500, 501, 502, 503, 504)],
]
# The same where the answer takes its time, or has no end.
SLOW_RESULTS = [
    ("silent", True, "3 s"),
    ("slow_head", True, "3 s"),
    ("dripping", True, "3 s"),
    ("dripping_events", True, "tick"),
    ("endless_events", True, ""),
    ("endless_line", True, ""),
    ("endless_headers", True, ""),
    ("endless_interim", True, ""),
    ("endless_chunk_size", True, ""),
    ("endless_trailers", True, ""),
]
# Peak of resident memory, in megabytes: bodies are held up to 10 MiB each, and few large ones at once.
MOST_MEMORY = 250


def check(report, server, backend, other):
    server.call("ok")
    before = server.descriptors
    # One after the other: the backend has one thread, and some of what it sends is large.
    judge(report, [(row, server.call(row[0])) for row in RESULTS])
    with ThreadPoolExecutor(len(SLOW_RESULTS)) as pool:
        judge(report, zip(SLOW_RESULTS, pool.map(lambda row: server.call(row[0]), SLOW_RESULTS), strict=True))
    for retry in ("status_429", "status_503"):
        report.check(f"{retry} says when to try again", "7" in told(server.call(retry)))
    other_requests = "".join(other.seen)
    report.check("no redirect leads to another origin", not other.seen, other_requests)
    surplus(report, server)
    report.check(f"memory stays below {MOST_MEMORY} MB", server.memory("VmHWM") < MOST_MEMORY, server.memory("VmHWM"))
    left = until(lambda: all(backend.stats[f"{name} left"] >= backend.stats[name] for name in SLOW))
    report.check("every slow backend is left", left, backend.stats)
    # Connections are kept for a while; what failed is not.
    report.check("descriptors are given back", until(lambda: server.descriptors <= before + 8), server.descriptors)
    report.check("the server still answers", "the backend" in told(server.call("ok")))


def judge(report, results):
    for (tool, is_error, words), result in results:
        text = told(result)
        report.check(f"{tool} has a result", "content" in result, result)
        report.check(f"{tool} is {'an error' if is_error else 'no error'}", result.get("isError") is is_error, text)
        report.check(f"{tool} says `{words}`", words in text, text)
        report.check(f"{tool} keeps the key", "s3cret" not in json.dumps(result), text)


def surplus(report, server):
    """Bytes after an answer are nobody's answer."""
    for number in range(30):
        server.call("surplus")
        text = told(server.call("echo", id=str(number)))
        report.check(f"call {number} after surplus bytes has its own answer", f"id={number}" in text, text)


def told(result):
    return "\n".join(block.get("text", "") for block in result.get("content", []))
