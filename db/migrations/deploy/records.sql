-- records: what the operations of every record use
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create function must_find(is_there boolean) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not is_there then
    raise exception 'no such record' using errcode = 'CW005';
  end if;
end
$$;
comment on function must_find(boolean) is 'For lists below a record: raises not found (CW005) where the record is not there';

commit;
