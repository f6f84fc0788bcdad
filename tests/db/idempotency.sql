-- idempotency: a key is taken once, for one body and one operation, for a day
delete from idempotency_key;

create function test.take(scope text, body text, operation text, id text) returns text
language sql as $$ select test.try_as('public', format('select idempotency_take(%L, %L, %L, %L)', scope, body, operation, id)) $$;

select test.is(test.take('aa', '01', 'createX', '00000000-0000-4000-8000-000000000001'), 'fine', 'a new key is taken');
select test.is(test.take('aa', '01', 'createX', '00000000-0000-4000-8000-000000000002'), 'CW004 00000000-0000-4000-8000-000000000001', 'the same request is told what it made');
select test.is(test.take('aa', '02', 'createX', '00000000-0000-4000-8000-000000000002'), 'CW003', 'another body is refused');
select test.is(test.take('aa', '01', 'createY', '00000000-0000-4000-8000-000000000002'), 'CW003', 'another operation is refused');
select test.is(test.take('bb', '01', 'createX', '00000000-0000-4000-8000-000000000003'), 'fine', 'another key is another request');

update idempotency_key set created_at = now() - interval '24 hours 1 second' where scope = '\xaa';
select test.is(test.take('aa', '02', 'createY', '00000000-0000-4000-8000-000000000004'), 'fine', 'a key is free again after a day');
select test.is(test.take('aa', '02', 'createY', '00000000-0000-4000-8000-000000000005'), 'CW004 00000000-0000-4000-8000-000000000004', 'and then stands for the new request');

update idempotency_key set created_at = now() - interval '25 hours' where scope = '\xbb';
select test.is(test.try_as('coordinator', 'select idempotency_forget()'), '42501', 'callers do not forget keys');
select test.is(idempotency_forget(), 1::bigint, 'keys older than a day are forgotten');
select test.is(count(*), 1::bigint, 'and no others') from idempotency_key;

-- Another session that holds the key and has not ended
create extension dblink schema test;
select test.dblink_connect('other', :'conninfo') as ignored,
       test.dblink_exec('other', 'begin') as ignored,
       (select r from test.dblink('other', $$select cpwg.idempotency_take('cc', '01', 'createX', '00000000-0000-4000-8000-000000000006')::text$$) as x (r text)) as ignored \gset
select test.is(test.take('cc', '01', 'createX', '00000000-0000-4000-8000-000000000007'), 'CW002', 'a request that still runs is told so, without waiting');
select test.dblink_exec('other', 'rollback') as ignored \gset
select test.is(test.take('cc', '01', 'createX', '00000000-0000-4000-8000-000000000007'), 'fine', 'a request that failed leaves its key free');
select test.dblink_disconnect('other') as ignored \gset
