-- checkPublication: looks at the summary and the resolution for what tells who somebody is: api/custom/check_publication.c compares it with what is private
-- in the complaint (private_side() says with what) and derives :findings from the guard; answers where something was found
-- guard
select w.summary_es as "summary.es", w.summary_en as "summary.en", w.resolution_es as "resolution.es", w.resolution_en as "resolution.en",
       s.narrative, s.place, s.officer_described, s.contact, s.text, s.withheld
from   complaint_publication p
       join words_to_publish(p.id) w on true
       left join private_side(p.id) s on true
where  p.id = :id
for    update of p;

select must((select may_be_told from words_to_publish(:id)), 'the complainant lets this be counted, not told');

select audit_row('read', 'complaint_private', :id); -- what is found tells something of it

insert into publication_check (id, complaint_id, summary, findings, waived)
select :new_id, id, summary_digest(id), :findings, :waived
from   complaint_publication
where  id = :id;

select *
from   publication_check_record
where  id = :new_id;
