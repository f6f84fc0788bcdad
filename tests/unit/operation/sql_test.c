/* sql_test.c: how SQL files split into statements and variants. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "api/operation/sql.c"
#include "base/buf.h"

static struct arena arena;
static struct sql_file file;
static struct error err;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static bool parse(const char *text)
{
    return sql_parse(&arena, STR("x.sql"), str_of(text), &file, &err);
}

/* Parses a purpose and then `sql`. */
static bool parse_body(const char *sql)
{
    return parse(arena_printf(&arena, "-- x: does x\n%s", sql).p);
}

static const char *variant_of(size_t statement, uint64_t given, int limit)
{
    struct sql_order order;
    struct str text = sql_variant(&arena, &file, &file.statements[statement], given, limit, &order);
    assert_int_equal(strlen(text.p), text.n);
    return text.p;
}

static uint64_t bit(const char *name)
{
    for (size_t i = 0; i < file.n_names; i++)
        if (str_eq(file.names[i], str_of(name)))
            return UINT64_C(1) << i;
    return 0;
}

static void expect(const char *sql, const char *text)
{
    assert_true(parse_body(sql));
    assert_string_equal(variant_of(0, 0, 0), text);
}

static void expect_refused(const char *text, const char *where)
{
    assert_false(parse(text));
    assert_int_equal(err.code, ERR_CONTRACT);
    assert_string_equal(err.argument, where);
}

static void parameters_are_numbered_once_each_in_order(void **state)
{
    (void)state;
    struct sql_order order;

    assert_true(parse_body("select :b, :a_1, :b, :place.lat, :place;"));
    struct str text = sql_variant(&arena, &file, &file.statements[0], 0, 0, &order);
    assert_string_equal(text.p, "select $1, $2, $1, $3, $4");
    assert_int_equal(order.n, 4);
    static const char *const names[] = {"b", "a_1", "place.lat", "place"};
    for (size_t i = 0; i < order.n; i++)
        assert_true(str_eq(file.names[order.names[i]], str_of(names[i])));
    assert_true(str_eq(file.purpose, STR("x: does x")));
}

static void quotes_hold_no_parameters(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "select 'a :b -- c ; ''d :e'''",
        "select E'a\\':b;' || e'\\\\' || 1",
        "select E'a'\n  '\\':b' || 'c'",
        "select U&'\\0041 :b' || U&\"d:e\" uescape '!'",
        "select \"a:b\"\"c;--d\" from \"e\"",
        "select $$ :a ' -- ; $$ || $t_1$ :b $$ $t$ $t_1$",
        "select 'back\\' || 'x'",
        "select n':a' || b'1' || x':f'",
        "select c$$ , d$e$ from c$$",
        "select the' :a'",
        "select 1 $ 2 $a",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        expect(arena_printf(&arena, "%s;", texts[i]).p, texts[i]);
        assert_int_equal(file.n_names, 0);
        assert_int_equal(file.n, 1);
    }
}

static void a_quote_ends_where_it_ends(void **state)
{
    (void)state;
    expect("select 'a'':x', :a;", "select 'a'':x', $1");
    expect("select E'\\\\', :a;", "select E'\\\\', $1");
    expect("select e'', '', :a;", "select e'', '', $1");
    expect("select $a$ $b$ $a$, :a;", "select $a$ $b$ $a$, $1");
    expect("select 'a'\n  '\\', :a;", "select 'a'\n  '\\', $1");
    expect("select some'\\', :a;", "select some'\\', $1");
}

static void casts_assignments_and_slices_are_no_parameters(void **state)
{
    (void)state;
    expect("select '1'::int, :a::text, f(x := 2, y :=:b);", "select '1'::int, $1::text, f(x := 2, y :=$2)");
    expect("select x[1:2], x[:2], x[1:], x[:], x[:a], array[:a, :b];",
           "select x[1:2], x[:2], x[1:], x[:], x[$1], array[$1, $2]");
    expect("select a:::b;", "select a::$1");
    assert_int_equal(file.n_names, 1);
}

