-- rights: what holds for every table, view and function there is or will be

select test.is(string_agg(relname, ', '), null::text, 'every table has row security, enabled and forced')
from   pg_class
where  relnamespace = 'cpwg'::regnamespace and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity);

select test.is(string_agg(relname, ', '), null::text, 'every relation belongs to cpwg_owner')
from   pg_class
where  relnamespace = 'cpwg'::regnamespace and pg_get_userbyid(relowner) <> 'cpwg_owner';

select test.is(string_agg(proname, ', '), null::text, 'every function belongs to cpwg_owner')
from   pg_proc
where  pronamespace = 'cpwg'::regnamespace and pg_get_userbyid(proowner) <> 'cpwg_owner';

select test.is(string_agg(relname, ', '), null::text, 'every view runs with the rights of its caller')
from   pg_class
where  relnamespace = 'cpwg'::regnamespace and relkind = 'v'
and    not coalesce(reloptions, '{}') && '{security_invoker=true,security_invoker=on}';

select test.is(string_agg(proname, ', '), null::text, 'every function that runs as its owner pins its search_path, pg_temp last')
from   pg_proc
where  pronamespace = 'cpwg'::regnamespace and prosecdef
and    not exists (select from unnest(proconfig) as setting where setting like 'search\_path=pg\_catalog%pg\_temp');

select test.is(string_agg(proname, ', '), null::text, 'no function may be called by everybody')
from   pg_proc
where  pronamespace = 'cpwg'::regnamespace
and    exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0);

select test.is(string_agg(relname || '.' || privilege_type, ', '), null::text, 'no relation is granted to everybody')
from   pg_class, aclexplode(relacl)
where  relnamespace = 'cpwg'::regnamespace and grantee = 0;

select test.is(string_agg(relname, ', '), null::text, 'nobody but the owner may truncate, trigger or refer')
from   pg_class, aclexplode(relacl)
where  relnamespace = 'cpwg'::regnamespace and privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES')
and    pg_get_userbyid(grantee) <> 'cpwg_owner';

select test.is(string_agg(policyname, ', '), null::text, 'no policy is for everybody')
from   pg_policies
where  schemaname = 'cpwg' and 'public' = any (roles);

select test.ok(rolcanlogin and not rolinherit and not rolsuper and not rolbypassrls and not rolcreaterole and not rolcreatedb,
               'cpwg_api logs in and inherits nothing')
from   pg_roles where rolname = 'cpwg_api';

select test.ok(not rolcanlogin and not rolsuper and not rolbypassrls, 'cpwg_owner can neither log in nor pass row security')
from   pg_roles where rolname = 'cpwg_owner';

select test.is(string_agg(rolname, ', '), null::text, 'no other role logs in or passes row security')
from   pg_roles where rolname like 'cpwg\_%' and rolname <> 'cpwg_api' and (rolcanlogin or rolbypassrls or rolsuper);

select test.is(count(*), 0::bigint, 'cpwg_api owns nothing')
from   pg_shdepend where refobjid = 'cpwg_api'::regrole and deptype = 'o';

select test.is(string_agg(relname, ', '), null::text, 'cpwg_api itself may touch no relation')
from   pg_class, aclexplode(relacl)
where  relnamespace = 'cpwg'::regnamespace and grantee = 'cpwg_api'::regrole;

select test.ok(not pg_has_role('cpwg_api', 'cpwg_owner', 'member'), 'cpwg_api cannot become the owner');

select test.is(string_agg(rolname, ', ' order by rolname), null::text, 'cpwg_api can become every other role')
from   pg_roles
where  rolname like 'cpwg\_%' and rolname not in ('cpwg_api', 'cpwg_owner') and not pg_has_role('cpwg_api', rolname, 'member');

select test.ok(not has_schema_privilege('cpwg_api', 'public', 'create') and not has_schema_privilege('cpwg_public', 'cpwg', 'create'),
               'callers create nothing');

select test.is(string_agg(distinct r, ', '), null::text, 'lifecycles name roles that exist')
from   lifecycle_transition, unnest(roles) as r
where  to_regrole('cpwg_' || r) is null
or     not exists (select from vocabulary_term where vocabulary = 'role' and code = r);

select test.is(test.try_as('public', 'select must_find(true)'), 'fine', 'what is there is found');
select test.is(test.try_as('public', 'select must_find(false)'), 'CW005', 'what is not there is not found');
