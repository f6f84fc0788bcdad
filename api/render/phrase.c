/* phrase.c: reasons in Spanish, and what constraints mean, as tables. Knows nothing of errors; phrase_test.c looks for reasons that it lacks. */
#include "render/phrase.h"

static const struct {
    struct str en, es;
} phrases[] = {
#define PHRASE(en, es) {STR_INIT(en), STR_INIT(es)},
    /* base/value.c */
    PHRASE("duplicate member", "miembro duplicado")
    PHRASE("not valid UTF-8", "no es UTF-8 válido")
    PHRASE("number out of range", "número fuera de rango")
    PHRASE("NUL character", "carácter NUL")
    PHRASE("ends too early", "termina antes de tiempo")
    PHRASE("something follows the value", "hay algo después del valor")
    PHRASE("syntax error", "error de sintaxis")
    PHRASE("nested more than ", "niveles de anidamiento: más de ")
    PHRASE(" deep", "")
    PHRASE(", line ", ", línea ")
    PHRASE(", column ", ", columna ")
    /* auth */
    PHRASE("not a Bearer token", "no es un token Bearer")
    PHRASE("its client is revoked, or calls from elsewhere than it may", "su cliente está revocado, o llama desde donde no puede")
    PHRASE("no role of this service", "su rol no es de este servicio")
    PHRASE("not base64url", "no es base64url")
    PHRASE("not well-formed JSON", "no es JSON bien formado")
    PHRASE("not a JSON object", "no es un objeto JSON")
    PHRASE("the header has members other than alg, typ and kid", "la cabecera tiene miembros distintos de alg, typ y kid")
    PHRASE("the header's ", "en la cabecera, ")
    PHRASE(" is not ", " no es ")
    PHRASE("the signature does not match", "la firma no coincide")
    PHRASE("exp is missing or not a whole number", "exp falta o no es un número entero")
    PHRASE("it has expired", "ha caducado")
    PHRASE("nbf or iat is not a whole number", "nbf o iat no es un número entero")
    PHRASE("it is not valid yet", "aún no es válido")
    PHRASE("the claim scope does not fit", "la declaración scope no es válida")
    PHRASE("the claim ", "la declaración ")
    PHRASE(" is missing or does not fit", " falta o no es válida")
    PHRASE("too long", "demasiado largo")
    PHRASE("not three parts", "no tiene tres partes")
    PHRASE("it comes from another issuer", "procede de otro emisor")
    PHRASE("its issuer has no such key", "su emisor no tiene esa clave")
    PHRASE("its key is for another algorithm", "su clave es para otro algoritmo")
    PHRASE("one of its issuer's", "uno de los de su emisor")
    PHRASE("one that is taken of its issuer", "uno que se admita de su emisor")
    PHRASE(" names no key", " no nombra ninguna clave")
    PHRASE("a system's subject is its client_id", "el sujeto de un sistema es su client_id")
    PHRASE("it is meant for another audience", "está destinado a otra audiencia")
    PHRASE("its claims are too large", "sus declaraciones son demasiado grandes")
    /* http */
    PHRASE("the request line does not come first", "la línea de solicitud no es la primera")
    PHRASE("the method is no token", "el método contiene caracteres no admitidos")
    PHRASE("the request line has other spaces than one between its parts", "la línea de solicitud debe llevar un solo espacio entre sus partes")
    PHRASE("only HTTP/1.1 and HTTP/1.0 are spoken here", "aquí solo se habla HTTP/1.1 y HTTP/1.0")
    PHRASE("a line does not end in CR LF", "una línea no termina en CR LF")
    PHRASE("a space before the colon of a header field", "hay un espacio ante los dos puntos de una cabecera")
    PHRASE("a folded or illegal header field", "una cabecera está plegada o no es válida")
    PHRASE("the name of a header field is no token", "el nombre de una cabecera contiene caracteres no admitidos")
    PHRASE("a control character in a header field", "hay un carácter de control en una cabecera")
    PHRASE("the request line or a header field is malformed, cut short or too large",
           "la línea de solicitud o una cabecera está mal formada, incompleta o es demasiado grande")
    PHRASE("the request target is no path (origin-form)", "el destino de la solicitud no es una ruta")
    PHRASE("the request target holds a character that must be percent-encoded", "el destino de la solicitud contiene un carácter que debe codificarse con %")
    PHRASE("the path holds a NUL", "la ruta contiene un NUL")
    PHRASE("more than one ", "hay más de una cabecera ")
    PHRASE("more than ", "más de ")
    PHRASE("exactly one valid Host is needed", "se necesita una cabecera Host válida, y solo una")
    PHRASE("Transfer-Encoding together with Content-Length or HTTP/1.0", "Transfer-Encoding junto con Content-Length o HTTP/1.0")
    PHRASE("Transfer-Encoding other than chunked", "Transfer-Encoding distinto de chunked")
    PHRASE("Content-Length is no number", "Content-Length no es un número")
    PHRASE("Expect other than 100-continue", "Expect distinto de 100-continue")
    PHRASE("the connection broke off", "la conexión se cortó")
    PHRASE("the body is not properly chunked, or cut short", "el cuerpo no está bien fragmentado, o está incompleto")
    PHRASE("the head is cut short", "la cabecera de la petición está incompleta")
    PHRASE("the body is cut short", "el cuerpo está incompleto")
    PHRASE("this operation takes no body", "esta operación no admite cuerpo")
    PHRASE("it is empty", "está vacío")
    /* db/migrations */
    PHRASE("this transition needs a reason", "esta transición necesita un motivo")
    PHRASE("the organization is not of the kind that the role speaks for", "la organización no es de la clase por la que habla el rol")
    PHRASE("the seat has ended", "el puesto ha terminado")
    PHRASE("the client is revoked", "el cliente está revocado")
    PHRASE("two secrets of the client are in use; end one first", "el cliente tiene dos secretos en uso; termine antes uno")
    PHRASE("a referral is answered with an answer", "una derivación se contesta con una respuesta")
    PHRASE("decided_on is before 1900 or in the future", "decided_on es anterior a 1900 o está en el futuro")
    PHRASE("it happened and came in since 1900, and not in the future", "ocurrió y se recibió desde 1900, y no en el futuro")
    PHRASE("occurred.to is before occurred.from", "occurred.to es anterior a occurred.from")
    PHRASE("only a draft is changed: move it back to drafted first", "solo se modifica un borrador: devuélvalo antes a drafted")
    PHRASE("the complainant lets nobody outside the group know who they are", "quien presentó la queja no permite que nadie fuera del grupo sepa quién es")
    PHRASE("the organization is not active", "la organización no está activa")
    PHRASE("the record was withdrawn, and changes no more", "el registro se retiró y ya no cambia")
    PHRASE("the token names no source that is known here", "el token no nombra ninguna fuente conocida aquí")
    PHRASE("this person is recused from the complaint", "esta persona está recusada en la queja")
    PHRASE("whoever complained holds a key, and alone discloses more", "quien presentó la queja tiene una clave, y solo esa persona revela más")
    PHRASE("without the complainant's consent only categories and quarter are disclosed",
           "sin el consentimiento de quien presentó la queja solo se revelan las categorías y el trimestre")
    PHRASE("this role needs an organization", "este rol necesita una organización")
    PHRASE("whoever is of a police department is of police affiliation", "quien es de un departamento de policía tiene afiliación policial")
    PHRASE("police_staff is of police affiliation and of a police department", "police_staff tiene afiliación policial y es de un departamento de policía")
    PHRASE("a partner is of neither police nor city", "un socio no es de la policía ni de la ciudad")
    PHRASE("the last coordinator stays until there is another", "la última persona coordinadora permanece hasta que haya otra")
    PHRASE("there is no such person, or they have ended", "no existe tal persona, o ya terminó")
    PHRASE("term.to is before term.from", "term.to es anterior a term.from")
    PHRASE("a person becomes active by the code of their invitation alone", "una persona solo se activa con el código de su invitación")
    PHRASE("only whoever is not active is invited", "solo se invita a quien no está activo")
    PHRASE("whoever signs in so is another person of the group already", "quien inicia sesión así ya es otra persona del grupo")
    PHRASE("a system is nobody's account", "un sistema no es la cuenta de nadie")
    PHRASE("whoever signs in with police affiliation has it in their record", "quien inicia sesión con afiliación policial la tiene en su registro")
    PHRASE("this person signed in otherwise before: for another account a new person is invited",
           "esta persona inició sesión antes de otro modo: para otra cuenta se invita a una persona nueva")
    PHRASE("that an organization is, or is not, of police or city is for a coordinator to say who is not of the police",
           "que una organización sea o no de la policía o de la ciudad lo dice una coordinación que no sea de la policía")
    PHRASE("people or systems were let in for what this organization is", "hay personas o sistemas admitidos por lo que esta organización es")
    PHRASE("whoever approves has read the preview: its version is missing", "quien aprueba ha leído la vista previa: falta su versión")
    PHRASE("what would be published is no longer what was read: read the preview again",
           "lo que se publicaría ya no es lo que se leyó: lea de nuevo la vista previa")
    PHRASE("a second person approves: nobody who drafted it, or ever handled the complaint",
           "aprueba una segunda persona: nadie que la redactara o que llevara alguna vez la queja")
    PHRASE("this summary has not been checked", "este resumen no se ha comprobado")
    PHRASE("whoever approves has not looked at summary and resolution as they are now",
           "quien aprueba no ha mirado el resumen y la resolución tal como están ahora")
    PHRASE("the check found what may tell who somebody is; change the summary, or say why it may stand",
           "la comprobación halló algo que puede revelar quién es alguien; cambie el resumen, o diga por qué puede quedar")
    PHRASE("the complainant lets this be counted, not told", "quien presentó la queja permite que se cuente en las sumas, no que se relate")
    PHRASE("what stands in public is corrected, and what does not is published", "lo que ya es público se corrige, y lo que no lo es se publica")
    /* api/custom */
    PHRASE("the form is not properly encoded", "el formulario no está bien codificado")
    PHRASE("the form is too long", "el formulario es demasiado largo")
    PHRASE("a parameter stands twice", "un parámetro aparece dos veces")
    PHRASE("the client shows itself in more than one way", "el cliente se acredita de más de una manera")
    PHRASE("client_id is missing", "falta client_id")
    PHRASE("client_assertion_type is missing or another", "client_assertion_type falta o es otro")
    PHRASE("client_id is too long", "client_id es demasiado largo")
    PHRASE("client_id is not that of the header Authorization", "client_id no es el de la cabecera Authorization")
    PHRASE("grant_type is missing", "falta grant_type")
#undef PHRASE
};

