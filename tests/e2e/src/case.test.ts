/* case.test.ts: whoever complains: files without an account, follows by case key, is written to, answers; and their lawyer. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { bytes, complaint, file, handle, resolve, unknownKey } from "./cases.js";
import { sql } from "./database.js";
import { anybody, as, checkedFetch, client, holder, token, url } from "./service.js";

test("a resident files in Spanish without an account, follows, writes, is answered, and answers the resolution", async () => {
  const { data: notices } = await anybody.GET("/v1/notices", { params: { query: { limit: 200 } } });
  const shown = notices!.data.at(-1)!;
  assert.match(shown.text.es, /911/);
  const filed = await file({
    notice_version: shown.version, narrative: "Me empujaron.\n\n«Cállate», dijo.", occurred: { from: "2026-03-01T22:30:00-05:00" }, neighborhood: "southeast", place: "Frente a la escuela",
    officer_described: "Barba corta", interpreter: "es", publish: "summary", allegations: ["force", "discourtesy", "force"],
    complainants: [{ race: ["hispanic", "black"], sex: "female", age_band: "25_34", relation: "victim" }, { relation: "witness" }],
  });
  assert.match(filed.case_key, /^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.match(filed.public_reference, /^C-[0-9A-HJKMNP-TV-Z]{10}$/);
  assert.deepEqual([filed.holder, filed.state, filed.notice_version], ["complainant", "received", shown.version]);

  const { data: seen, response } = await filed.mine.GET("/v1/case");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual([seen!.narrative, seen!.place, seen!.officer_described, seen!.contact], ["Me empujaron.\n\n«Cállate», dijo.", "Frente a la escuela", "Barba corta", null]);
  assert.deepEqual([seen!.categories, seen!.next, seen!.public_reference, seen!.interpreter], [["force", "discourtesy", "force"], ["withdrawn"], filed.public_reference, "es"]);
  assert.deepEqual(seen!.occurred, { from: "2026-03-02T03:30:00+00:00", to: null });

  const { handler } = await handle(filed.id, "acknowledged", "triage", "informal_resolution");
  const wrote = await filed.mine.POST("/v1/case/messages", { body: { language: "es", text: "¿Ya hablaron con él?" } });
  assert.equal(new URL(wrote.response.headers.get("location")!, url).pathname, `/v1/case/messages/${wrote.data!.id}`);
  await handler.POST("/v1/complaints/{id}/messages", { params: { path: { id: filed.id } }, body: { language: "es", text: "Mañana." } });
  const { data: messages } = await filed.mine.GET("/v1/case/messages");
  assert.deepEqual(messages!.data.map((m) => [m.author, m.text]), [["complainant", "¿Ya hablaron con él?"], ["group", "Mañana."]]);
  assert.deepEqual((await filed.mine.GET("/v1/case/messages/{id}", { params: { path: { id: wrote.data!.id } } })).data, wrote.data);

  const early = await filed.mine.POST("/v1/case/resolution-answers", { body: { satisfied: false } });
  assert.equal(early.response.status, 409);
  await resolve(handler, filed.id);
  await handler.POST("/v1/complaints/{id}/transitions", { params: { path: { id: filed.id } }, body: { to: "decided" } as never });
  const decided = (await filed.mine.GET("/v1/case")).data!;
  assert.deepEqual([decided.state, decided.resolution?.es], ["decided", "Se habló con quien lo hizo."]);
  const { data: answer } = await filed.mine.POST("/v1/case/resolution-answers", { body: { satisfied: false, text: "Esperaba una disculpa." } });
  assert.deepEqual((await filed.mine.GET("/v1/case/resolution-answers")).data!.data, [answer]);
  assert.deepEqual((await filed.mine.GET("/v1/case/resolution-answers/{id}", { params: { path: { id: answer!.id } } })).data, answer);

  const mute = await filed.mine.POST("/v1/case/transitions", { body: { to: "appealed" } });
  assert.equal(mute.response.status, 409);
  const appealed = await filed.mine.POST("/v1/case/transitions", { body: { to: "appealed", language: "es", text: "No responde a lo que conté." } });
  assert.equal(appealed.data!.state, "appealed");
  const steps = (await filed.mine.GET("/v1/case/transitions")).data!.data;
  assert.deepEqual(steps.map((s) => s.to), ["acknowledged", "triage", "informal_resolution", "decided", "appealed"]);
  const { data: read } = await handler.GET("/v1/complaints/{id}/messages", { params: { path: { id: filed.id } } });
  assert.equal(read!.data.at(-1)!.text, "No responde a lo que conté.");
  const moved = (await handler.GET("/v1/complaints/{id}/transitions", { params: { path: { id: filed.id } } })).data!.data.at(-1)!;
  assert.deepEqual([moved.reason, moved.message_id], [null, read!.data.at(-1)!.id], "the move names the message that says why");
});

test("who leaves a contact decides who sees it, and changes it member by member", async () => {
  const { id, mine } = await file({ contact: { name: "Ana Ejemplo", phone: "717-555-0100", prefers: "phone" } });
  const { handler } = await handle(id);
  const group = async () => JSON.stringify((await handler.GET("/v1/complaints/{id}/private", { params: { path: { id } } })).data);
  assert.ok(!(await group()).includes("Ana Ejemplo"));
  const patch = async (body: object, match = "*") => mine.PATCH("/v1/case", { params: { header: { "If-Match": match } }, body: body as never });
  const { data, response } = await patch({ identity_to: "group", contact: { phone: null, email: "ana@example.org" } });
  assert.deepEqual(data!.contact, { name: "Ana Ejemplo", prefers: "phone", phone: null, email: "ana@example.org" });
  assert.ok((await group()).includes("Ana Ejemplo"));
  assert.equal((await patch({ interpreter: "ne" }, '"1-json-case"')).response.status, 412);
  assert.equal((await patch({ interpreter: "ne" }, response.headers.get("etag")!)).data!.interpreter, "ne");
  assert.equal((await patch({ contact: null })).data!.contact, null);
  assert.ok(!(await group()).includes("Ana Ejemplo"));
  assert.deepEqual((await patch({ contact: { phone: "717-555-0199" } })).data!.contact, { phone: "717-555-0199" });
  for (const body of [{ state: "closed" }, { narrative: "other" }, { kind: "issue" }, { contact: { name: 5 } }, { contact: { nick: "x" } }, {}]) assert.equal((await patch(body)).response.status, 422, JSON.stringify(body));
});

test("a resident who signed in files as themselves, and is shown a key all the same", async () => {
  const { id, mine, case_key } = await file({}, as.resident);
  assert.equal((await mine.GET("/v1/case")).data!.state, "received");
  const { data } = await (await handle(id)).handler.GET("/v1/complaints/{id}", { params: { path: { id } } });
  assert.equal(data!.channel, "web");
  assert.equal((await checkedFetch("/v1/case", { headers: { authorization: `Bearer ${token("resident")}` } })).status, 401);
  const key = randomUUID(), body = complaint();
  const post = (by: typeof anybody) => by.POST("/v1/complaints", { body, params: { header: { "Idempotency-Key": key } } });
  const [one, other] = [(await post(as.resident)).data!, (await post(client(token("resident", { subject: "another" }))))!.data!];
  assert.notEqual(one.case_key, other.case_key);
  assert.notEqual(one.case_key, case_key);
});

test("who takes a complaint at a desk says how and when it came in; nobody else may", async () => {
  const more = { channel: "letter", received_at: "2026-03-02T09:00:00-05:00" } as const;
  const { id, received_at } = await file(more, as.coordinator);
  assert.equal(Date.parse(received_at), Date.parse(more.received_at));
  assert.equal((await as.coordinator.GET("/v1/complaints/{id}", { params: { path: { id } } })).data!.channel, "letter");
  for (const by of [anybody, as.resident, as.partner])
    for (const one of [{ channel: "letter" }, { received_at: more.received_at }]) assert.equal((await by.POST("/v1/complaints", { body: complaint(one as never) })).response.status, 403);
  assert.equal((await as.coordinator.GET("/v1/complaints/{id}", { params: { path: { id: (await file({}, as.partner)).id } } })).data!.channel, "partner");
});

test("a lawyer files, gives the client a key, and the client revokes the lawyer's", async () => {
  const filed = await file({ representative: { contact: { name: "Bea Abogada", phone: "717-555-0101" } }, contact: { name: "Carla Cliente" } });
  assert.equal(filed.holder, "representative");
  assert.deepEqual((await filed.mine.GET("/v1/case")).data!.contact, { name: "Bea Abogada", phone: "717-555-0101" });
  const made = await filed.mine.POST("/v1/case/keys", { body: { holder: "complainant" } });
  assert.equal(new URL(made.response.headers.get("location")!, url).pathname, `/v1/case/keys/${made.data!.id}`);
  const clients = holder(made.data!.case_key);
  assert.deepEqual((await clients.GET("/v1/case")).data!.contact, { name: "Carla Cliente" });

  const { data: keys } = await clients.GET("/v1/case/keys");
  assert.deepEqual(keys!.data.map((k) => [k.holder, k.revoked_at]), [["representative", null], ["complainant", null]]);
  assert.ok(!JSON.stringify(keys).includes(made.data!.case_key));
  const lawyers = keys!.data[0]!.id;
  assert.equal((await filed.mine.DELETE("/v1/case/keys/{id}", { params: { path: { id: made.data!.id } } })).response.status, 409);
  assert.equal((await clients.DELETE("/v1/case/keys/{id}", { params: { path: { id: made.data!.id } } })).response.status, 409);
  for (let i = 0; i < 2; i++) assert.equal((await clients.DELETE("/v1/case/keys/{id}", { params: { path: { id: lawyers } } })).response.status, 204);
  assert.equal((await filed.mine.GET("/v1/case")).response.status, 404);
  assert.ok((await clients.GET("/v1/case/keys/{id}", { params: { path: { id: lawyers } } })).data!.revoked_at);
  assert.equal((await clients.GET("/v1/case")).response.status, 200);
  assert.equal((await clients.POST("/v1/case/messages", { body: { language: "en", text: "hello" } })).data!.author, "complainant");
});

/** A complaint that whoever complained filed; `lawyer` holds the key they made for one. */
async function withLawyer(more = {}) {
  const filed = await file(more);
  const made = (await filed.mine.POST("/v1/case/keys", { body: { holder: "representative" } })).data!;
  return { ...filed, lawyer: holder(made.case_key), lawyers: made.id };
}
const patchCase = async (by: typeof anybody, body: object) => (await by.PATCH("/v1/case", { params: { header: { "If-Match": "*" } }, body: body as never })).response.status;

