-- police_record_complainant: a source keeps those of its own records, whole sets at a time; the office and case handlers read
create policy owner_keeps on police_record_complainant to cpwg_owner using (true) with check (true);

create policy source_keeps on police_record_complainant
to     cpwg_police_source
using  (true)
with check (true);

create policy office_reads on police_record_complainant for select
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (true);

create policy own_source on police_record_complainant as restrictive
to     cpwg_police_source
using  (source_code = (select caller_source()))
with check (source_code = (select caller_source()));

grant select on police_record_complainant to cpwg_police_source, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant insert, delete on police_record_complainant to cpwg_police_source;
