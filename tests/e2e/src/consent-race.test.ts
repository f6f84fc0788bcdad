/* consent-race.test.ts: whoever complains consents, withdraws and decides who may know them while the group refers what they told, all at
 * once: nothing waits for each other in a circle, and nothing stays disclosed that may not be. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { assign, coordinator, handled, somebody } from "./complaints.js";
import { sql } from "./database.js";
import { holder } from "./service.js";

const ROUNDS = 300;
const log = process.env["CPWG_POSTGRES_LOG"]!;

/** What must never be seen of a complaint, by name; those that are. */
function broken(id: string) {
  const rules = {
    "a copy by a consent that was withdrawn": "select from referral r join consent k on k.id = r.consent_id where r.complaint_id = $id and copy is not null and k.withdrawn_at is not null",
    "a copy without consent": "select from referral where complaint_id = $id and copy is not null and consent_id is null",
    "a copy of what was taken back": "select from referral where complaint_id = $id and copy is not null and state = 'withdrawn'",
    "a contact where nobody outside may know": "select from referral r join complaint c on c.id = r.complaint_id where c.id = $id and 'contact' = any (disclosed) and identity_to <> 'group_and_police'",
    "two consents at once": "select from consent where complaint_id = $id and withdrawn_at is null having count(*) > 1",
  };
  const query = Object.entries(rules).map(([name, rule]) => `select '${name}' where exists (${rule.replace("$id", `'${id}'`)})`).join(" union all ");
  return sql(query);
}

test(`consents, withdrawals and referrals at once, ${ROUNDS} rounds: no deadlock, nothing disclosed that may not be`, async () => {
  const before = readFileSync(log, "utf8").length;
  const one = await handled({ identity_to: "group_and_police", contact: { name: "Rosa M." } });
  const boss = `coordinator ${randomUUID()}`, chief = somebody("coordinator", boss), mine = holder(one.key);
  await assign(one.id, boss);
  const organization = (await coordinator.POST("/v1/organizations", { body: { kind: "police_department", name: "Race", listed: false } })).data!.id;
  const department = somebody("police_staff", "race", { organization });

  const seen: { [what: string]: Set<number> } = {};
  const met: { [what: string]: number } = {};
  async function may<A extends { response: Response }>(what: string, statuses: number[], asked: Promise<A>): Promise<A> {
    const answer = await asked, { status } = answer.response;
    assert.ok(statuses.includes(status), `${what}: ${status}`);
    (seen[what] ??= new Set()).add(status);
    met[`${what} ${status}`] = (met[`${what} ${status}`] ?? 0) + 1;
    return answer;
  }
  const refer = (by: typeof chief, disclosed: "narrative" | "contact") =>
    may(`refer ${disclosed}`, [201, 409], by.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization, disclosed: [disclosed], copy: disclosed === "contact" ? { contact: { name: "Rosa M." } } : { narrative: "x" } } }));
  const decide = (identity_to: "group" | "group_and_police") => may("decide", [200], mine.PATCH("/v1/case", { params: { header: { "If-Match": "*" } }, body: { identity_to } }));
  const give = () => may("consent", [201, 409], mine.POST("/v1/case/consents", { body: { purpose: "referral" } }));

  let consent = (await give()).data!.id, referral = (await refer(one.handler, "narrative")).data!.id;
  for (let round = 0; round < ROUNDS; round++) {
    const at = { params: { path: { id: referral } } };
    const work = [
      () => may("withdraw", [204], mine.DELETE("/v1/case/consents/{id}", { params: { path: { id: consent } } })),
      give,
      () => refer(one.handler, "narrative"),
      () => refer(chief, "contact"),
      () => decide(round % 2 ? "group_and_police" : "group"),
      () => may("acknowledge", [200, 409], department.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "acknowledged" } })),
      () => may("take back", [200, 409], one.handler.POST("/v1/referrals/{id}/transitions", { ...at, body: { to: "withdrawn", reason: "race" } })),
      () => may("move", [200, 409], chief.POST("/v1/complaints/{id}/transitions", { ...one.at, body: { to: "acknowledged" } })),
    ];
    const first = round % work.length; // each begins at times
    const answers = await Promise.all([...work.slice(first), ...work.slice(0, first)].map((each) => each()));
    const [withdrawn, given, told] = work.map((_, i) => answers[(i - first + work.length) % work.length]!) as [unknown, Awaited<ReturnType<typeof give>>, Awaited<ReturnType<typeof refer>>];
    assert.ok(withdrawn);
    assert.equal(broken(one.id), "", `round ${round}`);
    if (given.data) consent = given.data.id;
    else if (round % 3) consent = (await give()).data?.id ?? consent;
    if (told.data) referral = told.data.id;
  }
  for (const [what, statuses] of Object.entries({ consent: [201, 409], "refer narrative": [201, 409], "refer contact": [201, 409], acknowledge: [200, 409], "take back": [200, 409] }))
    assert.deepEqual([...seen[what]!].sort(), statuses, `${what} met both: ${JSON.stringify(met)}`);
  assert.doesNotMatch(readFileSync(log, "utf8").slice(before), /deadlock detected/);
});
