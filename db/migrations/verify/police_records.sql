-- Fails unless police_records stands
select code, organization_id, name_es, name_en, is_demo
from   cpwg.source
where  false;
select source_code, value, vocabulary, category, version
from   cpwg.source_category
where  false;
select source_code, district, neighborhood_code, sector
from   cpwg.source_place
where  false;
select id, source_code, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status, closed_on,
       complainants, allegations, body_hash, withdrawn_as, withdrawn_at, is_demo, revision, created_at, updated_at
from   cpwg.police_record
where  false;
select record_id, source_code, narrative
from   cpwg.police_record_private
where  false;
select record_id, source_code, ordinal, race, sex, age_band, how_known
from   cpwg.police_record_complainant
where  false;
select record_id, source_code, ordinal, category, category_sent, finding, finding_status, decided_by, outcome, officer_race, officer_sex
from   cpwg.police_record_allegation
where  false;
select id, source_code, received, created, updated, unchanged, refused, results, by_subject, at
from   cpwg.police_batch
where  false;
select id, complaint_id, police_record_id, by_subject, at
from   cpwg.counterpart
where  false;
select source, external_id from cpwg.police_record_row where false;
select source, external_id from cpwg.police_record_whole where false;
select source, results from cpwg.police_batch_whole where false;
select source, received from cpwg.police_batch_row where false;
select source, external_id from cpwg.counterpart_record where false;
select 'cpwg.push_police_records(uuid, jsonb, jsonb, text)'::regprocedure, 'cpwg.counterparts_of_caller()'::regprocedure;
