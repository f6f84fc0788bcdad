-- Takes back publications
begin;

set local search_path = cpwg;
drop trigger withhold on complaint;
drop trigger touch_publication on resolution;
drop trigger touch_publication on assignment;
drop view publication_check_record, publication_record;
drop function publication_next(complaint_publication), publication_obstacle(complaint_publication, text);
drop function publication_transition_reason(uuid), summary_digest(uuid), words_to_publish(uuid), last_resolution(uuid, timestamptz);
drop table publication_check, publication_transition, complaint_publication;
drop function private_side(uuid), begin_publication(), begin_look(), approves(uuid), is_for_approval(text), withhold_places(), touch_publication();

commit;
