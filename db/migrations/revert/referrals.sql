-- Takes back referrals
begin;

set local search_path = cpwg;
drop view referral_record;
drop trigger withdraw_identity on complaint;
drop table referral_transition, referral, consent;
drop function begin_consent(), withdraw_consent(), withdraw_identity(), begin_referral(), time_referral(), referral_transition_reason(uuid);

commit;
