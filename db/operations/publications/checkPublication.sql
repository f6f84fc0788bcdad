-- checkPublication: looks at the summary for what tells who somebody is: api/custom/check_publication.c compares it with what is private
-- in the complaint and derives :findings from the guard; answers where something was found
-- guard
select p.summary_es as "summary.es", p.summary_en as "summary.en", s.narrative, s.place, s.officer_described, s.contact, s.text
from   complaint_publication p left join private_side(p.id) s on true
where  p.id = :id
for    update of p;

insert into publication_check (id, complaint_id, summary, findings, waived)
select :new_id, id, summary_digest(summary_es, summary_en), :findings, :waived
from   complaint_publication
where  id = :id;

select *
from   publication_check_record
where  id = :new_id;
