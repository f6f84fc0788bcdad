-- bulk: so many complaints (:rows) that indexes are better made afterwards, but for those of constraints, and that the disk is better not waited for
alter system set fsync = off;
alter system set full_page_writes = off;
alter system set max_wal_size = '4GB';
select pg_reload_conf();
set maintenance_work_mem = '512MB';

create temporary table bench_index as
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
from   pg_index
where  indrelid in ('cpwg.complaint'::regclass, 'cpwg.allegation'::regclass, 'cpwg.complaint_fact'::regclass)
and    not exists (select from pg_constraint where conindid = indexrelid);

select format('drop index %s', name) from bench_index \gexec
\ir complaints.sql
select definition from bench_index \gexec

alter system reset all;
select pg_reload_conf();
checkpoint;
