-- publication: anybody may read the counters; only the trigger function, as owner, writes them
create policy owner_counts on publication to cpwg_owner using (true) with check (true);
create policy anyone_reads on publication for select to cpwg_public using (true);
grant select on publication to cpwg_public;
