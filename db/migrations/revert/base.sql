-- Takes back base
begin;

drop schema cpwg cascade;

commit;
