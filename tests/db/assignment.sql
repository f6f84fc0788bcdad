-- assignment: who gives complaints to whom, and how a recusal takes them away for good
select count(test.file_complaint(n)) as ignored from generate_series(1, 3) as n \gset
select test.assign(1, 'hugo') as ignored, test.assign(1, 'rita', true) as ignored, test.assign(2, 'hana') as ignored \gset
insert into recusal (id, complaint_id, subject, reason) values (gen_random_uuid(), test.id(1), 'rosa', 'a relative');

create function test.ours(column_name text default 'complaint_id') returns text language sql as
$$ select ' where ' || column_name || ' in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'', ''00000000-0000-4000-8000-000000000003'')' $$;

-- Assigning
create function test.assign_as(who text, n int, subject text, id int default null) returns text
language sql as $$
  select test.try_as(who, format('insert into assignment (id, complaint_id, subject) values (%L, %L, %L)', coalesce(test.id(id), gen_random_uuid()), test.id(n), subject))
$$;
select test.is(test.assign_as('coordinator:carla:city', 3, 'hugo', 31), 'fine', 'a coordinator assigns');
select test.is(assigned_by || ' ' || (assigned_at > now())::text || ' ' || (ended_at is null)::text, 'carla true true', 'who assigned and when is kept') from assignment where id = test.id(31);
select test.is(test.assign_as('coordinator:carla:city', 3, 'hugo'), '23505', 'nobody is assigned twice at once');
select test.is(test.assign_as('coordinator:carla:city', 3, 'hana'), 'fine', 'two may handle one complaint');
select test.is(test.assign_as('coordinator:carla:city', 1, 'rosa'), 'CW008 this person is recused from the complaint', 'who is recused is not assigned');
select test.is(test.assign_as('coordinator:carla:city', 2, 'rosa'), 'fine', 'but to another complaint they are');
select test.is(test.assign_as('coordinator:rosa:city', 1, 'nils'), '42501', 'a recused coordinator assigns nobody to it');
select test.is(test.assign_as(who, 3, 'nils'), '42501', who || ' does not assign')
from   unnest('{case_handler:hugo:city,auditor:aldo:city,public,publisher,police_staff,member}'::text[]) as who;
select test.is(test.assign_as(who, 3, 'nils'), '42501', who || ' does not say who handles a complaint about the police')
from   unnest('{coordinator:petra:police,coordinator:petra}'::text[]) as who;
select test.is(test.count_as(who, 'select * from assignment' || test.ours()), n::bigint, who || ' reads ' || n || ' of six assignments')
from   (values ('coordinator:carla:city', 6), ('auditor:aldo:resident', 6), ('case_handler:hugo:city', 4), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0), ('coordinator:rosa:city', 4)) as x (who, n);
select test.is(test.count_as('case_handler:hugo:city', 'select * from assignment where complaint_id = ''00000000-0000-4000-8000-000000000002'''), 0::bigint, 'a case handler reads no assignment of another''s complaint');
select test.is(test.try_as(role, 'select * from assignment'), '42501', role || ' reads no assignment')
from   unnest('{public,member,publisher,police_staff,city,partner,council}'::text[]) as role;

-- Ending
select test.is(test.touched_as(who, 'update assignment set ended_at = clock_timestamp() where ended_at is null and complaint_id = ''00000000-0000-4000-8000-000000000001'''), n::bigint, who || ' ends ' || n)
from   (values ('coordinator:rosa:city', 0)) as x (who, n);
select test.is(test.try_as(who, 'update assignment set ended_at = clock_timestamp() where id = ''00000000-0000-4000-8000-000000000031'''), '42501', who || ' takes no complaint from who handles it')
from   unnest('{coordinator:petra:police,coordinator:petra}'::text[]) as who;
select test.is(test.touched_as('coordinator:carla:city', 'update assignment set ended_at = clock_timestamp() where id = ''00000000-0000-4000-8000-000000000031'''), 1::bigint, 'a coordinator ends an assignment');
select test.is(test.count_as('case_handler:hugo:city', 'select * from complaint where id = ''00000000-0000-4000-8000-000000000003'''), 0::bigint, 'and with it the access');
select test.is(test.assign_as('coordinator:carla:city', 3, 'hugo'), 'fine', 'whose assignment has ended is assigned again');
select test.is(test.count_as('coordinator:carla:city', 'select * from assignment' || test.ours() || ' for update'), 7::bigint, 'a coordinator locks assignments');
select test.is(test.try_as(who, 'update assignment set ended_at = now()'), '42501', who || ' ends none')
from   unnest('{case_handler:hugo:city,auditor:aldo:city,public}'::text[]) as who;
select test.is(test.try_as('coordinator', format('update assignment set %I = default', c)), '42501', 'a coordinator does not change ' || c)
from   unnest('{id,complaint_id,subject,assigned_by,assigned_at}'::text[]) as c;
select test.is(test.try_as('coordinator', format('insert into assignment (id, complaint_id, subject, %I) values (gen_random_uuid(), gen_random_uuid(), ''x'', default)', c)), '42501', 'a coordinator does not set ' || c)
from   unnest('{assigned_by,assigned_at,ended_at}'::text[]) as c;
select test.is(test.try_as('coordinator', format('insert into assignment (%I) select %I from assignment where false', c, c)), 'fine', 'a coordinator sets ' || c)
from   unnest('{id,complaint_id,subject}'::text[]) as c;
select test.is(test.try_as('coordinator', 'delete from assignment'), '42501', 'nobody deletes an assignment');

