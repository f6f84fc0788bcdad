-- complaint_private: what is private (text, contacts, those it happened to, notes, messages, answers, consents) is read by who is
-- assigned, by nobody else, and by nobody of police affiliation, whatever the role; reading it can be seen afterwards
select count(test.file_complaint(n)) as ignored from generate_series(1, 2) as n \gset
select count(test.assign(1, who)) as ignored from unnest('{cora,hugo}'::text[]) as who \gset
select test.assign(2, 'hana') as ignored, test.assign(1, 'rosa', true) as ignored, test.assign(1, 'rita', true) as ignored \gset
update complaint set identity_to = 'group' where id = test.id(1);
insert into complaint_note (id, complaint_id, text) select test.id(n * 10), test.id(n), 'note' from generate_series(1, 2) as n;
insert into complaint_message (id, complaint_id, language, text) select test.id(n * 10), test.id(n), 'es', 'message' from generate_series(1, 2) as n;
insert into resolution_answer (id, complaint_id, satisfied, text) select test.id(n * 10), test.id(n), true, 'answer' from generate_series(1, 2) as n;
select count(test.consent(n)) as ignored from generate_series(1, 2) as n \gset

create function test.ours() returns text language sql as
$$ select ' where complaint_id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'')' $$;
create function test.private(t text) returns text language sql as
$$ select 'select complaint_id from ' || t || test.ours() $$;

select test.is(test.count_as(who, test.private(t)), n::bigint, who || ' reads what is private in their own: ' || t)
from   unnest('{coordinator:cora:city,case_handler:hugo:city,coordinator:cora:resident,case_handler:hugo:organization,case_handler:hugo:council}'::text[]) as who,
       (values ('complaint_private', 1), ('complaint_contact', 2), ('complainant', 2), ('complaint_note', 1), ('complaint_message', 1), ('resolution_answer', 1), ('consent', 1)) as x (t, n);
select test.is(test.count_as(who, test.private(t)), 0::bigint, who || ' reads nothing of ' || t)
from   unnest('{complaint_private,complaint_contact,complainant,complaint_note,complaint_message,resolution_answer}'::text[]) as t,
       unnest('{coordinator:carla:city,case_handler:nils:city,coordinator:cora:police,case_handler:hugo:police,coordinator:cora:,case_handler:hugo:,coordinator:cora:other,
                coordinator:rosa:city,case_handler:rita:city}'::text[]) as who;
select test.is(test.count_as(who, test.private('consent')), 0::bigint, who || ' reads no consent')
from   unnest('{coordinator:carla:city,case_handler:nils:city,coordinator:rosa:city,case_handler:rita:city}'::text[]) as who;
select test.is(test.count_as('case_handler:hugo:city', format('select complaint_id from %I where complaint_id = test.id(2)', t)), 0::bigint, 'a case handler reads nothing of another''s ' || t)
from   unnest('{complaint_private,complaint_contact,complainant,complaint_note,complaint_message,resolution_answer,consent}'::text[]) as t;
select test.is(test.try_as(role, format('select complaint_id from %I', t)), '42501', role || ' reads no ' || t)
from   unnest('{public,resident,member,publisher,police_source,police_staff,city,partner,council,auditor}'::text[]) as role,
       unnest('{complaint_private,complaint_contact,complainant,complaint_note,complaint_message,resolution_answer,consent}'::text[]) as t;
select test.is(test.try_as(role, 'select filed_by from complaint_private'), '42501', role || ' does not read who signed in to file')
from   unnest('{coordinator,case_handler,auditor,public}'::text[]) as role;
select test.is(test.try_as(role, format('select %I from complaint_private', c)), 'fine', role || ' reads ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{complaint_id,narrative,place,officer_described}'::text[]) as c;
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{coordinator:cora:city,case_handler:hugo:city}'::text[]) as role,
       unnest('{"select hash from case_key","update complaint_private set narrative = ''x''","delete from complaint_contact","update complaint_note set text = ''x''","delete from complaint_note",
                "update complaint_message set text = ''x''","delete from complaint_message","delete from complainant","insert into resolution_answer (id, complaint_id, satisfied) values (gen_random_uuid(), gen_random_uuid(), true)",
                "insert into consent (id, complaint_id, purpose) values (gen_random_uuid(), gen_random_uuid(), ''referral'')","update consent set withdrawn_at = now()"}'::text[]) as s;

