/* people.test.ts: how somebody gets a role, and how they lose it: what counts is the office's record, not the token. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { components } from "../client/schema.js";
import { sql } from "./database.js";
import { anybody, as, checkedFetch, client, token } from "./service.js";

type Options = { [name: string]: string };
const never = "0000-0000-0000-0000-0000-0000-0000";
const newPerson = { name: "Ana Quiñones", email: "ana@example.org", language: "es" as const, role: "case_handler" as const, affiliation: "city" as const };
type NewPerson = components["schemas"]["NewPerson"];
const asNew = (more: object = {}) => ({ ...newPerson, ...more }) as NewPerson;

async function invite(more: object = {}) {
  const { data, response } = await as.coordinator.POST("/v1/people", { body: asNew(more) });
  assert.equal(response.status, 201);
  return data!;
}

/** Each time another token: what a service knows of one for up to a minute stays out of the way. */
const signedIn = (subject: string, role = "resident", options: Options = {}) => client(token(role, { subject, ...options }));
const accept = (subject: string, invitation_code: string, role?: string, options?: Options) =>
  signedIn(subject, role, options).POST("/v1/me/invitation", { body: { invitation_code } });
const me = async (subject: string, role?: string, options?: Options) => (await signedIn(subject, role, options).GET("/v1/me")).data!;
const at = (id: string) => ({ params: { path: { id } } });
const change = (id: string, body: object, by = as.coordinator) => by.PATCH("/v1/people/{id}", { params: { path: { id }, header: { "If-Match": "*" } }, body });
const end = (id: string, by = as.coordinator) => by.POST("/v1/people/{id}/transitions", { ...at(id), body: { to: "ended", reason: "Left." } });

async function active(more: object = {}) {
  const { id, invitation_code } = await invite(more), subject = randomUUID();
  assert.equal((await accept(subject, invitation_code)).response.status, 200);
  return { id, subject };
}

await active({ role: "coordinator" }); // one who stays, so that others can be ended