-- Recusing
create function test.recuse_as(who text, n int, subject text, id int default null) returns text
language sql as $$
  select test.try_as(who, format('insert into recusal (id, complaint_id, subject, reason) values (%L, %L, %L, ''a relative'')', coalesce(test.id(id), gen_random_uuid()), test.id(n), subject))
$$;
select test.is(test.recuse_as('case_handler:hugo:city', 1, 'hana'), '42501', 'a case handler recuses nobody else');
select test.is(test.recuse_as('case_handler:hugo:city', 2, 'hugo'), '42501', 'nor themself from what they do not handle');
select test.is(test.recuse_as('case_handler:hugo:city', 1, 'hugo', 11), 'fine', 'but themself from what they do');
select test.is(by_subject || ' ' || (at > now())::text, 'hugo true', 'who recused is kept') from recusal where id = test.id(11);
select test.is(count(*), 0::bigint, 'a recusal ends the assignment') from assignment where complaint_id = test.id(1) and subject = 'hugo' and ended_at is null;
select test.is(count(*), 1::bigint, 'and no other of theirs') from assignment where complaint_id = test.id(3) and subject = 'hugo' and ended_at is null;
select test.is(count(*), 1::bigint, 'nor of others') from assignment where complaint_id = test.id(1) and subject = 'rita' and ended_at is null;
select test.is(test.count_as('case_handler:hugo:city', q), 0::bigint, 'the access ends at once: ' || q)
from   unnest('{"select * from complaint where id = ''00000000-0000-4000-8000-000000000001''","select complaint_id from complaint_private where complaint_id = ''00000000-0000-4000-8000-000000000001''"}'::text[]) as q;
select test.is(test.count_as('case_handler:hugo:city', 'select id from recusal where id = ''00000000-0000-4000-8000-000000000011'''), 1::bigint, 'who is recused reads their own recusal');
select test.is(test.recuse_as('coordinator:carla:city', 1, 'hugo'), '23505', 'nobody is recused twice');
select test.is(test.recuse_as(who, 2, 'hana'), '42501', who || ' recuses nobody else')
from   unnest('{coordinator:petra:police,coordinator:petra}'::text[]) as who;
select test.is(test.recuse_as('coordinator:petra:police', 3, 'petra'), 'fine', 'but themself: ' || test.recuse_as('coordinator:pablo', 3, 'pablo'));
select test.is(test.count_as('coordinator:petra:police', 'select * from complaint where id = ''00000000-0000-4000-8000-000000000003'''), 0::bigint, 'and sees it no more');
select test.is(test.recuse_as('coordinator:carla:city', 2, 'hana'), 'fine', 'a coordinator recuses anybody');
select test.is(test.recuse_as('coordinator:carla:city', 2, 'carla'), 'fine', 'themself, too');
select test.is(test.count_as('coordinator:carla:city', 'select * from complaint where id = ''00000000-0000-4000-8000-000000000002'''), 0::bigint, 'and sees it no more');
select test.is(test.assign_as('coordinator:rosa:city', 2, 'hana'), 'CW008 this person is recused from the complaint', 'a recusal is for good');
select test.is(test.recuse_as(who, 3, 'nils'), '42501', who || ' recuses nobody')
from   unnest('{auditor:aldo:city,public,publisher,police_staff}'::text[]) as who;
select test.is(test.count_as(who, 'select id from recusal' || test.ours()), n::bigint, who || ' reads ' || n || ' of seven recusals')
from   (values ('coordinator:carla:city', 7), ('auditor:aldo:resident', 7), ('case_handler:hugo:city', 1), ('case_handler:nils:city', 0)) as x (who, n);
select test.is(test.try_as(role, 'select id from recusal'), '42501', role || ' reads no recusal')
from   unnest('{public,member,publisher,police_staff,city,partner,council}'::text[]) as role;
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{coordinator,case_handler,auditor}'::text[]) as role, unnest('{"delete from recusal","update recusal set reason = ''x''"}'::text[]) as s;
select test.is(test.try_as(role, format('insert into recusal (id, complaint_id, subject, reason, %I) values (gen_random_uuid(), gen_random_uuid(), ''x'', ''x'', default)', c)), '42501', role || ' does not set ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{by_subject,at}'::text[]) as c;
select test.is(test.try_as(role, format('insert into recusal (%I) select null where false', c)), 'fine', role || ' sets ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{id,complaint_id,subject,reason}'::text[]) as c;

-- Who handles thousands: two arrays of all that they handle, asked of one index, are gone through for each other
\set guard `sed -n '/^-- guard/,/;/p' ../../db/operations/police_records/deleteCounterpart.sql | sed "1d; s/:counterpart_id/test.id(1)/; s/:id/test.id(1)/; s/;//"`
\set mine `sed -n '/^from     complaint_record/,/^order by/p' ../../db/operations/complaints/listComplaints.sql | grep -E '^from|^where|assigned_to_me|^order'`
select test.ok(conditions <> '' and conditions !~ '= ANY \(\$\d+\)\) AND \(\w+ = ANY', name || ' asks no index for two arrays: ' || conditions)
from   (values ('who takes a counterpart back', :'guard'), ('who lists what is theirs', 'select * ' || :'mine')) as x (name, query),
       lateral test.index_condition_as('case_handler:hugo:city', query) as conditions;
