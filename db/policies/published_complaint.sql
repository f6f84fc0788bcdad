-- published_complaint: public as a whole; refresh_published(), as owner, is the only way into it
create policy owner_keeps on published_complaint to cpwg_owner using (true) with check (true);
create policy anyone_reads on published_complaint for select to cpwg_public using (true);
grant select on published_complaint, published_complaint_record to cpwg_public;
grant execute on function published_face(published_complaint) to cpwg_public;
