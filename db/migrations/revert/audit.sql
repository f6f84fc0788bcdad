-- Takes back audit
begin;

set local search_path = cpwg;
drop view audit_record;
drop table audit_chain, audit;
drop function refuse_change();
drop domain audit_action;

commit;
