-- getRecusal: one recusal; whoever is recused reads their own; leaves an audit row
select must_find(exists (select from recusal where id = :recusal_id and complaint_id = :id));

select audit_row('read', 'recusal', :recusal_id);

select id, complaint_id, subject, recusal_reason(id) as reason, by_subject, at
from   recusal
where  id = :recusal_id
and    complaint_id = :id;
