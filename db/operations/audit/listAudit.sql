-- listAudit: who did what to which record, newest first, as far as the worker has chained it; leaves an audit row itself
select audit_row('read', 'audit', null);

select   *
from     audit_record
where    true
and      record = :record              --?
and      record_id = :record_id        --?
and      complaint_id = :complaint_id  --?
and      by_subject = :subject         --?
and      action = :action              --?
and      at >= :since                  --?
and      at < :until                   --?
and      (at, position) < (:after_at, :after_position)  --?
order by at desc, position desc
limit    :limit;
