// documents.mjs: texts that are no JSON, each breaking one rule of RFC 8259, and texts that are, however odd they look.
// Bytes are given as latin1 strings, since some are no UTF-8.

/** The grammar's values in the place of one value: what stands there is broken (section, rule). */
export const brokenValues = {
  '3: a name in capitals': 'True', '3: another name': 'undefined', '3: half a name': 'tru', '3: a name too long': 'nulll', '3: NaN': 'NaN', '3: Infinity': 'Infinity', '3: -Infinity': '-Infinity',
  '4: an object without its end': '{"a":1', '4: without a colon': '{"a" 1}', '4: two colons': '{"a"::1}', '4: an equals sign': '{"a"=1}', '4: a comma at the end': '{"a":1,}', '4: a comma first': '{,"a":1}',
  '4: two commas': '{"a":1,,"b":2}', '4: no comma': '{"a":1 "b":2}', '4: a semicolon': '{"a":1;"b":2}', '4: a name without quotes': '{a:1}', '4: a number for a name': '{1:1}', '4: null for a name': '{null:1}',
  '4: a name without a value': '{"a":}', '4: a name alone': '{"a"}', '4: the same name twice': '{"a":1,"a":2}', '4: the same name, escaped': '{"a":1,"\\u0061":2}', '4: closed by a bracket': '{"a":1]',
  '5: an array without its end': '[1', '5: a comma at the end': '[1,]', '5: a comma first': '[,1]', '5: two commas': '[1,,2]', '5: no comma': '[1 2]', '5: a colon': '[1:2]', '5: closed by a brace': '[1}', '5: closed twice': '[1]]',
  '6: a leading zero': '01', '6: a leading zero behind a minus': '-01', '6: two zeros': '00', '6: a plus': '+1', '6: no digit before the point': '.5', '6: no digit behind the point': '1.', '6: no digit between': '1.e2',
  '6: no digit in the exponent': '1e', '6: only a sign in the exponent': '1e+', '6: a point in the exponent': '1e1.5', '6: a minus alone': '-', '6: two minuses': '--1', '6: hexadecimal': '0x1F', '6: octal': '0o17', '6: a suffix': '1n',
  '6: an underscore': '1_000', '6: a comma': '1,5e', '6: other digits': '\xd9\xa1', '6: a fullwidth digit': '\xef\xbc\x91', '6: a space within': '1 .5', '6: beyond doubles': '1e400', '6: beyond doubles, negative': '-1e400', '6: an exponent beyond all': '1e99999999999',
  '6: beyond 64 bits': '9223372036854775808', '6: thousands of digits': '9'.repeat(5000),
  '7: single quotes': "'a'", '7: no end': '"a', '7: an end that is escaped': '"a\\"', '7: an unknown escape': '"\\x41"', '7: an escaped quote of others': '"\\\'"', '7: three hexadecimal digits': '"\\u004"', '7: no hexadecimal digit': '"\\u00zz"',
  '7: a capital U': '"\\U00000041"', '7: braces': '"\\u{41}"', '7: a backslash at the end': '"\\', '7: an octal escape': '"\\101"', '7: a line break within': '"a\nb"', '7: a tab within': '"a\tb"', '7: CR within': '"a\rb"', '7: NUL within': '"a\0b"', '7: a unit separator within': '"a\x1fb"',
  '7: typographic quotes': '\xe2\x80\x9ca\xe2\x80\x9d', '7: NUL, escaped': '"\\u0000"', '7: half a surrogate pair': '"\\ud83d"', '7: the other half': '"\\ude00"', '7: halves in wrong order': '"\\ude00\\ud83d"', '7: half a pair, then a letter': '"\\ud83da"', '7: two first halves': '"\\ud83d\\ud83d"',
  '8.1: latin1': '"\xe4"', '8.1: a lone continuation byte': '"\x80"', '8.1: overlong': '"\xc0\xaf"', '8.1: overlong NUL': '"\xc0\x80"', '8.1: a surrogate in UTF-8': '"\xed\xa0\x80"', '8.1: CESU-8': '"\xed\xa0\xbd\xed\xb8\x80"', '8.1: beyond U+10FFFF': '"\xf4\x90\x80\x80"',
  '8.1: five bytes': '"\xf8\x88\x80\x80\x80"', '8.1: cut short': '"\xe2\x82"', '8.1: 0xff': '"\xff"',
  '2: a comment': '1 /* a */', '2: a line comment': '1 // a\n', '2: a hash': '1 # a\n', '2: a form feed': '\f1', '2: a vertical tab': '1\v', '2: a no-break space': '\xc2\xa01', '2: an ideographic space': '\xe3\x80\x801', '2: a line separator': '1\xe2\x80\xa8', '2: NUL behind': '1\0',
  '9: nested 33 deep': '['.repeat(33) + ']'.repeat(33), '9: nested 100,000 deep': '['.repeat(100000), '9: objects nested 5,000 deep': '{"a":'.repeat(5000) + '1' + '}'.repeat(5000),
};

/** Whole texts, made of one that is right. */
export const brokenTexts = {
  'nothing': () => '', 'white space': () => ' \n\t\r ', 'a byte order mark': (text) => `\xef\xbb\xbf${text}`, 'UTF-16': (text) => `\xfe\xff${[...text].map((c) => `\0${c}`).join('')}`, 'UTF-32': (text) => [...text].map((c) => `\0\0\0${c}`).join(''),
  'something behind it': (text) => `${text}x`, 'a second value': (text) => `${text}${text}`, 'a comma behind it': (text) => `${text},`, 'a brace too many': (text) => `${text}}`, 'NUL behind it': (text) => `${text}\0`, 'NUL before it': (text) => `\0${text}`,
  'half of it': (text) => text.slice(0, text.length >> 1), 'all but its end': (text) => text.slice(0, -1), 'JSONP': (text) => `f(${text})`, 'a guard before it': (text) => `)]}',\n${text}`, 'a record separator': (text) => `\x1e${text}`, 'YAML': () => 'kind: school\n', 'XML': () => '<?xml version="1.0"?><a/>',
  'a form': () => 'kind=school&name=x', 'CBOR': () => '\xa1\x61a\x01', 'gzip': () => '\x1f\x8b\x08\0\0\0\0\0\0\x03',
};

/** Other ways to write the same: the value that it reads as must be taken as that of the usual way. */
export const sameTexts = {
  'white space wherever it may stand': (text) => ` \t\r\n${text.replace(/[{}[\],:](?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/g, '\n\t$&\r ')}\n`,
  'every letter of its names escaped': (text) => text.replace(/"([a-z_]+)":/g, (_, name) => `"${[...name].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`).join('')}":`),
  'solidus escaped': (text) => text.replaceAll('/', '\\/'),
};
