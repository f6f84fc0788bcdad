-- timing: what others have, so that what is asked for is looked up among much: case keys, assignments, messages, referrals, police records
-- of two sources. As the superuser, past triggers and row security.
begin;
set local search_path = cpwg;
set local session_replication_role = replica;

insert into case_key (hash, complaint_id, holder, revoked_at)
select encode(sha256(('key ' || id)::bytea), 'hex'), id, 'complainant', case when get_byte(uuid_send(id), 0) < 64 then now() end
from   complaint;

insert into complaint_private (complaint_id, narrative)
select id, decode(repeat('5e', 900), 'hex')
from   complaint;

insert into assignment (id, complaint_id, subject, assigned_at)
select md5('assignment ' || id)::uuid, id, 'handler-' || (get_byte(uuid_send(id), 1) * 256 + get_byte(uuid_send(id), 2)) % 5000, received_at
from   complaint;

insert into complaint_message (id, complaint_id, author, language, text, at)
select md5('message ' || id)::uuid, id, 'group', language, decode(repeat('5e', 300), 'hex'), received_at
from   complaint;

insert into referral (id, complaint_id, organization_id, categories, quarter, sent_at, state, revision, created_at, updated_at)
select md5('referral ' || id)::uuid, id, ('7b0c1c9e-3f52-4a86-8' || 100000000000000 + (1 + get_byte(uuid_send(id), 1) * 256 + get_byte(uuid_send(id), 2)) * 7919234567)::uuid,
       '{discourtesy}', '2024-Q1', received_at, 'sent', 1, received_at, received_at
from   complaint;

insert into source (code, name_es, name_en) values ('bench-1', 'Uno', 'One'), ('bench-2', 'Dos', 'Two');

insert into police_record (id, source_code, external_id, received_on, category, category_sent, status, body_hash, revision, created_at, updated_at)
select md5('police record ' || id)::uuid, 'bench-' || 1 + get_byte(uuid_send(id), 1) % 2, public_reference, received_at::date, 'discourtesy',
       'Discourtesy', 'open', '', 1, received_at, received_at
from   complaint;

commit;
vacuum (analyze);
checkpoint;
