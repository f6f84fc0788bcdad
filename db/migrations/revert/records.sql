-- Takes back records
begin;

drop function cpwg.must_find(boolean);

commit;
