// Connects the official TypeScript client to a bridge, lists its tools and calls some.
//
// `--package sdk` is the client of @modelcontextprotocol/sdk 1.x, `client` that of @modelcontextprotocol/client 2.x.
// `--calls` names a file of {"tools": [name…], "calls": [{"name", "arguments"}…]}: the list must be exactly those
// tools, and every call must succeed with content. The client itself checks structured results against the output
// schemas. Ends with `N passed, M failed`.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  options: {
    calls: { type: "string" },
    package: { type: "string", default: "sdk" },
    stdio: { type: "boolean" },
    url: { type: "string" },
  },
  allowPositionals: true,
});
const modules = {
  sdk: ["sdk/client/index.js", "sdk/client/stdio.js", "sdk/client/streamableHttp.js"],
  client: ["client", "client/stdio"],
}[values.package];
const imported = await Promise.all(modules.map((module) => import(`@modelcontextprotocol/${module}`)));
const { Client, StdioClientTransport, StreamableHTTPClientTransport } = Object.assign({}, ...imported);
const plan = JSON.parse(await readFile(values.calls, "utf8"));
const transport = values.stdio
  ? new StdioClientTransport({ command: positionals[0], args: positionals.slice(1), stderr: "inherit" })
  : new StreamableHTTPClientTransport(new URL(values.url));
const client = new Client({ name: "spandrel-client-checks", version: "1" });
await client.connect(transport);

let passed = 0;
let failed = 0;
function report(name, problem) {
  if (problem) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${problem.slice(0, 600)}`);
  } else {
    passed += 1;
    console.log(`ok    ${name}`);
  }
}

async function listAll() {
  const names = [];
  let cursor;
  do {
    const page = await client.listTools({ cursor });
    names.push(...page.tools.map((tool) => tool.name));
    cursor = page.nextCursor;
  } while (cursor);
  return names;
}

async function problemOf(call) {
  try {
    const options = { timeout: 60_000 };
    const result = await (values.package === "sdk" ? client.callTool(call, undefined, options) : client.callTool(call, options));
    if (result.isError) return result.content.map((piece) => piece.text ?? piece.type).join(" ");
    return result.content.length > 0 ? undefined : "no content";
  } catch (error) {
    return String(error);
  }
}

const listed = await listAll();
const same = JSON.stringify(listed) === JSON.stringify(plan.tools);
report(
  `tools/list: ${listed.length} tools`,
  same ? undefined : `expected ${plan.tools.length}; missing: ${plan.tools.filter((name) => !listed.includes(name)).slice(0, 5)}`,
);
if (same) {
  for (const call of plan.calls) {
    const problem = await problemOf(call);
    report(problem ? `${call.name} ${JSON.stringify(call.arguments).slice(0, 300)}` : call.name, problem);
  }
}
await client.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
