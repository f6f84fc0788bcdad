-- sources_records: invented records of the invented police system, two years of them; those that are there stay as they are
create temporary table demo_police_record on commit drop as
select n, 'D-' || to_char(n, 'FM000') as external_id, md5('demo police record ' || n)::uuid as id, date '2024-10-07' + n * 9 / 2 as received_on,
       (array['Physical Abuse', 'Lack of Service', 'Verbal Abuse', 'Lack of Service', 'Harassment', 'Unprofessional Conduct', 'Departmental Violation'])[1 + n * n % 7] as word,
       (array['1', '2', '3', '3', '4', 'unknown'])[1 + n * 5 % 6] as district, n % 4 > 0 and n < 140 as is_closed
from   generate_series(1, 160) as n;

insert into cpwg.police_record (id, source_code, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code, status, closed_on,
                                complainants, allegations, body_hash)
select d.id, 'demo-police', external_id, received_on, received_on - n % 5, c.category, word, d.district, p.neighborhood_code,
       case when is_closed then 'closed' else 'open' end, case when is_closed then received_on + 20 + n * 7 % 90 end, 1 + (n % 9 = 0)::int, 1, md5(external_id)
from   demo_police_record d
       join cpwg.source_category c on c.source_code = 'demo-police' and c.value = lower(word)
       join cpwg.source_place p on p.source_code = 'demo-police' and p.district = d.district
on conflict do nothing;

insert into cpwg.police_record_complainant (record_id, source_code, ordinal, race, sex, age_band, how_known)
select d.id, 'demo-police', o, array[(array['hispanic', 'black', 'white', 'white', 'unknown'])[1 + (n + o) % 5]], (array['female', 'male'])[1 + (n * o) % 2],
       (array['18_24', '25_34', '35_44', '45_54', 'unknown'])[1 + (n * 3 + o) % 5], 'recorded'
from   demo_police_record d, generate_series(1, 1 + (n % 9 = 0)::int) as o
on conflict do nothing;

insert into cpwg.police_record_allegation (record_id, source_code, ordinal, category, category_sent, finding, finding_status, decided_by, outcome)
select r.id, r.source_code, 1, r.category, r.category_sent,
       case when is_closed then (array['not_sustained', 'unfounded', 'exonerated', 'sustained', 'not_sustained'])[1 + n % 5] end,
       case when is_closed then 'final' end, case when is_closed then 'police' end,
       case when is_closed then case when n % 5 = 3 then 'training_counseling' else 'not_applicable' end end
from   demo_police_record d join cpwg.police_record r using (id)
on conflict do nothing;

select pg_temp.assert_count('police_record where is_demo and external_id ~ ''^D-\d{3}$''', 160);