test("whoever was invited signs in, sends the code, and may do what their record says", async () => {
  const invited = await invite(), subject = randomUUID();
  assert.match(invited.invitation_code, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.deepEqual([invited.state, invited.subject, invited.next], ["invited", null, ["ended"]]);
  const days = (Date.parse(invited.invited_until!) - Date.now()) / 86_400_000;
  assert.ok(days > 13.9 && days < 14.1);

  const before = await me(subject);
  assert.deepEqual([before.role, before.person], ["resident", null]);
  const { data } = await accept(subject, invited.invitation_code.toLowerCase().replaceAll("-", " "));
  assert.deepEqual(data, { id: invited.id, name: "Ana Quiñones", language: "es", role: "case_handler", affiliation: "city", organization: null, state: "active" });
  const after = await me(subject);
  assert.deepEqual([after.role, after.affiliation, after.person], ["case_handler", "city", { id: invited.id, name: "Ana Quiñones", state: "active" }]);

  const { data: seen } = await as.auditor.GET("/v1/people/{id}", at(invited.id));
  assert.deepEqual([seen!.state, seen!.subject, seen!.invited_until], ["active", subject, null]);
  assert.ok(!JSON.stringify(seen).includes(invited.invitation_code));
  const { data: moves } = await as.auditor.GET("/v1/people/{id}/transitions", at(invited.id));
  assert.deepEqual(moves!.data.map((m) => [m.from, m.to, m.by_subject]), [["invited", "active", subject]]);
});

test("a token has the scopes of the record's role, and no others than it names", async () => {
  const { subject } = await active({ role: "auditor", affiliation: "resident" });
  assert.equal((await signedIn(subject, "auditor").GET("/v1/people")).response.status, 200);
  assert.equal((await signedIn(subject, "coordinator").POST("/v1/people", { body: newPerson })).response.status, 403);
  const poor = await me(subject, "resident"); // its token names only a resident's scopes
  assert.deepEqual([poor.role, poor.scopes], ["auditor", []]);
  assert.equal((await signedIn(subject, "resident").GET("/v1/people")).response.status, 403);
});

test("a code works once; wrong, used, replaced and ended ones answer alike", async () => {
  const used = await invite(), replaced = await invite(), ended = await invite();
  assert.equal((await accept(randomUUID(), used.invitation_code)).response.status, 200);
  const again = await as.coordinator.POST("/v1/people/{id}/invitations", { ...at(replaced.id), body: {} });
  assert.equal(again.response.status, 201);
  assert.notEqual(again.data!.invitation_code, replaced.invitation_code);
  assert.equal((await end(ended.id)).response.status, 200);
  const answers = new Set<string>();
  for (const invitation_code of [never, "x", used.invitation_code, replaced.invitation_code, ended.invitation_code]) {
    const { response, error } = await accept(randomUUID(), invitation_code);
    assert.equal(response.status, 404);
    answers.add(JSON.stringify({ ...error, trace_id: "" }));
  }
  assert.equal(answers.size, 1);
  assert.equal((await accept(randomUUID(), again.data!.invitation_code)).response.status, 200);
});

test("the same request shows the same code again; another key makes another person", async () => {
  const header = { "Idempotency-Key": randomUUID() as string };
  const send = (key = header) => as.coordinator.POST("/v1/people", { params: { header: key }, body: newPerson });
  const first = await send(), again = await send(), other = await send({ "Idempotency-Key": randomUUID() });
  assert.deepEqual([again.data!.id, again.data!.invitation_code], [first.data!.id, first.data!.invitation_code]);
  assert.notEqual(other.data!.invitation_code, first.data!.invitation_code);
  const renew = () => as.coordinator.POST("/v1/people/{id}/invitations", { params: { path: { id: first.data!.id }, header }, body: {} });
  assert.equal((await renew()).response.status, 422); // the key has served another request
});

test("what is sent again under its key after 24 hours is refused, and nobody is invited twice", async () => {
  const header = { "Idempotency-Key": randomUUID() as string }, body = asNew({ name: randomUUID() });
  const send = () => as.coordinator.POST("/v1/people", { params: { header }, body });
  const { id } = (await send()).data!;
  sql(`update idempotency_key set created_at = created_at - interval '25 hours' where record_id = '${id}'`);
  const { response, error } = await send();
  assert.equal(response.status, 409);
  assert.match((error as { detail: string }).detail, /already_invited/);
  assert.equal(sql(`select count(*) from person where name = '${body.name}'`), "1");
});

test("whoever is somebody already takes up no other invitation", async () => {
  const { subject } = await active(), other = await invite();
  assert.equal((await accept(subject, other.invitation_code)).response.status, 409);
  assert.equal((await accept(randomUUID(), other.invitation_code)).response.status, 200); // it was not used up
});

test("of two who send one code at the same time one gets in", async () => {
  const { invitation_code } = await invite();
  const answers = await Promise.all(Array.from({ length: 6 }, () => accept(randomUUID(), invitation_code)));
  assert.deepEqual(answers.map((a) => a.response.status).sort(), [200, 404, 404, 404, 404, 404]);
});

test("a record that is only invited, or ended, leaves no more than a resident's rights, whatever the token says", async () => {
  const { id, subject } = await active({ role: "coordinator" });
  assert.equal((await me(subject, "coordinator")).role, "coordinator");
  assert.equal((await end(id)).response.status, 200);
  for (const role of ["coordinator", "partner", "police_source", "auditor"]) {
    const now = await me(subject, role, { organization: randomUUID(), source: "lpd" });
    assert.deepEqual([now.role, now.organization, now.source, now.person?.state], ["resident", null, null, "ended"], role);
  }
  assert.equal((await signedIn(subject, "coordinator").GET("/v1/people")).response.status, 403);

  const again = await as.coordinator.POST("/v1/people/{id}/invitations", { ...at(id), body: {} });
  assert.equal(again.data!.state, "invited");
  assert.equal((await me(subject, "coordinator")).role, "resident");
  assert.equal((await accept(subject, again.data!.invitation_code)).response.status, 200);
  assert.equal((await me(subject, "coordinator")).role, "coordinator");
  assert.equal((await as.coordinator.POST("/v1/people/{id}/invitations", { ...at(id), body: {} })).response.status, 409);
});

test("nobody is made active but by the code, also who was before", async () => {
  const { id, subject } = await active();
  await end(id);
  const move = (to: string) => as.coordinator.POST("/v1/people/{id}/transitions", { ...at(id), body: { to } });
  const { data } = await move("invited");
  assert.deepEqual([data!.state, data!.subject, data!.next], ["invited", subject, ["ended"]]);
  assert.equal((await move("active")).response.status, 409);
});

/** Elsewhere within 60 seconds: systems.test.ts has two servers. */
test("what a person may do changes at once where it was changed, for the token that they hold", async () => {
  const subject = randomUUID(), held = signedIn(subject, "coordinator"), { id, invitation_code } = await invite({ role: "member", affiliation: "resident" });
  const people = async () => (await held.GET("/v1/people")).response.status;
  assert.equal(await people(), 200);
  assert.equal((await held.POST("/v1/me/invitation", { body: { invitation_code } })).response.status, 200);
  assert.deepEqual([(await held.GET("/v1/me")).data!.role, await people()], ["member", 403]);
  assert.equal((await change(id, { role: "coordinator", affiliation: "city" })).response.status, 200);
  assert.equal(await people(), 200);
  assert.equal((await change(id, { affiliation: "police" }, held)).response.status, 200, "their own");
  assert.equal(await people(), 403);
  assert.equal((await change(id, { affiliation: "city" })).response.status, 200);
  assert.equal(await people(), 200);
  await end(id);
  assert.deepEqual([(await held.GET("/v1/me")).data!.role, await people()], ["resident", 403]);
});

test("who reads people leaves a row in the audit", async () => {
  const { id } = await invite(), subject = randomUUID(), reader = signedIn(subject, "coordinator");
  await reader.GET("/v1/people/{id}", at(id));
  await reader.GET("/v1/people/{id}", at(randomUUID()));
  await reader.GET("/v1/people");
  await checkedFetch("/v1/people", { headers: { accept: "text/csv", authorization: `Bearer ${token("coordinator", { subject })}` } });
  assert.equal(sql(`select string_agg(concat_ws(' ', action, record, record_id), ',' order by id) from audit where by_subject = '${subject}'`), `read person ${id},read person,read person`);
});

test("a seat that has ended stays as it was", async () => {
  const { id: person, subject } = await active();
  const { data: seat } = await as.coordinator.POST("/v1/members", { body: { person, display_name: "Ana Q.", seat_kind: "resident", term: { from: "2026-01-01", to: null } } });
  const params = { path: { id: seat!.id } };
  const rename = (display_name: string) => as.coordinator.PATCH("/v1/members/{id}", { params: { ...params, header: { "If-Match": "*" } }, body: { display_name } });
  assert.equal((await rename("Ana Quiñones")).response.status, 200);
  assert.equal((await as.coordinator.POST("/v1/members/{id}/transitions", { params, body: { to: "ended", reason: "Moved away." } })).response.status, 200);
  assert.equal((await rename("Somebody else")).response.status, 409);
  assert.equal((await change(person, { affiliation: "police" })).response.status, 200);
  const { data: after } = await as.coordinator.GET("/v1/members/{id}", { params });
  assert.deepEqual([after!.display_name, after!.affiliation, after!.state], ["Ana Quiñones", "city", "ended"], subject);
});

test("police is whom token or record calls so, and nobody of the police keeps people, whatever their role", async () => {
  const byRecord = await active({ role: "coordinator", affiliation: "police" }), byToken = await active({ role: "coordinator" });
  const kept = await invite();
  for (const [who, options] of [[byRecord, {}], [byToken, { affiliation: "police" }]] as const) {
    assert.deepEqual([(await me(who.subject, "coordinator", options)).role, (await me(who.subject, "coordinator", options)).affiliation], ["coordinator", "police"]);
    const police = signedIn(who.subject, "coordinator", options);
    const seat = { person: kept.id, display_name: "x", seat_kind: "resident" as const, term: { from: "2026-01-01", to: null } };
    assert.equal((await police.POST("/v1/people", { body: newPerson })).response.status, 403);
    assert.equal((await police.POST("/v1/members", { body: seat })).response.status, 403);
    for (const answer of [await police.GET("/v1/people"), await change(kept.id, { role: "coordinator" }, police), await change(who.id, { affiliation: "city" }, police), await end(kept.id, police),
      await police.POST("/v1/people/{id}/invitations", { ...at(kept.id), body: {} }), await police.GET("/v1/people/{id}", at(kept.id))])
      assert.equal(answer.response.status, 403);
  }
  assert.equal((await as.auditor.GET("/v1/people/{id}", at(byRecord.id))).data!.affiliation, "police");
});

test("role, affiliation and organization belong together", async () => {
  const organization = async (kind: "police_department" | "city_department" | "school") =>
    (await as.coordinator.POST("/v1/organizations", { body: { kind, name: randomUUID(), listed: false } })).data!.id;
  const [police, city, school] = [await organization("police_department"), await organization("city_department"), await organization("school")];
  const table: [object, number][] = [
    [{ role: "partner", affiliation: "organization", organization: school }, 201],
    [{ role: "partner", affiliation: "organization" }, 409],
    [{ role: "partner", affiliation: "organization", organization: city }, 409],
    [{ role: "partner", affiliation: "police", organization: police }, 409],
    [{ role: "police_staff", affiliation: "police", organization: police }, 201],
    [{ role: "police_staff", affiliation: "city", organization: police }, 409],
    [{ role: "police_staff", affiliation: "police", organization: school }, 409],
    [{ role: "police_staff", affiliation: "police" }, 409],
    [{ role: "member", affiliation: "resident", organization: police }, 409],
    [{ role: "member", affiliation: "police", organization: police }, 201],
    [{ role: "city", affiliation: "city", organization: randomUUID() }, 409],
    [{ role: "police_source", affiliation: "police" }, 422],
    [{ role: "sheriff" }, 422],
    [{ state: "active" }, 422],
    [{ subject: "me" }, 422],
  ];
  for (const [more, status] of table)
    assert.equal((await as.coordinator.POST("/v1/people", { body: asNew(more) })).response.status, status, JSON.stringify(more));
});

test("a partner's organization is their record's, whatever the token says", async () => {
  const organization = async () => (await as.coordinator.POST("/v1/organizations", { body: { kind: "other", name: randomUUID(), listed: false } })).data!.id;
  const [theirs, other] = [await organization(), await organization()];
  const { subject } = await active({ role: "partner", affiliation: "organization", organization: theirs });
  const partner = signedIn(subject, "partner", { organization: other });
  assert.deepEqual((await partner.GET("/v1/organizations")).data!.data.map((o) => o.id), [theirs]);
  assert.equal((await partner.GET("/v1/organizations/{id}", at(other))).response.status, 404);
});

test("/v1/me tells whom the service sees, and what the contract opens to them", async () => {
  const organization = randomUUID();
  const { data, response } = await client(token("partner", { subject: "somebody", organization })).GET("/v1/me");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual([data!.subject, data!.role, data!.affiliation, data!.organization, data!.source, data!.person], ["somebody", "partner", "organization", organization, null, null]);
  assert.deepEqual(data!.scopes.sort(), ["complaints:file", "organizations:read", "organizations:write_own", "referrals:receive"]);
  assert.ok(Date.parse(data!.expires_at) > Date.now());
  for (const [operation, may] of [["changeOrganization", true], ["getMe", true], ["listPublishedOrganizations", true], ["createOrganization", false], ["listPeople", false], ["getCase", false]] as const)
    assert.equal(data!.operations.includes(operation), may, operation);
  assert.equal((await anybody.GET("/v1/me")).response.status, 401);
  assert.equal((await checkedFetch("/v1/me", { headers: { "case-key": never } })).status, 401);
});

test("a seat: offered, taken, shown by consent, ended with its person", async () => {
  const { id: person } = await active({ role: "member", affiliation: "resident" });
  const body = { person, display_name: `Ana ${randomUUID()}`, seat_kind: "community_leader" as const, appointed_by: "City Council", term: { from: "2026-01-01", to: null }, profile: { es: "Vive aquí.", en: "Lives here." } };
  const { data: seat, response } = await as.coordinator.POST("/v1/members", { body });
  assert.equal(response.status, 201);
  assert.deepEqual([seat!.state, seat!.listed, seat!.affiliation, seat!.term], ["invited", false, "resident", { from: "2026-01-01", to: null }]);
  assert.equal((await as.coordinator.POST("/v1/members", { body })).response.status, 409); // one seat at a time
  const shown = async () => (await anybody.GET("/v1/published-members/{id}", at(seat!.id))).response.status;
  const patch = (change: object) => as.coordinator.PATCH("/v1/members/{id}", { params: { path: { id: seat!.id }, header: { "If-Match": "*" } }, body: change });
  const move = (to: string, reason?: string) => as.coordinator.POST("/v1/members/{id}/transitions", { ...at(seat!.id), body: { to, ...(reason ? { reason } : {}) } });
  assert.equal((await patch({ listed: true })).response.status, 200);
  assert.equal(await shown(), 404); // offered, not taken
  assert.equal((await move("seated")).response.status, 200);
  assert.equal(await shown(), 200);
  assert.equal((await patch({ listed: false })).response.status, 200);
  assert.equal(await shown(), 404);
  await patch({ listed: true });
  assert.equal((await change(person, { affiliation: "police" })).response.status, 200);
  const { data: published } = await anybody.GET("/v1/published-members", { params: { query: { limit: 200 } } });
  const row = published!.data.find((m) => m.id === seat!.id)!;
  assert.deepEqual([row.display_name, row.affiliation, "person" in row, "appointed_by" in row], [body.display_name, "police", false, false]);
  assert.equal((await move("ended")).response.status, 409); // needs a reason
  await end(person);
  assert.equal(await shown(), 404);
  assert.equal((await as.auditor.GET("/v1/members/{id}", at(seat!.id))).data!.state, "ended");
  assert.deepEqual((await as.auditor.GET("/v1/members/{id}/transitions", at(seat!.id))).data!.data.map((m) => m.to), ["seated", "ended"]);
  assert.equal((await as.coordinator.POST("/v1/members", { body })).response.status, 409); // the person has ended
});
