-- suppression_class: nobody but the owner's functions reads it; who administers the database changes it by the seed
create policy owner_reads on suppression_class for select to cpwg_owner using (true);
