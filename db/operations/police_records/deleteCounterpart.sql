-- deleteCounterpart: takes a counterpart back; for who is assigned to the complaint.
-- Asked of the counterpart, which its id finds: of the complaint's index it would be a second array beside that of the policy
-- guard
select c.id
from   complaint c
       join counterpart k on k.complaint_id = c.id
where  c.id = :id
and    k.id = :counterpart_id
and    k.complaint_id = any ((select assigned_to())::uuid[])
for    update of c;

delete from counterpart
where  id = :counterpart_id;
