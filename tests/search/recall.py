"""Measures what `spandrel search` finds: recall at 1, 5 and 10 over intents in fixtures/search/intents.

    python3 tests/search/recall.py BINARY CORPUS [--half tuning|held-out|both] [--baselines] [--misses] [--only DOCUMENT]
                                   [-- OPTIONS OF spandrel search]

An intent is found at N when one of its operations is among the first N. Ranking is tuned on the intents under tuning/
alone; those under held-out/ were written later and only measured.
"""

import argparse
import collections
import json
import math
import pathlib
import re
import subprocess
import sys

GROUPS = ("easy", "paraphrased", "indirect")
HALVES = ("tuning", "held-out")
CUTS = (1, 5, 10)
INTENTS = pathlib.Path(__file__).resolve().parents[2] / "fixtures/search/intents"

Intent = collections.namedtuple("Intent", "document half group query operations")


def read_intents():
    for half in HALVES:
        for path in sorted((INTENTS / half).glob("*.tsv")):
            heading, *lines = path.read_text().splitlines()
            document = heading.removeprefix("# Document: ")
            for line in lines:
                group, query, *operations = line.split("\t")
                yield Intent(document, half, group, query, set(operations))


def search(binary, document, queries, options):
    """The operations that the binary ranks for each query."""
    command = [binary, "search", document, "-", "--limit", "100", *options]
    lines = "".join(query + "\n" for query in queries)
    answers = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
    return [
        [f"{found['operation']['method']} {found['operation']['path']}" for found in json.loads(answer)["ranked"]]
        for answer in answers
    ]


def words(text):
    return re.findall(r"[a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())


def tools_as_text(binary, document):
    """Each operation with its summary, path and description, as anyone would index them."""
    listed = json.loads(subprocess.run([binary, "compile", document], capture_output=True, check=True).stdout)
    for tool in listed["tools"]:
        operation = tool["operation"]
        text = " ".join((tool.get("title") or "", operation["path"], tool.get("description") or "", tool["name"]))
        yield f"{operation['method']} {operation['path']}", text


def bm25(tools, queries, k1=1.2, b=0.75):
    documents = [(operation, collections.Counter(words(text))) for operation, text in tools]
    average = sum(sum(counts.values()) for _, counts in documents) / len(documents)
    frequency = collections.Counter(word for _, counts in documents for word in counts)

    def score(counts, query):
        length = 1 - b + b * sum(counts.values()) / average
        total = 0.0
        for word in words(query):
            if counts[word]:
                rarity = math.log(1 + (len(documents) - frequency[word] + 0.5) / (frequency[word] + 0.5))
                total += rarity * counts[word] * (k1 + 1) / (counts[word] + k1 * length)
        return total

    return [ranked((score(counts, query), operation) for operation, counts in documents) for query in queries]


def substring(tools, queries):
    """How many of the request's words stand somewhere in the text."""
    texts = [(operation, text.lower()) for operation, text in tools]
    return [
        ranked((sum(word in text for word in query.lower().split()), operation) for operation, text in texts)
        for query in queries
    ]


def ranked(scored):
    return [operation for score, operation in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


def table(title, intents, rankings):
    print(f"\n{title}")
    print(f"{'':14}{'n':>5}" + "".join(f"{'@' + str(cut):>8}" for cut in CUTS))
    for group in (*GROUPS, "all"):
        rows = [(i, r) for i, r in zip(intents, rankings) if group in (i.group, "all")]
        if rows:
            found = [sum(bool(i.operations & set(r[:cut])) for i, r in rows) / len(rows) for cut in CUTS]
            print(f"{group:14}{len(rows):>5}" + "".join(f"{share:>8.3f}" for share in found))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--half", choices=("tuning", "held-out", "both"), default="both")
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--misses", action="store_true", help="print what is not among the first five (of tuning/ alone)")
    parser.add_argument("--only", help="one document")
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()

    intents = [intent for intent in read_intents() if arguments.only in (None, intent.document)]
    rankings = {"spandrel search": {}}
    for document in dict.fromkeys(intent.document for intent in intents):
        own = [intent for intent in intents if intent.document == document]
        queries = [intent.query for intent in own]
        path = str(arguments.corpus / document)
        methods = {"spandrel search": search(arguments.binary, path, queries, arguments.options)}
        if arguments.baselines:
            tools = list(tools_as_text(arguments.binary, path))
            methods |= {"plain BM25": bm25(tools, queries), "substring": substring(tools, queries)}
        for method, found in methods.items():
            rankings.setdefault(method, {}).update(zip(own_keys(own), found))
    for method, found in rankings.items():
        for half in HALVES:
            if arguments.half in (half, "both"):
                chosen = [intent for intent in intents if intent.half == half]
                table(f"{method}, {half}", chosen, [found[key] for key in own_keys(chosen)])
    if arguments.misses:
        misses([intent for intent in intents if intent.half == "tuning"], rankings["spandrel search"])


def own_keys(intents):
    return [(intent.document, intent.query) for intent in intents]


def misses(intents, found):
    for intent in intents:
        ranking = found[(intent.document, intent.query)]
        place = next((n for n, operation in enumerate(ranking, 1) if operation in intent.operations), None)
        if place is None or place > 5:
            print(f"\n{intent.document} {intent.group}: {intent.query}  [{place}]")
            print(f"  wanted {', '.join(sorted(intent.operations))}")
            print("".join(f"  {n} {operation}\n" for n, operation in enumerate(ranking[:5], 1)), end="")


if __name__ == "__main__":
    sys.exit(main())
