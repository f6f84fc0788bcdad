-- referrals: what goes to whoever investigates, by the complainant's consent, and back
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table consent (
  id           uuid primary key,
  complaint_id uuid not null constraint complaint references complaint on delete cascade,
  purpose      text not null check (purpose in ('referral')),
  given_by     text not null check (given_by in ('complainant', 'representative')),
  given_at     timestamptz not null,
  withdrawn_at timestamptz
);
create unique index consent_given on consent (complaint_id, purpose) where withdrawn_at is null;
create index consent_complaint on consent (complaint_id, given_at, id);

create table referral (
  id              uuid primary key,
  complaint_id    uuid not null constraint complaint references complaint on delete cascade,
  organization_id uuid not null constraint organization references organization,
  categories      text[] not null,
  quarter         text not null,
  disclosed       text[] not null default '{}',
  copy            bytea,
  consent_id      uuid constraint consent references consent,
  answer          bytea,
  by_subject      text,
  sent_at         timestamptz not null,
  acknowledged_at timestamptz,
  answered_at     timestamptz,
  state           text not null,
  is_demo         boolean not null default false,
  revision        bigint not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint disclosed check ((copy is null and disclosed = '{}') or (copy is not null and disclosed <> '{}'))
);
create index referral_complaint    on referral (complaint_id, sent_at, id);
create index referral_organization on referral (organization_id, updated_at, id);
comment on column referral.copy is 'Sealed: what the recipient is shown. Only by consent; withdrawing it, or the referral, destroys the copy';

create table referral_transition (like complaint_transition including comments);
alter table referral_transition add primary key (id),
  add constraint referral foreign key (record_id) references referral on delete cascade;
create index referral_transition_record on referral_transition (record_id, at, id);
comment on table referral_transition is 'Who moved a referral from state to state, when and why. Append-only';

comment on column referral_transition.reason is 'Sealed: nobody may read the column; referral_transition_reason() tells whom reads_reasons() says';

create function referral_transition_reason(id uuid) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  return case when reads_reasons() then (select t.reason from referral_transition t where t.id = referral_transition_reason.id) end;
end
$$;
comment on function referral_transition_reason(uuid) is 'Why, of a row that the caller sees: the only way to the column, which nobody may read';

create function begin_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  new.given_by     := case_holder();
  new.given_at     := clock_timestamp();
  new.withdrawn_at := null;
  return new;
end
$$;

create function withdraw_consent() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if old.withdrawn_at is null and new.withdrawn_at is not null then
    new.withdrawn_at := clock_timestamp();
    update referral set copy = null, disclosed = '{}' where consent_id = new.id;
  else
    new.withdrawn_at := old.withdrawn_at;
  end if;
  return new;
end
$$;
comment on function withdraw_consent() is 'Row trigger: what was disclosed by a consent is destroyed when it is withdrawn; it stays withdrawn';

create function begin_referral() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  theirs complaint;
begin
  select * into theirs from complaint where id = new.complaint_id;
  if exists (select from organization where id = new.organization_id and state <> 'active') then
    raise exception 'not active' using errcode = 'CW008', detail = 'the organization is not active';
  end if;
  new.consent_id := null;
  if new.copy is not null then
    select id into new.consent_id from consent
    where  complaint_id = new.complaint_id and purpose = 'referral' and withdrawn_at is null;
    if not found then
      raise exception 'no consent' using errcode = 'CW008', detail = 'without the complainant''s consent only categories and quarter are disclosed';
    end if;
  end if;
  if 'contact' = any (new.disclosed) and theirs.identity_to <> 'group_and_police' then
    raise exception 'no contact' using errcode = 'CW008', detail = 'the complainant lets nobody outside the group know who they are';
  end if;
  new.categories := array(select distinct category from allegation where complaint_id = new.complaint_id order by category);
  new.quarter    := quarter_of(theirs.received_at);
  new.is_demo    := theirs.is_demo;
  new.sent_at    := clock_timestamp();
  new.by_subject := nullif(current_setting('cpwg.subject', true), '');
  return new;
end
$$;
comment on function begin_referral() is
  'Row trigger: a copy goes only by consent, contacts only where police may know who complains; categories and quarter go always';

create function withdraw_identity() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  if new.identity_to <> 'group_and_police' then
    update referral set copy = null, disclosed = '{}' where complaint_id = new.id and 'contact' = any (disclosed);
  end if;
  return null;
end
$$;
comment on function withdraw_identity() is 'Row trigger: a copy with the contact, sealed as a whole, is destroyed when the recipient may no longer know who complained';

create function time_referral() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.state <> old.state then
    new.acknowledged_at := coalesce(old.acknowledged_at, case when new.state = 'acknowledged' then clock_timestamp() end);
    new.answered_at     := coalesce(old.answered_at, case when new.state = 'answered' then clock_timestamp() end);
    if new.state = 'answered' and new.answer is null then
      raise exception 'no answer' using errcode = 'CW008', detail = 'a referral is answered with an answer';
    elsif new.state = 'withdrawn' then
      new.copy      := null;
      new.disclosed := '{}';
    end if;
  end if;
  return new;
end
$$;
comment on function time_referral() is 'Row trigger: when it was acknowledged and answered; taking it back destroys the copy';

create trigger withdraw_identity after update of identity_to on complaint for each row execute function withdraw_identity();
create trigger begin before insert on consent for each row execute function begin_consent();
create trigger touch after insert or update on consent for each row execute function touch_complaint();
create trigger withdraw before update on consent for each row execute function withdraw_consent();
create trigger begin before insert on referral for each row execute function begin_referral();
create trigger stamp before insert or update on referral for each row execute function stamp();
create trigger time before update on referral for each row execute function time_referral();
create trigger touch after insert on referral for each row execute function touch_complaint();
create trigger make_transition before insert on referral_transition for each row execute function make_transition('referral', 'referral_record');

create view referral_record with (security_invoker) as
select id, organization_id as organization, categories, quarter, disclosed, state,
       coalesce(array_remove(((select next from caller_next where record = 'referral') ->> r.state)::text[], 'answered'), '{}') as next, sent_at,
       acknowledged_at, answered_at,
       is_demo as demo, updated_at, revision as "_revision"
from   referral r;
comment on view referral_record is 'A referral as both sides see it: neither which complaint it is, nor who sent it, nor its copy and answer. To answered it comes by an answer alone';

commit;
