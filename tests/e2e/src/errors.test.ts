/* errors.test.ts: what a developer reads when something is wrong: every field at once, where it stands, in the caller's language. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedFetch, contract, token } from "./service.js";

type Problem = { type: string; title: string; status: number; detail: string; trace_id: string; errors?: { in: string; pointer: string; keyword: string; detail: string }[] };
const bearer = token("coordinator");
const post = (body: string, headers: Record<string, string> = {}) =>
  checkedFetch("/v1/organizations", { method: "POST", body, headers: { "content-type": "application/json", authorization: `Bearer ${bearer}`, ...headers } });
const problem = async (response: Response) => (await response.json()) as Problem;

test("all that is wrong with a body is told at once, by pointer", async () => {
  const response = await post(JSON.stringify({ kind: "castle", name: "", website: "javascript:alert(1)", contact_email: "no", languages: ["es", "es"], listed: "yes", state: "active", extra: 1 }));
  assert.equal(response.status, 422);
  const { errors, type } = await problem(response);
  assert.equal(type, "/problems/invalid-content");
  const pointers = new Set(errors!.map((e) => e.pointer));
  for (const pointer of ["/kind", "/name", "/website", "/contact_email", "/languages", "/listed", "/state", "/extra"]) assert.ok(pointers.has(pointer), pointer);
  assert.ok(errors!.every((e) => e.in === "body" && e.detail.length > 10));
});

test("refused values are never repeated", async () => {
  const response = await post(JSON.stringify({ kind: "SECRET-1", name: 5, contact_email: "SECRET-2", "SECRET 3": 1 }));
  const text = await response.text();
  assert.doesNotMatch(text, /SECRET-[12]/);
});

test("problems speak Spanish or English as asked, Spanish when nothing is asked", async () => {
  const title = async (language?: string) => {
    const response = await checkedFetch("/v1/plan/none", language === undefined ? {} : { headers: { "accept-language": language } });
    return [(await problem(response)).title, response.headers.get("content-language")];
  };
  assert.deepEqual(await title("en"), ["Not found", "en"]);
  assert.deepEqual(await title("es"), ["No encontrado", "es"]);
  assert.deepEqual(await title("fr, en;q=0.5, es;q=0.4"), ["Not found", "en"]);
  assert.deepEqual(await title("en-US,es;q=0.9"), ["Not found", "en"]);
  assert.deepEqual(await title("de"), ["No encontrado", "es"]);
});

test("field errors are sentences in the caller's language", async () => {
  const details = async (language: string) => (await problem(await post('{"kind":"school","name":""}', { "accept-language": language }))).errors!.map((e) => e.detail).join();
  assert.notEqual(await details("es"), await details("en"));
});

test("every problem type has its page in both languages", async () => {
  for (const slug of ["not-found", "invalid-content", "invalid-token", "overloaded", "illegal-transition"])
    for (const language of ["es", "en"]) {
      const page = await checkedFetch(`/problems/${slug}`, { headers: { accept: "text/html", "accept-language": language } });
      assert.equal(page.status, 200);
      assert.match(await page.text(), new RegExp(`<html lang="${language}">`));
    }
  assert.equal((await checkedFetch("/problems/none")).status, 404);
});

for (const [name, body, status] of [
  ["no JSON", "{", 400], ["an empty body", "", 400], ["a duplicate member", '{"kind":"school","kind":"school","name":"x"}', 400],
  ["an escaped NUL", '{"kind":"school","name":"a\\u0000b"}', 400], ["a lone surrogate", '{"kind":"school","name":"\\ud800"}', 400],
  ["something behind the value", '{"kind":"school","name":"x"} x', 400], ["nesting over 32", '{"kind":'.padEnd(100, "[") , 400],
  ["a number over double", '{"kind":1e999,"name":"x"}', 400], ["an array", "[]", 422], ["null", "null", 422], ["a blank name", '{"kind":"school","name":"   "}', 422],
] as const)
  test(`${name} is ${status}`, async () => {
    const response = await post(body);
    assert.equal(response.status, status);
  });

test("lengths count code points", async () => {
  assert.equal((await post(JSON.stringify({ kind: "other", name: "🙂".repeat(160) }))).status, 201);
  assert.equal((await post(JSON.stringify({ kind: "other", name: "🙂".repeat(161) }))).status, 422);
});

test("another media type is 415 and names the right one", async () => {
  const response = await post("{}", { "content-type": "text/plain" });
  assert.equal(response.status, 415);
  assert.match((await problem(response)).detail, /application\/json/);
});

test("a body over its bound is 413", async () => {
  const response = await post(JSON.stringify({ kind: "other", name: "x".repeat(3_000_000) }));
  assert.equal(response.status, 413);
});

for (const [query, pointer] of [
  ["limit=0", "/limit"], ["limit=201", "/limit"], ["limit=1.5", "/limit"], ["limit=+5", "/limit"], ["limit=", "/limit"], ["limit=5&limit=6", "/limit"],
  ["kind=castle", "/kind"], ["nothing=1", "/nothing"], ["updated_since=yesterday", "/updated_since"], ["updated_since=2026-02-30T00:00:00Z", "/updated_since"],
  ["include=all", "/include"], ["neighborhood=%00", "/neighborhood"], ["neighborhood=%ff", "/neighborhood"], ["neighborhood=%zz", "/neighborhood"],
] as const)
  test(`?${query} is 400 and points at ${pointer}`, async () => {
    const response = await checkedFetch(`/v1/organizations?${query}`, { headers: { authorization: `Bearer ${bearer}` } });
    assert.equal(response.status, 400);
    const { errors } = await problem(response);
    assert.deepEqual(errors!.map((e) => [e.in, e.pointer]), [["query", pointer]]);
  });

test("an id that is no UUID is 400", async () => {
  const response = await checkedFetch("/v1/organizations/7", { headers: { authorization: `Bearer ${bearer}` } });
  assert.equal(response.status, 400);
});

test("unknown paths are 404, other methods 405 with Allow equal to the contract", async () => {
  assert.equal((await checkedFetch("/v2")).status, 404);
  assert.equal((await checkedFetch("/v1/plan/")).status, 404);
  assert.equal((await checkedFetch("/V1/plan")).status, 404);
  const paths = new Map<string, string[]>();
  for (const { path, method } of contract.operations()) paths.set(path, [...(paths.get(path) ?? []), method.toUpperCase()]);
  for (const [path, methods] of paths) {
    const response = await checkedFetch(path.replace(/\{[^}]+\}/, "x"), { method: "DELETE" });
    if (methods.includes("DELETE")) continue;
    assert.equal(response.status, 405, path);
    const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort();
    assert.deepEqual(response.headers.get("allow")!.split(/, */).sort(), allowed);
  }
});

test("a trace is carried through, or begun", async () => {
  const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const response = await checkedFetch("/v1/plan/none", { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
  assert.equal((await problem(response)).trace_id, trace);
  assert.match(response.headers.get("traceparent")!, new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
  assert.match((await problem(await checkedFetch("/v1/plan/none", { headers: { traceparent: "00-zz-1-01" } }))).trace_id, /^[0-9a-f]{32}$/);
});

test("browsers may read the public, and preflights are answered", async () => {
  const read = await checkedFetch("/v1/plan", { headers: { origin: "https://front.example.org" } });
  assert.equal(read.headers.get("access-control-allow-origin"), "*");
  assert.match(read.headers.get("access-control-expose-headers")!, /ETag/i);
  const preflight = await checkedFetch("/v1/plan", { method: "OPTIONS", headers: { origin: "https://front.example.org", "access-control-request-method": "GET", "access-control-request-headers": "traceparent" } });
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get("access-control-allow-methods")!, /GET/);
  const missing = await checkedFetch("/v1/plan/none", { headers: { origin: "https://front.example.org" } });
  assert.equal(missing.headers.get("access-control-allow-origin"), "*");
});
