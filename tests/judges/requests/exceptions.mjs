// Where swagger-client differs for a reason: each with the section that says so, or the limit that it is.
//
// An entry holds for one category of one call, and says why in a sentence.
import { ordered } from './compare.mjs';

const said = (pair) => JSON.parse(pair);
const isEmpty = (value) => value === '' || value === null || (Array.isArray(value) && !value.length)
  || (typeof value === 'object' && value !== null && !Object.keys(value).length);
const parameters = ({ operation }, place) => operation.parameters.filter((parameter) => parameter.in === place);
const given = ({ values }, parameter) => values[parameter.in]?.[parameter.name];
const every = (items, test) => items.length > 0 && items.every(test);
const both = ({ difference: { ours, theirs } }) => [...ours, ...theirs];

/** The parameters that the pairs of a difference are about. */
function about(context, place, test) {
  const named = parameters(context, place).filter((parameter) => given(context, parameter) !== undefined);
  const owners = (name) => named.filter((parameter) => parameter.name === name || name.startsWith(`${parameter.name}[`)
    || Object.keys(Object(given(context, parameter))).includes(name));
  return every(both(context), (pair) => owners(said(pair)[0]).some((parameter) => test(parameter, given(context, parameter))));
}

const nested = (value) => value !== null && typeof value === 'object'
  && Object.values(value).some((member) => member !== null && typeof member === 'object');

const isMultipart = ({ one }) => one.type === 'multipart/form-data';
const untyped = (parts) => parts.map((part) => said(part).slice(0, 2));
const isIn = (parts, name, value) => parts.some((part) => part[0] === name && part[1] === value);
const encodingOf = ({ operation, one }) => operation.requestBody?.content?.[one.type]?.encoding ?? {};
const hasStyle = (context) => Object.values(encodingOf(context))
  .some(({ style, explode }) => style !== undefined || explode !== undefined);

