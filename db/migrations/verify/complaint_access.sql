-- Fails unless complaint_access stands
select id, public_reference, kind, channel, received_at, "occurred.from", "occurred.to", neighborhood, language,
       interpreter, through_representative, under_18, pending_criminal_case, retaliation, publish, identity_to,
       notice_version, categories, assignees, state, next, state_since, due_at, decided_at, closed_at, demo,
       created_at, updated_at, _revision
from   cpwg.complaint_record
where  false;
select id, complaint_id, ordinal, category, finding, finding_status, decided_by, reported_by, outcome, decided_on,
       created_at, updated_at, _revision
from   cpwg.allegation_record
where  false;
select 'cpwg.case_key_id()'::regprocedure,
       'cpwg.may_disclose()'::regprocedure,
       'cpwg.case_complaint()'::regprocedure,
       'cpwg.case_holder()'::regprocedure,
       'cpwg.recused_from()'::regprocedure,
       'cpwg.assigned_to()'::regprocedure,
       'cpwg.is_not_police()'::regprocedure,
       'cpwg.reads_reasons()'::regprocedure,
       'cpwg.complaint_transition_reason(uuid)'::regprocedure,
       'cpwg.recusal_reason(uuid)'::regprocedure,
       'cpwg.is_being_filed(uuid)'::regprocedure,
       'cpwg.shows_identity(uuid)'::regprocedure,
       'cpwg.filed_complaint(uuid, text)'::regprocedure;