test("a representative discloses less, and more only while whoever complained holds no key", async () => {
  const { mine, lawyer } = await withLawyer({ identity_to: "group" });
  const decided = async () => { const { identity_to, publish } = (await mine.GET("/v1/case")).data!; return [identity_to, publish]; };
  for (const body of [{ identity_to: "group_and_police" }, { publish: "summary" }, { interpreter: "es", identity_to: "group_and_police" }]) assert.equal(await patchCase(lawyer, body), 409, JSON.stringify(body));
  assert.deepEqual(await decided(), ["group", "statistics_only"]);
  assert.equal((await mine.GET("/v1/case")).data!.interpreter, null, "what is refused is refused as a whole");
  for (const asked of [await lawyer.POST("/v1/case/consents", { body: { purpose: "referral" } }), await lawyer.POST("/v1/case/keys", { body: { holder: "representative" } }), await lawyer.POST("/v1/case/keys", { body: { holder: "complainant" } })]) {
    assert.equal(asked.response.status, 409);
    assert.match((asked.error as { detail: string }).detail, /solo esa persona revela más/);
  }
  assert.deepEqual((await mine.GET("/v1/case/consents")).data!.data, []);
  assert.equal((await mine.GET("/v1/case/keys")).data!.data.length, 2);
  assert.equal(await patchCase(lawyer, { identity_to: "group", interpreter: "es" }), 200, "what stays as it is discloses nothing");
  assert.equal(await patchCase(lawyer, { identity_to: "nobody" }), 200);
  assert.equal(await patchCase(mine, { identity_to: "group_and_police", publish: "summary" }), 200);
  const consent = (await mine.POST("/v1/case/consents", { body: { purpose: "referral" } })).data!;
  assert.equal((await lawyer.DELETE("/v1/case/consents/{id}", { params: { path: { id: consent.id } } })).response.status, 204);
  assert.equal(await patchCase(lawyer, { identity_to: "group", publish: "statistics_only" }), 200);
  assert.deepEqual(await decided(), ["group", "statistics_only"]);
});

