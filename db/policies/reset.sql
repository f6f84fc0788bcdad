-- reset: takes every policy and grant away and puts every table under forced row security; the files beside this one
-- then give, in the same transaction, what each role may do.
set local search_path = cpwg;

do $$
declare
  found record;
  roles text := (select string_agg(quote_ident(rolname), ', ') from pg_roles where rolname like 'cpwg\_%' and rolname <> 'cpwg_owner');
begin
  for found in select policyname, tablename from pg_policies where schemaname = 'cpwg' loop
    execute format('drop policy %I on %I', found.policyname, found.tablename);
  end loop;
  for found in select relname from pg_class where relnamespace = 'cpwg'::regnamespace and relkind in ('r', 'p') loop
    execute format('alter table %I enable row level security, force row level security', found.relname);
  end loop;
  execute 'revoke all on all tables    in schema cpwg from public, ' || roles;
  execute 'revoke all on all sequences in schema cpwg from public, ' || roles;
  execute 'revoke all on all functions in schema cpwg from public, ' || roles;
end
$$;