static void a_placeholder_does_not_grow_onto_a_word(void **state)
{
    (void)state;
    expect("select a and:b;", "select a and $1");
    expect("select a in(:b);", "select a in($1)");
}

static void a_dot_descends_only_before_a_letter(void **state)
{
    (void)state;
    expect("select :a.b.c, :a. b, :a.1;", "select $1, $2. b, $2.1");
    assert_int_not_equal(bit("a.b.c"), 0);
    assert_int_not_equal(bit("a"), 0);
    assert_int_equal(bit("a.b"), 0);
}

static void comments_are_dropped_with_what_they_hold(void **state)
{
    (void)state;
    expect("-- :a 'it\n/* :b /* nested ' */ ; \" */ select 1 -- :c it's\n, 2/* :d */from t;", "select 1 \n, 2 from t");
    assert_int_equal(file.n_names, 0);
    expect("select 1 /*/ not closed yet */ + 2;", "select 1   + 2");
    assert_true(parse_body("/* a\n b */ select 1; /*\n\n*/ select 'a\n', $$\n$$;\nselect 2;"));
    assert_int_equal(file.statements[0].line, 3);
    assert_int_equal(file.statements[1].line, 5);
    assert_int_equal(file.statements[2].line, 8);
}

static void statements_end_at_semicolons(void **state)
{
    (void)state;
    assert_true(parse_body("insert into t values (:a);\n\n-- second\nselect ';' ; select 3;\n"));
    assert_int_equal(file.n, 3);
    assert_string_equal(variant_of(0, 0, 0), "insert into t values ($1)");
    assert_string_equal(variant_of(1, 0, 0), "select ';' ");
    assert_string_equal(variant_of(2, 0, 0), "select 3");
    assert_int_equal(file.statements[0].line, 2);
    assert_int_equal(file.statements[1].line, 5);
    assert_int_equal(file.statements[2].line, 5);
}

static void guard_marks_the_statement_after_it(void **state)
{
    (void)state;
    assert_true(parse_body("select 1;\n-- guard\n-- locks\nselect 2;\nselect 3;"));
    assert_false(file.statements[0].guard);
    assert_true(file.statements[1].guard);
    assert_false(file.statements[2].guard);
    expect_refused("-- x\nselect 1 -- guard\n;", "x.sql:2: \"-- guard\" inside a statement");
    expect_refused("-- x\nselect 1;\n-- guard\n", "x.sql:4: no statement follows \"-- guard\"");
}

/* An absent line leaves its line break, so that lines of the text are lines of the file. */
static void an_optional_line_stands_when_its_names_were_given(void **state)
{
    (void)state;
    assert_true(parse_body("select a\nfrom t\nwhere x = :x\n  and a = :a --?\n  and (b, c) > (:b, :c)  --?\norder by a;"));
    assert_true(file.statements[0].conditions == (bit("a") | bit("b") | bit("c")));
    assert_string_equal(variant_of(0, 0, 0), "select a\nfrom t\nwhere x = $1\n\n\norder by a");
    assert_string_equal(variant_of(0, bit("x"), 0), "select a\nfrom t\nwhere x = $1\n\n\norder by a");
    assert_string_equal(variant_of(0, bit("a"), 0), "select a\nfrom t\nwhere x = $1\n  and a = $2 \n\norder by a");
    assert_string_equal(variant_of(0, bit("b"), 0), "select a\nfrom t\nwhere x = $1\n\n\norder by a");
    assert_string_equal(variant_of(0, bit("b") | bit("c"), 0),
                        "select a\nfrom t\nwhere x = $1\n\n  and (b, c) > ($2, $3)  \norder by a");
}

