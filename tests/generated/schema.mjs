// schema.mjs: the contract's schemas without references, and what a value is to them. Formats are not looked at here:
// formats.mjs knows by construction which texts fit.
import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
const compiled = new WeakMap();

/** Whether the value fits, formats aside. */
export function fits(schema, value) {
  if (!compiled.has(schema)) compiled.set(schema, ajv.compile(schema));
  return compiled.get(schema)(value);
}

/** A copy with every $ref put in its place. */
export function inline(contract, value) {
  if (Array.isArray(value)) return value.map((item) => inline(contract, item));
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return inline(contract, contract.resolve(value));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inline(contract, member)]));
}

/** A copy that says nothing of items that are taken one by one. */
export function wholeOnly(schema) {
  if (Array.isArray(schema)) return schema.map(wholeOnly);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, wholeOnly(member)]));
  return copy['x-each'] ? { ...copy, items: {} } : copy;
}

export const typesOf = (schema) => [schema.type ?? []].flat();

/** The alternatives of a schema, as they stand in anyOf or oneOf or by themselves. */
export const alternatives = (schema) => schema.anyOf ?? schema.oneOf ?? [schema];

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The alternative that is meant by a value, null aside. */
export function meant(schema, value) {
  const type = Array.isArray(value) ? 'array' : isObject(value) ? 'object' : typeof value;
  const ways = alternatives(schema).filter((way) => typesOf(way).some((t) => t === type || (type === 'number' && t === 'integer')));
  return ways.length === 1 ? ways[0] : schema;
}

const escape = (name) => name.replaceAll('~', '~0').replaceAll('/', '~1');
export const pointerOf = (path) => path.map((token) => `/${escape(String(token))}`).join('');

/** Every place in a value with its path, its schema, and the value there. */
export function* places(schema, value, path = []) {
  const way = meant(schema, value);
  yield { path, schema: way, outer: schema, value };
  if (isObject(value))
    for (const [name, member] of Object.entries(value)) {
      const declared = way.properties?.[name];
      if (declared) yield* places(declared, member, [...path, name]);
    }
  if (Array.isArray(value) && way.items) for (const [i, item] of value.entries()) yield* places(way.items, item, [...path, i]);
}

/** A copy with another value at a path; undefined takes the member away. */
export function withValue(value, [token, ...rest], at) {
  if (token === undefined) return at;
  const copy = Array.isArray(value) ? [...value] : Object.fromEntries(Object.entries(value));
  const next = rest.length ? withValue(copy[token], rest, at) : at;
  if (next === undefined && !Array.isArray(copy)) delete copy[token];
  else Object.defineProperty(copy, token, { value: next, enumerable: true, writable: true, configurable: true });
  return copy;
}

/** JSON text that JSON.stringify would not write, as 1e400 or -0. */
export class Raw {
  constructor(text) {
    this.text = text;
  }
}

export function write(value) {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (isObject(value)) return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
  return JSON.stringify(value);
}

/** The value as a reader sees it. */
export function read(value) {
  if (value instanceof Raw) return Number(value.text);
  if (Array.isArray(value)) return value.map(read);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, read(member)])) : value;
}
