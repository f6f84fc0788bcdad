/* sentence.c: tables of sentences in Spanish and English. Knows nothing of JSON or HTML. */
#include "render/sentence.h"

static const struct sentence {
    struct str keyword;
    struct str text[LANGUAGES];
} sentences[] = {
#define SENTENCE(keyword, es, en) {STR_INIT(keyword), {[LANGUAGE_ES] = STR_INIT(es), [LANGUAGE_EN] = STR_INIT(en)}},
    SENTENCE("type", "Debe ser de tipo {}.", "Must be of type {}.")
    SENTENCE("enum", "Debe ser uno de estos valores: {}.", "Must be one of these values: {}.")
    SENTENCE("const", "Debe ser exactamente {}.", "Must be exactly {}.")
    SENTENCE("required", "Es obligatorio y falta.", "Is required and missing.")
    SENTENCE("unknown", "No forma parte del contrato: {}.", "Is not part of the contract: {}.")
    SENTENCE("additionalProperties", "No forma parte del contrato: {}.", "Is not part of the contract: {}.")
    SENTENCE("minLength", "Debe tener como mínimo {} [carácter|caracteres].", "Must have at least {} [character|characters].")
    SENTENCE("maxLength", "Debe tener como máximo {} [carácter|caracteres].", "Must have at most {} [character|characters].")
    SENTENCE("pattern", "Debe seguir el patrón {}.", "Must match the pattern {}.")
    SENTENCE("minimum", "Debe ser como mínimo {}.", "Must be at least {}.")
    SENTENCE("maximum", "Debe ser como máximo {}.", "Must be at most {}.")
    SENTENCE("exclusiveMinimum", "Debe ser mayor que {}.", "Must be greater than {}.")
    SENTENCE("exclusiveMaximum", "Debe ser menor que {}.", "Must be less than {}.")
    SENTENCE("multipleOf", "Debe ser múltiplo de {}.", "Must be a multiple of {}.")
    SENTENCE("minItems", "Debe tener como mínimo {} [elemento|elementos].", "Must have at least {} [item|items].")
    SENTENCE("maxItems", "Debe tener como máximo {} [elemento|elementos].", "Must have at most {} [item|items].")
    SENTENCE("uniqueItems", "Sus elementos no se pueden repetir.", "Its items must not repeat.")
    SENTENCE("contains", "Ninguno de sus elementos es como exige el contrato.", "None of its items is as the contract demands.")
    SENTENCE("minProperties", "Debe tener como mínimo {} [miembro|miembros].", "Must have at least {} [member|members].")
    SENTENCE("maxProperties", "Debe tener como máximo {} [miembro|miembros].", "Must have at most {} [member|members].")
    SENTENCE("propertyNames", "El nombre de un miembro no es válido.", "The name of a member is not valid.")
    SENTENCE("format", "Debe tener el formato {}.", "Must have the format {}.")
    SENTENCE("anyOf", "No se ajusta a ninguna de las formas admitidas.", "Fits none of the forms that are allowed.")
    SENTENCE("oneOf", "Debe ajustarse a una sola de las formas admitidas.", "Must fit exactly one of the forms that are allowed.")
    SENTENCE("allOf", "No se ajusta a todo lo que exige el contrato.", "Does not fit all that the contract demands.")
    SENTENCE("not", "Tiene una forma que el contrato excluye.", "Has a form that the contract excludes.")
    SENTENCE("if", "No cumple una condición del contrato.", "Does not meet a condition of the contract.")
    SENTENCE("then", "No cumple una condición del contrato.", "Does not meet a condition of the contract.")
    SENTENCE("else", "No cumple una condición del contrato.", "Does not meet a condition of the contract.")
    SENTENCE("dependentRequired", "Es obligatorio junto con otro miembro, y falta.", "Is required together with another member, and missing.")
    SENTENCE("false", "Aquí no se admite ningún valor.", "No value is allowed here.")
    SENTENCE("false schema", "Aquí no se admite ningún valor.", "No value is allowed here.")
    SENTENCE("duplicate", "Aparece más de una vez.", "Occurs more than once.")
    SENTENCE("syntax", "No se puede leer tal como está escrito: {}.", "Cannot be read as it is written: {}.")
    SENTENCE("network", "Debe ser una dirección, o una red sin bits fuera de su prefijo, como 192.0.2.0/24 o 2001:db8::/32; las de IPv4, en su propia forma.",
             "Must be an address, or a network without bits behind its prefix, such as 192.0.2.0/24 or 2001:db8::/32; those of IPv4 in their own form.")
    SENTENCE("key", "No es una clave pública con la que se pueda firmar con seguridad: mal formada, demasiado corta o débil.",
             "Is no public key that can be signed with safely: malformed, too short or weak.")
    SENTENCE("cursor", "No fue emitido por este servicio para esta lista, con estos filtros y para quien llama.",
             "Was not made by this service for this list, with these filters and for this caller.")
    SENTENCE("reference", "Se refiere a un registro que no existe: {}.", "Refers to a record that does not exist: {}.")
#undef SENTENCE
};

/* For a keyword that the table lacks. */
static const struct sentence other = {
    STR_INIT(""), {[LANGUAGE_ES] = STR_INIT("No cumple el contrato: {}."), [LANGUAGE_EN] = STR_INIT("Does not fit the contract: {}.")}};