test("a lawyer who files decides as whoever files, until the client holds a key", async () => {
  const filed = await file({ representative: { contact: { name: "Bea Abogada" } } });
  assert.equal(await patchCase(filed.mine, { identity_to: "group", publish: "summary" }), 200);
  assert.equal((await filed.mine.POST("/v1/case/keys", { body: { holder: "representative" } })).response.status, 201);
  const clients = holder((await filed.mine.POST("/v1/case/keys", { body: { holder: "complainant" } })).data!.case_key);
  assert.equal(await patchCase(filed.mine, { identity_to: "group_and_police" }), 409);
  assert.equal(await patchCase(clients, { identity_to: "group_and_police" }), 200);
});

test("whoever complained revokes a key of theirs that others saw, and the key in use stands", async () => {
  const { mine, lawyer, lawyers } = await withLawyer();
  const fresh = (await mine.POST("/v1/case/keys", { body: { holder: "complainant" } })).data!;
  const anew = holder(fresh.case_key), keys = (await anew.GET("/v1/case/keys")).data!.data;
  assert.deepEqual(keys.map((k) => [k.holder, k.in_use]), [["complainant", false], ["representative", false], ["complainant", true]]);
  assert.equal((await anew.GET("/v1/case/keys/{id}", { params: { path: { id: fresh.id } } })).data!.in_use, true);
  const revoke = async (by: typeof anybody, id: string) => (await by.DELETE("/v1/case/keys/{id}", { params: { path: { id } } })).response.status;
  for (const { id } of keys) assert.equal(await revoke(lawyer, id), 409, "a representative revokes none");
  assert.equal(await revoke(anew, fresh.id), 409);
  for (let i = 0; i < 2; i++) assert.equal(await revoke(anew, keys[0]!.id), 204);
  assert.equal((await mine.GET("/v1/case")).response.status, 404);
  assert.equal(await revoke(mine, fresh.id), 404);
  assert.equal(await revoke(anew, lawyers), 204);
  assert.equal((await lawyer.GET("/v1/case")).response.status, 404);
  assert.equal((await anew.GET("/v1/case")).response.status, 200);
});

