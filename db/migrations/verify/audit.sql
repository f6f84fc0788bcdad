-- Fails unless audit stands
select id, at, by_subject, by_role, by_affiliation, action, record, record_id from cpwg.audit where false;
select 'cpwg.audit_row(text, text, uuid)'::regprocedure;
