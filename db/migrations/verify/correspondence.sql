-- Fails unless correspondence stands
select id, complaint_id, text, by_subject, at
from   cpwg.complaint_note
where  false;
select id, complaint_id, author, language, text, by_subject, at
from   cpwg.complaint_message
where  false;
select id, complaint_id, text_es, text_en, actions, by_subject, at
from   cpwg.resolution
where  false;
select id, complaint_id, satisfied, text, at
from   cpwg.resolution_answer
where  false;
select public_reference, holder, kind, received_at, "occurred.from", "occurred.to", neighborhood, language,
       interpreter, publish, identity_to, notice_version, narrative, place, officer_described, contact, categories,
       state, next, state_since, due_at, "resolution.es", "resolution.en", demo, updated_at, _revision
from   cpwg.case_record
where  false;
select message_id
from   cpwg.complaint_transition
where  false;
