-- Fails unless published_complaints stands
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
select 'cpwg.refresh_published(uuid, boolean)'::regprocedure,
       'cpwg.place_rung(uuid)'::regprocedure,
       'cpwg.last_published(uuid)'::regprocedure,
       'cpwg.to_be_told(uuid, boolean)'::regprocedure,
       'cpwg.preview_published(uuid)'::regprocedure,
       'cpwg.preview_version(cpwg.published_complaint)'::regprocedure,
       'cpwg.published_face(cpwg.published_complaint)'::regprocedure,
       'cpwg.published_face'::regtype;
