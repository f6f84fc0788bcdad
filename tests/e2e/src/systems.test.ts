/* systems.test.ts: systems that call in their own name: credentials given, shown, rotated, used through an OAuth library as it is, and
 * taken away. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import * as oauth from "openid-client";
import { addSource, sql } from "./database.js";
import { as, checkedFetch, token } from "./service.js";
import type { components } from "../client/schema.js";

type New = components["schemas"]["NewApiClient"];
type Client = components["schemas"]["NewApiClientAnswer"];

/** A server with an address of its own, which tokens name as their issuer, behind a proxy that is believed. */
const [port, adminPort] = execFileSync(`${process.env["CPWG_SOURCE"]}/tests/lib/free-ports`, ["2"], { encoding: "utf8" }).trim().split(" ");
const base = `http://127.0.0.1:${port}`;
const server = spawn(process.env["CPWG_BIN"]!, ["serve", "--config", process.env["CPWG_CONFIG"]!], {
  env: { ...process.env, CPWG_LISTEN: `127.0.0.1:${port}`, CPWG_ADMIN_LISTEN: `127.0.0.1:${adminPort}`, CPWG_BASE_URL: base, CPWG_TRUSTED_PROXIES: "127.0.0.1",
    CPWG_LIMIT_CREDENTIALS: "5" },
  stdio: ["ignore", "ignore", "pipe"],
});
let log = "";
server.stderr!.setEncoding("utf8").on("data", (text: string) => (log += text));
before(async () => {
  for (const end = Date.now() + 20000; Date.now() < end; await new Promise((go) => setTimeout(go, 50)))
    if ((await fetch(`${base}/v1/plan`).catch(() => undefined))?.ok) return;
  throw new Error(`the server does not start: ${log.slice(0, 2000)}`);
});
after(() => server.kill());

const source = addSource({}, { "12": "southeast" });
async function create(more: Partial<New> = {}, key = randomUUID()): Promise<Client> {
  const body = { name: "Records system", role: "police_source", source, scopes: ["police_records:push"], ...more } as New;
  const { data, response } = await as.coordinator.POST("/v1/api-clients", { body, params: { header: { "Idempotency-Key": key } } });
  assert.equal(response.status, 201);
  return data!;
}

