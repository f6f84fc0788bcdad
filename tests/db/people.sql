-- people: who keeps people and seats, how somebody gets in and is no longer in, and what the police never decides
insert into organization (id, kind, name) values (test.id(800), 'police_department', 'Police'), (test.id(801), 'city_department', 'City'), (test.id(802), 'school', 'School');
insert into person (id, name, email, language, role, affiliation, organization_id, subject, state) values
  (test.id(1), 'Ana',  'ana@example.org',  'es', 'coordinator', 'city',     null,         'ana',  'active'),
  (test.id(2), 'Beto', 'beto@example.org', 'en', 'member',      'resident', null,         null,   'invited'),
  (test.id(3), 'Cora', 'cora@example.org', 'en', 'coordinator', 'police',   test.id(800), 'cora', 'active');
insert into invitation (id, person_id, hash) values (test.id(20), test.id(2), lpad('20', 64, '0'));
insert into member (id, person_id, display_name, seat_kind, term_from, listed, state) values
  (test.id(31), test.id(1), 'Ana Q.', 'city',     '2026-01-01', true,  'seated'),
  (test.id(32), test.id(2), 'Beto',   'resident', '2026-01-01', true,  'invited'),
  (test.id(33), test.id(3), 'Cora',   'police',   '2026-01-01', false, 'seated');
alter table person_transition disable trigger user;
insert into person_transition (id, record_id, from_state, to_state, at) values (test.id(41), test.id(1), 'invited', 'active', now());
alter table person_transition enable trigger user;
alter table member_transition disable trigger user;
insert into member_transition (id, record_id, from_state, to_state, at) values (test.id(42), test.id(31), 'invited', 'seated', now());
alter table member_transition enable trigger user;

create function test.table_reads(t text) returns text language sql as
$$ select case t when 'invitation' then 'select id, person_id, expires_at, ended_at from invitation where id = ''' || test.id(20) || ''''
                 else format('select * from %I where id in (%L, %L, %L, %L)', t, test.id(1), test.id(31), test.id(41), test.id(42)) end $$;

-- Reading
select test.is(test.count_as(who, test.table_reads(t)), n, who || ' reads ' || n || ' of ' || t)
from   (values ('coordinator:ana:city', 1::bigint), ('auditor:aldo:resident', 1), ('coordinator:cora:police', 0), ('auditor:aldo:police', 0),
               ('coordinator:ana:', 0)) as x (who, n),
       unnest('{person,person_record,invitation,person_transition,member,member_record,member_transition}'::text[]) as t;
select test.is(test.try_as(role, test.table_reads(t)), '42501', role || ' reads no ' || t)
from   unnest('{public,resident,member,facilitator,liaison,case_handler,publisher,police_source,police_staff,city,partner,council,identity}'::text[]) as role,
       unnest('{person,person_record,invitation,person_transition,member,member_record,member_transition}'::text[]) as t;
select test.is(test.try_as(who, 'select hash from invitation'), '42501', who || ' reads no hash')
from   unnest('{coordinator:ana:city,auditor:aldo:resident}'::text[]) as who;

-- Who shows a token is looked up
select test.is(test.count_as('identity', format('select id, name, role, affiliation, organization_id, state from person where subject = %L', s)), n, 'the look-up finds ' || n || ' for ' || s)
from   (values ('ana', 1::bigint), ('cora', 1), ('nobody', 0)) as x (s, n);
select test.is(test.count_as('identity', format('select id from person where id in (%L, %L)', test.id(1), test.id(2))), 1::bigint, 'the look-up sees nobody who was only invited');
select test.is(test.try_as('identity', format('select %I from person', c)), '42501', 'the look-up reads no ' || c)
from   unnest('{email,language,is_demo,created_at,updated_at,revision}'::text[]) as c;
select test.is(test.try_as('identity', statement), '42501', 'the look-up changes nothing: ' || statement)
from   unnest(array['update person set role = ''coordinator''', 'delete from person', 'select accept_invitation(''x'')', 'select * from own_person()', 'select id from organization']) as statement;

