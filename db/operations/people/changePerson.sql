-- changePerson: changes the members that are given; what the person may do follows at once, in other processes within a minute
-- guard
select *
from   person_record
where  id = :id
for    update;

update person
set    revision = revision + 1
       , name = :name                     --?
       , email = :email                   --?
       , language = :language             --?
       , role = :role                     --?
       , affiliation = :affiliation       --?
       , organization_id = :organization  --?
where  id = :id;

select *
from   person_record
where  id = :id;
