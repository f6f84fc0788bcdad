-- listResolutionAnswers: what whoever complained said to the resolution, oldest first; 404 where the key opens nothing
select must_find(case_complaint() is not null);

select   id, satisfied, text, at
from     resolution_answer
where    complaint_id = (select case_complaint())
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
