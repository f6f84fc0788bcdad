-- api_client, api_client_transition, api_client_secret, api_client_assertion: the coordinator keeps systems, the auditor reads, nobody of
-- police affiliation; who shows credentials is looked up by cpwg_identity
insert into organization (id, kind, name) values (test.id(1), 'police_department', 'Police'), (test.id(2), 'city_department', 'City'), (test.id(3), 'school', 'School');
insert into source (code, organization_id, name_es, name_en) values ('test-source', test.id(1), 'x', 'x');
insert into api_client (id, name, role, source_code, scopes) values (test.id(10), 'One', 'police_source', 'test-source', '{police_records:push}');
insert into api_client_secret (id, client_id, hash) values (test.id(20), test.id(10), repeat('a', 64));

-- Who reads
select test.is(test.count_as(role || ':someone:city', 'select * from api_client_record where id = ''' || test.id(10) || ''''), 1::bigint, role || ' reads clients')
from   unnest('{coordinator,auditor}'::text[]) as role;
select test.is(test.count_as(role || ':someone:' || affiliation, 'select id from ' || t), 0::bigint, role || ' of affiliation "' || affiliation || '" reads no ' || t)
from   unnest('{coordinator,auditor}'::text[]) as role, unnest('{police,""}'::text[]) as affiliation, unnest('{api_client,api_client_transition,api_client_secret}'::text[]) as t;
select test.is(test.try_as(role || ':someone:city', 'select from ' || t), '42501', role || ' reads no ' || t)
from   unnest('{public,case,resident,member,case_handler,publisher,police_source,police_staff,city,partner,council}'::text[]) as role,
       unnest('{api_client,api_client_record,api_client_transition,api_client_secret,api_client_assertion}'::text[]) as t;
select test.is(test.try_as(role || ':someone:city', 'select hash from api_client_secret'), '42501', role || ' reads no hash of a secret')
from   unnest('{coordinator,auditor}'::text[]) as role;
select test.is(test.try_as(role || ':someone:city', 'select from api_client_assertion'), '42501', role || ' reads no assertion')
from   unnest('{coordinator,auditor,identity}'::text[]) as role;
select test.is(test.count_as('identity', 'select c.id, c.role, c.organization_id, c.source_code, c.scopes, c.address_ranges, c.keys, c.state, s.id, s.hash, s.last_used_on, s.expires_at
                                          from api_client c join api_client_secret s on s.client_id = c.id where c.id = ''' || test.id(10) || ''''), 1::bigint, 'who shows credentials is looked up');
select test.is(test.try_as('identity', 'select name from api_client'), '42501', 'what clients are called is not looked up');
select test.is(test.count_as(role || ':someone:city', 'select id, client_id, last_used_on, expires_at, by_subject, at from api_client_secret where client_id = ''' || test.id(10) || ''''), 1::bigint, role || ' reads of secrets')
from   unnest('{coordinator,auditor}'::text[]) as role;

-- Who writes
create function test.new_client(role text, members text, vals text) returns text language sql as $$
  select test.try_as(role, 'insert into api_client (id, name, scopes, ' || members || ') values (gen_random_uuid(), ''x'', ''{police_records:push}'', ' || vals || ')')
$$;
select test.is(test.new_client('coordinator:someone:city', 'role, source_code, address_ranges, keys', '''police_source'', ''test-source'', ''{10.0.0.0/8}'', ''[{}]'''), 'fine', 'coordinator adds');
select test.is(test.new_client('coordinator:someone:police', 'role, source_code', '''police_source'', ''test-source'''), '42501', 'a coordinator of the police adds none');
select test.is(test.new_client(role || ':someone:city', 'role, source_code', '''police_source'', ''test-source'''), '42501', role || ' adds none')
from   unnest('{public,member,case_handler,police_source,police_staff,city,partner,auditor,identity}'::text[]) as role;
select test.is(test.try_as('coordinator:someone:city', format('insert into api_client (id, name, role, source_code, scopes, %I) values (gen_random_uuid(), ''x'', ''police_source'', ''test-source'', ''{a:b}'', default)', c)), '42501', 'coordinator does not set ' || c)
from   unnest('{state,revision,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator:someone:city', format('update api_client set %I = default', c)), '42501', 'coordinator does not change ' || c || ' of a client')
from   unnest('{id,role,organization_id,source_code,state,created_at,updated_at}'::text[]) as c;
select test.is(test.touched_as('coordinator:someone:city', 'update api_client set revision = revision, name = ''Two'', scopes = ''{a:b}'', address_ranges = ''{}'', keys = null where id = ''' || test.id(10) || ''''), 1::bigint, 'coordinator changes a client');
select test.is(test.touched_as('coordinator:someone:police', 'update api_client set name = ''Two'' where id = ''' || test.id(10) || ''''), 0::bigint, 'a coordinator of the police changes none');
select test.is(test.count_as('coordinator:someone:city', 'select * from api_client_record where id = ''' || test.id(10) || ''' for update'), 1::bigint, 'coordinator locks a client');
select test.is(test.try_as(role || ':someone:city', 'update api_client set name = ''x'''), '42501', role || ' changes none')
from   unnest('{public,police_source,partner,auditor,identity}'::text[]) as role;
select test.is(test.try_as(role || ':someone:city', 'delete from ' || t), '42501', role || ' deletes no ' || t)
from   unnest('{coordinator,auditor,identity}'::text[]) as role, unnest('{api_client,api_client_transition,api_client_secret,api_client_assertion}'::text[]) as t;

