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

-- Becomes a caller, as the service does at the start of each transaction.
create function test.become(role text, organization text default '', subject text default 'someone') returns void
language plpgsql as $$
begin
  perform set_config('cpwg.subject', subject, true), set_config('cpwg.role', role, true),
          set_config('cpwg.organization', organization, true), set_config('cpwg.affiliation', '', true);
  perform set_config('role', 'cpwg_' || role, true);
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

-- The index condition of a query's plan for a caller, '' when no index serves the condition.
create function test.index_condition_as(role text, query text) returns text
language plpgsql as $$
declare
  line text;
  conditions text := '';
begin
  perform test.become(role);
  perform set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true);
  for line in execute 'explain ' || query loop
    conditions := conditions || coalesce(substring(line from 'Index Cond: (.*)'), '');
  end loop;
  perform set_config('role', 'none', true);
  return conditions;
end
$$;
