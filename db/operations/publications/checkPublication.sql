-- checkPublication: looks at the summary and the resolution for what tells who somebody is: api/custom/check_publication.c compares it with what is private
-- in the complaint and derives :findings from the guard; answers where something was found
-- guard
select p.summary_es as "summary.es", p.summary_en as "summary.en",
       (select text_es from resolution r where r.complaint_id = p.id order by at desc, id desc limit 1) as "resolution.es",
       (select text_en from resolution r where r.complaint_id = p.id order by at desc, id desc limit 1) as "resolution.en",
       s.narrative, s.place, s.officer_described, s.contact, s.text, s.withheld
from   complaint_publication p left join private_side(p.id) s on true
where  p.id = :id
for    update of p;

select must((select publish from complaint where id = :id) = 'summary', 'the complainant lets this be counted, not told');

select audit_row('read', 'complaint_private', :id); -- what is found tells something of it

insert into publication_check (id, complaint_id, summary, findings, waived)
select :new_id, id, summary_digest(id), :findings, :waived
from   complaint_publication
where  id = :id;

select *
from   publication_check_record
where  id = :new_id;
