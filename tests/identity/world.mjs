// world.mjs: providers and services that trust them, which end with the tests.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { startServer } from '../http/wire.mjs';
import { AUDIENCE, startProvider } from './provider.mjs';

export const folder = mkdtempSync(path.join(os.tmpdir(), 'cpwg-identity-'));
const ends = [];
export const atEnd = (end) => ends.push(end);
after(async () => {
  for (const end of ends.reverse()) await end().catch(() => {});
  rmSync(folder, { recursive: true });
});

/** A service that takes tokens of these issuers, as the issuers file has them. */
export async function service(issuers, settings = {}) {
  const file = path.join(folder, `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify({ issuers }));
  const server = await startServer({ CPWG_ISSUERS_FILE: file, CPWG_OUTGOING_REACH: 'sandbox', CPWG_BASE_URL: 'https://api.example.org', ...settings });
  atEnd(() => server.stop());
  return server;
}

export const trusted = (provider, more = {}) => ({
  issuer: provider.issuer, audiences: [AUDIENCE], scopes: 'role',
  role: { claim: '/groups', map: [{ from: 'cpwg-coordinators', to: 'coordinator' }, { from: 'cpwg-members', to: 'member' }] }, ...more,
});

export async function provide(keys, alg, clients, certificate) {
  const provider = await startProvider(keys, alg, clients, certificate);
  atEnd(() => provider.stop());
  return provider;
}
