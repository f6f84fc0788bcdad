-- Takes back published_complaints
begin;

set local search_path = cpwg;
drop trigger refresh on complaint;
drop trigger refresh on allegation;
drop trigger refresh on complaint_publication;
drop trigger may_publish on publication_transition;
drop view publication_preview, published_complaint_record;
drop function published_face(published_complaint), preview_version(published_complaint), preview_published(uuid), to_be_told(uuid, boolean);
drop type published_face;
drop table published_complaint;
drop function last_published(uuid), place_rung(uuid), refresh_published(uuid, boolean), refresh_of_complaint(), refresh_of_publication(), refresh_of_child(), may_publish();
delete from publication where topic = 'published_complaints';

commit;
