-- listComplaints: complaints as the group handles them, oldest change first. A mirror (updated_since) gets nothing newer than
-- what may still be committed; the horizon must be asked before the statement that reads. Nobody finds by what their record does not
-- tell them. What somebody handles is joined, not compared: with the array of the policy an index would go through thousands for each
-- of thousands. Pages go along an index that is in their order, whatever their filters. What was received since a moment was changed
-- since a day before it: nothing is received later than a day from now (time_complaint())
select set_config('enable_bitmapscan', 'off', true),
       case when :updated_since is not null then set_config('cpwg.horizon', horizon()::text, true) end;

select   *
from     complaint_record c
where    true
and      state = :state                --?
and      kind = :kind                  --?
and      _neighborhood = :neighborhood and is_not_police()  --?
and      channel = :channel            --?
and      exists (select from allegation a where a.complaint_id = c.id and a.category = :category)  --?
and      id in (select unnest(array(select complaint_id from assignment where subject = :assignee and ended_at is null)))  --?
and      id in (select unnest(assigned_to()))  --? assigned_to_me
and      _due_at < now() and is_not_police()  --? overdue
and      received_at >= :received_from and updated_at >= :received_from - interval '1 day'  --?
and      received_at < :received_to    --?
and      updated_at >= :updated_since  --?
and      updated_at < (select current_setting('cpwg.horizon')::timestamptz)  --? updated_since
and      (updated_at, id) > (:after_updated_at, :after_id)  --?
order by updated_at, id
limit    :limit;
