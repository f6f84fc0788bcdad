/* philadelphia.test.mjs: all complaints of a department of five years: sent, sent again, corrected, and what does not fit. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { categories, decided, Department, group } from "./philadelphia.mjs";

const { CPWG_URL: url, CPWG_BIN: bin, CPWG_CONFIG: config, CPWG_TEST_DATABASE: database, CPWG_REAL_DATA: folder } = process.env;
const source = "philadelphia", BATCH = 500;
const department = new Department(folder);
const { records } = department;
const open = records.filter((record) => record.status === "open");

const sql = (text) => execFileSync("psql", [database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"], { input: `set search_path = cpwg;\n${text}`, encoding: "utf8", maxBuffer: 1 << 28 }).trim();
const json = (query) => JSON.parse(sql(`select coalesce(json_agg(q), '[]') from (${query}) as q`));
const number = (query) => Number(sql(query));
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

sql(`insert into source (code, name_es, name_en) values ('${source}', 'Filadelfia', 'Philadelphia');
  ${Object.entries(categories).map(([word, category]) => `insert into source_category (source_code, value, category, version) values ('${source}', ${quoted(word)}, '${category}', '2013');`).join("\n")}
  ${department.districts.map((d) => `insert into source_place (source_code, district, sector) values ('${source}', ${quoted(d)}, ${/^[1-9]\d?$/.test(d) && Number(d) < 40 ? quoted(`district-${d}`) : "null"});`).join("\n")}`);
const token = execFileSync(bin, ["token", "police_source", "--source", source, "--config", config], { encoding: "utf8" }).trim();

async function push(rows) {
  const response = await fetch(`${url}/v1/police-batches`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": randomUUID(), "accept-language": "en" },
    body: JSON.stringify({ records: rows }),
  });
  const answer = await response.json();
  assert.equal(response.status, 201, JSON.stringify(answer).slice(0, 500));
  assert.deepEqual(answer.results.map((row) => row.index), rows.map((_, n) => n));
  assert.equal(answer.received, rows.length);
  return answer.results;
}

/** All of it, in calls of 500; what became of each by its id. */
async function pushAll(rows) {
  const results = [];
  for (let at = 0; at < rows.length; at += BATCH) results.push(...(await push(rows.slice(at, at + BATCH))));
  return results;
}
const count = (list, key) => Object.fromEntries([...group(list, key)].map(([value, ones]) => [value, ones.length]).sort());
const became = (results) => count(results, (r) => r.result);
const tally = (values) => count(values, (value) => value);
const ours = `from police_record where source_code = '${source}'`;
const touched = () => sql(`select md5(string_agg(id || ' ' || xmin || ' ' || revision || ' ' || updated_at, ',' order by id)) ${ours}`);

/** A record as it should be stored. */
const category = (sent) => (sent === undefined ? undefined : categories[sent.trim().toLowerCase()]);
const stored = (record) => ({
  external_id: record.external_id,
  received_on: record.received_on,
  category: category(record.category),
  category_sent: record.category,
  district: record.district,
  status: record.status,
  closed_on: record.closed_on ?? null,
  complainants: record.complainants,
  allegations: record.allegations.map(({ category: sent, ...rest }) => ({ ...(sent ? { category: category(sent), category_sent: sent } : {}), ...rest })),
});
const inOrder = (value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.keys(value).sort().map((k) => [k, inOrder(value[k])])) : Array.isArray(value) ? value.map(inOrder) : value);
function holdAgainst(expected) {
  const rows = json(`select external_id, received_on, category, category_sent, district, status, closed_on, complainants, allegations
                     from police_record_whole where source = '${source}' order by external_id`);
  const wanted = [...expected].sort((a, b) => (a.external_id < b.external_id ? -1 : 1)).map(stored);
  assert.equal(rows.length, wanted.length);
  rows.forEach((row, n) => assert.deepEqual(inOrder(row), inOrder(wanted[n])));
}

