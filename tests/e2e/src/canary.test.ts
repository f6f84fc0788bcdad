/* canary.test.ts: a marker of its own in everything that is private, and where none may ever turn up: public answers, problems, logs,
 * metrics, the database's log (of every statement with its values) and what it tells of its work, and a dump of the database. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { complaint, file, handle, look, move, publish, resolve, unknownKey } from "./cases.js";
import { anybody, as, checkedFetch, client, contract, holder, token, url, type Service } from "./service.js";

type Dict = { [name: string]: any };
const database = process.env["CPWG_TEST_DATABASE"]!;
const sql = (...statements: string[]) => execFileSync("psql", ["-XqAt", "-v", "ON_ERROR_STOP=1", ...statements.flatMap((s) => ["-c", s]), database], { encoding: "utf8", maxBuffer: 1 << 30 });

const markers: { [field: string]: string } = {};
/** A text of letters that stands nowhere else, remembered under the name of its field. */
function mark(field: string): string {
  return (markers[field] = `Qx${randomBytes(9).toString("hex").replace(/[0-9]/g, (d) => "ghijklmnop"[Number(d)]!)}`);
}
const keys: string[] = [];
const signer = generateKeyPairSync("ec", { namedCurve: "P-256" });
const contact = (whose: string) => ({ name: mark(`${whose} name`), phone: `717 ${mark(`${whose} phone`)}`, email: `${mark(`${whose} email`)}@example.org`, address: mark(`${whose} address`), prefers: "phone" as const });

/** What an answer or a log would be searched for: as it is, and as bytes are written in hexadecimal digits and in base 64. */
function forms(text: string): string[] {
  const bytes = Buffer.from(text), hex = bytes.toString("hex");
  const base64 = [0, 1, 2].map((before) => Buffer.concat([Buffer.alloc(before), bytes]).toString("base64").replace(/=+$/, "").slice(before ? before + 1 : 0, before || bytes.length % 3 ? -1 : undefined));
  return [text, text.toLowerCase(), hex, hex.toUpperCase(), ...base64, encodeURIComponent(text)];
}
function leaks(haystack: string, told = /^$/): string[] {
  const secrets = [...Object.entries(markers).filter(([field]) => !told.test(field)), ...keys.flatMap((key) => [["key or code", key], ["key or code", key.replaceAll("-", "")]] as [string, string][])];
  const plain = haystack.toLowerCase();
  return secrets.flatMap(([field, secret]) => forms(secret).filter((form) => haystack.includes(form) || plain.includes(form.toLowerCase())).map((form) => `${field} as ${form}`));
}
/** told: the fields that whoever asked may read. */
function clean(where: string, haystack: string, told?: RegExp) {
  assert.deepEqual(leaks(haystack, told), [], where);
}

