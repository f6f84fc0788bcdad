// broken.mjs: takes a value that fits and breaks one keyword at one place of it. Each break says its place, and by which
// keywords the service may tell it.
import { unfitting } from './formats.mjs';
import { Raw, alternatives, fits, isObject, meant, pointerOf, typesOf, withValue } from './schema.mjs';

const CANARY = 'zq7Kx-canary'; // what no answer may repeat

const OF_TYPE = {
  null: [null], boolean: [true, false], integer: [7], number: [1.5], array: [[], [[]]], object: [{}, { zq7Kx: 1 }], string: [CANARY, '', '1', 'null'],
};

/** Values of every type that the schema does not take. */
function wrongTypes(schema) {
  const taken = new Set(alternatives(schema).flatMap((way) => ('const' in way ? [way.const === null ? 'null' : typeof way.const] : way.enum ? ['string'] : typesOf(way))));
  if (taken.has('number')) taken.add('integer');
  return Object.entries(OF_TYPE).filter(([type]) => !taken.has(type)).flatMap(([, values]) => values);
}

const ALTERNATIVES = ['anyOf', 'oneOf', 'const', 'enum'];
const grown = (text, n) => text + 'a'.repeat(Math.max(0, n - [...text].length));

/** For each keyword: values that break it, told of the value that fitted. */
const BREAKERS = {
  enum: (schema) => [CANARY, '', `${schema.enum[0]} `, schema.enum[0].toUpperCase(), `${schema.enum[0]}\u200b`, `${schema.enum[0]}\n`],
  const: (schema) => [CANARY, `${schema.const}x`, !schema.const],
  maxLength: (schema, value) => [grown(String(value), schema.maxLength + 1), '\u{1f46e}'.repeat(schema.maxLength + 1), 'x'.repeat(schema.maxLength * 2 + 1)],
  minLength: (schema) => (schema.minLength ? [''] : []),
  pattern: () => [' ', '\t\n', CANARY, `${CANARY} \u00e9`, 'A\u0301', '-', '\u0661', 'http://\u00e4', '0'].flatMap((text) => [text]),
  not: () => [`${CANARY}\n`, `a\n`, `a\x01b`, `\x1b[31m${CANARY}`, 'a\x7f', '2026-01-01\n'],
  format: (schema) => unfitting[schema.format],
  minimum: (schema) => [schema.minimum - 1, -(2 ** 53) - 1, new Raw('-9223372036854775808'), schema.minimum - 0.5],
  maximum: (schema) => [schema.maximum + 1, new Raw('9007199254740993'), new Raw('9223372036854775807'), new Raw('1E18'), schema.maximum + 0.5],
  maxItems: (schema, value) => [Array.from({ length: schema.maxItems + 1 }, (_, i) => value[i % value.length] ?? CANARY)],
  minItems: (schema) => (schema.minItems ? [[]] : []),
  uniqueItems: (schema, value) => (value.length && value.length < (schema.maxItems ?? Infinity) ? [[...value, value[0]]] : []),
  minProperties: () => [{}],
};

const NAMES = [CANARY, '', '__proto__', 'constructor', 'a/b~c', '\u{1f46e}', '\u202e', 'id ', 'ID', "x'; drop table complaint; --", '$ref', 'a'.repeat(300)];

/** What a place's own schema says of its value. */
function* ofValue({ path, schema, outer, value }) {
  const own = (keywords, at) => ({ path, at, keywords: keywords && outer !== schema ? [...keywords, ...ALTERNATIVES] : keywords });
  for (const wrong of wrongTypes(outer)) yield own(['type', ...ALTERNATIVES, 'required'], wrong);
  for (const [keyword, breaker] of Object.entries(BREAKERS)) {
    if (!(keyword in schema) || value === null) continue;
    for (const at of breaker(schema, value)) {
      const sure = keyword === 'format' || at instanceof Raw;
      if (sure || !fits(outer, at)) yield { ...own(keyword === 'format' ? ['format', 'pattern', 'maxLength', 'not'] : null, at), sure };
    }
  }
}

/** What an object's schema says of its members. */
function* ofMembers({ path, schema, value }) {
  if (!isObject(value) || schema['x-open']) return;
  for (const name of schema.required ?? []) yield { path: [...path, name], at: undefined, keywords: ['required'] };
  for (const [name, needed] of Object.entries(schema.dependentRequired ?? {}))
    if (name in value) for (const other of needed) yield { path: [...path, other], at: undefined, keywords: ['dependentRequired', 'required'] };
  if (schema.additionalProperties === false)
    for (const name of NAMES) if (!(name in (schema.properties ?? {}))) yield { path: [...path, name], at: CANARY, keywords: ['unknown'] };
}

/** All breaks of a place, in one order; keywords null: any. */
export function* breaksOf(place) {
  yield* ofValue(place);
  yield* ofMembers(place);
}

/** The value with a break in it, and what to expect: the pointer, and the text that must not come back. */
export function broken(value, { path, at, keywords, sure }) {
  return { value: withValue(value, path, at), pointer: pointerOf(path), path, keywords, sure: sure ?? false, secret: secretOf(at) };
}

const secretOf = (at) => (typeof at === 'string' && at.length >= 8 ? at.slice(0, 64) : undefined);

/** Texts that are none of the values of a parameter: as they stand in a query, path or header, not yet escaped. */
export function brokenTexts(schema) {
  const way = meant(schema, '');
  if (typesOf(schema).includes('integer'))
    return ['', '1.0', '1e2', '+1', ' 1', '1 ', '0x10', CANARY, '1_0', '\u0663', '9223372036854775808', '-9223372036854775809', '1'.repeat(400), 'NaN', 'null', 'true', '--1',
      String(schema.minimum - 1), String(schema.maximum + 1)];
  if (typesOf(schema).includes('boolean') || typeof schema.const === 'boolean') return ['', 'TRUE', 'True', '1', '0', 'yes', CANARY, 'null', ' true', 'false '];
  const values = Object.entries(BREAKERS).filter(([keyword]) => keyword in way).flatMap(([keyword, breaker]) => breaker(way, 'a').map((at) => ({ keyword, at })));
  return values.filter(({ keyword, at }) => typeof at === 'string' && (keyword === 'format' || !fits(schema, at))).map(({ at }) => at);
}
