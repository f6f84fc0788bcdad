-- complaint: who of the group sees and changes the record, how it moves, its clocks and its revision. What is filed and what a case
-- key opens is tested apart
select count(test.file_complaint(n)) as ignored from generate_series(1, 3) as n \gset
select test.assign(1, 'hugo') as ignored, test.assign(2, 'hana') as ignored, test.assign(1, 'rita', true) as ignored \gset
insert into recusal (id, complaint_id, subject, reason) select gen_random_uuid(), test.id(1), subject, 'a relative' from unnest('{rosa,rolf}'::text[]) as subject;

create function test.ours() returns text language sql as
$$ select 'where id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'', ''00000000-0000-4000-8000-000000000003'')' $$;

-- Reading
select test.is(test.count_as(who, 'select * from complaint_record ' || test.ours()), n::bigint, who || ' reads ' || n || ' of three records')
from   (values ('coordinator:carla:city', 3), ('auditor:aldo:resident', 3), ('coordinator:petra:police', 3), ('case_handler:hugo:city', 1), ('case_handler:hana:city', 1),
               ('case_handler:nils:city', 0), ('case_handler:hugo:police', 1), ('case_handler:rita:city', 0), ('coordinator:rosa:city', 2), ('auditor:rolf:resident', 2)) as x (who, n);
select test.is(test.count_as('case_handler:hugo:city', 'select * from complaint where id = ''00000000-0000-4000-8000-000000000002'''), 0::bigint, 'a case handler does not read another''s complaint');
select test.is(test.try_as(role, 'select * from complaint_record'), '42501', role || ' reads no complaint')
from   unnest('{public,resident,member,facilitator,liaison,publisher,police_source,police_staff,city,partner,council}'::text[]) as role;

update assignment set ended_at = now() where subject = 'hana';
select test.is(test.count_as('case_handler:hana:city', 'select * from complaint_record'), 0::bigint, 'an assignment that has ended opens nothing');

