-- Fails unless organizations stands
select id, kind, name, "description.es", "description.en", website, contact_email, languages, neighborhood, listed, state, next,
       demo, created_at, updated_at, "_revision"
from   cpwg.organization_record
where  false;
select id, kind, name, "description.es", "description.en", website, languages, neighborhood, demo, updated_at, "_revision"
from   cpwg.published_organization
where  false;
select id, record_id, from_state, to_state, reason, public_note_es, public_note_en, by_subject, by_role, at
from   cpwg.organization_transition
where  false;
