-- Takes back idempotency
begin;

set local search_path = cpwg;
drop function idempotency_forget(), idempotency_take(text, text, text, uuid);
drop table idempotency_key;

commit;
