-- api_clients: other systems that call the API in their own name: what each is, what it shows itself with, what was shown already
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table api_client (
  id              uuid primary key,
  name            text not null check (name <> '' and length(name) <= 160),
  role            text not null check (role in ('police_source', 'police_staff', 'city', 'partner')),
  organization_id uuid constraint organization references organization,
  source_code     text collate "C" constraint source references source on update cascade,
  scopes          text[] not null check (cardinality(scopes) between 1 and 32),
  address_ranges  cidr[] not null default '{}' check (cardinality(address_ranges) <= 16),
  keys            jsonb check (jsonb_typeof(keys) = 'array' and jsonb_array_length(keys) between 1 and 4),
  state           text not null,
  revision        bigint not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  constraint stands_for check (case role when 'police_source' then source_code is not null and organization_id is null
                                         else organization_id is not null and source_code is null end)
);
comment on table api_client is 'A system that calls in its own name; a token of it is worth what stands here when it is used';
comment on column api_client.address_ranges is 'Where it may call from; empty: from anywhere';
comment on column api_client.keys is 'Public keys (JWK, RFC 7517) by which it signs for itself, looked at before they come here, and not again; null: none';

create index api_client_updated on api_client (updated_at, id);
create index api_client_role    on api_client (role, updated_at, id);
create index api_client_state   on api_client (state, updated_at, id);
create index api_client_keys    on api_client (id) where keys is not null;

create table api_client_transition (
  id         uuid primary key,
  record_id  uuid not null constraint api_client references api_client on delete cascade,
  from_state text not null,
  to_state   text not null,
  reason     text check (length(reason) <= 2000),
  by_subject text,
  by_role    text,
  at         timestamptz not null
);
create index api_client_transition_record on api_client_transition (record_id, at, id);
comment on table api_client_transition is 'Who moved a client from state to state, when and why. Append-only';

create table api_client_secret (
  id           uuid primary key,
  client_id    uuid not null constraint api_client references api_client on delete cascade,
  hash         text collate "C" not null constraint already_given unique check (hash ~ '^[0-9a-f]{64}$'),
  last_used_on date,
  expires_at   timestamptz,
  by_subject   text,
  at           timestamptz not null
);
create index api_client_secret_client on api_client_secret (client_id, at, id);
comment on table api_client_secret is 'What a client shows itself with: keyed hashes. The secret itself is shown once and kept nowhere';
comment on column api_client_secret.expires_at is 'When it ends or ended; null: not by itself';

create table api_client_assertion (
  client_id  uuid not null constraint api_client references api_client on delete cascade,
  jti_hash   text not null check (jti_hash ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  constraint shown_before primary key (client_id, jti_hash)
);
comment on table api_client_assertion is 'Signed assertions (RFC 7523) that were shown already, until they expire: none counts twice';

create function begin_api_client() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  kind constant text := (select o.kind from organization o where o.id = new.organization_id);
begin
  perform must(case new.role when 'police_staff' then kind = 'police_department'
                             when 'city'         then kind = 'city_department'
                             when 'partner'      then kind not in ('police_department', 'city_department') end,
               'the organization is not of the kind that the role speaks for');
  return new;
end
$$;
comment on function begin_api_client() is 'Row trigger: a role says whom a client answers to, so the organization must be such a one';

create function keep_revoked() returns trigger
language plpgsql set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform must(old.state = 'active', 'the client is revoked');
  return new;
end
$$;
comment on function keep_revoked() is 'Row trigger: a revoked client changes no more';

create function begin_api_client_secret() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  perform from api_client c where c.id = new.client_id for update; -- two additions take turns
  perform must((select c.state = 'active' from api_client c where c.id = new.client_id), 'the client is revoked');
  perform must((select count(*) < 2 from api_client_secret s where s.client_id = new.client_id and coalesce(s.expires_at, 'infinity') > clock_timestamp()),
               'two secrets of the client are in use; end one first');
  return new;
end
$$;
comment on function begin_api_client_secret() is 'Row trigger: a client that is not revoked has two secrets at most';

create function end_api_client_secret() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.expires_at := least(old.expires_at, new.expires_at);
  return new;
end
$$;
comment on function end_api_client_secret() is 'Row trigger: no secret comes to last longer';

create function forget_assertions() returns trigger
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
begin
  delete from api_client_assertion where client_id = new.client_id and expires_at < clock_timestamp();
  return null;
end
$$;
comment on function forget_assertions() is 'Row trigger: what has expired is refused for that, and need not be remembered';

create trigger begin before insert on api_client for each row execute function begin_api_client();
create trigger keep_revoked before update on api_client for each row execute function keep_revoked();
create trigger stamp before insert or update on api_client for each row execute function stamp();
create trigger make_transition before insert on api_client_transition for each row execute function make_transition('api_client', 'api_client_record');
create trigger begin before insert on api_client_secret for each row execute function begin_api_client_secret();
create trigger sign before insert on api_client_secret for each row execute function sign_row();
create trigger no_longer before update on api_client_secret for each row execute function end_api_client_secret();
create trigger forget after insert on api_client_assertion for each row execute function forget_assertions();

create view api_client_record with (security_invoker) as
select id, name, role, organization_id as organization, source_code as source, scopes, address_ranges::text[] as address_ranges,
       keys as "jwks.keys", state,
       coalesce(((select next from caller_next where record = 'api_client') ->> state)::text[], '{}') as next,
       created_at, updated_at, revision as "_revision"
from   api_client;
comment on view api_client_record is 'A client as who keeps clients sees it; its secrets are apart';

commit;