test("two keys that revoke each other at once do not both go", async () => {
  for (let round = 0; round < 20; round++) {
    const { mine } = await file();
    const made = (await mine.POST("/v1/case/keys", { body: { holder: "complainant" } })).data!;
    const other = holder(made.case_key), [first] = (await mine.GET("/v1/case/keys")).data!.data;
    const answers = await Promise.all([mine.DELETE("/v1/case/keys/{id}", { params: { path: { id: made.id } } }), other.DELETE("/v1/case/keys/{id}", { params: { path: { id: first!.id } } })]);
    assert.deepEqual(answers.map((a) => a.response.status).sort(), [204, 404]);
    assert.deepEqual([(await mine.GET("/v1/case")).response.status, (await other.GET("/v1/case")).response.status].sort(), [200, 404]);
  }
});

test("consent is given once, holds until it is withdrawn, and can be given again", async () => {
  const { mine } = await file();
  const give = () => mine.POST("/v1/case/consents", { body: { purpose: "referral" } });
  const first = await give();
  assert.deepEqual([first.response.status, first.data!.given_by, first.data!.withdrawn_at], [201, "complainant", null]);
  assert.equal((await give()).response.status, 409);
  const params = { path: { id: first.data!.id } };
  for (let i = 0; i < 2; i++) assert.equal((await mine.DELETE("/v1/case/consents/{id}", { params })).response.status, 204);
  const { data: withdrawn } = await mine.GET("/v1/case/consents/{id}", { params });
  assert.ok(withdrawn!.withdrawn_at);
  assert.equal((await give()).response.status, 201);
  assert.deepEqual((await mine.GET("/v1/case/consents")).data!.data.map((c) => c.withdrawn_at === null), [false, true]);
});

