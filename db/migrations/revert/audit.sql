-- Takes back audit
begin;

set local search_path = cpwg;
drop function audit_row(text, text, uuid);
drop table audit;

commit;