const EXCEPTIONS = [
  ['path', 'the fragment of a path template is no part of a request (RFC 9110, 7.1)',
    ({ tool }) => tool.operation.path.includes('#')],
  ['path', 'label without explode joins by a comma (OpenAPI 3.0.4 and 3.1.1, Style Examples; RFC 6570, 3.2.5); 3.0.3 had a dot',
    ({ operation }) => operation.parameters.some(({ in: place, style, explode }) => place === 'path' && style === 'label' && !explode)],
  ['query', 'a value that is empty is sent (OpenAPI 3.1.1, Style Examples); swagger-client drops it',
    (context) => !context.difference.theirs.length && about(context, 'query', (_, value) => isEmpty(value) || (Array.isArray(value) && value.every(isEmpty)))],
  ['query', 'space- and pipe-delimited objects are delimited throughout (OpenAPI 3.1.1, Style Examples); swagger-client writes commas',
    (context) => about(context, 'query', ({ style }, value) => /Delimited/.test(style) && !Array.isArray(value))],
  ['query', 'deepObject is defined for one level (OpenAPI 3.1.1, Style Values); deeper ones go as a[b][c], as servers read them',
    (context) => about(context, 'query', ({ style }, value) => style === 'deepObject' && (nested(value) || Array.isArray(value)))],
  ['query', 'a default is the server\'s assumption (OpenAPI 2.0, Parameter Object); swagger-client sends it',
    (context) => context.document.swagger && !context.difference.ours.length
      && every(context.difference.theirs, (pair) => parameters(context, 'query').some(({ name, default: assumed }) => name === said(pair)[0] && assumed !== undefined))],
  ['body', 'a default is the server\'s assumption (OpenAPI 2.0, Parameter Object); swagger-client sends it',
    (context) => context.document.swagger && !context.difference.ours.length
      && every(context.difference.theirs, (pair) => parameters(context, 'formData').some(({ name, default: assumed }) => name === said(pair)[0] && assumed !== undefined))],
  ['cookies', 'several cookies are one header (RFC 6265, 4.2.1); swagger-client sends the last parameter\'s only',
    (context) => parameters(context, 'cookie').length > 1 && !context.difference.theirs.length],
  ['cookies', 'items and members of an exploded cookie are cookies of their own (OpenAPI 3.2.0, Style Examples)',
    (context) => parameters(context, 'cookie').some((parameter) => parameter.explode !== false && typeof given(context, parameter) === 'object')],
  ['cookies', 'a percent sign of a cookie\'s value is escaped (RFC 6570, 2.1: `%25`), or it would read as an escape; swagger-client leaves it',
    (context) => parameters(context, 'cookie').some((parameter) => JSON.stringify(given(context, parameter) ?? '').includes('%'))],
  ['query', 'under allowReserved what would end a value is escaped (OpenAPI 3.1.1, Parameter Object: `&`, `#`, `+`); swagger-client leaves it',
    (context) => parameters(context, 'query').some((parameter) => parameter.allowReserved && /[&#+]/.test(JSON.stringify(given(context, parameter) ?? '')))],
  ['body', 'a part that holds an object is application/json (OpenAPI 3.1.1, Encoding Object, contentType); swagger-client names no type',
    (context) => isMultipart(context) && every(untyped(context.difference.theirs), ([name, value]) => isIn(untyped(context.difference.ours), name, value))],
  ['body', 'each item of an array is a part of its own (OpenAPI 3.1.1, Encoding Object; RFC 7578, 4.3); swagger-client joins them',
    (context) => isMultipart(context) && every(untyped(context.difference.theirs), ([name, value]) => {
      const [ours, items] = [untyped(context.difference.ours), context.values.body?.[name]];
      const isJoined = Array.isArray(items) && items.map(String).join(',') === value;
      const isList = Array.isArray(items) && items.every((item) => isIn(ours, name, JSON.stringify(ordered(item))));
      return isJoined || isList || isIn(ours, name, value);
    })],
  ['body', 'the style of a part counts in urlencoded bodies only (OpenAPI 3.0.4, Encoding Object, style)',
    (context) => isMultipart(context) && context.document.openapi.startsWith('3.0') && hasStyle(context)],
  ['body', 'deepObject is defined for one level (OpenAPI 3.1.1, Style Values); deeper ones go as a[b][c], as servers read them',
    (context) => /urlencoded/.test(context.one.type) && every(both(context), (pair) => {
      const name = said(pair)[0].split('[')[0];
      const value = context.values.body?.[name];
      return encodingOf(context)[name]?.style === 'deepObject' && (nested(value) || Array.isArray(value));
    })],
  ['body', 'deepObject is not defined for arrays (OpenAPI 3.1.1, Style Values); their items go as a[], as servers read them',
    (context) => isMultipart(context) && every(both(context), (pair) => encodingOf(context)[said(pair)[0].replace('[]', '')]?.style === 'deepObject')],
  ['body', 'space- and pipe-delimited values are delimited throughout (OpenAPI 3.1.1, Style Examples), and a part is not percent-encoded (RFC 7578); swagger-client writes commas and %20',
    (context) => isMultipart(context) && every(both(context), (pair) => /Delimited/.test(encodingOf(context)[said(pair)[0]]?.style))],
  ['type', 'a required form is sent, also where it has no fields (OpenAPI 3.1.1, Request Body Object, required)',
    ({ operation, one, other }) => operation.requestBody?.required && !one.body.length && !other.body.length],
  ['body', 'an object in a urlencoded body comes apart where nothing else is said (OpenAPI 3.0.4, Encoding Object, style), and an empty one is nothing',
    (context) => /urlencoded/.test(context.other.type) && !context.difference.ours.length
      && every(context.difference.theirs, (pair) => said(pair)[1] === '{}')],
  ['type', 'an object in a urlencoded body comes apart where nothing else is said (OpenAPI 3.0.4, Encoding Object, style), and an empty one is nothing',
    ({ other, one }) => /urlencoded/.test(other.type) && !one.body.length && other.body.every((pair) => said(pair)[1] === '{}')],
  ['body', 'a form of 2.0 has no objects (OpenAPI 2.0, Parameter Object, type); swagger-client writes [object Object]',
    (context) => context.document.swagger && every(context.difference.theirs, (pair) => said(pair)[1].includes('[object Object]'))],
  ['type', 'the media type is one that the operation consumes (OpenAPI 2.0, Operation Object), whatever a header parameter says',
    ({ document, operation, one }) => document.swagger && [...operation.consumes ?? [], ...document.consumes ?? []].includes(one.type)],
  ['path', 'a path template that holds a query is no template (OpenAPI 3.1.1, Paths Object); swagger-client leaves it as it is',
    ({ tool }) => tool.operation.path.includes('?')],
  ['body', 'XML is made from the schema (OpenAPI 3.1.1, XML Object); swagger-client takes text only',
    ({ one }) => /xml/.test(one.type)],
];

/** Why `category` of a call may differ; undefined where nothing says so. */
export function explain(category, context) {
  return EXCEPTIONS.find(([of, , holds]) => of === category && holds(context))?.[1];
}