const postgresLog = readFileSync(needed("CPWG_POSTGRES_LOG"), "utf8").length;
function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run tests/run e2e`);
  return value;
}

/** More than anybody would log: every statement with its values. */
const logged = { log_statement: "'all'", log_min_duration_statement: 0, log_parameter_max_length: -1, log_parameter_max_length_on_error: -1, log_min_error_statement: "'error'", log_error_verbosity: "'verbose'" };

/** Everything private that operations take, in a complaint that is published. */
async function live() {
  sql(...Object.entries(logged).map(([name, value]) => `alter system set ${name} = ${value}`), "select pg_reload_conf()");
  const filed = await file({
    publish: "summary", narrative: `Dice: ${mark("narrative")}.`, place: mark("place"), officer_described: mark("officer_described"), contact: contact("contact"), representative: { contact: contact("representative") },
  });
  keys.push(filed.case_key);
  const { subject, handler } = await handle(filed.id, "acknowledged", "triage", "informal_resolution");
  const at = { params: { path: { id: filed.id } } };
  const made = (await filed.mine.POST("/v1/case/keys", { body: { holder: "complainant" } })).data!;
  keys.push(made.case_key);
  const mine = holder(made.case_key);
  await mine.PATCH("/v1/case", { params: { header: { "If-Match": "*" } }, body: { contact: contact("changed contact"), identity_to: "group_and_police" } });
  await mine.POST("/v1/case/messages", { body: { language: "es", text: mark("message") } });
  await handler.POST("/v1/complaints/{id}/messages", { ...at, body: { language: "es", text: mark("message of the group") } });
  await handler.POST("/v1/complaints/{id}/notes", { ...at, body: { text: mark("note") } });
  await mine.POST("/v1/case/consents", { body: { purpose: "referral" } });
  const organization = (await as.coordinator.POST("/v1/organizations", { body: { kind: "police_department", name: "Canary" } })).data!.id;
  const referred = await handler.POST("/v1/complaints/{id}/referrals", { ...at, body: { organization, disclosed: ["narrative"], copy: { narrative: mark("referral copy") } } as never });
  assert.equal(referred.response.status, 201);
  const police = client(token("police_staff", { organization })), referral = { params: { path: { id: (referred.data as unknown as { id: string }).id } } };
  await police.POST("/v1/referrals/{id}/transitions", { ...referral, body: { to: "acknowledged" } as never });
  assert.equal((await police.POST("/v1/referrals/{id}/answer", { ...referral, body: { answer: mark("referral answer") } })).response.status, 200);
  await publish(handler, as.publisher, filed.id);
  await resolve(handler, filed.id);
  await handler.POST("/v1/complaints/{id}/transitions", { ...at, body: { to: "decided" } as never });
  await mine.POST("/v1/case/resolution-answers", { body: { satisfied: false, text: mark("resolution answer") } });
  await mine.POST("/v1/case/transitions", { body: { to: "appealed", language: "es", text: mark("reason of an appeal") } });
  await move(handler, filed.id, "drafted", "another look");
  assert.equal((await look(handler, filed.id, { waived: mark("waiver") })).response.status, 201);
  const reasons = await giveReasons(filed.id, subject, handler, organization);
  const person = { name: "Canary", email: "canary@example.org", language: "es" as const, role: "member" as const, affiliation: "resident" as const };
  const used = (await as.coordinator.POST("/v1/people", { body: person })).data!, open = (await as.coordinator.POST("/v1/people", { body: person })).data!;
  keys.push(used.invitation_code, open.invitation_code);
  assert.equal((await client(token("resident", { subject: randomUUID() })).POST("/v1/me/invitation", { body: { invitation_code: used.invitation_code } })).response.status, 200);
  await systems(organization);
  return { filed, handler, subject, mine, organization, referral, police, reasons };
}

/** A signed JWT; what it consists of is looked for, part by part. */
function jwt(header: object, claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode({ typ: "JWT", ...header })}.${encode(claims)}`;
  return planted(`${text}.${sign("sha256", Buffer.from(text), { key: signer.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`);
}
function planted(token: string): string {
  keys.push(token, ...token.split(".").slice(1));
  return token;
}

