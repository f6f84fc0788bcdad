-- Fails unless published_complaints stands
select id, summary_es, summary_en, drafted_by, drafters, lifecycle, state, is_demo, revision, created_at, updated_at
from   cpwg.complaint_publication
where  false;
select id, record_id, from_state, to_state, reason, public_note_es, public_note_en, by_subject, by_role, at, preview_version
from   cpwg.publication_transition
where  false;
select id, complaint_id, summary, findings, waived, by_subject, by_role, at
from   cpwg.publication_check
where  false;
select public_reference, status, kind, categories, quarter, place_rung, neighborhood_code, sector, state, summary_es,
       summary_en, findings, resolution_es, resolution_en, published_at, is_demo, revision, created_at, updated_at
from   cpwg.published_complaint
where  false;
select public_reference, status, kind, categories, quarter, "place.rung", "place.neighborhood", "place.sector", state,
       "summary.es", "summary.en", findings, "resolution.es", "resolution.en", published_at, demo, updated_at,
       _revision
from   cpwg.published_complaint_record
where  false;
select complaint_id, public_reference, status, kind, categories, quarter, "place.rung", "place.neighborhood", "place.sector", state,
       "summary.es", "summary.en", findings, "resolution.es", "resolution.en", published_at, demo, version, _revision
from   cpwg.publication_preview
where  false;
select id, "summary.es", "summary.en", drafted_by, state, next, demo, created_at, updated_at, _revision
from   cpwg.publication_record
where  false;
select id, complaint_id, current, findings, waived, by_subject, by_role, at
from   cpwg.publication_check_record
where  false;
select 'cpwg.private_side(uuid)'::regprocedure,
       'cpwg.refresh_published(uuid, boolean)'::regprocedure,
       'cpwg.place_rung(uuid)'::regprocedure,
       'cpwg.publication_transition_reason(uuid)'::regprocedure,
       'cpwg.last_resolution(uuid, timestamptz)'::regprocedure,
       'cpwg.last_published(uuid)'::regprocedure,
       'cpwg.to_be_told(uuid, boolean)'::regprocedure,
       'cpwg.preview_published(uuid)'::regprocedure,
       'cpwg.preview_version(cpwg.published_complaint)'::regprocedure,
       'cpwg.published_face(cpwg.published_complaint)'::regprocedure,
       'cpwg.published_face'::regtype,
       'cpwg.summary_digest(uuid)'::regprocedure,
       'cpwg.words_to_publish(uuid)'::regprocedure,
       'cpwg.approves(uuid)'::regprocedure,
       'cpwg.is_for_approval(text)'::regprocedure,
       'cpwg.publication_next(cpwg.complaint_publication)'::regprocedure,
       'cpwg.publication_obstacle(cpwg.complaint_publication, text)'::regprocedure;
