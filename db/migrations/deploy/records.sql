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

create function must(holds boolean, otherwise text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if holds is false then
    raise exception 'refused' using errcode = 'CW008', detail = otherwise;
  end if;
end
$$;
comment on function must(boolean, text) is 'For what an operation asks beyond its schema: raises a conflict (CW008) that tells the caller why';

commit;
