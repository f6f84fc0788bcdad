-- complaints: 400 invented ones over the two years before they are loaded, in both languages, in every state and with every finding, all
-- marked. Their texts are sealed by the command in CPWG_SEAL (`cpwg seal --config FILE`); without one none is loaded, since nobody
-- could open them. Refuses to load beside real ones.
\set scenarios `cat seed/demo/complaints.json`
\set texts `perl -MJSON::PP -0777 -ne 'my @t; push @t, map { [narrative => $$_{es}], [narrative => $$_{en}], [place => $$_{place}], [text => $$_{es}], [text => $$_{en}] } @{ decode_json($_) }; print map { "$$_[0]\t" . JSON::PP->new->ascii->allow_nonref->encode($$_[1]) . "\n" } @t' seed/demo/complaints.json | (test -z "$CPWG_SEAL" && cat >/dev/null || sh -c "$CPWG_SEAL")`
\set seal ''
\getenv seal CPWG_SEAL
select :'seal' <> '' as has_texts \gset
\if :has_texts
do $$
begin
  if exists (select from cpwg.complaint where not is_demo) and not exists (select from cpwg.complaint where is_demo) then
    raise exception 'demo data is not loaded: this database holds real complaints';
  end if;
end
$$;

-- Five texts a scenario, in the order of the command above
create temporary table demo_text on commit drop as
select (n - 1) / 5 as scenario, (array['narrative_es', 'narrative_en', 'place', 'text_es', 'text_en'])[1 + (n - 1) % 5] as what, sealed::bytea as sealed
from   string_to_table(trim(trailing E'\n' from :'texts'), E'\n') with ordinality as x (sealed, n);

create temporary table demo_scenario on commit drop as
select n::int - 1 as scenario, s
from   jsonb_array_elements(:'scenarios') with ordinality as x (s, n);

-- One row a complaint. Everything follows from its number, so that another load knows the same ones
create temporary table demo_complaint on commit drop as
select i, md5('demo complaint ' || i)::uuid as id, s.scenario, s.s,
       now() - interval '730 days' * (400 - i) / 400 - interval '7 hours' * (i % 3) as received_at,
       case when i % 5 < 2 then 'en' else 'es' end as language,
       case when i > 360 then (array['received', 'acknowledged', 'triage'])[1 + i % 3]
            when i > 300 then (array['triage', 'investigation', 'mediation', 'informal_resolution', 'supervisor_action', 'referred',
                                     'suspended', 'reopened', 'appealed', 'decided'])[1 + i % 10]
            else (array['closed', 'closed', 'closed', 'closed', 'closed', 'closed', 'withdrawn', 'decided', 'out_of_jurisdiction',
                        'duplicate', 'closed', 'closed'])[1 + i % 12] end as state,
       5 + (i * 37) % 170 as days
from   generate_series(1, 400) as i join demo_scenario s on s.scenario = i % 12;

create temporary table demo_new on commit drop as
select id as complaint_id from demo_complaint except select id from cpwg.complaint;

insert into cpwg.complaint (id, kind, channel, received_at, occurred_from, neighborhood_code, language, interpreter, retaliation, under_18,
                            publish, identity_to, notice_version, state, state_since, decided_at, closed_at, is_demo)
select   d.id, s ->> 'kind', (array['web', 'web', 'web', 'phone', 'in_person', 'letter', 'partner'])[1 + i % 7], received_at,
         received_at - interval '20 hours', n.codes[1 + (i * i) % array_length(n.codes, 1)], language, case when i % 23 = 0 then 'ne' end,
         s -> 'categories' ? 'retaliation', i % 29 = 0, case when i % 3 = 0 then 'summary' else 'statistics_only' end,
         (array['nobody', 'nobody', 'group', 'group_and_police'])[1 + i % 4], '2026-01', state,
         case when state = 'received' then received_at else least(now(), received_at + days * interval '1 day') end,
         case when state in ('closed', 'decided', 'appealed') then least(now(), received_at + days * interval '1 day') end,
         case when state in ('closed', 'withdrawn') then least(now(), received_at + (days + 6) * interval '1 day') end, true
from     demo_complaint d, (select array_agg(code order by code) from cpwg.neighborhood) as n (codes)
order by i
on conflict (id) do nothing;

insert into cpwg.complaint_private (complaint_id, narrative, place)
select id, t.sealed, p.sealed
from   demo_complaint d
       join demo_text t on t.scenario = d.scenario and t.what = 'narrative_' || d.language
       join demo_text p on p.scenario = d.scenario and p.what = 'place'
on conflict do nothing;

