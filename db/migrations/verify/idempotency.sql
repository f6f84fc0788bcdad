-- Fails unless idempotency stands
select scope, body, operation, record_id, created_at from cpwg.idempotency_key where false;
select 'cpwg.idempotency_take(text, text, text, uuid)'::regprocedure, 'cpwg.idempotency_forget()'::regprocedure;
