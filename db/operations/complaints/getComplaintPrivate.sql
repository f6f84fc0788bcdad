-- getComplaintPrivate: what is private in a complaint, for whoever handles it; leaves an audit row. Contacts are there only as far
-- as the complainant lets the group know who they are (policy of complaint_contact)
select must_find(exists (select from complaint_private where complaint_id = :id));

select audit_row('read', 'complaint_private', :id);

select complaint_id, narrative, place, officer_described,
       (select contact from complaint_contact k where k.complaint_id = p.complaint_id and party = 'complainant') as contact,
       (select contact from complaint_contact k where k.complaint_id = p.complaint_id and party = 'representative') as "representative.contact",
       (select coalesce(json_agg(json_strip_nulls(json_build_object('race', race, 'sex', sex, 'age_band', age_band, 'relation', relation)) order by ordinal), '[]')
        from   complainant c
        where  c.complaint_id = p.complaint_id) as complainants,
       (select coalesce(json_agg(json_build_object('purpose', purpose, 'given_by', given_by, 'given_at', given_at,
                                                   'withdrawn_at', withdrawn_at) order by given_at, id), '[]')
        from   consent c
        where  c.complaint_id = p.complaint_id) as consents
from   complaint_private p
where  complaint_id = :id;
