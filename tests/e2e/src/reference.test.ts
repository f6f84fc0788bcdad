/* reference.test.ts: neighborhoods, vocabularies and lifecycles, the reference that front ends build forms from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anybody, checkedFetch, contract } from "./service.js";

type Ring = [number, number][];

test("neighborhoods have names in both languages and a stable code", async () => {
  const { data } = await anybody.GET("/v1/neighborhoods", { params: { query: { limit: 200 } } });
  assert.ok(data!.data.length >= 12);
  for (const n of data!.data) assert.ok(n.name.es && n.name.en && /^[a-z0-9-]+$/.test(n.code));
  const { data: one } = await anybody.GET("/v1/neighborhoods/{code}", { params: { path: { code: data!.data[0]!.code } } });
  assert.equal(one!.code, data!.data[0]!.code);
});

test("neighborhoods are GeoJSON with closed counter-clockwise rings around Lancaster", async () => {
  const response = await checkedFetch("/v1/neighborhoods", { headers: { accept: "application/geo+json" } });
  assert.equal(response.headers.get("content-type")?.split(";")[0], "application/geo+json");
  const collection = (await response.json()) as { type: string; features: { type: string; properties: object; geometry: { type: string; coordinates: Ring[] } }[] };
  assert.equal(collection.type, "FeatureCollection");
  assert.ok(collection.features.length >= 12);
  for (const { type, geometry, properties } of collection.features) {
    assert.equal(type, "Feature");
    assert.equal(geometry.type, "Polygon");
    assert.ok(!("geometry" in properties));
    for (const ring of geometry.coordinates) {
      assert.deepEqual(ring[0], ring[ring.length - 1]);
      const doubled = ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - x * ring[i]![1], 0);
      assert.ok(doubled > 0, "counter-clockwise (RFC 7946 3.1.6)");
      for (const [lon, lat] of ring) assert.ok(lon > -76.4 && lon < -76.2 && lat > 39.95 && lat < 40.15);
    }
  }
});

test("GeoJSON and JSON give the same neighborhoods", async () => {
  const json = (await (await checkedFetch("/v1/neighborhoods?limit=200")).json()) as { data: { code: string }[] };
  const geo = (await (await checkedFetch("/v1/neighborhoods", { headers: { accept: "application/geo+json" } })).json()) as { features: { properties: { code: string } }[] };
  assert.deepEqual(geo.features.map((f) => f.properties.code), json.data.map((n) => n.code));
});

test("every vocabulary in the list can be read with labels in both languages", async () => {
  const { data } = await anybody.GET("/v1/vocabularies", { params: { query: { limit: 200 } } });
  assert.ok(data!.data.length >= 5);
  for (const { code } of data!.data) {
    const { data: vocabulary } = await anybody.GET("/v1/vocabularies/{code}", { params: { path: { code } } });
    assert.ok(vocabulary!.terms.length > 0, code);
    for (const term of vocabulary!.terms) assert.ok(term.label.es.trim() && term.label.en.trim(), `${code} ${term.code}`);
  }
});

test("every enum of the contract has its labels in some vocabulary", async () => {
  const { data } = await anybody.GET("/v1/vocabularies", { params: { query: { limit: 200 } } });
  const known = await Promise.all(
    data!.data.map(async ({ code }) => {
      const { data: vocabulary } = await anybody.GET("/v1/vocabularies/{code}", { params: { path: { code } } });
      return new Set(vocabulary!.terms.map((t) => t.code));
    }),
  );
  const without: string[] = [];
  const walk = (value: unknown, at: string): void => {
    if (value === null || typeof value !== "object") return;
    const { enum: codes, ...rest } = value as { enum?: string[] };
    if (Array.isArray(codes) && !known.some((terms) => codes.every((code) => code === null || terms.has(code)))) without.push(`${at}: ${codes.join(", ")}`);
    for (const [name, child] of Object.entries(rest)) walk(child, `${at}/${name}`);
  };
  walk(contract.document["paths"], "/paths");
  for (const [name, schema] of Object.entries(contract.document["components"]["schemas"]))
    if (!name.startsWith("Problem")) walk(schema, `/components/schemas/${name}`);
  assert.deepEqual(without, []);
});

test("lifecycles say which transitions exist, who may make them and what they need", async () => {
  const { data } = await anybody.GET("/v1/lifecycles/{record}", { params: { path: { record: "organization" } } });
  const states = new Set(data!.states.map((s) => s.state));
  assert.ok(data!.transitions.length > 0);
  for (const t of data!.transitions) assert.ok(t.roles.length > 0 && states.has(t.to) && (t.from === null || states.has(t.from)));
});
