/* audit.test.ts: each reading of what is private leaves a row that says who, and never what; a refused one leaves none. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { coordinator, handled, somebody } from "./complaints.js";
import { checkedFetch, holder, token } from "./service.js";

/** The audit of one record: a row each. */
function rows(id: string): { by_subject: string; by_role: string; by_affiliation: string; action: string; record: string }[] {
  const text = execFileSync("psql", ["-XqAt", process.env["CPWG_TEST_DATABASE"]!, "-c", `select coalesce(json_agg(a order by id), '[]') from cpwg.audit a where record_id = '${id}'`], { encoding: "utf8" });
  return JSON.parse(text);
}
const kept = (id: string) => rows(id).map((r) => [r.action, r.record, r.by_subject, r.by_role, r.by_affiliation]);

test("whoever reads what is private is kept, list or record, whatever the format", async () => {
  const one = await handled(), me = [one.subject, "case_handler", "city"];
  const { data: note } = await one.handler.POST("/v1/complaints/{id}/notes", { ...one.at, body: { text: "x" } });
  const { data: message } = await one.handler.POST("/v1/complaints/{id}/messages", { ...one.at, body: { language: "es", text: "x" } });
  assert.deepEqual(kept(one.id), [], "writing is signed by itself");
  await one.handler.GET("/v1/complaints/{id}/private", one.at);
  await one.handler.GET("/v1/complaints/{id}/notes", one.at);
  await one.handler.GET("/v1/complaints/{id}/messages", one.at);
  await one.handler.GET("/v1/complaints/{id}/resolution-answers", one.at);
  const bearer = token("case_handler", { subject: one.subject });
  await (await checkedFetch(`/v1/complaints/${one.id}/notes`, { headers: { accept: "text/csv", authorization: `Bearer ${bearer}` } })).text();
  assert.deepEqual(kept(one.id), ["complaint_private", "complaint_note", "complaint_message", "resolution_answer", "complaint_note"].map((record) => ["read", record, ...me]));
  await one.handler.GET("/v1/complaints/{id}/notes/{note_id}", { params: { path: { id: one.id, note_id: note!.id } } });
  assert.deepEqual(kept(note!.id), [["read", "complaint_note", ...me]]);
  await one.handler.GET("/v1/complaints/{id}/messages/{message_id}", { params: { path: { id: one.id, message_id: message!.id } } });
  assert.deepEqual(kept(message!.id), [["read", "complaint_message", ...me]]);
});

test("what is refused leaves no row, for nothing was read", async () => {
  const one = await handled();
  for (const bearer of [token("coordinator"), token("case_handler"), token("case_handler", { subject: one.subject, affiliation: "police" }), token("auditor")])
    for (const door of ["private", "notes", "messages", "resolution-answers"])
      assert.ok((await checkedFetch(`/v1/complaints/${one.id}/${door}`, { headers: { authorization: `Bearer ${bearer}` } })).status >= 403);
  assert.deepEqual(kept(one.id), []);
});

test("the record of a complaint is no secret among those who handle complaints, and leaves none either", async () => {
  const one = await handled();
  await one.handler.GET("/v1/complaints/{id}", one.at);
  await coordinator.GET("/v1/complaints/{id}", one.at);
  assert.deepEqual(kept(one.id), []);
});

test("both sides of a referral are kept when they read its copy", async () => {
  const one = await handled();
  const { data: organization } = await coordinator.POST("/v1/organizations", { body: { kind: "police_department", name: "Police", listed: false } });
  await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
  const { data: sent } = await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: organization!.id, disclosed: ["narrative"], copy: { narrative: "x" } } });
  const subject = `staff ${randomUUID()}`, staff = somebody("police_staff", subject, { organization: organization!.id });
  const at = { params: { path: { id: sent!.id } } };
  await staff.GET("/v1/referrals");
  await somebody("police_staff", "another's").GET("/v1/referrals/{id}", at);
  assert.deepEqual(kept(sent!.id), [], "lists hold no copies, and others read nothing");
  await staff.GET("/v1/referrals/{id}", at);
  await one.handler.GET("/v1/complaints/{id}/referrals/{referral_id}", { params: { path: { id: one.id, referral_id: sent!.id } } });
  assert.deepEqual(kept(sent!.id), [["read", "referral", subject, "police_staff", "police"], ["read", "referral", one.subject, "case_handler", "city"]]);
});
