// How often a request asks for memory, by who asks: our code, which has a bound, and the libraries, which are told.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, becomesReady, createOrganization, serve } from '../faults/world.mjs';
import { callers, PRELOADED } from './allocations.mjs';

const GET_MAX = 4, LIST_MAX = 20, ROWS = 50;
const BEFORE = 20, COUNTED = 41; // the first requests prepare statements, and find buffers as large as they need
const SETTLES_MS = 5; // what is done after the answer was sent
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
let server, id;

before(async () => {
  server = await serve({ ...PRELOADED }, undefined, process.env.CPWG_RELEASE);
  await becomesReady(server);
  for (let i = 0; i < ROWS; i++) id = await createOrganization(server);
});
after(() => agent.destroy());

const median = (numbers) => numbers.sort((a, b) => a - b)[numbers.length >> 1];

/** Allocations of one such request, by caller: the median of many. Threads that have nothing to do with it ask as well, now and then. */
async function allocationsOf(path) {
  const counted = [];
  for (let i = 0; i < BEFORE + COUNTED; i++) {
    const start = callers(), answer = await ask(server, { path, agent });
    assert.equal(answer.status, 200, answer.body);
    await sleep(SETTLES_MS);
    const end = callers();
    if (i >= BEFORE) counted.push((name) => end[name] - (start[name] ?? 0));
  }
  return Object.fromEntries(Object.keys(callers()).map((name) => [name, median(counted.map((of) => of(name)))]).filter(([name, n]) => n || name === 'ours'));
}

const LISTS = [`/v1/organizations?limit=${ROWS}`, `/v1/organizations?kind=other&limit=${ROWS}`, `/v1/police-records?limit=${ROWS}`, `/v1/complaints?limit=${ROWS}`];

test(`a record takes at most ${GET_MAX} allocations of our code`, async () => {
  const counts = await allocationsOf(`/v1/organizations/${id}`);
  console.log(`# ${JSON.stringify(counts)}`);
  assert.ok(counts['libpq.so.5'] > 0, 'it counts');
  assert.ok(counts.ours <= GET_MAX, JSON.stringify(counts));
});

for (const path of LISTS)
  test(`${path} takes at most ${LIST_MAX} allocations of our code`, async () => {
    assert.equal(JSON.parse((await ask(server, { path })).body).data.length, ROWS);
    const counts = await allocationsOf(path);
    console.log(`# ${JSON.stringify(counts)}`);
    assert.ok(counts.ours <= LIST_MAX, JSON.stringify(counts));
  });
