// Calls sampled tools through `spandrel serve`, with Prism behind it as the API: it refuses what the
// document does not allow.
//
//     node prism.mjs --binary target/release/spandrel [--sample 12] DOCUMENT…
//
// The arguments are those of `spandrel selftest`. A refusal that `prism_exceptions.mjs` does not
// explain fails the run.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { follow, load, operation } from './document.mjs';
import { explain } from './prism_exceptions.mjs';
import { slice } from './slice.mjs';

const { values: options, positionals: documents } = parseArgs({
  options: { binary: { type: 'string' }, sample: { type: 'string', default: '12' } },
  allowPositionals: true,
});
const PRISM = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/.bin/prism');
const START_SECONDS = 120;
const REVISION = '2026-07-28';

const total = { calls: 0, taken: 0, explained: 0, unexplained: 0 };
const reasons = {};

function spandrel(...args) {
  const output = execFileSync(options.binary, [...args, '--quiet'], { maxBuffer: 2 ** 30, encoding: 'utf8' });
  return JSON.parse(output);
}

/** What Prism can be asked: it ends itself over a list or an object in the path. */
function isAskable(document, tool) {
  const item = document.paths?.[tool.operation.path];
  if (!item || item.$ref || !item[tool.operation.method.toLowerCase()]) return false;
  const { parameters } = operation(document, tool.operation);
  const isStructured = (parameter) => [(follow(document, parameter.schema) ?? parameter).type].flat().some((type) => type === 'array' || type === 'object');
  return /^[\w./ -]+$/.test(tool.operation.operationId ?? '') && !/[?#]/.test(tool.operation.path)
    && !parameters.some((parameter) => parameter.in === 'path' && isStructured(parameter));
}

/** Some of the tools, spread evenly. */
function sampled(tools) {
  const count = Math.min(Number(options.sample), tools.length);
  return Array.from({ length: count }, (_, index) => tools[Math.floor((index * tools.length) / count)]);
}

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** Starts a server; resolves with what `ready` finds in its output. */
function start(command, args, ready) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const found = new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`${command} did not start:\n${said}`)), START_SECONDS * 1000);
    const listen = (chunk) => {
      said += chunk;
      const match = ready.exec(said);
      if (match) { clearTimeout(timer); resolve(match); }
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`${command} ended with ${code}:\n${said}`)); });
  });
  found.catch(() => {});
  return { child, found };
}

/** Integers as far as Prism holds them: JavaScript's safe ones. */
function held(value) {
  if (typeof value === 'number') return Math.sign(value) * Math.min(Math.abs(value), Number.MAX_SAFE_INTEGER);
  if (Array.isArray(value)) return value.map(held);
  return value === null || typeof value !== 'object' ? value : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, held(item)]));
}

async function call(url, name, given) {
  const meta = { 'io.modelcontextprotocol/protocolVersion': REVISION, 'io.modelcontextprotocol/clientCapabilities': {} };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: held(given), _meta: meta } });
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': REVISION, 'Mcp-Method': 'tools/call', 'Mcp-Name': name,
    },
    body,
  });
  const text = await response.text();
  const data = /event-stream/.test(response.headers.get('content-type')) ? text.split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim()).filter(Boolean).at(-1) : text;
  const answer = JSON.parse(data);
  if (!answer.result) throw new Error(`${name}: ${text.slice(0, 500)}`);
  return answer.result;
}