-- Inviting and changing
select test.is(test.try_as('coordinator:ana:city', $$insert into person (id, name, email, language, role, affiliation, organization_id) values (test.id(4), 'Dora', 'd@example.org', 'es', 'partner', 'organization', test.id(802))$$), 'fine', 'coordinator adds');
select test.is(state || ' ' || coalesce(subject, '-') || ' ' || is_demo, 'invited - false', 'whoever is new is invited, bound to nobody, not demo') from person where id = test.id(4);
select test.is(test.try_as('coordinator:ana:city', format('insert into person (id, name, email, language, role, affiliation, %I) values (gen_random_uuid(), ''x'', ''x@x'', ''es'', ''member'', ''resident'', default)', c)), '42501', 'coordinator does not set ' || c)
from   unnest('{subject,state,is_demo,revision,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator:ana:city', format('update person set %I = default', c)), '42501', 'coordinator does not change ' || c)
from   unnest('{id,subject,state,is_demo,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator:ana:city', format('insert into person (%I) select %I from person where false', c, c)), 'fine', 'coordinator sets ' || c)
from   unnest('{id,name,email,language,role,affiliation,organization_id}'::text[]) as c;
select test.is(test.try_as('coordinator:ana:city', format('update person set %I = default where false', c)), 'fine', 'coordinator changes ' || c)
from   unnest('{revision,name,email,language,role,affiliation,organization_id}'::text[]) as c;
select test.is(test.touched_as('coordinator:ana:city', format('update person set name = ''Beto P.'' where id = %L', test.id(2))), 1::bigint, 'coordinator changes a person');
select test.is(test.count_as('coordinator:ana:city', format('select * from person_record where id = %L for update', test.id(1))), 1::bigint, 'coordinator locks a person');
select test.is(test.try_as(role, statement), '42501', role || ' does not ' || statement)
from   unnest('{public,resident,member,case_handler,publisher,police_staff,city,partner,council,auditor}'::text[]) as role,
       unnest(array['insert into person (id) values (gen_random_uuid())', 'update person set role = ''coordinator''', 'delete from person',
                    'insert into invitation (id) values (gen_random_uuid())', 'insert into person_transition (id) values (gen_random_uuid())',
                    'insert into member (id) values (gen_random_uuid())', 'update member set listed = true', 'insert into member_transition (id) values (gen_random_uuid())']) as statement;

-- A coordinator of the police keeps nobody, least of all themself
select test.is(test.try_as('coordinator:cora:police', statement), '42501', 'of the police, coordinator does not ' || statement)
from   unnest(array[
         $$insert into person (id, name, email, language, role, affiliation) values (gen_random_uuid(), 'x', 'x@x', 'es', 'coordinator', 'city')$$,
         $$insert into invitation (id, person_id, hash) values (gen_random_uuid(), test.id(2), repeat('1', 64))$$,
         $$insert into person_transition (id, record_id, to_state, reason) values (gen_random_uuid(), test.id(2), 'ended', 'x')$$,
         $$insert into member (id, person_id, display_name, seat_kind, term_from) values (gen_random_uuid(), test.id(4), 'x', 'police', '2026-01-01')$$,
         $$insert into member_transition (id, record_id, to_state, reason) values (gen_random_uuid(), test.id(32), 'ended', 'x')$$]) as statement;
select test.is(test.touched_as('coordinator:cora:police', format('update %I set revision = revision', t)), 0::bigint, 'of the police, coordinator changes no ' || t)
from   unnest('{person,member}'::text[]) as t;

-- What belongs together
select test.is(test.try_as('coordinator:ana:city', format($$insert into person (id, name, email, language, role, affiliation, organization_id) values (gen_random_uuid(), 'x', 'x@x', 'es', %L, %L, %L)$$, role, affiliation, organization)), expected, role || ' of ' || affiliation || ' at ' || coalesce(organization::text, 'no organization'))
from   (values ('partner',      'organization', null,         'CW008 this role needs an organization'),
               ('police_staff', 'police',       null,         'CW008 this role needs an organization'),
               ('partner',      'organization', test.id(801), 'CW008 a partner is of neither police nor city'),
               ('partner',      'police',       test.id(800), 'CW008 a partner is of neither police nor city'),
               ('member',       'resident',     test.id(800), 'CW008 whoever is of a police department is of police affiliation'),
               ('police_staff', 'police',       test.id(802), 'CW008 police_staff is of police affiliation and of a police department'),
               ('police_staff', 'police',       test.id(800), 'fine'),
               ('city',         'city',         test.id(801), 'fine')) as x (role, affiliation, organization, expected);
select test.is(test.try_as('coordinator:ana:city', format('update person set affiliation = ''city'' where id = %L', test.id(3))), 'CW008 whoever is of a police department is of police affiliation', 'a change is held to it, too');

-- The last coordinator who may invite stays; one of the police is none of these
update person set state = 'ended' where role = 'coordinator' and is_demo;
select test.is(test.try_as('coordinator:ana:city', format(statement, test.id(1))), 'CW008 the last coordinator stays until there is another', 'the last coordinator: ' || statement)
from   unnest(array['update person set role = ''member'' where id = %L', 'update person set affiliation = ''police'' where id = %L',
                    'insert into person_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''ended'', ''x'')']) as statement;
