// The request that swagger-client builds for a call.
import SwaggerClient from 'swagger-client';
import { alone, follow, properties } from './document.mjs';

/** The call's arguments by their places, as the tool's own listing has them. */
export function placed(tool, given) {
  const values = { path: {}, query: {}, header: {}, cookie: {}, querystring: {}, body: undefined };
  const rest = { ...given };
  const add = (name, value) => { values.body = name === '' ? value : { ...values.body, [name]: value }; };
  for (const { argument, in: place, name } of tool.arguments) {
    if (!(argument in given)) continue;
    delete rest[argument];
    if (place === 'body' || place === 'form') add(name, given[argument]);
    else values[place][name] = given[argument];
  }
  // Members that the document does not name are the body's.
  for (const [name, value] of Object.entries(rest)) add(name, value);
  return values;
}

const isFile = (schema) => JSON.stringify(schema?.type) === '["string","object"]' && JSON.stringify(schema?.required) === '["data"]';

/** A file argument as a browser would hold it. */
function file(value) {
  const { data, name, type } = typeof value === 'string' ? { data: value } : value;
  const uri = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/.exec(data);
  const bytes = Buffer.from(uri ? uri[2] : data, 'base64');
  return new File([bytes], name ?? 'file', { type: type ?? uri?.[1] ?? '' });
}

/** `value` with its files as files: where the tool's schema says so. */
function withFiles(schema, value) {
  if (isFile(schema)) return file(value);
  if (Array.isArray(value) && isFile(schema?.items)) return value.map(file);
  return value;
}

function body(tool, values, contentType) {
  if (values.body === undefined) return undefined;
  const described = tool.inputSchema.properties ?? {};
  const whole = tool.arguments.find(({ in: place, name }) => (place === 'body' || place === 'form') && name === '');
  if (whole) {
    let schema = described[whole.argument];
    const choice = tool.arguments.find(({ in: place, name }) => place === 'header' && name === 'Content-Type');
    if (choice) schema = schema.anyOf[described[choice.argument].enum.findIndex((name) => essence(name) === essence(contentType))];
    if (isFile(schema)) return file(values.body);
    const members = properties(tool.inputSchema, schema);
    if (typeof values.body !== 'object' || values.body === null || Array.isArray(values.body)) return values.body;
    return Object.fromEntries(Object.entries(values.body).map(([name, value]) => [name, withFiles(members[name], value)]));
  }
  const schemas = Object.fromEntries(tool.arguments.map(({ argument, name }) => [name, described[argument]]));
  return Object.fromEntries(Object.entries(values.body).map(([name, value]) => [name, withFiles(schemas[name], value)]));
}

/** The default of OpenAPI for fields of urlencoded forms (style form, exploded), which swagger-client does not take. */
function withDefaults(document, spec, contentType) {
  const media = Object.values(Object.values(spec.paths)[0])[0].requestBody?.content?.[contentType];
  if (!media || !/urlencoded/.test(contentType)) return;
  const encoding = {};
  for (const [name, schema] of Object.entries(properties(document, media.schema))) {
    const target = follow(document, schema) ?? {};
    const isList = [target.type].flat().includes('array') || target.items;
    encoding[name] = media.encoding?.[name] ?? (isList ? { style: 'form', explode: true } : undefined);
  }
  media.encoding = JSON.parse(JSON.stringify(encoding));
}

export function build(document, tool, call, contentType) {
  const isMocked = call.request.url.startsWith('http://mock.invalid');
  const values = placed(tool, call.arguments);
  const spec = alone(document, tool.operation, isMocked);
  const described = Object.values(Object.values(spec.paths)[0])[0];
  // A media type is named as the document names it.
  const named = Object.keys(described.requestBody?.content ?? {}).find((name) => name.toLowerCase().replace(/\s/g, '') === contentType?.toLowerCase().replace(/\s/g, ''))
    ?? Object.keys(described.requestBody?.content ?? {}).find((name) => essence(name) === essence(contentType ?? ''));
  if (named) withDefaults(document, spec, named);
  // A required object without members is sent as one.
  const isRequired = described.requestBody?.required ?? described.parameters.some((parameter) => parameter.in === 'body' && parameter.required);
  const isEmptyObject = isRequired && values.body === undefined
    && !tool.arguments.some(({ in: place, name }) => (place === 'body' || place === 'form') && name === '');
  if (isEmptyObject) values.body = {};
  const content = body(tool, values, contentType ?? '');
  const parameters = {};
  for (const place of ['path', 'query', 'header', 'cookie']) {
    // In documents of 2.0 it escapes nothing in the path (RFC 3986, 3.3).
    const escaped = (value) => (place === 'path' && document.swagger && typeof value === 'string' ? encodeURIComponent(value) : value);
    for (const [name, value] of Object.entries(values[place])) parameters[`${place}.${name}`] = escaped(value);
  }
  // It asks for these before it leaves them out (OpenAPI 3.1.1, Parameter Object, name).
  for (const { in: place, name } of described.parameters) {
    if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) parameters[`header.${name}`] ??= contentType ?? '*/*';
  }
  if (document.swagger && content !== undefined) {
    const whole = described.parameters.find((parameter) => parameter.in === 'body');
    if (whole) parameters[`body.${whole.name}`] = content;
    else for (const [name, value] of Object.entries(content)) parameters[`formData.${name}`] = value;
  }
  const request = SwaggerClient.buildRequest({
    spec,
    operationId: 'it',
    parameters,
    requestBody: document.swagger ? undefined : content,
    requestContentType: named ?? contentType,
  });
  return { request, values, operation: described };
}

export const essence = (name) => name.split(';')[0].trim().toLowerCase();
