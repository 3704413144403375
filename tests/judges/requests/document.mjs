// A document as the judges take it: one file, with what an operation needs inlined.
import fs from 'node:fs';
import yaml from 'js-yaml';

const MOST_HOPS = 32;

export function load(path) {
  const text = fs.readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  // The core schema: dates and the like stay strings, as the specification has them.
  const document = path.endsWith('.json') ? JSON.parse(text) : yaml.load(text, { schema: yaml.CORE_SCHEMA });
  return { document };
}

/** What `value` refers to, within the document. */
export function follow(document, value) {
  for (let hop = 0; typeof value?.$ref === 'string' && hop < MOST_HOPS; hop += 1) {
    if (!value.$ref.startsWith('#/')) throw new Error(`a reference out of the document: ${value.$ref}`);
    const tokens = value.$ref.slice(2).split('/').map((token) => decodeURIComponent(token).replace(/~1/g, '/').replace(/~0/g, '~'));
    value = tokens.reduce((place, token) => place?.[token], document);
  }
  return value;
}

/** The properties that a schema names, those of `allOf` too. */
export function properties(document, schema, hops = 0) {
  const target = follow(document, schema) ?? {};
  if (hops > 6) return {};
  const inherited = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => target[key] ?? []);
  return Object.assign({}, ...inherited.map((part) => properties(document, part, hops + 1)), target.properties);
}

/** The operation behind a tool, with its parameters and its body resolved. */
export function operation(document, { method, path }) {
  const item = follow(document, document.paths[path]);
  const found = item?.[method.toLowerCase()] ?? item?.additionalOperations?.[method];
  if (!found) throw new Error(`no ${method} ${path}`);
  const seen = new Set();
  const all = [...(found.parameters ?? []), ...(item.parameters ?? [])].map((parameter) => follow(document, parameter));
  const parameters = all.filter((parameter) => {
    const key = `${parameter?.in} ${parameter?.name}`;
    return parameter?.name && !seen.has(key) && seen.add(key);
  });
  const body = found.requestBody && follow(document, found.requestBody);
  return { ...found, parameters, requestBody: body, item };
}

/** A document of one operation. */
export function alone(document, reference, isMocked) {
  const { item, ...only } = operation(document, reference);
  const resolved = (parameter) => (parameter.schema ? { ...parameter, schema: follow(document, parameter.schema) } : parameter);
  only.parameters = only.parameters.map(resolved);
  only.operationId = 'it';
  if (only.requestBody) {
    const content = Object.entries(only.requestBody.content ?? {}).map(([name, media]) => {
      const target = follow(document, media) ?? {};
      return [name, { ...target, schema: follow(document, target.schema) }];
    });
    only.requestBody = { ...only.requestBody, content: Object.fromEntries(content) };
  }
  delete only.security;
  const servers = isMocked ? [{ url: 'http://mock.invalid' }] : only.servers ?? item.servers ?? document.servers;
  delete only.servers;
  const place = { paths: { [reference.path]: { [reference.method.toLowerCase()]: only } } };
  if (!document.swagger) return { openapi: document.openapi, info: document.info, servers, ...place };
  const { host, basePath, schemes, consumes } = document;
  const home = isMocked ? { host: 'mock.invalid', basePath: '/', schemes: ['http'] } : { host, basePath, schemes };
  return { swagger: '2.0', info: document.info, consumes, ...home, ...place };
}
