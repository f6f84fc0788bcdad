-- listCaseMessages: what was written between complainant and group, oldest first; 404 where the key opens nothing
select must_find(case_complaint() is not null);

select   id, author, language, text, at
from     complaint_message
where    complaint_id = (select case_complaint())
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
