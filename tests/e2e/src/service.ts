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

/** fetch that fails when the answer breaks the contract. */
export async function checkedFetch(input: Request | string, init?: RequestInit): Promise<Response> {
  const request = new Request(typeof input === "string" && input.startsWith("/") ? url + input : input, init);
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

export const as = Object.fromEntries(
  ["coordinator", "auditor", "member", "partner", "resident", "police_source", "publisher"].map((role) => [role, client(token(role))]),
) as { [role in "coordinator" | "auditor" | "member" | "partner" | "resident" | "police_source" | "publisher"]: Service };
export const anybody = client();
