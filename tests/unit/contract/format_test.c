/* format_test.c: what the asserted formats take. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/format.c"

/* Texts that begin with "!" must be refused without it. */
static void check(enum schema_format format, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool wanted = texts[i][0] != '!';
        if (format_fits(format, str_of(texts[i] + !wanted)) != wanted)
            fail_msg("%s: %s", wanted ? "refused" : "taken", texts[i] + !wanted);
    }
}
#define CHECK(format, texts) check(format, texts, sizeof texts / sizeof texts[0])

static void dates_are_days_of_the_calendar(void **state)
{
    static const char *const texts[] = {
        "2026-02-28", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "!2026-02-29", "!1900-02-29", "!2026-00-01",
        "!2026-13-01", "!2026-04-31", "!2026-01-00", "!2026-1-01", "!20260101", "!2026-01-01 ", "!2026-01-01Z", "!",
        "!+2026-01-01", "!2026-01-0\xe0\xa7\xa8", "!2026/01/01",
    };

    (void)state;
    CHECK(FORMAT_DATE, texts);
}

static void times_have_an_offset_and_rare_leap_seconds(void **state)
{
    static const char *const texts[] = {
        "00:00:00Z", "23:59:59.999999999999z", "12:00:00-00:00", "23:59:60Z", "00:59:60+01:00", "18:59:60-05:00", "!12:00:00",
        "!24:00:00Z", "!12:60:00Z", "!12:00:61Z", "!12:00:60Z", "!23:59:60+01:00", "!12:00Z", "!12:00:00.Z", "!12:00:00,5Z",
        "!12:00:00+24:00", "!12:00:00+00:60", "!12:00:00+0100", "!12:00:00Z+01:00", "!12:00:00Z\n", "!1:00:00Z", "!",
    };

    (void)state;
    CHECK(FORMAT_TIME, texts);
}

static void instants_are_date_and_time(void **state)
{
    static const char *const texts[] = {
        "2026-05-17T08:30:00Z", "2026-05-17t08:30:00.25-04:00", "1998-12-31T23:59:60Z", "!2026-05-17 08:30:00Z",
        "!2026-05-17", "!2026-02-30T08:30:00Z", "!2026-05-17T08:30:00", "!2026-05-17T", "!T08:30:00Z",
    };

    (void)state;
    CHECK(FORMAT_DATE_TIME, texts);
}

static void uuids_have_five_groups(void **state)
{
    static const char *const texts[] = {
        "00000000-0000-0000-0000-000000000000", "F81D4FAE-7dec-11d0-a765-00a0c91e6bf6",
        "!f81d4fae7dec11d0a76500a0c91e6bf6", "!f81d4fae-7dec-11d0-a765-00a0c91e6bf", "!f81d4fae-7dec-11d0-a765-00a0c91e6bfg",
        "!{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "!f81d4fae-7dec-11d0-a76500a0-c91e6bf60", "!",
    };

    (void)state;
    CHECK(FORMAT_UUID, texts);
}

static void emails_are_mailboxes(void **state)
{
    static const char *const texts[] = {
        "a@b", "first.last+tag@sub.example.org", "\"a b@c\\\"\"@example.org", "\"\"@example.org", "a@[192.0.2.1]",
        "a@[IPv6:2001:db8::1]", "a@[ipv6:::1]", "o'neil@x--y.org", "!a", "!@b", "!a@", "!.a@b", "!a.@b", "!a..b@c", "!a b@c",
        "!a@b@c", "!a@-b", "!a@b-", "!a@b..c", "!a@b.", "!a@b_c", "!a@[192.0.2.256]", "!a@[x]", "!a@[]", "!a@[192.0.2.1", "!",
        "!\"a@b", "!\"a\"b@c", "!\xc3\xa9@b", "!a@\xc3\xa9", "!a@b\n", "!a,b@c", "!a(c)@b", "!<a@b>",
        "!aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b",
    };

    (void)state;
    CHECK(FORMAT_EMAIL, texts);
}

static void names_lead_to_formats(void **state)
{
    (void)state;
    assert_int_equal(format_by_name(STR("date-time")), FORMAT_DATE_TIME);
    assert_int_equal(format_by_name(STR("uri-reference")), FORMAT_URI_REFERENCE);
    assert_int_equal(format_by_name(STR("ipv4")), FORMAT_NONE);
    assert_int_equal(format_by_name(STR("")), FORMAT_NONE);
    assert_true(format_fits(FORMAT_NONE, STR("anything")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_days_of_the_calendar),
        cmocka_unit_test(times_have_an_offset_and_rare_leap_seconds),
        cmocka_unit_test(instants_are_date_and_time),
        cmocka_unit_test(uuids_have_five_groups),
        cmocka_unit_test(emails_are_mailboxes),
        cmocka_unit_test(names_lead_to_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
