// The faults to survive, each under load again and again: nothing acknowledged is lost, nothing is stored twice, whatever is answered is as
// asked for or 503 with Retry-After, the service is ready again by itself, and the audit's chain is whole.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HASTY, load } from './load.mjs';
import {
  DATABASE, allChained, ask, assertUnavailable, becomesReady, cluster, clusterOf, page, readiness, run, serve, serveReady, session, socketOf, sql,
  until, verified,
} from './world.mjs';

const TIMES = process.env.CPWG_FULL ? 20 : 1, READY_MS = 10000;

// --- the machine (machine.c)

const FILE = openSync(`${process.env.FAULTS_DIR}/machine`, 'r+'), STEP_S = 0, FULL = 8; // offsets
const PRELOADED = { LD_PRELOAD: `${process.env.FAULTS_DIR}/machine.so`, MACHINE_FILE: `${process.env.FAULTS_DIR}/machine` };
const SANITIZED = `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`; // the sanitizer's own library need not come first
const HOUR_S = 3600, DAY_S = 86400, NOT = 0, TABLES = 1, WAL = 2;

function setMachine(offset, number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(number));
  writeSync(FILE, bytes, 0, 8, offset);
}
const stepClock = (s) => setMachine(STEP_S, s);
const fillDisk = (folder) => setMachine(FULL, folder);

/** A token made now, by the machine's clock. */
async function token(...options) {
  const { said, exited } = run(['token', 'coordinator', '--config', process.env.CPWG_CONFIG, ...options], PRELOADED, process.env.CPWG_RELEASE);
  assert.equal(await exited, 0, said.err);
  return said.out.trim();
}

// --- what the faults are made with

const ROLE = "usename = 'cpwg_api'";
const postgresLog = (name = 'pg') => readFileSync(`${process.env.FAULTS_DIR}/${name}.log`, 'utf8');
const isUnready = (w) => until('not ready', 15000, async () => (await readiness(w.server)) === 503);

/** Looks until one is at work, and ends it there. */
const killOneAtWork = () => sql(`set statement_timeout = '30s'; do $$ begin
  loop
    perform pg_stat_clear_snapshot();
    perform pg_terminate_backend(pid) from (select pid from pg_stat_activity where ${ROLE} and state = 'active' order by random() limit 1) as x;
    exit when found;
    perform pg_sleep(0.002);
  end loop;
end $$`);

/** Takes connections of PostgreSQL as they come free, as many as there are; gives what lets go of them. */
function occupy(n) {
  const sockets = new Set(), words = ['user', 'postgres', 'database', 'faults', '', ''].join('\0').slice(0, -1) + '\0';
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + words.length, 0);
  head.writeInt32BE(3 << 16, 4); // StartupMessage of protocol 3.0
  let over = false;
  const take = () => {
    if (over) return;
    const socket = net.connect(`${socketOf('pg')}/.s.PGSQL.5432`, () => socket.write(Buffer.concat([head, Buffer.from(words)])));
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => (sockets.delete(socket), setTimeout(take, 20))).resume();
  };
  for (let i = 0; i < n; i++) take();
  return () => ((over = true), sockets.forEach((socket) => socket.destroy()));
}

async function exhaustConnections(w) {
  const admin = session();
  await admin.run('select 1');
  w.release = occupy(80);
  await until('the service has none', 15000, async () => {
    await admin.run(`select pg_terminate_backend(pid) from pg_stat_activity where ${ROLE}`);
    return (await readiness(w.server)) === 503;
  });
  await admin.end();
}

/** PostgreSQL dies of a full disk when it needs a new file for its WAL, and its supervisor starts it again once there is room. */
async function fillWal(w) {
  w.logged = postgresLog().length;
  fillDisk(WAL);
  await until('PostgreSQL panics', 15000, async () => {
    try { execFileSync('psql', ['-XqAt', `${DATABASE} user=postgres`, '-c', 'select pg_switch_wal()'], { stdio: 'ignore' }); } catch { /* it died */ }
    return /PANIC: .*No space left on device/.test(postgresLog().slice(w.logged));
  });
}

