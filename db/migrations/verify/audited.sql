-- Fails unless audited stands
select 'cpwg.audit_row(text, text, uuid)'::regprocedure;
select 1 / count(*) from pg_trigger where tgrelid = 'cpwg.organization'::regclass and tgfoid = 'cpwg.audit_own()'::regprocedure;
select 1 / count(*) from pg_trigger where tgrelid = 'cpwg.complaint'::regclass and tgfoid = 'cpwg.audit_change()'::regprocedure;
select 1 / count(*) from pg_trigger where tgrelid = 'cpwg.police_record'::regclass and tgfoid = 'cpwg.audit_changes()'::regprocedure;
