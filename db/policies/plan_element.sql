-- plan_element: the plan is public
create policy anyone_reads on plan_element for select to cpwg_public using (true);
grant select on plan_element to cpwg_public;