-- Changing
select test.is(test.touched_as(who, 'update complaint set revision = revision + 1, kind = ''issue'' ' || test.ours()), n::bigint, who || ' changes ' || n || ' of three')
from   (values ('coordinator:carla:city', 3), ('case_handler:hugo:city', 1), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0), ('coordinator:rosa:city', 2)) as x (who, n);
select test.is(test.try_as(who, 'update complaint set revision = revision ' || test.ours()), '42501', who || ' changes none: affiliation comes before role')
from   unnest('{coordinator:petra:police,case_handler:hugo:police,coordinator:carla:,case_handler:hugo:}'::text[]) as who;
select test.is(test.touched_as('case_handler:hugo:city', 'update complaint set under_18 = true'), 1::bigint, 'a case handler changes their own alone, not even without looking');
select test.is(test.try_as(role, format('update complaint set %I = default where false', c)), 'fine', role || ' changes ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       unnest('{revision,kind,occurred_from,occurred_to,neighborhood_code,interpreter,under_18,pending_criminal_case,retaliation}'::text[]) as c;
select test.is(test.try_as(role, format('update complaint set %I = default', c)), '42501', role || ' does not change ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role,
       unnest('{id,public_reference,channel,received_at,language,through_representative,publish,identity_to,notice_version,state,state_since,due_at,decided_at,closed_at,filed_in,is_demo,created_at,updated_at}'::text[]) as c;
select test.is(test.try_as('auditor:aldo:resident', s), '42501', 'an auditor changes nothing: ' || s)
from   unnest('{"update complaint set kind = ''issue''","delete from complaint","insert into complaint_transition (id, record_id, to_state) values (gen_random_uuid(), gen_random_uuid(), ''triage'')"}'::text[]) as s;
select test.is(test.try_as(role, 'delete from complaint'), '42501', role || ' deletes no complaint')
from   unnest('{coordinator,case_handler}'::text[]) as role;
select test.is(test.count_as(who, 'select * from complaint_record where id = ''00000000-0000-4000-8000-000000000001'' for update'), 1::bigint, who || ' locks a record')
from   unnest('{coordinator:carla:city,case_handler:hugo:city}'::text[]) as who;
select test.is(test.try_as('coordinator:carla:city', $$update complaint set occurred_from = '2026-03-02', occurred_to = '2026-03-01'$$), 'CW008 occurred.to is before occurred.from', 'it has not ended before it began');
select test.is(test.try_as('coordinator:carla:city', format('update complaint set %s = %L', c, at)), 'CW008 it happened and came in since 1900, and not in the future', c || ' is no time that JSON lacks, nor one to come: ' || at)
from   (values ('occurred_from', '0001-01-01 00:00:00+00 BC'), ('occurred_from', '1899-12-30'), ('occurred_to', '10000-01-01'), ('occurred_to', (now() + interval '2 days')::text)) as x (c, at);
select test.is(test.try_as('coordinator:carla:city', 'insert into complaint (id, kind, language, notice_version, received_at) values (gen_random_uuid(), ''issue'', ''es'', ''2026-01'', ''9999-12-31'')'), 'CW008 it happened and came in since 1900, and not in the future', 'nothing came in in the future');
select test.is(test.try_as('coordinator:carla:city', $$update complaint set neighborhood_code = 'nowhere'$$), '23503', 'a neighborhood must exist');
select test.is(test.try_as(role, format('insert into complaint (%I) select %I from complaint where false', c, c)), 'fine', role || ' files what came in elsewhere: ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{channel,received_at}'::text[]) as c;

-- Moving
create function test.move(who text, n int, to_state text, reason text default null) returns text
language sql as $$
  select test.try_as(who, format('insert into complaint_transition (id, record_id, to_state, reason) values (gen_random_uuid(), %L, %L, %L)', test.id(n), to_state, reason))
$$;
select test.is(test.move('case_handler:nils:city', 1, 'acknowledged'), '42501', 'who is not assigned does not move it');
select test.is(test.move('case_handler:rita:city', 1, 'acknowledged'), '42501', 'a recused handler does not move it');
select test.is(test.move('coordinator:rosa:city', 1, 'acknowledged'), '42501', 'a recused coordinator does not move it');
select test.is(test.move(who, 1, to_state, 'a reason'), wanted, who || ' does not move it to ' || to_state)
from   unnest('{coordinator:petra:police,case_handler:hugo:police,coordinator:carla:,case_handler:hugo:}'::text[]) as who,
       (values ('acknowledged', '42501'), ('triage', 'CW001 -')) as x (to_state, wanted);
select test.is(test.count_as(who, format('select from complaint_record where id = %L and next = ''{}''', test.id(1))), 1::bigint, who || ' reads that nothing is open to them')
from   unnest('{coordinator:petra:police,case_handler:hugo:police,coordinator:carla:}'::text[]) as who;
select test.is(test.move('case_handler:hugo:city', 1, 'withdrawn'), 'CW001 acknowledged', 'a case handler is told what is open to them');
select test.is(test.move('coordinator:carla:city', 1, 'triage'), 'CW001 acknowledged, withdrawn', 'a coordinator is told what is open to them');
select test.is(test.move('case_handler:hugo:city', 1, 'acknowledged'), 'fine', 'a case handler acknowledges');
select test.is(test.move('coordinator:carla:city', 2, 'acknowledged'), 'fine', 'a coordinator who is not assigned does, too');
select test.is(test.move('case_handler:hugo:city', 1, 'triage'), 'fine', 'a case handler classifies');
select test.is(test.move('case_handler:hugo:city', 1, 'duplicate'), 'CW008 this transition needs a reason', 'a reason must be given where one is required');
select test.is(string_agg(from_state || ' ' || to_state || ' ' || by_subject || ' ' || by_role, ', ' order by at), 'received acknowledged hugo case_handler, acknowledged triage hugo case_handler', 'who moved it is kept')
from   complaint_transition where record_id = test.id(1);
select test.is(test.count_as(who, 'select id from complaint_transition where record_id in (''00000000-0000-4000-8000-000000000001'', ''00000000-0000-4000-8000-000000000002'')'), n::bigint, who || ' reads ' || n || ' of three moves')
from   (values ('coordinator:carla:city', 3), ('auditor:aldo:resident', 3), ('case_handler:hugo:city', 2), ('case_handler:nils:city', 0), ('case_handler:rita:city', 0),
               ('coordinator:rosa:city', 1), ('auditor:rolf:resident', 1)) as x (who, n);
select test.is(test.try_as(role, s), '42501', role || ' cannot: ' || s)
from   unnest('{coordinator,case_handler,auditor}'::text[]) as role, unnest('{"update complaint_transition set reason = null","delete from complaint_transition"}'::text[]) as s;
select test.is(test.try_as(role, format('insert into complaint_transition (id, record_id, to_state, %I) values (gen_random_uuid(), gen_random_uuid(), ''triage'', default)', c)), '42501', role || ' does not write ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{from_state,by_subject,by_role,at}'::text[]) as c;
select test.is(test.try_as(role, format('insert into complaint_transition (%I) select null where false', c)), 'fine', role || ' writes ' || c)
from   unnest('{coordinator,case_handler}'::text[]) as role, unnest('{id,record_id,to_state,reason,public_note_es,public_note_en}'::text[]) as c;

select test.become('case_handler:hugo:city') as ignored \gset
select test.is(next, (select array_agg(to_state order by position) from lifecycle_transition where record = 'complaint' and from_state = 'triage' and 'case_handler' = any (roles)),
               'next lists what is open to this caller') from complaint_record where id = test.id(1);
reset role;
select test.become('auditor:aldo:resident') as ignored \gset
select test.is(next, '{}', 'next is empty for an auditor') from complaint_record where id = test.id(1);
reset role;

-- Clocks
select test.is(due_at, received_at + interval '72 hours', 'a complaint is acknowledged in three days') from complaint where id = test.id(3);
select test.is(state_since, received_at, 'it stands where it is since it came in') from complaint where id = test.id(3);
update complaint set retaliation = true where id = test.id(3);
select test.is(due_at, received_at + interval '24 hours', 'where retaliation is feared, in a day') from complaint where id = test.id(3);
update complaint set retaliation = false where id = test.id(3);
select test.is(due_at, received_at + interval '72 hours', 'and no longer where it is not') from complaint where id = test.id(3);
update complaint set retaliation = true where id = test.id(2);
select test.ok(due_at = state_since + interval '72 hours' and state_since > received_at, 'what is acknowledged has the clock of its state, from when it came there') from complaint where id = test.id(2);
select test.is(due_at, state_since + interval '720 hours', 'what is in triage has thirty days') from complaint where id = test.id(1);
select test.ok(decided_at is null and closed_at is null, 'nothing is decided or closed before it is') from complaint where id = test.id(1);
select test.is(test.move('coordinator:carla:city', 1, to_state, reason), 'fine', 'on to ' || to_state)
from   (values ('mediation', null), ('decided', null), ('closed', null)) as x (to_state, reason);
select test.ok(decided_at is not null and closed_at = state_since and decided_at <= closed_at, 'when it was decided and closed is kept') from complaint where id = test.id(1);
select test.is(due_at, null, 'no clock runs for what is closed') from complaint where id = test.id(1);
select test.is(test.move('coordinator:carla:city', 1, 'reopened', 'new evidence'), 'fine', 'a coordinator reopens');
select test.ok(decided_at is not null and closed_at is null, 'what is reopened is not closed') from complaint where id = test.id(1);
select test.is(test.move('coordinator:carla:city', 1, 'withdrawn', null), 'fine', 'a coordinator writes down a withdrawal');
select test.is(closed_at, state_since, 'what is withdrawn is closed') from complaint where id = test.id(1);

-- Revision: the record is another one when what it shows is
create function test.raises(change text) returns bigint
language plpgsql as $$
declare
  before constant bigint := (select revision from complaint where id = test.id(3));
begin
  execute change;
  return (select revision - before from complaint where id = test.id(3));
end
$$;
select test.is(test.raises(format(change, test.id(3))), n::bigint, 'the revision rises by ' || n || ': ' || change)
from   (values ('insert into allegation (complaint_id, category) values (%L, ''drugs'')', 1), ('update allegation set category = ''other'' where complaint_id = %L', 2),
               ('delete from allegation where complaint_id = %L', 2), ('insert into assignment (id, complaint_id, subject) values (gen_random_uuid(), %L, ''new'')', 1),
               ('update assignment set ended_at = now() where complaint_id = %L', 1), ('insert into resolution (id, complaint_id, text_es, text_en) values (gen_random_uuid(), %L, ''es'', ''en'')', 1),
               ('insert into complaint_note (id, complaint_id, text) values (gen_random_uuid(), %L, '''')', 0)) as x (change, n);
select test.is(categories, '{}', 'the record says what is alleged') from complaint_record where id = test.id(3);
select test.assign(2, 'hana') as ignored \gset
select test.is(categories || assignees, '{force,hana}', 'the record says what is alleged and who handles it') from complaint_record where id = test.id(2);

-- What would tell somebody who was there which complaint it is, is kept from the police: they get what is published of any
select set_config('cpwg.subject', '', true) as ignored, set_config('cpwg.role', '', true) as ignored \gset
select test.file_complaint(7) as ignored, test.assign(7, 'hugo') as ignored \gset
update complaint set occurred_from = '2026-03-01', occurred_to = '2026-03-02', interpreter = 'ase', through_representative = true, under_18 = true, pending_criminal_case = true, retaliation = true where id = test.id(7);
create function test.tells(who text, member text) returns boolean
language plpgsql as $$
declare
  told boolean;
begin
  perform test.become(who);
  execute format('select %I is not null from complaint_record where id = %L', member, test.id(7)) into strict told;
  perform set_config('role', 'none', true);
  return told;
end
$$;
select test.is(test.tells(role || affiliation, member), affiliation not in (':police', ':'), role || affiliation || ' is told ' || member || ', as they should')
from   unnest('{coordinator:carla,auditor:aldo,case_handler:hugo}'::text[]) as role, unnest('{:city,:resident,:organization,:council,:police,:}'::text[]) as affiliation,
       unnest('{occurred.from,occurred.to,neighborhood,language,interpreter,through_representative,under_18,pending_criminal_case,retaliation,due_at}'::text[]) as member;
select test.is(test.tells(role || ':police', member), true, role || ' of the police is told ' || member)
from   unnest('{coordinator:carla,auditor:aldo,case_handler:hugo}'::text[]) as role, unnest('{id,public_reference,kind,channel,received_at,publish,identity_to,categories,assignees,state,state_since,demo,updated_at}'::text[]) as member;

-- Indexes, where what is asked for is rare enough that the planner wants them
insert into complaint (id, kind, language, notice_version, neighborhood_code) select gen_random_uuid(), 'complaint', 'en', '2026-01', 'west-end' from generate_series(1, 3000) as n;
analyze complaint;
select test.ok(test.index_condition_as('coordinator', q) like '%' || c || '%', 'an index serves ' || q)
from   (values ('select * from complaint_record where kind = ''commendation'' order by updated_at, id limit 51', 'kind ='),
               ('select * from complaint_record where state = ''appealed'' order by updated_at, id limit 51', 'state ='),
               ('select * from complaint_record where _neighborhood = ''downtown'' and is_not_police() order by updated_at, id limit 51', 'neighborhood_code ='),
               ('select * from complaint_record where channel = ''letter'' order by updated_at, id limit 51', 'channel ='),
               ('select * from complaint_record where id = any ((select assigned_to())::uuid[]) order by updated_at, id limit 51', 'id = ANY'),
               ('select * from complaint_record where received_at >= ''2090-01-01'' order by updated_at, id limit 51', 'received_at >='),
               ('select * from complaint_record where updated_at >= ''2026-01-01'' order by updated_at, id limit 51', 'updated_at >='),
               ('select * from complaint_record where (updated_at, id) > (''2026-01-01'', ''00000000-0000-4000-8000-000000000001'') order by updated_at, id limit 51', 'ROW(')) as x (q, c);

-- What is overdue, which is little of all, is there in the order of its pages
set local session_replication_role = replica;
update complaint set due_at = null where neighborhood_code = 'west-end';
set local session_replication_role = origin;
analyze complaint;
select test.ok(plan like '%using complaint_due %' and plan not like '%Sort Key: c.updated_at%', 'an index serves what is overdue, sorted')
from   test.plan_as('coordinator', 'select * from complaint_record where _due_at < now() and is_not_police() order by updated_at, id limit 51') as plan;
select test.is(test.try_as(role, f), 'fine', role || ' asks ' || f)
from   unnest('{coordinator,case_handler,auditor}'::text[]) as role, unnest('{select assigned_to(),select recused_from(),select horizon()}'::text[]) as f;
