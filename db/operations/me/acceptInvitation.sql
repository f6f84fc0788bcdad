-- acceptInvitation: binds the caller to the person whose code it is; answers what they may read of themselves
select accept_invitation(:invitation_code_hash);

select *
from   own_person();
