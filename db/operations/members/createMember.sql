-- createMember: offers a person a seat; answers it
insert into member (id, person_id, display_name, seat_kind, appointed_by, term_from, term_to, profile_es, profile_en, listed)
values (:new_id, :person, :display_name, :seat_kind, :appointed_by, :term.from, :term.to, :profile.es, :profile.en, :listed);

select *
from   member_record
where  id = :new_id;
