/* contract.c: getContract. In C because the contract lies in this program's memory, not in the database. */
#include "custom/custom.h"
#include "operation/etag.h"

bool custom_contract(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    const struct contract *contract = around->contract;

    (void)err;
    reply_header(reply, STR("ETag"), contract->etag);
    if (etag_none_match(call->if_none_match, contract->etag)) {
        reply->status = 304;
        reply->content_type = (struct str){NULL, 0};
        return true;
    }
    buf_add(reply->body, contract->document);
    return true;
}