static const struct {
    struct str name, text[LANGUAGES];
} constraints[] = {
#define TAKEN(name, en, es) {STR_INIT(name), {[LANGUAGE_EN] = STR_INIT(en " (" name ")"), [LANGUAGE_ES] = STR_INIT(es " (" name ")")}},
#define MISSING(name, en, es) {STR_INIT(name), {[LANGUAGE_EN] = STR_INIT(en), [LANGUAGE_ES] = STR_INIT(es)}},
    TAKEN("already_assigned", "this person handles the complaint already", "esta persona ya lleva la queja")
    TAKEN("already_carried_out", "this request was carried out more than 24 hours ago, and what it made still stands",
          "esta solicitud se llevó a cabo hace más de 24 horas, y lo que hizo sigue en pie")
    TAKEN("already_drafted", "a publication of the complaint was drafted already", "ya hay un borrador de publicación de la queja")
    TAKEN("already_given", "this request was carried out more than 24 hours ago, and its secret is not shown again",
          "esta solicitud se llevó a cabo hace más de 24 horas, y su secreto no se muestra de nuevo")
    TAKEN("already_invited", "this request was carried out more than 24 hours ago, and its invitation code is not shown again",
          "esta solicitud se llevó a cabo hace más de 24 horas, y su código de invitación no se muestra de nuevo")
    TAKEN("already_linked", "the complaint is linked to it already", "la queja ya está vinculada con ello")
    TAKEN("already_recused", "this person is recused from the complaint already", "esta persona ya está recusada en la queja")
    TAKEN("complaint_has_one", "the complaint has a counterpart already", "la queja ya tiene un registro correspondiente")
    TAKEN("consent_given", "this consent is given already", "este consentimiento ya está dado")
    TAKEN("invitation_open", "this person has an open invitation already", "esta persona ya tiene una invitación abierta")
    TAKEN("one_seat", "this person has a seat already", "esta persona ya tiene un puesto")
    TAKEN("police_record_has_one", "the police record has a counterpart already", "el registro policial ya tiene una queja correspondiente")
    TAKEN("subject", "whoever signs in so is another person already", "quien inicia sesión así ya es otra persona")
    MISSING("api_client", "client", "cliente")
    MISSING("complaint", "complaint", "queja")
    MISSING("member", "seat", "puesto")
    MISSING("message", "message", "mensaje")
    MISSING("neighborhood", "neighborhood", "barrio")
    MISSING("notice", "notice", "aviso")
    MISSING("organization", "organization", "organización")
    MISSING("person", "person", "persona")
    MISSING("police_record", "police record", "registro policial")
    MISSING("publication", "publication", "publicación")
    MISSING("referral", "referral", "derivación")
    MISSING("source", "source", "fuente")
#undef TAKEN
#undef MISSING
};

bool phrase_constraint(struct str name, enum language language, struct buf *b)
{
    for (size_t i = 0; i < sizeof constraints / sizeof constraints[0]; i++)
        if (str_eq(constraints[i].name, name)) {
            buf_add(b, constraints[i].text[language]);
            return true;
        }
    return false;
}

/* The first phrase that s begins with, as an index; their number when there is none. */
static size_t phrase_at(struct str s)
{
    size_t i = 0;
    while (i < sizeof phrases / sizeof phrases[0] && !str_starts(s, phrases[i].en))
        i++;
    return i;
}

void phrase_spanish(struct str argument, struct buf *b)
{
    while (argument.n) {
        size_t i = phrase_at(argument);
        bool found = i < sizeof phrases / sizeof phrases[0];
        buf_add(b, found ? phrases[i].es : (struct str){argument.p, 1});
        argument = str_skip(argument, found ? phrases[i].en.n : 1);
    }
}
