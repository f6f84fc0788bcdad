-- work: what was done with demo records: how each came to its state, notes, links, recusals, consents, referrals and their answers, looks at
-- publications, counterparts, a push, systems that call. What has any of it keeps what it has. Nobody's token is known for the systems
select :'seal' <> '' as has_texts \gset
\if :has_texts
\set sealed `perl -MJSON::PP -0777 -ne '$_ = decode_json($_); print map { "$$_[0]\t" . JSON::PP->new->ascii->allow_nonref->encode($$_[1]) . "\n" } [reason => $$_{reason}], [copy => $$_{copy}], [answer => $$_{answer}], [text => $$_{note}{text}], [text => $$_{reply}{text}]' seed/demo/work.json | (test -z "$CPWG_SEAL" && cat >/dev/null || sh -c "$CPWG_SEAL")`

create temporary table demo_sealed on commit drop as
select lines[1]::bytea as reason, lines[2]::bytea as copy, lines[3]::bytea as answer, lines[4]::bytea as note, lines[5]::bytea as reply
from   string_to_array(trim(trailing E'\n' from :'sealed'), E'\n') as lines;

select set_config('cpwg.role', 'coordinator', true), set_config('cpwg.subject', 'demo-coordinator', true), set_config('cpwg.affiliation', 'city', true) \g /dev/null

-- The shortest way to each state
create temporary table demo_way on commit drop as
with recursive way (record, path) as (
  select record, array[state] from cpwg.lifecycle_state where is_initial
  union all
  select w.record, w.path || t.to_state
  from   way w join cpwg.lifecycle_transition t on t.record = w.record and t.from_state = w.path[cardinality(w.path)]
  where  t.to_state <> all (w.path)
  and    cardinality(w.path) < 6
)
select distinct on (record, path[cardinality(path)]) record, path[cardinality(path)] as state, path
from   way
order  by record, path[cardinality(path)], cardinality(path), path;

-- A step of it a row, spread over the time until the state was entered
create function pg_temp.demo_moves(kind text, id uuid, state text, since timestamptz, until timestamptz)
returns table (move_id uuid, from_state text, to_state text, needs_reason boolean, by_role text, at timestamptz)
language sql stable as $$
  select md5('demo move ' || demo_moves.id || n)::uuid, t.from_state, t.to_state, t.reason_required,
         case when 'case_handler' = any (t.roles) then 'case_handler' else t.roles[1] end,
         since + (until - since) * n / (cardinality(path) - 1)
  from   demo_way w, generate_series(1, cardinality(path) - 1) as n,
         lateral (select * from cpwg.lifecycle_transition l where l.record = w.record and l.from_state = path[n] and l.to_state = path[n + 1]) as t
  where  w.record = demo_moves.kind and w.state = demo_moves.state
$$;

-- They have happened: no trigger makes them again
alter table cpwg.complaint_transition disable trigger make_transition;
alter table cpwg.publication_transition disable trigger make_transition;
alter table cpwg.publication_transition disable trigger may_publish;
alter table cpwg.organization_transition disable trigger make_transition;
alter table cpwg.person_transition disable trigger make_transition;
alter table cpwg.person_transition disable trigger by_code;
alter table cpwg.member_transition disable trigger make_transition;
alter table cpwg.consent disable trigger begin;

insert into cpwg.complaint_transition (id, record_id, from_state, to_state, reason, by_subject, by_role, at)
select move_id, c.id, from_state, to_state, case when needs_reason then s.reason end, case when by_role <> 'case' then 'demo-' || by_role end, by_role, at
from   cpwg.complaint c, demo_sealed s, pg_temp.demo_moves('complaint', c.id, c.state, c.received_at, c.state_since)
where  c.is_demo
and    not exists (select from cpwg.complaint_transition t where t.record_id = c.id);

insert into cpwg.publication_transition (id, record_id, from_state, to_state, reason, by_subject, by_role, at)
select move_id, p.id, from_state, to_state, case when needs_reason then s.reason end, 'demo-' || by_role, by_role, at
from   cpwg.complaint_publication p join cpwg.complaint c using (id), demo_sealed s,
       pg_temp.demo_moves('complaint_publication', p.id, p.state, c.state_since, c.state_since + interval '9 days')
