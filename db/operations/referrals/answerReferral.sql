-- answerReferral: answers a referral and moves it to answered, where its lifecycle lets the caller; answers it as it is then
-- guard
select revision as "_revision"
from   referral
where  id = :id
for    update;

update referral
set    answer = :answer
where  id = :id;

insert into referral_transition (id, record_id, to_state)
values (:new_id, :id, 'answered');

select *
from   referral_record
where  id = :id;
