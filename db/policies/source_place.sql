-- source_place: a source reads where its districts lie, and nothing of others'; who administers the database writes
create policy source_reads_its_own on source_place for select
to     cpwg_police_source
using  (source_code = (select caller_source()));

grant select on source_place to cpwg_police_source;