static void a_condition_may_name_what_the_line_does_not_hold(void **state)
{
    (void)state;
    assert_true(parse_body("select a\n     , b --? csv, geo.x\n     , :c --? d\nfrom t;"));
    assert_string_equal(variant_of(0, 0, 0), "select a\n\n\nfrom t");
    assert_string_equal(variant_of(0, bit("csv"), 0), "select a\n\n\nfrom t");
    assert_string_equal(variant_of(0, bit("csv") | bit("geo.x"), 0), "select a\n     , b \n\nfrom t");
    assert_string_equal(variant_of(0, bit("c"), 0), "select a\n\n\nfrom t");
    assert_string_equal(variant_of(0, bit("c") | bit("d"), 0), "select a\n\n     , $1 \nfrom t");
}

static void a_condition_reaches_no_further_than_its_line(void **state)
{
    (void)state;
    assert_true(parse_body("select 1 /* two\n lines */ , :a --?\n from t;"));
    assert_string_equal(variant_of(0, 0, 0), "select 1  \n\n from t");
    assert_string_equal(variant_of(0, bit("a"), 0), "select 1  \n , $1 \n from t");
    assert_true(parse_body("select 1\n limit :limit; --?"));
    assert_string_equal(variant_of(0, 0, 0), "select 1\n");
    assert_string_equal(variant_of(0, bit("limit"), 0), "select 1\n limit $1");
}

static void a_question_mark_in_a_quote_is_no_condition(void **state)
{
    (void)state;
    expect("select 'a --?\n' || $$ --? x\n$$, :a;", "select 'a --?\n' || $$ --? x\n$$, $1");
    assert_true(file.statements[0].conditions == 0);
}

static void limit_becomes_a_literal(void **state)
{
    (void)state;
    assert_true(parse_body("select :a\nlimit :limit;"));
    assert_string_equal(variant_of(0, 0, 51), "select $1\nlimit 51");
    assert_string_equal(variant_of(0, 0, 0), "select $1\nlimit $2");
    assert_true(parse_body("select :limit + :limited;"));
    assert_string_equal(variant_of(0, 0, 2147483647), "select 2147483647 + $1");
}

static void mistakes_are_refused_with_their_line(void **state)
{
    (void)state;
    expect_refused("", "x.sql:1: no statement");
    expect_refused("-- x\n", "x.sql:2: no statement");
    expect_refused("select 1;", "x.sql:1: no comment before the first statement");
    expect_refused("-- guard\nselect 1;", "x.sql:2: no comment before the first statement");
    expect_refused("-- x\n\nselect 1\n", "x.sql:3: no \";\" ends this statement");
    expect_refused("-- x\nselect 1;;", "x.sql:2: empty statement");
    expect_refused("-- x\nselect 'a\n''\n;", "x.sql:2: unterminated quote");
    expect_refused("-- x\n\nselect E'a\\';", "x.sql:3: unterminated quote");
    expect_refused("-- x\nselect \"a;", "x.sql:2: unterminated quote");
    expect_refused("-- x\nselect $a$\n$b$;", "x.sql:2: unterminated quote");
    expect_refused("-- x\nselect /* /* \n*/ 1;", "x.sql:2: unterminated comment");
    expect_refused("-- x\nselect $1;", "x.sql:2: positional parameter; parameters are named");
    expect_refused("-- x\nselect 1 --?\n;", "x.sql:2: \"--?\" on a line without a name");
    expect_refused("-- x\nselect 1\n--? a\n;", "x.sql:3: \"--?\" on a line without SQL");
    expect_refused("-- x\nselect 'a\n' || :a --?\n;", "x.sql:3: \"--?\" on a line that begins inside a quote");
    expect_refused("-- x\nselect :a --?\n;", "x.sql:2: \"--?\" on the line that begins a statement");
    expect_refused("-- x\nselect 1; select 2 --? a\n;", "x.sql:2: \"--?\" on the line that begins a statement");
    expect_refused("-- x\nselect 1 --? a b\n;", "x.sql:2: \"--?\" takes names separated by commas");
    expect_refused("-- x\nselect 1 --? a,\n;", "x.sql:2: \"--?\" takes names separated by commas");
    expect_refused("-- x\r\nselect 1;", "x.sql:1: not UTF-8 text with LF at the ends of lines");
    expect_refused("-- \xff\nselect 1;", "x.sql:1: not UTF-8 text with LF at the ends of lines");
}

