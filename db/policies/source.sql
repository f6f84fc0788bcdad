-- source: a department's system reads its own line; whoever reads police records reads all
create policy owner_keeps on source to cpwg_owner using (true) with check (true);

create policy source_reads_its_own on source for select
to     cpwg_police_source
using  (code = (select caller_source()));

create policy office_reads on source for select
to     cpwg_coordinator, cpwg_case_handler, cpwg_auditor
using  (true);

grant select on source to cpwg_police_source, cpwg_coordinator, cpwg_case_handler, cpwg_auditor;
grant execute on function caller_source() to cpwg_police_source;
