/* cases.ts: complaints as tests need them: filed, assigned, moved, published. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { anybody, as, checkedFetch, client, holder, token, type Service } from "./service.js";
import type { components } from "../client/schema.js";

export type NewComplaint = components["schemas"]["NewComplaint"];

export const complaint = (more: Partial<NewComplaint> = {}): NewComplaint => ({
  kind: "complaint", language: "es", narrative: "Me detuvieron sin decirme por qué.", notice_version: "2026-01", ...more,
});

/** Files a complaint; `mine` is the client of whoever was shown its key. */
export async function file(more: Partial<NewComplaint> = {}, by: Service = anybody) {
  const { data, response } = await by.POST("/v1/complaints", { body: complaint(more) });
  assert.equal(response.status, 201);
  return { ...data!, mine: holder(data!.case_key) };
}

/** Puts a case handler of its own to a complaint and moves it on. */
export async function handle(id: string, ...states: string[]) {
  const subject = `handler-${randomUUID()}`, handler = client(token("case_handler", { subject }));
  const assigned = await as.coordinator.POST("/v1/complaints/{id}/assignments", { params: { path: { id } }, body: { subject } });
  assert.equal(assigned.response.status, 201);
  for (const to of states) {
    const moved = await handler.POST("/v1/complaints/{id}/transitions", { params: { path: { id } }, body: { to } as never });
    assert.equal(moved.response.status, 200, to);
  }
  return { subject, handler };
}

export async function resolve(handler: Service, id: string) {
  const { response } = await handler.POST("/v1/complaints/{id}/resolutions", {
    params: { path: { id } }, body: { text: { es: "Se habló con quien lo hizo.", en: "Whoever did it was spoken to." } } as never,
  });
  assert.equal(response.status, 201);
}

export const summary = { es: "Una persona dice que la detuvieron sin decirle por qué.", en: "A person says that they were stopped without being told why." };

/** Moves a publication; gives the answer. */
export const move = (by: Service, id: string, to: string, reason?: string, preview_version?: string) =>
  by.POST("/v1/complaints/{id}/publication/transitions", { params: { path: { id } }, body: { to, ...(reason ? { reason } : {}), ...(preview_version ? { preview_version } : {}) } });

export const preview = (by: Service, id: string) => by.GET("/v1/complaints/{id}/publication/preview", { params: { path: { id } } });

/** Reads what would be published, and approves it. */
export const approve = async (by: Service, id: string) => move(by, id, "approved", undefined, (await preview(by, id)).data!.version);

export const look = (by: Service, id: string, body: { waived?: string } = {}) =>
  by.POST("/v1/complaints/{id}/publication/checks", { params: { path: { id } }, body: body as never });

/** Drafts, looks, has a second person look and approve, and publishes. */
export async function publish(handler: Service, publisher: Service, id: string) {
  const drafted = await handler.POST("/v1/complaints/{id}/publication", { params: { path: { id } }, body: { summary } });
  assert.equal(drafted.response.status, 201);
  assert.deepEqual((await look(handler, id)).data!.findings, []);
  assert.equal((await move(handler, id, "checked")).response.status, 200);
  assert.deepEqual((await look(publisher, id)).data!.findings, []);
  assert.equal((await approve(publisher, id)).response.status, 200);
  assert.equal((await move(publisher, id, "published")).response.status, 200);
}

/** The bytes of an answer, without what differs each time. */
export async function bytes(path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const response = await checkedFetch(path, { ...init, headers: { traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`, ...headers } });
  const kept = [...response.headers].filter(([name]) => !["date", "server-timing", "traceparent"].includes(name));
  return JSON.stringify([response.status, kept, await response.text()]);
}

/** A key that could be one, of no case: 26 random digits of base 32, then the two of their number modulo 1021. */
export function unknownKey(): string {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const digits = Array.from({ length: 26 }, () => Math.floor(Math.random() * 32));
  const check = digits.reduce((rest, digit) => (rest * 32 + digit) % 1021, 0);
  return [...digits, check >> 5, check % 32].map((digit) => alphabet[digit]).join("").replace(/(.{4})(?=.)/g, "$1-");
}
