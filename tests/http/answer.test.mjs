// answer.test.mjs: what every answer carries: lengths, languages, caching, origins, traces, challenges.
import assert from 'node:assert/strict';
import test from 'node:test';
import { READ, TOKEN, WRITE, answers, assertProblem, get, head, talk } from './wire.mjs';

async function ask(line, ...headers) {
  const { text } = await talk(head(line, ...headers, 'Connection: close'));
  const [answer, ...more] = answers(text, [line.split(' ')[0]]);
  assert.equal(more.length, 0);
  return answer;
}

test('HEAD is GET without the body', async () => {
  const got = await ask(`GET ${READ}`), bare = await ask(`HEAD ${READ}`);
  assert.equal(bare.status, 200);
  assert.equal(bare.headers.get('content-length'), String(got.body.length));
  assert.equal(bare.headers.get('content-type'), got.headers.get('content-type'));
  const refused = await ask('HEAD /v1/nothing-here');
  assert.equal(refused.status, 404);
  assert.ok(Number(refused.headers.get('content-length')) > 0);
});

test('OPTIONS says what the path allows, 405 the same', async () => {
  const options = await ask(`OPTIONS ${READ}`);
  assert.equal(options.status, 204);
  assert.ok(!options.headers.has('content-length'));
  const allow = options.headers.get('allow');
  assert.match(allow, /GET, HEAD.*OPTIONS/);
  for (const method of ['DELETE', 'PUT', 'PATCH', 'TRACE', 'QUERY']) {
    const refused = await ask(`${method} ${READ}`, 'X-Secret: echo-me');
    assertProblem(refused, 405);
    assert.equal(refused.headers.get('allow'), allow);
    assert.ok(!refused.body.includes('echo-me'));
  }
  assertProblem(await ask('OPTIONS /v1/nothing-here'), 404);
  assert.equal((await ask('OPTIONS *')).status, 204);
});

test('problems speak the language of the caller', async () => {
  const spanish = await ask('GET /v1/nothing-here', 'Accept-Language: es-PR'), english = await ask('GET /v1/nothing-here', 'Accept-Language: de, en;q=0.5');
  assert.equal(spanish.headers.get('content-language'), 'es');
  assert.equal(english.headers.get('content-language'), 'en');
  assert.match(spanish.headers.get('vary'), /Accept-Language/);
  assert.notEqual(assertProblem(spanish, 404).title, assertProblem(english, 404).title);
});

test('public reads may be kept by anybody, and by pages of any origin', async () => {
  const answer = await ask(`GET ${READ}`, 'Origin: https://elsewhere.example');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=60, stale-while-revalidate=300');
  assert.equal(answer.headers.get('access-control-allow-origin'), '*');
  assert.ok(!answer.headers.has('access-control-allow-credentials'));
  assert.match(answer.headers.get('access-control-expose-headers'), /ETag, Link/);
  const problem = await ask(`GET ${READ}?unknown=1`, 'Origin: https://elsewhere.example');
  assert.equal(assertProblem(problem, 400).errors[0].keyword, 'unknown');
  assert.equal(problem.headers.get('access-control-allow-origin'), '*');
});

test('others are for configured origins only', async () => {
  const preflight = (origin) => ask(`OPTIONS ${WRITE}`, `Origin: ${origin}`, 'Access-Control-Request-Method: POST', 'Access-Control-Request-Headers: authorization');
  const stranger = await preflight('https://elsewhere.example');
  assert.equal(stranger.status, 204);
  assert.ok(!stranger.headers.has('access-control-allow-origin'));
  for (const origin of (process.env.CPWG_CORS_ORIGINS ?? '').split(',').filter(Boolean)) {
    const friend = await preflight(origin);
    assert.equal(friend.headers.get('access-control-allow-origin'), origin);
    assert.match(friend.headers.get('vary'), /Origin/);
    assert.match(friend.headers.get('access-control-allow-headers'), /Authorization, Case-Key/);
    assert.equal(friend.headers.get('access-control-max-age'), '600');
  }
});

