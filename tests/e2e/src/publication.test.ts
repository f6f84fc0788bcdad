/* publication.test.ts: from a draft to what anybody may read: looked at, approved by a second person, published, corrected, retracted. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { approve, bytes, file, handle, look, move, preview, publish, resolve, summary } from "./cases.js";
import { anybody, as, checkedFetch, client, contract, token, url } from "./service.js";
import type { components } from "../client/schema.js";

const publisher = client(token("publisher", { subject: "publisher-2" }));
const draft = (by: typeof publisher, id: string, text = summary) => by.POST("/v1/complaints/{id}/publication", { params: { path: { id } }, body: { summary: text } });
const shown = async (reference: string) => {
  const { data, response } = await anybody.GET("/v1/published-complaints/{public_reference}", { params: { path: { public_reference: reference } } });
  return response.status === 200 ? data! : undefined;
};
type Finding = components["schemas"]["PrivacyFinding"];
const told = (text: { es: string; en: string }, findings: Finding[]) =>
  findings.map((f) => `${f.kind} ${f.offset === undefined ? f.member : [...text[f.member.slice(-2) as "es" | "en"]].slice(f.offset, f.offset + f.length!).join("")}`);

test("a summary is drafted, found to tell a name, changed, approved by a second person, published, corrected, retracted", async () => {
  const filed = await file({ publish: "summary", narrative: "El agente Dempsey me empujó contra la pared de la panadería de mi tía.", place: "Panadería Ejemplo", contact: { name: "Ana Ñandú" }, allegations: ["force"] });
  const { subject, handler } = await handle(filed.id, "acknowledged", "triage", "informal_resolution");
  const first = { es: "Ana dice que el agente Dempsey la empujó contra la pared de la panadería de su tía.", en: "¡Ñandú! She says that Officer Dempsey (badge 1234) pushed her at 412 N Queen St; call 717-555-0100." };
  const made = await draft(handler, filed.id, first);
  assert.equal(new URL(made.response.headers.get("location")!, url).pathname, `/v1/complaints/${filed.id}/publication`);
  assert.deepEqual([made.data!.state, made.data!.next, made.data!.drafted_by], ["drafted", [], subject]);
  const again = await draft(handler, filed.id);
  assert.equal(again.response.status, 409);
  assert.match((again.error as { detail: string }).detail, /already_drafted/);
  assert.equal((await move(handler, filed.id, "checked")).response.status, 409);

  const found = await look(handler, filed.id);
  assert.equal(new URL(found.response.headers.get("location")!, url).pathname, `/v1/complaints/${filed.id}/publication/checks/${found.data!.id}`);
  const all = told(first, found.data!.findings as Finding[]);
  for (const expected of ["name Dempsey", "private_words empujó contra la pared de la panadería de", "badge badge 1234", "address 412 N Queen St", "phone 717-555-0100"]) assert.ok(all.includes(expected), `${expected}: ${all.join(", ")}`);
  assert.ok(!JSON.stringify(found.data).includes("Dempsey"));
  assert.equal((await move(handler, filed.id, "checked")).response.status, 409);

  const patch = (text: object) => handler.PATCH("/v1/complaints/{id}/publication", { params: { path: { id: filed.id }, header: { "If-Match": "*" } }, body: { summary: text } as never });
  assert.deepEqual((await patch({ es: summary.es })).data!.summary, { es: summary.es, en: first.en });
  await patch({ en: summary.en });
  assert.equal((await move(handler, filed.id, "checked")).response.status, 409);
  assert.deepEqual((await look(handler, filed.id)).data!.findings, []);
  assert.deepEqual((await move(handler, filed.id, "checked")).data!.state, "checked");
  assert.equal((await patch({ en: "sneaked in" })).response.status, 409);
  const waiting = await publisher.GET("/v1/publications", { params: { query: { state: "checked", limit: 200 } } });
  assert.ok(waiting.data!.data.some((p) => p.id === filed.id));

  assert.equal((await move(handler, filed.id, "approved")).response.status, 409);
  assert.equal((await move(client(token("publisher", { subject })), filed.id, "approved")).response.status, 409);
  assert.equal((await look(client(token("publisher", { subject })), filed.id)).response.status, 403);
  assert.equal((await move(publisher, filed.id, "approved")).response.status, 409);
  assert.deepEqual((await look(publisher, filed.id)).data!.findings, []);
  assert.equal((await move(publisher, filed.id, "approved")).response.status, 409, "unread");
  assert.deepEqual((await approve(publisher, filed.id)).data!.next, ["drafted", "published", "retracted"]);
  assert.equal(await shown(filed.public_reference), undefined);
  assert.equal((await move(publisher, filed.id, "corrected", "x")).response.status, 409);
  assert.equal((await move(publisher, filed.id, "published")).data!.state, "published");
  assert.deepEqual((await shown(filed.public_reference))!.summary, summary);

  assert.equal((await move(handler, filed.id, "drafted", "a word was wrong")).data!.state, "drafted");
  const better = { es: `${summary.es} Fue de noche.`, en: `${summary.en} It was at night.` };
  await patch(better);
  assert.deepEqual((await shown(filed.public_reference))!.summary, summary);
  await look(handler, filed.id);
  assert.equal((await move(handler, filed.id, "checked")).response.status, 200);
  await look(publisher, filed.id);
  assert.equal((await approve(publisher, filed.id)).response.status, 200);
  assert.equal((await move(publisher, filed.id, "corrected")).response.status, 200);
  const corrected = (await shown(filed.public_reference))!;
  assert.deepEqual([corrected.status, corrected.summary], ["corrected", better]);

  assert.equal((await move(publisher, filed.id, "retracted")).response.status, 409);
  assert.equal((await move(publisher, filed.id, "retracted", "asked by a court")).response.status, 200);
  const { public_reference, status, published_at, demo, updated_at, ...rest } = (await shown(filed.public_reference))!;
  assert.deepEqual([public_reference, status, demo, published_at < updated_at], [filed.public_reference, "retracted", false, true]);
  assert.ok(Object.values(rest).every((value) => value === null));
  const { data: history } = await publisher.GET("/v1/complaints/{id}/publication/transitions", { params: { path: { id: filed.id } } });
  assert.deepEqual(history!.data.map((t) => t.to), ["checked", "approved", "published", "drafted", "checked", "approved", "corrected", "retracted"]);
});

test("a name that nobody may know is found by who approves alone, and not where: who drafts learns nothing, guess what they may", async () => {
  const filed = await file({ publish: "summary", contact: { name: "Ana Ñandú", phone: "717-555-0177" } });
  const { handler, subject } = await handle(filed.id);
  const guesses = { es: "una zoila, una ñandú, una mildred, ana o eva, al 7175550177", en: "one zoila, one mildred or one eva" };
  await draft(handler, filed.id, guesses);
  const looked = (await look(handler, filed.id)).data!;
  assert.deepEqual(told(guesses, looked.findings as Finding[]), ["phone 7175550177"], "a telephone number is found by how it looks");
  const without = { es: "una zoila o una mildred, al 7175550177", en: guesses.en }, change = (text: typeof guesses) =>
    handler.PATCH("/v1/complaints/{id}/publication", { params: { path: { id: filed.id }, header: { "If-Match": "*" } }, body: { summary: text } });
  await change(without);
  assert.deepEqual(told(without, (await look(handler, filed.id)).data!.findings as Finding[]), ["phone 7175550177"], "with a name or without, the draft looks the same to who drafts");
  await change(guesses);
  await look(handler, filed.id, { waived: "an invented number" });
  assert.equal((await move(handler, filed.id, "checked")).response.status, 200);

  const path = { id: filed.id }, seen = async (by: typeof publisher) =>
    [await by.GET("/v1/complaints/{id}/publication", { params: { path } }), await by.GET("/v1/complaints/{id}/publication/checks", { params: { path, query: { include: "total" } } })].map((a) => [a.response.headers.get("etag"), a.data]);
  const others = [handler, as.auditor, client(token("publisher", { subject })), client(token("coordinator", { subject }))];
  const before = await Promise.all(others.map(seen));
  const second = (await look(publisher, filed.id)).data!;
  assert.deepEqual([told(guesses, second.findings as Finding[]), second.by_role], [["phone 7175550177", "withheld /summary/es"], "publisher"]);
  assert.deepEqual(second.findings[1], { member: "/summary/es", kind: "withheld" });
  assert.deepEqual(await Promise.all(others.map(seen)), before, "nobody else sees that somebody looked: not in a list, its total, an ETag, or a time");
  for (const by of others) {
    const { response } = await by.GET("/v1/complaints/{id}/publication/checks/{check_id}", { params: { path: { id: filed.id, check_id: second.id } } });
    assert.equal(response.status, 404);
  }
  const refused = await move(publisher, filed.id, "approved");
  assert.equal(refused.response.status, 409);
  await look(publisher, filed.id, { waived: "a saint's name" });
  assert.ok((await publisher.GET("/v1/complaints/{id}/publication", { params: { path } })).data!.next.includes("approved"));
  assert.equal((await move(publisher, filed.id, "drafted", "other words, please")).response.status, 200);
  assert.equal((await handler.GET("/v1/complaints/{id}/publication/checks", { params: { path } })).data!.data.length, 3);

  const lets = (identity_to: "nobody" | "group") => filed.mine.PATCH("/v1/case", { params: { header: { "If-Match": "*" } }, body: { identity_to } });
  assert.equal((await lets("group")).response.status, 200);
  const open = (await look(handler, filed.id)).data!;
  assert.deepEqual(told(guesses, open.findings as Finding[]).sort(), ["name ana", "name ñandú", "phone 7175550177"], "what the handler may read is found by place");
  assert.equal((await lets("nobody")).response.status, 200);
  const { data: past } = await handler.GET("/v1/complaints/{id}/publication/checks/{check_id}", { params: { path: { id: filed.id, check_id: open.id } } });
  assert.deepEqual(past!.findings, [{ member: "/summary/es", kind: "withheld" }], "until they may no longer");
});

test("a publication is looked at twenty times in 24 hours; then both languages tell to wait, and how long", async () => {
  const filed = await file({ publish: "summary" });
  const { handler, subject } = await handle(filed.id);
  await draft(handler, filed.id);
  for (let n = 0; n < 20; n++) assert.equal((await look(handler, filed.id)).response.status, 201);
  for (const [language, title] of [["es", "Demasiadas veces"], ["en", "Too often"]] as const) {
    const response = await checkedFetch(`/v1/complaints/${filed.id}/publication/checks`, {
      method: "POST", body: "{}", headers: { "content-type": "application/json", "accept-language": language, authorization: `Bearer ${token("case_handler", { subject })}` },
    });
    const wait = Number(response.headers.get("retry-after")), problem = (await response.json()) as { title: string; detail: string };
    assert.deepEqual([response.status, problem.title, problem.detail.includes(String(wait)), wait > 86000 && wait <= 86400], [429, title, true, true]);
  }
  const { data } = await handler.GET("/v1/complaints/{id}/publication/checks", { params: { path: { id: filed.id } } });
  assert.equal(data!.data.length, 20);
});

test("next names what this caller can do now, and an ETag from before is stale when that changes", async () => {
  const filed = await file({ publish: "summary" });
  const { handler } = await handle(filed.id);
  const read = (by: typeof publisher, etag?: string) => by.GET("/v1/complaints/{id}/publication", { params: { path: { id: filed.id }, header: etag ? { "If-None-Match": etag } : {} } });
  const next = async (...by: (typeof publisher)[]) => Promise.all(by.map(async (caller) => (await read(caller)).data!.next));
  await draft(handler, filed.id);
  const before = (await read(handler)).response.headers.get("etag")!;
  assert.deepEqual(await next(handler, as.coordinator, publisher), [[], [], ["retracted"]]);
  assert.equal((await read(handler, before)).response.status, 304);
  await look(handler, filed.id);
  assert.equal((await read(handler, before)).response.status, 200);
  assert.deepEqual(await next(handler, as.coordinator, publisher), [["checked"], [], ["retracted"]]);
  await move(handler, filed.id, "checked");
  const [mine, theirs] = (await Promise.all([read(handler), read(publisher)])).map(({ response }) => response.headers.get("etag")!);
  assert.deepEqual(await next(handler, publisher), [["drafted"], ["drafted", "retracted"]]);
  await look(publisher, filed.id);
  assert.deepEqual([(await read(handler, mine)).response.status, (await read(publisher, theirs)).response.status], [304, 200]);
  assert.deepEqual(await next(handler, publisher), [["drafted"], ["drafted", "approved", "retracted"]]);
  await resolve(handler, filed.id);
  assert.deepEqual(await next(publisher), [["drafted", "retracted"]], "what was written since has not been looked at");
  assert.equal((await move(publisher, filed.id, "approved")).response.status, 409);
  const refused = await move(publisher, filed.id, "published");
  assert.deepEqual([refused.response.status, (refused.error as { detail: string }).detail.endsWith(": drafted, retracted.")], [409, true]);
});

test("whoever may approve reads exactly what will be published, in both languages, and approves nothing else", async () => {
  const private_ = `secreto${randomUUID().replaceAll("-", "")}`;
  const filed = await file({ publish: "summary", narrative: `Fue ${private_}.`, place: private_, officer_described: private_, contact: { name: private_ }, neighborhood: "southeast", occurred: { from: "2026-01-02T03:04:05Z" }, allegations: ["force", "discourtesy"] });
  const { handler, subject } = await handle(filed.id, "acknowledged", "triage", "informal_resolution");
  assert.equal((await preview(publisher, filed.id)).response.status, 404);
  await draft(handler, filed.id);
  const before = await preview(publisher, filed.id);
  assert.deepEqual([before.data!.summary, before.data!.resolution, before.data!.findings, before.data!.status, before.data!.published_at], [summary, null, [], "published", null]);

  await resolve(handler, filed.id);
  const { data: allegations } = await handler.GET("/v1/complaints/{id}/allegations", { params: { path: { id: filed.id } } });
  const found = (which: number, change: object) =>
    handler.PATCH("/v1/complaints/{id}/allegations/{allegation_id}", { params: { path: { id: filed.id, allegation_id: allegations!.data[which]!.id }, header: { "If-Match": "*" } }, body: change as never });
  assert.equal((await found(0, { finding: "sustained", finding_status: "final", decided_by: "police" })).response.status, 200);
  assert.equal((await found(1, { finding: "unfounded", finding_status: "pending" })).response.status, 200);
  await look(handler, filed.id);
  await move(handler, filed.id, "checked");
  await look(publisher, filed.id);

  const read = await preview(publisher, filed.id);
  assert.deepEqual(read.data!.resolution, { es: "Se habló con quien lo hizo.", en: "Whoever did it was spoken to." });
  assert.deepEqual(read.data!.findings, [{ category: "force", finding: "sustained" }], "what is not final is not told");
  for (const secret of [private_, "2026-01-02", "filed_by", subject]) assert.ok(!JSON.stringify(read.data).includes(secret), secret);
  const etag = read.response.headers.get("etag")!, again = (by: typeof publisher) => by.GET("/v1/complaints/{id}/publication/preview", { params: { path: { id: filed.id }, header: { "If-None-Match": etag } } });
  assert.deepEqual([(await again(publisher)).response.status, before.response.headers.get("etag") === etag], [304, false]);

  await found(0, { finding: "exonerated" });
  const late = await move(publisher, filed.id, "approved", undefined, read.data!.version);
  assert.deepEqual([late.response.status, (late.error as { detail: string }).detail.includes("lea de nuevo la vista previa")], [409, true], "a finding changed since it was read");
  assert.equal((await again(publisher)).response.status, 200);
  await found(0, { finding: "sustained" });
  assert.equal((await move(publisher, filed.id, "approved", undefined, read.data!.version)).response.status, 200, "what was read stands again");
  assert.equal((await move(publisher, filed.id, "published")).response.status, 200);
  const { data: history } = await publisher.GET("/v1/complaints/{id}/publication/transitions", { params: { path: { id: filed.id } } });
  assert.deepEqual(history!.data.map((t) => t.preview_version), [null, read.data!.version, null]);
  const { complaint_id, version, published_at: never, ...told } = read.data!, { published_at, updated_at, ...standing } = (await shown(filed.public_reference))!;
  assert.deepEqual(standing, told, "the public reads what was previewed, member by member");
  assert.deepEqual([(await preview(publisher, filed.id)).data!.status, (await preview(publisher, filed.id)).data!.published_at], ["corrected", published_at]);
});

test("a preview is for whoever may read the publication", async () => {
  const filed = await file({ publish: "summary" });
  const { handler, subject } = await handle(filed.id), recused = `publisher-${randomUUID()}`;
  await draft(handler, filed.id);
  await as.coordinator.POST("/v1/complaints/{id}/recusals", { params: { path: { id: filed.id } }, body: { subject: recused, reason: "a relative" } });
  for (const [who, status, by] of [
    ["a publisher", 200, publisher], ["who handles it", 200, handler], ["a coordinator", 200, as.coordinator], ["an auditor", 200, as.auditor], ["another handler", 404, client(token("case_handler", { subject: "another" }))],
    ["a recused publisher", 404, client(token("publisher", { subject: recused }))], ["a sergeant who publishes", 403, client(token("publisher", { affiliation: "police" }))],
    ["a sergeant who handles it", 403, client(token("case_handler", { subject, affiliation: "police" }))], ["a sergeant who coordinates", 403, client(token("coordinator", { affiliation: "police" }))],
    ["a resident", 403, client(token("resident"))], ["the police", 403, client(token("police_staff"))], ["anybody", 401, anybody],
  ] as const) {
    const [seen, same] = await Promise.all([preview(by, filed.id), by.GET("/v1/complaints/{id}/publication", { params: { path: { id: filed.id } } })]);
    assert.deepEqual([seen.response.status, same.response.status], [status, status], who);
  }
  const silent = await file();
  await draft((await handle(silent.id)).handler, silent.id);
  assert.equal((await preview(publisher, silent.id)).response.status, 409, "what is only counted is not told");
});

test("what is found may stand when somebody says why, for that summary alone", async () => {
  const filed = await file({ publish: "summary" });
  const { handler } = await handle(filed.id);
  await draft(handler, filed.id, { es: "Ocurrió en la calle Reina, donde está la comisaría.", en: "It happened on Queen Street, where the station is." });
  const { data } = await look(handler, filed.id, { waived: "The station's own street." });
  assert.deepEqual([data!.waived, data!.current, data!.findings.length > 0], ["The station's own street.", true, true]);
  const path = { id: filed.id, check_id: data!.id };
  assert.deepEqual((await publisher.GET("/v1/complaints/{id}/publication/checks/{check_id}", { params: { path } })).data, data);
  const change = (en: string) => handler.PATCH("/v1/complaints/{id}/publication", { params: { path: { id: filed.id }, header: { "If-Match": "*" } }, body: { summary: { en } } });
  await change("It happened on Queen Street, to Mildred.");
  assert.equal((await publisher.GET("/v1/complaints/{id}/publication/checks/{check_id}", { params: { path } })).data!.current, false);
  assert.equal((await move(handler, filed.id, "checked")).response.status, 409);
  await change("It happened on Queen Street, where the station is.");
  assert.equal((await move(handler, filed.id, "checked")).response.status, 200);
  const { data: looks } = await as.auditor.GET("/v1/complaints/{id}/publication/checks", { params: { path: { id: filed.id } } });
  assert.equal(looks!.data.length, 1);
});

test("whoever complained has the last word on whether it is told", async () => {
  const silent = await file();
  const { handler } = await handle(silent.id);
  await draft(handler, silent.id);
  await look(handler, silent.id);
  assert.equal((await look(publisher, silent.id)).response.status, 409);
  for (const [by, to] of [[handler, "checked"], [publisher, "approved"], [publisher, "published"]] as const) assert.equal((await move(by, silent.id, to)).response.status, 409, to);
  assert.equal(await shown(silent.public_reference), undefined);

  const open = await file({ publish: "summary" });
  await publish((await handle(open.id)).handler, publisher, open.id);
  assert.equal((await shown(open.public_reference))!.status, "published");
  const change = (choice: "summary" | "statistics_only") => open.mine.PATCH("/v1/case", { params: { header: { "If-Match": "*" } }, body: { publish: choice } });
  await change("statistics_only");
  assert.deepEqual([(await shown(open.public_reference))!.status, (await shown(open.public_reference))!.summary], ["retracted", null]);
  await change("summary");
  assert.equal((await shown(open.public_reference))!.status, "published");
});

test("a retried draft, look and move are carried out once", async () => {
  const filed = await file({ publish: "summary" });
  const { handler } = await handle(filed.id);
  const params = { path: { id: filed.id }, header: { "Idempotency-Key": randomUUID() as string } };
  const drafts = [await handler.POST("/v1/complaints/{id}/publication", { params, body: { summary } }), await handler.POST("/v1/complaints/{id}/publication", { params, body: { summary } })];
  assert.deepEqual(drafts.map((d) => [d.response.status, d.data!.id]), [[201, filed.id], [201, filed.id]]);
  params.header["Idempotency-Key"] = randomUUID();
  const looks = [await handler.POST("/v1/complaints/{id}/publication/checks", { params, body: {} }), await handler.POST("/v1/complaints/{id}/publication/checks", { params, body: {} })];
  assert.deepEqual(looks[1]!.data, looks[0]!.data);
  params.header["Idempotency-Key"] = randomUUID();
  const moves = [await handler.POST("/v1/complaints/{id}/publication/transitions", { params, body: { to: "checked" } }), await handler.POST("/v1/complaints/{id}/publication/transitions", { params, body: { to: "checked" } })];
  assert.deepEqual(moves.map((m) => [m.response.status, m.data!.state]), [[200, "checked"], [200, "checked"]]);
});

test("drafts of complaints that one does not handle are as if they were not there", async () => {
  const filed = await file({ publish: "summary" });
  const { handler } = await handle(filed.id);
  await draft(handler, filed.id);
  const stranger = { authorization: `Bearer ${token("case_handler", { subject: "stranger" })}` }, missing = randomUUID();
  for (const path of ["", "/transitions", "/checks", `/checks/${randomUUID()}`]) {
    const [theirs, none] = [await bytes(`/v1/complaints/${filed.id}/publication${path}`, stranger), await bytes(`/v1/complaints/${missing}/publication${path}`, stranger)];
    assert.match(theirs, /^\[404,/);
    assert.equal(theirs, none);
  }
  assert.equal((await draft(as.coordinator, filed.id)).response.status, 403);
  assert.equal((await look(as.coordinator, filed.id)).response.status, 403);
});

test("the public reads what was published as JSON, CSV and NDJSON, by filter, with an ETag, and nothing else", async () => {
  const filed = await file({ publish: "summary", kind: "issue", neighborhood: "southeast", allegations: ["force"], complainants: [{ relation: "victim", sex: "female" }] });
  const { handler } = await handle(filed.id, "acknowledged", "triage", "informal_resolution");
  const { data: allegations } = await handler.GET("/v1/complaints/{id}/allegations", { params: { path: { id: filed.id } } });
  const finding = (finding_status: "pending" | "final") =>
    handler.PATCH("/v1/complaints/{id}/allegations/{allegation_id}", { params: { path: { id: filed.id, allegation_id: allegations!.data[0]!.id }, header: { "If-Match": "*" } }, body: { finding: "sustained", finding_status, decided_by: "police", outcome: "discipline" } as never });
  assert.equal((await finding("pending")).response.status, 200);
  await resolve(handler, filed.id);
  await publish(handler, publisher, filed.id);
  assert.deepEqual((await shown(filed.public_reference))!.findings, []);
  await finding("final");
  const unseen = { text: { es: "Rigoberta Prueba, 717-555-0142", en: "Rigoberta Prueba, 717-555-0142" }, actions: [] };
  assert.equal((await handler.POST("/v1/complaints/{id}/resolutions", { params: { path: { id: filed.id } }, body: unseen })).response.status, 201);
  const record = (await shown(filed.public_reference))!;
  assert.deepEqual(record.findings, [{ category: "force", finding: "sustained" }]);
  assert.equal(record.resolution!.en, "Whoever did it was spoken to.", "a resolution that nobody looked at and approved stays inside");
  assert.deepEqual(Object.keys(record).sort(), ["categories", "demo", "findings", "kind", "place", "public_reference", "published_at", "quarter", "resolution", "state", "status", "summary", "updated_at"]);

  const query = `/v1/published-complaints?kind=issue&state=informal_resolution&quarter=${record.quarter}&updated_since=${record.updated_at.replace("+00:00", "Z")}`;
  const json = await checkedFetch(query);
  assert.ok(((await json.json()) as { data: unknown[] }).data.some((r) => JSON.stringify(r) === JSON.stringify(record)));
  assert.match(json.headers.get("cache-control")!, /public/);
  const etag = json.headers.get("etag")!;
  assert.equal((await checkedFetch(query, { headers: { "if-none-match": etag } })).status, 304);
  const csv = await (await checkedFetch("/v1/published-complaints?kind=issue", { headers: { accept: "text/csv" } })).text();
  assert.match(csv, new RegExp(`^${filed.public_reference},published,issue,"\\[""force""\\]",${record.quarter},`, "m"));
  const ndjson = await (await checkedFetch("/v1/published-complaints?kind=issue", { headers: { accept: "application/x-ndjson" } })).text();
  assert.ok(ndjson.trim().split("\n").some((line) => JSON.stringify(JSON.parse(line)) === JSON.stringify(record)));
  await finding("pending");
  assert.deepEqual((await shown(filed.public_reference))!.findings, []);
  assert.equal((await checkedFetch(query, { headers: { "if-none-match": etag } })).status, 200);
  assert.equal((await checkedFetch("/v1/published-complaints/C-0000000000")).status, 404);
});

test("a public answer, and its preview, has these members and no others: whoever adds one has to say so here", async () => {
  const expected: { [id: string]: string[] } = {
    listPublishedComplaints: ["categories", "demo", "findings", "kind", "place", "public_reference", "published_at", "quarter", "resolution", "state", "status", "summary", "updated_at"],
    listNotices: ["in_force_from", "text", "version"],
  };
  expected["getPublishedComplaint"] = expected["listPublishedComplaints"]!;
  expected["getNotice"] = expected["listNotices"]!;
  expected["getPublicationPreview"] = [...expected["listPublishedComplaints"]!.filter((member) => member !== "updated_at"), "complaint_id", "version"].sort();
  const resolved = (value: any): any => (value?.$ref ? resolved(value.$ref.split("/").slice(1).reduce((v: any, t: string) => v[t.replaceAll("~1", "/").replaceAll("~0", "~")], contract.document)) : value);
  for (const { id, operation } of contract.operations()) {
    if (!expected[id]) continue;
    const schema = resolved(resolved(operation["responses"]["200"]).content["application/json"].schema);
    const record = schema.properties.data ? resolved(resolved(schema.properties.data).items) : schema;
    assert.deepEqual(Object.keys(record.properties).sort(), expected[id], id);
    delete expected[id];
  }
  assert.deepEqual(expected, {});
});

test("beyond reference data and organizations, these are all that anybody may read", () => {
  const apart = ["service", "plan", "neighborhoods", "vocabularies", "lifecycles", "organizations", "statistics"];
  const open = [...contract.operations()].filter(({ method, operation }) => method === "get" && operation["security"].some((s: object) => Object.keys(s).length === 0) && !apart.includes(operation["tags"][0]));
  assert.deepEqual(open.map(({ id }) => id).sort(), ["getNotice", "getPublishedComplaint", "getPublishedMember", "listNotices", "listPublishedComplaints", "listPublishedMembers"]);
});
