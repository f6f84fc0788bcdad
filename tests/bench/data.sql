-- data: 100,000 organizations over five years, as the superuser, past triggers and row security. An id follows from the number of
-- its organization in plain arithmetic, so that pgbench, which knows only numbers, can name one at random (limit.mjs).
begin;
set local search_path = cpwg;
set local session_replication_role = replica;

insert into organization (id, kind, name, description_es, description_en, website, contact_email, languages, neighborhood_code,
                          listed, state, revision, created_at, updated_at)
select   ('7b0c1c9e-3f52-4a86-8' || 100000000000000 + i * 7919234567)::uuid,
         (array['community_organization', 'community_organization', 'community_organization', 'faith_organization',
                'faith_organization', 'school', 'school', 'health_provider', 'business', 'business', 'business', 'business',
                'city_department', 'media', 'other', 'other'])[1 + x % 16],
         (array['Centro', 'Iglesia', 'Escuela', 'Clínica', 'Asociación', 'Neighbors of', 'Friends of', 'Youth Club'])[1 + x % 8]
           || ' ' || (array['Esperanza', 'San Miguel', 'Sunnyside', 'Lakewood', 'El Río', 'Main Street'])[1 + x % 6] || ' ' || i,
         case when x % 10 < 8 then 'Clases, despensa y acompañamiento a familias del barrio, entre semana y los sábados por la mañana.' end,
         case when x % 10 < 8 then 'Classes, a pantry and support for families of the neighborhood, on weekdays and Saturday mornings.' end,
         case when x % 3 < 2 then 'https://organization-' || i || '.example.org/' end,
         case when x % 5 < 4 then 'contact@organization-' || i || '.example.org' end,
         case when x % 2 = 0 then '{es,en}'::text[] else '{en}' end,
         case when x % 7 > 0 then neighborhoods.codes[1 + x % array_length(neighborhoods.codes, 1)] end,
         x % 3 = 0,
         case when x % 20 = 0 then 'suspended' when x % 20 = 1 then 'retired' else 'active' end,
         1 + x % 4,
         at,
         at
from     generate_series(1, 100000) i,
         lateral (select (i::bigint * 48271 % 100000)::int) mixed (x),
         lateral (select timestamptz '2020-01-01 00:00+00' + x * interval '1578 seconds') moment (at),
         (select array_agg(code order by code) from neighborhood) neighborhoods (codes)
order by at;

commit;
vacuum (analyze) cpwg.organization;
analyze;
checkpoint;