static void names_and_statements_are_bounded(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add(&b, STR("-- x\nselect 1"));
    for (int i = 0; i < SQL_NAMES_MAX; i++)
        buf_printf(&b, ", :n%d", i);
    size_t n = b.n;
    buf_add(&b, STR(";"));
    assert_true(sql_parse(&arena, STR("x.sql"), buf_str(&b), &file, &err));
    b.n = n;
    buf_add(&b, STR(", :more;"));
    assert_false(sql_parse(&arena, STR("x.sql"), buf_str(&b), &file, &err));
    assert_string_equal(err.argument, "x.sql:2: too many names");
    buf_clear(&b, 0);
    buf_add(&b, STR("-- x\n"));
    for (int i = 0; i <= SQL_STATEMENTS_MAX; i++)
        buf_add(&b, STR("select 1;\n"));
    assert_false(sql_parse(&arena, STR("x.sql"), buf_str(&b), &file, &err));
    assert_string_equal(err.argument, "x.sql:18: too many statements");
    while (b.n <= SQL_FILE_BYTES_MAX)
        buf_char(&b, ' ');
    assert_false(sql_parse(&arena, STR("x.sql"), buf_str(&b), &file, &err));
    assert_string_equal(err.argument, "x.sql:1: too long");
    buf_done(&b);
}

/* Every byte in every place: pieces stay within their room (the sanitizer watches), whatever the text. */
static void any_text_is_parsed_within_bounds(void **state)
{
    (void)state;
    static const char alphabet[] = "'\"$:-/*;\n?eE\\a1.[]U& ,";
    uint64_t seed = 42;
    char text[64];

    for (int round = 0; round < 200000; round++) {
        size_t n = 0;
        memcpy(text, "--x\n", 4);
        for (n = 4; n < sizeof text; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[n] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
        }
        arena_reset(&arena, SIZE_MAX / 2);
        if (!sql_parse(&arena, STR("x.sql"), (struct str){text, n}, &file, &err))
            continue;
        assert_true(file.statements[file.n - 1].pieces + file.statements[file.n - 1].n <=
                    file.statements[0].pieces + pieces_max((struct str){text, n}));
        variant_of(0, UINT64_MAX, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_numbered_once_each_in_order),
        cmocka_unit_test(quotes_hold_no_parameters),
        cmocka_unit_test(a_quote_ends_where_it_ends),
        cmocka_unit_test(casts_assignments_and_slices_are_no_parameters),
        cmocka_unit_test(a_placeholder_does_not_grow_onto_a_word),
        cmocka_unit_test(a_dot_descends_only_before_a_letter),
        cmocka_unit_test(comments_are_dropped_with_what_they_hold),
        cmocka_unit_test(statements_end_at_semicolons),
        cmocka_unit_test(guard_marks_the_statement_after_it),
        cmocka_unit_test(an_optional_line_stands_when_its_names_were_given),
        cmocka_unit_test(a_condition_may_name_what_the_line_does_not_hold),
        cmocka_unit_test(a_condition_reaches_no_further_than_its_line),
        cmocka_unit_test(a_question_mark_in_a_quote_is_no_condition),
        cmocka_unit_test(limit_becomes_a_literal),
        cmocka_unit_test(mistakes_are_refused_with_their_line),
        cmocka_unit_test(names_and_statements_are_bounded),
        cmocka_unit_test(any_text_is_parsed_within_bounds),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
