/* access.test.ts: every operation, for every role, on its own, another's and a missing record. What may not be seen is told
 * apart from what does not exist by nothing: not by status, not by a byte. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { as, checkedFetch, client, contract, token } from "./service.js";
import { file, handle, look, publish, summary } from "./cases.js";
import { assign, somebody } from "./complaints.js";
import { addComplaint, addCounterpart, addSource } from "./database.js";

type Dict = { [name: string]: any };
const roles = Object.keys(contract.document["x-roles"] as Dict).filter((role) => !["public", "case"].includes(role));
const missing = "00000000-0000-4000-8000-000000000000";

async function organization(listed: boolean) {
  const { data } = await as.coordinator.POST("/v1/organizations", { body: { kind: "other", name: `access ${randomUUID()}`, listed } });
  return data!.id;
}
const own = await organization(false), others = await organization(false);
const sources = { own: addSource(), others: addSource() };
const tokens = Object.fromEntries(roles.map((role) => [role, token(role, { organization: own, source: sources.own })]));

/** Police records, of the caller's source and of another. */
async function push(source: string) {
  const records = [{ external_id: randomUUID(), received_on: "2026-01-02", category: "force", status: "open" as const, narrative: "what happened" }];
  const { data } = await client(token("police_source", { source })).POST("/v1/police-batches", { body: { records }, params: { header: { "Idempotency-Key": randomUUID() } } });
  return { batch: data!.id, record: data!.results[0]!.id! };
}
const police = { own: await push(sources.own), others: await push(sources.others), withdrawn: await push(sources.own), free: await push(sources.own) };
const records = { own: police.own.record, others: police.others.record };
const handled = { own: addComplaint("demo-case_handler"), others: addComplaint() }, paired = { own: addComplaint("demo-case_handler"), others: handled.others };
const counterpart = addCounterpart(paired.own, records.own);

/** Complaints: the caller's own are those assigned to them. The keeper handles all, and makes what stands below them. */
const keeper = somebody("coordinator", "keeper");
async function complaint(...assignees: string[]) {
  const { id } = await file();
  for (const subject of ["keeper", ...assignees]) await assign(id, subject);
  return id;
}
const complaints = { own: await complaint("demo-case_handler", "demo-coordinator"), others: await complaint() };
const refer = async (id: string, organization: string) => (await keeper.POST("/v1/complaints/{id}/referrals", { params: { path: { id } }, body: { organization, disclosed: [] } })).data!.id;
const referrals = { own: await refer(complaints.own, own), others: await refer(complaints.others, others) };

/** People and seats: the office sees all of them; nobody has one of their own. */
async function person() {
  const body = { name: "x", email: "x@example.org", language: "en" as const, role: "member" as const, affiliation: "resident" as const };
  return (await as.coordinator.POST("/v1/people", { body })).data!.id;
}
async function seat() {
  const body = { person: await person(), display_name: "x", seat_kind: "resident" as const, term: { from: "2026-01-01", to: null } };
  return (await as.coordinator.POST("/v1/members", { body })).data!.id;
}
const people = { own: await person(), others: await person() }, seats = { own: await seat(), others: await seat() };

/** Something new below a complaint. */
const below = {
  assignment: (id: string) => assign(id, randomUUID()),
  recusal: async (id: string) => (await keeper.POST("/v1/complaints/{id}/recusals", { params: { path: { id } }, body: { subject: randomUUID(), reason: "x" } })).data!.id,
  allegation: async (id: string) => (await keeper.POST("/v1/complaints/{id}/allegations", { params: { path: { id } }, body: { category: "other" } })).data!.id,
  note: async (id: string) => (await keeper.POST("/v1/complaints/{id}/notes", { params: { path: { id } }, body: { text: "x" } })).data!.id,
  message: async (id: string) => (await keeper.POST("/v1/complaints/{id}/messages", { params: { path: { id } }, body: { language: "en", text: "x" } })).data!.id,
  resolution: async (id: string) => (await keeper.POST("/v1/complaints/{id}/resolutions", { params: { path: { id } }, body: { text: { es: "x", en: "x" }, actions: [] } })).data!.id,
  link: async (id: string) => (await keeper.POST("/v1/complaints/{id}/links", { params: { path: { id } }, body: { kind: "need", target: randomUUID() } })).data!.id,
  referral: (id: string) => refer(id, own),
};

