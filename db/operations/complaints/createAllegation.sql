-- createAllegation: adds what is alleged besides; answers it
-- guard
select id
from   complaint
where  id = :id
for    update;

insert into allegation (id, complaint_id, category, finding, finding_status, decided_by, reported_by, outcome, decided_on)
values (:new_id, :id, :category, :finding, :finding_status, :decided_by, :reported_by, :outcome, :decided_on);

select *
from   allegation_record
where  id = :new_id;
