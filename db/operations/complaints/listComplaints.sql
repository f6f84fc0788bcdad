-- listComplaints: complaints as the group handles them, oldest change first. A mirror (updated_since) gets nothing newer than
-- what may still be committed; the horizon must be asked before the statement that reads. Nobody finds by what their record does not
-- tell them; asked of the table, where indexes serve. What somebody handles is joined, not compared: with the array of the policy
-- an index would go through thousands for each of thousands
select set_config('cpwg.horizon', horizon()::text, true)
where  :updated_since is not null;

select   *
from     complaint_record c
where    true
and      state = :state                --?
and      kind = :kind                  --?
and      id in (select id from complaint where neighborhood_code = :neighborhood and is_not_police())  --?
and      channel = :channel            --?
and      exists (select from allegation a where a.complaint_id = c.id and a.category = :category)  --?
and      id in (select unnest(array(select complaint_id from assignment where subject = :assignee and ended_at is null)))  --?
and      id in (select unnest(assigned_to()))  --? assigned_to_me
and      id in (select id from complaint where due_at < now() and is_not_police())  --? overdue
and      received_at >= :received_from  --?
and      received_at < :received_to    --?
and      updated_at >= :updated_since  --?
and      updated_at < (select current_setting('cpwg.horizon')::timestamptz)  --? updated_since
and      (updated_at, id) > (:after_updated_at, :after_id)  --?
order by updated_at, id
limit    :limit;