test("the files are what they were: 3,786 complaints, 4,065 complainants, 8,978 findings", () => {
  assert.deepEqual([department.complaints.length, department.complainants.length, department.findings.length], [3786, 4065, 8978]);
  const exact = new Set(department.findings.map((row) => JSON.stringify(row)));
  assert.equal(department.findings.length - exact.size, 545);
});

test("all of them are created, none is refused", async () => {
  const began = Date.now();
  const results = await pushAll(records);
  console.log(`# ${records.length} records in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  assert.deepEqual(became(results), { created: 3786 });
});

test("every row of the files is there, to the value", () => {
  holdAgainst(records);
  assert.deepEqual([number(`select count(*) ${ours}`), number(`select sum(complainants) ${ours}`), number(`select sum(allegations) ${ours}`)], [3786, 4065, 8978]);
  const of = `from police_record_allegation where source_code = '${source}'`;
  assert.equal(number(`select count(*) ${of} and finding = 'not_sustained_unspecified'`), 7078);
  assert.equal(number(`select count(*) ${of} and finding = 'sustained'`), 1283);
  assert.equal(number(`select count(*) ${of} and finding is null and category is null and outcome = 'pending'`), 617);
  assert.equal(number(`select count(*) from police_record_complainant where source_code = '${source}'`), 4065);
  const counted = (rows) => Object.fromEntries(rows.map(({ value, n }) => [value, n]).sort());
  assert.deepEqual(counted(json(`select category as value, count(*) as n ${ours} group by 1`)), tally(records.map((r) => category(r.category))));
  assert.deepEqual(counted(json(`select category as value, count(*) as n ${of} and category is not null group by 1`)), tally(department.findings.map((f) => category(f.allegations_investigated)).filter(Boolean)));
  assert.deepEqual(counted(json(`select district as value, count(*) as n ${ours} group by 1`)), tally(records.map((r) => r.district)));
});

test("narratives are sealed, each by itself", () => {
  const sealed = `from police_record_private where source_code = '${source}'`;
  assert.equal(number(`select count(*) ${sealed} and position('complainant'::bytea in narrative) = 0`), 3786);
  assert.equal(number(`select count(distinct narrative) ${sealed}`), 3786);
});

test("all of them again are unchanged, and no row is touched", async () => {
  const before = touched(), began = Date.now();
  assert.deepEqual(became(await pushAll(records)), { unchanged: 3786 });
  console.log(`# again in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  assert.equal(touched(), before);
  assert.equal(number(`select count(*) ${ours}`), 3786);
});

test("the pending ones are corrected, and they alone", async () => {
  const next = records.map((record) => (record.status === "open" ? decided(record) : record));
  const results = await pushAll(next);
  assert.deepEqual(became(results), { unchanged: 3786 - open.length, updated: open.length });
  assert.deepEqual(results.filter((r) => r.result === "updated").map((r) => r.external_id), open.map((r) => r.external_id));
  assert.deepEqual(json(`select external_id ${ours} and revision = 2 order by 1`).map((r) => r.external_id), open.map((r) => r.external_id).sort());
  assert.equal(number(`select count(*) ${ours} and revision = 1`), 3786 - open.length);
  holdAgainst(next);
  assert.equal(number(`select count(*) from police_record_allegation where source_code = '${source}' and finding is null`), 0);
});

test("public sums agree with the files, and show no few", async () => {
  const sums = async (by) => (await (await fetch(`${url}/v1/complaint-statistics?series=reported&by=${by}&from=2013-Q1&to=2018-Q4&limit=200`)).json()).data;
  const none = await sums("none");
  const years = tally(records.map((r) => r.received_on.slice(0, 4)));
  assert.deepEqual(Object.fromEntries(none.filter((row) => row.time_rung === "year").map((row) => [row.period, row.n])), years);
  const quarter = (day) => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  const quarters = tally(records.map((r) => quarter(r.received_on)));
  for (const row of none.filter((r) => r.time_rung === "quarter")) assert.equal(row.n, quarters[row.period] ?? 0, row.period);
  const of = { category: (r) => category(r.category), state: () => "closed" };
  for (const [by, value] of Object.entries(of)) {
    const rows = await sums(by);
    assert.equal(rows.reduce((sum, row) => sum + row.n, 0), 3786, by);
    for (const row of rows) {
      assert.ok(row.n === 0 || row.n >= 11, JSON.stringify(row));
      const inside = (r) => (row.time_rung === "quarter" ? quarter(r.received_on) : r.received_on.slice(0, 4)) === row.period;
      if (row.value) assert.equal(row.n, records.filter((r) => value(r) === row.value && inside(r)).length, JSON.stringify(row));
    }
  }
});

test("rows as they stand in the files are refused, with pointer and reason, and no answer hangs on a value", async () => {
  const wrong = [];
  const add = (pointer, keyword, record) => wrong.push({ pointer, keyword, record: { external_id: `wrong-${wrong.length}`, received_on: "2018-01-02", category: "Domestic", status: "open", ...record } });
  for (const row of department.complainants) {
    if (!["Male", "Female", "Unknown"].includes(row.complainant_sex)) add("/complainants/0/sex", "enum", { complainants: [{ sex: row.complainant_sex }] });
    if (["Black", "White"].includes(row.complainant_race) || wrong.length > 300) continue;
    add("/complainants/0/race/0", "enum", { complainants: [{ race: [row.complainant_race] }] });
  }
  for (const row of department.complainants.slice(0, 60)) add("/complainants/0/initials", "unknown", { complainants: [{ initials: row.complainant_initials }] });
  for (const row of department.complainants.slice(0, 20)) add("/complainants/0/age_band", "enum", { complainants: [{ age_band: row.complainant_age }] });
  for (const row of department.findings.slice(0, 20)) {
    add("/allegations/0/po_initials", "unknown", { allegations: [{ po_initials: row.po_initials }] });
    add("/allegations/0/finding", "enum", { allegations: [{ finding: row.investigative_findings, finding_status: "final" }] });
    add("/allegations/0/officer_sex", "enum", { allegations: [{ officer_sex: row.po_sex }] });
    add("/allegations/0/category", "reference", { allegations: [{ category: row.po_race }] });
  }
  for (const row of department.complaints.slice(0, 20)) {
    add("/category", "reference", { category: row.dist_occurrence });
    add("/district", "reference", { district: row.general_cap_classification });
    add("/received_on", "maxLength", { received_on: row.date_received });
    add("/badge", "unknown", { badge: row.dist_occurrence });
  }
  assert.ok(wrong.length >= 300, String(wrong.length));
  const before = number(`select count(*) ${ours}`);
  const results = await pushAll(wrong.map((w) => w.record));
  results.forEach((result, n) => {
    assert.deepEqual([result.result, result.id], ["refused", null]);
    assert.ok(result.errors.some((e) => e.pointer === wrong[n].pointer && e.keyword === wrong[n].keyword), JSON.stringify([wrong[n].pointer, result.errors]));
    assert.ok(result.errors.every((e) => e.detail));
  });
  const canary = (value, key) => (Array.isArray(value) ? value.map((v) => canary(v, key)) : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, canary(v, k)]))
    : ["external_id", "status", "finding_status"].includes(key) ? value : "Canary/1 of ten and more");
  const only = (record, pointer) => {
    const member = pointer.split("/")[1];
    return { ...record, [member]: canary(record[member], member) };
  };
  const others = await pushAll(wrong.map((w) => only(w.record, w.pointer)));
  const told = (list) => list.map((r, n) => r.errors.filter((e) => e.pointer === wrong[n].pointer).map((e) => e.detail));
  assert.deepEqual(told(others).map((d) => d[0]), told(results).map((d) => d[0]), "the same is said whatever the value");
  assert.equal(number(`select count(*) ${ours}`), before);
});
