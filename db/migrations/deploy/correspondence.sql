-- correspondence: what group and complainant tell each other, and the complaint as whoever holds its case key sees it
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table complaint_note (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  text         bytea not null,
  by_subject   text,
  at           timestamptz not null
);
create index complaint_note_complaint on complaint_note (complaint_id, at, id);
comment on table complaint_note is 'Sealed: the group''s own notes; the complainant does not see them';

create table complaint_message (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  author       text not null check (author in ('complainant', 'representative', 'group')),
  language     text not null check (language in ('es', 'en')),
  text         bytea not null,
  by_subject   text,
  at           timestamptz not null
);
create index complaint_message_complaint on complaint_message (complaint_id, at, id);
comment on table complaint_message is 'Sealed: what complainant and group write to each other';

create table resolution (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  text_es      text not null check (length(text_es) <= 10000),
  text_en      text not null check (length(text_en) <= 10000),
  actions      text[] not null default '{}',
  by_subject   text,
  at           timestamptz not null
);
create index resolution_complaint on resolution (complaint_id, at, id);
comment on table resolution is 'How it ended, in words that may be published; the last one counts';

create table resolution_answer (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  satisfied    boolean not null,
  text         bytea,
  at           timestamptz not null default clock_timestamp()
);
create index resolution_answer_complaint on resolution_answer (complaint_id, at, id);
comment on table resolution_answer is 'What the complainant says to the resolution; the text is sealed';

alter table complaint_transition add column message_id uuid constraint message references complaint_message;
comment on column complaint_transition.message_id is 'Where whoever complained says why';

create function begin_message() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  new.author := case when current_setting('cpwg.role', true) = 'case' then case_holder() else 'group' end;
  return new;
end
$$;

create trigger sign before insert on complaint_note for each row execute function sign_row();
create trigger begin before insert on complaint_message for each row execute function begin_message();
create trigger sign before insert on complaint_message for each row execute function sign_row();
create trigger sign before insert on resolution for each row execute function sign_row();
create trigger touch after insert on resolution for each row execute function touch_complaint();

create view case_record with (security_invoker) as
select c.public_reference, (select case_holder()) as holder, c.kind, c.received_at, c.occurred_from as "occurred.from",
       c.occurred_to as "occurred.to", c.neighborhood_code as neighborhood, c.language, c.interpreter, c.publish, c.identity_to,
       c.notice_version,
       (select narrative from complaint_private p where p.complaint_id = c.id) as narrative,
       (select place from complaint_private p where p.complaint_id = c.id) as place,
       (select officer_described from complaint_private p where p.complaint_id = c.id) as officer_described,
       (select contact from complaint_contact k where k.complaint_id = c.id and k.party = (select case_holder())) as contact,
       array(select category from allegation a where a.complaint_id = c.id order by ordinal) as categories,
       c.state, coalesce(((select next from caller_next where record = 'complaint') ->> c.state)::text[], '{}') as next, c.state_since, c.due_at,
       (select text_es from resolution r where r.complaint_id = c.id order by at desc, id desc limit 1) as "resolution.es",
       (select text_en from resolution r where r.complaint_id = c.id order by at desc, id desc limit 1) as "resolution.en",
       c.is_demo as demo, c.updated_at, c.revision as "_revision"
from   complaint c
where  c.id = (select case_complaint());
comment on view case_record is 'A complaint as whoever holds its case key sees it';

commit;
