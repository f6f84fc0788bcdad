// limit.mjs: makes pgbench do what the service asks of PostgreSQL. The statements are not typed again: the service is sent one
// request of each role, PostgreSQL logs what it is asked to execute, and that, with random ids for the one id, is the script.
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ORGANIZATIONS, PARTNER } from './works.mjs';

const psql = (database, ...commands) =>
  execFileSync('psql', ['-XAtq', database, ...commands.flatMap((command) => ['-c', command])]).toString();

// Has PostgreSQL log every statement with its values, for as long as `work` takes.
export async function whileLogging(database, work) {
  psql(database, "alter system set log_statement = 'all'", "alter system set log_error_verbosity = 'default'", 'select pg_reload_conf()');
  await sleep(500);
  await work();
  psql(database, 'alter system reset all', 'select pg_reload_conf()');
  await sleep(500);
}

// Statements that `send` causes: [{text, values}]. Values are null or text.
async function capture(log, send) {
  const start = statSync(log).size;
  await send();
  await sleep(50);
  const statements = [], ofWorker = new Set();
  const entries = readFileSync(log).subarray(start).toString().split(/^\d{4}-\d\d-\d\d [^[]*\[(\d+)\] /m);
  for (let i = 1; i < entries.length; i += 2) if (entries[i + 1].includes('cpwg_worker')) ofWorker.add(entries[i]);
  for (const entry of entries.filter((_, i) => i % 2 === 0 && !ofWorker.has(entries[i - 1]))) {
    const executed = entry.match(/^LOG: {2}execute \S+: ([^]*)/), values = entry.match(/^DETAIL: {2}parameters: ([^]*)/);
    if (executed) statements.push({ text: executed[1].replace(/^\t/gm, '').trim(), values: [] });
    for (const [, n, value, text] of values?.[1].matchAll(/\$(\d+) = (NULL|'((?:[^']|'')*)')/g) ?? []) {
      statements.at(-1).values[n] = value === 'NULL' ? null : text.replaceAll("''", "'");
    }
  }
  if (!statements.some(({ values }) => values.length)) throw new Error('PostgreSQL did not log what the service asked of it');
  return statements;
}

// What stands for a value in the script: what differs from request to request is random, the rest is a variable.
function substitute(value, constant) {
  if (value === null || value === undefined) return 'null';
  if (value === '') return "''";
  if (value === PARTNER) return constant(value);
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(value)) {
    return `('7b0c1c9e-3f52-4a86-${value.startsWith('7b0c1c9e-') ? 8 : 9}' || :n)::uuid`;
  }
  if (/^[0-9a-f]{64}$/.test(value)) return "lpad(:n, 64, '0')";
  if (/^20\d\d-\d\d-\d\d[ T]/.test(value)) return ':day';
  return value.startsWith('\\x') ? `${constant(value)}::bytea` : constant(value);
}

const randoms = (creates) => [
  creates ? '\\set n random(100000000000000, 999999999999999)' : `\\set i random(1, ${ORGANIZATIONS})\n\\set n 100000000000000 + :i * 7919234567`,
  '\\set day 20200000 + random(0, 4) * 10000 + random(1, 12) * 100 + random(1, 28)', // a date, as YYYYMMDD
].join('\n');

// pgbench's arguments for a work, pipelined as the service does it, and with a round trip for each statement.
export async function makeLimit(name, requests, { url, tokens, dir, log }) {
  const scripts = { pipelined: [], separate: [] };
  for (const role of new Set(requests.map((request) => request.role))) {
    const request = requests.find((one) => one.role === role);
    const headers = { ...(tokens[role] ? { Authorization: `Bearer ${tokens[role][0].ours}` } : {}), 'Content-Type': 'application/json' };
    if (request.key) headers['Idempotency-Key'] = randomUUID();
    const send = async () => {
      const answer = await fetch(url + request.ours, { method: request.method, headers, body: request.body && JSON.stringify(request.body) });
      if (!answer.ok) throw new Error(`${request.ours} answers ${answer.status}: ${await answer.text()}`);
    };
    const constants = [];
    const constant = (value) => `:${role}_${constants.push(value) - 1}`;
    const statements = (await capture(log, send)).map(({ text, values }) => text.replace(/\$(\d+)/g, (_, n) => substitute(values[n], constant)));
    const variables = constants.flatMap((value, i) => ['-D', `${role}_${i}=${value}`]);
    const write = (way, first, last) => {
      const file = `${dir}/${name}-${role}-${way}.sql`;
      writeFileSync(file, [randoms(request.method === 'POST'), first, ...statements.map((text) => `${text};`), last, ''].join('\n'));
      scripts[way].push(...variables, '-f', file);
    };
    write('pipelined', '\\startpipeline', '\\endpipeline');
    write('separate', 'begin;', 'commit;');
  }
  return scripts;
}
