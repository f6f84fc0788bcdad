-- push_upsert: what was copied into the table `staging` becomes records of the source `bench`, new or changed, with what belongs to them
with kept as (
  insert into police_record as p (id, source_code, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector,
                                  status, closed_on, complainants, allegations, body_hash)
  select gen_random_uuid(), 'bench', s.external_id, s.received_on, s.occurred_on, coalesce(c.category, plain_word(s.category)), s.category, s.district,
         d.neighborhood_code, coalesce(n.sector, d.sector), s.status, s.closed_on, 1, 1, md5(s::text)
  from   staging s
         left join source_category c on c.source_code = 'bench' and c.value = plain_word(s.category)
         left join source_place d on d.source_code = 'bench' and d.district = plain_word(s.district)
         left join neighborhood n on n.code = d.neighborhood_code
  on conflict (source_code, external_id) do update
  set   (received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status, closed_on, body_hash) =
        (excluded.received_on, excluded.occurred_on, excluded.category, excluded.category_sent, excluded.district, excluded.neighborhood_code,
         excluded.sector, excluded.status, excluded.closed_on, excluded.body_hash)
  where p.body_hash is distinct from excluded.body_hash
  returning p.id, p.external_id
), whole as materialized (
  select * from kept join staging using (external_id)
), told as (
  insert into police_record_private (record_id, source_code, narrative)
  select id, 'bench', convert_to(narrative, 'UTF8') from whole
  on conflict (record_id) do update set narrative = excluded.narrative
), complained as (
  insert into police_record_complainant (record_id, source_code, ordinal, race, sex, age_band, how_known)
  select id, 'bench', 1, array[race], sex, age_band, how_known from whole
  on conflict (record_id, ordinal) do update
  set (race, sex, age_band, how_known) = (excluded.race, excluded.sex, excluded.age_band, excluded.how_known)
)
insert into police_record_allegation (record_id, source_code, ordinal, category, category_sent, finding, finding_status, decided_by, outcome)
select w.id, 'bench', 1, coalesce(c.category, plain_word(w.alleged)), w.alleged, w.finding, w.finding_status, w.decided_by, w.outcome
from   whole w left join source_category c on c.source_code = 'bench' and c.value = plain_word(w.alleged)
on conflict (record_id, ordinal) do update
set (category, category_sent, finding, finding_status, decided_by, outcome) =
    (excluded.category, excluded.category_sent, excluded.finding, excluded.finding_status, excluded.decided_by, excluded.outcome);
