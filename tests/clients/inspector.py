"""Lists the tools of a bridge and calls some, through the Inspector's command line.

`--calls` is as in `python/check.py`. What follows `--` is the command of a server over stdio; else `--url` names one.
Ends with `N passed, M failed`.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inspector", type=Path, required=True)
    parser.add_argument("--calls", type=Path, required=True)
    parser.add_argument("--url")
    parser.add_argument("--era", default="auto")
    parser.add_argument("stdio", nargs="*")
    options = parser.parse_args()
    plan = json.loads(options.calls.read_text())
    passed = failed = 0

    def report(name, problem):
        nonlocal passed, failed
        if problem:
            failed += 1
            print(f"FAIL  {name}\n      {problem[:600]}")
        else:
            passed += 1
            print(f"ok    {name}")

    # --strict fails for a schema that clients are known to refuse.
    listed, problem = ask(options, ["--method", "tools/list", "--strict"])
    names = [tool["name"] for tool in listed.get("tools", [])]
    if not problem and names != plan["tools"]:
        problem = f"expected {len(plan['tools'])} tools, got {names[:5]}…"
    report(f"tools/list: {len(names)} tools", problem)
    for call in plan["calls"][:2]:
        given = [f"{key}={json.dumps(value)}" for key, value in call["arguments"].items()]
        arguments = [part for pair in given for part in ("--tool-arg", pair)]
        result, problem = ask(options, ["--method", "tools/call", "--tool-name", call["name"], *arguments])
        if not problem and (result.get("isError") or not result.get("content")):
            problem = json.dumps(result)
        report(call["name"], problem)
    api, problem = ask(options, ["--method", "resources/read", "--uri", "spandrel://api"])
    report("resources/read", problem or ("" if api["contents"][0]["text"].startswith("# ") else json.dumps(api)))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def ask(options, arguments):
    """What the Inspector prints, and what is wrong with that."""
    target = ["--", *options.stdio] if options.stdio else ["--transport", "http", "--server-url", options.url]
    command = ["node", options.inspector, "--cli", "--protocol-era", options.era, *arguments, *target]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if result.returncode:
        return {}, f"exit {result.returncode}: {result.stderr or result.stdout}"
    try:
        return json.loads(result.stdout), None
    except ValueError:
        return {}, f"no JSON: {result.stdout}"


if __name__ == "__main__":
    main()
