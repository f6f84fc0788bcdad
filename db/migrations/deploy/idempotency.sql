-- idempotency: which requests were carried out under which key, for 24 hours
begin;

set local role cpwg_owner;
set local search_path = cpwg;

create table idempotency_key (
  scope      bytea primary key,
  body       bytea not null,
  operation  text not null,
  record_id  uuid not null,
  created_at timestamptz not null default now()
);
create index idempotency_key_created_at on idempotency_key (created_at);
comment on column idempotency_key.scope is 'HMAC of caller and key: neither is kept';
comment on column idempotency_key.body is 'HMAC of the body under the key';

create function idempotency_take(scope text, body text, operation text, new_id uuid) returns void
language plpgsql security definer set search_path = pg_catalog, cpwg, pg_temp as $$
declare
  asked constant idempotency_key := row(decode(scope, 'hex'), decode(body, 'hex'), operation, new_id, now());
  done  idempotency_key;
begin
  if not pg_try_advisory_xact_lock(hashtextextended(idempotency_take.scope, 0)) then
    raise exception 'a request with this key is running' using errcode = 'CW002';
  end if;

  insert into idempotency_key as k values (asked.*)
  on conflict on constraint idempotency_key_pkey do update
  set   body = excluded.body, operation = excluded.operation, record_id = excluded.record_id, created_at = excluded.created_at
  where k.created_at <= now() - interval '24 hours';
  if found then
    return;
  end if;

  select * into done from idempotency_key k where k.scope = asked.scope;
  if done.body = asked.body and done.operation = asked.operation then
    raise exception 'already done' using errcode = 'CW004', detail = done.record_id::text;
  end if;
  raise exception 'key used for another request' using errcode = 'CW003';
end
$$;
comment on function idempotency_take(text, text, text, uuid) is
  'Takes a key (hex of its HMAC) for new_id, or raises: CW002 running, CW003 used for another request, CW004 done (DETAIL: its id)';

create function idempotency_forget() returns bigint
language sql security definer set search_path = pg_catalog, cpwg, pg_temp
begin atomic
  with gone as (delete from idempotency_key where created_at <= now() - interval '24 hours' returning 1)
  select count(*) from gone;
end;
comment on function idempotency_forget() is 'Deletes keys older than 24 hours; gives how many';

commit;
