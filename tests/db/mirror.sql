-- mirror: horizon() stays before everything that may still be committed
create extension dblink schema test;
select test.ok(horizon() > now() and horizon() <= clock_timestamp(), 'alone, the horizon is now');
select test.is(test.try_as(role, 'select horizon()'), 'fine', role || ' asks for the horizon')
from   unnest('{member,case_handler,publisher,city,partner,council,coordinator,auditor,police_staff,police_source}'::text[]) as role;
select test.is(test.try_as(role, 'select horizon()'), '42501', role || ' does not ask for the horizon')
from   unnest('{public,resident}'::text[]) as role;

select test.dblink_connect('other', :'conninfo') as ignored,
       test.dblink_exec('other', 'begin') as ignored,
       test.dblink_exec('other', $$insert into cpwg.organization (id, kind, name) values ('00000000-0000-4000-8000-00000000000a', 'other', 'Late')$$) as ignored \gset
select written from test.dblink('other', $$select updated_at from cpwg.organization where name = 'Late'$$) as x (written timestamptz) \gset
select test.ok(horizon() < :'written', 'the horizon waits for a row that is written and not committed');
select test.dblink_exec('other', 'rollback') as ignored \gset
select test.ok(horizon() > :'written', 'and moves on when it is');

select test.dblink_exec('other', 'begin isolation level repeatable read') as ignored,
       (select n from test.dblink('other', 'select count(*) from cpwg.organization') as x (n bigint)) as ignored \gset
select test.ok(horizon() > :'written' and horizon() >= now(), 'a long read does not hold it back');
select test.dblink_exec('other', 'rollback') as ignored,
       test.dblink_exec('other', $$begin; set local application_name = 'cpwg_worker'$$) as ignored,
       (select x from test.dblink('other', 'select pg_current_xact_id()::text') as t (x text)) as ignored \gset
select test.ok(horizon() > :'written' and horizon() >= now(), 'nor does the worker that chains the audit');
select test.dblink_exec('other', 'rollback') as ignored, test.dblink_disconnect('other') as ignored \gset
