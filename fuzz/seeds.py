"""Writes what the fuzz targets start from: seeds.py FOLDER, with a folder for each target below it.

The seeds come from the documents and snapshots of this repository, and from the small documents of
$SPANDREL_SHARED/corpus where that is set.
"""

import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONGEST = 20_000


def documents():
    folders = [ROOT / "specs", ROOT / "fixtures"]
    if shared := os.environ.get("SPANDREL_SHARED"):
        folders.append(pathlib.Path(shared) / "corpus")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".json", ".yaml") and path.stat().st_size <= LONGEST:
                yield path.read_bytes()


def tools():
    """The tools of the snapshots, each as a listing has it."""
    for path in sorted((ROOT / "fixtures" / "compile").glob("*/*.snap")):
        text = path.read_text()
        yield from json.loads(text[text.index("\n---\n", 4) + 5 if text.startswith("---") else 0:])["tools"]


def schemas():
    for tool in tools():
        for schema in (tool["inputSchema"], tool.get("outputSchema") or {}):
            yield from schema.get("properties", {}).values()
            yield from schema.get("$defs", {}).values()


def seeds():
    schema = [json.dumps(schema).replace("#/$defs/", "#/components/schemas/").encode() for schema in schemas()]
    places = [bytes([version, place]) for version in range(4) for place in (0, 2, 0x12, 3, 5)]
    yield "document", list(documents())
    yield "schema", [places[index % len(places)] + text for index, text in enumerate(schema)]
    yield "render", [bytes([index % 2, index]) + b'{"body": {"a": [1, "b"]}, "q": "a&b"}' for index in range(64)]
    yield "response", [bytes([index % 2, index, index % 18, index % 16, 0, 0, index]) + b'{"a": [1.10, "b"]}' for index in range(64)]


def main():
    for target, contents in seeds():
        folder = pathlib.Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for index, content in enumerate(contents):
            (folder / f"seed-{index:04}").write_bytes(content)


main()
