// rows.mjs: the same requests to a database of few complaints and to one of many: what takes longer there grows with the table.
import { createHash } from 'node:crypto';

const FEW = 100000, REQUESTS = 4000, CURSORS_MAX = 240;

// A generator that gives the same numbers each time (Lehmer 1951, modulus 2^31 - 1).
let seed = 20240229;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;

// As in complaints.sql.
function idOf(i) {
  const hex = createHash('md5').update(`complaint ${i}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

// Cursors of pages that follow so many pages of 200, spread over them.
async function walk(url, token, list, pages) {
  const every = Math.ceil(pages / CURSORS_MAX), cursors = [];
  for (let page = 1, next = ''; page <= pages; page += 1) {
    const answer = await fetch(`${url}${list}limit=200${next && `&cursor=${next}`}`, { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`listing answers ${answer.status}: ${await answer.text()}`);
    ({ next } = await answer.json());
    if (!next) throw new Error(`${list} ends at page ${page}`);
    if (page % every === 0) cursors.push(next);
  }
  return cursors;
}

const LIST = '/v1/complaints?';
// name -> a list's filter, and how many pages its cursors are from, of a table of so many rows
const pages = {
  'rows-page': ['', (rows) => rows / 2 / 200],
  'rows-state': ['state=closed&', () => 60],
  'rows-neighborhood': ['neighborhood=sunnyside&', () => 20],
  'rows-category': ['category=force&', () => 40],
};

// name -> requests: each {role, method, path in the database of few (ours) and in that of many (many)}
export async function makeRowsWorks(names, urls, tokens, rows) {
  const sizes = { ours: FEW, many: rows };
  const repeat = (pathOf) => Array.from({ length: REQUESTS }, () =>
    ({ role: 'coordinator', method: 'GET', ...Object.fromEntries(Object.keys(sizes).map((size) => [size, pathOf(size)])) }));
  const works = {
    'rows-get': repeat((size) => `/v1/complaints/${idOf(1 + random(sizes[size]))}`),
    'rows-open': repeat(() => `${LIST}state=received&limit=50`),
    'rows-overdue': repeat(() => `${LIST}overdue=true&limit=50`),
    'rows-received': repeat(() => {
      const month = String(1 + random(12)).padStart(2, '0'), year = 2022 + random(4);
      return `${LIST}received_from=${year}-${month}-03T00:00:00Z&received_to=${year}-${month}-24T00:00:00Z&limit=50`;
    }),
    'rows-count': repeat(() => `${LIST}include=total&limit=50`),
    'rows-count-state': repeat(() => `${LIST}state=closed&include=total&limit=50`),
  };
  for (const name of names.filter((one) => pages[one])) {
    const [filter, pagesOf] = pages[name], cursors = {};
    for (const size of Object.keys(sizes)) cursors[size] = await walk(urls[size], tokens.coordinator[0].ours, LIST + filter, pagesOf(sizes[size]));
    works[name] = repeat((size) => `${LIST}${filter}limit=50&cursor=${cursors[size][random(cursors[size].length)]}`);
  }
  return works;
}
