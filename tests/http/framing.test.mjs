// framing.test.mjs: requests that two servers could read in two ways get one refusal and the end of the connection.
import test from 'node:test';
import { READ, assertRefused, head } from './wire.mjs';

const SMUGGLED = `GET ${READ} HTTP/1.1\r\nHost: smuggled\r\n\r\n`;
const raw = (...lines) => [...lines, '', ''].join('\r\n');
const with63 = Array.from({ length: 62 }, (_, i) => `X-${i}: y`);

const cases = {
  'Content-Length with Transfer-Encoding': head('POST /', 'Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n' + SMUGGLED,
  'Transfer-Encoding with Content-Length': head('POST /', 'Transfer-Encoding: chunked', `Content-Length: ${SMUGGLED.length}`) + '0\r\n\r\n' + SMUGGLED,
  'two equal lengths': head('POST /', 'Content-Length: 0', 'Content-Length: 0') + SMUGGLED,
  'two different lengths': head('POST /', `Content-Length: 0`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
  'two lengths in one line': head('POST /', 'Content-Length: 0, 5') + SMUGGLED,
  'a length with a plus': head('POST /', 'Content-Length: +0') + SMUGGLED,
  'a negative length': head('POST /', 'Content-Length: -1') + SMUGGLED,
  'a hexadecimal length': head('POST /', 'Content-Length: 0x0') + SMUGGLED,
  'an empty length': head('POST /', 'Content-Length:') + SMUGGLED,
  'identity, then chunked': head('POST /', 'Transfer-Encoding: identity', 'Transfer-Encoding: chunked') + '0\r\n\r\n' + SMUGGLED,
  'identity': head('POST /', 'Transfer-Encoding: identity', 'Content-Length: 0') + SMUGGLED,
  'gzip, chunked': head('POST /', 'Transfer-Encoding: gzip, chunked') + '0\r\n\r\n' + SMUGGLED,
  'a coding with a prefix': head('POST /', 'Transfer-Encoding: xchunked') + '0\r\n\r\n' + SMUGGLED,
  'chunked on HTTP/1.0': raw('POST / HTTP/1.0', 'Host: a', 'Transfer-Encoding: chunked') + '0\r\n\r\n' + SMUGGLED,
  'a space before the colon': head('POST /', 'Content-Length : 5') + SMUGGLED,
  'a folded header': head('POST /', 'X: y', ' Content-Length: 5') + SMUGGLED,
  'a folded first header': raw('POST / HTTP/1.1', ' Host: a', 'Content-Length: 5') + SMUGGLED,
  'a header name in UTF-8': head('POST /', 'X\xc3\xa4: y', 'Content-Length: 5') + SMUGGLED,
  'a header name that begins in UTF-8': head('POST /', '\xc3\xa4: y', 'Content-Length: 5') + SMUGGLED,
  'a header name with a bracket': head('POST /', 'X(y): z') + SMUGGLED,
  'a line that is no header': head('POST /', 'nonsense') + SMUGGLED,
  'bare LF everywhere': `GET ${READ} HTTP/1.1\nHost: a\n\n` + SMUGGLED,
  'bare LF within': `GET ${READ} HTTP/1.1\r\nHost: a\nX: y\r\n\r\n` + SMUGGLED,
  'bare LF at the end': `GET ${READ} HTTP/1.1\r\nHost: a\r\nX: y\n\r\n` + SMUGGLED,
  'LF CR after the request line': `GET ${READ} HTTP/1.1\n\rHost: a\r\n\r\n` + SMUGGLED,
  'CR CR after the request line': `GET ${READ} HTTP/1.1\r\rHost: a\r\n\r\n` + SMUGGLED,
  'CR and a space after the request line': `GET ${READ} HTTP/1.1\r Host: a\r\n\r\n` + SMUGGLED,
  'LF and a space after the request line': `GET ${READ} HTTP/1.1\n Host: a\r\n\r\n` + SMUGGLED,
  'bare CR within a value': head('GET /', 'X: a\rb') + SMUGGLED,
  'NUL within a value': head('GET /', 'X: a\0b') + SMUGGLED,
  'a control character within a value': head('GET /', 'X: a\x01b') + SMUGGLED,
  'DEL within a value': head('GET /', 'X: a\x7fb') + SMUGGLED,
  'a tab before a value': head('GET /', 'X:\ty\x01') + SMUGGLED,
  'no Host': raw(`GET ${READ} HTTP/1.1`) + SMUGGLED,
  'no Host among others': raw(`GET ${READ} HTTP/1.1`, 'Accept: */*') + SMUGGLED,
  'two Hosts': head(`GET ${READ}`, 'Host: b') + SMUGGLED,
  'an empty Host': raw(`GET ${READ} HTTP/1.1`, 'Host:') + SMUGGLED,
  'a Host with a path': raw(`GET ${READ} HTTP/1.1`, 'Host: a/b') + SMUGGLED,
  'a Host with a user': raw(`GET ${READ} HTTP/1.1`, 'Host: u@a') + SMUGGLED,
  'an absolute target': head(`GET http://a${READ}`) + SMUGGLED,
  'an absolute target without a path': head('GET http://a') + SMUGGLED,
  'GET *': head('GET *') + SMUGGLED,
  'a target that is no path': head('GET v1') + SMUGGLED,
  'an encoded NUL in the path': head('GET /v1/a%00b') + SMUGGLED,
  'a fragment': head(`GET ${READ}#x`) + SMUGGLED,
  'raw UTF-8 in the target': head('GET /v1/\xc3\xa4') + SMUGGLED,
  'a control character in the target': head('GET /v1/\x01') + SMUGGLED,
  'two spaces before the target': head(`GET  ${READ}`) + SMUGGLED,
  'two spaces before the version': head(`GET ${READ} `) + SMUGGLED,
  'a space after the version': raw(`GET ${READ} HTTP/1.1 `, 'Host: a') + SMUGGLED,
  'no version': raw(`GET ${READ}`, 'Host: a') + SMUGGLED,
  'HTTP/2.0': raw(`GET ${READ} HTTP/2.0`, 'Host: a') + SMUGGLED,
  'HTTP/1.10': raw(`GET ${READ} HTTP/1.10`, 'Host: a') + SMUGGLED,
  'a lower-case version': raw(`GET ${READ} http/1.1`, 'Host: a') + SMUGGLED,
  'a method that is no token': raw('G(T / HTTP/1.1', 'Host: a') + SMUGGLED,
  'two empty lines first': '\r\n\r\n' + head('POST /', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
  'two line feeds first': '\n\n' + SMUGGLED,
  'spaces first': '  ' + SMUGGLED,
  'a NUL first': '\0' + SMUGGLED,
  'a TLS hello': '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03' + '\0'.repeat(64),
  'the HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'two tokens': head(`GET ${READ}`, 'Authorization: Bearer a', 'Authorization: Bearer b') + SMUGGLED,
  'an unknown expectation': head('POST /', 'Expect: more', 'Content-Length: 5') + SMUGGLED,
  'CONNECT to elsewhere': raw('CONNECT example.org:443 HTTP/1.1', 'Host: a') + SMUGGLED,
};

for (const [name, bytes] of Object.entries(cases))
  test(`refused with 400: ${name}`, () => assertRefused(bytes, 400));

test('refused with 431: 64 headers', () => assertRefused(head('GET /', ...with63, 'X-63: y') + SMUGGLED, 431));
test('refused with 431: 70 headers, the length among the last', () =>
  assertRefused(head('POST /', ...with63, 'X-63: y', 'X-64: y', 'Content-Length: 5') + SMUGGLED, 431));
test('refused with 431: 20 KiB of headers', () => assertRefused(head('GET /', `X: ${'y'.repeat(20000)}`) + SMUGGLED, 431));
test('refused with 401: a token of 100 kB', () =>
  assertRefused(head('GET /v1/plan', `Authorization: Bearer ${'y'.repeat(100000)}`) + SMUGGLED, 401));
test('refused: 100 KiB of headers', () => assertRefused(head('GET /', `X: ${'y'.repeat(100000)}`) + SMUGGLED, [400, 431]));
test('refused: 5 MiB of headers without an end', () => assertRefused(`GET / HTTP/1.1\r\nX: ${'y'.repeat(5 << 20)}`, [400, 431, null]));
test('refused with 414: a target of 9,000 bytes', () => assertRefused(head(`GET /${'y'.repeat(9000)}`) + SMUGGLED, 414));
test('refused with 501: a method that nobody knows', () => assertRefused(head(`BREW ${READ}`) + SMUGGLED, 501));