static const struct advice {
    int status;
    struct str text[LANGUAGES];
} advices[] = {
#define ADVICE(status, es, en) {status, {[LANGUAGE_ES] = STR_INIT(es), [LANGUAGE_EN] = STR_INIT(en)}},
    ADVICE(400, "Corrija la solicitud según lo que indica la respuesta y envíela de nuevo.",
           "Correct the request by what the answer names, and send it again.")
    ADVICE(401, "Obtenga un token vigente de quien administra el servicio y envíelo en la cabecera Authorization; una clave de caso, en la cabecera Case-Key tal como se mostró.",
           "Get a valid token from whoever runs the service, and send it in the header Authorization; a case key, in the header Case-Key as it was shown.")
    ADVICE(403, "Pida el permiso a quien administra el servicio; repetir la solicitud sin él no sirve.",
           "Ask whoever runs the service for the permission; repeating the request without it does not help.")
    ADVICE(404, "Compruebe la dirección y el identificador. /openapi.json enumera todas las rutas.",
           "Check the address and the identifier. /openapi.json lists every path.")
    ADVICE(405, "Use uno de los métodos que enumera la cabecera Allow de la respuesta.",
           "Use one of the methods that the answer's header Allow lists.")
    ADVICE(406, "Pida en la cabecera Accept uno de los formatos que nombra la respuesta.",
           "Ask in the header Accept for one of the formats that the answer names.")
    ADVICE(408, "Envíe de nuevo la solicitud, por una conexión más rápida si es posible.",
           "Send the request again, over a faster connection if there is one.")
    ADVICE(409, "Lea de nuevo el registro, vea qué cambió y decida si la solicitud aún procede.",
           "Read the record again, see what changed, and decide whether the request still stands.")
    ADVICE(412, "Lea de nuevo el registro y repita el cambio con su nuevo ETag en If-Match.",
           "Read the record again, and repeat the change with its new ETag in If-Match.")
    ADVICE(413, "Envíe menos contenido, o repártalo entre varias solicitudes.",
           "Send less content, or divide it among several requests.")
    ADVICE(414, "Acorte la dirección, por ejemplo con menos filtros.", "Shorten the address, for example with fewer filters.")
    ADVICE(415, "Envíe el cuerpo en uno de los formatos que nombra la respuesta, y sin comprimir.",
           "Send the body in one of the formats that the answer names, and not compressed.")
    ADVICE(422, "Corrija lo que indica la respuesta y envíe la solicitud de nuevo.",
           "Correct what the answer names, and send the request again.")
    ADVICE(428, "Lea el registro, y repita el cambio con su ETag en la cabecera If-Match.",
           "Read the record, and repeat the change with its ETag in the header If-Match.")
    ADVICE(429, "Espere los segundos que indica la cabecera Retry-After.", "Wait for the seconds that the header Retry-After names.")
    ADVICE(431, "Envíe menos cabeceras, o más cortas.", "Send fewer header fields, or shorter ones.")
    ADVICE(501, "Use uno de los métodos que describe /openapi.json.", "Use one of the methods that /openapi.json describes.")
    ADVICE(503, "Espere los segundos que indica la cabecera Retry-After y envíe la solicitud de nuevo, con la misma Idempotency-Key si tenía una.",
           "Wait for the seconds that the header Retry-After names, and send the request again, with the same Idempotency-Key if it had one.")
#undef ADVICE
};

static const struct advice elsewhere = {
    0,
    {[LANGUAGE_ES] = STR_INIT("Inténtelo de nuevo más tarde. Si se repite, comunique el trace_id de la respuesta a quien administra el servicio."),
     [LANGUAGE_EN] = STR_INIT("Try again later. If it happens again, tell whoever runs the service the answer's trace_id.")}};

void sentence_fill(struct str text, struct str argument, struct buf *b)
{
    size_t at = 0;

    while (at < text.n && !str_starts(str_skip(text, at), STR("{}")))
        at++;
    struct str before = {text.p, at}, after = str_skip(text, at + 2);
    if (at == text.n) {
        buf_add(b, text); /* nobody asked for the argument: it may be for the log alone */
        return;
    }
    if (!argument.n) {
        before.n -= str_ends(before, STR(" "));
        before.n -= str_ends(before, STR(":"));
    }
    buf_add(b, before);
    buf_add(b, argument);
    size_t open = str_find(after, '[');
    buf_add(b, (struct str){after.p, open});
    if (open == after.n)
        return;
    after = str_skip(after, open + 1);
    size_t bar = str_find(after, '|'), end = str_find(after, ']');
    bool one = str_eq(argument, STR("1"));
    buf_add(b, one ? (struct str){after.p, bar} : (struct str){after.p + bar + 1, end - bar - 1});
    buf_add(b, str_skip(after, end + 1));
}

void sentence_violation(const struct violation *violation, enum language language, struct buf *b)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (str_eq(sentences[i].keyword, violation->keyword)) {
            sentence_fill(sentences[i].text[language], violation->argument, b);
            return;
        }
    sentence_fill(other.text[language], violation->keyword, b);
}

struct str sentence_advice(int status, enum language language)
{
    for (size_t i = 0; i < sizeof advices / sizeof advices[0]; i++)
        if (advices[i].status == status)
            return advices[i].text[language];
    return elsewhere.text[language];
}
