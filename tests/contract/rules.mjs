/* rules.mjs: what every operation of the contract keeps, beyond what the loader refuses and linters know.
 *   node rules.mjs BUNDLED.json      prints ok / not ok lines */
import { readFileSync } from "node:fs";

const document = JSON.parse(readFileSync(process.argv[2], "utf8"));
const resolve = (value) => (value && value.$ref ? resolve(value.$ref.slice(2).split("/").reduce((v, t) => v[t.replaceAll("~1", "/").replaceAll("~0", "~")], document)) : value);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).filter(([, o]) => o.operationId).map(([method, o]) => ({ path, method, id: o.operationId, o, parameters: (o.parameters ?? []).map(resolve) })));

const types = (schema) => [schema.type ?? []].flat();
const oneOf = (schema, ...keywords) => keywords.some((keyword) => keyword in schema);

/** Pointers of what has no bound in a schema that requests are held against. */
function unbounded(schema, at, seen = new Set()) {
  schema = resolve(schema);
  if (typeof schema !== "object" || seen.has(schema)) return [];
  seen.add(schema);
  const found = [];
  if (types(schema).includes("string") && !oneOf(schema, "maxLength", "enum", "const") && !["uuid", "date", "date-time", "time"].includes(schema.format)) found.push(`${at}: string without maxLength`);
  if (types(schema).some((t) => t === "integer" || t === "number") && !oneOf(schema, "enum", "const") && !(oneOf(schema, "minimum", "exclusiveMinimum") && oneOf(schema, "maximum", "exclusiveMaximum"))) found.push(`${at}: number without minimum and maximum`);
  if (types(schema).includes("array") && !("maxItems" in schema)) found.push(`${at}: array without maxItems`);
  if (types(schema).includes("object") && schema.additionalProperties !== false) found.push(`${at}: object that takes unknown members`);
  for (const [name, child] of Object.entries(schema.properties ?? {})) found.push(...unbounded(child, `${at}/${name}`, seen));
  if (schema.items) found.push(...unbounded(schema.items, `${at}/items`, seen));
  return found;
}

const undescribed = (schema, at) =>
  Object.entries(resolve(schema).properties ?? {}).flatMap(([name, child]) => (resolve(child).description ? [] : [`${at}/${name}`]));

const rules = {
  "every value that a request can carry is bounded": ({ id, o, parameters }) => [
    ...parameters.flatMap((p) => unbounded(p.schema, `${id} ${p.name}`)),
    ...Object.entries(resolve(o.requestBody)?.content ?? {}).flatMap(([type, media]) => unbounded(media.schema, `${id} ${type}`)),
  ],
  "every POST that stores something takes an Idempotency-Key": ({ id, path, method, parameters }) =>
    method === "post" && path !== "/oauth/token" && !parameters.some((p) => p.name === "Idempotency-Key") ? [id] : [],
  "every PATCH and PUT is conditional": ({ id, method, parameters }) =>
    ["patch", "put"].includes(method) && !parameters.some((p) => p.name === "If-Match") ? [id] : [],
  "every list offers CSV and NDJSON": ({ id, o }) => {
    const content = resolve(o.responses["200"])?.content ?? {};
    return resolve(content["application/json"]?.schema)?.properties?.data && !(content["text/csv"] && content["application/x-ndjson"]) ? [id] : [];
  },
  "every operation has summary, description and an example of its success": ({ id, o }) => {
    const [, success] = Object.entries(o.responses).find(([status]) => status.startsWith("2"));
    const media = Object.values(resolve(success).content ?? {});
    return o.summary && o.description && media.every((m) => m.example !== undefined || m.examples) ? [] : [id];
  },
};

let failed = 0;
const report = (name, found) => {
  console.log(`${found.length ? "not ok" : "ok"} ${name}${found.map((f) => `\n  # ${f}`).join("")}`);
  failed += found.length ? 1 : 0;
};
for (const [name, rule] of Object.entries(rules)) report(name, operations.flatMap(rule));
const systems = Object.fromEntries(document.components.schemas.ScopesOfRole.allOf.map((rule) => [rule.if.properties.role.const, rule.then.properties.scopes.items.pattern]));
report("a system has no scope but those of its role", document.components.schemas.ApiClientRole.enum.flatMap((role) =>
  systems[role] === `^(${document["x-roles"][role].scopes.join("|")})$` ? [] : [`${role}: ${systems[role]}`]));
report("every member is described", Object.entries(document.components.schemas).flatMap(([name, schema]) => undescribed(schema, name)));
process.exitCode = failed ? 1 : 0;
