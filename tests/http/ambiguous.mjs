// ambiguous.mjs: requests that two servers could read in two ways, as public lists of desynchronisation and smuggling have them, and those
// that look so and are none. Each is followed by a request that nobody sent.
import { READ, TOKEN, WRITE, head } from './wire.mjs';

export const SMUGGLED = `GET ${READ} HTTP/1.1\r\nHost: smuggled\r\n\r\n`;
const raw = (...lines) => [...lines, '', ''].join('\r\n');
const LAST = '0\r\n\r\n';
const CHUNKED = 'Transfer-Encoding: chunked';
const with63 = Array.from({ length: 62 }, (_, i) => `X-${i}: y`);

/** A head of so many bytes, without its empty line; a target of so many. */
const headOf = (n) => head(`GET ${READ}`, `X: ${'y'.repeat(n - head(`GET ${READ}`, 'X: ', 'Connection: close').length + 4)}`, 'Connection: close');
const targetOf = (n) => head(`GET ${READ}?${'x'.repeat(n - READ.length - 1)}`, 'Connection: close');

/** A request with these lines behind its Host, as they stand; CR LF must be written. */
const loose = (line, rest) => `${line}\r\nHost: a\r\n${rest}` + SMUGGLED;
const lengths = (...values) => Object.fromEntries(values.map(([name, value]) => [`a length ${name}`, head('POST /', `Content-Length:${value}`) + SMUGGLED]));
const codings = (...values) => Object.fromEntries(values.map(([name, ...lines]) => [`a coding ${name}`, head('POST /', ...lines.map((value) => `Transfer-Encoding:${value}`)) + LAST + SMUGGLED]));
const hosts = (...values) => Object.fromEntries(values.map((value) => [`the Host ${JSON.stringify(value)}`.slice(0, 60), raw(`GET ${READ} HTTP/1.1`, `Host: ${value}`) + SMUGGLED]));
const versions = (...values) => Object.fromEntries(values.map((value) => [`the version ${JSON.stringify(value)}`, raw(`GET ${READ} ${value}`, 'Host: a') + SMUGGLED]));
const named = (...names) => Object.fromEntries(names.map((name) => [`the name ${JSON.stringify(name)}`, head('POST /', `${name}: 5`) + SMUGGLED]));

