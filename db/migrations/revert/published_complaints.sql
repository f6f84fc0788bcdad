-- Takes back published_complaints
begin;

set local search_path = cpwg;
drop trigger refresh on complaint;
drop trigger refresh on allegation;
drop trigger refresh on resolution;
drop view published_complaint_record;
drop table published_complaint, publication_check, publication_transition, complaint_publication;
drop function begin_publication(), place_rung(uuid), refresh_published(uuid), refresh_of_complaint(), refresh_of_child(), may_publish(),
              summary_digest(text, text);

commit;
