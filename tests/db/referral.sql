-- referral: who sends what to whom, by whose consent, and what the recipient may see of it
insert into organization (id, kind, name, state) values
  (test.id(901), 'police_department', 'Police', 'active'), (test.id(902), 'city_department', 'City', 'active'), (test.id(903), 'other', 'Gone', 'retired');
select count(test.file_complaint(n)) as ignored from generate_series(1, 3) as n \gset
select count(test.assign(1, who)) as ignored from unnest('{cora,hugo}'::text[]) as who \gset
select test.assign(2, 'hana') as ignored, test.assign(1, 'rosa', true) as ignored, test.assign(1, 'rita', true) as ignored \gset
insert into allegation (complaint_id, category) values (test.id(1), 'drugs'), (test.id(1), 'force');
update complaint set is_demo = true where id = test.id(1);

create function test.refer(who text, n int, id int, disclosed text default '{}', copy text default null, organization int default 901) returns text
language sql as $$
  select test.try_as(who, format('insert into referral (id, complaint_id, organization_id, disclosed, copy) values (%L, %L, %L, %L, %L)', test.id(id), test.id(n), test.id(organization), disclosed, copy))
$$;

-- Sending
select test.is(test.refer('case_handler:hugo:city', 1, 11), 'fine', 'who handles it refers it without consent');
select test.is(array_to_string(categories, ',') || ' ' || quarter || ' ' || by_subject || ' ' || state || ' ' || is_demo || ' ' || (copy is null)::text || ' ' || (sent_at > now())::text,
               'drugs,force 2026-Q1 hugo sent true true true', 'then categories and quarter go alone; who and when is kept') from referral where id = test.id(11);
select test.is(test.refer('coordinator:cora:city', 1, 12, '{narrative}', 'copy'), 'CW008 without the complainant''s consent only categories and quarter are disclosed', 'a copy goes only by consent');
select test.consent(1) as consent \gset
select test.is(test.refer('coordinator:cora:city', 1, 12, '{narrative}', 'copy'), 'fine', 'by consent a copy goes');
select test.is(consent_id, :'consent', 'and refers to it') from referral where id = test.id(12);
select test.is(test.refer('case_handler:hugo:city', 1, 13, '{contact}', 'copy'), 'CW008 the complainant lets nobody outside the group know who they are', 'contacts go only where police may know who complains');
update complaint set identity_to = 'group' where id = test.id(1);
select test.is(test.refer('case_handler:hugo:city', 1, 13, '{contact}', 'copy'), 'CW008 the complainant lets nobody outside the group know who they are', 'the group alone is not enough');
update complaint set identity_to = 'group_and_police' where id = test.id(1);
select test.is(test.refer('case_handler:hugo:city', 1, 13, '{contact}', 'copy', 902), 'fine', 'where they may, contacts go');
select test.is(test.refer('case_handler:hugo:city', 1, 14, '{narrative}'), '23514', 'nothing is disclosed without a copy');
select test.is(test.refer('case_handler:hugo:city', 1, 14, '{}', 'copy'), '23514', 'and no copy without saying what is disclosed');
select test.is(test.refer('case_handler:hugo:city', 1, 14, organization => 903), 'CW008 the organization is not active', 'nothing goes to an organization that is no more');
select test.is(test.refer('case_handler:hugo:city', 1, 14, organization => 909), '23503', 'an organization must exist');
select test.is(test.refer('case_handler:hana:city', 2, 21, '{narrative}', 'copy'), 'CW008 without the complainant''s consent only categories and quarter are disclosed', 'another''s consent is none');
select test.is(test.refer('case_handler:hana:city', 2, 21), 'fine', 'another''s complaint is referred, too');
select test.is(test.refer(who, 1, 15), '42501', who || ' does not refer it')
from   unnest('{coordinator:carla:city,case_handler:nils:city,case_handler:hana:city,coordinator:rosa:city,case_handler:rita:city,coordinator:cora:police,case_handler:hugo:police,coordinator:cora:,auditor:aldo:city,public,police_staff:paco:police}'::text[]) as who;
select test.is(test.try_as(role, format('insert into referral (%I) select %I from referral where false', c, c)), 'fine', role || ' sets ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{id,complaint_id,organization_id,disclosed,copy}'::text[]) as c;
select test.is(test.try_as(role, format('insert into referral (%I) select %I from referral where false', c, c)), '42501', role || ' does not set ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{categories,quarter,consent_id,answer,by_subject,sent_at,state,is_demo,revision}'::text[]) as c;