/** A complaint of which a summary was drafted and looked at, by those who are assigned to it. */
async function drafted(handler?: Parameters<typeof look>[0]) {
  const { id } = await file({ publish: "summary" });
  const by = handler ?? (await handle(id)).handler;
  for (const role of handler ? ["case_handler", "coordinator"] : [])
    await as.coordinator.POST("/v1/complaints/{id}/assignments", { params: { path: { id } }, body: { subject: subjectOf(role) } });
  await by.POST("/v1/complaints/{id}/publication", { params: { path: { id } }, body: { summary } });
  return { id, check: (await look(by, id)).data!.id };
}
const subjectOf = (role: string) => (JSON.parse(Buffer.from(tokens[role]!.split(".")[1]!, "base64url").toString()) as { sub: string }).sub;
const [ownDraft, othersDraft] = [await drafted(client(tokens["case_handler"])), await drafted()];
const publications = { own: ownDraft.id, others: othersDraft.id };
const shown = await file({ publish: "summary" });
await publish((await handle(shown.id)).handler, as.publisher, shown.id);
const checks: { [id: string]: string } = { [ownDraft.id]: ownDraft.check, [othersDraft.id]: othersDraft.check };

/** A system, whose clients nobody calls their own. */
const system = await (async () => {
  const { data } = await as.coordinator.POST("/v1/api-clients", { body: { name: "x", role: "partner", organization: own, scopes: ["organizations:read"], address_ranges: [] } });
  const { data: secrets } = await as.coordinator.GET("/v1/api-clients/{id}/secrets", { params: { path: { id: data!.id } } });
  return { id: data!.id, secret: secrets!.data[0]!.id };
})();

/** What may be done, written apart from the contract: a scope given by mistake shows as a difference. Roles that are not named
 * get 403. Operations on one record are asked for the caller's own, another's and a missing one. */
