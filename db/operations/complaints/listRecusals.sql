-- listRecusals: who is recused from the complaint, oldest first; leaves an audit row. 404 where there is none
select must_find(exists (select from complaint where id = :id));

select audit_row('read', 'recusal', :id);

select   id, complaint_id, subject, recusal_reason(id) as reason, by_subject, at
from     recusal
where    complaint_id = :id
and      (at, id) > (:after_at, :after_id)  --?
order by at, id
limit    :limit;
