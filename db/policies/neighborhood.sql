-- neighborhood: neighborhoods are public; functions that run as the owner ask for their sectors
create policy owner_reads on neighborhood for select to cpwg_owner using (true);
create policy anyone_reads on neighborhood for select to cpwg_public using (true);
grant select on neighborhood to cpwg_public;
