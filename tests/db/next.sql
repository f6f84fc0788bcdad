-- next: what a record names as open to a caller is what they can move it to, and nothing else is
insert into organization (id, kind, name, state) select test.id(100 + position), 'school', 'In ' || state, state from lifecycle_state where record = 'organization';
insert into organization (id, kind, name) values (test.id(901), 'police_department', 'Recipient'), (test.id(902), 'other', 'Another');
select count(test.file_complaint(200 + position)) as ignored from lifecycle_state where record = 'complaint' \gset
update complaint c set state = s.state from lifecycle_state s where s.record = 'complaint' and c.id = test.id(200 + position);
insert into referral (id, complaint_id, organization_id, state) select test.id(300 + position), test.id(201), test.id(901), state from lifecycle_state where record = 'referral';
insert into person (id, name, email, language, role, affiliation, state, subject)
select test.id(400 + position), 'In ' || state, 'x@example.org', 'es', 'member', 'resident', state, case state when 'active' then 'somebody' end
from   lifecycle_state where record = 'person';
insert into member (id, person_id, display_name, seat_kind, term_from) select test.id(500 + position), test.id(400 + position), 'In ' || m.state, 'resident', '2026-01-01'
from   lifecycle_state m where m.record = 'member' and m.position <= (select min(position) + 1 from lifecycle_state where record = 'member');
update member m set state = s.state from lifecycle_state s where s.record = 'member' and m.id = test.id(500 + s.position);
insert into member (id, person_id, display_name, seat_kind, term_from, state) values (test.id(599), test.id(400 + (select min(position) from lifecycle_state where record = 'person')), 'Ended', 'resident', '2026-01-01', 'ended');
insert into api_client (id, name, role, organization_id, scopes, state) select test.id(600 + position), 'In ' || state, 'partner', test.id(902), '{organizations:read}', state
from   lifecycle_state where record = 'api_client';

-- Publications in every state, looked at in every way, with and without something of them in public
create temporary table told on commit drop as
select row_number() over ()::int + 1000 as n, s.state, look, past, publish
from   lifecycle_state s, unnest('{none,drafting,clean,found,waived,stale}'::text[]) as look, unnest('{none,published,retracted}'::text[]) as past, unnest('{summary,statistics_only}'::text[]) as publish
where  s.record = 'complaint_publication' and (past = 'none' or look = 'clean') and (publish = 'summary' or (look = 'clean' and past = 'none'));
insert into complaint (id, kind, language, notice_version, publish) select test.id(n), 'complaint', 'es', '2026-01', publish from told;
select set_config('cpwg.subject', 'hugo', true) as ignored, set_config('cpwg.affiliation', 'city', true) as ignored \gset
insert into complaint_publication (id, summary_es, summary_en) select test.id(n), 'es', 'en' from told;
alter table publication_transition disable trigger user;
insert into publication_transition (id, record_id, from_state, to_state, at)
select gen_random_uuid(), test.id(n), 'approved', past_state, '2026-01-01'::timestamptz + at * interval '1 day'
from   told, unnest('{published,retracted}'::text[]) with ordinality as x (past_state, at)
where  past <> 'none' and (past_state = 'published' or past = 'retracted');
alter table publication_transition enable trigger user;
select set_config('cpwg.role', 'case_handler', true) as ignored \gset
insert into publication_check (id, complaint_id, summary, findings, waived)
select gen_random_uuid(), test.id(n), summary_digest(test.id(n)), case when look in ('found', 'waived') then '[{"kind": "name"}]'::jsonb else '[]' end, case look when 'waived' then 'a saint'::bytea end
from   told where look <> 'none';
select set_config('cpwg.role', 'publisher', true) as ignored \gset
insert into publication_check (id, complaint_id, summary, findings, waived)
select gen_random_uuid(), test.id(n), summary_digest(test.id(n)), case when look in ('found', 'waived') then '[{"kind": "withheld"}]'::jsonb else '[]' end, case look when 'waived' then 'a saint'::bytea end
from   told where look not in ('none', 'drafting');
insert into resolution (id, complaint_id, text_es, text_en) select gen_random_uuid(), test.id(n), 'es', 'en' from told where look = 'stale';
update complaint_publication p set state = told.state from told where p.id = test.id(n);
update complaint_publication set drafters = '{hugo}' where id in (select test.id(n) from told);
insert into assignment (id, complaint_id, subject) select gen_random_uuid(), id, who from complaint, unnest('{hugo,cora,rosa}'::text[]) as who where not is_demo;
insert into recusal (id, complaint_id, subject, reason) select gen_random_uuid(), id, 'rosa', 'a relative' from complaint where not is_demo;

-- To which states a caller can move a record: every one is tried, and taken back.
create function test.taken(who text, transition text, record uuid, states text[]) returns text[]
language plpgsql as $$
declare
  to_state text;
  taken    text[] := '{}';