test("a complaint is withdrawn and taken up again", async () => {
  const { mine } = await file();
  const illegal = await mine.POST("/v1/case/transitions", { body: { to: "closed" } });
  assert.equal(illegal.error!.type, "/problems/illegal-transition");
  const { data } = await mine.POST("/v1/case/transitions", { body: { to: "withdrawn" } });
  assert.deepEqual([data!.state, data!.next, data!.due_at], ["withdrawn", ["reopened"], null]);
  assert.equal((await mine.POST("/v1/case/transitions", { body: { to: "reopened", language: "es", text: "Lo pensé mejor." } })).data!.state, "reopened");
});

test("after a lost answer the same request gives the same complaint and the same key, whoever asks for something else gets another", async () => {
  const key: string = randomUUID(), body = complaint({ narrative: `lost ${key}` });
  const post = (b = body, k = key) => anybody.POST("/v1/complaints", { body: b, params: { header: { "Idempotency-Key": k } } });
  const first = await post(), again = await post();
  assert.deepEqual(again.data, first.data);
  assert.deepEqual([again.response.status, again.response.headers.get("idempotency-replayed"), again.response.headers.get("location")], [201, "true", first.response.headers.get("location")]);
  assert.equal((await post(complaint())).response.status, 422);
  const other = await post(body, randomUUID());
  assert.notEqual(other.data!.case_key, first.data!.case_key);
  assert.notEqual(other.data!.public_reference, first.data!.public_reference);
  const racing = await Promise.all(Array.from({ length: 10 }, () => post(complaint({ narrative: "race" }), "5f0c1d7e-6f0b-4d7e-9b0a-6f3a5d1c2b4e")));
  assert.equal(new Set(racing.filter((r) => r.data).map((r) => r.data!.case_key)).size, 1);
  for (const k of ["1", "0c1d7f36-6f0b-1d7e-9b0a-6f3a5d1c2b4e", "x".repeat(36)]) assert.equal((await post(body, k)).response.status, 400, k);

  const mine = holder(first.data!.case_key), another = { "Idempotency-Key": randomUUID() as string };
  const make = () => mine.POST("/v1/case/keys", { body: { holder: "representative" }, params: { header: another } });
  assert.equal((await make()).data!.case_key, (await make()).data!.case_key);
  const write = () => mine.POST("/v1/case/messages", { body: { language: "es", text: "una vez" }, params: { header: { "Idempotency-Key": another["Idempotency-Key"].replace(/^.{8}/, "00000000") } } });
  assert.deepEqual((await write()).data, (await write()).data);
  assert.equal((await mine.GET("/v1/case/messages")).data!.data.length, 1);
});