/** What systems show themselves with and are given, good and bad, in every way there is; and tokens of people, of a provider. */
async function systems(organization: string) {
  const body = { name: "Canary", role: "police_staff" as const, organization, scopes: ["referrals:receive"] };
  const { id, client_secret: secret } = (await as.coordinator.POST("/v1/api-clients", { body })).data!;
  const { data: rotated } = await as.coordinator.POST("/v1/api-clients/{id}/secrets", { params: { path: { id } }, body: { overlap_hours: 1 } });
  const jwk = { kid: "1", ...signer.publicKey.export({ format: "jwk" }) };
  const signs = (await as.coordinator.POST("/v1/api-clients", { body: { ...body, jwks: { keys: [jwk] } } as never })).data!.id;
  keys.push(secret!, rotated!.client_secret);
  const now = Math.floor(Date.now() / 1000), wrong = unknownKey();
  keys.push(wrong);
  const assertion = (more: object = {}) => jwt({ alg: "ES256", kid: "1" }, { iss: signs, sub: signs, aud: "urn:cpwg:local", exp: now + 200, jti: mark(`jti ${keys.length}`), ...more });
  const ask = async (form: { [name: string]: string }, headers: { [name: string]: string }, status: number) => {
    const answer = await checkedFetch("/oauth/token", { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", ...form }), headers });
    const text = await answer.text();
    assert.equal(answer.status, status, text);
    if (status === 200) return planted((JSON.parse(text) as Dict)["access_token"]);
    clean(`/oauth/token ${status}`, `${JSON.stringify([...answer.headers])}${text}`);
    return "";
  };
  const basic = (shown: string) => ({ authorization: `Basic ${planted(Buffer.from(`${id}:${shown}`).toString("base64"))}` });
  const signed = (client_assertion: string) => ({ client_assertion, client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" });
  const once = assertion();
  const granted = [await ask({}, basic(secret!), 200), await ask({ client_id: id, client_secret: rotated!.client_secret }, {}, 200), await ask(signed(once), {}, 200)];
  await ask({}, basic(wrong), 401);
  await ask({ client_id: id, client_secret: `${secret}x` }, {}, 401);
  await ask({ client_id: secret!, client_secret: id }, {}, 401);
  await ask({ client_secret: secret! }, {}, 400);
  await ask({ scope: secret! }, basic(secret!), 400);
  for (const refused of [once, assertion({ exp: now - 900 }), assertion({ aud: mark("an aud") }), `${assertion()}x`]) await ask(signed(refused), {}, 401);
  for (const bearer of granted) assert.equal((await client(bearer).GET("/v1/referrals")).response.status, 200);
  const person = { iss: "https://login.example.org", sub: mark("a sub"), aud: "cpwg-api", exp: now + 900, email: `${mark("a claim")}@example.org` };
  for (const bearer of [jwt({ alg: "ES256", kid: mark("a kid") }, person), jwt({ alg: "ES256", kid: "1" }, { ...person, iss: mark("an iss") }), `${granted[0]}x`, secret!, jwt({ alg: "none" }, person)]) {
    const answer = await checkedFetch("/v1/me", { headers: { authorization: `Bearer ${bearer}` } });
    assert.equal(answer.status, 401);
    clean("/v1/me", `${JSON.stringify([...answer.headers])}${await answer.text()}`);
  }
}

/** Why of everything that the group says a reason for. */
async function giveReasons(id: string, subject: string, handler: Service, organization: string) {
  const at = { params: { path: { id } } };
  const moved = [await handler.POST("/v1/complaints/{id}/transitions", { ...at, body: { to: "reopened", reason: mark("reason of a move") } }), await move(as.publisher, id, "retracted", mark("reason of a retraction"))];
  assert.deepEqual(moved.map(({ response }) => response.status), [200, 200]);
  const recusal = (await as.coordinator.POST("/v1/complaints/{id}/recusals", { ...at, body: { subject: `recused ${subject}`, reason: mark("reason of a recusal") } })).data!.id;
  const sent = (await handler.POST("/v1/complaints/{id}/referrals", { ...at, body: { organization, disclosed: [] } })).data!.id;
  const back = await handler.POST("/v1/referrals/{id}/transitions", { params: { path: { id: sent } }, body: { to: "withdrawn", reason: mark("reason of taking it back") } });
  assert.equal(back.response.status, 200);
  return { recusal, referral: sent };
}
const { filed, handler, subject, mine, organization, referral, police, reasons } = await live();

test("those who may read what is private do read it", async () => {
  const { narrative, place, officer_described } = (await mine.GET("/v1/case")).data!;
  assert.deepEqual([narrative, place, officer_described], [`Dice: ${markers["narrative"]}.`, markers["place"], markers["officer_described"]]);
  const seen = [
    await mine.GET("/v1/case"), await filed.mine.GET("/v1/case"), await mine.GET("/v1/case/messages"), await mine.GET("/v1/case/resolution-answers"),
    await handler.GET("/v1/complaints/{id}/private", { params: { path: { id: filed.id } } }), await handler.GET("/v1/complaints/{id}/notes", { params: { path: { id: filed.id } } }),
    await handler.GET("/v1/complaints/{id}/publication/checks", { params: { path: { id: filed.id } } }), await handler.GET("/v1/complaints/{id}/transitions", { params: { path: { id: filed.id } } }),
    await as.auditor.GET("/v1/complaints/{id}/publication/transitions", { params: { path: { id: filed.id } } }), await as.coordinator.GET("/v1/complaints/{id}/recusals", { params: { path: { id: filed.id } } }),
    await handler.GET("/v1/referrals/{id}/transitions", { params: { path: { id: reasons.referral } } }), await police.GET("/v1/referrals/{id}", referral),
  ].map(({ data }) => JSON.stringify(data)).join("\n");
  const replaced = ["contact name", "contact phone", "contact email", "contact address"]; /* by the changed contact */
  for (const [field, marker] of Object.entries(markers)) if (!replaced.includes(field) && !/^(jti|an?) /.test(field)) assert.ok(seen.includes(marker), field);
});

test("no reason is told to anybody of police affiliation, whatever their role, nor to whom it was referred", async () => {
  const why = Object.fromEntries(Object.entries(markers).filter(([field]) => field.startsWith("reason of a")));
  const roles = Object.keys(contract.document["x-roles"] as Dict).filter((role) => !["public", "case"].includes(role));
  const callers = [...roles.map((role) => ({ role, affiliation: "police" })), { role: "city", affiliation: "city" }, { role: "partner", affiliation: "organization" }];
  for (const { role, affiliation } of callers) {
    const bearer = token(role, { subject, affiliation, organization });
    let shown = 0;
    for (const { method, path } of contract.operations()) {
      if (method !== "get" || !/^\/v1\/(complaints|publications|referrals)\b/.test(path)) continue;
      for (const id of path.includes("{id}") ? [filed.id, reasons.referral] : [""])
        for (const accept of ["application/json", "text/csv", "application/x-ndjson"]) {
          const asked = path.replace("{id}", id).replace("{recusal_id}", reasons.recusal).replace("{referral_id}", reasons.referral).replace(/\{\w+\}/, randomUUID());
          const response = await fetch(url + asked, { headers: { accept: `${accept}, */*;q=0.1`, authorization: `Bearer ${bearer}` } }), text = await response.text();
          for (const [field, marker] of Object.entries(why)) assert.ok(!text.includes(marker), `${role} of ${affiliation} is told ${field} by ${asked}`);
          if (response.ok && path.endsWith("/transitions")) shown += Number(/withdrawn|reopened|retracted/.test(text));
          assert.ok(affiliation !== "police" || !text.includes("retracted"), `${role} of the police sees a publication move by ${asked}`);
        }
    }
    if (["coordinator", "case_handler", "auditor", "police_staff", "city", "partner"].includes(role)) assert.ok(shown > 0, `${role} sees that it moved`);
  }
});

test("no public answer tells anything private, in any format", async () => {
  const known: Dict = { "/problems/{slug}": ["not-found"], "/v1/published-complaints/{public_reference}": [filed.public_reference] };
  let looked = 0;
  for (const { method, path, operation } of contract.operations()) {
    if (method !== "get" || !operation["security"].some((s: Dict) => Object.keys(s).length === 0)) continue;
    const parameter = /^(.*)\/\{(\w+)\}$/.exec(path);
    let paths = [path];
    if (parameter && !known[path]) {
      const list = (await (await checkedFetch(`${parameter[1]}?limit=200`)).json()) as { data: Dict[] };
      paths = list.data.map((record) => `${parameter[1]}/${record[parameter[2]!]}`);
    } else if (parameter) paths = known[path].map((value: string) => `${parameter[1]}/${value}`);
    for (const accept of ["application/json", "text/csv", "application/x-ndjson", "application/geo+json", "text/html"])
      for (const one of paths) {
        const response = await fetch(url + one, { headers: { accept } });
        const text = await response.text();
        clean(`${one} as ${accept}`, `${JSON.stringify([...response.headers])}${text}`);
        looked++;
      }
  }
  assert.ok(looked > 20);
  const reference = await (await checkedFetch(`/v1/published-complaints/${filed.public_reference}`)).text();
  assert.ok(reference.includes(filed.public_reference));
});

test("no problem document repeats what is private, nor does any answer to those who may not read it", async () => {
  const key = keys.at(-1)!, json = { "content-type": "application/json" };
  const secret = Object.values(markers).join(" ");
  const asked: [string, string, Record<string, string>, unknown?][] = [
    ["POST", "/v1/complaints", json, { ...complaint(), kind: secret, narrative: secret, contact: { name: secret, email: secret, phone: secret.repeat(9) }, place: 5 }],
    ["POST", "/v1/complaints", json, { ...complaint(), notice_version: "1999", narrative: secret }],
    ["POST", "/v1/complaints", json, { ...complaint(), narrative: secret, language: secret, officer_described: secret.repeat(99) }],
    ["POST", "/v1/complaints", { ...json, "case-key": key }, { ...complaint(), narrative: secret, neighborhood: "nowhere" }],
    ["PATCH", "/v1/case", { ...json, "case-key": key, "if-match": "*" }, { contact: { email: secret, phone: 5 }, publish: secret }],
    ["PATCH", "/v1/case", { ...json, "case-key": key, "if-match": '"0-json-case"' }, { contact: { name: secret } }],
    ["POST", "/v1/case/messages", { ...json, "case-key": key }, { language: secret, text: secret }],
    ["POST", "/v1/case/transitions", { ...json, "case-key": key }, { to: "closed", language: "es", text: secret.slice(0, 900) }],
    ["POST", "/v1/case/messages", { ...json, "case-key": unknownKey() }, { language: "es", text: secret }],
    ["GET", `/v1/case/messages/${key}`, { "case-key": key }], ["GET", `/v1/case?key=${key}`, {}], ["GET", `/v1/case/${key}`, {}], ["GET", "/v1/case", { "case-key": `${key}0` }], ["GET", "/v1/case/keys?cursor=" + key, { "case-key": key }],
    ["GET", `/v1/complaints/${filed.id}/private`, {}], ["GET", `/v1/complaints/${filed.id}/private`, { authorization: `Bearer ${token("coordinator")}` }],
    ["GET", `/v1/complaints/${filed.id}/private`, { authorization: `Bearer ${token("case_handler", { subject: "stranger" })}` }], ["GET", `/v1/complaints/${filed.id}`, { authorization: `Bearer ${token("coordinator")}` }],
    ["GET", `/v1/complaints/${filed.id}/publication`, { authorization: `Bearer ${token("publisher")}` }], ["GET", `/v1/complaints/${filed.id}/transitions`, { authorization: `Bearer ${token("auditor")}` }],
    ["GET", `/v1/complaints/${filed.id}/publication/transitions`, { authorization: `Bearer ${token("publisher")}` }], ["GET", "/v1/complaints?limit=200", { authorization: `Bearer ${token("auditor")}` }],
  ];
  for (const [method, path, headers, body] of asked) {
    const response = await fetch(url + path, { method, headers: { ...headers, "idempotency-key": randomUUID() }, ...(body ? { body: JSON.stringify(body) } : {}) });
    const told = path.endsWith("/transitions") && method === "GET" ? /^reason of a (move|retraction)$/ : undefined; /* the group's own */
    clean(`${method} ${path} ${response.status}`, `${JSON.stringify([...response.headers])}${await response.text()}`, told);
    if (method !== "GET") assert.ok(response.status >= 400, `${method} ${path} ${response.status}`);
  }
  const lost = await fetch(`${url}/v1/complaints`, { method: "POST", headers: json, body: `{"narrative": "${secret}` });
  clean("broken JSON", await lost.text());
});

test("neither the service's log nor its metrics tell anything private", async () => {
  clean("metrics", await (await fetch(`${process.env["CPWG_ADMIN_URL"]}/metrics`)).text());
  const log = readFileSync(needed("CPWG_SERVER_LOG"), "utf8");
  assert.ok(log.includes("/v1/case"), "the log has the requests");
  clean("the service's log", log);
});

test("PostgreSQL's log of every statement and value tells nothing private, nor does what it shows of its work", () => {
  const log = readFileSync(needed("CPWG_POSTGRES_LOG"), "utf8").slice(postgresLog);
  assert.ok(log.includes("insert into complaint_private"), "the log has the statements");
  assert.match(log, /\$\d+ = '/, "with their values");
  clean("PostgreSQL's log", log);
  clean("pg_stat_activity", sql("select * from pg_stat_activity"));
});

test("a dump of the database tells nothing private", () => {
  const dump = execFileSync("pg_dump", ["-d", database], { encoding: "latin1", maxBuffer: 1 << 30 });
  assert.ok(dump.includes(filed.public_reference), "the dump has the complaint");
  clean("the dump", dump);
});

test("a search that found nothing could have found something", async () => {
  for (const form of forms(markers["narrative"]!)) assert.notDeepEqual(leaks(`...${form}...`), [], form);
  for (let before = 0; before < 3; before++) {
    const around = Buffer.from("x".repeat(before) + markers["narrative"]! + "yz");
    assert.notDeepEqual(leaks(around.toString("base64")), [], `base 64 after ${before}`);
    assert.notDeepEqual(leaks(around.toString("hex")), []);
  }
  assert.notDeepEqual(leaks(keys[0]!.toLowerCase()), []);
  sql(...Object.keys(logged).map((name) => `alter system reset ${name}`), "select pg_reload_conf()");
  assert.equal((await anybody.GET("/v1/notices")).response.status, 200);
});
