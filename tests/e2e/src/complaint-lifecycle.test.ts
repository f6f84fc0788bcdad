/* complaint-lifecycle.test.ts: every move that can be thought of, from every state, for every role that moves complaints: what the published
 * lifecycle opens is done, all else is answered with what is open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { anybody, holder } from "./service.js";
import { coordinator, handled } from "./complaints.js";

const { data: lifecycle } = await anybody.GET("/v1/lifecycles/{record}", { params: { path: { record: "complaint" } } });
const states = lifecycle!.states.map((s) => s.state);
const open = (from: string, role: string) => lifecycle!.transitions.filter((t) => t.from === from && (t.roles as string[]).includes(role)).map((t) => t.to);

/** The shortest way from the beginning, as the coordinator may go it. */
function way(to: string): string[] {
  const ways: string[][] = [["received"]], seen = new Set(["received"]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    if (way.at(-1) === to) return way.slice(1);
    for (const next of open(way.at(-1)!, "coordinator")) if (!seen.has(next)) ways.push([...way, (seen.add(next), next)]);
  }
  throw new Error(`the coordinator cannot bring a complaint to ${to}`);
}

type Complaint = Awaited<ReturnType<typeof handled>>;
async function standing(state: string): Promise<Complaint> {
  const one = await handled();
  for (const to of way(state)) assert.equal((await coordinator.POST("/v1/complaints/{id}/transitions", { ...one.at, body: { to, reason: "on its way" } })).response.status, 200, to);
  return one;
}
const movers: { [role: string]: (one: Complaint, to: string) => Promise<{ response: Response; error?: unknown }> } = {
  coordinator: (one, to) => coordinator.POST("/v1/complaints/{id}/transitions", { ...one.at, body: { to, reason: "to see" } }),
  case_handler: (one, to) => one.handler.POST("/v1/complaints/{id}/transitions", { ...one.at, body: { to, reason: "to see" } }),
  case: (one, to) => holder(one.key).POST("/v1/case/transitions", { body: { to, language: "es", text: "para ver" } }),
};

for (const [role, move] of Object.entries(movers))
  for (const state of states)
    test(`${role}: from ${state} to ${open(state, role).join(", ") || "nowhere"}, and nowhere else`, async () => {
      const legal = open(state, role), here = await standing(state);
      for (const to of [...states.filter((s) => !legal.includes(s)), "no_such_state"]) {
        const { response, error } = await move(here, to);
        assert.equal(response.status, 409, to);
        const { type, detail } = error as { type: string; detail: string };
        assert.equal(type, "/problems/illegal-transition");
        assert.equal(/: ([^:]*)\.$/.exec(detail)?.[1], legal.join(", ") || "-");
      }
      const { data } = await coordinator.GET("/v1/complaints/{id}", here.at);
      assert.equal(data!.state, state, "what is refused moves nothing");
      for (const to of legal) {
        const one = to === legal[0] ? here : await standing(state);
        assert.ok((await move(one, to)).response.status < 300, to);
        assert.equal((await coordinator.GET("/v1/complaints/{id}", one.at)).data!.state, to);
      }
    });

test("next is what the lifecycle opens to whoever asks", async () => {
  for (const state of states) {
    const one = await standing(state);
    assert.deepEqual((await coordinator.GET("/v1/complaints/{id}", one.at)).data!.next, open(state, "coordinator"));
    assert.deepEqual((await one.handler.GET("/v1/complaints/{id}", one.at)).data!.next, open(state, "case_handler"));
  }
});

test("a move that needs a reason is refused without one", async () => {
  for (const state of states)
    for (const { to, reason_required } of lifecycle!.transitions.filter((t) => t.from === state && t.roles.includes("coordinator"))) {
      const one = await standing(state);
      const { response } = await coordinator.POST("/v1/complaints/{id}/transitions", { ...one.at, body: { to } });
      assert.equal(response.status, reason_required ? 409 : 200, `${state} to ${to}`);
    }
});
