/* handling.test.ts: a complaint from its receipt to its end, as the coordinator and a case handler bring it there. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { as, checkedFetch, holder, token } from "./service.js";
import { assign, coordinator, file, handled, somebody } from "./complaints.js";

const hours = (from: string, to: string | null) => (Date.parse(to!) - Date.parse(from)) / 3_600_000;

test("a complaint goes from its receipt to its end", async () => {
  const { id, key, reference } = await file({ allegations: ["discourtesy"], neighborhood: "southeast", identity_to: "group", contact: { name: "Rosa M.", phone: "717-555-0142" } });
  const at = { params: { path: { id } } };
  const { data: received } = await coordinator.GET("/v1/complaints/{id}", at);
  assert.deepEqual([received!.public_reference, received!.state, received!.categories, received!.assignees, received!.channel], [reference, "received", ["discourtesy"], [], "web"]);
  assert.equal(hours(received!.received_at, received!.due_at), 72);

  const subject = `handler ${randomUUID()}`, handler = somebody("case_handler", subject);
  assert.equal((await handler.GET("/v1/complaints/{id}", at)).response.status, 404);
  await assign(id, subject);
  const { data: mine } = await handler.GET("/v1/complaints", { params: { query: { assigned_to_me: true } } });
  assert.deepEqual(mine!.data.map((c) => c.id), [id]);
  const { data: told } = await handler.GET("/v1/complaints/{id}/private", at);
  assert.equal(told!.narrative, "Me detuvieron sin decirme por qué.");
  assert.deepEqual(told!.contact, { name: "Rosa M.", phone: "717-555-0142" });

  const move = async (to: string, more: object = {}) => {
    const { data, response } = await handler.POST("/v1/complaints/{id}/transitions", { ...at, body: { to, ...more } });
    assert.equal(response.status, 200, to);
    return data!;
  };
  await move("acknowledged", { public_note: { es: "La recibimos.", en: "We have it." } });
  const { data: asked } = await handler.POST("/v1/complaints/{id}/messages", { ...at, body: { language: "es", text: "¿Hubo testigos?" } });
  assert.equal(asked!.author, "group");
  const { data: heard } = await holder(key).GET("/v1/case/messages");
  assert.deepEqual(heard!.data.map((m) => [m.author, m.text]), [["group", "¿Hubo testigos?"]]);
  assert.ok(!JSON.stringify(heard).includes(subject), "who of the group wrote is not told");
  await holder(key).POST("/v1/case/messages", { body: { language: "es", text: "Sí, una vecina." } });
  const { data: messages } = await handler.GET("/v1/complaints/{id}/messages", at);
  assert.deepEqual(messages!.data.map((m) => [m.author, m.text, m.by_subject]), [["group", "¿Hubo testigos?", subject], ["complainant", "Sí, una vecina.", null]]);

  assert.equal((await move("triage")).state, "triage");
  await handler.POST("/v1/complaints/{id}/notes", { ...at, body: { text: "Llamar a la vecina." } });
  const { data: notes } = await handler.GET("/v1/complaints/{id}/notes", at);
  assert.deepEqual(notes!.data.map((n) => n.text), ["Llamar a la vecina."]);
  await move("investigation");
  const { data: allegations } = await handler.GET("/v1/complaints/{id}/allegations", at);
  const path = { id, allegation_id: allegations!.data[0]!.id };
  const { data: read, response: first } = await handler.GET("/v1/complaints/{id}/allegations/{allegation_id}", { params: { path } });
  assert.deepEqual([read!.category, read!.finding, read!.finding_status], ["discourtesy", null, null]);
  const { data: found } = await handler.PATCH("/v1/complaints/{id}/allegations/{allegation_id}", {
    params: { path, header: { "If-Match": first.headers.get("etag")! } }, body: { finding: "sustained", finding_status: "final", decided_by: "civilian_body", decided_on: "2026-05-04" },
  });
  assert.deepEqual([found!.finding, found!.decided_by, found!.decided_on], ["sustained", "civilian_body", "2026-05-04"]);
  const decided = await move("decided");
  assert.ok(decided.decided_at);
  await handler.POST("/v1/complaints/{id}/resolutions", { ...at, body: { text: { es: "Se pidió disculpas.", en: "There was an apology." }, actions: ["Apology"] } });
  assert.deepEqual((await holder(key).GET("/v1/case")).data!.resolution, { es: "Se pidió disculpas.", en: "There was an apology." });
  const closed = await move("closed");
  assert.deepEqual([closed.due_at, closed.closed_at], [null, closed.state_since]);

  const { data: history } = await as.auditor.GET("/v1/complaints/{id}/transitions", at);
  assert.deepEqual(history!.data.map((t) => [t.from, t.to, t.by_subject]), [["received", "acknowledged"], ["acknowledged", "triage"], ["triage", "investigation"], ["investigation", "decided"], ["decided", "closed"]].map((m) => [...m, subject]));
});

test("fear of retaliation is acknowledged in a day", async () => {
  const { id, handler, at } = await handled();
  const { response } = await handler.GET("/v1/complaints/{id}", at);
  const { data } = await handler.PATCH("/v1/complaints/{id}", { params: { path: { id }, header: { "If-Match": response.headers.get("etag")! } }, body: { retaliation: true } });
  assert.equal(hours(data!.received_at, data!.due_at), 24);
});

test("what the group finds out is changed, what the complainant decides is not", async () => {
  const { id, handler, at } = await handled({ occurred: { from: "2026-03-01T22:30:00-05:00" }, neighborhood: "southeast" });
  const patch = (body: object, match = "*") => checkedFetch(`/v1/complaints/${id}`, { method: "PATCH", body: JSON.stringify(body), headers: { "content-type": "application/merge-patch+json", "if-match": match, authorization: `Bearer ${token("coordinator")}` } });
  const { data } = await handler.PATCH("/v1/complaints/{id}", { params: { path: { id }, header: { "If-Match": "*" } }, body: { kind: "issue", occurred: { to: "2026-03-01T23:00:00-05:00" }, neighborhood: null, under_18: true } });
  assert.deepEqual([data!.kind, data!.neighborhood, data!.under_18], ["issue", null, true]);
  assert.deepEqual(data!.occurred, { from: "2026-03-02T03:30:00+00:00", to: "2026-03-02T04:00:00+00:00" });
  for (const member of ["publish", "identity_to", "state", "channel", "received_at", "due_at", "public_reference", "language", "assignees"])
    assert.equal((await patch({ [member]: data![member as keyof typeof data] })).status, 422, member);
  assert.equal((await patch({ occurred: { to: "2026-03-01T22:00:00-05:00" } })).status, 409);
  assert.equal((await patch({ neighborhood: "nowhere" })).status, 409);
  for (const from of ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]) assert.equal((await patch({ occurred: { from, to: null } })).status, 409, from);
  assert.equal((await patch({ kind: "complaint" }, '"1-json-coordinator"')).status, 412);
  assert.equal((await handler.GET("/v1/complaints/{id}", at)).data!.kind, "issue");
});

test("a finding comes with its status, and a final one says who decided", async () => {
  const { id, handler, at } = await handled();
  const post = (body: object) => handler.POST("/v1/complaints/{id}/allegations", { ...at, body: { category: "force", ...body } as never });
  for (const body of [{ finding: "sustained" }, { finding: null, finding_status: "pending" }, { finding_status: "final", decided_by: "court" }, { finding: "sustained", finding_status: "final" }, { finding: "sustained", finding_status: "final", decided_by: null }])
    assert.equal((await post(body)).response.status, 422, JSON.stringify(body));
  const { data, response } = await post({ finding: "sustained", finding_status: "pending" });
  assert.equal(response.status, 201);
  const patch = (body: object) => handler.PATCH("/v1/complaints/{id}/allegations/{allegation_id}", { params: { path: { id, allegation_id: data!.id }, header: { "If-Match": "*" } }, body: body as never });
  for (const body of [{ finding: null }, { finding_status: null }, { finding_status: "final" }]) assert.equal((await patch(body)).response.status, 422, JSON.stringify(body));
  assert.equal((await patch({ finding_status: "final", decided_by: "arbitrator" })).response.status, 200);
  assert.equal((await patch({ finding: null, finding_status: null })).data!.finding, null);
});

test("complaints are found by what they are, by who handles them, and by what is overdue", async () => {
  const marker = new Date(Date.now() - 1000).toISOString();
  const mine = await handled({ kind: "commendation", allegations: ["domestic"], neighborhood: "southeast" });
  const late = await coordinator.POST("/v1/complaints", { body: { kind: "complaint", language: "en", narrative: "By letter.", notice_version: "2026-01", channel: "letter", received_at: "2026-02-01T10:00:00Z" } as never, params: { header: { "Idempotency-Key": randomUUID() } } });
  const ids = async (query: object) => (await coordinator.GET("/v1/complaints", { params: { query: { updated_since: marker, limit: 200, ...query } } })).data!.data.map((c) => c.id);
  const [a, b] = [mine.id, late.data!.id];
  const has = async (query: object, ofA: boolean, ofB: boolean) => {
    const found = await ids(query);
    assert.deepEqual([found.includes(a), found.includes(b)], [ofA, ofB], JSON.stringify(query));
  };
  await has({}, true, true);
  await has({ kind: "commendation" }, true, false);
  await has({ state: "received" }, true, true);
  await has({ state: "closed" }, false, false);
  await has({ neighborhood: "southeast" }, true, false);
  await has({ channel: "letter" }, false, true);
  await has({ category: "domestic" }, true, false);
  await has({ assignee: mine.subject }, true, false);
  await has({ overdue: true }, false, true);
  await has({ received_from: "2026-02-01T10:00:00Z", received_to: "2026-02-01T10:00:01Z" }, false, true);
  await has({ received_from: "2026-02-01T10:00:01Z" }, true, false);
  await has({ assigned_to_me: true }, false, false);
  assert.deepEqual((await mine.handler.GET("/v1/complaints", { params: { query: { assigned_to_me: true, include: "total" } } })).data!.total, 1);
});

test("what is linked is linked once, and can be taken away", async () => {
  const { id, handler, at } = await handled();
  const body = { kind: "external", target: `311-${randomUUID()}` } as const;
  const { data, response } = await handler.POST("/v1/complaints/{id}/links", { ...at, body });
  assert.equal(response.status, 201);
  const again = await handler.POST("/v1/complaints/{id}/links", { ...at, body });
  assert.equal(again.response.status, 409);
  assert.match((again.error as { detail: string }).detail, /: la queja ya está vinculada con ello \(already_linked\)\.$/);
  const one = { params: { path: { id, link_id: data!.id } } };
  assert.equal((await handler.DELETE("/v1/complaints/{id}/links/{link_id}", one)).response.status, 204);
  assert.equal((await handler.DELETE("/v1/complaints/{id}/links/{link_id}", one)).response.status, 404);
  assert.deepEqual((await handler.GET("/v1/complaints/{id}/links", at)).data!.data, []);
});

test("what is made has a place of its own, where it reads the same", async () => {
  const { handler, at, id } = await handled({ identity_to: "group" });
  const made = [
    await coordinator.POST("/v1/complaints/{id}/assignments", { ...at, body: { subject: randomUUID() } }),
    await coordinator.POST("/v1/complaints/{id}/recusals", { ...at, body: { subject: randomUUID(), reason: "a relative" } }),
    await handler.POST("/v1/complaints/{id}/allegations", { ...at, body: { category: "drugs" } }),
    await handler.POST("/v1/complaints/{id}/notes", { ...at, body: { text: "Ñandú \"comillas\"\n" } }),
    await handler.POST("/v1/complaints/{id}/messages", { ...at, body: { language: "es", text: "Ñandú" } }),
    await handler.POST("/v1/complaints/{id}/resolutions", { ...at, body: { text: { es: "a", en: "b" }, actions: [] } }),
    await handler.POST("/v1/complaints/{id}/links", { ...at, body: { kind: "need", target: "x" } }),
  ];
  for (const { data, response } of made) {
    assert.equal(response.status, 201);
    const place = response.headers.get("location")!;
    assert.ok(place.includes(`/v1/complaints/${id}/`), place);
    const mayRead = /recusals/.test(place) ? "coordinator" : "case_handler";
    const bearer = mayRead === "coordinator" ? token("coordinator") : token("case_handler", { subject: (await coordinator.GET("/v1/complaints/{id}", at)).data!.assignees[0]! });
    const read = await checkedFetch(new URL(place, response.url).href, { headers: { authorization: `Bearer ${bearer}` } });
    assert.deepEqual(await read.json(), data, place);
  }
});

test("a request that is sent again makes nothing twice", async () => {
  const { handler, at } = await handled();
  const key = { "Idempotency-Key": randomUUID() };
  const post = () => handler.POST("/v1/complaints/{id}/notes", { params: { ...at.params, header: key }, body: { text: "once" } });
  const [first, second] = [await post(), await post()];
  assert.deepEqual([second.response.status, second.response.headers.get("idempotency-replayed")], [201, "true"]);
  assert.deepEqual(second.data, first.data);
  assert.equal((await handler.GET("/v1/complaints/{id}/notes", at)).data!.data.length, 1);
});
