/* service.h: the parts of the service, put together in order and taken apart again. */
#ifndef OPS_SERVICE_H
#define OPS_SERVICE_H

#include "auth/token.h"
#include "base/config.h"
#include "base/seal.h"
#include "operation/engine.h"

/* Parts that a step has not made yet are zero. Must not move: its parts point at each other. */
struct service {
    struct arena arena; /* of all that lives as long as the program */
    struct config config;
    struct str secret;
    struct seal *seal; /* NULL where no seal key file is set */
    struct token_keys keys;
    struct issuers_options issuers; /* what the issuers file says; its list is empty where none is set */
    const struct contract *contract;
    struct db_pool *pool, *streams;
    struct engine *engine;
};

/* Reads the settings: the first step. config_file may be NULL. End with service_done, also when it failed. */
bool service_init(struct service *service, const char *config_file, struct error *err);

/* Reads the secret and derives the token key. ERR_STARTUP when it is not set, shorter than
 * 32 bytes or open to others. */
bool service_read_secret(struct service *service, struct error *err);

bool service_load_contract(struct service *service, struct error *err);

/* Reads the issuers file, when one is set. Needs the contract; nothing is fetched. ERR_STARTUP. */
bool service_read_issuers(struct service *service, struct error *err);

/* Reads the seal key file, and derives what tokens need of it. ERR_STARTUP when none is set, unless a contract was loaded that does without, and no providers, or it cannot be used. */
bool service_read_seal(struct service *service, struct error *err);

/* Makes the connection pools; opens no connection. ERR_STARTUP when no database is set. */
bool service_open_database(struct service *service, struct error *err);

/* Pairs contract and SQL. Needs the contract; works without secret and database where nothing is carried out. */
bool service_load_engine(struct service *service, struct error *err);

/* Starts to keep the keys of providers fresh, when there are any. Call it while there is only one thread. */
bool service_start_issuers(struct service *service, void (*report)(const struct issuer_event *event), struct error *err);

void service_done(struct service *service);

#endif
