-- organization: who sees which rows and columns, who changes what
insert into organization (id, kind, name, contact_email, listed, state, description_es, description_en) values
  ('00000000-0000-4000-8000-000000000001', 'school', 'Listed',    'one@example.org',   true,  'active',    'es', 'en'),
  ('00000000-0000-4000-8000-000000000002', 'school', 'Unlisted',  'two@example.org',   false, 'active',    null, null),
  ('00000000-0000-4000-8000-000000000003', 'school', 'Suspended', 'three@example.org', true,  'suspended', null, null);

create function test.ours() returns text language sql as
$$ select 'where id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'', ''00000000-0000-4000-8000-000000000003'')' $$;

select test.is(test.count_as(role, 'select * from organization_record ' || test.ours()), 3::bigint, role || ' reads every organization')
from   unnest('{member,facilitator,liaison,case_handler,publisher,city,council,coordinator,auditor}'::text[]) as role;

select test.is(test.count_as('partner', 'select * from organization_record', '00000000-0000-4000-8000-000000000002'), 1::bigint, 'a partner reads its own organization');
select test.is(test.count_as('partner', 'select * from organization_record ' || test.ours(), '00000000-0000-4000-8000-000000000009'), 0::bigint, 'a partner reads no other organization');
select test.is(test.count_as('partner', 'select id from organization where not listed and id <> ''00000000-0000-4000-8000-000000000001''', '00000000-0000-4000-8000-000000000001'), 0::bigint, 'a partner reads no unlisted organization of others');
select test.is(test.count_as('partner', 'select * from organization_record'), 0::bigint, 'a partner without an organization reads none');
select test.is(test.count_as('partner', 'select contact_email from organization', '00000000-0000-4000-8000-000000000002'), 1::bigint, 'a partner reads no contact of a published organization');

select test.is(test.try_as(role, 'select contact_email from organization'), '42501', role || ' reads no contact')
from   unnest('{public,resident,police_source,police_staff}'::text[]) as role;
select test.is(test.try_as(role, 'select * from organization_record'), '42501', role || ' does not read the group''s side')
from   unnest('{public,resident,police_source,police_staff}'::text[]) as role;
select test.is(test.try_as('public', format('select %I from organization', attname)), '42501', 'public does not read ' || attname)
from   pg_attribute
where  attrelid = 'organization'::regclass and attnum > 0 and not attisdropped
and    attname not in ('id', 'kind', 'name', 'description_es', 'description_en', 'website', 'languages', 'neighborhood_code',
                       'listed', 'state', 'is_demo', 'revision', 'updated_at');

select test.is(test.count_as('public', 'select * from published_organization ' || test.ours()), 1::bigint, 'public reads who is active and consents');
select test.is(test.count_as('public', 'select id from organization ' || test.ours()), 1::bigint, 'public reads no other row behind the view either');
select test.is(test.count_as('police_staff', 'select id from organization ' || test.ours()), 1::bigint, 'police staff read what the public reads');

-- Writing
select test.is(test.try_as('coordinator', $$insert into organization (id, kind, name) values ('00000000-0000-4000-8000-000000000004', 'media', 'New')$$), 'fine', 'coordinator adds');
select test.is(state || ' ' || revision || ' ' || listed || ' ' || is_demo, 'active 1 false false', 'a new organization is active, unlisted, at revision 1, not demo')
from   organization where id = '00000000-0000-4000-8000-000000000004';
select test.is(test.try_as(role, $$insert into organization (id, kind, name) values (gen_random_uuid(), 'media', 'New')$$), '42501', role || ' does not add')
from   unnest('{public,member,city,partner,auditor,publisher,police_source}'::text[]) as role;
select test.is(test.try_as('coordinator', format('insert into organization (id, kind, name, %I) values (gen_random_uuid(), ''media'', ''New'', default)', c)), '42501', 'coordinator does not set ' || c)
from   unnest('{state,is_demo,revision,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator', format('update organization set %I = default', c)), '42501', 'coordinator does not change ' || c)
from   unnest('{id,state,is_demo,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator', format('insert into organization (%I) select %I from organization where false', c, c)), 'fine', 'coordinator sets ' || c)
from   unnest('{id,kind,name,description_es,description_en,website,contact_email,languages,neighborhood_code,listed}'::text[]) as c;
select test.is(test.try_as(role, format('update organization set %I = default where false', c)), 'fine', role || ' changes ' || c)
from   unnest('{coordinator,partner}'::text[]) as role,
       unnest('{revision,kind,name,description_es,description_en,website,contact_email,languages,neighborhood_code,listed}'::text[]) as c;

