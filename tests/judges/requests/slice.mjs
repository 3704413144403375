// A document cut to some of its operations, as Prism takes it quickly.
import { follow } from './document.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
const MAPS = new Set(['properties', 'patternProperties', 'schemas', 'definitions', 'examples', 'parameters']);

/**
 * Without servers, security and responses: only requests are judged. Everything that is referred to
 * comes along.
 */
export function slice(document, operations) {
  const paths = {};
  for (const { method, path } of operations) {
    const item = follow(document, document.paths[path]);
    const kept = Object.fromEntries(Object.entries(item).filter(([key]) => !METHODS.includes(key) && key !== 'servers'));
    const { servers, security, callbacks, ...operation } = item[method.toLowerCase()];
    operation.responses = { 200: { description: 'taken' } };
    paths[path] = { ...kept, ...paths[path], [method.toLowerCase()]: operation };
  }
  const { openapi, swagger, info, consumes } = document;
  const sliced = { ...(swagger ? { swagger, consumes } : { openapi }), info, paths };
  addReferred(document, sliced);
  return compilable(sliced);
}

function addReferred(document, sliced) {
  const seen = new Set();
  const waiting = [sliced.paths];
  while (waiting.length) {
    const value = waiting.pop();
    if (value === null || typeof value !== 'object') continue;
    waiting.push(...Object.values(value));
    if (typeof value.$ref !== 'string' || !value.$ref.startsWith('#/') || seen.has(value.$ref)) continue;
    seen.add(value.$ref);
    const tokens = value.$ref.slice(2).split('/').map((token) => decodeURIComponent(token).replace(/~1/g, '/').replace(/~0/g, '~'));
    const whole = tokens.slice(0, tokens[0] === 'components' ? 3 : 2);
    if (whole[0] === 'paths') continue;
    const target = whole.reduce((place, token) => place?.[token], document);
    const home = whole.slice(0, -1).reduce((place, token) => (place[token] ??= {}), sliced);
    home[whole.at(-1)] = target;
    waiting.push(target);
  }
}

/**
 * Prism takes everything where it cannot compile a schema, which it cannot where `nullable` stands
 * without `type`.
 */
function compilable(value, isMap = false) {
  if (Array.isArray(value)) return value.map((item) => compilable(item));
  if (value === null || typeof value !== 'object') return value;
  const each = Object.entries(value).map(([key, item]) => [key, compilable(item, MAPS.has(key) && !isMap)]);
  const { nullable, discriminator, ...rest } = Object.fromEntries(each);
  if (isMap || nullable === undefined) return isMap ? Object.fromEntries(each) : rest;
  if (rest.type !== undefined || nullable !== true || rest.$ref !== undefined) return { ...rest, ...(rest.type === undefined ? {} : { nullable }) };
  return { anyOf: [rest, { enum: [null], nullable: true, type: 'string' }] };
}
