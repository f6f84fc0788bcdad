/* reveals_test.c: what in a text tells who somebody is. All names and places are invented. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "api/custom/reveals.c"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* The marked runs in the order of the report: "name: Ruiz, badge: badge 12". Texts are ASCII, so that bytes are code points. */
static struct str found_in(const struct looked *looked, const char *text)
{
    struct str list = STR("");
    struct buf b;
    char kind[32];
    int offset, length, read;

    buf_init(&b, 1 << 16);
    look_report(looked, STR("/x"), &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    for (const char *at = b.p; *at; at += read) {
        at += *at == ',';
        assert_int_equal(sscanf(at, "{\"member\":\"/x\",\"kind\":\"%31[a-z_]\",\"offset\":%d,\"length\":%d}%n", kind, &offset, &length, &read), 3);
        list = arena_printf(&arena, "%.*s%s%s: %.*s", STR_ARG(list), list.n ? ", " : "", kind, length, text + offset);
    }
    buf_done(&b);
    return list;
}

static void expect_patterns(const char *text, const char *expected)
{
    struct looked looked = look_at(&arena, str_of(text));

    look_for_patterns(&looked);
    assert_string_equal(found_in(&looked, text).p, expected);
}

static void expect_private(const char *text, const char *member, const char *private_text, const char *expected)
{
    struct looked looked = look_at(&arena, str_of(text));
    struct words words = words_of(&arena, str_of(private_text));

    look_for_private(&looked, str_of(member), &words);
    assert_string_equal(found_in(&looked, text).p, expected);
}

static void plain_summaries_tell_nothing(void **state)
{
    (void)state;
    expect_patterns("", "");
    expect_patterns("A person says that two officers stopped them and did not say why. The Police Department answered in 30 days.", "");
    expect_patterns("Una persona dice que dos agentes la detuvieron. El Departamento de Policia respondio en 2026, el 2 de marzo.", "");
    expect_patterns("On 2026-03-02 at 10:30 P.M. the U.S. flag was torn. In March, on a Monday, in Lancaster, PA, it was found.", "");
}

static void titles_are_followed_by_names(void **state)
{
    (void)state;
    expect_patterns("Officer Dempsey left.", "name: Dempsey");
    expect_patterns("They saw Sgt. Ruiz and Lt. Maria de la Cruz there.", "name: Ruiz, name: Maria, name: Cruz");
    expect_patterns("Dice que el agente Ruiz y la sargento O'Brien gritaron.", "name: Ruiz, name: O'Brien");
    expect_patterns("DETECTIVE DEMPSEY left.", "name: DEMPSEY");
    expect_patterns("Ms. Smith, whose neighbor is named Jones, left. Jones returned.", "name: Smith, name: Jones, name: Jones");
}

static void names_inside_sentences_have_capitals(void **state)
{
    (void)state;
    expect_patterns("Later Juan Ejemplo came. Ejemplo left.", "name: Juan Ejemplo, name: Ejemplo");
    expect_patterns("Somebody told Mildred that.", "name: Mildred");
}

static void initials_stand_in_capitals_or_with_points(void **state)
{
    (void)state;
    expect_patterns("Officer KF searched them with JRM.", "initials: KF, initials: JRM");
    expect_patterns("Then J.M. and K. L. Z. came.", "initials: J.M, initials: K. L. Z");
    expect_patterns("It was J. Dempsey.", "name: J. Dempsey");
}

static void badges_are_numbers_after_words_for_them(void **state)
{
    (void)state;
    expect_patterns("the badge 1234 and badge number is 77", "badge: badge 1234, badge: badge number is 77");
    expect_patterns("con placa numero 1234, o #98", "badge: placa numero 1234, badge: 98");
    expect_patterns("Officer 4411 left, shield no. 5A too", "badge: 4411, badge: shield no. 5A");
    expect_patterns("they had no badge on in 30 minutes", "");
}

static void telephone_numbers_have_seven_digits_or_more(void **state)
{
    (void)state;
    expect_patterns("call 717-555-0100 or (717) 555 0101 or +1.717.555.0102", "phone: 717-555-0100, phone: 717) 555 0101, phone: 1.717.555.0102");
    expect_patterns("or 5550103 within 90 days of 2026-03-02, page 12-345", "phone: 5550103");
}

static void e_mail_addresses_have_an_at(void **state)
{
    (void)state;
    expect_patterns("write to ana.ejemplo-1@mail.example.org soon, or @ana", "email: ana.ejemplo-1@mail.example.org, email: ana");
}

static void addresses_name_streets(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"at 412 N Queen St by night", "412 N Queen St"},          {"at 12 West Chestnut Street.", "12 West Chestnut Street"},
        {"on City Avenue there", "City Avenue"},                   {"in the 300 block of N Queen there", "300 block of N Queen"},
        {"en la calle del Rio 12 de noche", "calle del Rio 12"},   {"en la avenida Reina de noche", "avenida Reina"},
        {"en la cuadra 300 de Reina, de noche", "cuadra 300 de Reina"}, {"at 5th and Market then", "5th and Market"},
        {"at 1234 Chestnut then", "1234 Chestnut"},                {"in apt 3B then", "apt 3B"},
        {"near the corner of Queen and King then", "corner of Queen and King"}, {"at Queen & King then", "Queen & King"},
        {"en la esquina de Reina y Rey, luego", "esquina de Reina y Rey"}, {"in Lancaster, PA 17602", "17602"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct looked looked = look_at(&arena, str_of(texts[i][0]));
        look_for_patterns(&looked);
        for (size_t w = 0; w < looked.words.n; w++)
            looked.marks[w] &= 1 << REVEALS_ADDRESS; /* streets look like names, too */
        assert_string_equal(found_in(&looked, texts[i][0]).p, arena_printf(&arena, "address: %s", texts[i][1]).p);
    }
    expect_patterns("crossing the street on a drive, 5 days later, in 2026 Officers came", "");
}

