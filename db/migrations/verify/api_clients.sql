-- Fails unless api_clients stands
select id, name, role, organization, source, scopes, address_ranges, "jwks.keys", state, next, created_at, updated_at, "_revision"
from   cpwg.api_client_record
where  false;
select id, record_id, from_state, to_state, reason, by_subject, by_role, at
from   cpwg.api_client_transition
where  false;
select id, client_id, hash, last_used_on, expires_at, by_subject, at
from   cpwg.api_client_secret
where  false;
select client_id, jti_hash, expires_at
from   cpwg.api_client_assertion
where  false;
select 'cpwg.begin_api_client()'::regprocedure, 'cpwg.keep_revoked()'::regprocedure,
       'cpwg.begin_api_client_secret()'::regprocedure, 'cpwg.end_api_client_secret()'::regprocedure, 'cpwg.forget_assertions()'::regprocedure;
