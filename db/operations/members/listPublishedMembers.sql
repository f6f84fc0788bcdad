-- listPublishedMembers: who is seated and consents to being shown, by name
-- guard
select revision as "_revision" from publication where topic = 'members';

select   *
from     published_member
where    true
and      seat_kind = :seat_kind  --?
and      (display_name, id) > (:after_display_name, :after_id)  --?
order by display_name, id
limit    :limit;
