/* tests/unit/test_expression.c - what expressions give, for numbers that are computed beside in C, and what is refused. */
#include "support.h"

#include "algorithms/expression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const labels[] = {"I", "II", "V1", "V2", "V3", "ECG II", "say \"aah\"", "twice", "twice", "Cz", "CZ"};

/* Samples of all of them: not a number, zero, negative ones among them. */
static const double samples[COUNT_OF(labels)][4] = {
    {1, 2, NAN, -4}, {5, 0, 7, 0.5}, {1, 2, 3, 4}, {10, 20, 30, NAN}, {-1, -2, -3, -4}, {0.25, 0, 1, 2}, {9, 8, 7, 6},
    {1, 1, 1, 1},    {2, 2, 2, 2},   {3, 3, 3, 3}, {4, 4, 4, 4},
};

static struct expression *compile(const char *text)
{
    struct kymo_err e = {0};
    struct expression *s = expression_compile(text, labels, COUNT_OF(labels), &e);

    if (!s)
        fail_msg("%s", text);
    return s;
}

/* The values of text, and how many are undefined. */
static size_t values_of(const char *text, double y[4])
{
    struct expression *s = compile(text);
    const size_t *of, n = expression_signals(s, &of);
    const double *x[COUNT_OF(labels)];

    assert_true(n >= 1);
    for (size_t k = 0; k < n; k++)
        x[k] = samples[of[k]];
    const size_t undefined = expression_run(s, x, 4, y);
    expression_destroy(s);
    return undefined;
}