select test.is(test.try_as('coordinator:ana:city', format('update person set name = ''Ana Q.'' where id = %L', test.id(1))), 'fine', 'the last coordinator changes their name');
insert into person (id, name, email, language, role, affiliation, subject, state) values (test.id(5), 'Eva', 'eva@example.org', 'es', 'coordinator', 'city', 'eva', 'active');
select test.is(test.try_as('coordinator:ana:city', format('update person set role = ''member'' where id = %L', test.id(1))), 'fine', 'one of two goes');

-- Invitations
select test.is(test.try_as('coordinator:eva:city', format('insert into invitation (id, person_id, hash) values (%L, %L, %L)', test.id(21), test.id(2), lpad('21', 64, '0'))), 'fine', 'coordinator invites');
select test.is(string_agg(id || ' ' || (ended_at is null), ', ' order by id), test.id(20) || ' false, ' || test.id(21) || ' true', 'another invitation takes the place of the one before') from invitation where person_id = test.id(2);
select test.ok(expires_at between now() + interval '13 days' and now() + interval '15 days' and by_subject = 'eva', 'it holds for 14 days, and says who made it') from invitation where id = test.id(21);
select test.is(test.try_as('coordinator:eva:city', format('insert into invitation (id, person_id, hash, %I) values (gen_random_uuid(), %L, %L, default)', c, test.id(2), repeat('2', 64))), '42501', 'coordinator does not set ' || c)
from   unnest('{expires_at,ended_at,by_subject,at}'::text[]) as c;
select test.is(test.try_as('coordinator:eva:city', format('insert into invitation (id, person_id, hash) values (gen_random_uuid(), %L, %L)', test.id(5), repeat('2', 64))), 'CW008 only whoever is not active is invited', 'whoever is active is not invited');

