-- createCounterpart: confirms that complaint and police record tell of the same event; answers the counterpart
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into counterpart (id, complaint_id, police_record_id)
values (:new_id, :id, :police_record_id);

select *
from   counterpart_record
where  id = :new_id;
