-- idempotency_key: touched only through its functions, which run as owner; anyone who may write may take a key
create policy owner_keeps on idempotency_key to cpwg_owner using (true) with check (true);
grant execute on function idempotency_take(text, text, text, uuid) to cpwg_public;