/** What Prism has against a request: one line each; none where it took it. */
function objections(result) {
  if (!result.isError) return [];
  const text = result.content.map(({ text: part }) => part ?? '').join('\n');
  const problem = /\{"type":"https:\/\/stoplight.io\/prism[^]*\}/.exec(text);
  if (!problem) return [text.slice(0, 600)];
  const { title, detail, validation = [] } = JSON.parse(problem[0]);
  return validation.length ? validation.map(({ location, message }) => `${location.join('.')}: ${message}`) : [`${title}: ${detail}`];
}

/** The document without its security: credentials are judged elsewhere. */
function withoutSecurity(document) {
  delete document.security;
  for (const item of Object.values(document.paths ?? {})) {
    for (const described of Object.values(item ?? {})) {
      if (described !== null && typeof described === 'object') delete described.security;
    }
  }
}

async function judge(original) {
  const { document } = load(original);
  withoutSecurity(document);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'judge-prism-'));
  const file = path.join(folder, `${path.parse(original).name}.json`);
  fs.writeFileSync(file, JSON.stringify(document));
  try {
    await judgeDocument(path.basename(original), document, file, folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function judgeDocument(name, document, file, folder) {
  const all = spandrel('compile', file).tools;
  const tools = sampled(all.filter((tool) => isAskable(document, tool)));
  if (!tools.length) return;
  const rules = tools.flatMap((tool) => ['--include', `operation:${tool.operation.operationId}`]);
  const { calls } = spandrel('selftest', file, '--format', 'json', '--requests', ...rules);
  const sliced = path.join(folder, 'sliced.openapi.json');
  fs.writeFileSync(sliced, JSON.stringify(slice(document, tools.map((tool) => tool.operation))));
  const port = await freePort();
  const prism = () => start(PRISM, ['mock', '--errors', '--host', '127.0.0.1', '--port', String(port), sliced], /Prism is listening/);
  let running = prism();
  const api = {
    /** Whether Prism ended itself; starts it again. */
    async ended() {
      await new Promise((resolve) => { setTimeout(resolve, 200); });
      if (running.child.exitCode === null) return false;
      running = prism();
      await running.found;
      return true;
    },
  };
  const base = `http://127.0.0.1:${port}`;
  const server = start(options.binary, ['serve', file, '--listen', '127.0.0.1:0', '--base-url', base, ...rules], /Listening on (\S+)/);
  try {
    await running.found;
    const [, url] = await server.found;
    await judgeCalls(name, document, calls, url, api);
  } finally {
    running.child.kill();
    server.child.kill();
  }
}

async function judgeCalls(name, document, calls, url, api) {
  const made = { calls: 0, taken: 0, explained: 0, unexplained: 0 };
  const shown = [];
  for (const { tool, sampling, operation: reference, arguments: given, request } of calls.filter((each) => each.request)) {
    const found = objections(await call(url, tool, given));
    const isEnded = found.length > 0 && found[0].includes('onnection') && await api.ended();
    made.calls += 1;
    const described = operation(document, reference);
    const unexplained = found.filter((objection) => {
      const reason = isEnded ? 'Prism ends itself over it' : explain(objection, { document, operation: described, given, request });
      if (reason) reasons[reason] = (reasons[reason] ?? 0) + 1;
      return !reason;
    });
    made[unexplained.length ? 'unexplained' : found.length ? 'explained' : 'taken'] += 1;
    if (unexplained.length) shown.push(`    ${tool} (${sampling}) ${unexplained.join('\n      ')}\n      ${request.method} ${request.url} ${JSON.stringify(request.body).slice(0, 300)}`);
  }
  for (const key of Object.keys(total)) total[key] += made[key];
  console.log(`${name.padEnd(44)} ${String(made.calls).padStart(5)} calls ${String(made.taken).padStart(5)} taken ${String(made.explained).padStart(4)} refused for a reason ${String(made.unexplained).padStart(4)} unexplained`);
  shown.forEach((line) => console.log(line));
}

for (const file of documents) await judge(file);
console.log('\nwhy Prism refuses');
for (const [reason, times] of Object.entries(reasons).sort((a, b) => b[1] - a[1])) console.log(`${String(times).padStart(7)}  ${reason}`);
console.log(`\n${total.calls} calls: ${total.taken} taken, ${total.explained} refused for a reason that is Prism's, ${total.unexplained} unexplained`);
process.exit(total.unexplained ? 1 : 0);
