/* tests/unit/test_runmatch.c - runs by hand. rxr's own reports are compared in tests/validation/reference.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/random.h"
#include "algorithms/runmatch.h"

#define WINDOW 54
#define MAX_MARKS 64

struct written {
    struct runmatch_mark mark[MAX_MARKS];
    struct runmatch_series series;
};

/* "N100 V460 [600 ]900": X is shutdown, { and + a change to AF and to another rhythm. */
static void write_series(struct written *w, const char *text)
{
    size_t n = 0;

    for (char *p = (char *)text; *p; n++) {
        const char letter[2] = {*p, '\0'};
        assert_true(n < MAX_MARKS);
        w->mark[n].kind = *p == 'X' ? RUNMATCH_SHUTDOWN : *p == '{' ? RUNMATCH_RHYTHM_AF : runmatch_kind_of(letter, 0, "(N");
        w->mark[n].time = strtoll(p + 1, &p, 10);
        p += strspn(p, " ");
    }
    w->series = (struct runmatch_series){w->mark, n};
}

/* The non-zero cells of both passes: "2/2 1, 3/0 1; 2/2 1". */
static void assert_cells(const char *ref, const char *test, enum runmatch_type type, int64_t start, const char *want)
{
    const struct runmatch_options o = {.window = WINDOW, .start = start};
    struct written r, t;
    struct runmatch m;
    struct kymo_err e = {0};
    char got[512] = "";
    size_t used = 0;

    write_series(&r, ref);
    write_series(&t, test);
    assert_int_equal(runmatch_compare(&r.series, &t.series, type, &o, &m, &e), 0);
    for (int p = 0; p < RUNMATCH_PASSES; p++) {
        const char *between = p > 0 ? "; " : "";
        for (int i = 0; i < RUNMATCH_LENGTHS * RUNMATCH_LENGTHS; i++)
            if (m.count[p][i / RUNMATCH_LENGTHS][i % RUNMATCH_LENGTHS]) {
                used += (size_t)snprintf(got + used, sizeof got - used, "%s%d/%d %d", between, i / RUNMATCH_LENGTHS,
                                         i % RUNMATCH_LENGTHS, (int)m.count[p][i / RUNMATCH_LENGTHS][i % RUNMATCH_LENGTHS]);
                between = ", ";
            }
    }
    assert_string_equal(got, want);
}

static void assert_v(const char *ref, const char *test, const char *want)
{
    assert_cells(ref, test, RUNMATCH_VENTRICULAR, 0, want);
}

static void assert_s(const char *ref, const char *test, const char *want)
{
    assert_cells(ref, test, RUNMATCH_SUPRAVENTRICULAR, 0, want);
}

static void test_lengths(void **state)
{
    (void)state;
    assert_v("N100 V300 N500", "N100 V300 N500", "1/1 1; 1/1 1");
    assert_v("N100 V300 F400 N500", "N100 V300 N400 N500", "2/1 1; 1/1 1");   /* only what lies in the window */
    assert_v("N100 V300 V400 V500 N600", "N100 V310 V390 V510 N600", "3/3 1; 3/3 1");
    assert_v("V100 V200 V300 V400 V500 V600 V700 N800", "V100 V200 V300 V400 V500 V600 N800", "6/6 1; 6/6 1");
    assert_v("V100 S200 V300 Q400", "N100", "1/0 2");
    assert_s("S100 S200 V300 N400", "S100 N200", "2/1 1; 1/1 1");
    assert_v("V100 V200", "V100 V200", "2/2 1; 2/2 1");   /* cut off by the end */
}

static void test_window(void **state)
{
    (void)state;
    assert_v("N100 V300 N500", "N100 V354 N500", "1/1 1; 1/1 1");
    assert_v("N100 V300 N500", "N100 V355 N500", "1/0 1; 0/1 1");
    assert_v("N100 V300 N500", "V246 N500", "1/1 1; 1/1 1");
    assert_v("N100 V300 N500", "V245 N500", "1/0 1; 0/1 1");
    assert_v("N100 V300 V400 V500 N600", "V300 N400 V500 N600", "3/1 1; 1/1 2");   /* the longest of several; each of them */
}

