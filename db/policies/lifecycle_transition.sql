-- lifecycle_transition: lifecycles are public; make_transition() and derive_initial() read them as owner
create policy owner_reads on lifecycle_transition for select to cpwg_owner using (true);
create policy anyone_reads on lifecycle_transition for select to cpwg_public using (true);
grant select on lifecycle_transition to cpwg_public;
