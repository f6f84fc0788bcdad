-- reason: why something moved, or somebody was recused, is in no table for anybody, and told to the group alone: whatever an operation's file asks
select test.file_complaint(1) as ignored \gset
insert into organization (id, kind, name) values (test.id(900), 'police_department', 'Recipient');
insert into assignment (id, complaint_id, subject) values (gen_random_uuid(), test.id(1), 'someone');
insert into referral (id, complaint_id, organization_id) values (test.id(904), test.id(1), test.id(900));
insert into complaint_publication (id, summary_es, summary_en) values (test.id(1), 'es', 'en');
alter table complaint_transition disable trigger user;
alter table publication_transition disable trigger user;
alter table referral_transition disable trigger user;
insert into complaint_transition (id, record_id, from_state, to_state, reason, at) values (test.id(905), test.id(1), 'received', 'withdrawn', '\x01', now());
insert into publication_transition (id, record_id, from_state, to_state, reason, at) values (test.id(906), test.id(1), 'checked', 'drafted', '\x01', now());
insert into referral_transition (id, record_id, from_state, to_state, reason, at) values (test.id(907), test.id(904), 'sent', 'withdrawn', '\x01', now());
alter table complaint_transition enable trigger user;
alter table publication_transition enable trigger user;
alter table referral_transition enable trigger user;
insert into recusal (id, complaint_id, subject, reason) values (test.id(908), test.id(1), 'else', '\x01');

create temporary table kept on commit drop as
select * from (values ('complaint_transition', test.id(905)), ('publication_transition', test.id(906)), ('referral_transition', test.id(907)), ('recusal', test.id(908))) as x (t, id);
create temporary table caller on commit drop as
select substr(rolname, 6) || ':someone:' || affiliation as who, substr(rolname, 6) as role, affiliation
from   pg_roles, unnest('{resident,organization,city,council,police,""}'::text[]) as affiliation
where  rolname like 'cpwg\_%' and rolname not in ('cpwg_owner', 'cpwg_api');

select test.is(string_agg(relname, ' ' order by relname), (select string_agg(t, ' ' order by t) from kept), 'these tables keep sealed reasons, and no other')
from   pg_attribute join pg_class c on c.oid = attrelid
where  relnamespace = 'cpwg'::regnamespace and relkind = 'r' and attname = 'reason' and atttypid = 'bytea'::regtype;
select test.is(test.try_as(who, 'select reason from ' || t), '42501', who || ' reads no reason in ' || t) from caller, kept;
select test.is(test.try_as(who, format('select %I.*::text from %I', t, t)), '42501', who || ' reads no row of ' || t || ' whole') from caller, kept;

-- What the function answers
create function test.told(who text, t text, id uuid) returns boolean
language plpgsql as $$
declare
  told bytea;
begin
  perform test.become(who, test.id(900)::text);
  execute format('select %I(%L)', t || '_reason', id) into told;
  perform set_config('role', 'none', true);
  return told is not null;
exception
  when insufficient_privilege then
    perform set_config('role', 'none', true);
    return false;
end
$$;
select test.is(test.told(who, t, id), affiliation not in ('police', '') and role = any (case t when 'publication_transition' then '{publisher,coordinator,case_handler,auditor}'::text[] else '{coordinator,case_handler,auditor}' end),
               who || ' is told why, of ' || t || ', as they should')
from   caller, kept;
