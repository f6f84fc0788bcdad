-- police_record: a source adds, changes, withdraws and reads its own, and touches nothing of another's; the office and case
-- handlers read all, and change none
create policy owner_keeps on police_record to cpwg_owner using (true) with check (true);

create policy source_keeps on police_record
to     cpwg_police_source
using  (true)
with check (true);

create policy office_reads on police_record for select
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (true);

create policy own_source on police_record as restrictive
to     cpwg_police_source
using  (source_code = (select caller_source()))
with check (source_code = (select caller_source()));

grant select on police_record, police_record_row, police_record_whole to cpwg_police_source, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, source_code, external_id, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status,
              closed_on, complainants, allegations, body_hash)
on    police_record
to    cpwg_police_source;
grant update (revision, received_on, occurred_on, category, category_sent, district, neighborhood_code, sector, status, closed_on, complainants,
              allegations, body_hash, withdrawn_as)
on    police_record
to    cpwg_police_source;
grant execute on function push_police_records(uuid, jsonb, jsonb, text), judge_police_records(jsonb, text), store_police_records(judged_police_record[]),
                          police_records_of(judged_police_record[]), empty_police_records(uuid[]), plain_word(text), city_time(timestamptz)
to    cpwg_police_source;
grant execute on function horizon() to cpwg_police_source;