-- What a client is
select test.is(test.new_client('coordinator:someone:city', 'role, organization_id', format('%L, %L', role, test.id(n))), case when fits then 'fine' else 'CW008 the organization is not of the kind that the role speaks for' end,
               role || case when fits then ' speaks for ' else ' does not speak for ' end || kind)
from   (values ('police_staff', 1, true), ('police_staff', 2, false), ('police_staff', 3, false), ('city', 1, false), ('city', 2, true), ('city', 3, false),
               ('partner', 1, false), ('partner', 2, false), ('partner', 3, true)) as x (role, n, fits) join organization o on o.id = test.id(n);
select test.is(test.new_client('coordinator:someone:city', members, vals), '23514', 'a client speaks for exactly what its role needs: ' || vals)
from   (values ('role, organization_id', format('''police_source'', %L', test.id(1))), ('role, source_code', '''partner'', ''test-source'''), ('role', '''city'''),
               ('role, source_code, organization_id', format('''police_source'', ''test-source'', %L', test.id(1))), ('role', '''coordinator''')) as x (members, vals);

-- Secrets
select test.is(test.try_as('coordinator:someone:city', format('insert into api_client_secret (id, client_id, hash) values (%L, %L, %L)', test.id(21), test.id(10), repeat('b', 64))), 'fine', 'coordinator gives a second secret');
select test.is(by_subject || ' ' || (last_used_on is null) || ' ' || (expires_at is null), 'someone true true', 'it says who gave it, was not used and does not end by itself') from api_client_secret where id = test.id(21);
select test.is(test.try_as('coordinator:someone:city', format('insert into api_client_secret (id, client_id, hash) values (gen_random_uuid(), %L, %L)', test.id(10), repeat('c', 64))),
               'CW008 two secrets of the client are in use; end one first', 'a third secret is refused');
select test.is(test.try_as('coordinator:someone:police', format('insert into api_client_secret (id, client_id, hash) values (gen_random_uuid(), %L, %L)', test.id(10), repeat('c', 64))), 'CW008 two secrets of the client are in use; end one first', 'whoever asks');
select test.is(test.touched_as('coordinator:someone:city', format('update api_client_secret set expires_at = clock_timestamp() where id = %L', test.id(20))), 1::bigint, 'coordinator ends a secret');
select test.is(test.touched_as('coordinator:someone:police', format('update api_client_secret set expires_at = clock_timestamp() where id = %L', test.id(21))), 0::bigint, 'a coordinator of the police ends none');
select test.is(test.try_as('coordinator:someone:police', format('insert into api_client_secret (id, client_id, hash) values (gen_random_uuid(), %L, %L)', test.id(10), repeat('c', 64))), '42501', 'a coordinator of the police gives none');
select test.is(test.try_as('coordinator:someone:city', format('update api_client_secret set expires_at = ''infinity'' where id = %L', test.id(20))), 'fine', 'a longer end is asked for');
select test.ok(expires_at <= clock_timestamp(), 'no secret comes to last longer') from api_client_secret where id = test.id(20);
select test.is(test.try_as('coordinator:someone:city', format('update api_client_secret set %I = default', c)), '42501', 'coordinator does not change ' || c || ' of a secret')
from   unnest('{id,client_id,hash,last_used_on,by_subject,at}'::text[]) as c;
select test.is(test.try_as(role || ':someone:city', format('insert into api_client_secret (id, client_id, hash) values (gen_random_uuid(), %L, %L)', test.id(10), repeat('c', 64))), '42501', role || ' gives no secret')
from   unnest('{public,police_source,partner,auditor,identity}'::text[]) as role;
select test.is(test.touched_as('identity', format('update api_client_secret set last_used_on = current_date where id = %L', test.id(21))), 1::bigint, 'the day of use is noted');
select test.is(test.try_as('identity', 'update api_client_secret set expires_at = null'), '42501', 'whoever shows a secret does not prolong it');
select test.is(test.try_as('auditor:someone:city', 'update api_client_secret set expires_at = clock_timestamp()'), '42501', 'auditor ends none');

-- Assertions
create function test.show(jti text, lasts interval default '1 minute') returns text language sql as $$
  select test.try_as('identity', format('insert into api_client_assertion (client_id, jti_hash, expires_at) values (%L, %L, clock_timestamp() + %L)', test.id(10), repeat(jti, 64), lasts))
$$;
select test.is(test.show('a'), 'fine', 'an assertion is noted');
select test.is(test.show('a'), '23505', 'the same one a second time is refused');
select test.is(test.show('b', '-1 minute'), 'fine', 'one that has expired is noted');
select test.is(test.show('c'), 'fine', 'another is noted');
select test.is(string_agg(left(jti_hash, 1), ' ' order by jti_hash), 'a c', 'and those that have expired are forgotten') from api_client_assertion;
select test.is(test.try_as(role || ':someone:city', format('insert into api_client_assertion (client_id, jti_hash, expires_at) values (%L, %L, now())', test.id(10), repeat('d', 64))), '42501', role || ' notes none')
from   unnest('{public,police_source,coordinator,auditor}'::text[]) as role;

-- Revocation
select test.is(next, '{revoked}', 'a client may be revoked') from api_client_record, (select set_config('cpwg.role', 'coordinator', true)) as x where id = test.id(10);
create function test.revoke(role text, reason text default 'x') returns text language sql as $$
  select test.try_as(role, format('insert into api_client_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''revoked'', %L)', test.id(10), reason))
$$;
select test.is(test.revoke('coordinator:someone:city', null), 'CW008 this transition needs a reason', 'not without a reason');
select test.is(test.revoke('coordinator:someone:police'), '42501', 'not by a coordinator of the police');
select test.is(test.revoke(role || ':someone:city'), '42501', 'not by ' || role) from unnest('{public,auditor,partner,police_source,identity}'::text[]) as role;
select test.is(test.revoke('coordinator:someone:city'), 'fine', 'by the coordinator');
select test.is(state, 'revoked', 'then it is revoked') from api_client where id = test.id(10);
select test.is(test.revoke('coordinator:someone:city'), 'CW001 -', 'for good');
select test.is(test.count_as(role || ':someone:city', 'select * from api_client_transition where record_id = ''00000000-0000-4000-8000-000000000010'''), 1::bigint, role || ' reads who revoked it') from unnest('{coordinator,auditor}'::text[]) as role;
select test.is(test.count_as(role || ':someone:police', 'select * from api_client_transition'), 0::bigint, role || ' of the police does not') from unnest('{coordinator,auditor}'::text[]) as role;
select test.is(test.try_as('coordinator:someone:city', format('update api_client set name = ''x'' where id = %L', test.id(10))), 'CW008 the client is revoked', 'a revoked client changes no more');
select test.is(test.try_as('coordinator:someone:city', format('insert into api_client_secret (id, client_id, hash) values (gen_random_uuid(), %L, %L)', test.id(10), repeat('c', 64))), 'CW008 the client is revoked', 'and gets no secret');
select test.is(test.try_as('coordinator:someone:city', format('update api_client_secret set expires_at = clock_timestamp() where id = %L', test.id(21))), 'fine', 'but those that it has may be ended');

-- Indexes
select test.ok(test.index_condition_as('coordinator:someone:city', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from api_client_record where role = ''partner'' order by updated_at, id limit 51', 'role ='),
               ('select * from api_client_record where state = ''revoked'' order by updated_at, id limit 51', 'state ='),
               ('select * from api_client_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51', 'updated_at >='),
               ('select id from api_client_secret where client_id = ''00000000-0000-4000-8000-000000000010'' order by at, id limit 51', 'client_id ='),
               ('select * from api_client_transition where record_id = ''00000000-0000-4000-8000-000000000010'' order by at, id limit 51', 'record_id =')) as x (q, c);