/** Refused with 400. */
export const refused = {
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
  'a control character within a value': head('GET /', 'X: a\x01b') + SMUGGLED,
  'DEL within a value': head('GET /', 'X: a\x7fb') + SMUGGLED,
  'bare CR within a value': head('GET /', 'X: a\rb') + SMUGGLED,
  'NUL within a value': head('GET /', 'X: a\0b') + SMUGGLED,
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

  // folded, and ended by less than CR LF
  'a folded length': head('POST /', 'Content-Length:', ' 5') + SMUGGLED,
  'a folded coding': head('POST /', 'Transfer-Encoding:', '\tchunked') + LAST + SMUGGLED,
  'a length in a fold by a tab': head('POST /', 'X: y', '\tContent-Length: 5') + SMUGGLED,
  'a folded Host': raw('GET / HTTP/1.1', 'Host:', ' a') + SMUGGLED,
  'a line of spaces first': raw('GET / HTTP/1.1', ' ', 'Host: a') + SMUGGLED,
  'bare CR between fields': loose('POST / HTTP/1.1', 'X: y\rContent-Length: 5\r\n\r\n'),
  'bare CR at the end of the request line': `GET / HTTP/1.1\rHost: a\r\n\r\n` + SMUGGLED,
  'bare CR everywhere': `GET / HTTP/1.1\rHost: a\r\r` + SMUGGLED,
  'CR CR LF': loose('POST / HTTP/1.1', 'X: y\r\r\nContent-Length: 5\r\n\r\n'),
  'LF CR': loose('POST / HTTP/1.1', 'X: y\n\rContent-Length: 5\r\n\r\n'),
  'the head ended by LF LF': loose('POST / HTTP/1.1', 'Content-Length: 5\n\n'),
  'the head ended by CR LF LF': loose('POST / HTTP/1.1', 'Content-Length: 5\r\n\n'),
  'the head ended by LF CR LF': loose('POST / HTTP/1.1', 'Content-Length: 5\n\r\n'),
  'a coding behind a bare LF': loose('POST / HTTP/1.1', `X: y\n${CHUNKED}\r\n\r\n${LAST}`),
  'a coding behind a bare CR': loose('POST / HTTP/1.1', `X: y\r${CHUNKED}\r\n\r\n${LAST}`),
  'NUL at the end of a value': head('GET /', 'X: a\0') + SMUGGLED,
  'NUL at the end of the length': head('POST /', 'Content-Length: 5\0') + SMUGGLED,
  'NUL in the request line': `GET ${READ}\0 HTTP/1.1\r\nHost: a\r\n\r\n` + SMUGGLED,
  'NUL behind the version': `GET ${READ} HTTP/1.1\0\r\nHost: a\r\n\r\n` + SMUGGLED,
  'NUL for an empty line': `GET ${READ} HTTP/1.1\r\nHost: a\r\n\0\r\n\r\n` + SMUGGLED,

  // names
  ...named('Content-Length\t', 'Content-Length\x0b', 'Content-Length\xa0', '\xa0Content-Length', 'Content-Length\0', '\0Content-Length', 'Content Length', 'Content-Length:', '"Content-Length"', 'Content-L\xe9ngth',
    'Transfer-Encoding ', 'Transfer-Encoding\t', 'Host ', '\x7f', 'a@b', 'a/b', 'a{b}'),
  'no name': head('POST /', ': 5') + SMUGGLED,
  'only a colon': head('POST /', ':') + SMUGGLED,

  // lengths
  ...lengths(['said twice in a line', ' 5 5'], ['joined with itself', ' 5, 5'], ['joined without a space', ' 0,0'], ['with a comma behind', ' 5,'], ['with a comma before', ' ,5'], ['with a parameter', ' 5;a=b'], ['in quotes', ' "5"'],
    ['with a fraction', ' 5.0'], ['with an exponent', ' 5e0'], ['of minus zero', ' -0'], ['with a unit', ' 5b'], ['with an underscore', ' 1_0'], ['in hexadecimal', ' 0x5'], ['in other digits', ' \xd9\xa5'],
    ['behind a vertical tab', ' \x0b5'], ['before a vertical tab', ' 5\x0b'], ['before a form feed', ' 5\f'], ['behind a no-break space', ' \xa05'], ['of a word', ' five'], ['of spaces', '   '], ['wrapped below zero', ' -18446744073709551611']),
  'a length and an empty one': head('POST /', 'Content-Length: 5', 'Content-Length:') + SMUGGLED,
  'three lengths': head('POST /', 'Content-Length: 5', 'X: y', 'content-length: 5', 'CONTENT-LENGTH: 5') + SMUGGLED,

  // codings
  ...codings(['of chunked and identity', ' chunked, identity'], ['of identity and chunked', ' identity, chunked'], ['of chunked twice', ' chunked, chunked'], ['with a comma behind', ' chunked,'], ['with a comma before', ' ,chunked'],
    ['before a vertical tab', ' chunked\x0b'], ['behind a vertical tab', ' \x0bchunked'], ['before a form feed', ' chunked\f'], ['with a parameter', ' chunked;q=1'], ['with an empty parameter', ' chunked;'], ['in quotes', ' "chunked"'],
    ['with a space within', ' chun ked'], ['before NUL', ' chunked\0'], ['of nothing', ''], ['of trailers', ' trailers'], ['nobody knows', ' cow'], ['of chunked-x', ' chunked-x'], ['in two lines', ' chunked', ' chunked'], ['and another', ' chunked', ' cow'],
    ['behind another', ' cow', ' chunked'], ['and an empty one', ' chunked', ''], ['before a no-break space', ' chunked\xa0'], ['before bare CR', ' chunked\r']),
  'a coding and a length of nothing': head('POST /', CHUNKED, 'Content-Length:') + LAST + SMUGGLED,
  'a coding that is none, and a length': head('POST /', 'Transfer-Encoding: xchunked', 'Content-Length: 0') + SMUGGLED,
  'a coding on HTTP/1.0 that is kept': raw('POST / HTTP/1.0', 'Host: a', 'Connection: keep-alive', CHUNKED) + LAST + SMUGGLED,
  'CL.TE': head(`POST ${WRITE}`, `Content-Length: ${LAST.length + SMUGGLED.length}`, CHUNKED) + LAST + SMUGGLED,
  'TE.CL': head(`POST ${WRITE}`, CHUNKED, 'Content-Length: 4') + `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${LAST}`,

  // a body that nobody takes, with a request in it (CL.0, TE.0, 0.CL)
  'CL.0: GET with a length': head(`GET ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED,
  'TE.0: GET with chunks': head(`GET ${READ}`, CHUNKED) + `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${LAST}`,

  // targets
  'an authority for a target': head('GET a:80') + SMUGGLED,
  'an absolute target of https': head(`GET https://a${READ}`) + SMUGGLED,
  'an absolute target of another host': head(`GET http://b${READ}`) + SMUGGLED,
  'an absolute target with a user': head(`GET http://u:p@a${READ}`) + SMUGGLED,
  'a target of a query alone': head('GET ?a=b') + SMUGGLED,
  'a backslash for a target': head('GET \\v1\\plan') + SMUGGLED,
  'a fragment alone': head('GET #x') + SMUGGLED,
  'a fragment behind a query': head(`GET ${READ}?limit=1#x`) + SMUGGLED,
  'a space in the target': head(`GET ${READ} x`) + SMUGGLED,
  'a tab for a space': raw(`GET\t${READ}\tHTTP/1.1`, 'Host: a') + SMUGGLED,
  'DEL in the target': head(`GET ${READ}\x7f`) + SMUGGLED,
  'an encoded NUL at the end': head(`GET ${READ}%00`) + SMUGGLED,
  'CONNECT': head('CONNECT a:80') + SMUGGLED,

  ...hosts('a:b', 'a:', 'a:999999', 'a:80:80', 'a:-1', 'a:+80', 'a:80a', 'a b', 'a,b', 'a, a', 'a\tb', '[::1', '[::1]x', '[::1]:', '::1', 'a?b', 'a#b', 'a\\b', 'u:p@a', '@a', '%61', 'a%00', '\xe4', 'http://a', 'a;b', '"a"', `${'a'.repeat(256)}`),
  'a Host in one more case': head(`GET ${READ}`, 'HOST: a') + SMUGGLED,
  'two Hosts alike': head(`GET ${READ}`, 'Host: a') + SMUGGLED,
  'HTTP/1.0 without a Host': raw(`GET ${READ} HTTP/1.0`) + SMUGGLED,

  ...versions('HTTP/0.9', 'HTTP/1.2', 'HTTP/3', 'HTTP/1', 'HTTP/1.', 'HTTP/01.1', 'HTTP/1.01', 'HTTP/ 1.1', 'HTTP/-1.1', 'HTTP/1.1x', 'HTTP/1,1', 'HTTPS/1.1', 'Http/1.1', 'ICY/1.1', 'HTTP/1.1 HTTP/1.1', 'HTTP/1.1\t'),
  'HTTP/0.9 alone': `GET ${READ}\r\n` + SMUGGLED,
  'HTTP/0.9 with an empty line': `GET ${READ}\r\n\r\n` + SMUGGLED,
  'no target': raw('GET HTTP/1.1', 'Host: a') + SMUGGLED,
  'nothing but a version': raw('HTTP/1.1', 'Host: a') + SMUGGLED,
  'an answer for a request': 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' + SMUGGLED,
  'NUL in the method': raw(`G\0ET ${READ} HTTP/1.1`, 'Host: a') + SMUGGLED,
  'a method in UTF-8': raw(`G\xc3\x89T ${READ} HTTP/1.1`, 'Host: a') + SMUGGLED,
  'a tab before the method': `\t` + head(`GET ${READ}`) + SMUGGLED,
  'CR alone first': '\r' + head(`GET ${READ}`) + SMUGGLED,
  'an empty line and a space first': '\r\n ' + head(`GET ${READ}`) + SMUGGLED,
  'three empty lines first': '\r\n\r\n\r\n' + head(`GET ${READ}`) + SMUGGLED,

  ...Object.fromEntries(['100-continue, 100-continue', '100-continue;a=b', '"100-continue"', '200-ok', '100-continu', ''].map((value) => [`the expectation ${JSON.stringify(value)}`, head('POST /', `Expect: ${value}`, 'Content-Length: 5') + SMUGGLED])),
  'two expectations': head('POST /', 'Expect: 100-continue', 'Expect: 100-continue', 'Content-Length: 5') + SMUGGLED,
};

/** Refused with another status. */
export const refusedOtherwise = [
  [431, '64 fields', head('GET /', ...with63, 'X-63: y') + SMUGGLED],
  [431, '70 fields, the length among the last', head('POST /', ...with63, 'X-63: y', 'X-64: y', 'Content-Length: 5') + SMUGGLED],
  [431, '20 KiB of headers', head('GET /', `X: ${'y'.repeat(20000)}`) + SMUGGLED],
  [401, 'a token of 100 kB', head('GET /v1/plan', `Authorization: Bearer ${'y'.repeat(100000)}`) + SMUGGLED],
  [[400, 431], '100 KiB of headers', head('GET /', `X: ${'y'.repeat(100000)}`) + SMUGGLED],
  [[400, 431, null], '5 MiB of headers without an end', `GET / HTTP/1.1\r\nX: ${'y'.repeat(5 << 20)}`],
  [431, 'a head one byte over the bound', headOf(16385) + SMUGGLED],
  [414, 'a target one byte over the bound', targetOf(8193) + SMUGGLED],
  [414, 'a target of 9,000 bytes', head(`GET /${'y'.repeat(9000)}`) + SMUGGLED],
  [501, 'a method that nobody knows', head(`BREW ${READ}`) + SMUGGLED],
  [501, 'a method in lower case', head(`get ${READ}`) + SMUGGLED],
  [501, 'a method of 1,000 letters', head(`${'X'.repeat(1000)} ${READ}`) + SMUGGLED],
  [413, 'a length beyond 64 bits', head(`POST ${WRITE}`, `Authorization: Bearer ${TOKEN}`, 'Content-Type: application/json', 'Content-Length: 18446744073709551621') + SMUGGLED],
];

/** Read in one way only: the statuses of the answers, and nothing more. What stands behind a body that was not read is not answered. */
export const answered = [
  [[200], 'a length of zeros', head(`GET ${READ}`, 'Content-Length: 000', 'Connection: close')],
  [[404], 'two slashes before the path', head(`GET /${READ}`, 'Connection: close')],
  [[404], 'two slashes in the path', head('GET /v1//plan', 'Connection: close')],
  [[404], 'dots that lead up', head('GET /v1/x/../plan', 'Connection: close')],
  [[404], 'dots that lead out', head('GET /../../etc/passwd', 'Connection: close')],
  [[404], 'encoded dots', head('GET /v1/%2e%2e/v1/plan', 'Connection: close')],
  [[404], 'a dot', head('GET /v1/./plan', 'Connection: close')],
  [[404], 'an encoded slash', head('GET /v1%2fplan', 'Connection: close')],
  [[400], 'an encoded slash in a parameter', head('GET /v1/plan/1%2f1', 'Connection: close')],
  [[400], 'encoded CR LF in a parameter', head('GET /v1/plan/1%0d%0aX:y', 'Connection: close')],
  [[404], 'a backslash', head('GET /v1\\plan', 'Connection: close')],
  [[404], 'a parameter of the path', head('GET /v1/plan;x=y', 'Connection: close')],
  [[404], 'a slash at the end', head('GET /v1/plan/', 'Connection: close')],
  [[400], 'a query of question marks', head(`GET ${READ}???`, 'Connection: close')],
  [[200], 'an empty query', head(`GET ${READ}?`, 'Connection: close')],
  [[400], 'half an escape', head(`GET ${READ}?limit=%`, 'Connection: close')],
  [[200], 'a value in latin1', head(`GET ${READ}`, 'X: \xe4\xff', 'Connection: close')],
  [[200], 'a name with an underscore', head(`GET ${READ}`, 'Content_Length: 5', 'Transfer_Encoding: chunked', 'Connection: close')],
  [[200], 'an offer of h2c', head(`GET ${READ}`, 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__') + SMUGGLED],
  [[200], 'an offer of TLS', head(`GET ${READ}`, 'Connection: Upgrade', 'Upgrade: TLS/1.0') + SMUGGLED],
  [[200], 'headers that Connection would take away', head(`GET ${READ}`, 'Connection: close, Host, Content-Length, Authorization')],
  [[200], 'what other servers would take for the target', head(`GET ${READ}`, 'X-Original-URL: /v1/me', 'X-Rewrite-URL: /v1/me', 'X-HTTP-Method-Override: DELETE', 'X-Forwarded-Host: b', 'Forwarded: host=b', 'Connection: close')],
  [[404], 'CL.0: a body where there is nothing', head('POST /v1/nothing', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[405], 'CL.0: a body of a method that is not there', head(`POST ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[401], 'CL.0: a body of whoever may not', head(`POST ${WRITE}`, 'Content-Type: application/json', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[404], 'TE.0: chunks where there is nothing', head('POST /v1/nothing', CHUNKED) + `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${LAST}`],
  [[405], 'a body of DELETE', head(`DELETE ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [Array(50).fill(200), '50 requests at once', head(`GET ${READ}`).repeat(49) + head(`GET ${READ}`, 'Connection: close')],
  [[400], 'CL.0: HEAD with a length', head(`HEAD ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[204], 'CL.0: OPTIONS with a length', head(`OPTIONS ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[204], 'TE.0: OPTIONS with chunks', head(`OPTIONS ${READ}`, CHUNKED) + `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n${LAST}`],
  [[200], 'a field of 9 kB', head(`GET ${READ}`, `X: ${'y'.repeat(9000)}`, 'Connection: close')],
  [[200], 'a name of 9 kB', head(`GET ${READ}`, `${'X'.repeat(9000)}: y`, 'Connection: close')],
  [[200], 'a head of exactly the bound', headOf(16384)],
  [[200], 'a head of exactly the bound behind an empty line', '\r\n' + headOf(16384)],
  [[200], '63 fields', head(`GET ${READ}`, ...with63.slice(1), 'Connection: close')],
  [[400], 'a target of exactly the bound', targetOf(8192)],
  [[204], 'CL.0: OPTIONS * with a length', head('OPTIONS *', `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  [[405], 'CL.0: CONNECT with a length', head(`CONNECT ${READ}`, `Content-Length: ${SMUGGLED.length}`) + SMUGGLED],
  ...['keep-alive, close', 'close, keep-alive', 'keep-alive,', 'keepalive', ''].map((value) => [[200], `the Connection ${JSON.stringify(value)}`, head(`GET ${READ}`, `Connection: ${value}`) + SMUGGLED]),
  [[200], 'two Connections that keep it', head(`GET ${READ}`, 'Connection: keep-alive', 'Connection: keep-alive') + SMUGGLED],
  ...['/v1/%70lan', '/%76%31/plan', '/V1/plan', '/v1/plan//1.1.4'].map((path) => [[404], `another way to write a path: ${path}`, head(`GET ${path}`, 'Connection: close')]),
  ...['%252e', '%c0%ae', '%ed%a0%80', '%f4%90%80%80', '%ff', '%', '%u002e', '%2e%2e', '.', '+1'].map((value) => [[400], `the parameter ${value}`, head(`GET /v1/plan/${value}`, 'Connection: close')]),
  ...['If-None-Match', 'Accept-Language'].map((name) => [[400], `two of ${name}`, head('GET /v1/plan', `${name}: "a"`, `${name}: "b"`, 'Connection: close')]),
  [[400], 'two keys of idempotency', head(`POST ${WRITE}`, `Authorization: Bearer ${TOKEN}`, 'Content-Type: application/json', 'Idempotency-Key: a', 'Idempotency-Key: b', 'Content-Length: 2', 'Connection: close') + '{}'],
  [[200], 'an expectation without a body', head(`GET ${READ}`, 'Expect: 100-continue', 'Connection: close')],
];