test("a key is shown even to who asks for no answer: it would be lost for good", async () => {
  const params = { header: { Prefer: "return=minimal", "Idempotency-Key": randomUUID() as string } };
  const made = [await anybody.POST("/v1/complaints", { body: complaint(), params }), await anybody.POST("/v1/complaints", { body: complaint(), params })];
  assert.deepEqual(made.map(({ response }) => [response.status, response.headers.get("preference-applied")]), [[201, null], [201, null]]);
  assert.equal((await holder(made[0]!.data!.case_key).GET("/v1/case")).response.status, 200);
  assert.equal(made[1]!.data!.case_key, made[0]!.data!.case_key);
});

test("whose role changes before they send it again files the same complaint, and is shown the same key", async () => {
  const subject = `risen ${randomUUID()}`, sent = { body: complaint({ narrative: "risen" }), params: { header: { "Idempotency-Key": randomUUID() } } };
  const [before, after, another] = [token("resident", { subject }), token("member", { subject }), token("member", { subject: `${subject}, not` })].map(client);
  const first = await before!.POST("/v1/complaints", sent), again = await after!.POST("/v1/complaints", sent);
  assert.deepEqual([again.response.headers.get("idempotency-replayed"), again.data], ["true", first.data]);
  assert.notEqual((await another!.POST("/v1/complaints", sent)).data!.id, first.data!.id);
});

test("what is sent again under its key after 24 hours is refused with the reason, and nothing is doubled", async () => {
  const key: string = randomUUID(), body = complaint({ narrative: `later ${key}` });
  const post = (sent: typeof body) => anybody.POST("/v1/complaints", { body: sent, params: { header: { "Idempotency-Key": key } } });
  const filed = (await post(body)).data!, mine = holder(filed.case_key);
  const make = () => mine.POST("/v1/case/keys", { body: { holder: "representative" }, params: { header: { "Idempotency-Key": key } } });
  const made = (await make()).data!;
  const theirs = `record_id in ('${filed.id}', '${made.id}')`;
  sql(`update idempotency_key set created_at = created_at - interval '25 hours' where ${theirs}`);
  for (const again of [await post(body), await post(body), await make()]) {
    assert.deepEqual([again.response.status, again.error!.type], [409, "/problems/conflict"]);
    assert.match((again.error as { detail: string }).detail, /already_carried_out/);
  }
  assert.equal(sql(`select count(*) from idempotency_key where ${theirs}`), "2", "what was refused took no key");
  assert.equal(sql(`select count(*) from case_key where complaint_id = '${filed.id}'`), "2");
  assert.equal((await mine.GET("/v1/case")).data!.narrative, body.narrative, "the key that was shown opens it");
  const other = (await post(complaint({ narrative: `other ${key}` }))).data!;
  assert.notEqual(other.id, filed.id, "another request under that key is another complaint");
});

test("keys are read however they are typed, told apart when mistyped, and never otherwise", async () => {
  const { case_key } = await file();
  const status = async (key?: string) => (await checkedFetch("/v1/case", key === undefined ? {} : { headers: { "case-key": key } })).status;
  assert.equal(await status(case_key), 200);
  assert.equal(await status(case_key.toLowerCase().replaceAll("-", "")), 200);
  assert.equal(await status(), 401);
  const typo = case_key.slice(0, -1) + (case_key.endsWith("0") ? "1" : "0");
  assert.equal(await status(typo), 401);
});

