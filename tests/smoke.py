"""Lists the tools of the bookshop that is served at the URL given, and calls one."""

import sys

from mcp_request import ask


def main():
    url = sys.argv[1]
    tools = [tool["name"] for tool in ask(url, "tools/list")["tools"]]
    arguments = {"isbn": "9780000000017"}
    result = ask(url, "tools/call", name="getBook", arguments=arguments)
    if "getBook" not in tools or result["isError"] or result["structuredContent"]["isbn"] != arguments["isbn"]:
        sys.exit(f"not the bookshop: {tools}\n{result}")
    print(f"listed {len(tools)} tools, called getBook: {result['structuredContent']['title']}")


if __name__ == "__main__":
    main()
