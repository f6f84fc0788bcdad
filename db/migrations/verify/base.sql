-- Fails unless base stands
select topic, revision from cpwg.publication where false;
select part, hash, at from cpwg.deployment where false;
select 'cpwg.raise_counter(text)'::regprocedure;
select has_function_privilege('cpwg.publish()', 'execute') as owner_may, 1 / (not has_function_privilege('cpwg_public', 'cpwg.publish()', 'execute'))::int as public_may_not;
select 1 / (pg_get_userbyid(nspowner) = 'cpwg_owner')::int from pg_namespace where nspname = 'cpwg';
select 1 / count(*) from pg_trigger where tgrelid = 'cpwg.publication'::regclass and tgname = 'tell';
