-- createResolutionAnswer: says whether one is content with the resolution; answers what was said
-- guard
select id
from   complaint
where  id = (select case_complaint())
for    key share;

select must(exists (select from resolution where complaint_id = (select case_complaint())), 'there is no resolution yet');

insert into resolution_answer (id, complaint_id, satisfied, text)
values (:new_id, case_complaint(), :satisfied, :text);

select id, satisfied, text, at
from   resolution_answer
where  id = :new_id;
