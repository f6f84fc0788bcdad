-- Fails unless people stands
select id, name, email, language, role, affiliation, organization, subject, invited_until, state, next, demo, created_at, updated_at,
       "_revision"
from   cpwg.person_record
where  false;
select id, record_id, from_state, to_state, reason, by_subject, by_role, at
from   cpwg.person_transition
where  false;
select id, person_id, hash, expires_at, ended_at, by_subject, at
from   cpwg.invitation
where  false;
select id, person, display_name, seat_kind, affiliation, appointed_by, "term.from", "term.to", "profile.es", "profile.en", listed, state,
       next, demo, created_at, updated_at, "_revision"
from   cpwg.member_record
where  false;
select id, display_name, seat_kind, affiliation, "term.from", "term.to", "profile.es", "profile.en", demo, updated_at, "_revision"
from   cpwg.published_member
where  false;
select id, record_id, from_state, to_state, reason, by_subject, by_role, at
from   cpwg.member_transition
where  false;
select 'cpwg.accept_invitation(text)'::regprocedure, 'cpwg.own_person()'::regprocedure, 'cpwg.keep_person()'::regprocedure,
       'cpwg.keep_coordinator()'::regprocedure, 'cpwg.begin_member()'::regprocedure, 'cpwg.keep_term()'::regprocedure, 'cpwg.end_with_person()'::regprocedure,
       'cpwg.begin_invitation()'::regprocedure, 'cpwg.by_code()'::regprocedure, 'cpwg.keep_ended()'::regprocedure, 'cpwg.pass_affiliation()'::regprocedure;
