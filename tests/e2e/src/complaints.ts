/* complaints.ts: what stories about complaints begin with: somebody files, somebody handles. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { file as fileAnonymously, type NewComplaint } from "./cases.js";
import { client, token, type Service } from "./service.js";

/** Somebody with a role, under a name of their own. */
export const somebody = (role: string, subject: string, options: { [name: string]: string } = {}): Service => client(token(role, { subject, ...options }));

/** Files a complaint without an account; gives its id, case key and public reference. */
export async function file(more: Partial<NewComplaint> = {}) {
  const { id, case_key, public_reference } = await fileAnonymously(more);
  return { id, key: case_key, reference: public_reference };
}

/** The coordinator who gives complaints to others. */
export const coordinator = somebody("coordinator", `coordinator ${randomUUID()}`);

export async function assign(id: string, subject: string) {
  const { data, response } = await coordinator.POST("/v1/complaints/{id}/assignments", { params: { path: { id } }, body: { subject } });
  assert.equal(response.status, 201);
  return data!.id;
}

/** A complaint with somebody who handles it. */
export async function handled(more: Partial<NewComplaint> = {}, role = "case_handler") {
  const filed = await file(more), subject = `${role} ${randomUUID()}`;
  await assign(filed.id, subject);
  return { ...filed, subject, handler: somebody(role, subject), at: { params: { path: { id: filed.id } } } };
}
