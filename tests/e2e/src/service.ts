/* service.ts: the service under test and its callers; every answer of every test passes through the contract. */
import { execFileSync } from "node:child_process";
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "../client/schema.js";
import { Contract } from "./contract.js";

export const url = needed("CPWG_URL");
export const contract = await Contract.load(url);

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run tests/run e2e`);
  return value;
}

/** A token made by the program itself. options: as of `cpwg token`, without dashes. */
export function token(role: string, options: { [name: string]: string } = {}): string {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  return execFileSync(needed("CPWG_BIN"), ["token", role, "--config", needed("CPWG_CONFIG"), ...flags], { encoding: "utf8" }).trim();
}

/** Lets it be noticed which kept connections the service has closed: meanwhile a token was made, and on a busy machine nothing else was done
 * for long. The first turn ends the phase that this is in, before the second one sockets are looked at. */
async function noticeClosed() {
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
}

/** fetch that fails when the answer breaks the contract. */
export async function checkedFetch(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(typeof input === "string" && input.startsWith("/") ? url + input : input, init);
  await noticeClosed();
  const response = await fetch(request);
  const body = await response.clone().text();
  const answer = { method: request.method, path: new URL(request.url).pathname, status: response.status, headers: response.headers, body };
  const violations = contract.violations(answer);
  if (violations.length)
    throw new Error(`${request.method} ${new URL(request.url).pathname} breaks the contract:\n  ${violations.join("\n  ")}\n  ${body.slice(0, 500)}`);
  return response;
}

/** Lists also come as CSV, NDJSON and GeoJSON; the typed client reads JSON. */
type Media = "application/json" | "application/problem+json";
export type Service = Client<paths, Media>;

/** A client of the generated types, for a caller with that token, or for the public. */
export function client(bearer?: string): Service {
  return createClient<paths, Media>({
    baseUrl: url,
    fetch: checkedFetch,
    headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
  });
}

/** A client for whoever holds that case key. */
export function holder(key: string): Service {
  return createClient<paths, Media>({ baseUrl: url, fetch: checkedFetch, headers: { "case-key": key } });
}

type Role = "coordinator" | "auditor" | "member" | "partner" | "resident" | "police_source" | "publisher";
/** A client for each role, made when a test first asks for it: a token takes a start of the program. */
export const as = new Proxy({} as { [role in Role]: Service }, { get: (made, role: Role) => (made[role] ??= client(token(role))) });
export const anybody = client();
