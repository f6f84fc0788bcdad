-- lifecycle_next: lifecycles are public; derive_next() makes it anew as owner
create policy owner_keeps on lifecycle_next to cpwg_owner using (true) with check (true);
create policy anyone_reads on lifecycle_next for select to cpwg_public using (true);
grant select on lifecycle_next, caller_next to cpwg_public;