type May = { [role: string]: number | { own: number; others: number } };
const all = (who: string[], status: number | { own: number; others: number }): May => Object.fromEntries(who.map((role) => [role, status]));
const readers = ["member", "facilitator", "liaison", "case_handler", "publisher", "city", "council", "coordinator", "auditor"];
const organizations = { own, others };
const onlyOwn = (status: number, others = 404) => ({ own: status, others });
/** The office reads every record of a complaint, a case handler their own. */
const office: May = { coordinator: 200, auditor: 200, case_handler: onlyOwn(200) };
/** What is private reads who is assigned alone. */
const handlers: May = { coordinator: onlyOwn(200), case_handler: onlyOwn(200) };
/** A coordinator sees what they are not assigned to, and is refused; a case handler does not see it. */
const assigned = (status: number): May => ({ coordinator: onlyOwn(status, 403), case_handler: onlyOwn(status) });
const recipients = (status: number): May => Object.fromEntries(["police_staff", "city", "partner"].map((role) => [role, onlyOwn(status)]));
const patch = "application/merge-patch+json";
type Row = { of?: { own: string; others: string }; child?: (id: string) => Promise<string>; body?: unknown; type?: string; may: May };
const policeReaders = ["coordinator", "auditor", "case_handler"];
const table: { [operation: string]: Row } = {
  listOrganizations: { may: all([...readers, "partner"], 200) },
  createOrganization: { body: { kind: "other", name: "x" }, may: { coordinator: 201 } },
  getOrganization: { of: organizations, may: { ...all(readers, 200), partner: { own: 200, others: 404 } } },
  changeOrganization: { of: organizations, body: { languages: ["es"] }, type: "application/merge-patch+json", may: { coordinator: 200, partner: { own: 200, others: 404 } } },
  transitionOrganization: { of: organizations, body: { to: "active", reason: "already there" }, may: { coordinator: 409 } },
  listOrganizationTransitions: { of: organizations, may: all(["coordinator", "auditor"], 200) },
  getMe: { may: all(roles, 200) },
  acceptInvitation: { body: { invitation_code: "0000-0000-0000-0000-0000-0000-0000" }, may: all(roles, 404) },
  listPeople: { may: all(["coordinator", "auditor"], 200) },
  createPerson: { body: { name: "x", email: "x@example.org", language: "en", role: "member", affiliation: "resident" }, may: { coordinator: 201 } },
  getPerson: { of: people, may: all(["coordinator", "auditor"], 200) },
  changePerson: { of: people, body: { name: "y" }, type: patch, may: { coordinator: 200 } },
  transitionPerson: { of: people, body: { to: "active" }, may: { coordinator: 409 } },
  listPersonTransitions: { of: people, may: all(["coordinator", "auditor"], 200) },
  invitePerson: { of: people, body: {}, may: { coordinator: 201 } },
  listMembers: { may: all(["coordinator", "auditor"], 200) },
  createMember: { body: { person: missing, display_name: "x", seat_kind: "youth", term: { from: "2026-01-01", to: null } }, may: { coordinator: 409 } },
  getMember: { of: seats, may: all(["coordinator", "auditor"], 200) },
  changeMember: { of: seats, body: { display_name: "y" }, type: patch, may: { coordinator: 200 } },
  transitionMember: { of: seats, body: { to: "invited" }, may: { coordinator: 409 } },
  listMemberTransitions: { of: seats, may: all(["coordinator", "auditor"], 200) },
  listComplaints: { may: all(["coordinator", "auditor", "case_handler"], 200) },
  getComplaint: { of: complaints, may: office },
  changeComplaint: { of: complaints, body: { under_18: true }, type: patch, may: { coordinator: 200, case_handler: onlyOwn(200) } },
  listComplaintTransitions: { of: complaints, may: office },
  transitionComplaint: { of: complaints, body: { to: "received" }, may: { coordinator: 409, case_handler: onlyOwn(409) } },
  getComplaintPrivate: { of: complaints, may: handlers },
  listAssignments: { of: complaints, may: office },
  assignComplaint: { of: complaints, body: () => ({ subject: randomUUID() }), may: { coordinator: 201 } },
  getAssignment: { of: complaints, child: below.assignment, may: office },
  endAssignment: { of: complaints, child: below.assignment, may: { coordinator: 204 } },
  listRecusals: { of: complaints, may: office },
  recuse: { of: complaints, body: () => ({ subject: randomUUID(), reason: "x" }), may: { coordinator: 201, case_handler: onlyOwn(403) } },
  getRecusal: { of: complaints, child: below.recusal, may: { coordinator: 200, auditor: 200, case_handler: 404 } },
  listAllegations: { of: complaints, may: office },
  createAllegation: { of: complaints, body: { category: "other" }, may: assigned(201) },
  getAllegation: { of: complaints, child: below.allegation, may: office },
  changeAllegation: { of: complaints, child: below.allegation, body: { outcome: "pending" }, type: patch, may: assigned(200) },
  listComplaintNotes: { of: complaints, may: handlers },
  createComplaintNote: { of: complaints, body: { text: "x" }, may: assigned(201) },
  getComplaintNote: { of: complaints, child: below.note, may: handlers },
  listComplaintMessages: { of: complaints, may: handlers },
  createComplaintMessage: { of: complaints, body: { language: "en", text: "x" }, may: assigned(201) },
  getComplaintMessage: { of: complaints, child: below.message, may: handlers },
  listResolutions: { of: complaints, may: office },
  createResolution: { of: complaints, body: { text: { es: "x", en: "x" } }, may: assigned(201) },
  getResolution: { of: complaints, child: below.resolution, may: office },
  listComplaintResolutionAnswers: { of: complaints, may: handlers },
  listComplaintLinks: { of: complaints, may: office },
  createComplaintLink: { of: complaints, body: () => ({ kind: "need", target: randomUUID() }), may: { coordinator: 201, case_handler: onlyOwn(201) } },
  getComplaintLink: { of: complaints, child: below.link, may: office },
  deleteComplaintLink: { of: complaints, child: below.link, may: { coordinator: 204, case_handler: onlyOwn(204) } },
  listComplaintReferrals: { of: complaints, may: office },
  referComplaint: { of: complaints, body: { organization: own }, may: assigned(201) },
  getComplaintReferral: { of: complaints, child: below.referral, may: handlers },
  listReferrals: { may: all(["police_staff", "city", "partner"], 200) },
  getReferral: { of: referrals, may: recipients(200) },
  answerReferral: { of: referrals, body: { answer: "x" }, may: recipients(409) },
  listReferralTransitions: { of: referrals, may: { ...recipients(200), ...handlers, auditor: 200 } },
  transitionReferral: { of: referrals, body: { to: "sent" }, may: { ...recipients(409), coordinator: onlyOwn(409), case_handler: onlyOwn(409) } },
  listPublications: { may: all(["case_handler", "publisher", "coordinator", "auditor"], 200) },
  createPublication: { of: publications, body: { summary }, may: { case_handler: { own: 409, others: 404 }, coordinator: { own: 409, others: 403 } } },
  getPublication: { of: publications, may: { ...all(["publisher", "coordinator", "auditor"], 200), case_handler: onlyOwn(200) } },
  getPublicationPreview: { of: publications, may: { ...all(["publisher", "coordinator", "auditor"], 200), case_handler: onlyOwn(200) } },
  changePublication: { of: publications, body: { summary: { en: "Other words." } }, type: patch, may: { case_handler: onlyOwn(200), coordinator: { own: 200, others: 403 } } },
  listPublicationTransitions: { of: publications, may: { ...all(["publisher", "coordinator", "auditor"], 200), case_handler: onlyOwn(200) } },
  transitionPublication: { of: publications, body: { to: "published" }, may: { ...all(["publisher", "coordinator"], 409), case_handler: { own: 409, others: 404 } } },
  checkPublication: { of: publications, body: {}, may: { publisher: 201, case_handler: { own: 201, others: 404 }, coordinator: { own: 201, others: 403 } } },
  listPublicationChecks: { of: publications, may: { ...all(["publisher", "coordinator", "auditor"], 200), case_handler: onlyOwn(200) } },
  getPublicationCheck: { of: publications, child: async (id) => checks[id] ?? missing, may: { ...all(["publisher", "auditor"], 200), coordinator: onlyOwn(200), case_handler: onlyOwn(200) } },
  createPoliceBatch: { body: { records: [{ external_id: "access", received_on: "2026-01-02", category: "force", status: "open" }] }, may: { police_source: 201 } },
  listPoliceBatches: { may: all(["police_source", ...policeReaders], 200) },
  getPoliceBatch: { of: { own: police.own.batch, others: police.others.batch }, may: { ...all(policeReaders, 200), police_source: { own: 200, others: 404 } } },
  listPoliceRecords: { may: all(["police_source", ...policeReaders], 200) },
  getPoliceRecord: { of: records, may: { ...all(policeReaders, 200), police_source: { own: 200, others: 404 } } },
  getPoliceRecordNarrative: { of: records, may: { case_handler: { own: 200, others: 404 }, coordinator: 404 } },
  withdrawPoliceRecord: { of: { own: police.withdrawn.record, others: police.others.record }, body: { reason: "error" }, may: { police_source: { own: 200, others: 404 } } },
  createCounterpart: { of: handled, body: { police_record_id: police.free.record }, may: { case_handler: { own: 201, others: 404 }, coordinator: { own: 403, others: 403 } } },
  listCounterparts: { of: paired, may: { ...all(["coordinator", "auditor"], 200), case_handler: { own: 200, others: 404 } } },
  getCounterpart: { of: paired, child: async () => counterpart, may: all(["coordinator", "auditor", "case_handler"], { own: 200, others: 404 }) },
  listApiClients: { may: all(["coordinator", "auditor"], 200) },
  createApiClient: { body: () => ({ name: "x", role: "partner", organization: own, scopes: ["organizations:read"] }), may: { coordinator: 201 } },
  getApiClient: { of: { own: system.id, others: system.id }, may: all(["coordinator", "auditor"], 200) },
  changeApiClient: { of: { own: system.id, others: system.id }, body: { name: "y" }, type: patch, may: { coordinator: 200 } },
  transitionApiClient: { of: { own: system.id, others: system.id }, body: { to: "active" }, may: { coordinator: 409 } },
  listApiClientTransitions: { of: { own: system.id, others: system.id }, may: all(["coordinator", "auditor"], 200) },
  listApiClientSecrets: { of: { own: system.id, others: system.id }, may: all(["coordinator", "auditor"], 200) },
  createApiClientSecret: { of: { own: system.id, others: system.id }, body: { overlap_hours: 0 }, may: { coordinator: 201 } },
  getApiClientSecret: { of: { own: system.id, others: system.id }, child: async () => system.secret, may: all(["coordinator", "auditor"], 200) },
  endApiClientSecret: { of: { own: system.id, others: system.id }, child: async () => system.secret, may: { coordinator: 204 } },
  deleteCounterpart: { of: paired, child: async () => counterpart, may: { coordinator: 404, case_handler: { own: 204, others: 404 } } },
  listAudit: { may: { auditor: 200 } },
};

