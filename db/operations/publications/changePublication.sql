-- changePublication: changes a draft (trigger begin_publication refuses what is none); answers it as it is then
-- guard
select *
from   publication_record
where  id = :id
for    update;

update complaint_publication
set    revision = revision + 1
       , summary_es = :summary.es  --?
       , summary_en = :summary.en  --?
where  id = :id;

select *
from   publication_record
where  id = :id;
