-- complaints: so many complaints (:rows) over five years with an allegation each and what is counted of them, as the superuser, past triggers and
-- row security.
begin;
set local search_path = cpwg;
set local session_replication_role = replica;

insert into complaint (id, public_reference, kind, channel, received_at, neighborhood_code, language, publish, identity_to, notice_version,
                       state, state_since, due_at, decided_at, closed_at, filed_in, revision, created_at, updated_at)
select   md5('complaint ' || i)::uuid, 'B-' || i, 'complaint', (array['web', 'web', 'web', 'phone', 'in_person', 'letter'])[1 + x % 6], at,
         case when x % 9 > 0 then neighborhoods.codes[1 + x % array_length(neighborhoods.codes, 1)] end,
         (array['es', 'en'])[1 + x % 2], 'statistics_only', 'nobody', '2026-01',
         case when open then (array['received', 'acknowledged', 'triage'])[1 + x % 3]
              when x % 20 = 0 then 'investigation'
              else (array['closed', 'closed', 'closed', 'withdrawn', 'decided'])[1 + x % 5] end,
         at + (x % 150) * interval '1 day', case when open then at + interval '60 days' end, at + (x % 150) * interval '1 day', at + (x % 160) * interval '1 day', '3',
         1 + x % 4, at, at
from     generate_series(1, :rows) i,
         lateral (select (i::bigint * 48271 % :rows)::int) mixed (x),
         lateral (select timestamptz '2021-01-01 00:00+00' + i * (interval '180000000 seconds' / :rows), i > :rows * 0.99) moment (at, open),
         (select array_agg(code order by code) from neighborhood) neighborhoods (codes);

insert into allegation (id, complaint_id, ordinal, category, revision, created_at, updated_at)
select md5('allegation ' || public_reference)::uuid, id, 1,
       (array['force', 'discourtesy', 'discourtesy', 'lack_of_service', 'lack_of_service', 'harassment', 'discrimination', 'departmental_violation',
              'unprofessional_conduct', 'other'])[1 + get_byte(uuid_send(id), 1) % 10], 1, received_at, received_at
from   complaint;

insert into complaint_fact (complaint_id, valid_from, received_on, category, neighborhood_code, state, decided_on, is_matched, is_demo)
select c.id, day, day, a.category, c.neighborhood_code, c.state, city_time(c.decided_at)::date, get_byte(uuid_send(c.id), 0) < 64, false
from   complaint c join allegation a on a.complaint_id = c.id, city_time(c.received_at) as received, cast(received as date) as day;

commit;
vacuum (analyze) cpwg.complaint, cpwg.allegation, cpwg.complaint_fact;
