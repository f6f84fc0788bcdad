-- recused: a recusal holds whatever the role in which somebody comes back; looks at what is private are no business of the police
select count(test.file_complaint(n)) as ignored from generate_series(1, 1) as n \gset
insert into organization (id, kind, name) values (test.id(900), 'police_department', 'Recipient');
insert into assignment (id, complaint_id, subject) values (test.id(901), test.id(1), 'hugo');
insert into resolution (id, complaint_id, text_es, text_en) values (test.id(902), test.id(1), 'fin', 'end');
insert into complaint_link (id, complaint_id, kind, target) values (test.id(903), test.id(1), 'need', 'x');
insert into referral (id, complaint_id, organization_id) values (test.id(904), test.id(1), test.id(900));
insert into complaint_publication (id, summary_es, summary_en) values (test.id(1), 'es', 'en');
insert into publication_check (id, complaint_id, summary, findings) values (test.id(905), test.id(1), 'digest', '[]');
alter table publication_transition disable trigger user;
insert into publication_transition (id, record_id, from_state, to_state, at) values (test.id(906), test.id(1), 'drafted', 'checked', now());
alter table publication_transition enable trigger user;
insert into recusal (id, complaint_id, subject, reason)
select gen_random_uuid(), test.id(1), who, 'a friend' from unnest('{aldo,paula}'::text[]) as who;

select test.is(test.count_as(who, format('select id from %I where %I = %L', t, c, test.id(1))) > 0, sees, who || ' reads ' || t || ': ' || sees)
from   (values ('auditor:ana:city', true), ('auditor:aldo:city', false)) as x (who, sees),
       (values ('allegation', 'complaint_id'), ('resolution', 'complaint_id'), ('assignment', 'complaint_id'), ('complaint_link', 'complaint_id'),
               ('referral', 'complaint_id'), ('complaint_publication', 'id'), ('publication_transition', 'record_id'),
               ('publication_check', 'complaint_id')) as y (t, c);
select test.is(test.count_as(who, format('select id from %I where %I = %L', t, c, test.id(1))) > 0, sees, who || ' reads ' || t || ': ' || sees)
from   (values ('publisher:pia:city', true), ('publisher:paula:city', false)) as x (who, sees),
       (values ('complaint_publication', 'id'), ('publication_transition', 'record_id'), ('publication_check', 'complaint_id')) as y (t, c);
select test.is(test.try_as('publisher:paula:city', format('insert into publication_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''retracted'', ''x'')', test.id(1))), '42501',
               'a recused publisher moves nothing');
select test.is(test.count_as(who, 'select id from ' || t), 0::bigint, who || ' reads nothing of ' || t)
from   unnest('{auditor:ana:police,publisher:pia:police,coordinator:hugo:police,case_handler:hugo:police,publisher:pia:}'::text[]) as who,
       unnest('{complaint_publication,publication_record,publication_transition,publication_check}'::text[]) as t;
select test.is(test.try_as(who, format('insert into publication_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, ''retracted'', ''x'')', test.id(1))), '42501',
               who || ' moves nothing')
from   unnest('{publisher:pia:police,coordinator:hugo:police}'::text[]) as who;
select test.is(test.touched_as(who, 'update complaint_publication set revision = revision'), 0::bigint, who || ' changes nothing')
from   unnest('{coordinator:hugo:police,case_handler:hugo:police}'::text[]) as who;

-- What a copy tells goes when the complainant takes it back
update complaint set identity_to = 'group_and_police' where id = test.id(1);
alter table consent disable trigger user;
insert into consent (id, complaint_id, purpose, given_by, given_at) values (test.id(910), test.id(1), 'referral', 'complainant', now());
alter table consent enable trigger user;
insert into referral (id, complaint_id, organization_id, disclosed, copy)
values (test.id(911), test.id(1), test.id(900), '{narrative,contact}', '\x01'), (test.id(912), test.id(1), test.id(900), '{narrative}', '\x02');
update complaint set identity_to = 'group' where id = test.id(1);
select test.is(copy is null and disclosed = '{}', gone, 'a copy with the contact is destroyed, another stands: ' || gone)
from   referral join (values (test.id(911), true), (test.id(912), false)) as x (referral_id, gone) on id = referral_id;
