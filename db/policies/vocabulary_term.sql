-- vocabulary_term: value lists are public
create policy anyone_reads on vocabulary_term for select to cpwg_public using (true);
grant select on vocabulary_term to cpwg_public;
