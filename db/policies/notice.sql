-- notice: what filers are told is public
create policy anyone_reads on notice for select to cpwg_public using (true);
grant select on notice to cpwg_public;