where  p.is_demo
and    not exists (select from cpwg.publication_transition t where t.record_id = p.id);

insert into cpwg.publication_check (id, complaint_id, summary, findings)
select md5('demo look ' || p.id)::uuid, p.id, cpwg.summary_digest(p.id), '[]'
from   cpwg.complaint_publication p
where  p.is_demo and p.state <> 'drafted'
and    not exists (select from cpwg.publication_check k where k.complaint_id = p.id);

insert into cpwg.organization_transition (id, record_id, from_state, to_state, reason, by_subject, by_role, at)
select move_id, o.id, from_state, to_state, 'Demo', 'demo-coordinator', 'coordinator', at
from   cpwg.organization o, pg_temp.demo_moves('organization', o.id, o.state, o.created_at, o.updated_at)
where  o.is_demo
and    not exists (select from cpwg.organization_transition t where t.record_id = o.id);

insert into cpwg.person_transition (id, record_id, from_state, to_state, reason, by_subject, by_role, at)
select move_id, p.id, from_state, to_state, null, p.subject, p.role, at
from   cpwg.person p, pg_temp.demo_moves('person', p.id, p.state, p.created_at, p.updated_at)
where  p.is_demo
and    not exists (select from cpwg.person_transition t where t.record_id = p.id);

insert into cpwg.member_transition (id, record_id, from_state, to_state, reason, by_subject, by_role, at)
select move_id, m.id, from_state, to_state, null, 'demo-coordinator', 'coordinator', at
from   cpwg.member m, pg_temp.demo_moves('member', m.id, m.state, m.created_at, m.updated_at)
where  m.is_demo
and    not exists (select from cpwg.member_transition t where t.record_id = m.id);

-- Complaints that somebody handles, numbered anew
create temporary table demo_handled on commit drop as
select c.id, row_number() over (order by c.received_at desc, c.id) as n
from   cpwg.complaint c
where  c.is_demo
and    exists (select from cpwg.assignment a where a.complaint_id = c.id and a.ended_at is null and a.subject in ('demo-coordinator', 'demo-case_handler'))
and    not exists (select from cpwg.complaint_note k where k.complaint_id = c.id);

insert into cpwg.assignment (id, complaint_id, subject)
select md5('demo second assignment ' || h.id)::uuid, h.id, 'demo-coordinator'
from   demo_handled h join cpwg.complaint_publication p using (id)
where  n % 5 = 0
and    not exists (select from cpwg.assignment a where a.complaint_id = h.id and a.subject = 'demo-coordinator');

insert into cpwg.complaint_note (id, complaint_id, text)
select md5('demo note ' || id)::uuid, id, s.note from demo_handled, demo_sealed s;

insert into cpwg.complaint_link (id, complaint_id, kind, target)
select md5('demo link ' || id)::uuid, id, 'external', '311-' || (4000 + n) from demo_handled where n % 4 = 1;

insert into cpwg.recusal (id, complaint_id, subject, reason)
select md5('demo recusal ' || id)::uuid, id, 'demo-person-ruth', s.reason from demo_handled, demo_sealed s where n % 8 = 1;

insert into cpwg.resolution_answer (id, complaint_id, satisfied, text)
select md5('demo reply ' || h.id)::uuid, h.id, n % 2 = 0, s.reply
from   demo_handled h, demo_sealed s
where  exists (select from cpwg.resolution r where r.complaint_id = h.id);

insert into cpwg.consent (id, complaint_id, purpose, given_by, given_at)
select md5('demo consent ' || h.id)::uuid, h.id, 'referral', 'complainant', c.received_at
from   demo_handled h join cpwg.complaint c using (id)
where  n % 2 = 0;

-- To the organizations whose tokens deploy/local prints: the first active one of each kind
insert into cpwg.referral (id, complaint_id, organization_id, disclosed, copy)
select md5('demo referral ' || h.id || o.kind)::uuid, h.id, o.id, case when h.n % 2 = 0 then '{narrative}'::text[] else '{}' end,
       case when h.n % 2 = 0 then s.copy end
