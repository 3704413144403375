// Compares the requests of Spandrel with those that swagger-client builds of the same arguments.
//
//     node judge.mjs --binary target/release/spandrel [--record FOLDER] DOCUMENT…
//
// The arguments are those of `spandrel selftest`. A disagreement that no entry of `exceptions.mjs`
// explains fails the run. `--record` writes the requests, with what the judge said of them.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { differences, ours, theirs } from './compare.mjs';
import { load } from './document.mjs';
import { explain } from './exceptions.mjs';
import { build } from './swagger_client.mjs';

const { values: options, positionals: documents } = parseArgs({
  options: { binary: { type: 'string' }, record: { type: 'string' }, show: { type: 'string', default: '12' } },
  allowPositionals: true,
});

console.warn = () => {}; // It warns of names that stand in two places, which are told apart here.
const CATEGORIES = ['path', 'query', 'headers', 'cookies', 'type', 'body'];
const total = { calls: 0, agree: 0, explained: 0, unexplained: 0, unbuilt: 0 };
const [by, reasons] = [{}, {}];
const count = (table, key) => { table[key] = (table[key] ?? 0) + 1; };

function spandrel(...args) {
  try {
    return execFileSync(options.binary, [...args, '--quiet'], { maxBuffer: 2 ** 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  } catch (error) {
    // The self-test tells of failures by its exit code; what it says of them is not judged here.
    if (error.status === 1 && error.stdout?.length) return error.stdout;
    throw error;
  }
}

/** Numbers that JavaScript would write otherwise, marked so that they can be written as they were. */
const NUMBER = /^( *(?:"(?:[^"\\]|\\.)*": )?)(-?\d[\d.eE+-]*)(,?)$/gm;
const marked = (json) => json.replace(NUMBER, (all, before, number, after) => (String(Number(number)) === number ? all : `${before}"§${number}"${after}`));
const unmarked = (json) => json.replace(/"§(-?\d[\d.eE+-]*)"/g, '$1');

/** What the judge says of one call: the categories that differ, and why they may. */
async function judged(document, tool, call) {
  const one = ours(call.request);
  const type = call.request.headers.find(({ name }) => name === 'content-type')?.value;
  let built;
  try {
    built = build(document, tool, call, type);
  } catch (error) {
    return { one, found: { unbuilt: String(error.message) }, why: explain('unbuilt', { document, tool, call, error }) };
  }
  const other = await theirs(built.request);
  for (const category of CATEGORIES) {
    const used = category === 'type' || category === 'body' ? one.body.length + other.body.length : [one[category]].flat().length;
    if (used) count(by[category] ??= {}, 'compared');
  }
  const found = differences(one, other);
  const why = {};
  for (const [category, difference] of Object.entries(found)) {
    const reason = explain(category, { document, tool, call, difference, one, other, ...built });
    count(by[category] ??= {}, 'differ');
    count(by[category], reason ? 'explained' : 'unexplained');
    why[category] = reason;
  }
  return { one, found, why };
}

async function judge(file) {
  const name = path.basename(file);
  const { document } = load(file);
  const tools = Object.fromEntries(JSON.parse(spandrel('compile', file)).tools.map((tool) => [tool.name, tool]));
  if (!Object.keys(tools).length) return;
  const output = spandrel('selftest', file, '--timeout', '30m', '--format', 'json', '--requests');
  const exact = JSON.parse(marked(output)).calls;
  const made = { calls: 0, agree: 0, explained: 0, unexplained: 0, unbuilt: 0 };
  const records = [];
  const shown = [];
  for (const [index, call] of JSON.parse(output).calls.entries()) {
    if (!call.request) continue;
    const { found, why } = await judged(document, tools[call.tool], call);
    made.calls += 1;
    const categories = Object.keys(found);
    const unexplained = found.unbuilt ? (why ? [] : ['unbuilt']) : categories.filter((category) => !why[category]);
    const verdict = !categories.length ? 'agree' : unexplained.length ? 'unexplained' : found.unbuilt ? 'unbuilt' : 'explained';
    made[verdict] += 1;
    const told = found.unbuilt ? [why ?? found.unbuilt] : Object.values(why);
    told.filter(Boolean).forEach((reason) => count(reasons, reason));
    if (unexplained.length) shown.push(`    ${call.tool} (${call.sampling}) ${unexplained.map((key) => `${key}: ${JSON.stringify(found[key]).slice(0, 700)}`).join('\n      ')}`);
    records.push({ tool: call.tool, arguments: exact[index].arguments, request: call.request, differs: found.unbuilt ? { request: told[0] } : why });
  }
  for (const key of Object.keys(total)) total[key] += made[key];
  const { calls: all, agree, explained, unexplained, unbuilt } = made;
  console.log(`${name.padEnd(44)} ${String(all).padStart(6)} calls ${String(agree).padStart(6)} agree ${String(explained).padStart(5)} explained ${String(unbuilt).padStart(4)} not built ${String(unexplained).padStart(4)} unexplained`);
  shown.slice(0, Number(options.show)).forEach((line) => console.log(line));
  if (options.record) record(name, records);
}

function record(name, records) {
  fs.mkdirSync(options.record, { recursive: true });
  const file = path.join(options.record, `${name.replace(/\.[a-z]+$/, '')}.json`);
  fs.writeFileSync(file, `[\n${records.map((each) => `  ${unmarked(JSON.stringify(each))}`).join(',\n')}\n]\n`);
}

for (const file of documents) await judge(file);
console.log('\ncategory     compared    agree   explained  unexplained');
for (const [category, { compared = 0, differ = 0, explained = 0, unexplained = 0 }] of Object.entries(by)) {
  console.log(`${category.padEnd(10)} ${String(compared).padStart(10)} ${String(compared - differ).padStart(8)} ${String(explained).padStart(11)} ${String(unexplained).padStart(12)}`);
}
console.log('\nwhy they differ');
for (const [reason, times] of Object.entries(reasons).sort((a, b) => b[1] - a[1])) console.log(`${String(times).padStart(7)}  ${reason}`);
console.log(`\n${documents.length} documents, ${total.calls} calls: ${total.agree} agree, ${total.explained} differ for a reason, ${total.unbuilt} swagger-client cannot build, ${total.unexplained} unexplained`);
process.exit(total.unexplained ? 1 : 0);
