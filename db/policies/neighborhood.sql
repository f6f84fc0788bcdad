-- neighborhood: neighborhoods are public
create policy anyone_reads on neighborhood for select to cpwg_public using (true);
grant select on neighborhood to cpwg_public;