-- Contacts, as far as the complainant lets the group know who they are
update complaint set identity_to = 'nobody' where id = test.id(1);
select test.is(test.count_as(who, test.private('complaint_contact')), 0::bigint, who || ' reads no contact of who lets nobody know them')
from   unnest('{coordinator:cora:city,case_handler:hugo:city}'::text[]) as who;
update complaint set identity_to = 'group_and_police' where id = test.id(1);
select test.is(test.count_as(who, test.private('complaint_contact')), n::bigint, who || ' reads ' || n || ' contacts of who lets the police know them')
from   (values ('coordinator:cora:city', 2), ('case_handler:hugo:city', 2), ('case_handler:hugo:police', 0), ('coordinator:cora:police', 0)) as x (who, n);

-- Writing notes and messages
create function test.write(who text, t text, n int) returns text
language sql as $$
  select test.try_as(who, format('insert into %I (id, complaint_id, text%s) values (gen_random_uuid(), %L, ''\x01''%s)', t, case t when 'complaint_message' then ', language' else '' end,
                                 test.id(n), case t when 'complaint_message' then ', ''es''' else '' end))
$$;
select test.is(test.write(who, t, 1), 'fine', who || ' writes a ' || t)
from   unnest('{coordinator:cora:city,case_handler:hugo:city}'::text[]) as who, unnest('{complaint_note,complaint_message}'::text[]) as t;
select test.is(test.write(who, t, 1), '42501', who || ' writes no ' || t)
from   unnest('{coordinator:carla:city,case_handler:nils:city,coordinator:cora:police,case_handler:hugo:police,coordinator:cora:,coordinator:rosa:city,case_handler:rita:city,auditor:aldo:city}'::text[]) as who,
       unnest('{complaint_note,complaint_message}'::text[]) as t;
select test.is(test.write('case_handler:hugo:city', t, 2), '42501', 'nor one of another''s: ' || t)
from   unnest('{complaint_note,complaint_message}'::text[]) as t;
select test.is(string_agg(author || ' ' || by_subject, ', ' order by at), 'group cora, group hugo', 'the group is the author of a message; who wrote it is kept')
from   complaint_message where complaint_id = test.id(1) and by_subject is not null;
select test.is(string_agg(by_subject, ', ' order by at), 'cora, hugo', 'who wrote a note is kept')
from   complaint_note where complaint_id = test.id(1) and by_subject is not null;
select test.is(test.try_as(role, format('insert into %I (id, complaint_id, text, %I) values (gen_random_uuid(), gen_random_uuid(), '''', default)', t, c)), '42501', role || ' does not set ' || c || ' of a ' || t)
from   unnest('{coordinator,case_handler}'::text[]) as role, (values ('complaint_note', 'by_subject'), ('complaint_note', 'at'), ('complaint_message', 'author'), ('complaint_message', 'by_subject'), ('complaint_message', 'at')) as x (t, c);
select test.is(test.try_as(role, format('insert into %I (%I) select %I from %I where false', t, c, c, t)), 'fine', role || ' sets ' || c || ' of a ' || t)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       (values ('complaint_note', 'id'), ('complaint_note', 'complaint_id'), ('complaint_note', 'text'), ('complaint_message', 'id'), ('complaint_message', 'complaint_id'), ('complaint_message', 'language'), ('complaint_message', 'text')) as x (t, c);
select test.is(test.try_as(role, f), 'fine', role || ' asks ' || f)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{select is_not_police(),select shows_identity(gen_random_uuid())}'::text[]) as f;
select test.is(test.try_as(role, 'select is_not_police()'), 'fine', 'so does the auditor') from unnest('{auditor}'::text[]) as role;

-- Audit
select test.is(test.try_as(who, $$select audit_row('read', 'complaint_private', test.id(1))$$), 'fine', who || ' leaves an audit row')
from   unnest('{coordinator:cora:city,case_handler:hugo:city,police_staff:paco:police,city:carmen:city,partner:paula:organization,publisher:pia:city}'::text[]) as who;
select test.is(string_agg(by_subject || ' ' || by_role || ' ' || by_affiliation, ', ' order by id), 'cora coordinator city, hugo case_handler city, paco police_staff police, carmen city city, paula partner organization, pia publisher city', 'an audit row says who, in which role, of which affiliation')
from   audit where record_id = test.id(1) and record = 'complaint_private' and action = 'read';
select test.is(test.try_as(role, $$select audit_row('read', 'complaint_private', test.id(1))$$), '42501', role || ' writes no audit')
from   unnest('{public,resident,member,council}'::text[]) as role;