test('a bad token is 401 wherever it is sent', async () => {
  for (const token of ['Bearer nonsense', 'Basic YTpi', 'Bearer', 'Bearer a b']) {
    const refused = await ask(`GET ${READ}`, `Authorization: ${token}`);
    assertProblem(refused, 401);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer realm="cpwg", error="invalid_token", resource_metadata="/.well-known/oauth-protected-resource"');
  }
});

test('a trace goes on, or begins', async () => {
  const id = '0af7651916cd43dd8448eb211c80319c', span = 'b7ad6b7169203331';
  const continued = await ask('GET /v1/nothing-here', `traceparent: 00-${id}-${span}-01`);
  assert.equal(assertProblem(continued, 404).trace_id, id);
  assert.match(continued.headers.get('traceparent'), new RegExp(`^00-${id}-(?!${span})[0-9a-f]{16}-01$`));
  const begun = await ask('GET /v1/nothing-here', 'traceparent: nonsense');
  assert.match(begun.headers.get('traceparent'), /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test('every answer has a date and nosniff, and names no server', async () => {
  for (const answer of [await ask(`GET ${READ}`), await ask('GET /v1/nothing-here')]) {
    assert.ok(Math.abs(Date.parse(answer.headers.get('date')) - Date.now()) < 5000);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    assert.ok(!answer.headers.has('server'));
  }
});

test('how long the database took is told of public answers alone, never of what is not there or not for everybody', async () => {
  assert.match((await ask(`GET ${READ}`)).headers.get('server-timing'), /^app;dur=\d+\.\d\d, db;dur=\d+\.\d\d$/);
  const quiet = [await ask(`GET ${READ}`, `Authorization: Bearer ${TOKEN}`), await ask(`GET ${READ}/nothing`), await ask('GET /v1/nothing-here')];
  for (const answer of quiet) assert.ok(!answer.headers.has('server-timing'), `${answer.status}`);
});

test('an answer that nobody takes is 406', async () => {
  assertProblem(await ask(`GET ${READ}`, 'Accept: image/png'), 406);
  assert.equal((await ask(`GET ${READ}`, 'Accept: image/png, */*;q=0.1')).status, 200);
});

test('CSV streams in chunks, and on HTTP/1.0 until the end', async () => {
  const streamed = await ask(`GET ${READ}`, 'Accept: text/csv');
  assert.equal(streamed.status, 200);
  assert.match(streamed.headers.get('content-type'), /^text\/csv/);
  assert.match(streamed.headers.get('vary'), /Accept/);
  const { text, closed } = await talk(`GET ${READ} HTTP/1.0\r\nHost: a\r\nAccept: text/csv\r\n\r\n`);
  assert.ok(closed);
  const [old] = answers(text);
  assert.ok(!old.headers.has('transfer-encoding'));
  assert.equal(old.body, streamed.body);
});

test('the admin port tells liveness, readiness and metrics, and nothing else', async () => {
  const admin = process.env.CPWG_ADMIN_URL;
  assert.deepEqual(JSON.parse((await get(`${admin}/livez`)).body), { status: 'ok' });
  assert.deepEqual(JSON.parse((await get(`${admin}/readyz`)).body), { status: 'ok' });
  const metrics = await get(`${admin}/metrics`);
  assert.match(metrics.headers['content-type'], /^text\/plain; version=0\.0\.4/);
  assert.match(metrics.body, /cpwg_requests_total\{operation="none",status="4xx"\} \d+/);
  assert.match(metrics.body, /cpwg_problems_total\{type="unknown-path"\} \d+/);
  assert.match(metrics.body, /cpwg_db_connections\{pool="requests",state="in_use"\} \d+/);
  assert.ok(!('access-control-allow-origin' in metrics.headers));
  assert.equal((await get(`${admin}/v1/vocabularies`)).status, 404);
  assert.equal((await get(`${process.env.CPWG_URL}/metrics`)).status, 404);
});
