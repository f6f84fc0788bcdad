// requests.mjs: requests to an operation that fit its contract, and the same with one thing broken.
import fc from 'fast-check';
import { breaksOf, broken, brokenTexts } from './broken.mjs';
import { fits, places, pointerOf, read, withValue, write } from './schema.mjs';
import { valueOf } from './values.mjs';
import { fill } from './world.mjs';

const often = (weight, arbitrary) => ({ weight, arbitrary });
const maybe = (arbitrary) => fc.oneof(often(2, fc.constant(undefined)), often(1, arbitrary));

/** What parameters of a place may be; those of the path are mostly of records that are there: undefined. */
function parameters(operation, place) {
  const own = operation.parameters.filter((parameter) => parameter.in === place);
  return fc.record(Object.fromEntries(own.map(({ name, required, schema }) => [name, place === 'path' ? fc.oneof(often(5, fc.constant(undefined)), often(1, valueOf(schema))) : required ? valueOf(schema) : maybe(valueOf(schema))])));
}

/** A request that fits: {path, query, headers, accept, type, body}, parameters as values. */
export function fitting(operation) {
  const answers = Object.entries(operation.operation.responses).filter(([status]) => status < 300).flatMap(([, answer]) => Object.keys(answer.content ?? {}));
  const types = operation.type ? [operation.type, operation.type.toUpperCase(), `${operation.type}; charset=utf-8`] : [undefined];
  return fc.record({
    path: parameters(operation, 'path'), query: parameters(operation, 'query'), headers: parameters(operation, 'header'),
    accept: fc.constantFrom(undefined, '*/*', ...answers), type: fc.constantFrom(...types),
    body: operation.body ? valueOf(operation.body.schema, operation.body.example) : fc.constant(undefined),
  });
}

const given = (values) => Object.entries(values).filter(([, value]) => value !== undefined);
const pair = (name, text) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`;

/** A key that was not sent before, as long as the one that was made where that is long enough; short ones may have been. */
function freshKey(key) {
  const id = crypto.randomUUID();
  return key.length < 3 ? key : key.length < id.length ? id.slice(-key.length) : id + key.slice(id.length);
}

/** What is sent for it at a scene. references: what the body's members refer to, if it has them. */
export function toSend(operation, request, { headers, params }, references = {}) {
  const body = operation.body && write(request.bodyAsIs ? request.body : Object.entries(references).reduce((all, [name, value]) => (typeof all?.[name] === 'string' ? withValue(all, [name], value) : all), request.body));
  const sent = Object.fromEntries(given(request.headers).map(([name, value]) => [name, name === 'Idempotency-Key' && !request.headersAsIs ? freshKey(value) : value]));
  const query = [...given(request.query).map(([name, value]) => pair(name, value)), ...(request.more ?? [])].join('&');
  return {
    method: operation.method.toUpperCase(),
    path: fill(operation.path, { ...params, ...Object.fromEntries(given(request.path)) }) + (query && `?${query}`),
    headers: { ...headers, ...(request.accept && { accept: request.accept }), ...(body !== undefined && { 'content-type': request.type }), ...sent },
    body: request.rawBody ?? body,
  };
}

// --- breaking

const isSendable = (text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
const secretOf = (text) => (text.length >= 8 ? text.slice(0, 64) : undefined);

/** Texts that break a parameter where it stands: headers are trimmed and hold no control characters, a path has no empty part. */
function textsFor(parameter) {
  const texts = brokenTexts(parameter.schema).filter((text) => text.isWellFormed());
  if (parameter.in === 'query') return texts.filter((text) => text.length < 2000);
  if (parameter.in === 'path') return texts.filter((text) => text && text.length < 2000);
  return texts.filter((text) => isSendable(text) && text && text === text.trim());
}

const GROUPS = { query: 'query', path: 'path', header: 'headers' };

function* ofParameters(operation, request) {
  for (const parameter of operation.parameters)
    for (const text of textsFor(parameter)) {
      const group = GROUPS[parameter.in], pointer = pointerOf([parameter.name]);
      yield { request: { ...request, headersAsIs: true, [group]: { ...request[group], [parameter.name]: text } }, expected: { pointer, secret: secretOf(text) } };
    }
}

const ESCAPES = ['%', '%4', '%zz', '%ff', '%c0%af', '%ed%a0%80', '%f4%90%80%80', '%00', 'a%00b', '%e2%82'];
const UNKNOWN = ['zq7Kx-canary', '__proto__', 'a/b~c', 'Limit', 'limit ', '\u{1f46e}', 'limit[]', "x' or 1=1"];

function* ofQuery(operation, request) {
  const own = operation.parameters.filter((parameter) => parameter.in === 'query');
  for (const name of UNKNOWN) if (!own.some((p) => p.name === name)) yield { request: { ...request, more: [pair(name, 'zq7Kx-canary')] }, expected: { pointer: pointerOf([name]), keywords: ['unknown'], secret: 'canary"' } };
  for (const { name } of own) {
    const without = { ...request, query: { ...request.query, [name]: undefined } };
    for (const escape of ESCAPES) yield { request: { ...without, more: [`${name}=${escape}`] }, expected: { pointer: pointerOf([name]), keywords: ['syntax'] } };
    if (request.query[name] !== undefined) yield { request: { ...request, more: [pair(name, request.query[name])] }, expected: { pointer: pointerOf([name]), keywords: ['duplicate'] } };
  }
}

function* ofTwice(operation, request) {
  for (const [name, value] of given(request.headers))
    yield { request: { ...request, headersAsIs: true, headers: { ...request.headers, [name]: [value, value] } }, expected: { pointer: pointerOf([name]), keywords: ['duplicate'] } };
}

function* ofMissing(operation, request) {
  for (const { name, in: place, required } of operation.parameters)
    if (required && place !== 'path' && name !== 'If-Match')
      yield { request: { ...request, [GROUPS[place]]: { ...request[GROUPS[place]], [name]: undefined } }, expected: { pointer: pointerOf([name]), keywords: ['required'] } };
}

/** One break at one place of the body, chosen by two numbers. */
function ofBody(operation, request, where, which) {
  const { schema, whole } = operation.body, all = [...places(schema, request.body)];
  for (let i = 0; i < all.length; i++) {
    const place = all[(where + i) % all.length], breaks = [...breaksOf(place)];
    if (!breaks.length) continue;
    const { value, ...expected } = broken(request.body, breaks[which % breaks.length]);
    const item = itemOf(schema, expected.path);
    if (!expected.sure && fits(item ? schema : whole, read(value))) return null;
    return { request: { ...request, bodyAsIs: true, body: value }, expected: { ...expected, item } };
  }
  return null;
}

/** The place of the item that is taken or refused by itself, if the path leads into one. */
function itemOf(schema, [name, index, ...rest]) {
  return index !== undefined && schema.properties?.[name]?.['x-each'] ? { index, pointer: pointerOf(rest) } : undefined;
}

/** The request with one thing broken, and what is expected of the answer; null where the break did not break it. */
export function breakIt(operation, request, { body, where, which }) {
  if (body && operation.body) return ofBody(operation, request, where, which);
  const all = [...ofParameters(operation, request), ...ofQuery(operation, request), ...ofTwice(operation, request), ...ofMissing(operation, request)];
  return all[where % all.length];
}
