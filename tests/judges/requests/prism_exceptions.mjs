// Where Prism refuses a request that the document allows: each with the section that allows it.
//
// An entry holds for one objection, a line such as `query.object: … must have required property 'R'`.
import { follow, properties } from './document.mjs';

const contentType = ({ request }) => request.headers.find(({ name }) => name === 'content-type')?.value ?? '';
const isForm = (context) => /urlencoded/.test(contentType(context));
const topmost = (objection) => /^body\.?([^:.]*)/.exec(objection)?.[1];

/** How the document has a field of the form written. */
function field({ document, operation, request }, name) {
  const old = operation.parameters.find((parameter) => parameter.in === 'formData' && parameter.name === name);
  if (old) return { schema: old, style: old.collectionFormat };
  const media = operation.requestBody?.content?.[contentType({ request })];
  if (!media) return {};
  return { schema: follow(document, properties(document, media.schema)[name]), ...media.encoding?.[name] };
}

const isSent = ({ request }, name) => new RegExp(`(^|&)${encodeURIComponent(name)}(=|%5B|\\[)`).test(request.body?.text ?? '');
const isStructured = (schema) => schema && (['array', 'object'].includes([schema.type].flat()[0]) || schema.properties);

const EXCEPTIONS = [
  ['an object in the query is read by its style (OpenAPI 3.1.1, Style Examples: form exploded, deepObject); Prism finds none of its members',
    (objection, { operation }) => /^query\.\w+: .*required property/.test(objection) && operation.parameters.some(({ in: place, name, style }) => place === 'query'
      && objection.startsWith(`query.${name.toLowerCase()}:`) && ['form', 'deepObject', undefined].includes(style))],
  ['a field that need not be there is not there (OpenAPI 3.1.1, Schema Object, required); Prism takes an absent list or object for an empty text',
    (objection, context) => isForm(context) && isStructured(field(context, topmost(objection)).schema) && !isSent(context, topmost(objection))],
  ['a list in a form repeats its name (OpenAPI 3.1.1, Style Examples: form exploded); Prism reads the last of them',
    (objection, context) => isForm(context) && /must be array/.test(objection) && isStructured(field(context, topmost(objection)).schema)],
  ['the delimiter of a list is written as it is (RFC 6570, 3.2.8); Prism wants it escaped',
    (objection, context) => isForm(context) && /Reserved characters/.test(objection)],
  ['allowReserved is about urlencoded bodies (OpenAPI 3.0.4, Encoding Object); Prism wants the reserved characters of a part escaped',
    (objection, context) => /multipart/.test(contentType(context)) && /Reserved characters/.test(objection)],
  ['a list of one item is one pair (OpenAPI 3.1.1, Style Examples: form exploded); Prism reads a text where null is allowed too',
    (objection, { operation }) => /^query\.\w+: .*must be array,null/.test(objection)
      && operation.parameters.some(({ in: place, name }) => place === 'query' && objection.startsWith(`query.${name.toLowerCase()}:`))],
  ['Prism does not read XML', (objection, context) => /xml/.test(contentType(context)) && objection.startsWith('body')],
];

/** Why Prism refuses, where that is its own doing; undefined where nothing says so. */
export function explain(objection, context) {
  return EXCEPTIONS.find(([, holds]) => holds(objection, context))?.[0];
}
