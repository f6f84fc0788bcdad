-- Takes back api_clients
begin;

set local search_path = cpwg;
drop view api_client_record;
drop table api_client_assertion, api_client_secret, api_client_transition, api_client;
drop function forget_assertions(), end_api_client_secret(), begin_api_client_secret(), keep_revoked(), begin_api_client();

commit;
