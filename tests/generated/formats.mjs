// formats.mjs: texts that are of a format and texts that are not, each for a reason of its RFC.
import fc from 'fast-check';

const two = (n) => String(n).padStart(2, '0');
const days = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

/** RFC 3339 full-date, each month to its last day. */
const date = fc
  .tuple(fc.oneof(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1900, 2000, 2024, 2026, 2100)), fc.integer({ min: 1, max: 12 }), fc.nat(30), fc.boolean())
  .map(([year, month, day, last]) => {
    const most = days(year, month);
    return `${String(year).padStart(4, '0')}-${two(month)}-${two(last ? most : 1 + (day % most))}`;
  });

const offset = fc.oneof(
  fc.constantFrom('Z', 'z', '+00:00', '-00:00', '+23:59', '-23:59', '+15:59', '+16:00', '-15:59', '-16:00'),
  fc.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59)).map(([sign, hour, minute]) => `${sign}${two(hour)}:${two(minute)}`),
);
const fraction = fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: fc.constantFrom('.0', '.5', '.123456', '.999999999', '.0000001') },
  { weight: 1, arbitrary: fc.stringMatching(/^\.[0-9]{1,30}$/) });
const dateTime = fc
  .tuple(date, fc.constantFrom('T', 'T', 't'), fc.nat(23), fc.nat(59), fc.nat(59), fraction, offset)
  .map(([day, t, hour, minute, second, part, zone]) => `${day}${t}${two(hour)}:${two(minute)}:${two(second)}${part}${zone}`);

const uuid = fc.oneof({ weight: 4, arbitrary: fc.uuid() }, { weight: 1, arbitrary: fc.uuid().map((id) => id.toUpperCase()) },
  { weight: 1, arbitrary: fc.constantFrom('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff') });

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const email = fc.oneof(
  fc.tuple(fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,8})?$/), label, label).map(([local, host, top]) => `${local}@${host}.${top}`),
  fc.constantFrom(`${'a'.repeat(64)}@example.org`, '"a b"@example.org', '"a\\"b"@example.org', 'a@[192.0.2.1]', 'a@[IPv6:2001:db8::1]', `a@${'b'.repeat(63)}.org`),
);
const uri = fc.oneof(
  fc.tuple(label, fc.stringMatching(/^[A-Za-z0-9._~!$&'()*+,;=:@/-]{0,40}$/)).map(([host, path]) => `https://${host}.example/${path}`),
  fc.constantFrom('http://a', 'https://[2001:db8::1]:8443/', 'https://user:pass@example.org/?q=%20#f', 'https://example.org:/', 'http://127.0.0.1/'),
);

/** What fits: a generator, and what stands at the edge. */
export const fitting = {
  date: fc.oneof(date, fc.constantFrom('2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '1900-02-28', '0000-01-01', '1582-10-10')),
  'date-time': fc.oneof(dateTime, fc.constantFrom('2016-12-31T23:59:60Z', '2017-01-01T00:59:60+01:00', '1990-12-31T15:59:60-08:00', '2016-12-31T23:59:60.999Z',
    '0001-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59-23:59', '0000-01-01T00:00:00Z',
    '2026-03-08T02:30:00-05:00', '2026-01-01T00:00:00.000000000000000000000000000000000001Z')),
  uuid, email, uri,
};

/** What does not fit, whatever else the schema says. */
export const unfitting = {
  date: ['2023-02-29', '1900-02-29', '2100-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32', '2026-1-1', '26-01-01',
    '2026/01/01', '20260101', '+2026-01-01', '-0001-01-01', '10000-01-01', '2026-W01-1', '2026-001', 'infinity', '-infinity', 'now', 'today', 'epoch',
    '\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661', '2026-01-01 ', ' 2026-01-01', '2026-01-01\n', '2026-01-01T00:00:00Z', '2026-01-01 BC', '2026\u201101\u201101'],
  'date-time': ['2026-01-01T24:00:00Z', '2026-01-01T23:60:00Z', '2026-01-01T23:59:61Z', '2026-01-01T12:00:60Z', '2026-01-01T23:59:60+01:00', '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z', '2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00+00:60', '2026-01-01T00:00:00+0100', '2026-01-01T00:00:00+01', '2026-01-01T00:00:00+1:00',
    '2026-01-01T0:00:00Z', '2026-01-01T00:00Z', '2026-01-01T00:00:00.Z', '2026-01-01T00:00:00,5Z', '2023-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01', 'now',
    'infinity', '2026-01-01T00:00:00ZZ', '2026-01-01T00:00:00Z ', '2026-01-01T00:00:00Z\n', '2026-01-01T00:00:00 Z', '2026-01-01T00:00:00UTC', '2026-01-01T00:00:00America/New_York',
    '2026-01-01T00:00:00\u221205:00', '2026-01-01T-1:00:00Z', '12026-01-01T00:00:00Z', '1767225600'],
  uuid: ['0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4', '0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4ee', '0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4g', '0c1d7f366f0b4d7e9b0a6f3a5d1c2b4e',
    '{0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4e}', 'urn:uuid:0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4e', '0c1d7f36_6f0b_4d7e_9b0a_6f3a5d1c2b4e', '0c1d-7f366f0b-4d7e-9b0a-6f3a5d1c2b4e',
    '0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4e ', ' 0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4e', '0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4\uff45', "' or '1'='1", '1', '..', '%'],
  email: ['plain', '@example.org', 'a@', 'a@@example.org', 'a b@example.org', 'a@exa mple.org', '.a@example.org', 'a.@example.org', 'a..b@example.org', 'a@-example.org',
    'a@example-.org', 'a@.org', 'a@example..org', `${'a'.repeat(65)}@example.org`, `a@${'b'.repeat(64)}.org`, 'a@[300.0.0.1]', 'a@[192.0.2.1', '"a@example.org', 'a@example.org\n',
    'A <a@example.org>', 'a@ex\u00e4mple.org', '\u00e4@example.org', 'a@example.org, b@example.org'],
  uri: ['example.org', '/path', '//example.org', 'https://exa mple.org', 'https://example.org/<x>', 'https://example.org/%zz', 'https://[::1', 'https://example.org/\u00e4', 'https://example.org/"', '://a', 'https://example.org/\\'],
};