select test.is(test.try_as('resident:beto:resident', format('select accept_invitation(%L)', hash)), 'CW005', 'a code that ' || why || ' opens nothing')
from   (values (repeat('9', 64), 'is wrong'), (null, 'is none'), (lpad('20', 64, '0'), 'was replaced')) as x (hash, why);
update invitation set expires_at = now() where id = test.id(21);
select test.is(test.try_as('resident:beto:resident', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'CW005', 'a code that has expired opens nothing');
update invitation set expires_at = now() + interval '1 day' where id = test.id(21);
select test.is(test.try_as('resident:eva:resident', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'CW008 whoever signs in so is another person of the group already', 'nobody is two people');
insert into api_client (id, name, role, organization_id, scopes) values (test.id(90), 'System', 'partner', test.id(802), '{organizations:read}');
select test.is(test.try_as('partner:' || test.id(90) || ':organization', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'CW008 a system is nobody''s account', 'no system becomes a person');
select test.is(test.try_as('member:paul:police', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'CW008 whoever signs in with police affiliation has it in their record', 'nobody of the police becomes a resident');
select test.is(test.try_as('resident:beto:resident', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'fine', 'a code that holds opens');
select test.is(state || ' ' || subject, 'active beto', 'whoever showed it is that person now') from person where id = test.id(2);
select test.is(to_state || ' ' || by_subject || ' ' || by_role, 'active beto resident', 'it is kept who, in which role') from person_transition where record_id = test.id(2);
select test.is(test.try_as('resident:karl:resident', format('select accept_invitation(%L)', lpad('21', 64, '0'))), 'CW005', 'a code works once');
update person set state = 'invited' where id = test.id(2);
insert into invitation (id, person_id, hash) values (test.id(29), test.id(2), lpad('29', 64, '0'));
select test.is(test.try_as('resident:karl:resident', format('select accept_invitation(%L)', lpad('29', 64, '0'))), 'CW008 this person signed in otherwise before: for another account a new person is invited', 'an account stays bound, and what was kept from it kept from it');
select test.is(test.try_as('resident:beto:resident', format('select accept_invitation(%L)', lpad('29', 64, '0'))), 'fine', 'it may be invited again itself');

-- What an organization is
select test.is(test.try_as(who, format('update organization set kind = %L where id = %L', kind, id), id::text), expected, format('%s makes it a %s: %s', who, kind, expected))
from   (values ('partner:pia:organization', test.id(802), 'city_department', 'CW008 that an organization is, or is not, of police or city is for a coordinator to say who is not of the police'),
               ('coordinator:cora:police', test.id(800), 'other', 'CW008 that an organization is, or is not, of police or city is for a coordinator to say who is not of the police'),
               ('coordinator:ana:city', test.id(800), 'other', 'CW008 people or systems were let in for what this organization is'),
               ('partner:pia:organization', test.id(802), 'health_provider', 'fine')) as x (who, id, kind, expected);
select test.is(test.count_as('resident:beto:resident', 'select * from own_person() where name = ''Beto P.'''), 1::bigint, 'they read their own record');
select test.is(test.count_as('resident:karl:resident', 'select * from own_person()'), 0::bigint, 'nobody reads another''s');
select test.is(test.try_as(role, 'select accept_invitation(''x'')') || ' ' || test.try_as(role, 'select * from own_person()'), 'CW005 fine', role || ' may show a code')
from   unnest('{resident,member,facilitator,liaison,case_handler,publisher,police_source,police_staff,city,partner,council,coordinator,auditor}'::text[]) as role;
select test.is(test.try_as(role, 'select accept_invitation(''x'')') || ' ' || test.try_as(role, 'select * from own_person()'), '42501 42501', role || ' shows none')
from   unnest('{public,case}'::text[]) as role;
select test.is(test.try_as('coordinator:eva:city', format('insert into person_transition (id, record_id, to_state) values (gen_random_uuid(), %L, ''active'')', test.id(4))), 'CW008 a person becomes active by the code of their invitation alone', 'nobody is made active without having come');
select test.is(test.try_as('coordinator:eva:city', format('update person set state = ''active'' where id = %L', test.id(4))), '42501', 'nor otherwise');

-- Seats
select test.is(test.try_as('coordinator:eva:city', format('insert into member (%I) select %I from member where false', c, c)), 'fine', 'coordinator sets ' || c)
from   unnest('{id,person_id,display_name,seat_kind,appointed_by,term_from,term_to,profile_es,profile_en,listed}'::text[]) as c;
select test.is(test.try_as('coordinator:eva:city', format('update member set %I = default where false', c)), 'fine', 'coordinator changes ' || c)
from   unnest('{revision,display_name,seat_kind,appointed_by,term_from,term_to,profile_es,profile_en,listed}'::text[]) as c;
select test.is(test.try_as('coordinator:eva:city', format('update member set %I = default', c)), '42501', 'coordinator does not change ' || c)
from   unnest('{id,person_id,affiliation,state,is_demo,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('coordinator:eva:city', format($$insert into member (id, person_id, display_name, seat_kind, term_from) values (%L, %L, 'Dora', 'organization', '2026-01-01')$$, test.id(34), test.id(4))), 'fine', 'coordinator offers a seat');
select test.is(test.try_as('coordinator:eva:city', format('update member set term_to = ''2025-12-31'' where id = %L', test.id(34))), 'CW008 term.to is before term.from', 'a term has not ended before it began');
select test.is(affiliation || ' ' || state || ' ' || listed, 'organization invited false', 'a seat has the affiliation of its person, and is offered, unlisted') from member where id = test.id(34);
select test.is(test.try_as('coordinator:eva:city', format($$insert into member (id, person_id, display_name, seat_kind, term_from) values (gen_random_uuid(), %L, 'x', 'city', '2026-01-01')$$, test.id(4))), '23505', 'a person has one seat at a time');
select test.is(test.count_as('coordinator:eva:city', format('select * from member_record where id = %L for update', test.id(34))), 1::bigint, 'coordinator locks a seat');
select test.is(test.touched_as('coordinator:eva:city', format('update member set listed = true where id = %L', test.id(34))), 1::bigint, 'coordinator changes a seat');
select test.is(test.try_as('coordinator:eva:city', format('insert into member_transition (id, record_id, to_state) values (gen_random_uuid(), %L, ''seated'')', test.id(32))), 'fine', 'coordinator seats');
select test.is(test.try_as('coordinator:eva:city', format('insert into member_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''ended'', ''moved away'')', test.id(33))), 'fine', 'coordinator ends a seat, saying why');
update person set affiliation = 'council' where id = test.id(4);
select test.is(affiliation, 'council', 'a seat follows the affiliation of its person') from member where id = test.id(34);

select test.is(test.count_as('public', format('select * from published_member where id in (%L, %L, %L, %L)', test.id(31), test.id(32), test.id(33), test.id(34))), 2::bigint, 'public reads who is seated and consents');
select test.is(test.count_as('public', format('select id from member where id in (%L, %L, %L, %L)', test.id(31), test.id(32), test.id(33), test.id(34))), 2::bigint, 'public reads no other row behind the view either');
select test.is(test.try_as('public', format('select %I from member', c)), case when c = any ('{id,display_name,seat_kind,affiliation,term_from,term_to,profile_es,profile_en,listed,state,is_demo,revision,updated_at}') then 'fine' else '42501' end, 'public and ' || c)
from   (select attname::text as c from pg_attribute where attrelid = 'member'::regclass and attnum > 0 and not attisdropped) as x;

-- With a person end their invitation and their seat
insert into invitation (id, person_id, hash) values (test.id(22), test.id(4), lpad('22', 64, '0'));
select test.is(test.try_as('coordinator:eva:city', format('insert into person_transition (id, record_id, to_state) values (gen_random_uuid(), %L, ''ended'')', test.id(4))), 'CW008 this transition needs a reason', 'an end needs a reason');
select test.is(test.try_as('coordinator:eva:city', format('insert into person_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''ended'', ''gone'')', test.id(4))), 'fine', 'coordinator ends a person');
select test.is(p.state || ' ' || m.state || ' ' || (i.ended_at is not null), 'ended ended true', 'person, seat and invitation have ended')
from   person p join member m on m.person_id = p.id join invitation i on i.person_id = p.id
where  p.id = test.id(4);
select test.is(reason, 'gone', 'the seat says why') from member_transition where record_id = test.id(34);
select test.is(test.try_as('coordinator:eva:city', format($$insert into member (id, person_id, display_name, seat_kind, term_from) values (gen_random_uuid(), %L, 'x', 'city', '2026-01-01')$$, test.id(4))), 'CW008 there is no such person, or they have ended', 'whoever has ended is offered no seat');
select test.is(test.try_as('coordinator:eva:city', format('insert into person_transition (id, record_id, to_state) values (gen_random_uuid(), %L, ''invited'')', test.id(4))), 'fine', 'and is invited again');

select test.is(test.try_as('coordinator:eva:city', format('update member set display_name = ''Other'' where id = %L', test.id(34))), 'CW008 the seat has ended', 'a seat that has ended changes no more');

-- The public list tells when it is no longer what it was
insert into member (id, person_id, display_name, seat_kind, term_from, state) values (test.id(35), test.id(4), 'Eva', 'city', '2026-01-01', 'seated');
select test.begin_anew();
create temporary table topic on commit drop as select revision from publication where topic = 'members';
update member set display_name = 'Unlisted' where id = test.id(35);
select test.is(p.revision - t.revision, 0::bigint, 'a seat that nobody sees raises no counter') from publication p, topic t where p.topic = 'members';
update member set display_name = 'Ana' where id = test.id(31);
select test.is(p.revision - t.revision, 1::bigint, 'one that everybody sees does') from publication p, topic t where p.topic = 'members';

-- Indexes, where what is asked for is rare enough that the planner wants them
insert into person (id, name, email, language, role, affiliation) select gen_random_uuid(), n::text, 'x@x', 'en', 'member', 'resident' from generate_series(1, 300) as n;
insert into member (id, person_id, display_name, seat_kind, term_from, listed, state) select gen_random_uuid(), id, name, 'youth', '2026-01-01', true, 'seated' from person where email = 'x@x' and role = 'member' and name ~ '^\d+$';
analyze person, member;
select test.ok(test.index_condition_as('coordinator:ana:city', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from person_record where state = ''ended'' order by updated_at, id limit 51', 'state ='),
               ('select * from person_record where role = ''auditor'' order by updated_at, id limit 51', 'role ='),
               ('select * from person_record where affiliation = ''council'' order by updated_at, id limit 51', 'affiliation ='),
               ('select * from person_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51', 'updated_at >='),
               ('select * from member_record where state = ''ended'' order by updated_at, id limit 51', 'state ='),
               ('select * from member_record where seat_kind = ''council'' order by updated_at, id limit 51', 'seat_kind ='),
               ('select * from member_record where person = ''00000000-0000-4000-8000-000000000001'' order by updated_at, id limit 51', 'person_id ='),
               ('select * from member_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51', 'updated_at >=')) as x (q, c);
select test.ok(test.index_condition_as('public', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from published_member where seat_kind = ''council'' order by display_name, id limit 51', 'seat_kind ='),
               ('select * from published_member where (display_name, id) > (''M'', ''00000000-0000-4000-8000-000000000001'') order by display_name, id limit 51', 'ROW(')) as x (q, c);
select test.ok(test.index_condition_as('identity', 'select id from person where subject = ''ana''') like '%subject =%', 'an index serves the look-up');
