-- lifecycle: lifecycles are public; make_transition() and derive_initial() read them as owner
create policy owner_reads on lifecycle for select to cpwg_owner using (true);
create policy anyone_reads on lifecycle for select to cpwg_public using (true);
grant select on lifecycle to cpwg_public;
