-- recuse: ends all access of a person to a complaint, of the caller where nobody is named; answers the recusal
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into recusal (id, complaint_id, subject, reason)
values (:new_id, :id, coalesce(:subject, :caller_subject), :reason);

select id, complaint_id, subject, recusal_reason(id) as reason, by_subject, at
from   recusal
where  id = :new_id;
