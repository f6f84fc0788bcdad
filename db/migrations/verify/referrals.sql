-- Fails unless referrals stands
select id, complaint_id, purpose, given_by, given_at, withdrawn_at
from   cpwg.consent
where  false;
select id, complaint_id, organization_id, categories, quarter, disclosed, copy, consent_id, answer, by_subject,
       sent_at, acknowledged_at, answered_at, state, is_demo, revision, created_at, updated_at
from   cpwg.referral
where  false;
select id, record_id, from_state, to_state, reason, public_note_es, public_note_en, by_subject, by_role, at
from   cpwg.referral_transition
where  false;
select id, organization, categories, quarter, disclosed, state, next, sent_at, acknowledged_at, answered_at, demo,
       updated_at, _revision
from   cpwg.referral_record
where  false;
select 'cpwg.referral_transition_reason(uuid)'::regprocedure;