insert into cpwg.complainant (complaint_id, ordinal, race, sex, age_band, relation)
select id, n, (array['{black}', '{hispanic}', '{white}', '{black,hispanic}', '{asian}', '{other}', '{}'])[1 + (i + n) % 7]::text[],
       (array['female', 'male', 'female', 'male', 'nonbinary', 'unknown'])[1 + (i + n) % 6],
       (array['18_24', '25_34', '35_44', '45_54', '55_64', '65_over', 'under_18', 'unknown'])[1 + (i * n) % 8],
       (array['victim', 'victim', 'witness', 'parent'])[1 + (i * n) % 4]
from   demo_complaint d, generate_series(1, 1 + (i % 4 = 0)::int + (i % 20 = 0)::int) as n
on conflict do nothing;

insert into cpwg.allegation (id, complaint_id, ordinal, category, finding, finding_status, decided_by, reported_by, outcome, decided_on)
select md5('demo allegation ' || i || ' ' || n)::uuid, id, n, category, f.finding,
       case when f.finding is not null then case when i % 9 = 0 then 'pending' else 'final' end end,
       case when f.finding is not null then (array['police', 'police', 'civilian_body', 'arbitrator'])[1 + i % 4] end,
       case when f.finding is not null then 'police' end,
       case when f.finding = 'sustained' then (array['training_counseling', 'discipline', 'pending'])[1 + i % 3]
            when f.finding is not null then 'not_applicable' end,
       case when f.finding is not null then least(now(), received_at + days * interval '1 day')::date end
from   demo_complaint d, jsonb_array_elements_text(s -> 'categories') with ordinality as c (category, n),
       lateral (select case when state in ('closed', 'decided', 'appealed')
                       then (array['sustained', 'not_sustained', 'exonerated', 'unfounded', 'sustained', 'mediated', 'officer_unidentified',
                                   'not_sustained', 'complainant_unavailable', 'policy_gap', 'not_sustained_unspecified', 'withdrawn',
                                   'pending_litigation'])[1 + (i / 12 + n::int) % 13] end) as f (finding)
on conflict (id) do nothing;

-- What is counted of them was known on its day: received first, then as it stands
create temporary table demo_moved on commit drop as
select complaint_id, cpwg.city_time(greatest(c.state_since, c.decided_at, c.closed_at))::date as moved_on
from   demo_new join cpwg.complaint c on c.id = complaint_id;

insert into cpwg.complaint_fact (complaint_id, valid_from, valid_until, received_on, category, neighborhood_code, state, is_matched, is_demo)
select f.complaint_id, f.received_on, m.moved_on, f.received_on, f.category, f.neighborhood_code, 'received', false, true
from   cpwg.complaint_fact f join demo_moved m using (complaint_id)
where  f.received_on < m.moved_on;

update cpwg.complaint_fact f
set    valid_from = m.moved_on
from   demo_moved m
where  m.complaint_id = f.complaint_id and f.valid_until is null;

insert into cpwg.resolution (id, complaint_id, text_es, text_en, actions)
select md5('demo resolution ' || i)::uuid, id, s #>> '{resolution,es}', s #>> '{resolution,en}', '{}'
from   demo_complaint
where  state = 'closed'
on conflict (id) do nothing;

insert into cpwg.assignment (id, complaint_id, subject)
select md5('demo assignment ' || i)::uuid, id, (array['demo-case_handler', 'demo-coordinator', 'demo-case_handler-2'])[1 + i % 3]
from   demo_complaint
where  state not in ('received', 'withdrawn') and i > 200
on conflict (id) do nothing;

insert into cpwg.complaint_message (id, complaint_id, language, text)
select md5('demo message ' || i)::uuid, id, d.language, t.sealed
from   demo_complaint d join demo_text t on t.scenario = d.scenario and t.what = 'text_' || d.language
where  i % 10 = 0
on conflict (id) do nothing;

insert into cpwg.complaint_publication (id, summary_es, summary_en, state)
select id, s #>> '{summary,es}', s #>> '{summary,en}',
       case when state = 'closed' then (array['published', 'published', 'published', 'corrected'])[1 + i % 4]
            else (array['drafted', 'checked', 'approved'])[1 + i % 3] end
from   demo_complaint
where  i % 3 = 0 and state in ('closed', 'decided', 'investigation')
on conflict (id) do nothing;

select count(cpwg.refresh_published(id, true)) from cpwg.complaint_publication where id in (select id from demo_complaint);

select pg_temp.assert_count('complaint_private where complaint_id in (select id from cpwg.complaint where is_demo)', 400);
\endif
