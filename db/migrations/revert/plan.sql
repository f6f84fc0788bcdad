-- Takes back plan
begin;

drop table cpwg.plan_element;

commit;
