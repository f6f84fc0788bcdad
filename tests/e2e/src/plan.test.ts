/* plan.test.ts: what a front end shows of the strategic plan, in both languages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anybody } from "./service.js";

async function wholePlan() {
  const { data } = await anybody.GET("/v1/plan", { params: { query: { limit: 200 } } });
  assert.ok(data);
  return data.data;
}

test("the whole plan fits one page and comes in reading order", async () => {
  const plan = await wholePlan();
  const codes = plan.map((e) => e.code);
  assert.equal(new Set(codes).size, codes.length);
  for (const [first, second] of [["mission", "vision"], ["1.1.1", "1.1.2"], ["1.2.4", "1.2.4.a"], ["1.2.4.e", "1.3"], ["1.3.1", "2.1"], ["4.3.a", "4.3.b"]])
    assert.ok(codes.indexOf(first!) >= 0 && codes.indexOf(first!) < codes.indexOf(second!), `${first} before ${second}`);
});

test("the plan has its four areas, four goals and eighteen strategies", async () => {
  const plan = await wholePlan();
  const count = (kind: string) => plan.filter((e) => e.kind === kind).length;
  assert.deepEqual([count("area"), count("goal"), count("strategy"), count("mission"), count("vision"), count("value")], [4, 4, 18, 1, 1, 5]);
});

test("every element has text in Spanish and English, and says where the English comes from", async () => {
  for (const element of await wholePlan()) {
    assert.ok(element.es.trim() && element.en.trim(), element.code);
    assert.equal(element.en_status, "translation");
  }
});

test("the Spanish is the plan's own wording", async () => {
  const plan = new Map((await wholePlan()).map((e) => [e.code, e.es]));
  assert.match(plan.get("vision")!, /comprometida con la justicia, la transparencia y la integridad/);
  assert.match(plan.get("1.1.3")!, /Desarrollar un proceso para documentar las quejas, problemas y resoluciones de los residentes/);
  assert.match(plan.get("4.3.a")!, /Crea un tablero para mostrar el progreso trimestralmente/);
});

test("each element but the roots names a parent that exists", async () => {
  const plan = await wholePlan();
  const codes = new Set(plan.map((e) => e.code));
  for (const element of plan) assert.ok(element.parent === null || codes.has(element.parent), `${element.code} in ${element.parent}`);
  assert.deepEqual(
    plan.filter((e) => e.parent === "1.2.4").map((e) => e.code),
    ["1.2.4.a", "1.2.4.b", "1.2.4.c", "1.2.4.d", "1.2.4.e"],
  );
});

test("the list filters by kind and by parent", async () => {
  const { data: strategies } = await anybody.GET("/v1/plan", { params: { query: { kind: "strategy", limit: 200 } } });
  assert.ok(strategies!.data.length > 0 && strategies!.data.every((e) => e.kind === "strategy"));
  const { data: items } = await anybody.GET("/v1/plan", { params: { query: { parent: "1.3.1" } } });
  assert.deepEqual(items!.data.map((e) => e.code), ["1.3.1.a", "1.3.1.b", "1.3.1.c"]);
});

test("one element is found by its code", async () => {
  const { data } = await anybody.GET("/v1/plan/{code}", { params: { path: { code: "1.1.3" } } });
  assert.equal(data!.kind, "strategy");
});

test("an element that does not exist is 404", async () => {
  const { response, error } = await anybody.GET("/v1/plan/{code}", { params: { path: { code: "9.9.9" } } });
  assert.equal(response.status, 404);
  assert.equal(error!.type, "/problems/not-found");
});
