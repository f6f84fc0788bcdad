/* formats.test.ts: the same list as JSON, CSV and NDJSON; conditional reads; HEAD. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { file } from "./cases.js";
import { checkedFetch, contract, token } from "./service.js";

const lists = [...contract.operations()].filter(({ operation }) => {
  const schema = operation["responses"]["200"]?.["content"]?.["application/json"]?.["schema"];
  return schema && JSON.stringify(schema).includes("List") && !JSON.stringify(operation["parameters"] ?? []).includes("path");
});
const collections = [...contract.operations()].filter((o) => o.method === "get" && !o.path.includes("{") && o.operation["responses"]["200"]?.["content"]?.["text/csv"]);
const bearer = token("coordinator");
const get = (path: string, accept: string, more: Record<string, string> = {}) =>
  checkedFetch(path, { headers: { accept, authorization: `Bearer ${bearer}`, ...more } });

/** Who may read a list: of several roles the one that sees least, so that it fits a page. */
const roles = Object.entries(contract.document["x-roles"] as { [role: string]: { scopes: string[] } });
const narrow = ["case_handler", "police_staff", "police_source", "coordinator"];
const { case_key } = await file();
function reader(operation: { [name: string]: any }): Record<string, string> {
  const security = operation["security"] as { token?: string[]; caseKey?: [] }[];
  if (security.some((s) => s.caseKey)) return { "case-key": case_key };
  const scopes = security.flatMap((s) => s.token ?? []);
  const may = roles.filter(([, { scopes: has }]) => scopes.some((scope) => has.includes(scope))).map(([role]) => role);
  return { authorization: `Bearer ${scopes.length ? token(narrow.find((role) => may.includes(role)) ?? may[0]!) : bearer}` };
}

/** RFC 4180, strictly. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [], field = "", quoted = false, i = 0;
  while (i < text.length) {
    const c = text[i++]!;
    if (quoted) {
      if (c === '"' && text[i] === '"') { field += '"'; i++; }
      else if (c === '"') quoted = false;
      else field += c;
    } else if (c === '"') {
      assert.equal(field, "");
      quoted = true;
    } else if (c === ",") { row.push(field); field = ""; }
    else if (c === "\r") {
      assert.equal(text[i++], "\n");
      rows.push([...row, field]);
      row = []; field = "";
    } else { assert.notEqual(c, "\n"); field += c; }
  }
  assert.ok(!quoted && field === "" && row.length === 0, "ends with CR LF");
  return rows;
}

test("there are lists to test", () => assert.ok(lists.length > 3 && collections.length > 3));

/** What grows while it is read, and is too long for a page: a part of it that stands still. */
const still: { [path: string]: string } = { "/v1/audit": `record=complaint_message&until=${new Date(Date.now() - 60_000).toISOString()}` };

for (const { path, operation } of collections) {
  const query = still[path] ? `?${still[path]}` : "";
  const who = reader(operation), get = (path: string, accept: string) => checkedFetch(path, { headers: { accept, ...who } });
  test(`${path} gives the same records in JSON, CSV and NDJSON`, async () => {
    const json = (await (await get(`${path}${query || "?"}&limit=200`.replace("?&", "?"), "application/json")).json()) as { data: Record<string, unknown>[]; next: string | null };
    assert.equal(json.next, null);
    const lines = (await (await get(path + query, "application/x-ndjson")).text()).split("\n");
    assert.equal(lines.pop(), "");
    assert.deepEqual(lines.map((line) => JSON.parse(line)), json.data);
    const [header, ...rows] = parseCsv(await (await get(path + query, "text/csv")).text());
    assert.equal(rows.length, json.data.length);
    assert.ok(rows.every((row) => row.length === header!.length));
    const documented = operation["responses"]["200"]["content"]["text/csv"]["example"] as string;
    assert.equal(header!.join(","), documented.split(/\r?\n/)[0]);
  });

  test(`${path} answers HEAD like GET without a body, in every format`, async () => {
    for (const accept of ["application/json", "text/csv", "application/x-ndjson"]) {
      const head = await checkedFetch(path, { method: "HEAD", headers: { accept, ...who } });
      const full = await get(path, accept);
      await full.text();
      assert.equal(head.status, 200);
      assert.equal(head.headers.get("content-type"), full.headers.get("content-type"));
      assert.equal(head.headers.get("etag"), full.headers.get("etag"));
    }
  });
}

test("HEAD of what is not there is 404 in every format, as GET is", async () => {
  for (const accept of ["application/json", "text/csv", "application/x-ndjson"])
    for (const method of ["GET", "HEAD"]) {
      const response = await checkedFetch("/v1/organizations/00000000-0000-4000-8000-000000000000/transitions", { method, headers: { accept, authorization: `Bearer ${bearer}` } });
      assert.equal(response.status, 404, `${method} ${accept}`);
    }
});

test("a public list that did not change is 304, and its ETag differs by format", async () => {
  const first = await get("/v1/plan", "application/json");
  const etag = first.headers.get("etag")!;
  assert.match(etag, /^"/);
  const again = await get("/v1/plan", "application/json", { "if-none-match": etag });
  assert.equal(again.status, 304);
  assert.equal(await again.text(), "");
  assert.equal(again.headers.get("etag"), etag);
  const csv = await get("/v1/plan", "text/csv", { "if-none-match": etag });
  assert.equal(csv.status, 200);
  assert.notEqual(csv.headers.get("etag"), etag);
});

test("what is not offered is 406 and names what is", async () => {
  const response = await get("/v1/plan", "application/xml");
  assert.equal(response.status, 406);
  assert.match(((await response.json()) as { detail: string }).detail, /text\/csv/);
});

test("quality values decide the format", async () => {
  const type = async (accept: string) => (await get("/v1/plan", accept)).headers.get("content-type")?.split(";")[0];
  assert.equal(await type("text/csv;q=0.5, application/json"), "application/json");
  assert.equal(await type("text/csv, application/json;q=0.5"), "text/csv");
  assert.equal(await type("*/*"), "application/json");
  assert.equal(await type("text/*"), "text/csv");
});

test("the contract is served with an ETag", async () => {
  const response = await checkedFetch("/openapi.json");
  const etag = response.headers.get("etag")!;
  assert.equal((await checkedFetch("/openapi.json", { headers: { "if-none-match": etag } })).status, 304);
});