-- Reading, of 11, 12 (police), 13 (city) and 21 (police, another complaint)
create function test.ours() returns text language sql as
$$ select ' where id in (''00000000-0000-4000-8000-000000000011'', ''00000000-0000-4000-8000-000000000012'', ''00000000-0000-4000-8000-000000000013'', ''00000000-0000-4000-8000-000000000021'')' $$;
select test.is(test.count_as(who, 'select * from referral_record' || test.ours(), coalesce(test.id(organization)::text, '')), n::bigint, who || ' of ' || coalesce(organization::text, 'none') || ' reads ' || n || ' of four')
from   (values ('case_handler:hugo:city', null::int, 3), ('coordinator:cora:city', null, 3), ('case_handler:hana:city', null, 1), ('coordinator:carla:city', null, 0), ('auditor:aldo:resident', null, 4),
               ('case_handler:hugo:police', null, 0), ('coordinator:cora:police', null, 0), ('case_handler:hugo:', null, 0), ('coordinator:rosa:city', null, 0), ('case_handler:rita:city', null, 0),
               ('police_staff:paco:police', 901, 3), ('police_staff:paco:police', 902, 1), ('police_staff:paco:police', null, 0), ('city:carmen:city', 902, 1), ('city:carmen:city', null, 0),
               ('partner:paula:organization', 901, 3), ('partner:paula:organization', 909, 0)) as x (who, organization, n);
select test.is(test.try_as(role, 'select * from referral_record'), '42501', role || ' reads no referral')
from   unnest('{public,resident,member,publisher,police_source,council}'::text[]) as role;
select test.is(test.try_as(role, format('select %I from referral', c)), '42501', role || ' does not learn ' || c)
from   unnest('{police_staff,city,partner}'::text[]) as role, unnest('{complaint_id,by_subject,consent_id}'::text[]) as c;
select test.is(test.try_as(role, format('select %I from referral', c)), 'fine', role || ' reads ' || c)
from   unnest('{police_staff,city,partner}'::text[]) as role, unnest('{id,organization_id,categories,quarter,disclosed,copy,answer,sent_at,acknowledged_at,answered_at,state,is_demo,revision,updated_at}'::text[]) as c;
select test.is(test.try_as('auditor', format('select %I from referral', c)), '42501', 'an auditor does not read ' || c)
from   unnest('{copy,answer}'::text[]) as c;
select test.is(test.try_as('auditor', format('select %I from referral', c)), 'fine', 'an auditor reads ' || c)
from   unnest('{id,complaint_id,organization_id,categories,quarter,disclosed,by_subject,sent_at,acknowledged_at,answered_at,state,is_demo,revision,updated_at}'::text[]) as c;
select test.is(test.try_as(role, f), 'fine', role || ' asks ' || f)
from   unnest('{police_staff,city,partner}'::text[]) as role, unnest('{select horizon()}'::text[]) as f;

-- Answering and moving
create function test.move(who text, id int, to_state text, reason text default null, organization int default 901) returns text
language sql as $$
  select test.try_as(who, format('insert into referral_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, %L, %L)', test.id(id), to_state, reason), test.id(organization)::text)
