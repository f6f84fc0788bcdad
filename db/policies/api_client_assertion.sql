-- api_client_assertion: cpwg_identity adds; nobody reads them, nobody changes one, and forget_assertions() deletes
create policy owner_forgets on api_client_assertion to cpwg_owner using (true) with check (true);

create policy identity_adds on api_client_assertion for insert
to     cpwg_identity
with check (true);

grant insert (client_id, jti_hash, expires_at) on api_client_assertion to cpwg_identity;
