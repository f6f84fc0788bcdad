// audited.test.mjs: whoever reads private text by any operation leaves a row in the audit that says so; what is refused leaves none.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'node:test';
import { sql } from '../e2e/out/src/database.js';
import { send } from './client.mjs';
import { toSend } from './requests.mjs';
import { operations, scene } from './world.mjs';

const PRIVATE = ['listAudit', 'listPeople', 'getPerson', 'listPersonTransitions', 'listMemberTransitions']; // not sealed, and of people all the same

const shows = (value) => typeof value === 'object' && value !== null && (value['x-sealed'] === true || Object.values(value).some(shows));
const read = ({ method, id, operation: { security, responses } }) =>
  method === 'get' && security.some((way) => way.token) && (PRIVATE.includes(id) || shows(responses['200'].content));

/** Rows that say that somebody read. */
const rows = () => Number(sql(`select count(*) from audit where action = 'read'`));

test('private text is shown by operations that this finds', () => assert.ok(operations.filter(read).length > 15));

for (const operation of operations.filter(read))
  test(`${operation.id} leaves a row for who reads`, async () => {
    const at = await scene(operation), request = { path: {}, query: {}, headers: {} };
    const before = rows();
    const answer = await send(toSend(operation, request, at));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(rows(), before + 1);
    if (!operation.path.includes('{')) return;
    const missing = await send(toSend(operation, { ...request, path: { id: randomUUID() } }, at));
    assert.equal(missing.status, 404);
    assert.equal(rows(), before + 1, 'what is refused leaves none');
  });
