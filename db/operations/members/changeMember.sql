-- changeMember: changes the members that are given; answers the seat as it is then
-- guard
select *
from   member_record
where  id = :id
for    update;

update member
set    revision = revision + 1
       , display_name = :display_name  --?
       , seat_kind = :seat_kind        --?
       , appointed_by = :appointed_by  --?
       , term_from = :term.from        --?
       , term_to = :term.to            --?
       , profile_es = :profile.es      --?
       , profile_en = :profile.en      --?
       , listed = :listed              --?
where  id = :id;

select *
from   member_record
where  id = :id;
