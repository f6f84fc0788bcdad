// server.mjs: three operations on organizations with Fastify and pg, in two processes: the work that the service does, as
// an ordinary well written server does it: token verified, input and output by schema, named statements, row security.
// Reads BENCH_PORT, BENCH_SECRET and, for pg, PGHOST, PGDATABASE, PGUSER. Says "ready" when every process listens.
import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import jwt from '@fastify/jwt';
import pg from 'pg';
import { filter, key, newOrganization, organization, page } from './schemas.mjs';

const PROCESSES = 2;
const CONNECTIONS = 8; // of all processes together, as many as the service has

pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => `${text.replace(' ', 'T')}:00`);

const CALLER = `select set_config('cpwg.subject', $1, true), set_config('cpwg.role', $2, true),
  set_config('cpwg.affiliation', $3, true), set_config('cpwg.organization', $4, true), set_config('role', $5, true)`;
const RECORD = 'select * from organization_record';

// Everything in one transaction, as the caller: row security then applies.
async function asCaller(pool, { sub, role, affiliation, organization: own }, work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query({ name: `caller-${role}`, text: CALLER, values: [sub, role, affiliation ?? '', own ?? '', `cpwg_${role}`] });
    const answer = await work((name, text, values) => client.query({ name: `${name}-${role}`, text, values }));
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

function record({ 'description.es': es, 'description.en': en, _revision, ...rest }) {
  return { ...rest, description: es === null ? null : { es, en } };
}

const needs = (scope) => async (request, reply) => {
  await request.jwtVerify();
  if (!request.user.scope.split(' ').includes(scope)) {
    return reply.code(403).send({ title: 'Forbidden' });
  }
};

const readCursor = (text) => JSON.parse(Buffer.from(text, 'base64url'));
const writeCursor = (row) => Buffer.from(JSON.stringify([row.updated_at, row.id])).toString('base64url');

function routes(app, pool) {
  app.get('/v1/organizations/:id', {
    onRequest: needs('organizations:read'),
    schema: { params: key, response: { 200: organization } },
  }, async (request, reply) => {
    const { rows } = await asCaller(pool, request.user, (query) => query('get', `${RECORD} where id = $1`, [request.params.id]));
    if (rows.length === 0) {
      return reply.code(404).send({ title: 'Not found' });
    }
    reply.header('ETag', `"${rows[0]._revision}-json-${request.user.role}"`).header('Cache-Control', 'no-store');
    return record(rows[0]);
  });

  app.get('/v1/organizations', {
    onRequest: needs('organizations:read'),
    schema: { querystring: filter, response: { 200: page } },
  }, async (request, reply) => {
    const { kind, limit, cursor } = request.query;
    const values = [limit + 1], where = [];
    if (kind) {
      where.push(`kind = $${values.push(kind)}`);
    }
    if (cursor) {
      const [at, id] = readCursor(cursor);
      where.push(`(updated_at, id) > ($${values.push(at)}, $${values.push(id)})`);
    }
    const text = `${RECORD} ${where.length ? 'where' : ''} ${where.join(' and ')} order by updated_at, id limit $1`;
    const { rows } = await asCaller(pool, request.user, (query) => query(`list-${!!kind}-${!!cursor}`, text, values));
    const more = rows.length > limit;
    reply.header('Cache-Control', 'no-store');
    return { data: rows.slice(0, limit).map(record), next: more ? writeCursor(rows[limit - 1]) : null };
  });

  app.post('/v1/organizations', {
    onRequest: needs('organizations:write'),
    schema: { body: newOrganization, response: { 201: organization } },
  }, async (request, reply) => {
    const id = randomUUID(), { body } = request;
    const { rows } = await asCaller(pool, request.user, async (query) => {
      await query('create', `insert into organization (id, kind, name, description_es, description_en, website, contact_email,
        languages, neighborhood_code, listed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [id, body.kind, body.name, body.description?.es, body.description?.en, body.website, body.contact_email,
        body.languages ?? [], body.neighborhood, body.listed]);
      return query('get', `${RECORD} where id = $1`, [id]);
    });
    reply.code(201).header('Location', `/v1/organizations/${id}`).header('Cache-Control', 'no-store');
    return record(rows[0]);
  });
}

async function serve() {
  const app = Fastify();
  const pool = new pg.Pool({ max: CONNECTIONS / PROCESSES });
  app.register(jwt, { secret: process.env.BENCH_SECRET, verify: { algorithms: ['HS256'], allowedIss: 'urn:cpwg:local', allowedAud: 'cpwg-api' } });
  routes(app, pool);
  await app.listen({ host: '127.0.0.1', port: Number(process.env.BENCH_PORT) });
}

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on('listening', () => (listening += 1) === PROCESSES && console.log('ready'));
  cluster.on('exit', () => process.exit(1));
  for (let i = 0; i < PROCESSES; i += 1) {
    cluster.fork();
  }
} else {
  await serve();
}
