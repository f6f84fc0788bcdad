-- Takes back complaint_access
begin;

set local search_path = cpwg;
drop view allegation_record, complaint_record;
drop function may_disclose(), case_key_id(), case_complaint(), case_holder(), recused_from(), assigned_to(), complaint_transition_reason(uuid), recusal_reason(uuid), reads_reasons(), is_not_police(), is_being_filed(uuid),
              shows_identity(uuid), filed_complaint(uuid, text) cascade; -- with the policies that ask them

commit;
