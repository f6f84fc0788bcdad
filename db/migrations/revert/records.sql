-- Takes back records
begin;

drop function cpwg.must_find(boolean), cpwg.must(boolean, text);

commit;
