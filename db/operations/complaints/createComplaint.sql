-- createComplaint: files a complaint with those it happened to, what is alleged, contacts and the key that is shown once; answers
-- what its filer may see
insert into complaint (id, kind, occurred_from, occurred_to, neighborhood_code, language, interpreter, through_representative, under_18,
                       pending_criminal_case, retaliation, publish, identity_to, notice_version
                       , channel      --? channel
                       , received_at  --? received_at
)
values (:new_id, :kind, :occurred.from, :occurred.to, :neighborhood, :language, :interpreter, :representative.contact is not null,
        coalesce(:under_18, false), coalesce(:pending_criminal_case, false), coalesce(:retaliation, false), :publish, :identity_to, :notice_version
        , :channel      --?
        , :received_at  --?
);

insert into case_key (hash, complaint_id, holder)
values (:case_key_hash, :new_id, case when :representative.contact is null then 'complainant' else 'representative' end);

insert into complaint_private (complaint_id, narrative, place, officer_described)
values (:new_id, :narrative, :place, :officer_described);

insert into complaint_contact (complaint_id, party, contact)
select :new_id, party, contact
from   (values ('complainant', :contact), ('representative', :representative.contact)) as given (party, contact)
where  contact is not null;

insert into complainant (complaint_id, ordinal, race, sex, age_band, relation)
select :new_id, ordinal, coalesce(race, '{}'), sex, age_band, relation
from   rows from (jsonb_to_recordset(:complainants) as (race text[], sex text, age_band text, relation text))
       with ordinality as given (race, sex, age_band, relation, ordinal);

insert into allegation (complaint_id, ordinal, category)
select :new_id, ordinal, category
from   unnest(:allegations::text[]) with ordinality as given (category, ordinal);

select *, :case_key as case_key
from   filed_complaint(:new_id, :case_key_hash);
