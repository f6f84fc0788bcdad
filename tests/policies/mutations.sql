-- mutations: every policy and grant of the schema, taken away or weakened: name, relation or function, on what ground it is judged, what
-- is done, what undoes it, and the ground. A ground is the same table without its restrictive policies, which would hide what a weaker policy
-- behind them lets through.
with policy as (
  select format('%I on %I', policyname, tablename) as target, permissive = 'PERMISSIVE' as permits, roles, tablename as t,
         format('create policy %I on %I as %s for %s to %s', policyname, tablename, permissive, cmd, array_to_string(roles, ', '))
           || coalesce(' using (' || qual || ')', '') || coalesce(' with check (' || with_check || ')', '') as made,
         coalesce(' using (' || qual || ')', '') || coalesce(' with check (' || with_check || ')', '') as conditions,
         case when qual is not null then ' using (true)' else '' end
           || case when with_check is not null then ' with check (true)' else '' end as no_conditions
  from   pg_policies
  where  schemaname = 'cpwg'
),
restriction as (
  select t, string_agg('drop policy ' || target, '; ') as away, string_agg(made, '; ') as back
  from   policy
  where  not permits
  group  by t
),
grants as (
  select lower(privilege_type) as privilege, format('%I', relname) as target, pg_get_userbyid(grantee) as role, relname as t
  from   pg_class, aclexplode(relacl)
  where  relnamespace = 'cpwg'::regnamespace and grantee <> relowner
  union  all
  select format('%s (%I)', lower(privilege_type), attname), format('%I', relname), pg_get_userbyid(grantee), relname
  from   pg_class c join pg_attribute a on attrelid = c.oid, aclexplode(attacl)
  where  relnamespace = 'cpwg'::regnamespace
  union  all
  select 'execute', 'function ' || p.oid::regprocedure, pg_get_userbyid(grantee), proname
  from   pg_proc p, aclexplode(proacl)
  where  pronamespace = 'cpwg'::regnamespace and grantee <> proowner
),
mutation (name, t, away, act, undo, back) as (
  select 'dropping ' || target, t, '', 'drop policy ' || target, made, ''
  from   policy
  union  all
  select 'policy ' || target || ' for no ' || r, t, '',
         'alter policy ' || target || ' to ' || array_to_string(array_remove(roles, r), ', '),
         'alter policy ' || target || ' to ' || array_to_string(roles, ', '), ''
  from   policy, unnest(roles) as r
  where  cardinality(roles) > 1
  union  all
  select 'policy ' || target || ' for every row', t, coalesce(away, ''),
         'alter policy ' || target || no_conditions, 'alter policy ' || target || conditions, coalesce(back, '')
  from   policy left join restriction using (t)
  where  permits and conditions <> no_conditions
  union  all
  select format('revoking %s on %s from %s', privilege, target, role), t, '',
         format('revoke %s on %s from %s', privilege, target, role), format('grant %s on %s to %s', privilege, target, role), ''
  from   grants
)
select   name, t, replace(away, E'\n', ' '), replace(act, E'\n', ' '), replace(undo, E'\n', ' '), replace(back, E'\n', ' ')
from     mutation
order by name;
