-- Takes back published_complaints
begin;

set local search_path = cpwg;
drop trigger refresh on complaint;
drop trigger refresh on allegation;
drop trigger withhold on complaint;
drop trigger touch_publication on resolution;
drop trigger touch_publication on assignment;
drop view publication_check_record, publication_record, publication_preview, published_complaint_record;
drop function published_face(published_complaint), preview_version(published_complaint), preview_published(uuid), to_be_told(uuid, boolean);
drop type published_face;
drop function publication_next(complaint_publication), publication_obstacle(complaint_publication, text);
drop function publication_transition_reason(uuid), summary_digest(uuid), words_to_publish(uuid), last_resolution(uuid, timestamptz), last_published(uuid);
drop table published_complaint, publication_check, publication_transition, complaint_publication;
drop function private_side(uuid), begin_publication(), place_rung(uuid), refresh_published(uuid, boolean), refresh_of_complaint(), refresh_of_publication(), refresh_of_child(), may_publish(),
              begin_look(), approves(uuid), is_for_approval(text), withhold_places(), touch_publication();
delete from publication where topic = 'published_complaints';

commit;