begin
  foreach to_state in array states loop
    begin
      perform test.become(who, test.id(901)::text);
      if who = 'case' then -- their reason is a message
        execute format('insert into %I (id, record_id, to_state, message_id) values (gen_random_uuid(), $1, $2, $1)', transition) using record, to_state;
      elsif transition = 'publication_transition' then -- who approves has read what would be published
        insert into publication_transition (id, record_id, to_state, reason, preview_version)
        values (gen_random_uuid(), record, to_state, 'a reason', (select version from publication_preview where complaint_id = record and to_state = 'approved'));
      else
        execute format('insert into %I (id, record_id, to_state, reason) values (gen_random_uuid(), $1, $2, ''a reason'')', transition) using record, to_state;
      end if;
      raise exception 'taken' using errcode = 'ZZ001';
    exception
      when sqlstate 'ZZ001' then taken := taken || to_state;
      when sqlstate 'CW001' or sqlstate 'CW005' or sqlstate 'CW008' or insufficient_privilege then null;
    end;
  end loop;
  return array(select unnest(taken) order by 1);
end
$$;

-- What the record names, sorted; nothing where they do not see it.
create function test.named(who text, view text, record uuid) returns text[]
language plpgsql as $$
declare
  named text[];
begin
  perform test.become(who, test.id(901)::text);
  execute format('select next from %I where %s', view, case view when 'case_record' then 'true' else format('id = %L', record) end) into named;
  perform set_config('role', 'none', true);
  return array(select unnest(named) order by 1);
exception
  when insufficient_privilege then return '{}';
end
$$;

create temporary table tried on commit drop as
select k.record, who, r.id, r.state, test.named(who, view, r.id) as named, test.taken(who, transition, r.id, states) as taken
from   (values ('organization', 'organization_record', 'organization_transition', '{coordinator:cora:city,member:mia:resident,partner:pia:organization,auditor:aldo:city}'::text[]),
               ('complaint', 'complaint_record', 'complaint_transition', '{coordinator:cora:city,coordinator:carla:city,coordinator:cora:police,coordinator:rosa:city,case_handler:hugo:city,case_handler:hugo:police,case_handler:nils:city,auditor:aldo:city}'),
               ('person', 'person_record', 'person_transition', '{coordinator:cora:city,coordinator:cora:police,auditor:aldo:city,member:mia:resident}'),
               ('member', 'member_record', 'member_transition', '{coordinator:cora:city,coordinator:cora:police,auditor:aldo:city,member:mia:resident}'),
               ('api_client', 'api_client_record', 'api_client_transition', '{coordinator:cora:city,coordinator:cora:police,auditor:aldo:city,partner:pia:organization}'),
               ('referral', 'referral_record', 'referral_transition',
                '{coordinator:cora:city,coordinator:carla:city,coordinator:cora:police,case_handler:hugo:city,case_handler:hugo:police,case_handler:nils:city,auditor:aldo:city,police_staff:paco:police,city:carmen:city,partner:pia:organization}'),
               ('complaint_publication', 'publication_record', 'publication_transition',
                '{coordinator:cora:city,coordinator:carla:city,coordinator:rosa:city,coordinator:cora:police,case_handler:hugo:city,case_handler:nils:city,publisher:paula:city,publisher:hugo:city,publisher:paula:police,auditor:aldo:city}')
       ) as k (record, view, transition, callers),
       unnest(callers) as who,
       (select 'organization' as record, id, state from organization union all select 'complaint', id, state from complaint union all
        select 'referral', id, state from referral union all
        select 'person', id, state from person union all select 'member', id, state from member union all select 'api_client', id, state from api_client union all
        select 'complaint_publication', id, state from complaint_publication) as r,
       (select record, array_agg(state) as states from lifecycle_state group by record) as s
where  r.record = k.record and s.record = k.record and r.id::text like '00000000-0000-4000-8000-%'
and    (k.record <> 'complaint' or r.id < test.id(1000));

insert into complaint_message (id, complaint_id, language, text) select id, id, 'es', 'why' from complaint where id between test.id(201) and test.id(299);
insert into tried
select 'case', 'case', c.id, c.state, test.named('case', 'case_record', c.id), test.taken('case', 'complaint_transition', c.id, states)
from   complaint c, (select array_agg(state) as states from lifecycle_state where record = 'complaint') as s
where  c.id between test.id(201) and test.id(299) and set_config('cpwg.case_key', lpad(ltrim(right(c.id::text, 12), '0'), 64, '0'), true) <> '';

select test.is(string_agg(distinct format('%s: names %s, takes %s', state, named, taken), E'\n') filter (where named <> taken), null, format('of a %s next is what %s can do: nothing that is refused, and all that is not', record, who))
from   tried
group by record, who;
select test.is(string_agg(distinct format('%s %s', record, who), ', '), null, 'whoever has nothing to do with it is named nothing')
from   tried where who = any ('{coordinator:carla:city,coordinator:rosa:city,coordinator:cora:police,case_handler:nils:city,auditor:aldo:city,publisher:paula:police}') and record in ('referral', 'complaint_publication') and named <> '{}';
select test.is(string_agg(distinct who, ', '), null, 'nobody of police affiliation moves a complaint') from tried where who like '%:police' and record = 'complaint' and named || taken <> '{}';
select test.is(array(select distinct unnest(named) from tried where record = s.record or (record = 'case' and s.record = 'complaint') order by 1), array_agg(distinct to_state order by to_state),
               'and every move of a ' || s.record || ' but an answer is named to somebody')
from   lifecycle_transition s where to_state <> 'answered' and (record, to_state) <> ('person', 'active') group by s.record;
