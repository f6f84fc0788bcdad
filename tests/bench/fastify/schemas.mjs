// schemas.mjs: what the contract says of organizations, as an application's author would write it for Fastify.
const kinds = ['community_organization', 'faith_organization', 'school', 'health_provider', 'business', 'city_department',
  'police_department', 'media', 'other'];
const text = (max, more = {}) => ({ type: 'string', minLength: 1, maxLength: max, ...more });
const description = {
  type: ['object', 'null'],
  additionalProperties: false,
  required: ['es', 'en'],
  properties: { es: text(2000, { pattern: '[^\\x00-\\x20]' }), en: text(2000, { pattern: '[^\\x00-\\x20]' }) },
};

export const newOrganization = {
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'name'],
  properties: {
    kind: { type: 'string', enum: kinds },
    name: text(160, { pattern: '[^ ]' }),
    description,
    website: text(500, { type: ['string', 'null'], format: 'uri', pattern: '^https?://[!-~]+$' }),
    contact_email: text(254, { type: ['string', 'null'], format: 'email' }),
    languages: { type: 'array', maxItems: 20, uniqueItems: true, items: text(35, { pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$' }) },
    neighborhood: text(64, { type: ['string', 'null'], pattern: '^[a-z0-9][a-z0-9.-]*$' }),
    listed: { type: 'boolean', default: false },
  },
};

const nullable = { type: ['string', 'null'] };
export const organization = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    kind: { type: 'string' },
    name: { type: 'string' },
    description: {
      type: ['object', 'null'],
      properties: { es: { type: 'string' }, en: { type: 'string' } },
    },
    website: nullable,
    contact_email: nullable,
    languages: { type: 'array', items: { type: 'string' } },
    neighborhood: nullable,
    listed: { type: 'boolean' },
    state: { type: 'string' },
    next: { type: 'array', items: { type: 'string' } },
    demo: { type: 'boolean' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
  },
};

export const page = {
  type: 'object',
  properties: { data: { type: 'array', items: organization }, next: nullable },
};

export const filter = {
  type: 'object',
  additionalProperties: false,
  properties: {
    kind: { type: 'string', enum: kinds },
    limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
    cursor: text(400),
  },
};

export const key = { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } };
