-- police_batch: a source adds and reads the answers to its own calls; the office and case handlers read all; nobody changes one
create policy source_adds on police_batch for insert
to     cpwg_police_source
with check (source_code = (select caller_source()));

create policy source_reads_its_own on police_batch for select
to     cpwg_police_source
using  (source_code = (select caller_source()));

create policy office_reads on police_batch for select
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (true);

grant select on police_batch, police_batch_row, police_batch_whole to cpwg_police_source, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert (id, source_code, received, created, updated, unchanged, refused, results) on police_batch to cpwg_police_source;
