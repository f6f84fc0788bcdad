/* database.ts: what no operation makes, or those of other stories do: sources, and complaints with who handles them. */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";

/** Carries out SQL as the superuser of the test's database; what it prints. */
export function sql(text: string): string {
  const database = process.env["CPWG_TEST_DATABASE"];
  if (!database) throw new Error("CPWG_TEST_DATABASE is not set; run tests/run e2e");
  return execFileSync("psql", [database, "-XqAt", "-v", "ON_ERROR_STOP=1", "-f", "-"], { input: `set search_path = cpwg;\n${text}`, encoding: "utf8" }).trim();
}

/** A police system, with words and districts of its own; its code. */
export function addSource(categories: { [word: string]: string } = {}, districts: { [district: string]: string | null } = {}): string {
  const code = `source-${randomUUID().slice(0, 8)}`;
  const text = (value: string | null) => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`);
  sql(`insert into source (code, name_es, name_en) values ('${code}', 'Prueba', 'Test');
    ${Object.entries(categories).map(([word, category]) => `insert into source_category (source_code, value, category, version) values ('${code}', lower(btrim(${text(word)})), ${text(category)}, '1');`).join("\n")}
    ${Object.entries(districts).map(([district, neighborhood]) => `insert into source_place (source_code, district, neighborhood_code) values ('${code}', lower(${text(district)}), ${text(neighborhood)});`).join("\n")}`);
  return code;
}

/** A filed complaint, assigned to that subject if there is one; its id. */
export function addComplaint(handler?: string): string {
  const id = randomUUID();
  sql(`insert into complaint (id, kind, language, notice_version) select '${id}', 'complaint', 'en', min(version) from notice;
    ${handler ? `insert into assignment (id, complaint_id, subject) values ('${randomUUID()}', '${id}', '${handler}');` : ""}`);
  return id;
}

export function addCounterpart(complaint: string, record: string): string {
  const id = randomUUID();
  sql(`insert into counterpart (id, complaint_id, police_record_id) values ('${id}', '${complaint}', '${record}');`);
  return id;
}