/** The service may have no more descriptors than it has, and what is left of them idle callers take. */
async function exhaustDescriptors(w) {
  limitDescriptors(w, readdirSync(`/proc/${w.server.pid}/fd`).length);
  w.idle = [];
  await until('a newcomer is told', 20000, async () => {
    w.idle.push(net.connect(w.server.ports[0], '127.0.0.1').on('error', () => {}).resume());
    return (await ask(w.server).catch(() => null))?.status === 503;
  });
  assert.equal((await page(w.server, '/livez')).status, 200);
}
const limitDescriptors = (w, soft) => execFileSync('prlimit', ['--pid', String(w.server.pid), `--nofile=${soft}:`]);

const end = (signal) => async (w) => {
  w.server.signal(signal);
  assert.equal(await w.server.exited, signal === 'SIGTERM' ? 0 : signal);
};
const startAgain = async (w) => (w.server = await serve(w.settings, w.server.ports));

const alter = (w, setting) => sql(`alter system set ${setting}`, w.primary) && sql('select pg_reload_conf()', w.primary);
const promote = (w) => clusterOf(w.standby)('promote');

// --- the table: what happens, what is done about it (by whoever keeps the machine; nothing where the service is alone with it), how long the
// service may take to be ready after that (else READY_MS), and what shows that it was met (else 503s).

const FAULTS = {
  'a backend at work is killed': { hurt: killOneAtWork, met: () => true },
  'PostgreSQL is restarted (fast)': { hurt: () => cluster('stop', 'fast'), heal: () => cluster('start') },
  'PostgreSQL is restarted (immediate)': { hurt: () => cluster('stop', 'immediate'), heal: () => cluster('start') },
  'PostgreSQL has no connection left': { hurt: exhaustConnections, heal: (w) => w.release() },
  'PostgreSQL is frozen': { hurt: (w) => (cluster('freeze'), isUnready(w)), lasts_ms: 2500, heal: () => cluster('thaw') },
  'the disk of the tables is full': { hurt: () => fillDisk(TABLES), lasts_ms: 1500, heal: () => fillDisk(NOT) },
  'the disk of the WAL is full': { hurt: fillWal, heal: () => (fillDisk(NOT), cluster('supervise')) },
  'the service is killed': { hurt: end('SIGKILL'), heal: startAgain, ready_ms: 60000, breaks: true },
  'the service is terminated': { hurt: end('SIGTERM'), heal: startAgain, ready_ms: 60000, breaks: true },
  'the service has no descriptor left': {
    hurt: exhaustDescriptors, heal: (w) => (limitDescriptors(w, 1024), w.idle.forEach((socket) => socket.destroy())), breaks: true, met: () => true,
  },
  'the clock is set back an hour': { hurt: () => stepClock(-HOUR_S), lasts_ms: 1000, heal: () => stepClock(0), met: (w) => w.stepped === -HOUR_S },
  'the clock is set forward a day': { hurt: () => stepClock(DAY_S), lasts_ms: 1000, heal: () => stepClock(0), met: (w) => w.stepped === DAY_S },
  'the primary is killed, the standby promoted': { hurt: (w) => clusterOf(w.primary)('kill'), heal: promote, pair: true },
  'the primary is frozen, the standby promoted': { hurt: (w) => (clusterOf(w.primary)('freeze'), isUnready(w)), heal: promote, ready_ms: 20000, pair: true },
  'the primary takes no writes, the standby is promoted': {
    // PostgreSQL tells its sessions: where all lie idle, each is left before a write could be refused on it
    hurt: (w) => alter(w, 'default_transaction_read_only = on') && until('it is met', 15000, async () => w.going.seen(503) > 0),
    lasts_ms: 1000, heal: promote, pair: true,
  },
};

// --- one time

/** Two clusters, the second of which has whatever the first acknowledges. */
async function makePair(w) {
  clusterOf(w.standby)('follow', w.primary);
  await until('the standby follows', 15000, async () => sql("select 1 from pg_stat_replication where sync_state = 'sync'", w.primary).length === 1);
}

