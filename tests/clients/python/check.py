"""Connects the official Python client, or that of FastMCP, to a bridge, lists its tools and calls some.

`--calls` names a file of `{"tools": [name…], "calls": [{"name", "arguments"}…]}`: the list must be exactly those
tools, and every call must succeed with content. Ends with `N passed, M failed`.
"""

import argparse
import asyncio
import json
import sys

import fastmcp
from fastmcp.client.transports import StdioTransport
from mcp import Client, StdioServerParameters


async def check(client, plan):
    async with client:
        listed = await list_all(client)
        if listed != plan["tools"]:
            missing = [name for name in plan["tools"] if name not in listed]
            print(f"FAIL  tools/list: {len(listed)} tools, expected {len(plan['tools'])}; missing: {missing[:5]}")
            return 0, 1
        print(f"ok    tools/list: {len(listed)} tools, MCP {getattr(client, 'protocol_version', '')}")
        passed, failed = 1, 0
        for call in plan["calls"]:
            problem = await problem_of(client, call)
            passed, failed = (passed, failed + 1) if problem else (passed + 1, failed)
            if problem:
                print(f"FAIL  {call['name']} {json.dumps(call['arguments'])[:300]}\n      {problem[:600]}")
            else:
                print(f"ok    {call['name']}")
        return passed, failed


async def list_all(client):
    if isinstance(client, fastmcp.Client):
        return [tool.name for tool in await client.list_tools()]
    names, cursor = [], None
    while True:
        page = await client.list_tools(cursor=cursor)
        names += [tool.name for tool in page.tools]
        cursor = page.next_cursor
        if cursor is None:
            return names


async def problem_of(client, call):
    try:
        if isinstance(client, fastmcp.Client):
            result = await client.call_tool(call["name"], call["arguments"], timeout=60, raise_on_error=False)
        else:
            result = await client.call_tool(call["name"], call["arguments"], read_timeout_seconds=60)
    except Exception as error:  # Whatever the client raises is the finding.
        return f"{type(error).__name__}: {error}"
    if result.is_error:
        return " ".join(getattr(piece, "text", piece.type) for piece in result.content)
    return None if result.content else "no content"


def client_of(options):
    if options.fastmcp:
        return fastmcp.Client(StdioTransport(options.stdio[0], options.stdio[1:]) if options.stdio else options.url)
    server = options.url
    if options.stdio:
        server = StdioServerParameters(command=options.stdio[0], args=options.stdio[1:])
    return Client(server, mode=options.mode, read_timeout_seconds=60)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", required=True)
    parser.add_argument("--mode", default="auto", help="auto, legacy (initialize), or a revision")
    parser.add_argument("--fastmcp", action="store_true", help="the client of FastMCP")
    parser.add_argument("--url", help="the bridge's URL")
    parser.add_argument("--stdio", nargs=argparse.REMAINDER, help="the command that starts the bridge")
    options = parser.parse_args()
    with open(options.calls, encoding="utf-8") as file:
        plan = json.load(file)
    passed, failed = asyncio.run(check(client_of(options), plan))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