static void test_fibrillation(void **state)
{
    (void)state;
    assert_v("N100 [300 ]900 N1000", "N100 V400 V500 N1000", "6/2 1; 6/2 1");
    assert_v("N100 V500 N600 V700 N800", "N100 [400 ]900 N1000", "1/6 2; 1/6 1");
    assert_v("N100 V500 N600", "N100 [400", "1/6 1; 1/6 1");                /* without an end */
    assert_s("N100 {300 N400 N500 +700 N900", "N100 S400 S500 S600 N800", "6/3 1; 6/3 1");
    assert_s("N100 {300 N400 N500 +700 N900", "N100 {300 N400 +700 N900", "6/6 1; 6/6 1");
    assert_s("N100 X200 S300 ~400 S450 N500", "N100", "2/0 1");
    assert_v("N100 V300 X350 V380 N500", "N100", "1/0 2");                  /* shutdown ends a run */
}

static void test_start(void **state)
{
    (void)state;
    assert_cells("V100 V200 N300 V1100 N1200", "V1100 N1200", RUNMATCH_VENTRICULAR, 1000, "1/1 1; 1/1 1");
    assert_cells("[100 ]1100 N1200", "V1010 V1040 N1300", RUNMATCH_VENTRICULAR, 1000, "6/2 1; 6/2 1");
}

static void test_tallies(void **state)
{
    struct runmatch m = {{{{0}}}};

    (void)state;
    m.count[RUNMATCH_SENSITIVITY][2][6] = 3;
    m.count[RUNMATCH_SENSITIVITY][2][1] = 5;
    m.count[RUNMATCH_SENSITIVITY][4][3] = 7;
    m.count[RUNMATCH_SENSITIVITY][5][2] = 11;
    m.count[RUNMATCH_SENSITIVITY][6][5] = 13;
    m.count[RUNMATCH_PREDICTIVITY][6][2] = 17;
    m.count[RUNMATCH_PREDICTIVITY][2][3] = 19;
    runmatch_add(&m, &m);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_COUPLET).found, 6);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_COUPLET).missed, 10);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_SHORT).found, 14);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_SHORT).missed, 22);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_LONG).found, 0);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_SENSITIVITY, RUNMATCH_LONG).missed, 26);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_PREDICTIVITY, RUNMATCH_COUPLET).found, 34);
    assert_int_equal(runmatch_tally(&m, RUNMATCH_PREDICTIVITY, RUNMATCH_SHORT).missed, 38);
}

/* Against itself a series of beats has every run in its length, and a longer one nowhere. */
static void test_laws_on_random_series(void **state)
{
    struct random random;

    (void)state;
    random_init(&random, 38, 0);
    for (int round = 0; round < 2000; round++) {
        struct runmatch_mark a[100];
        struct runmatch m;
        struct kymo_err e = {0};
        int64_t time = 0;
        for (int i = 0; i < 100; i++) {
            time += 1 + (int64_t)random_below(&random, 200);
            a[i] = (struct runmatch_mark){time, (enum runmatch_kind)random_below(&random, RUNMATCH_READABLE + 1)};
        }
        const struct runmatch_series s = {a, (size_t)random_below(&random, 101)};
        const struct runmatch_options o = {.window = 0};
        assert_int_equal(runmatch_compare(&s, &s, (enum runmatch_type)(round % 2), &o, &m, &e), 0);
        for (int r = 0; r < RUNMATCH_LENGTHS; r++)
            for (int c = 0; c < RUNMATCH_LENGTHS; c++) {
                assert_int_equal(m.count[RUNMATCH_SENSITIVITY][r][c], m.count[RUNMATCH_PREDICTIVITY][c][r]);
                assert_true(r == c || m.count[RUNMATCH_SENSITIVITY][r][c] == 0);
            }
    }
}

static void test_refuses(void **state)
{
    const struct runmatch_mark back[] = {{100, RUNMATCH_N}, {90, RUNMATCH_N}};
    const struct runmatch_series none = {NULL, 0}, unsorted = {back, 2};
    const struct runmatch_options good = {.window = 5}, bad = {.window = -1};
    struct runmatch m;
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(runmatch_compare(&none, &unsorted, RUNMATCH_VENTRICULAR, &good, &m, &e), KYMO_EDATA);
    assert_int_equal(runmatch_compare(&none, &none, RUNMATCH_VENTRICULAR, &bad, &m, &e), KYMO_EUSAGE);
    assert_int_equal(runmatch_compare(&none, &none, RUNMATCH_VENTRICULAR, &good, &m, &e), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths), cmocka_unit_test(test_window), cmocka_unit_test(test_fibrillation),
        cmocka_unit_test(test_start), cmocka_unit_test(test_tallies), cmocka_unit_test(test_laws_on_random_series),
        cmocka_unit_test(test_refuses),
    };

    return cmocka_run_group_tests_name("runmatch", tests, NULL, NULL);
}