type Form = { [name: string]: string };
const basic = (id: string, secret: string) => ({ authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}` });
async function ask(form: Form | string, headers: { [name: string]: string } = {}, from = "198.51.100.1") {
  const body = typeof form === "string" ? form : new URLSearchParams({ grant_type: "client_credentials", ...form }).toString();
  const response = await checkedFetch(`${base}/oauth/token`, {
    method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": from, ...headers },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as { [name: string]: string | number } };
}
const told = async (answer: ReturnType<typeof ask>) => [(await answer).status, (await answer).body["error"]];
const unknown = [401, "invalid_client"];

/** What the library finds out by itself: OAuth's metadata, of which it is told the address alone. */
const discover = (id: string, how: oauth.ClientAuth) => oauth.discovery(new URL(base), id, undefined, how, { algorithm: "oauth2", execute: [oauth.allowInsecureRequests] });

const push = (bearer: string, from = "198.51.100.1") =>
  checkedFetch(`${base}/v1/police-batches`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", "idempotency-key": randomUUID(), "x-forwarded-for": from },
    body: JSON.stringify({ records: [{ external_id: randomUUID(), received_on: "2026-02-11", category: "force", district: "12", status: "open" }] }),
  });

test("a police system gets its credentials, pushes, rotates its secret with overlap, is revoked and is out within 60 s", async () => {
  const { id, client_secret, ...rest } = await create();
  assert.deepEqual([rest.state, rest.next, rest.organization, rest.address_ranges, rest.jwks], ["active", ["revoked"], null, [], null]);
  for (const how of [oauth.ClientSecretBasic(client_secret!), oauth.ClientSecretPost(client_secret!)]) {
    const granted = await oauth.clientCredentialsGrant(await discover(id, how), { scope: "police_records:push" });
    assert.deepEqual([granted.token_type, granted.scope, granted.expires_in], ["bearer", "police_records:push", 900]);
    assert.equal((await push(granted.access_token)).status, 201);
  }

  const path = { id }, secrets = () => as.coordinator.GET("/v1/api-clients/{id}/secrets", { params: { path } });
  const made = await as.coordinator.POST("/v1/api-clients/{id}/secrets", { params: { path }, body: { overlap_hours: 24 } });
  assert.equal(made.response.status, 201);
  const second = made.data!.client_secret;
  const [old, fresh] = (await secrets()).data!.data;
  assert.equal(new Date(old!.expires_at!).getTime() - new Date(made.data!.created_at).getTime() > 23.9 * 3600e3, true);
  assert.deepEqual([fresh!.id, fresh!.expires_at, fresh!.last_used_on], [made.data!.id, null, null]);
  assert.deepEqual(new Set(Object.keys(old!)), new Set(["id", "client_id", "created_at", "last_used_on", "expires_at", "by_subject"]));
  for (const secret of [client_secret!, second]) assert.equal((await ask({}, basic(id, secret))).status, 200);
  const ended = await as.coordinator.DELETE("/v1/api-clients/{id}/secrets/{credential_id}", { params: { path: { id, credential_id: old!.id } } });
  assert.equal(ended.response.status, 204);
  assert.deepEqual(await told(ask({}, basic(id, client_secret!))), unknown);
  const { body: last } = await ask({}, basic(id, second));
  assert.equal((await push(last["access_token"] as string)).status, 201);

  const revoked = await as.coordinator.POST("/v1/api-clients/{id}/transitions", { params: { path }, body: { to: "revoked", reason: "It is replaced." } });
  assert.deepEqual([revoked.response.status, revoked.data!.state, revoked.data!.next], [200, "revoked", []]);
  assert.deepEqual(await told(ask({}, basic(id, second))), unknown);
  const end = Date.now() + 61_000;
  let status = 201;
  for (; status === 201 && Date.now() < end; await new Promise((go) => setTimeout(go, 500))) status = (await push(last["access_token"] as string)).status;
  assert.equal(status, 401);
  const more = await as.coordinator.POST("/v1/api-clients/{id}/secrets", { params: { path }, body: { overlap_hours: 0 } });
  assert.equal(more.response.status, 409);
});

test("a secret is shown once, and the same again to the same request", async () => {
  const key = randomUUID(), first = await create({ name: "Once" }, key), again = await create({ name: "Once" }, key);
  assert.deepEqual(again, first);
  const { data } = await as.coordinator.GET("/v1/api-clients/{id}", { params: { path: { id: first.id } } });
  assert.ok(!JSON.stringify(data).includes("secret"));
  assert.equal(sql(`select count(*) from api_client_secret where client_id = '${first.id}' and hash like '%${first.client_secret}%'`), "0");
});

test("two secrets at most, and a rotation without overlap ends the others at once", async () => {
  const { id, client_secret } = await create(), path = { id };
  const rotate = (overlap_hours: number) => as.coordinator.POST("/v1/api-clients/{id}/secrets", { params: { path }, body: { overlap_hours } });
  const { data: second } = await rotate(1);
  assert.equal((await rotate(1)).response.status, 409);
  const { data: third } = await rotate(0);
  assert.deepEqual(await Promise.all([client_secret!, second!.client_secret, third!.client_secret].map(async (secret) => (await ask({}, basic(id, secret))).status)), [401, 401, 200]);
});

async function keys(algorithm: string) {
  const name = { RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, PS256: { name: "RSA-PSS", hash: "SHA-256" }, ES256: { name: "ECDSA", namedCurve: "P-256" }, ES384: { name: "ECDSA", namedCurve: "P-384" }, Ed25519: { name: "Ed25519" } }[algorithm]!;
  const pair = (await crypto.subtle.generateKey({ modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), ...name } as RsaHashedKeyGenParams, true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { pair, jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e, kid: algorithm })) };
}

test("a system signs for itself with each algorithm", async () => {
  for (const algorithm of ["RS256", "PS256", "ES256", "ES384", "Ed25519"]) {
    const { pair, jwk } = await keys(algorithm), { id, client_secret } = await create({ jwks: { keys: [jwk] } } as never);
    assert.equal(client_secret, null);
    const granted = await oauth.clientCredentialsGrant(await discover(id, oauth.PrivateKeyJwt({ key: pair.privateKey, kid: algorithm })));
    assert.equal((await push(granted.access_token)).status, 201, algorithm);
    const stranger = await keys(algorithm);
    await assert.rejects(discover(id, oauth.PrivateKeyJwt({ key: stranger.pair.privateKey, kid: algorithm })).then((found) => oauth.clientCredentialsGrant(found)), algorithm);
  }
});

async function assertion(key: CryptoKey, claims: { [name: string]: unknown }, header: object = { alg: "ES256", kid: "ES256" }) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${Buffer.from(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(text))).toString("base64url")}`;
}
const bearer = (client_assertion: string, more: Form = {}) => ({ client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", client_assertion, ...more });

test("an assertion counts once, for five minutes, for this server, for who signed it", async () => {
  const { pair, jwk } = await keys("ES256"), { id } = await create({ jwks: { keys: [jwk] } } as never);
  const now = Math.floor(Date.now() / 1000), good = () => ({ iss: id, sub: id, aud: base, exp: now + 200, iat: now, jti: randomUUID() });
  let n = 0;
  const tell = async (form: Form) => (await told(ask(form, {}, `198.51.100.${(n += 1)}`)));
  const wrong: { [what: string]: [object, object?] } = {
    "no jti": [{ jti: undefined }], "another aud": [{ aud: "https://elsewhere.example.org" }], "another iss": [{ iss: randomUUID() }], "another sub": [{ sub: randomUUID(), iss: randomUUID() }],
    "expired": [{ exp: now - 60 }], "too long": [{ exp: now + 900 }], "not yet": [{ nbf: now + 120 }], "unknown kid": [{}, { alg: "ES256", kid: "x" }], "crit": [{}, { alg: "ES256", kid: "ES256", crit: ["x"] }],
    "none": [{}, { alg: "none" }], "HS256": [{}, { alg: "HS256", kid: "ES256" }], "ES384": [{}, { alg: "ES384", kid: "ES256" }],
  };
  for (const [what, [claims, header]] of Object.entries(wrong)) assert.deepEqual(await tell(bearer(await assertion(pair.privateKey, { ...good(), ...claims }, header))), unknown, what);
  assert.deepEqual(await tell(bearer("x.y.z")), unknown);
  assert.deepEqual(await tell(bearer(await assertion(pair.privateKey, good()), { client_id: randomUUID() })), unknown, "another client_id");
  for (let i = 0; i < 20; i++) { /* whose keys are looked at instead of those of nobody, is for nobody to choose: it may be the signer's */
    const nobody = randomUUID();
    assert.deepEqual(await tell(bearer(await assertion(pair.privateKey, { ...good(), iss: nobody, sub: nobody }))), unknown, "nobody's id");
  }
  for (const form of [bearer(await assertion(pair.privateKey, good())), bearer(await assertion(pair.privateKey, { ...good(), aud: `${base}/oauth/token` }, { alg: "ES256" }), { client_id: id })]) {
    assert.deepEqual(await tell(form), [200, undefined]);
    assert.deepEqual(await tell(form), unknown, "a second time");
  }
  const both = await Promise.all(Array.from({ length: 4 }, () => assertion(pair.privateKey, { ...good(), jti: "the same" }))).then(([one]) => Promise.all(Array.from({ length: 4 }, () => tell(bearer(one!)))));
  assert.equal(both.filter(([status]) => status === 200).length, 1, "at the same time");
});

test("what breaks a rule of OAuth is told as OAuth tells it", async () => {
  const { id, client_secret } = await create(), mine = basic(id, client_secret!);
  const rows: [Form | string, { [name: string]: string }, number, string][] = [
    [{ grant_type: "password" }, mine, 400, "unsupported_grant_type"],
    [{ grant_type: "" }, mine, 400, "invalid_request"],
    [`grant_type=client_credentials&grant_type=client_credentials`, mine, 400, "invalid_request"],
    [`grant_type=client%ZZcredentials`, mine, 400, "invalid_request"],
    ["", mine, 400, "invalid_request"],
    [{ client_id: id, client_secret: client_secret! }, mine, 400, "invalid_request"],
    [{ client_secret: client_secret! }, {}, 400, "invalid_request"],
    [{ client_id: randomUUID() }, mine, 400, "invalid_request"],
    [{ client_assertion: "x.y.z" }, {}, 400, "invalid_request"],
    [{ scope: "organizations:read" }, mine, 400, "invalid_scope"],
    [{ scope: "police_records:push organizations:read" }, mine, 400, "invalid_scope"],
    [{ scope: "organizations:read organizations:read" }, mine, 400, "invalid_scope"],
    [`grant_type=client_credentials&scope=&scope=`, mine, 400, "invalid_request"],
    [{ client_secret: "" }, {}, 401, "invalid_client"],
    [{}, {}, 401, "invalid_client"],
    [{}, { authorization: "Bearer x" }, 401, "invalid_client"],
    [{}, { authorization: "Basic !" }, 401, "invalid_client"],
    [{ client_id: "x", client_secret: "y" }, {}, 401, "invalid_client"],
  ];
  let n = 0;
  for (const [form, headers, status, error] of rows) {
    const answer = await ask(form, headers, `203.0.113.${(n += 1)}`);
    assert.deepEqual([answer.status, answer.body["error"]], [status, error], JSON.stringify(form));
    assert.match(answer.headers.get("content-type")!, /^application\/json/);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.match(answer.body["error_description"] as string, /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    assert.equal((await fetch(base + answer.body["error_uri"])).status, 200);
    if (status === 401) assert.match(answer.headers.get("www-authenticate")!, /^Basic /);
  }
  const unused = await ask({ scope: "", unknown: "ignored", resource: "x" }, mine);
  assert.deepEqual([unused.status, unused.body["scope"], unused.headers.get("cache-control"), unused.headers.get("pragma")], [200, "police_records:push", "no-store", "no-cache"]);
  const twice = await ask({ scope: "police_records:push  police_records:push" }, mine); /* a set: RFC 6749 3.3 */
  assert.deepEqual([twice.status, twice.body["scope"]], [200, "police_records:push"]);
  const json = await checkedFetch(`${base}/oauth/token`, { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  assert.equal(json.status, 415);
});

test("nobody learns why a client is refused", async () => {
  const known = await create(), revoked = await create(), elsewhere = await create({ address_ranges: ["192.0.2.0/24"] });
  await as.coordinator.POST("/v1/api-clients/{id}/transitions", { params: { path: { id: revoked.id } }, body: { to: "revoked", reason: "x" } });
  const tries = [[known.id, revoked.client_secret!], [revoked.id, revoked.client_secret!], [elsewhere.id, elsewhere.client_secret!], [randomUUID(), known.client_secret!], [known.id, "x"], ["x", "x"]];
  const answers = await Promise.all(tries.map(async ([id, secret], i) => JSON.stringify([await told(ask({}, basic(id!, secret!), `198.51.100.${i + 100}`)), (await ask({ client_id: id!, client_secret: secret! }, {}, `198.51.100.${i + 110}`)).body])));
  assert.equal(new Set(answers).size, 1);
});

test("a client calls from where it may", async () => {
  const { id, client_secret } = await create({ address_ranges: ["192.0.2.0/24", "2001:db8::/32"] });
  for (const [from, status] of [["192.0.2.7", 200], ["192.0.3.7", 401], ["2001:db8::1", 200], ["2001:db9::1", 401]] as const)
    assert.equal((await ask({}, basic(id, client_secret!), from)).status, status, from);
  const { body } = await ask({}, basic(id, client_secret!), "192.0.2.7");
  for (const [from, status] of [["192.0.2.7", 201], ["192.0.3.7", 401], ["192.0.2.8", 201], ["192.0.3.7", 401]] as const)
    assert.equal((await push(body["access_token"] as string, from)).status, status, `a token from ${from}`);
});

test("wrong guesses are slowed down, and never keep the owner out", async () => {
  const { id, client_secret } = await create(), from = "203.0.113.200";
  const guesses = [];
  for (let i = 0; i < 8; i++) guesses.push((await checkedFetch(`${base}/oauth/token`, { method: "POST", body: "grant_type=client_credentials", headers: { "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": from, ...basic(id, "guess") } })).status);
  assert.deepEqual(guesses, [401, 401, 401, 401, 401, 429, 429, 429]);
  for (const address of [from, "203.0.113.201"]) assert.equal((await ask({}, basic(id, client_secret!), address)).status, 200);
});

test("a client is changed while its token is good, and what it speaks for stays", async () => {
  const { id } = await create();
  const change = (body: object) => checkedFetch(`/v1/api-clients/${id}`, { method: "PATCH", body: JSON.stringify(body), headers: { authorization: `Bearer ${token("coordinator")}`, "content-type": "application/merge-patch+json", "if-match": "*" } });
  const { jwk } = await keys("ES256"), { jwk: rsa } = await keys("RS256");
  const rows: [object, number][] = [
    [{ name: "Other" }, 200], [{ jwks: { keys: [jwk, rsa] } }, 200], [{ jwks: {} }, 422], [{ jwks: null }, 200], [{ address_ranges: ["192.0.2.1"] }, 200],
    [{ address_ranges: ["192.0.2.1/24"] }, 422], [{ address_ranges: ["here"] }, 422], [{ scopes: ["organizations:read"] }, 422], [{ scopes: [] }, 422],
    [{ role: "partner" }, 422], [{ source }, 422], [{ jwks: { keys: [{ ...jwk, d: "x" }] } }, 422], [{ jwks: { keys: [jwk, jwk] } }, 422],
    [{ jwks: { keys: [{ ...jwk, x: jwk.y }] } }, 422], [{ jwks: { keys: [{ ...rsa, n: rsa.n.slice(0, 171) }] } }, 422], [{ jwks: { keys: [] } }, 422],
  ];
  for (const [body, status] of rows) assert.equal((await change(body)).status, status, JSON.stringify(body));
  const { data } = await as.coordinator.GET("/v1/api-clients/{id}", { params: { path: { id } } });
  assert.deepEqual([data!.name, data!.jwks, data!.address_ranges], ["Other", null, ["192.0.2.1/32"]]);
});

/** Of small order, of which anybody makes signatures: the eight points, and the other ways to write them (y or y + p, either sign). */
const smallOrder = [
  "0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

test("what is wrong with a key or a range is told by pointer", async () => {
  const { jwk } = await keys("ES256"), { jwk: rsa } = await keys("RS256"), { jwk: ed } = await keys("Ed25519");
  const key = (...list: object[]) => ({ jwks: { keys: list } }), range = (...list: string[]) => ({ address_ranges: list });
  const other = (x: string) => ({ ...ed, kid: "other", x: Buffer.from(x, "hex").toString("base64url") });
  const rows: [object, string][] = [
    ...smallOrder.map((x): [object, string] => [key(ed, other(x)), "/jwks/keys/1"]),
    [key(ed, other("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")), "/jwks/keys/1"], /* y + p, though of large order */
    [key({ ...jwk, x: jwk.y }), "/jwks/keys/0"], [key(jwk, { ...rsa, n: rsa.n.slice(0, 171) }), "/jwks/keys/1"], [key(jwk, ed, jwk), "/jwks/keys/2/kid"],
    [range("10"), "/address_ranges/0"], [range("192.0.2.1", "10.1"), "/address_ranges/1"], [range("192.0.2.1/24"), "/address_ranges/0"], [range("192.0.2.1/33"), "/address_ranges/0"],
    [range("2001:db8::1/32"), "/address_ranges/0"], [range("::ffff:192.0.2.0/120"), "/address_ranges/0"], [range("192.0.2.1", "::ffff:c000:201"), "/address_ranges/1"], [range("::/0", "::ffff:0:0/95"), "/address_ranges/1"],
    [range("192.0.2.010"), "/address_ranges/0"], [range("192.0.2.0/024"), "/address_ranges/0"], [range("here"), "/address_ranges/0"],
  ];
  const { id } = await create(), headers = { authorization: `Bearer ${token("coordinator")}`, "if-match": "*" };
  const body = { name: "x", role: "police_source", source, scopes: ["police_records:push"] };
  for (const [wrong, pointer] of rows)
    for (const [method, path, type, sent] of [["POST", "/v1/api-clients", "application/json", { ...body, ...wrong }], ["PATCH", `/v1/api-clients/${id}`, "application/merge-patch+json", wrong]] as const) {
      const answer = await checkedFetch(path, { method, body: JSON.stringify(sent), headers: { ...headers, "content-type": type } });
      const { errors } = (await answer.json()) as { errors?: { pointer: string; detail: string }[] };
      assert.deepEqual([answer.status, errors?.map((error) => error.pointer)], [422, [pointer]], `${method} ${JSON.stringify(wrong)}`);
    }
  for (const good of [key(ed, jwk, rsa), range("192.0.2.0/24", "192.0.2.1", "10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "::/0")])
    assert.equal((await checkedFetch("/v1/api-clients", { method: "POST", body: JSON.stringify({ ...body, ...good }), headers: { ...headers, "content-type": "application/json" } })).status, 201, JSON.stringify(good));
});

test("keys are looked at after the record, its ETag and its revision", async () => {
  const { id } = await create(), { jwk } = await keys("ES256"), bad = { jwks: { keys: [{ ...jwk, x: jwk.y }] } };
  const change = async (path: string, headers: { [name: string]: string }) =>
    (await checkedFetch(`/v1/api-clients/${path}`, { method: "PATCH", body: JSON.stringify(bad), headers: { authorization: `Bearer ${token("coordinator")}`, "content-type": "application/merge-patch+json", ...headers } })).status;
  const { response } = await as.coordinator.GET("/v1/api-clients/{id}", { params: { path: { id } } }), etag = response.headers.get("etag")!;
  const rows: [string, { [name: string]: string }][] = [[randomUUID(), {}], [id, {}], [id, { "if-match": etag.replace(/\d+/, "9") }], [id, { "if-match": etag }]];
  const answers = [];
  for (const [path, headers] of rows) answers.push(await change(path, headers));
  assert.deepEqual(answers, [404, 428, 412, 422]);
});

test("a client speaks for what its role needs, and for that alone", async () => {
  const organization = async (kind: string) => (await as.coordinator.POST("/v1/organizations", { body: { kind, name: randomUUID() } as never })).data!.id;
  const school = await organization("school"), police = await organization("police_department");
  const rows: [object, number][] = [
    [{ role: "police_source", scopes: ["police_records:push"] }, 422], [{ role: "police_source", source, organization: school, scopes: ["police_records:push"] }, 422],
    [{ role: "partner", source, scopes: ["organizations:read"] }, 422], [{ role: "partner", organization: school, scopes: ["organizations:write"] }, 422],
    [{ role: "coordinator", scopes: ["organizations:read"] }, 422], [{ role: "police_source", source: "nowhere", scopes: ["police_records:push"] }, 409],
    [{ role: "partner", organization: randomUUID(), scopes: ["organizations:read"] }, 409], [{ role: "partner", organization: police, scopes: ["organizations:read"] }, 409],
    [{ role: "partner", organization: school, scopes: ["organizations:read"] }, 201], [{ role: "police_staff", organization: police, scopes: ["referrals:receive"] }, 201],
  ];
  for (const [body, status] of rows)
    assert.equal((await as.coordinator.POST("/v1/api-clients", { body: { name: "x", ...body } as never })).response.status, status, JSON.stringify(body));
});

test("a system keeps no clients, whatever it may do", async () => {
  const { id, client_secret } = await create(), { body } = await ask({}, basic(id, client_secret!));
  for (const path of ["/v1/api-clients", `/v1/api-clients/${id}`, `/v1/api-clients/${id}/secrets`])
    assert.equal((await checkedFetch(base + path, { headers: { authorization: `Bearer ${body["access_token"]}` } })).status, 403);
});