test("a key that opens nothing is answered alike everywhere, whether it was revoked or never was", async () => {
  const filed = await file({ representative: { contact: { name: "Bea" } } });
  const made = (await filed.mine.POST("/v1/case/keys", { body: { holder: "complainant" } })).data!;
  const revoked = (await holder(made.case_key).GET("/v1/case/keys")).data!.data[0]!.id;
  await holder(made.case_key).DELETE("/v1/case/keys/{id}", { params: { path: { id: revoked } } });
  const never = unknownKey();
  const json = { "content-type": "application/json" }, id = randomUUID();
  const asked: [string, string, object?][] = [
    ["GET", "/v1/case"], ["GET", "/v1/case/messages"], ["GET", `/v1/case/messages/${id}`], ["GET", "/v1/case/transitions"], ["GET", "/v1/case/consents"], ["GET", `/v1/case/consents/${id}`],
    ["GET", "/v1/case/resolution-answers"], ["GET", `/v1/case/resolution-answers/${id}`], ["GET", "/v1/case/keys"], ["GET", `/v1/case/keys/${id}`], ["DELETE", `/v1/case/consents/${id}`], ["DELETE", `/v1/case/keys/${id}`],
    ["POST", "/v1/case/messages", { language: "es", text: "x" }], ["POST", "/v1/case/transitions", { to: "withdrawn" }], ["POST", "/v1/case/consents", { purpose: "referral" }],
    ["POST", "/v1/case/resolution-answers", { satisfied: true }], ["POST", "/v1/case/keys", { holder: "representative" }], ["PATCH", "/v1/case", { interpreter: "es" }],
  ];
  for (const [method, path, body] of asked)
    for (const accept of method === "GET" && !path.includes(id) && path !== "/v1/case" ? ["application/json", "text/csv", "application/x-ndjson"] : ["application/json"]) {
      const ask = (key: string) =>
        bytes(path, { "case-key": key, accept: `${accept}, application/problem+json`, ...(body ? json : {}), ...(method === "PATCH" ? { "if-match": "*" } : {}) }, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
      const [gone, none] = [await ask(filed.case_key), await ask(never)];
      assert.match(none, /^\[404,/, `${method} ${path}`);
      assert.equal(gone, none, `${method} ${path}`);
    }
});

test("one's messages and those of others never meet", async () => {
  const [one, other] = [await file(), await file()];
  const { data: message } = await one.mine.POST("/v1/case/messages", { body: { language: "es", text: "mío" } });
  const { data: consent } = await one.mine.POST("/v1/case/consents", { body: { purpose: "referral" } });
  const key = (await one.mine.GET("/v1/case/keys")).data!.data[0]!.id;
  for (const path of [`/v1/case/messages/${message!.id}`, `/v1/case/consents/${consent!.id}`, `/v1/case/keys/${key}`]) {
    const [theirs, missing] = [await bytes(path, { "case-key": other.case_key }), await bytes(path.replace(/[^/]+$/, randomUUID()), { "case-key": other.case_key })];
    assert.match(theirs, /^\[404,/);
    assert.equal(theirs, missing);
  }
  assert.equal((await other.mine.DELETE("/v1/case/consents/{id}", { params: { path: { id: consent!.id } } })).response.status, 404);
  assert.deepEqual((await other.mine.GET("/v1/case/messages")).data!.data, []);
});

test("what cannot be filed stores nothing and says why", async () => {
  const status = async (more: object) => (await anybody.POST("/v1/complaints", { body: complaint(more as never) })).response.status;
  assert.equal(await status({ notice_version: "1999" }), 409);
  assert.equal(await status({ neighborhood: "nowhere" }), 409);
  assert.equal(await status({ occurred: { from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z" } }), 409);
  for (const more of [
    { narrative: "" }, { narrative: "  \n" }, { narrative: "x".repeat(20001) }, { kind: "question" }, { language: "fr" }, { state: "closed" }, { public_reference: "C-0000000000" }, { id: randomUUID() },
    { complainants: Array(21).fill({ relation: "victim" }) }, { complainants: [{ name: "x", relation: "victim" }] }, { allegations: ["rudeness"] }, { contact: {} }, { contact: { email: "no" } }, { representative: {} }, { channel: "police_push" },
  ])
    assert.equal(await status(more), 422, JSON.stringify(more).slice(0, 60));
  assert.equal((await file({ narrative: "ñ".repeat(20000), occurred: { from: null, to: null }, contact: null, representative: null, place: null, neighborhood: null, interpreter: null })).state, "received");
});

test("fear of retaliation must be acknowledged within a day", async () => {
  const filed = await file({ retaliation: true });
  assert.equal(Date.parse(filed.due_at!) - Date.parse(filed.received_at), 24 * 3600 * 1000);
});
