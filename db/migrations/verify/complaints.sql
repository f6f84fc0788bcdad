-- Fails unless complaints stands
select version, text_es, text_en, in_force_from
from   cpwg.notice
where  false;
select id, public_reference, kind, channel, received_at, occurred_from, occurred_to, neighborhood_code, language,
       interpreter, through_representative, under_18, pending_criminal_case, retaliation, publish, identity_to,
       notice_version, state, state_since, due_at, decided_at, closed_at, filed_in, is_demo, revision,
       created_at, updated_at
from   cpwg.complaint
where  false;
select id, record_id, from_state, to_state, reason, public_note_es, public_note_en, by_subject, by_role, at
from   cpwg.complaint_transition
where  false;
select id, hash, complaint_id, holder, created_at, revoked_at
from   cpwg.case_key
where  false;
select complaint_id, narrative, place, officer_described, filed_by
from   cpwg.complaint_private
where  false;
select complaint_id, party, contact
from   cpwg.complaint_contact
where  false;
select complaint_id, ordinal, race, sex, age_band, relation
from   cpwg.complainant
where  false;
select id, complaint_id, ordinal, category, finding, finding_status, decided_by, reported_by, outcome, decided_on,
       revision, created_at, updated_at
from   cpwg.allegation
where  false;
select id, complaint_id, subject, assigned_by, assigned_at, ended_at
from   cpwg.assignment
where  false;
select id, complaint_id, subject, reason, by_subject, at
from   cpwg.recusal
where  false;
select id, complaint_id, kind, target, by_subject, at
from   cpwg.complaint_link
where  false;
select 'cpwg.is_past(timestamptz)'::regprocedure,
       'cpwg.quarter_of(timestamptz)'::regprocedure,
       'cpwg.city_time(timestamptz)'::regprocedure,
       'cpwg.random_reference(text)'::regprocedure;