$$;
select test.is(test.move('police_staff:paco:police', 12, 'answered'), 'CW001 acknowledged', 'a recipient is told what is open to them');
select test.is(test.move('police_staff:paco:police', 12, 'acknowledged', null, 902), '42501', 'another''s referral is not moved');
select test.is(test.move('police_staff:paco:police', 12, 'acknowledged'), 'fine', 'a recipient acknowledges');
select test.is(test.move('police_staff:paco:police', 12, 'answered'), 'CW008 a referral is answered with an answer', 'without an answer nothing is answered');
select test.is(test.touched_as(who, 'update referral set revision = revision + 1, answer = ''answer'' where id = ''00000000-0000-4000-8000-000000000012''', test.id(organization)::text), n::bigint, who || ' of ' || organization || ' answers ' || n)
from   (values ('police_staff:paco:police', 902, 0), ('city:carmen:city', 902, 0), ('partner:paula:organization', 902, 0), ('police_staff:paco:police', 901, 1)) as x (who, organization, n);
select test.is(test.touched_as(who, 'update referral set answer = ''answer'' where id = ''00000000-0000-4000-8000-000000000013''', test.id(902)::text), 1::bigint, who || ' answers for its organization')
from   unnest('{city:carmen:city,partner:paula:organization}'::text[]) as who;
select test.is(test.touched_as(who, 'update referral set answer = ''answer''', test.id(902)::text), 1::bigint, who || ' answers what was referred to its organization alone, not even without looking')
from   unnest('{police_staff:paco:police,city:carmen:city,partner:paula:organization}'::text[]) as who;
select test.is(test.refer('case_handler:hugo:city', 1, 18, organization => 902), 'fine', 'more goes to the city');
select test.is(test.move('partner:paula:organization', 18, 'acknowledged', null, 902), 'fine', 'a partner acknowledges what was referred to it');
select test.is(test.move('partner:paula:organization', 11, 'acknowledged', null, 902), '42501', 'and nothing else');
select test.is(test.move('police_staff:paco:police', 12, 'answered'), 'fine', 'with one it is');
select test.ok(acknowledged_at is not null and answered_at >= acknowledged_at, 'when it was acknowledged and answered is kept') from referral where id = test.id(12);
select test.is(test.move('police_staff:paco:police', 12, 'acknowledged'), 'CW001 -', 'and then nothing more is open');
select test.is(test.move(who, 13, 'acknowledged', null, 902), state, who || ' acknowledges for its organization alone: ' || state)
from   (values ('city:carmen:city', 'fine'), ('partner:paula:organization', 'CW001 -')) as x (who, state);
select test.is(test.move(who, 11, 'withdrawn', 'by mistake', 909), '42501', who || ' takes nothing back')
from   unnest('{coordinator:carla:city,case_handler:nils:city,coordinator:cora:police,case_handler:hugo:police,case_handler:rita:city,coordinator:rosa:city,auditor:aldo:city}'::text[]) as who;
select test.is(test.move('case_handler:hugo:city', 11, 'acknowledged', null, 909), 'CW001 withdrawn', 'the group acknowledges nothing');
select test.is(test.move('case_handler:hugo:city', 11, 'withdrawn', null, 909), 'CW008 this transition needs a reason', 'taking it back needs a reason');
select test.is(test.move('case_handler:hugo:city', 11, 'withdrawn', 'by mistake', 909), 'fine', 'who handles it takes it back');
select test.is(test.move('coordinator:cora:city', 13, 'withdrawn', 'by mistake', 909), 'fine', 'a coordinator who handles it does, too');
select test.ok(copy is null and disclosed = '{}' and acknowledged_at is not null, 'which destroys the copy') from referral where id = test.id(13);
select test.is(test.count_as(who, 'select from referral_transition where record_id = ''00000000-0000-4000-8000-000000000012''', coalesce(test.id(organization)::text, '')), n::bigint, who || ' of ' || coalesce(organization::text, 'none') || ' reads ' || n || ' of two moves')
from   (values ('police_staff:paco:police', 901, 2), ('police_staff:paco:police', 902, 0), ('partner:paula:organization', 901, 2), ('city:carmen:city', 901, 2), ('case_handler:hugo:city', null::int, 2), ('coordinator:cora:city', null, 2),
               ('auditor:aldo:city', null, 2), ('coordinator:carla:city', null, 0), ('case_handler:nils:city', null, 0)) as x (who, organization, n);
