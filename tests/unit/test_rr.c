/* tests/unit/test_rr.c - lists of intervals between beats: the layouts there are, gaps, and what is refused. */
#include "tests/unit/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Reads a list; the beats' times in ms into text, "0 812 1612", a gap as "|". */
static int read_list(const char *list, const char *unit, char *text, size_t cap, struct kymo_err *e)
{
    const struct kymo_want want = {.unit = unit};
    struct taken t = {.n_events = 0};
    struct bytes b = {0};
    size_t n = 0;

    put_text(&b, list);
    const int rc = read_bytes(&b, "x.txt", &want, &t, e);
    text[0] = '\0';
    for (size_t i = 0; i < t.n_events; i++)
        n += (size_t)(strcmp(t.event[i].type, "gap") == 0 ? snprintf(text + n, cap - n, " |")
                      : snprintf(text + n, cap - n, "%s%g", i ? " " : "", (double)t.event[i].time_ns / 1e6));
    taken_free(&t);
    bytes_free(&b);
    return rc;
}

static void assert_beats(const char *list, const char *unit, const char *want)
{
    struct kymo_err e = {0};
    char text[512];

    if (read_list(list, unit, text, sizeof text, &e) < 0)
        fail_msg("%s: %s", list, e.cause[0].msg);
    assert_string_equal(text, want);
}

static void assert_refused(const char *list, const char *unit, const char *why)
{
    struct kymo_err e = {0};
    char text[512];

    assert_true(read_list(list, unit, text, sizeof text, &e) < 0);
    assert_error(&e, e.cause[0].code, why);
}

/* When it began, where the text tells. */
static void assert_start(const char *list, const char *want)
{
    struct kymo_err e = {0};
    struct taken t = {.n_events = 0};
    struct bytes b = {0};
    char start[64];

    put_text(&b, list);
    assert_int_equal(read_bytes(&b, "x.txt", NULL, &t, &e), 0);
    kymo_start_text(&t.hdr.start, start, sizeof start);
    assert_string_equal(start, want);
    taken_free(&t);
    bytes_free(&b);
}

static void test_starts(void **state)
{
    (void)state;
    assert_start("812\n800\n", "");
    assert_start("1935991299.5, IBI\n3.4375,0.84375\n", "2031-05-08T07:21:39.5");
    assert_start("[Params]\nDate=20310508\nStartTime=07:21:39.0\nInterval=238\n[HRData]\n800\n", "2031-05-08T07:21:39");
    assert_start("[Params]\nDate=2031\nStartTime=07:21:39.0\nInterval=238\n[HRData]\n800\n", "");
    assert_start("[Params]\nDate=20311308\nStartTime=07:21:39.0\nInterval=238\n[HRData]\n800\n", "");
}

static void test_layouts(void **state)
{
    (void)state;
    assert_beats("812\n800\n790\n", NULL, "0 812 1612 2402");
    assert_beats("# made by hand\r\n\r\n0.812\r\n0.8", NULL, "0 812 1612");
    assert_beats("\xef\xbb\xbfRR (s)\n0,812\n0,8\n", NULL, "0 812 1612");
    assert_beats("0,812\n0,8\n", NULL, "0 812 1612");
    assert_beats("15\n14\n", "ms", "0 15 29");
    assert_beats("0.8 0.8\n1.6  0.8\n2.45 0.85\n", NULL, "0 800 1600 2450");          /* times of their ends */
    assert_beats("0\t800\n0.8\t850\n1.65\t810\n2.46\t800\n", NULL, "0 800 1650 2460 3260");   /* of their begins */
    assert_beats("800;800\n850;1650\n800;2450\n", NULL, "0 800 1650 2450");           /* the other way round, ms */
    assert_beats("time_s,rr_ms\n100.8,800\n101.6,800\n", NULL, "100000 100800 101600");
    assert_beats("Phone timestamp;RR-interval [ms]\n2024-05-01T10:00:00.1;812\n2024-05-01T10:00:01.3;800\n", NULL, "0 812 1612");
    assert_beats("1935991299.000000, IBI\n3.4375,0.84375\n4.28125,0.84375\n9,0.9\n", NULL,
                 "2593.75 3437.5 4281.25 | 8100 9000");                           /* an E4's: from its start on */
    assert_beats("[Params]\nInterval=238\n[HRData]\n800\n810\n[Trip]\n7\n", NULL, "0 800 1610");
}

static void test_gaps(void **state)
{
    (void)state;
    assert_beats("0.8 0.8\n1.6 0.8\n2.4 0.8\n4.2 0.8\n5 0.8\n", NULL, "0 800 1600 2400 | 3400 4200 5000");
    assert_beats("Phone timestamp;RR [ms]\n2024-05-01T10:00:00;800\n2024-05-01T10:00:03;800\n2024-05-01T10:00:08;800\n", NULL,
                 "0 800 1600 | 5800 6600");
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused("800\n810\nabc\n", NULL, "no interval: \"abc\"");
    assert_refused("800\n810\n-5\n", NULL, "not positive: \"-5\"");
    assert_refused("800\n810\n0\n", NULL, "not positive: \"0\"");
    assert_refused("800\n810\n0.8\n", NULL, "seconds among intervals in ms? \"0.8\"");
    assert_refused("0.8\n0.8\n800\n", NULL, "ms among intervals in s? \"800\"");
    assert_refused("15\n14\n", NULL, "--unit");
    assert_refused("800\n", "minutes", "ms or s");
    assert_refused("800\n800\n200000\n", NULL, "longer than 100 s");
    assert_refused("0.8 0.8\n1.6 0.8\n2.4 0.8\n1.6 0.8\n", NULL, "time runs backwards");
    assert_refused("0.8 0.8\n1.6 0.8\n2.4\n", NULL, "not the columns");
    assert_refused("[Params]\nInterval=5\n[HRData]\n80\n", NULL, "heart rates");
    assert_refused("1 900\n2 800\n3 700\n", NULL, "no recording");            /* two columns that have nothing to do with it */
}

/* Every split of the bytes gives the same beats: lines come whole or not at all. */
static void test_pipes(void **state)
{
    struct kymo_err e = {0};
    struct dice dice = {3};
    struct bytes b = {0};

    (void)state;
    for (int i = 0; i < 5000; i++) {
        char line[16];
        snprintf(line, sizeof line, "%d\n", 700 + i % 90);
        put_text(&b, line);
    }
    struct taken whole = {.n_events = 0}, piped = {.n_events = 0};
    assert_int_equal(read_bytes(&b, "x.txt", NULL, &whole, &e), 0);
    assert_int_equal(read_piped(&b, 700, &dice, NULL, &piped, &e), 0);
    assert_int_equal(whole.n_events, 5001);
    assert_same_events(&whole, &piped);
    taken_free(&whole);
    taken_free(&piped);
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layouts), cmocka_unit_test(test_starts), cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_pipes),
    };

    return cmocka_run_group_tests_name("rr", tests, NULL, NULL);
}