static void a_contact_is_told_by_each_of_its_words(void **state)
{
    (void)state;
    expect_private("ana went with Ejemplo's dog", "name", "Ana de Ejemplo", "name: ana, name: Ejemplo");
    expect_private("it ends in 0100", "phone", "717-555-0100", ""); /* or whoever looks could try all endings */
    expect_private("call 7175550100", "phone", "7175550100", "phone: 7175550100");
    expect_private("her nick is anaejemplo at gmail", "email", "anaejemplo@gmail.com", "email: anaejemplo");
    expect_private("in number 100 of Reina, at home", "address", "100 Reina Street", "address: 100, address: Reina");
}

static void accents_hide_no_name(void **state)
{
    (void)state;
    expect_private("Lopez came", "name", "Ana L\xc3\xb3pez", "name: Lopez");
}

static void what_they_wrote_is_told_by_names_numbers_and_its_own_words(void **state)
{
    (void)state;
    const char *narrative = "Then Dempsey of car 4471 pushed me against the wall of the bakery. He did it in 2026.";

    expect_private("A person was pushed against a wall.", "narrative", narrative, "");
    expect_private("A person says dempsey did it in 2026.", "narrative", narrative, "name: dempsey");
    expect_private("Dempsey did.", "text", narrative, "name: Dempsey");
    expect_private("It was 4471.", "narrative", narrative, "private_words: 4471");
    expect_private("He pushed me against the wall of it.", "narrative", narrative, "private_words: pushed me against the wall of");
    expect_private("He pushed me against the wall.", "narrative", narrative, "");
    expect_private("Crates fell.", "narrative", "crates fell. Tall they were", "");
    expect_private("they were tall.", "narrative", "Tall they were", "");
}

static void place_and_officer_are_told_by_less(void **state)
{
    (void)state;
    expect_private("It was behind the bakery.", "place", "Behind the bakery, door 7", "address: behind the bakery");
    expect_private("They had 77 on it.", "officer_described", "short, 77 on the shirt, Kowalski", "badge: 77");
    expect_private("It was Kowalski.", "officer_described", "short, Kowalski", "name: Kowalski");
    expect_private("A short man with a beard.", "officer_described", "short man with a beard", "private_words: short man with a beard");
}

static void places_are_counted_in_code_points(void **state)
{
    (void)state;
    struct looked looked = look_at(&arena, STR("Ñu dijo ¡ñandú! al agente Núñez."));
    struct buf b;

    buf_init(&b, 1 << 10);
    look_for_patterns(&looked);
    look_report(&looked, STR("/summary/es"), &b);
    assert_string_equal(arena_copy(&arena, buf_str(&b)).p, "{\"member\":\"/summary/es\",\"kind\":\"name\",\"offset\":26,\"length\":5}");
    look_report(&looked, STR("/y"), &b);
    assert_non_null(strstr(arena_copy(&arena, buf_str(&b)).p, "},{\"member\":\"/y\""));
    buf_done(&b);
}

static void what_is_withheld_is_told_once_and_without_its_place(void **state)
{
    (void)state;
    struct looked looked = look_at(&arena, STR("Mildred told Mildred of 7175550100.")), withheld = look_again(&arena, &looked);
    struct words name = words_of(&arena, STR("Mildred Ejemplo")), phone = words_of(&arena, STR("717-555-0100"));
    struct buf b;

    buf_init(&b, 1 << 10);
    look_report_withheld(&withheld, STR("/x"), &b);
    assert_int_equal(b.n, 0);
    look_for_private(&withheld, STR("name"), &name);
    look_for_private(&withheld, STR("phone"), &phone);
    look_report_withheld(&withheld, STR("/x"), &b);
    look_report_withheld(&withheld, STR("/y"), &b);
    assert_string_equal(arena_copy(&arena, buf_str(&b)).p, "{\"member\":\"/x\",\"kind\":\"withheld\"},{\"member\":\"/y\",\"kind\":\"withheld\"}");
    buf_clear(&b, 1 << 10);
    look_report(&looked, STR("/x"), &b);
    assert_int_equal(b.n, 0); /* and marks nothing of what is told by place */
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_summaries_tell_nothing),
        cmocka_unit_test(titles_are_followed_by_names),
        cmocka_unit_test(names_inside_sentences_have_capitals),
        cmocka_unit_test(initials_stand_in_capitals_or_with_points),
        cmocka_unit_test(badges_are_numbers_after_words_for_them),
        cmocka_unit_test(telephone_numbers_have_seven_digits_or_more),
        cmocka_unit_test(e_mail_addresses_have_an_at),
        cmocka_unit_test(addresses_name_streets),
        cmocka_unit_test(a_contact_is_told_by_each_of_its_words),
        cmocka_unit_test(accents_hide_no_name),
        cmocka_unit_test(what_they_wrote_is_told_by_names_numbers_and_its_own_words),
        cmocka_unit_test(place_and_officer_are_told_by_less),
        cmocka_unit_test(places_are_counted_in_code_points),
        cmocka_unit_test(what_is_withheld_is_told_once_and_without_its_place),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
