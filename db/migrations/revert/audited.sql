-- Takes back audited
begin;

set local search_path = cpwg;
drop function audit_row(text, text, uuid);
drop function audit_own(), audit_change(), audit_changes(), audit_truncate() cascade; -- with the triggers

commit;
