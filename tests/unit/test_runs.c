/* tests/unit/test_runs.c - model/runs.h: a run is where its marks say, and nowhere else. */
#include "algorithms/random.h"
#include "model/runs.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define RATE_HZ 200.0
#define RR_S 0.8

enum { N = 40000, BEATS = 248, LEADS = 2 };

struct heart {
    double *x[LEADS];
    struct beatmatch_mark mark[BEATS + 2];
    size_t n_marks;
};

/* A spike of 20 ms each RR_S, every seventh a wide beat where WIDE; the second lead has them upside down. */
static void make_heart(struct heart *h, bool wide)
{
    h->n_marks = 0;
    for (size_t c = 0; c < LEADS; c++)
        h->x[c] = calloc(N, sizeof *h->x[c]);
    for (int b = 0; b < BEATS; b++) {
        const bool is_wide = wide && b % 7 == 3;
        const int at = (int)((b + 0.5) * RR_S * RATE_HZ), half = is_wide ? 12 : 4;
        for (int i = -half; i <= half; i++)
            for (size_t c = 0; c < LEADS; c++)
                h->x[c][at + i] += (c ? -1 : 1) * (is_wide ? 2 : 1) * (1 - fabs(i / (half + 1.0)));
        h->mark[h->n_marks++] = (struct beatmatch_mark){at, is_wide ? BEATMATCH_V : BEATMATCH_N};
    }
}

static void free_heart(struct heart *h)
{
    for (size_t c = 0; c < LEADS; c++)
        free(h->x[c]);
}

/* Every beat of the outcome has its top on its mark; away from the runs nothing has changed, and neither have the marks. */
static void test_marks_are_true(void **state)
{
    (void)state;
    for (int wide = 0; wide < 2; wide++) {
        struct heart was, h;
        make_heart(&was, wide);
        make_heart(&h, wide);
        size_t n = h.n_marks, in_runs = 0, kept = 0;
        struct beatmatch_mark *const mark = runs_make(h.x, LEADS, N, RATE_HZ, h.mark, &n, 5);
        for (size_t i = 0; i < n; i++) {
            const int64_t t = mark[i].time;
            assert_true(i == 0 || t > mark[i - 1].time);
            assert_true(h.x[0][t] > 0.6 && h.x[0][t] >= h.x[0][t - 1] && h.x[0][t] >= h.x[0][t + 1]);
            if (h.x[0][t] != was.x[0][t] || h.x[0][t + 5] != was.x[0][t + 5]) {
                assert_int_equal(mark[i].kind, BEATMATCH_V);
                in_runs++;
            } else {
                kept++;
            }
        }
        assert_true(in_runs >= 9 && kept > BEATS / 2);
        for (size_t i = 0; i < N; i++)
            assert_true(fabs(h.x[0][i] + h.x[1][i]) < 1e-12);   /* rounding: both leads have the same run */
        free(mark);
        free_heart(&h);
        free_heart(&was);
    }
}

/* The same seed, the same runs; another, others. One lead by itself has the run that it has among two. */
static void test_seeds(void **state)
{
    struct heart a, b, c;
    size_t n[3] = {BEATS, BEATS, BEATS};

    (void)state;
    make_heart(&a, true);
    make_heart(&b, true);
    make_heart(&c, true);
    struct beatmatch_mark *const m[3] = {runs_make(a.x, LEADS, N, RATE_HZ, a.mark, &n[0], 5),
                                         runs_make(b.x, 1, N, RATE_HZ, b.mark, &n[1], 5),
                                         runs_make(c.x, LEADS, N, RATE_HZ, c.mark, &n[2], 6)};
    assert_int_equal(n[0], n[1]);
    assert_memory_equal(a.x[0], b.x[0], N * sizeof *a.x[0]);
    assert_memory_not_equal(a.x[0], c.x[0], N * sizeof *a.x[0]);
    for (int i = 0; i < 3; i++)
        free(m[i]);
    free_heart(&a);
    free_heart(&b);
    free_heart(&c);
}

/* Nothing to make runs of, or flutter all the time: nothing changes. */
static void test_no_runs(void **state)
{
    struct heart was, h;
    size_t n = 3;

    (void)state;
    make_heart(&was, true);
    make_heart(&h, true);
    free(runs_make(h.x, LEADS, N, RATE_HZ, h.mark, &n, 5));
    assert_int_equal(n, 3);
    memmove(h.mark + 1, h.mark, BEATS * sizeof *h.mark);
    h.mark[0] = (struct beatmatch_mark){0, BEATMATCH_VF_ON};
    n = BEATS + 1;
    free(runs_make(h.x, LEADS, N, RATE_HZ, h.mark, &n, 5));
    assert_int_equal(n, BEATS + 1);
    assert_memory_equal(h.x[0], was.x[0], N * sizeof *h.x[0]);
    free_heart(&h);
    free_heart(&was);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks_are_true), cmocka_unit_test(test_seeds), cmocka_unit_test(test_no_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