from   demo_handled h, demo_sealed s,
       (values ('police_department', 0), ('city_department', 1), ('community_organization', 2)) as x (kind, rest),
       lateral (select id, x.kind from cpwg.organization
                where  is_demo and organization.kind = x.kind and state = 'active'
                and    id = (select (p ->> 'id')::uuid
                             from   jsonb_array_elements(:'organizations') with ordinality as e (p, place)
                             where  p ->> 'kind' = x.kind and p ->> 'state' = 'active'
                             order  by place limit 1)) as o
where  h.n <= 24
and    h.n % 3 = x.rest;

select set_config('cpwg.role', 'police_staff', true), set_config('cpwg.subject', 'demo-police_staff', true), set_config('cpwg.affiliation', 'police', true) \g /dev/null
update cpwg.referral r
set    answer = s.answer
from   demo_handled h, demo_sealed s
where  r.complaint_id = h.id and h.n <= 12;
insert into cpwg.referral_transition (id, record_id, to_state)
select md5('demo receipt ' || r.id)::uuid, r.id, 'acknowledged' from cpwg.referral r join demo_handled h on h.id = r.complaint_id where h.n <= 18;
insert into cpwg.referral_transition (id, record_id, to_state)
select md5('demo answer ' || r.id)::uuid, r.id, 'answered' from cpwg.referral r join demo_handled h on h.id = r.complaint_id where h.n <= 12;

-- What a complaint and a police record of one day have in common
select set_config('cpwg.role', 'coordinator', true), set_config('cpwg.subject', 'demo-coordinator', true), set_config('cpwg.affiliation', 'city', true) \g /dev/null
insert into cpwg.counterpart (id, complaint_id, police_record_id)
select md5('demo counterpart ' || h.id)::uuid, h.id, p.id
from   demo_handled h
       join (select id, row_number() over (order by received_on desc, id) as n from cpwg.police_record
             where  is_demo and withdrawn_as is null and not exists (select from cpwg.counterpart k where k.police_record_id = police_record.id)) as p using (n)
where  h.n % 4 = 3
on conflict do nothing;

alter table cpwg.complaint_transition enable trigger make_transition;
alter table cpwg.publication_transition enable trigger make_transition;
alter table cpwg.publication_transition enable trigger may_publish;
alter table cpwg.organization_transition enable trigger make_transition;
alter table cpwg.person_transition enable trigger make_transition;
alter table cpwg.person_transition enable trigger by_code;
alter table cpwg.member_transition enable trigger make_transition;
alter table cpwg.consent enable trigger begin;
\endif

select set_config('cpwg.role', 'coordinator', true), set_config('cpwg.subject', 'demo-coordinator', true), set_config('cpwg.affiliation', 'city', true) \g /dev/null

insert into cpwg.police_batch (id, source_code, received, created, updated, unchanged, refused, results)
select md5('demo batch')::uuid, 'demo-police', count(*), count(*), 0, 0, 0,
       jsonb_agg(jsonb_build_object('index', n - 1, 'external_id', external_id, 'result', 'created', 'id', id, 'errors', jsonb_build_array()) order by n)
from   (select id, external_id, row_number() over (order by external_id) as n from cpwg.police_record where is_demo and source_code = 'demo-police') as r
on conflict do nothing;

-- One system that pushes, and one that does no more; the secret of neither is known
insert into cpwg.api_client (id, name, role, source_code, scopes)
select md5('demo client ' || n)::uuid, name, 'police_source', 'demo-police', '{police_records:push}'
from   (values (1, 'Internal affairs system (demo)'), (2, 'Internal affairs system, before 2026 (demo)')) as x (n, name)
on conflict do nothing;

insert into cpwg.api_client_secret (id, client_id, hash)
select md5('demo secret ' || n)::uuid, md5('demo client ' || n)::uuid, md5(random()::text) || md5(random()::text)
from   generate_series(1, 2) as n
where  not exists (select from cpwg.api_client_secret where id = md5('demo secret ' || n)::uuid);

insert into cpwg.api_client_transition (id, record_id, to_state, reason)
select md5('demo revocation')::uuid, md5('demo client 2')::uuid, 'revoked', 'Replaced'
where  not exists (select from cpwg.api_client_transition where id = md5('demo revocation')::uuid);

select set_config('cpwg.role', '', true), set_config('cpwg.subject', '', true), set_config('cpwg.affiliation', '', true) \g /dev/null
