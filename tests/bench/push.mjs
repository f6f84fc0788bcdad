// push.mjs: the records of a police department's system in batches of the contract's size: as bodies for curl to push, and as rows for psql
// to load. Knows nothing of how that is measured.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BATCH = 500, BATCHES = 40, ROWS = BATCH * BATCHES;
const COPIES = 10; // of all rows by \copy alone, which is over soon
const UPSERT = fileURLToPath(new URL('push_upsert.sql', import.meta.url));

const CATEGORIES = ['Physical Abuse', 'Verbal Abuse', 'Lack of Service'];
const TEXT = 'The complainant states that two officers stopped him at the corner, asked for his papers, and did not say why; he asked again, and one of ' +
  'them pushed him against a car. A bystander saw it from the other side.';

function recordOf(i, name) {
  const day = (n) => new Date(Date.UTC(2021, 0, 1 + n)).toISOString().slice(0, 10), n = i % 1500;
  return {
    external_id: `${name}-${i}`, received_on: day(n), occurred_on: day(n - i % 9), category: CATEGORIES[i % 3], district: String(1 + i % 5),
    status: 'closed', closed_on: day(n + 90), narrative: `${TEXT} ${i}`,
    complainants: [{ race: [['black', 'hispanic', 'white'][i % 3]], sex: ['female', 'male'][i % 2], age_band: '25_34', how_known: 'recorded' }],
    allegations: [{ category: CATEGORIES[i % 3], finding: 'not_sustained', finding_status: 'final', decided_by: 'police', outcome: 'not_applicable' }],
  };
}

// A line of push.sql's bench_sent.
const lineOf = ({ complainants: [c], allegations: [a], ...r }) =>
  [r.external_id, r.received_on, r.occurred_on, r.category, r.district, r.status, r.closed_on, `"${r.narrative}"`, c.race[0], c.sex, c.age_band, c.how_known,
    a.category, a.finding, a.finding_status, a.decided_by, a.outcome].join(',');

// Calls write(batch, its number); gives the names of the files.
function writeBatches(dir, name, ending, write) {
  return Array.from({ length: BATCHES }, (_, b) => {
    const file = `${dir}/push-${b}.${ending}`;
    writeFileSync(file, write(Array.from({ length: BATCH }, (_, i) => recordOf(b * BATCH + i, name))));
    return file;
  });
}

// One source pushes batch after batch over one connection. check(output): the seconds of each, once all rows became that.
function byCurl({ dir, url, token }, name, became) {
  const files = writeBatches(dir, name, 'json', (records) => JSON.stringify({ records }));
  const one = (file) => [`url = "${url}/v1/police-batches"`, 'request = POST', 'silent', `header = "Authorization: Bearer ${token}"`,
    'header = "Content-Type: application/json"', `header = "Idempotency-Key: ${randomUUID()}"`, `data-binary = "@${file}"`,
    `output = "${file}.answer"`, 'write-out = "%{http_code} %{time_total}\\n"'].join('\n');
  writeFileSync(`${dir}/push.curl`, files.map(one).join('\nnext\n'));
  const check = (out) => {
    const answers = out.trim().split('\n').map((line) => line.split(' ').map(Number));
    const rows = files.map((file) => JSON.parse(readFileSync(`${file}.answer`))[became]).reduce((a, b) => a + b, 0);
    if (answers.length !== BATCHES || answers.some(([status]) => status !== 201) || rows !== ROWS) throw new Error(`${rows} rows ${became}: ${out}`);
    return answers.map(([, seconds]) => seconds);
  };
  return { command: ['curl', '--config', `${dir}/push.curl`], rows: ROWS, check };
}

function byPsql({ dir, database }, name, first, each, copies = 1) {
  const files = writeBatches(dir, name, 'csv', (records) => `${records.map(lineOf).join('\n')}\n`);
  const script = ['set search_path = cpwg;', first, ...Array.from({ length: copies }, () => files.map(each)).flat(), ''];
  writeFileSync(`${dir}/push.psql`, script.join('\n'));
  return { command: ['psql', '-XAtq', database, '-v', 'ON_ERROR_STOP=1', '-f', `${dir}/push.psql`], rows: copies * ROWS, check: () => [] };
}

// name of a work -> by whom -> (run's name) => {command, rows, check}
export const pushes = {
  'push-new': {
    ours: (to, run) => byCurl(to, run, 'created'),
    psql: (to, run) => byPsql(to, `psql-${run}`, 'create temporary table staging (like bench_sent) on commit delete rows;',
      (file) => `begin;\n\\copy staging from '${file}' csv\n\\i ${UPSERT}\ncommit;`),
  },
  'push-same': {
    ours: (to, run) => byCurl(to, 'same', run.endsWith('-first') ? 'created' : 'unchanged'),
    psql: (to) => byPsql(to, 'same', 'truncate bench_sent;', (file) => `\\copy bench_sent from '${file}' csv`, COPIES),
  },
};
