-- Fails unless audit stands
select id, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id from cpwg.audit where false;
select position, audit_id, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id, hash from cpwg.audit_chain where false;
select position from cpwg.audit_record where false;
select 'cpwg.refuse_change()'::regprocedure;