/** The former primary is gone for good, before it can be taken for one. */
function changePlaces(w) {
  clusterOf(w.primary)('kill');
  [w.primary, w.standby] = [w.standby, w.primary];
}

async function once(fault, w) {
  if (fault.pair) await makePair(w);
  await becomesReady(w.server);
  const going = w.going = load(w.server, fault.breaks);
  await sleep(200 + Math.random() * 200);
  await fault.hurt(w);
  await sleep(fault.lasts_ms ?? 300);
  w.stepped = Math.round((Date.parse((await page(w.server, '/livez').catch(() => null))?.headers.date) - Date.now()) / HOUR_S / 1000) * HOUR_S;
  await fault.heal?.(w);
  const began = Date.now();
  await becomesReady(w.server, fault.ready_ms ?? READY_MS);
  const ready = Date.now() - began;
  await going.writesAgain(fault.ready_ms ?? READY_MS);
  const served = Date.now() - began;
  if (fault.pair) changePlaces(w);
  const longest = await going.stop(w.primary);
  assert.ok(fault.met ? fault.met(w) : going.seen(503) > 0 || (fault.breaks && going.broken().length > 0), 'it was met');
  await allChained(30000, w.primary);
  await until('it hears what is published', 20000, async () => sql("select 1 from pg_stat_activity where query = 'listen cpwg_published'", w.primary).length === 1);
  await verified([], w.database);
  return { ready, served, longest };
}

/** After a failure: nothing of it is left to the tests that follow. */
async function setRight(w) {
  stepClock(0);
  fillDisk(NOT);
  w.release?.();
  cluster('thaw');
  cluster('supervise');
  w.server.signal('SIGKILL');
  await w.going?.quit();
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const told = (times, what) => `${what} ${median(times.map((t) => t[what]))} (${Math.max(...times.map((t) => t[what]))})`;

before(async () => {
  stepClock(-HOUR_S);
  process.env.CPWG_TOKEN_COORDINATOR = await token(); // good at all times to which the clock is set
  stepClock(0);
});
after(() => closeSync(FILE));

test('tokens when the clock is set: what has expired or is not valid yet by the new time is refused at once, and good again when it is set right', async () => {
  const server = await serveReady({ ...PRELOADED, ASAN_OPTIONS: SANITIZED });
  const status = async (of) => (await ask(server, { headers: { authorization: `Bearer ${of}` } })).status;
  const short = await token('--lifetime', String(HOUR_S)), long = await token();
  for (const [step, expected] of [[0, [200, 200]], [DAY_S, [401, 200]], [0, [200, 200]], [-HOUR_S, [401, 401]], [0, [200, 200]]]) {
    stepClock(step);
    assert.deepEqual([await status(short), await status(long)], expected, `the clock is set by ${step} s`);
  }
  assert.equal(await server.stop(), 0);
});

for (const [what, fault] of Object.entries(FAULTS))
  test(`${what}, ${TIMES} times: every write that was acknowledged is there once, and the service is back by itself`, async () => {
    const settings = { ...HASTY, ...PRELOADED, ASAN_OPTIONS: SANITIZED };
    const w = { primary: 'pg', database: DATABASE, settings };
    if (fault.pair) {
      Object.assign(w, { primary: 'a', standby: 'b' });
      clusterOf('a')('copy', 'pg');
      clusterOf('b')('place');
      w.database = `host=${socketOf('a')},${socketOf('b')} dbname=faults`;
      settings.CPWG_DATABASE = `${w.database} user=cpwg_api`;
    }
    w.server = await serveReady(settings);
    const times = [];
    try {
      while (times.length < TIMES) times.push(await once(fault, w));
    } catch (error) {
      await setRight(w);
      throw Object.assign(error, { message: `the ${times.length + 1}th time: ${error.message}` });
    }
    console.log(`# ${what}, ${TIMES} times, median (longest) ms: ${['ready', 'served', 'longest'].map((of) => told(times, of)).join(', ')}`);
    assert.equal(await w.server.stop(), 0);
    if (fault.pair) clusterOf(w.primary)('stop', 'immediate');
  });
