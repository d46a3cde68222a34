/* tests/unit/test_holes.c - algorithms/holes.h. */
#include "algorithms/holes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <math.h>
#include <cmocka.h>

#define N 60

/* Collects the holes of x[2][N], cut into pieces of PIECE samples. */
static size_t collect(const double *a, const double *b, size_t piece, struct hole *out)
{
    struct holes s = {.shortest = 5};
    size_t found = 0;

    for (size_t done = 0; done < N; done += piece) {
        const double *const x[] = {a + done, b + done};
        size_t at = 0;
        const size_t n = N - done < piece ? N - done : piece;
        while (holes_next(&s, x, 2, n, &at, &out[found]))
            found++;
    }
    return found + holes_flush(&s, &out[found]);
}

static void fill(double *x, int from, int to)
{
    for (int i = from; i < to; i++)
        x[i] = (double)NAN;
}

static void finds_runs_missing_in_every_lead_however_cut(void **state)
{
    double a[N] = {0}, b[N] = {0};
    struct hole hole[N];

    (void)state;
    fill(a, 0, 5), fill(b, 0, 6);      /* 0..4 in both */
    fill(a, 10, 14), fill(b, 10, 14);  /* too short */
    fill(a, 20, 40);                   /* only one lead */
    fill(b, 27, 33);                   /* 27..32 in both */
    fill(a, 50, N), fill(b, 52, N);    /* 52.. to the end */
    for (size_t piece = 1; piece <= N; piece++) {
        assert_int_equal(collect(a, b, piece, hole), 3);
        assert_int_equal(hole[0].first, 0);
        assert_int_equal(hole[0].n, 5);
        assert_int_equal(hole[1].first, 27);
        assert_int_equal(hole[1].n, 6);
        assert_int_equal(hole[2].first, 52);
        assert_int_equal(hole[2].n, 8);
    }
}

static void finds_nothing_in_whole_signals(void **state)
{
    const double a[N] = {0};
    struct hole hole[N];

    (void)state;
    assert_int_equal(collect(a, a, 7, hole), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_runs_missing_in_every_lead_however_cut),
        cmocka_unit_test(finds_nothing_in_whole_signals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
