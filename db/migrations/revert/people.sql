-- Takes back people
begin;

set local search_path = cpwg;
drop view published_member, member_record, person_record;
drop function own_person(), accept_invitation(text);
drop trigger keep_kind on organization;
drop function keep_kind();
drop table member_transition, member, invitation, person_transition;
drop trigger keep_coordinator on person;
drop function keep_coordinator(), is_office(person);
drop table person;
drop function keep_person(), by_code(), keep_ended(), pass_affiliation(), begin_member(), keep_term(), end_with_person(), begin_invitation();

commit;
