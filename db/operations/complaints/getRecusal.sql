-- getRecusal: one recusal; whoever is recused reads their own
select id, complaint_id, subject, recusal_reason(id) as reason, by_subject, at
from   recusal
where  id = :recusal_id
and    complaint_id = :id;
