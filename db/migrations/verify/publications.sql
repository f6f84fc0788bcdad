-- Fails unless publications stands
select id, summary_es, summary_en, drafted_by, drafters, state, is_demo, revision, created_at, updated_at
from   cpwg.complaint_publication
where  false;
select id, record_id, from_state, to_state, reason, public_note_es, public_note_en, by_subject, by_role, at, preview_version
from   cpwg.publication_transition
where  false;
select id, complaint_id, summary, findings, waived, by_subject, by_role, at
from   cpwg.publication_check
where  false;
select id, "summary.es", "summary.en", drafted_by, state, next, demo, created_at, updated_at, _revision
from   cpwg.publication_record
where  false;
select id, complaint_id, current, findings, waived, by_subject, by_role, at
from   cpwg.publication_check_record
where  false;
select 'cpwg.private_side(uuid)'::regprocedure,
       'cpwg.publication_transition_reason(uuid)'::regprocedure,
       'cpwg.last_resolution(uuid, timestamptz)'::regprocedure,
       'cpwg.summary_digest(uuid)'::regprocedure,
       'cpwg.words_to_publish(uuid)'::regprocedure,
       'cpwg.approves(uuid)'::regprocedure,
       'cpwg.is_for_approval(text)'::regprocedure,
       'cpwg.publication_next(cpwg.complaint_publication)'::regprocedure,
       'cpwg.publication_obstacle(cpwg.complaint_publication, text)'::regprocedure;