static void expressions_have_their_values(void **state)
{
    static const struct {
        const char *text;
        double y[4];
    } cases[] = {
        {"x = I", {1, 2, NAN, -4}},
        {"x = II - I", {4, -2, NAN, 4.5}},
        {"x=-(I+II)/2", {-3, -1, NAN, 1.75}},
        {"x = I + II * V1", {6, 2, NAN, -2}},
        {"x = (I + II) * V1", {6, 4, NAN, -14}},
        {"x = V1 - V2 - V3", {-8, -16, -24, NAN}},
        {"x = V2 / V1 / 2", {5, 5, 5, NAN}},
        {"x = - -V1 * -2", {-2, -4, -6, -8}},
        {"x = 2 - -V1", {3, 4, 5, 6}},
        {"x = mean(V1..V3)", {10.0 / 3, 20.0 / 3, 10, NAN}},
        {"x = sum(V1..V3, V1, 1)", {12, 23, 34, NAN}},
        {"x = mean( #2 .. #4 )", {10.0 / 3, 20.0 / 3, 10, NAN}},
        {"x = min(V1, V3, 0 - 2)", {-2, -2, -3, -4}},
        {"x = max(V1, I)", {1, 2, NAN, 4}},
        {"x = max(I, V1)", {1, 2, NAN, 4}},
        {"x = min(I, V1)", {1, 2, NAN, -4}},
        {"x = max(V1..V1)", {1, 2, 3, 4}},
        {"x = abs(V3) + sqrt(V1 * V1)", {2, 4, 6, 8}},
        {"x = clip(V1, 1.5, 3)", {1.5, 2, 3, 3}},
        {"x = clip(I, -1, 1)", {1, 1, NAN, -1}},
        {"x = clip(V1, V3, -V3 / 2)", {0.5, 1, 1.5, 2}},
        {"x = \"ECG II\" * 4", {1, 0, 4, 8}},
        {"x = \"say \"\"aah\"\"\" + 0", {9, 8, 7, 6}},
        {"x = #6", {9, 8, 7, 6}},
        {"x = v1", {1, 2, 3, 4}},
        {"x = Cz", {3, 3, 3, 3}},
        {"x = CZ", {4, 4, 4, 4}},
        {"x = V1 * 1e3 + .5 + 2. + 1.25e-2 + 1E+1", {1012.5125, 2012.5125, 3012.5125, 4012.5125}},
        {"x = V1 + (1 + 2 * 3 - 8 / 4) - abs(-5) + sqrt(4) * max(0, 1, -1)", {3, 4, 5, 6}},
        {"x = V1 + 0 / 5", {1, 2, 3, 4}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double y[4];
        assert_int_equal(values_of(cases[i].text, y), 0);
        for (size_t k = 0; k < 4; k++)
            if (!(isnan(y[k]) && isnan(cases[i].y[k])) && !(fabs(y[k] - cases[i].y[k]) <= 1e-12 * fabs(y[k])))
                fail_msg("%s: %g, not %g", cases[i].text, y[k], cases[i].y[k]);
    }
}

static void what_has_no_value_is_counted(void **state)
{
    double y[4];

    (void)state;
    assert_int_equal(values_of("x = V1 / II", y), 1);
    assert_true(y[0] == 0.2 && isnan(y[1]) && y[3] == 8);
    assert_int_equal(values_of("x = I / (V1 - 3)", y), 0);   /* the missing sample is missing, not undefined */
    assert_int_equal(values_of("x = sqrt(V3)", y), 4);
    assert_int_equal(values_of("x = sqrt(I)", y), 1);
    assert_true(y[0] == 1 && isnan(y[2]) && isnan(y[3]));
    assert_int_equal(values_of("x = V1 * 1e200 * 1e200", y), 4);
    assert_true(isnan(y[0]));
}

static void names_and_units_are_told(void **state)
{
    static const struct {
        const char *text, *name, *unit;
    } cases[] = {
        {"III = II - I", "III", NULL},
        {"  II_uV=II*1000[uV]", "II_uV", "uV"}, {"\"my lead\" = I [ mm Hg ] ", "my lead", "mm Hg"},
        {"r = I / II []", "r", ""}, {"\"a\"\"b\" = I", "a\"b", NULL}, {"\xc3\xa4 = I [\xc2\xb5V]", "\xc3\xa4", "\xc2\xb5V"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct expression *s = compile(cases[i].text);
        assert_string_equal(expression_name(s), cases[i].name);
        if (cases[i].unit)
            assert_string_equal(expression_unit(s), cases[i].unit);
        else
            assert_null(expression_unit(s));
        expression_destroy(s);
    }
}

static void signals_are_told_once(void **state)
{
    struct expression *s = compile("x = V2 + mean(V1..V3) * V2");
    const size_t *of;

    (void)state;
    assert_int_equal(expression_signals(s, &of), 3);
    assert_true(of[0] == 3 && of[1] == 2 && of[2] == 4);
    expression_destroy(s);
}

/* Any length in any pieces: what is beside does not matter. */
static void pieces_do_not_matter(void **state)
{
    struct expression *s = compile("x = mean(I, II) / V1 - sqrt(V2) * clip(V3, -0.5, I)");
    struct dice d = {11};
    double x[5][1000], whole[1000], cut[1000];
    const double *all[5] = {x[0], x[1], x[2], x[3], x[4]};
    size_t undefined = 0;

    (void)state;
    for (size_t k = 0; k < 5; k++)
        for (size_t i = 0; i < 1000; i++)
            x[k][i] = (double)roll_between(&d, -20, 20);
    const size_t expected = expression_run(s, all, 1000, whole);
    for (size_t at = 0, n; at < 1000; at += n) {
        n = (size_t)roll_below(&d, 400);
        n = n < 1000 - at ? n : 1000 - at;
        const double *part[5] = {x[0] + at, x[1] + at, x[2] + at, x[3] + at, x[4] + at};
        undefined += expression_run(s, part, n, cut + at);
    }
    assert_true(expected > 10);
    assert_int_equal(undefined, expected);
    for (size_t i = 0; i < 1000; i++)
        assert_true(whole[i] == cut[i] || (isnan(whole[i]) && isnan(cut[i])));
    expression_destroy(s);
}

static void what_is_none_is_refused(void **state)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "expected NAME = EXPRESSION"}, {"I - II", "I - II:3: expected NAME = EXPRESSION"}, {"= I", "expected NAME ="},
        {"\"\" = I", "expected NAME ="}, {"\" \" = I", "a name of blanks"},
        {"x = ", "x = :5: ends where a value is expected"}, {"x = I +", "ends where a value is expected"},
        {"x = * I", "x = * I:5: expected a number, a signal or a bracket"}, {"x = I II", "expected an operator or the end"},
        {"x = 3 + 4", "names no signal"}, {"x = Q", "no signal \"Q\"; there are I, II, V1, V2, V3, ECG II"},
        {"x = x + I", "no signal \"x\"; there are I, II"}, {"x = twice", "2 signals are called \"twice\": say #7"},
        {"x = cz", "2 signals are called \"cz\": say #9"}, {"x = #11", "an index that is none of the 11 signals'"},
        {"x = #", "# without the index"}, {"x = #99999999999999999999", "an index that is none"},
        {"x = \"I", "without its other"},
        {"x = I / 0", "divides by zero"}, {"x = I / (2 - 2)", "divides by zero"}, {"x = I + 1 / 0", "divides by zero"},
        {"x = I * sqrt(-1)", "a number that is too large, or none"}, {"x = I * 1e999", "a number that is too large"},
        {"x = I * (1e200 * 1e200)", "a number that is too large"}, {"x = 1e + I", "an exponent without digits"},
        {"x = . + I", "a point is no number"}, {"x = V1..V3", "for min, max, mean and sum only"},
        {"x = abs(V1..V3)", "for min, max, mean and sum only"}, {"x = mean(V3..V1)", "a range from signal 4 back to signal 2"},
        {"x = mean(V1..)", "expected the last signal of a range"}, {"x = mean(V1..Q)", "no signal \"Q\""},
        {"x = mean()", "expected a number, a signal or a bracket"}, {"x = mean(I", "expected the closing bracket of mean"},
        {"x = clip(I, 1)", "clip has 3 values"}, {"x = clip(I, 2, 1)", "clip from 2 up to 1"},
        {"x = (I", "expected a closing bracket"},
        {"x = clip(I, 1, 2, 3)", "expected the closing bracket of clip"},
        {"x = abs(I, II)", "expected the closing bracket of abs"},
        {"x = sin(I)", "no function sin, only abs, sqrt"}, {"x = I)", "expected an operator or the end"},
        {"x = I [mV", "expected the closing bracket of the unit"}, {"x = I [mV] 3", "expected an operator or the end"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_err e = {0};
        if (expression_compile(cases[i].text, labels, COUNT_OF(labels), &e))
            fail_msg("%s", cases[i].text);
        assert_error(&e, KYMO_EUSAGE, cases[i].message);
    }
}

static void depth_and_length_have_limits(void **state)
{
    char text[1200] = "x = ";
    struct kymo_err e = {0};

    (void)state;
    memset(text + 4, '(', 70);
    assert_null(expression_compile(text, labels, COUNT_OF(labels), &e));
    assert_error(&e, KYMO_EUSAGE, "more than 64 levels");
    e.n = 0;
    memset(text + 4, '-', 100);
    assert_null(expression_compile(text, labels, COUNT_OF(labels), &e));
    assert_error(&e, KYMO_EUSAGE, "more than 64 levels");
    e.n = 0;
    memset(text + 4, ' ', 1100);
    assert_null(expression_compile(text, labels, COUNT_OF(labels), &e));
    assert_error(&e, KYMO_EUSAGE, "an expression of 1104 characters, not up to 1000");
    e.n = 0;
    assert_null(expression_compile("x = I", NULL, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "no signal \"I\"");
    expression_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_have_their_values), cmocka_unit_test(what_has_no_value_is_counted),
        cmocka_unit_test(names_and_units_are_told), cmocka_unit_test(signals_are_told_once),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(what_is_none_is_refused), cmocka_unit_test(depth_and_length_have_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