select test.is(test.touched_as('coordinator', 'update organization set name = name || ''!'' ' || test.ours()), 3::bigint, 'coordinator changes every organization');
select test.is(test.touched_as('partner', 'update organization set name = ''Ours''', '00000000-0000-4000-8000-000000000002'), 1::bigint, 'a partner changes its own organization alone');
select test.is(test.touched_as('partner', 'update organization set name = ''Theirs'' where id = ''00000000-0000-4000-8000-000000000001''', '00000000-0000-4000-8000-000000000002'), 0::bigint, 'a partner changes no published organization');
select test.is(test.try_as(role, 'update organization set name = ''x'''), '42501', role || ' changes nothing')
from   unnest('{public,member,facilitator,city,council,auditor,publisher,case_handler}'::text[]) as role;
select test.is(test.try_as(role, 'delete from organization'), '42501', role || ' deletes nothing')
from   unnest('{public,coordinator,partner,auditor}'::text[]) as role;
select test.is(test.count_as('coordinator', 'select * from organization_record where id = ''00000000-0000-4000-8000-000000000001'' for update'), 1::bigint, 'coordinator locks a record');
select test.is(test.count_as('partner', 'select * from organization_record for update', '00000000-0000-4000-8000-000000000002'), 1::bigint, 'a partner locks its own record alone');

-- Stamps
select test.ok(revision = 2 and updated_at > created_at and updated_at > now(), 'a change raises revision and updated_at')
from   organization where id = '00000000-0000-4000-8000-000000000001';
update organization set revision = 77, created_at = '2000-01-01', updated_at = '2000-01-01' where id = '00000000-0000-4000-8000-000000000001';
select test.ok(revision = 3 and created_at >= now() and updated_at >= now(), 'revision and times are the database''s own')
from   organization where id = '00000000-0000-4000-8000-000000000001';

-- Constraints carry the names that callers are told
select test.is(test.try_as('coordinator', $$update organization set neighborhood_code = 'nowhere'$$), '23503', 'a neighborhood must exist');
select test.ok(exists (select from pg_constraint where conrelid = 'organization'::regclass and contype = 'f' and conname = 'neighborhood'), 'its constraint is named after the member');

-- Indexes, where what is asked for is rare enough that the planner wants them
insert into organization (id, kind, name, listed, neighborhood_code)
select gen_random_uuid(), 'media', md5(n::text), true, 'west-end' from generate_series(1, 300) as n;
analyze organization;
select test.ok(test.index_condition_as('coordinator', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from organization_record where kind = ''school'' order by updated_at, id limit 51', 'kind)::text ='),
               ('select * from organization_record where state = ''suspended'' order by updated_at, id limit 51', 'state ='),
               ('select * from organization_record where neighborhood = ''downtown'' order by updated_at, id limit 51', 'neighborhood_code ='),
               ('select * from organization_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51', 'updated_at >='),
               ('select * from organization_record where (updated_at, id) > (''2026-01-01'', ''00000000-0000-4000-8000-000000000001'') order by updated_at, id limit 51', 'ROW(')) as x (q, c);
select test.ok(test.index_condition_as('public', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from published_organization where kind = ''school'' order by name, id limit 51', 'kind)::text ='),
               ('select * from published_organization where neighborhood = ''downtown'' order by name, id limit 51', 'neighborhood_code ='),
               ('select * from published_organization where (name, id) > (''M'', ''00000000-0000-4000-8000-000000000001'') order by name, id limit 51', 'ROW(')) as x (q, c);
