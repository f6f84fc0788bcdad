/* error_list.h: the catalogue of errors. Adding one is adding a row; everything that tells of errors derives from it. */
#ifndef BASE_ERROR_LIST_H
#define BASE_ERROR_LIST_H

/* code, HTTP status, slug (last part of the problem type, RFC 9457), title en, title es, detail en, detail es.
 * "{}" in a detail stands for struct error.argument, which must be safe to show: never SQL, paths or tokens. */
#define ERROR_LIST(X)                                                                                                  \
    X(ERR_MALFORMED, 400, "malformed-request", "Malformed request", "Solicitud mal formada",                          \
      "The request breaks a rule of HTTP: {}.", "La solicitud incumple una regla de HTTP: {}.")                        \
    X(ERR_SYNTAX, 400, "malformed-json", "Malformed JSON", "JSON mal formado",                                        \
      "The body is not the JSON that this service reads: {}.", "El cuerpo no es el JSON que lee este servicio: {}.")   \
    X(ERR_PARAMETER, 400, "invalid-parameter", "Invalid parameter", "Parámetro no válido",                            \
      "One or more parameters do not fit; see errors.", "Uno o más parámetros no son válidos; véase errors.")          \
    X(ERR_CURSOR, 400, "invalid-cursor", "Invalid cursor", "Cursor no válido",                                         \
      "The cursor was not made by this service for this list and filter. Start again without it.",                     \
      "El cursor no fue emitido por este servicio para esta lista y filtro. Empiece de nuevo sin él.")                 \
    X(ERR_TOKEN_MISSING, 401, "authentication-required", "Authentication required", "Se requiere autenticación",      \
      "Send a token: Authorization: Bearer <token>.", "Envíe un token: Authorization: Bearer <token>.")                \
    X(ERR_TOKEN_INVALID, 401, "invalid-token", "Invalid token", "Token no válido",                                     \
      "The token is not valid: {}.", "El token no es válido: {}.")                                                     \
    X(ERR_CASE_KEY_MISSING, 401, "case-key-required", "Case key required", "Se requiere la clave del caso",           \
      "Send the key of the case, which was shown when it was filed, in the header Case-Key.",                          \
      "Envíe en la cabecera Case-Key la clave del caso, que se mostró al presentarlo.")                                \
    X(ERR_CASE_KEY_INVALID, 401, "case-key-invalid", "Mistyped case key", "Clave de caso mal escrita",                \
      "The case key has a mistake; compare it, character by character, with what was shown when the case was filed.",  \
      "La clave del caso tiene un error; compárela, carácter por carácter, con la que se mostró al presentarlo.")      \
    X(ERR_TOKEN_REQUEST, 400, "invalid-token-request", "Invalid token request", "Solicitud de token no válida",        \
      "The request for a token breaks a rule of RFC 6749: {}.", "La solicitud de token incumple una regla de RFC 6749: {}.") \
    X(ERR_GRANT_TYPE, 400, "unsupported-grant-type", "Unsupported grant type", "Tipo de concesión no admitido",         \
      "Tokens are given for client_credentials alone.", "Solo se dan tokens para client_credentials.")                  \
    X(ERR_CLIENT_SCOPE, 400, "invalid-scope", "Invalid scope", "Permiso no válido",                                    \
      "The scope that is asked for is not one of the client's.", "El permiso que se pide no es uno de los del cliente.") \
    X(ERR_CLIENT, 401, "invalid-client", "Invalid client", "Cliente no válido",                                        \
      "The client is not known, is revoked, calls from elsewhere than it may, or did not show itself as it must; all of these look the same.", \
      "El cliente no se conoce, está revocado, llama desde donde no puede o no se acreditó como debe; todo ello se ve igual.") \
    X(ERR_SCOPE, 403, "insufficient-scope", "Insufficient scope", "Permiso insuficiente",                              \
      "This operation needs the scope {}.", "Esta operación necesita el permiso {}.")                                  \
    X(ERR_FORBIDDEN, 403, "forbidden", "Forbidden", "Prohibido",                                                       \
      "The caller may not do this to this record.", "Quien llama no puede hacer esto con este registro.")              \
    X(ERR_NO_PATH, 404, "unknown-path", "Unknown path", "Ruta desconocida",                                            \
      "Nothing is served at this path; /openapi.json lists what is.",                                                  \
      "No se sirve nada en esta ruta; /openapi.json enumera lo que hay.")                                              \
    X(ERR_NOT_FOUND, 404, "not-found", "Not found", "No encontrado",                                                   \
      "There is no such record, or the caller may not see it.",                                                        \
      "No existe tal registro, o quien llama no puede verlo.")                                                         \
    X(ERR_METHOD, 405, "method-not-allowed", "Method not allowed", "Método no permitido",                             \
      "This path allows {}.", "Esta ruta permite {}.")                                                                 \
    X(ERR_NOT_ACCEPTABLE, 406, "not-acceptable", "Not acceptable", "No aceptable",                                     \
      "This operation answers in {}.", "Esta operación responde en {}.")                                               \
    X(ERR_REQUEST_TIMEOUT, 408, "request-timeout", "Request timeout", "Tiempo de solicitud agotado",                   \
      "The body did not arrive in time.", "El cuerpo no llegó a tiempo.")                                              \
    X(ERR_CONFLICT, 409, "conflict", "Conflict", "Conflicto",                                                          \
      "The change conflicts with what is stored: {}.", "El cambio entra en conflicto con lo guardado: {}.")            \
    X(ERR_TRANSITION, 409, "illegal-transition", "Illegal transition", "Transición no permitida",                     \
      "The record cannot go there from its present state; open to this caller: {}.",                                   \
      "El registro no puede pasar a ese estado desde el actual; abiertos a quien llama: {}.")                          \
    X(ERR_REFERENCE, 409, "missing-reference", "Missing reference", "Referencia inexistente",                         \
      "A record that the request refers to does not exist: {}.",                                                       \
      "No existe un registro al que se refiere la solicitud: {}.")                                                     \
    X(ERR_UNLINKABLE, 409, "cannot-be-linked", "Cannot be linked", "No se puede vincular",                             \
      "This record cannot be linked to the complaint.", "Este registro no se puede vincular con la queja.")            \
    X(ERR_IDEMPOTENCY_RUNNING, 409, "request-in-progress", "Request in progress", "Solicitud en curso",               \
      "A request with this Idempotency-Key is still running; send it again in a moment.",                              \
      "Una solicitud con esta Idempotency-Key sigue en curso; envíela de nuevo en un momento.")                        \
    X(ERR_PRECONDITION, 412, "precondition-failed", "Precondition failed", "Condición previa no cumplida",           \
      "The record has changed since it was read; read it again.",                                                      \
      "El registro ha cambiado desde que se leyó; léalo de nuevo.")                                                    \
    X(ERR_TOO_LARGE, 413, "content-too-large", "Content too large", "Contenido demasiado grande",                      \
      "The body is larger than {} bytes.", "El cuerpo supera {} bytes.")                                               \
    X(ERR_URI_TOO_LONG, 414, "uri-too-long", "URI too long", "URI demasiado largo",                                    \
      "Path and query together are longer than {} bytes.", "La ruta y la consulta juntas superan {} bytes.")           \
    X(ERR_MEDIA_TYPE, 415, "unsupported-media-type", "Unsupported media type", "Tipo de medio no admitido",           \
      "This operation takes {}, without Content-Encoding.", "Esta operación admite {}, sin Content-Encoding.")         \
    X(ERR_INVALID, 422, "invalid-content", "Invalid content", "Contenido no válido",                                  \
      "The body does not fit the contract; see errors.", "El cuerpo no se ajusta al contrato; véase errors.")          \
    X(ERR_IDEMPOTENCY_REUSED, 422, "idempotency-key-reused", "Idempotency key reused", "Clave de idempotencia reutilizada", \
      "This Idempotency-Key was used with another request; use a new one.",                                            \
      "Esta Idempotency-Key se usó con otra solicitud; use una nueva.")                                                   \
    X(ERR_PRECONDITION_REQUIRED, 428, "precondition-required", "Precondition required", "Se requiere condición previa", \
      "Send If-Match with the ETag of the record that was read.",                                                      \
      "Envíe If-Match con el ETag del registro leído.")                                                                \
    X(ERR_LIMIT, 429, "too-many-requests", "Too many requests", "Demasiadas solicitudes",                              \
      "More was asked than this caller may ask; wait for the seconds that the header Retry-After names.",              \
      "Se pidió más de lo que puede pedir quien llama; espere los segundos que indica la cabecera Retry-After.")       \
    X(ERR_TOO_OFTEN, 429, "too-often", "Too often", "Demasiadas veces",                                                \
      "This has been done as often as it may be; try again in {} seconds.",                                            \
      "Esto ya se hizo tantas veces como se permite; inténtelo de nuevo en {} segundos.")                              \
    X(ERR_HEADERS_TOO_LARGE, 431, "headers-too-large", "Header fields too large", "Cabeceras demasiado grandes",       \
      "The header fields are more or larger than this service takes: {}.",                                             \
      "Las cabeceras son más o mayores de lo que admite este servicio: {}.")                                           \
    X(ERR_INTERNAL, 500, "internal-error", "Internal error", "Error interno",                                           \
      "Something failed on our side; the log has it under this trace_id.",                                             \
      "Algo falló de nuestro lado; el registro lo guarda con este trace_id.")                                          \
    X(ERR_NOT_IMPLEMENTED, 501, "method-not-implemented", "Method not implemented", "Método no implementado",         \
      "This service does not know that method.", "Este servicio no conoce ese método.")                                \
    X(ERR_OVERLOADED, 503, "overloaded", "Overloaded", "Sobrecargado",                                                  \
      "Too many requests at once; try again shortly.", "Demasiadas solicitudes a la vez; intente de nuevo en breve.")  \
    X(ERR_ISSUER_UNAVAILABLE, 503, "issuer-unavailable", "Issuer unavailable", "Emisor no disponible",                 \
      "The token cannot be checked now, since its issuer does not answer; try again shortly.",                         \
      "El token no se puede comprobar ahora, porque su emisor no responde; intente de nuevo en breve.")                \
    X(ERR_DB_UNAVAILABLE, 503, "database-unavailable", "Database unavailable", "Base de datos no disponible",         \
      "The database cannot be reached now; nothing was lost by asking; try again shortly.",                            \
      "No se puede acceder a la base de datos; intente de nuevo en breve.")                                            \
    X(ERR_DB_UNCERTAIN, 503, "outcome-unknown", "Outcome unknown", "Resultado desconocido",                            \
      "The connection broke before the database confirmed; send the same request with the same Idempotency-Key again.", \
      "La conexión se cortó antes de la confirmación; envíe de nuevo la misma solicitud con la misma Idempotency-Key.") \
    X(ERR_DB_TIMEOUT, 503, "database-timeout", "Database timeout", "Tiempo de base de datos agotado",                  \
      "The database took too long; try again shortly.", "La base de datos tardó demasiado; intente de nuevo en breve.") \
    X(ERR_STOPPING, 503, "stopping", "Stopping", "Deteniéndose",                                                       \
      "This server is stopping; another one answers.", "Este servidor se está deteniendo; otro responde.")             \
    /* Never sent to a client: a write already done under this Idempotency-Key (argument: id of its record), to be answered
     * again; then what `cpwg` itself refuses to start with. */                                                        \
    X(ERR_REPLAY, 500, "replay", "Replay", "Repetición", "{}", "{}")                                                   \
    X(ERR_CONTRACT, 500, "contract-error", "Contract error", "Error de contrato", "{}", "{}")                          \
    X(ERR_STARTUP, 500, "startup-error", "Startup error", "Error de inicio", "{}", "{}")

#endif
