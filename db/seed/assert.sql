-- assert_count: a loader that ends with another number of rows than its file has fails, instead of going quiet.
create function pg_temp.assert_count(rows_of text, expected numeric) returns void
language plpgsql as $$
declare
  found bigint;
begin
  execute 'select count(*) from cpwg.' || rows_of into found;
  if found is distinct from expected then
    raise exception 'seed: % has % rows, expected %', rows_of, found, expected;
  end if;
end
$$;