/** There is no other way in: no public alternative beside the token. */
const needsToken = (operation: Dict) => operation["security"].some((s: Dict) => "token" in s) && !operation["security"].some((s: Dict) => Object.keys(s).length === 0);

async function ask(operation: string, id: string, role?: string, bearer = role && tokens[role]) {
  const { method, path } = [...contract.operations()].find((o) => o.id === operation)!;
  const { body: given, type = "application/json", child } = table[operation]!;
  const body = typeof given === "function" ? given() : given;
  const part = child && (id === missing ? missing : await child(id));
  const response = await checkedFetch(path.replace("{id}", id).replace(/\{\w+\}/, part ?? ""), {
    method: method.toUpperCase(),
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { "if-match": "*", "idempotency-key": randomUUID(), traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, ...(body ? { "content-type": type } : {}), ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
  });
  const headers = [...response.headers].filter(([name]) => !["date", "server-timing", "traceparent"].includes(name));
  return { status: response.status, bytes: JSON.stringify([response.status, headers, (await response.text()).replaceAll(id, "<id>").replaceAll(part ?? id, "<part>")]) };
}

test("every operation that needs a token stands in the table of who may do what", () => {
  const needing = [...contract.operations()].filter(({ operation }) => needsToken(operation)).map(({ id }) => id);
  assert.deepEqual(Object.keys(table).sort(), needing.sort());
});

/** Affiliation comes before role: these nobody of police affiliation may do, whatever their role. */
const isPrivate = new Set(["getComplaintPrivate", "listComplaintNotes", "getComplaintNote", "createComplaintNote", "listComplaintMessages", "getComplaintMessage", "createComplaintMessage", "listComplaintResolutionAnswers",
  "listComplaintReferrals", "getComplaintReferral", "referComplaint", "listResolutions", "getResolution", "createResolution", "listComplaintLinks", "getComplaintLink", "createComplaintLink", "deleteComplaintLink",
  "listCounterparts", "getCounterpart", "createCounterpart", "deleteCounterpart", "getPoliceRecordNarrative", "changeComplaint", "transitionComplaint", "createAllegation", "changeAllegation", "assignComplaint", "endAssignment",
  ...Object.keys(table).filter((id) => /Publication|Person|People|Member|ApiClient/.test(id))]);
/** These they may, where their department is the recipient. */
const asRecipient = new Set(["listReferralTransitions", "transitionReferral"]);
const recipientRoles = ["police_staff", "city", "partner"];
const isWithheld = (operation: string, role: string, affiliation: string) =>
  affiliation === "police" && (isPrivate.has(operation) || (asRecipient.has(operation) && !recipientRoles.includes(role)));

for (const affiliation of ["police", "resident", "organization", "city", "council"])
  for (const role of roles)
    test(`/v1/me tells what ${role} of ${affiliation} affiliation may do`, async () => {
      const bearer = token(role, { organization: own, source: sources.own, affiliation });
      const { data: me } = await client(bearer).GET("/v1/me");
      const may = Object.entries(table).filter(([id, row]) => row.may[role] !== undefined && !isWithheld(id, role, affiliation)).map(([id]) => id);
      assert.deepEqual(me!.operations.filter((id) => table[id]).sort(), may.sort());
      const scopes = (operation: Dict) => operation["security"].flatMap((s: Dict) => s["token"] ?? []) as string[];
      assert.ok(me!.scopes.every((scope) => [...contract.operations()].some(({ id, operation }) => scopes(operation).includes(scope) && me!.operations.includes(id))), "no scope for nothing");
      for (const { id: operation, method } of contract.operations()) {
        const row = table[operation], listed = me!.operations.includes(operation);
        if (!row || (listed ? method !== "get" : affiliation !== "police")) continue; /* what else each role may is tried below */
        const byRole = row.may[role] ?? 403, expected = !listed ? 403 : typeof byRole === "number" ? byRole : byRole.own;
        assert.equal((await ask(operation, row.of?.own ?? "", role, bearer)).status, expected, operation);
      }
    });

test("what nobody of police affiliation may do answers by its scope, whatever it is asked for", async () => {
  for (const role of ["coordinator", "case_handler", "auditor", "publisher"])
    for (const operation of isPrivate) {
      if (table[operation]!.may[role] === undefined) continue;
      const bearer = token(role, { affiliation: "police" });
      const [mine, none] = [await ask(operation, table[operation]!.of?.own ?? "", role, bearer), await ask(operation, table[operation]!.of ? missing : "", role, bearer)];
      assert.deepEqual([mine.status, mine.bytes.replaceAll(own, "")], [403, none.bytes.replaceAll(own, "")], `${operation} as ${role}`);
    }
});

test("nobody of police affiliation moves a complaint, and next says so", async () => {
  for (const role of ["coordinator", "case_handler"]) {
    const police = client(token(role, { affiliation: "police" })), params = { path: { id: complaints.own } };
    const { data: before } = await police.GET("/v1/complaints/{id}", { params });
    assert.deepEqual(before!.next, [], role);
    for (const to of (await client(tokens[role]!).GET("/v1/complaints/{id}", { params })).data!.next)
      assert.equal((await police.POST("/v1/complaints/{id}/transitions", { params, body: { to, reason: "x" } as never })).response.status, 403, `${role}: ${to}`);
    assert.deepEqual((await police.GET("/v1/complaints/{id}", { params })).data, before, role);
  }
});

for (const [operation, { of, may }] of Object.entries(table)) {
  test(`${operation} needs a token`, async () => assert.equal((await ask(operation, of?.own ?? own)).status, 401));

  for (const role of roles) {
    const allowed = may[role] ?? 403;
    const expected = typeof allowed === "number" ? { own: allowed, others: allowed } : allowed;
    if (!of) {
      test(`${operation} as ${role}: ${expected.own}`, async () => assert.equal((await ask(operation, "", role)).status, expected.own));
      continue;
    }
    test(`${operation} as ${role}: own ${expected.own}, another's ${expected.others}, missing alike`, async () => {
      const [mine, theirs, none] = [await ask(operation, of.own, role), await ask(operation, of.others, role), await ask(operation, missing, role)];
      assert.deepEqual([mine.status, theirs.status, none.status], [expected.own, expected.others, allowed === 403 ? 403 : 404]);
      if (theirs.status === 404) assert.equal(theirs.bytes, none.bytes);
    });
  }
}

/** Walls between organizations and between sources: who is on this side, and what they ask for. */
const walls: { [operation: string]: string[] } = {
  getOrganization: ["partner"], changeOrganization: ["partner"],
  getReferral: ["police_staff", "city", "partner"], answerReferral: ["police_staff", "city", "partner"],
  listReferralTransitions: ["police_staff", "city", "partner"], transitionReferral: ["police_staff", "city", "partner"],
  getPoliceBatch: ["police_source"], getPoliceRecord: ["police_source"], withdrawPoliceRecord: ["police_source"],
};
for (const [operation, behind] of Object.entries(walls))
  test(`${operation}: what is another's answers as what is not there, to whoever has no organization or source, too`, async () => {
    const { of } = table[operation]!;
    for (const role of behind)
      for (const bearer of [tokens[role]!, token(role), token(role, { organization: missing, source: "nobody" })]) {
        const [theirs, none] = [await ask(operation, of!.others, role, bearer), await ask(operation, missing, role, bearer)];
        assert.deepEqual([theirs.status, theirs.bytes], [404, none.bytes], role);
      }
  });

test("the walls stand for every operation whose record has another side", () => {
  const walled = Object.entries(table).filter(([, { of, may }]) => of && ["partner", "police_staff", "police_source"].some((role) => typeof may[role] === "object"));
  assert.deepEqual(walled.map(([operation]) => operation).sort(), Object.keys(walls).sort());
});

test("a list shows each role what it may read one by one", async () => {
  for (const role of roles) {
    const seen: string[] = [];
    for (const accept of ["application/json", "application/x-ndjson"]) {
      const response = await checkedFetch("/v1/organizations?limit=200&kind=other", { headers: { accept, authorization: `Bearer ${tokens[role]}` } });
      assert.equal(response.status, readers.includes(role) || role === "partner" ? 200 : 403, role);
      const text = await response.text();
      if (response.status !== 200) continue;
      assert.ok(text.includes(own), `${role} sees its own`);
      assert.equal(text.includes(others), role !== "partner", `${role} and another's`);
      seen.push(text);
    }
  }
});

test("a partner without an organization sees none", async () => {
  const response = await checkedFetch("/v1/organizations", { headers: { authorization: `Bearer ${token("partner")}` } });
  assert.deepEqual(((await response.json()) as { data: unknown[] }).data, []);
});

test("an organization that does not consent is not public, not even to those who may read it elsewhere", async () => {
  for (const headers of [{}, { authorization: `Bearer ${tokens["coordinator"]}` }] as Record<string, string>[]) {
    const hidden = await checkedFetch(`/v1/published-organizations/${own}`, { headers });
    const none = await checkedFetch(`/v1/published-organizations/${missing}`, { headers });
    const strip = async (r: Response) => (await r.text()).replace(/"trace_id":"[^"]*"/, "");
    assert.deepEqual([hidden.status, await strip(hidden)], [404, await strip(none)]);
    assert.ok(!(await (await checkedFetch("/v1/published-organizations?limit=200", { headers })).text()).includes(own));
  }
});

test("every public operation answers without a token, and refuses a bad one", async () => {
  for (const { method, path, operation } of contract.operations()) {
    if (method !== "get" || !operation["security"].some((s: Dict) => Object.keys(s).length === 0)) continue;
    const plain = await fill(path);
    assert.equal((await checkedFetch(plain, {})).status, 200, path);
    assert.equal((await checkedFetch(plain, { headers: { authorization: "Bearer x.y.z" } })).status, 401, path);
  }
});

async function fill(path: string): Promise<string> {
  const first = async (list: string, member: string) => {
    const [record] = ((await (await checkedFetch(`${list}?limit=1`)).json()) as { data: Dict[] }).data;
    assert.ok(record, `${list} is empty: give db/seed a record that the public sees`);
    return record[member];
  };
  if (path === "/problems/{slug}") return "/problems/not-found";
  const parameter = /^(.*)\/\{(\w+)\}$/.exec(path);
  return parameter ? `${parameter[1]}/${await first(parameter[1]!, parameter[2]!)}` : path;
}

test("every operation that needs a token says 401 bare without one and 403 with the scope it needs", async () => {
  for (const { method, path, operation } of contract.operations()) {
    const scopes = operation["security"].flatMap((s: Dict) => s["token"] ?? []);
    if (!needsToken(operation) || scopes.length === 0) continue;
    const url = path.replaceAll(/\{\w+\}/g, own);
    const bare = await checkedFetch(url, { method: method.toUpperCase() });
    assert.equal(bare.status, 401);
    assert.doesNotMatch(bare.headers.get("www-authenticate")!, /error=/);
    const poor = await checkedFetch(url, { method: method.toUpperCase(), headers: { authorization: `Bearer ${tokens["resident"]}` } });
    assert.equal(poor.status, 403);
    assert.match(poor.headers.get("www-authenticate")!, new RegExp(`error="insufficient_scope".*scope="${scopes[0]}`));
  }
});
