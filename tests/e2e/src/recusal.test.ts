/* recusal.test.ts: a case handler sees what is assigned to them and nothing else, and loses it for good by a recusal. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { checkedFetch, token } from "./service.js";
import { assign, coordinator, file, handled } from "./complaints.js";

/** What every GET below a complaint answers. */
async function doors(id: string, bearer: string) {
  const below = ["", "/private", "/transitions", "/assignments", "/recusals", "/allegations", "/notes", "/messages", "/resolutions", "/resolution-answers", "/links", "/referrals"];
  const statuses: { [door: string]: number } = {};
  for (const door of below) statuses[door] = (await checkedFetch(`/v1/complaints/${id}${door}`, { headers: { authorization: `Bearer ${bearer}` } })).status;
  return statuses;
}
const all = (doors: object, status: number) => Object.fromEntries(Object.keys(doors).map((door) => [door, status]));

test("a case handler sees what is assigned to them, and nothing else", async () => {
  const mine = await handled(), other = await file();
  const bearer = token("case_handler", { subject: mine.subject });
  const open = await doors(mine.id, bearer);
  assert.deepEqual(open, all(open, 200));
  assert.deepEqual(await doors(other.id, bearer), all(open, 404));
  const { data } = await mine.handler.GET("/v1/complaints", { params: { query: { limit: 200, include: "total" } } });
  assert.deepEqual([data!.data.map((c) => c.id), data!.total], [[mine.id], 1]);
});

test("an assignment that ends takes the access away, and gives it back when it is made again", async () => {
  const mine = await handled(), bearer = token("case_handler", { subject: mine.subject });
  const { data } = await coordinator.GET("/v1/complaints/{id}/assignments", mine.at);
  const one = { params: { path: { id: mine.id, assignment_id: data!.data[0]!.id } } };
  assert.equal((await coordinator.DELETE("/v1/complaints/{id}/assignments/{assignment_id}", one)).response.status, 204);
  const shut = await doors(mine.id, bearer);
  assert.deepEqual(shut, all(shut, 404));
  const ended = (await coordinator.GET("/v1/complaints/{id}/assignments/{assignment_id}", one)).data!.ended_at;
  assert.equal((await coordinator.DELETE("/v1/complaints/{id}/assignments/{assignment_id}", one)).response.status, 204);
  assert.equal((await coordinator.GET("/v1/complaints/{id}/assignments/{assignment_id}", one)).data!.ended_at, ended, "ending it again changes nothing");
  await assign(mine.id, mine.subject);
  assert.equal((await doors(mine.id, bearer))["/private"], 200);
});

test("who recuses themself has nothing to do with it any more, for good", async () => {
  const mine = await handled(), other = await handled();
  await assign(other.id, mine.subject);
  const bearer = token("case_handler", { subject: mine.subject });
  const { data: recusal, response } = await mine.handler.POST("/v1/complaints/{id}/recusals", { ...mine.at, body: { reason: "The officer is my cousin." } });
  assert.equal(response.status, 201);
  assert.deepEqual([recusal!.subject, recusal!.by_subject], [mine.subject, mine.subject]);
  const shut = await doors(mine.id, bearer);
  assert.deepEqual(shut, all(shut, 404));
  assert.equal((await doors(other.id, bearer))["/private"], 200, "other complaints of theirs stay");
  assert.equal((await mine.handler.GET("/v1/complaints/{id}/recusals/{recusal_id}", { params: { path: { id: mine.id, recusal_id: recusal!.id } } })).response.status, 200, "they read their own recusal");
  for (const [operation, body] of [["transitions", { to: "acknowledged" }], ["notes", { text: "x" }], ["messages", { language: "es", text: "x" }], ["allegations", { category: "force" }], ["recusals", { reason: "again" }]] as const) {
    const answer = await checkedFetch(`/v1/complaints/${mine.id}/${operation}`, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", authorization: `Bearer ${bearer}` } });
    assert.equal(answer.status, 404, operation);
  }
  const { data: record } = await coordinator.GET("/v1/complaints/{id}", mine.at);
  assert.deepEqual(record!.assignees, [], "the assignment has ended");
  const back = await coordinator.POST("/v1/complaints/{id}/assignments", { ...mine.at, body: { subject: mine.subject } });
  assert.equal(back.response.status, 409);
  assert.match((back.error as { detail: string }).detail, /recusada/);
});

test("a case handler recuses nobody else, a coordinator anybody", async () => {
  const one = await handled();
  const colleague = `handler ${randomUUID()}`;
  await assign(one.id, colleague);
  const body = { subject: colleague, reason: "Works beside the officer." };
  assert.equal((await one.handler.POST("/v1/complaints/{id}/recusals", { ...one.at, body })).response.status, 403);
  assert.equal((await doors(one.id, token("case_handler", { subject: colleague })))["/private"], 200);
  assert.equal((await coordinator.POST("/v1/complaints/{id}/recusals", { ...one.at, body })).response.status, 201);
  assert.equal((await doors(one.id, token("case_handler", { subject: colleague })))["/private"], 404);
  const twice = await coordinator.POST("/v1/complaints/{id}/recusals", { ...one.at, body });
  assert.equal(twice.response.status, 409);
  assert.match((twice.error as { detail: string }).detail, /already_recused/);
});

test("a recused coordinator does not see it either, not even in lists", async () => {
  const one = await file(), subject = `coordinator ${randomUUID()}`, bearer = token("coordinator", { subject });
  const mirror = async () => (await (await checkedFetch(`/v1/complaints?updated_since=${encodeURIComponent(new Date(Date.now() - 60_000).toISOString())}`, { headers: { authorization: `Bearer ${bearer}`, accept: "application/x-ndjson" } })).text()).includes(one.id);
  assert.ok(await mirror());
  assert.equal((await coordinator.POST("/v1/complaints/{id}/recusals", { params: { path: { id: one.id } }, body: { subject, reason: "A friend complains." } })).response.status, 201);
  assert.ok(!(await mirror()));
  const shut = await doors(one.id, bearer);
  assert.deepEqual(shut, all(shut, 404));
});
