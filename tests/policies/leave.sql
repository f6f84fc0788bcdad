-- leave: included after tests/db/lib.sql where one red test is enough: it ends the transaction, so that what follows costs nothing.
create or replace function test.ok(passed boolean, name text) returns text
language plpgsql as $$
begin
  if passed is not true then
    raise exception 'not ok %', name;
  end if;
  return 'ok ' || name;
end
$$;

create or replace function test.is(found anyelement, expected anyelement, name text) returns text
language sql as $$ select test.ok(found is not distinct from expected, name) $$;
