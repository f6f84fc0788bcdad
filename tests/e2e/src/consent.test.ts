/* consent.test.ts: a lawyer's client consents that their complaint goes to the police department, which answers; and takes the consent back. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { checkedFetch, holder, token } from "./service.js";
import { coordinator, handled, somebody } from "./complaints.js";
import type { components } from "../client/schema.js";

type NewReferral = components["schemas"]["NewReferral"];

async function department(kind: "police_department" | "city_department" = "police_department") {
  const { data } = await coordinator.POST("/v1/organizations", { body: { kind, name: `Department ${randomUUID().slice(0, 8)}`, listed: false } });
  return { id: data!.id, staff: somebody(kind === "city_department" ? "city" : "police_staff", `staff ${randomUUID()}`, { organization: data!.id }) };
}
const lawyer = { representative: { contact: { name: "Lic. Ortiz" } } } as const;
const copy: NonNullable<NewReferral["copy"]> = { narrative: "Me detuvieron sin decirme por qué.", occurred: { from: "2026-03-01T22:30:00-05:00" } };
const disclosed: NewReferral["disclosed"] = ["narrative", "occurred"];

test("without consent only categories and quarter go", async () => {
  const one = await handled({ ...lawyer, allegations: ["force", "discourtesy"] }), police = await department();
  const refer = (body: Partial<NewReferral>) => one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, ...body } as NewReferral });
  const refused = await refer({ disclosed, copy });
  assert.equal(refused.response.status, 409);
  assert.match((refused.error as { detail: string }).detail, /sin el consentimiento de quien presentó la queja/);
  const { data: sent, response } = await refer({});
  assert.equal(response.status, 201);
  assert.deepEqual([sent!.categories, sent!.disclosed, sent!.state], [["discourtesy", "force"], [], "sent"]);
  const { data: got } = await police.staff.GET("/v1/referrals/{id}", { params: { path: { id: sent!.id } } });
  assert.equal(got!.copy, null);
  assert.match(got!.quarter, /^\d{4}-Q[1-4]$/);
  const text = JSON.stringify(got);
  for (const hidden of [one.id, one.reference, one.subject, "Lic. Ortiz", "Me detuvieron"]) assert.ok(!text.includes(hidden), hidden);
});

test("a client consents, the department reads the copy and answers, the consent is taken back and the copy is gone", async () => {
  const one = await handled(lawyer), police = await department();
  const { data: consent, response: given } = await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
  assert.equal(given.status, 201);
  const { data: known } = await one.handler.GET("/v1/complaints/{id}/private", one.at);
  assert.deepEqual(known!.consents.map((c) => [c.purpose, c.given_by, c.withdrawn_at]), [["referral", "representative", null]]);

  const { data: sent } = await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, disclosed, copy } });
  const at = { params: { path: { id: sent!.id } } };
  const { data: list } = await police.staff.GET("/v1/referrals");
  assert.deepEqual(list!.data.map((r) => [r.id, r.state, r.next]), [[sent!.id, "sent", ["acknowledged"]]]);
  assert.deepEqual((await police.staff.GET("/v1/referrals/{id}", at)).data!.copy, copy);

  const early = await police.staff.POST("/v1/referrals/{id}/answer", { ...at, body: { answer: "Too soon." } });
  assert.equal(early.response.status, 409);
  assert.match((early.error as { detail: string }).detail, /: acknowledged\.$/);
  assert.equal((await police.staff.GET("/v1/referrals/{id}", at)).data!.answer, null, "what was refused is not kept");
  assert.equal((await police.staff.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "acknowledged" } })).data!.state, "acknowledged");
  assert.equal((await police.staff.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "answered" } })).response.status, 409, "it is answered by an answer");
  const { data: answered } = await police.staff.POST("/v1/referrals/{id}/answer", { ...at, body: { answer: "We spoke with the officer." } });
  assert.deepEqual([answered!.state, answered!.next], ["answered", []]);
  assert.equal((await police.staff.POST("/v1/referrals/{id}/answer", { ...at, body: { answer: "Again." } })).response.status, 409);

  const mine = { params: { path: { id: one.id, referral_id: sent!.id } } };
  const { data: seen } = await one.handler.GET("/v1/complaints/{id}/referrals/{referral_id}", mine);
  assert.deepEqual([seen!.answer, seen!.copy, seen!.state], ["We spoke with the officer.", copy, "answered"]);
  const { data: moves } = await one.handler.GET("/v1/referrals/{id}/transitions", at);
  assert.deepEqual(moves!.data.map((m) => [m.from, m.to, m.by_role]), [["sent", "acknowledged", "police_staff"], ["acknowledged", "answered", "police_staff"]]);
  assert.deepEqual((await police.staff.GET("/v1/referrals/{id}/transitions", at)).data, moves);

  assert.equal((await holder(one.key).DELETE("/v1/case/consents/{id}", { params: { path: { id: consent!.id }, header: { "If-Match": "*" } } } as never)).response.status, 204);
  const { data: after } = await police.staff.GET("/v1/referrals/{id}", at);
  assert.deepEqual([after!.copy, after!.disclosed, after!.answer], [null, [], "We spoke with the officer."]);
  assert.equal((await one.handler.GET("/v1/complaints/{id}/referrals/{referral_id}", mine)).data!.copy, null);
  assert.equal((await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, disclosed, copy } })).response.status, 409);
});

test("a copy holds what is disclosed, no more and no less", async () => {
  const one = await handled(), police = await department();
  await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
  const refer = async (body: object) => (await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, ...body } as NewReferral })).response.status;
  for (const body of [{ disclosed: ["narrative"] }, { disclosed: ["narrative"], copy: null }, { copy: { narrative: "x" } }, { disclosed: ["narrative"], copy: {} }, { disclosed: ["narrative"], copy: { narrative: "x", place: "y" } },
    { disclosed: ["narrative", "place"], copy: { narrative: "x" } }, { disclosed: ["contact"], copy: { narrative: "x" } }, { disclosed: [], copy: {} }])
    assert.equal(await refer(body), 422, JSON.stringify(body));
  assert.equal(await refer({ disclosed: ["place"], copy: { place: "y" } }), 201);
  assert.equal(await refer({ disclosed: [], copy: null }), 201);
});

test("contacts go only where the complainant lets the police know who they are", async () => {
  const police = await department(), contact = { name: "Rosa M." };
  for (const [identity_to, status] of [["nobody", 409], ["group", 409], ["group_and_police", 201]] as const) {
    const one = await handled({ identity_to, contact });
    await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
    const { response } = await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, disclosed: ["contact"], copy: { contact } } });
    assert.equal(response.status, status, identity_to);
  }
});

test("nobody but the recipient finds a referral, and who sent it may take it back", async () => {
  const one = await handled(), police = await department(), city = await department("city_department");
  await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
  const { data: sent } = await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, disclosed, copy } });
  const at = { params: { path: { id: sent!.id } } };
  for (const stranger of [city.staff, (await department()).staff, somebody("police_staff", "nobody's")]) {
    assert.equal((await stranger.GET("/v1/referrals/{id}", at)).response.status, 404);
    assert.equal((await stranger.GET("/v1/referrals/{id}/transitions", at)).response.status, 404);
    assert.equal((await stranger.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "acknowledged" } })).response.status, 404);
    assert.equal((await stranger.POST("/v1/referrals/{id}/answer", { ...at, body: { answer: "x" } })).response.status, 404);
    assert.deepEqual((await stranger.GET("/v1/referrals")).data!.data, []);
  }
  const stranger = somebody("case_handler", `handler ${randomUUID()}`);
  assert.equal((await stranger.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "withdrawn", reason: "x" } })).response.status, 404);
  const { data: back } = await one.handler.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "withdrawn", reason: "Sent by mistake." } });
  assert.deepEqual([back!.state, back!.disclosed], ["withdrawn", []]);
  const why = async (by: typeof one.handler) => (await by.GET("/v1/referrals/{id}/transitions", at)).data!.data.at(-1)!.reason;
  assert.deepEqual([await why(one.handler), await why(police.staff)], ["Sent by mistake.", null]);
  assert.equal((await police.staff.GET("/v1/referrals/{id}", at)).data!.copy, null);
});

test("a department mirrors what is referred to it", async () => {
  const police = await department(), one = await handled();
  const refer = async () => (await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: police.id, disclosed: [] } })).data!;
  const first = await refer(), second = await refer();
  const bearer = token("police_staff", { organization: first.organization });
  const lines = async (query: string) => (await (await checkedFetch(`/v1/referrals${query}`, { headers: { accept: "application/x-ndjson", authorization: `Bearer ${bearer}` } })).text()).trim().split("\n").filter(Boolean).map((l) => JSON.parse(l).id);
  assert.deepEqual(await lines(""), [first.id, second.id]);
  assert.deepEqual(await lines(`?updated_since=${encodeURIComponent(second.updated_at)}`), [second.id]);
  await police.staff.POST("/v1/referrals/{id}/transitions", { params: { path: { id: first.id } }, body: { to: "acknowledged" } });
  assert.deepEqual(await lines("?state=sent"), [second.id]);
  assert.deepEqual(await lines(""), [second.id, first.id]);
});
