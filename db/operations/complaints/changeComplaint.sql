-- changeComplaint: changes the members that are given; answers the complaint as it is then
-- guard
select *
from   complaint_record
where  id = :id
for    update;

update complaint
set    revision = revision + 1
       , kind = :kind                      --?
       , occurred_from = :occurred.from    --?
       , occurred_to = :occurred.to        --?
       , neighborhood_code = :neighborhood  --?
       , interpreter = :interpreter        --?
       , under_18 = :under_18              --?
       , pending_criminal_case = :pending_criminal_case  --?
       , retaliation = :retaliation        --?
where  id = :id;

select *
from   complaint_record
where  id = :id;