select test.is(test.try_as(role, 'select by_subject from referral_transition'), '42501', role || ' does not learn who moved it')
from   unnest('{police_staff,city,partner,coordinator,case_handler,auditor}'::text[]) as role;
select test.is(test.try_as(role, format('select %I from referral_transition', c)), 'fine', role || ' reads ' || c)
from   unnest('{police_staff,city,partner,coordinator,case_handler,auditor}'::text[]) as role, unnest('{id,record_id,from_state,to_state,public_note_es,public_note_en,by_role,at}'::text[]) as c;
select test.is(string_agg(by_subject, ', ' order by at), 'paco, paco', 'but it is kept') from referral_transition where record_id = test.id(12);
select test.is(test.try_as(role, format('insert into referral_transition (%I) select null where false', c)), 'fine', role || ' writes ' || c)
from   unnest('{police_staff,city,partner,coordinator,case_handler}'::text[]) as role, unnest('{id,record_id,to_state,reason,public_note_es,public_note_en}'::text[]) as c;
select test.is(test.try_as(role, format('update referral set %I = default where false', c)), 'fine', role || ' changes ' || c)
from   unnest('{police_staff,city,partner}'::text[]) as role, unnest('{revision,answer}'::text[]) as c;
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{police_staff,city,partner,coordinator,case_handler,auditor}'::text[]) as role,
       unnest('{"update referral set copy = null","update referral set state = ''answered''","delete from referral","update referral_transition set reason = null","delete from referral_transition"}'::text[]) as s;
select test.is(test.try_as(role, 'update referral set answer = null'), '42501', role || ' answers nothing')
from   unnest('{coordinator,case_handler,auditor,public}'::text[]) as role;

-- Consent
select test.is(test.refer('case_handler:hugo:city', 1, 16, '{narrative,place}', 'copy'), 'fine', 'another copy goes');
update consent set withdrawn_at = '2000-01-01' where id = :'consent';
select test.ok(withdrawn_at > now(), 'a consent is withdrawn now, whatever the statement says') from consent where id = :'consent';
select test.is(string_agg((copy is null)::text || ' ' || array_to_string(disclosed, ','), ', '), 'true , true ', 'that destroys every copy') from referral where id in (test.id(12), test.id(16));
select test.ok(answer is not null, 'the answer stays') from referral where id = test.id(12);
select test.is(test.refer('case_handler:hugo:city', 1, 17, '{narrative}', 'copy'), 'CW008 without the complainant''s consent only categories and quarter are disclosed', 'and no copy goes any more');
update consent set withdrawn_at = null where id = :'consent';
select test.ok(withdrawn_at is not null, 'what was withdrawn stays so') from consent where id = :'consent';
select test.ok(test.consent(1) <> :'consent', 'but it can be given again');
select test.is(test.refer('case_handler:hugo:city', 1, 17, '{narrative}', 'copy'), 'fine', 'and then a copy goes');
select test.ok(copy is null, 'a new consent brings no old copy back') from referral where id = test.id(16);

-- Indexes, where what is asked for is rare enough that the planner wants them
insert into referral (id, complaint_id, organization_id) select gen_random_uuid(), test.id(3), test.id(902) from generate_series(1, 1000) as n;
analyze referral;
select set_config('cpwg.organization', test.id(901)::text, true) as ignored \gset
select test.ok(test.index_condition_as('police_staff', 'select * from referral_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51') like '%organization_id =%updated_at >=%', 'an index serves what was referred to one organization');
select test.ok(test.index_condition_as('auditor', 'select id from referral where complaint_id = ''00000000-0000-4000-8000-000000000001'' order by sent_at, id limit 51') like '%complaint_id =%', 'an index serves the referrals of a complaint');
