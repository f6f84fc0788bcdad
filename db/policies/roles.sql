-- roles: who exists. The owner of everything (no login), the login of the service (owns nothing, inherits nothing) and
-- one role per role of the contract's x-roles, and the worker's. Safe to run again; runs before the migrations, as an administrator.
do $$
declare
  name text;
begin
  foreach name in array array['owner', 'public', 'case', 'resident', 'member', 'facilitator', 'liaison', 'case_handler', 'publisher',
                              'police_source', 'police_staff', 'city', 'partner', 'council', 'coordinator', 'auditor', 'identity',
                              'worker'] loop
    if to_regrole('cpwg_' || name) is null then
      execute format('create role %I nologin', 'cpwg_' || name);
    end if;
  end loop;
  if to_regrole('cpwg_api') is null then
    create role cpwg_api login noinherit;
  end if;
end
$$;

alter role cpwg_owner nologin inherit nosuperuser nobypassrls nocreatedb nocreaterole;
alter role cpwg_api   login noinherit nosuperuser nobypassrls nocreatedb nocreaterole;
grant pg_read_all_stats to cpwg_owner; -- for horizon()

-- Everybody may read what the public may read (who holds a case key, too); facilitators and liaisons are members with more to do.
grant cpwg_public to cpwg_case, cpwg_resident, cpwg_member, cpwg_case_handler, cpwg_publisher, cpwg_police_source, cpwg_police_staff,
                     cpwg_city, cpwg_partner, cpwg_council, cpwg_coordinator, cpwg_auditor;
grant cpwg_member to cpwg_facilitator, cpwg_liaison;

grant cpwg_public, cpwg_case, cpwg_resident, cpwg_member, cpwg_facilitator, cpwg_liaison, cpwg_case_handler, cpwg_publisher,
      cpwg_police_source, cpwg_police_staff, cpwg_city, cpwg_partner, cpwg_council, cpwg_coordinator, cpwg_auditor, cpwg_identity,
      cpwg_worker
to    cpwg_api;

alter role cpwg_api set search_path = cpwg;

revoke create on schema public from public;
do $$
begin
  execute format('revoke temporary, create on database %I from public', current_database());
end
$$;
