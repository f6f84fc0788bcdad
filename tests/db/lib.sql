-- lib: how tests say what they expect. Included before each file, in its transaction.
set local search_path = cpwg;
create schema test;
grant usage on schema test to public;

-- "ok <name>" or "not ok <name>"; null is not ok.
create function test.ok(passed boolean, name text) returns text
language sql as $$ select case when passed then 'ok ' else 'not ok ' end || name $$;

-- The same, with what was found where it differs.
create function test.is(found anyelement, expected anyelement, name text) returns text
language sql as $$
  select case when found is not distinct from expected then 'ok ' || name
              else 'not ok ' || name || E'\n  found:    ' || coalesce(found::text, 'null')
                             || E'\n  expected: ' || coalesce(expected::text, 'null') end
$$;

-- Becomes a caller, as the service does at the start of each transaction: a role, or 'role:subject:affiliation'.
create function test.become(role text, organization text default '', subject text default 'someone') returns void
language plpgsql as $$
declare
  part constant text[] := string_to_array(role, ':');
begin
  perform set_config('cpwg.subject', coalesce(part[2], subject), true), set_config('cpwg.role', part[1], true),
          set_config('cpwg.organization', organization, true), set_config('cpwg.affiliation', coalesce(part[3], ''), true);
  perform set_config('role', 'cpwg_' || part[1], true);
end
$$;

-- Rows of a query, as a caller sees them.
create function test.count_as(role text, query text, organization text default '') returns bigint
language plpgsql as $$
declare
  n bigint;
begin
  perform test.become(role, organization);
  execute format('select count(*) from (%s) as q', query) into n;
  perform set_config('role', 'none', true);
  return n;
end
$$;

-- How a statement ends for a caller: 'fine', or its SQLSTATE, with the DETAIL of ours. What it did is kept.
create function test.try_as(role text, statement text, organization text default '') returns text
language plpgsql as $$
declare
  state text;
  told  text;
begin
  perform test.become(role, organization);
  execute statement;
  perform set_config('role', 'none', true);
  return 'fine';
exception
  when others then
    get stacked diagnostics state = returned_sqlstate, told = pg_exception_detail;
    perform set_config('role', 'none', true);
    return state || case when state like 'CW%' and told <> '' then ' ' || told else '' end;
end
$$;

-- Rows that a statement touches, as a caller; the statement stays done.
create function test.touched_as(role text, statement text, organization text default '') returns bigint
language plpgsql as $$
declare
  n bigint;
begin
  perform test.become(role, organization);
  execute statement;
  get diagnostics n = row_count;
  perform set_config('role', 'none', true);
  return n;
end
$$;

-- A query's plan for a caller, who goes by indexes.
create function test.plan_as(role text, query text) returns text
language plpgsql as $$
declare
  line text;
  plan text := '';
begin
  perform test.become(role);
  perform set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true);
  for line in execute 'explain ' || query loop
    plan := plan || line || e'\n';
  end loop;
  perform set_config('role', 'none', true);
  return plan;
end
$$;

-- The index condition of a query's plan for a caller, '' when no index serves the condition.
create function test.index_condition_as(role text, query text) returns text
language sql as $$
  select coalesce(string_agg(found[1], '' order by n), '')
  from   regexp_matches(test.plan_as(role, query), 'Index Cond: ([^\n]*)', 'g') with ordinality as x (found, n)
$$;

-- As if another transaction had begun: a counter is raised once in each (raise_counter).
create function test.begin_anew() returns void
language sql as $$ select set_config('cpwg.raised_' || topic, '', true) from publication $$;

-- Ids that tests can say.
create function test.id(n int) returns uuid
language sql as $$ select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;

-- A complaint n with everything that is filed with it; its case key's hash is n, in 64 digits.
create function test.file_complaint(n int) returns void
language sql as $$
  insert into complaint (id, kind, language, notice_version, neighborhood_code, received_at)
  values (test.id(n), 'complaint', 'es', '2026-01', 'southeast', '2026-03-31 23:00:00-04');
  insert into complaint_private (complaint_id, narrative, place, officer_described) values (test.id(n), 'narrative', 'place', 'officer');
  insert into complaint_contact (complaint_id, party, contact) values (test.id(n), 'complainant', 'contact'), (test.id(n), 'representative', 'lawyer');
  insert into complainant (complaint_id, ordinal, relation) values (test.id(n), 1, 'victim'), (test.id(n), 2, 'witness');
  insert into allegation (id, complaint_id, category) values (test.id(n * 1000), test.id(n), 'force');
  insert into case_key (hash, complaint_id, holder) values (lpad(n::text, 64, '0'), test.id(n), 'complainant');
  update complaint set filed_in = '3' where id = test.id(n); -- another transaction than the test's
$$;

-- Puts somebody to a complaint, with what they would need even after a recusal from it.
create function test.assign(n int, subject text, recused boolean default false) returns void
language plpgsql as $$
begin
  insert into assignment (id, complaint_id, subject) values (gen_random_uuid(), test.id(n), assign.subject);
  if recused then
    insert into recusal (id, complaint_id, subject, reason) values (gen_random_uuid(), test.id(n), assign.subject, 'a relative');
    update assignment a set ended_at = null where a.complaint_id = test.id(n) and a.subject = assign.subject;
  end if;
end
$$;

-- The complainant of complaint n consents to a referral, by case key.
create function test.consent(n int) returns uuid
language sql as $$
  select set_config('cpwg.case_key', lpad(n::text, 64, '0'), true);
  insert into consent (id, complaint_id, purpose) values (gen_random_uuid(), test.id(n), 'referral');
  select set_config('cpwg.case_key', '', true);
  select id from consent where complaint_id = test.id(n) and withdrawn_at is null;
$$;
