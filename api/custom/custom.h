/* custom.h: the operations that are C, since no SQL can say them. Each says at the top of its file why it is one. */
#ifndef CUSTOM_CUSTOM_H
#define CUSTOM_CUSTOM_H

#include "operation/engine.h"

/* All of them. */
const struct custom *custom_table(size_t *ret_n);

/* getContract: the contract that this server runs by, with its ETag; 304 where the caller has it. */
bool custom_contract(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* getProblem: the page behind the type of a problem, in the caller's language first. ERR_NOT_FOUND for other slugs. */
bool custom_problem(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* createToken: a token for a system that shows who it is. */
bool custom_create_token(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* createApiClient, changeApiClient: whether the keys are such as assertions may be signed with, and the ranges are some. ERR_INVALID. */
bool check_api_client(const struct call *call, struct error *err);

/* checkPublication: :findings, where the summary seems to tell who somebody is. */
bool derive_findings(const struct guarded *guard, struct buf *ret_json, struct error *err);

/* getJwks, getAuthorizationServer, getProtectedResource: what a client must know to send tokens here. */
bool custom_jwks(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);
bool custom_authorization_server(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);
bool custom_protected_resource(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* getMe: who the caller is, and may do. */
bool custom_me(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* getIndex: where to start: the contract, and every public read whose path takes no value. */
bool custom_index(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

#endif
