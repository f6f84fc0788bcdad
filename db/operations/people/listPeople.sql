-- listPeople: people as the office sees them, oldest change first. A mirror (updated_since) gets nothing newer than what may still
-- be committed; the horizon must be asked before the statement that reads. Leaves an audit row
select set_config('cpwg.horizon', horizon()::text, true)
where  :updated_since is not null;

select audit_row('read', 'person', null);

select   *
from     person_record
where    true
and      state = :state                --?
and      role = :role                  --?
and      affiliation = :affiliation    --?
and      updated_at >= :updated_since  --?
and      updated_at < (select current_setting('cpwg.horizon')::timestamptz)  --? updated_since
and      (updated_at, id) > (:after_updated_at, :after_id)  --?
order by updated_at, id
limit    :limit;
