// Requests in a form in which only differences of meaning are left.
import { essence } from './swagger_client.mjs';

/** Percent-decoded, except for what may be a delimiter: `%2C` is not `,`. */
function decoded(text) {
  const spaced = text.replace(/\+/g, ' ');
  try {
    return decodeURIComponent(spaced.replace(/%2C/gi, '%252C'));
  } catch {
    return spaced;
  }
}

/** A number that JavaScript cannot hold is what it made of it. */
const rounded = (text) => text.replace(/\d{16,}/g, (digits) => String(Number(digits)));

export function pairs(raw) {
  const each = raw.split('&').filter(Boolean).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), rounded(decoded(pair.slice(at + 1)))];
  });
  return each.map((pair) => JSON.stringify(pair)).sort();
}

function url(text) {
  const [address, query] = [text.split('?')[0], text.includes('?') ? text.slice(text.indexOf('?') + 1) : ''];
  const path = address.split('/').map((segment) => {
    try { return rounded(decodeURIComponent(segment)); } catch { return segment; }
  });
  return { path: path.join('/').replace(/^(https?:\/\/[^/]*?):(443|80)(?=\/)/, '$1'), query: pairs(query) };
}

function parts(bytes, boundary) {
  const text = bytes.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return text.map((part) => {
    const at = part.indexOf('\r\n\r\n');
    const head = part.slice(0, at);
    const value = Buffer.from(part.slice(at + 4).replace(/\r\n$/, ''), 'latin1').toString('utf8');
    const name = /name="((?:[^"\\]|\\.)*)"/.exec(Buffer.from(head, 'latin1').toString('utf8'))?.[1];
    return { name: name?.replace(/%22/g, '"'), type: essence(/content-type: *([^\r]*)/i.exec(head)?.[1] ?? ''), value };
  });
}

function json(text) {
  try { return JSON.parse(text); } catch { return undefined; }
}

/** Keys in one order. */
export function ordered(value) {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, ordered(value[key])]));
}

/** JSON in parts and fields is compared by its meaning. */
const meant = (text) => (/^\s*[[{]/.test(text) && json(text) !== undefined ? JSON.stringify(ordered(json(text))) : rounded(text));

const named = ({ name, value, type }) => JSON.stringify([name, meant(value), type === 'application/json' ? type : '']);

function bodyOf(kind, bytes, contentType) {
  if (/multipart/.test(kind)) return parts(bytes, /boundary="?([^";]*)/.exec(contentType)?.[1]).map(named).sort();
  if (/urlencoded/.test(kind)) return pairs(bytes.toString('utf8')).map((pair) => JSON.stringify(JSON.parse(pair).map(meant))).sort();
  const text = bytes.toString('utf8');
  const value = json(text);
  if (value !== undefined && typeof value !== 'string') return [JSON.stringify(ordered(value))];
  return text === '' ? [] : [value ?? text];
}

const CARRIED_OTHERWISE = new Set(['accept', 'content-type', 'cookie', 'user-agent']);

function headersOf(entries) {
  const kept = entries.map(([name, value]) => [name.toLowerCase(), String(value)]).filter(([name]) => !CARRIED_OTHERWISE.has(name));
  return kept.map(([name, value]) => {
    // What is not ASCII has no agreed form in a header.
    let text = value;
    try { text = decodeURIComponent(value); } catch { /* a percent sign of its own */ }
    return JSON.stringify([name, rounded(text).trim()]);
  }).sort();
}

/** A comma between items is written both ways. */
const cookiesOf = (text) => (text ?? '').split(/; */).filter(Boolean).map((cookie) => {
  const at = cookie.indexOf('=');
  const unescaped = (piece) => decoded(piece.replace(/\+/g, '%2B')).replace(/%2C/gi, ',');
  return JSON.stringify([unescaped(cookie.slice(0, at)), rounded(unescaped(cookie.slice(at + 1)))]);
}).sort();

/** A request of Spandrel. */
export function ours({ method, url: address, headers, body }) {
  const entries = headers.map(({ name, value }) => [name, value]);
  const of = (name) => entries.find(([key]) => key === name)?.[1];
  const bytes = body === null ? Buffer.alloc(0) : body.text !== undefined ? Buffer.from(body.text) : Buffer.from(body.base64, 'base64');
  const type = of('content-type') ?? '';
  return { method, ...url(address), headers: headersOf(entries), cookies: cookiesOf(of('cookie')), type: body === null ? '' : essence(type), body: bodyOf(essence(type), bytes, type) };
}

/** A request of swagger-client. */
export async function theirs({ method, url: address, headers, body }) {
  const of = (name) => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  let [type, content] = [of('content-type') ?? '', []];
  if (body instanceof FormData) {
    const each = [...body.entries()].map(async ([name, value]) => (typeof value === 'string'
      ? { name, value, type: '' } : { name, value: Buffer.from(await value.arrayBuffer()).toString('utf8'), type: value.type }));
    content = (await Promise.all(each)).map(named).sort();
    type = 'multipart/form-data';
  } else if (body instanceof Blob) {
    content = [Buffer.from(await body.arrayBuffer()).toString('utf8')];
  } else if (body !== undefined && body !== null) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    content = bodyOf(essence(type), Buffer.from(text), type);
  }
  return { method, ...url(address), headers: headersOf(Object.entries(headers)), cookies: cookiesOf(of('cookie')), type: content.length ? essence(type) : '', body: content };
}

/** What stands in one request only, by category. */
export function differences(one, other) {
  const found = {};
  for (const category of ['method', 'path', 'query', 'headers', 'cookies', 'type', 'body']) {
    const [left, right] = [[one[category]].flat(), [other[category]].flat()];
    const rest = [...right];
    const only = left.filter((item) => {
      const at = rest.indexOf(item);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    });
    if (only.length || rest.length) found[category] = { ours: only, theirs: rest };
  }
  return found;
}
