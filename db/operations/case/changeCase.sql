-- changeCase: changes the members that are given; answers the complaint as it is then
-- guard
select *
from   case_record
for    update;

update complaint
set    revision = revision + 1
       , interpreter = :interpreter  --?
       , publish = :publish          --?
       , identity_to = :identity_to  --?
where  id = (select case_complaint());

insert into complaint_contact (complaint_id, party, contact)
select case_complaint(), case_holder(), :contact
where  :contact is not null
on conflict (complaint_id, party) do update set contact = excluded.contact;

delete from complaint_contact
where  complaint_id = (select case_complaint())
and    party = (select case_holder())
and    (false
       or :contact is null  --?
       );

select *
from   case_record;
