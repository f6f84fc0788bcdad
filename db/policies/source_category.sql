-- source_category: a source reads what its own words for a category mean, and nothing of others'; who administers the database writes
create policy source_reads_its_own on source_category for select
to     cpwg_police_source
using  (source_code = (select caller_source()));

grant select on source_category to cpwg_police_source;
