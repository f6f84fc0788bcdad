-- vocabulary: value lists are public
create policy anyone_reads on vocabulary for select to cpwg_public using (true);
grant select on vocabulary to cpwg_public;
