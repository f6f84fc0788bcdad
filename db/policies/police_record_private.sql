-- police_record_private: sealed. Its source adds and takes away, and does not get it back; only who handles the counterpart reads it,
-- nobody of police affiliation
create policy owner_keeps on police_record_private to cpwg_owner using (true) with check (true);

create policy source_keeps on police_record_private
to     cpwg_police_source
using  (true)
with check (true);

create policy handler_reads on police_record_private for select
to     cpwg_coordinator, cpwg_case_handler
using  (record_id = any ((select counterparts_of_caller())::uuid[]));

create policy own_source on police_record_private as restrictive
to     cpwg_police_source
using  (source_code = (select caller_source()))
with check (source_code = (select caller_source()));

create policy not_police on police_record_private as restrictive for all
to     cpwg_coordinator, cpwg_case_handler
using  ((select is_not_police()));

grant select (record_id, source_code), insert, delete on police_record_private to cpwg_police_source;
grant select on police_record_private to cpwg_coordinator, cpwg_case_handler;
grant execute on function counterparts_of_caller() to cpwg_coordinator, cpwg_case_handler;
