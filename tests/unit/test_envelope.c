/* tests/unit/test_envelope.c - what an envelope keeps: every peak, the ends of columns, breaks. */
#include "support.h"

#include "algorithms/envelope.h"

#include <math.h>
#include <stdlib.h>

enum { COLUMNS = 10, MOST = 5 * COLUMNS };

static struct envelope *make(double width)
{
    struct kymo_err e = {0};
    struct envelope *const s = envelope_create(0, width, COLUMNS, &e);

    assert_non_null(s);
    assert_true(envelope_bound(s) <= MOST);
    return s;
}

/* Of up to four samples in a column nothing is lost. */
static void few_samples_stay_as_they_are(void **state)
{
    const double x[] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
    struct envelope *const s = make(1);
    double at[MOST], y[MOST];

    (void)state;
    envelope_push(s, 0, 0.5, x, 12);
    assert_int_equal(envelope_points(s, at, y), 12);
    for (int i = 0; i < 12; i++) {
        assert_true(at[i] == i * 0.5);
        assert_true(y[i] == x[i]);
    }
    envelope_destroy(s);
}

/* A spike of one sample among 100000 stays, at its own place, and so do the ends of its column. */
static void no_peak_is_lost(void **state)
{
    enum { N = 100000 };
    double *const x = calloc(N, sizeof *x), at[MOST], y[MOST];
    struct envelope *const s = make(1);

    (void)state;
    assert_non_null(x);
    x[54321] = 7;
    x[54400] = -3;
    for (size_t i = 0; i < N; i += 1000)   /* any split */
        envelope_push(s, (double)i / 10000, 1.0 / 10000, x + i, 1000);
    const size_t n = envelope_points(s, at, y);
    size_t up = n, down = n;
    for (size_t i = 0; i < n; i++) {
        if (y[i] == 7)
            up = i;
        if (y[i] == -3)
            down = i;
        assert_true(i == 0 || at[i] > at[i - 1]);
    }
    assert_true(up < n && down == up + 1);
    assert_true(fabs(at[up] - 5.4321) < 1e-9 && fabs(at[down] - 5.44) < 1e-9);   /* sums of tenths of milliseconds */
    assert_true(at[0] == 0 && fabs(at[n - 1] - 9.9999) < 1e-9);
    envelope_destroy(s);
    free(x);
}

static size_t count_breaks(const struct envelope *s)
{
    double at[MOST], y[MOST];
    const size_t n = envelope_points(s, at, y);
    size_t breaks = 0;

    for (size_t i = 0; i < n; i++)
        breaks += isnan(y[i]) ? 1 : 0;
    assert_true(n == 0 || (!isnan(y[0]) && !isnan(y[n - 1])));
    return breaks;
}

/* A stretch of NaN is a break, and so is one between two calls; one that ends in the column it began in is none. */
static void gaps_stay_gaps(void **state)
{
    const double nan = (double)NAN, whole[] = {1, 2, 3, 4}, holed[] = {1, nan, nan, nan, nan, nan, 2, 3};
    struct envelope *const s = make(1);

    (void)state;
    envelope_push(s, 0, 0.5, whole, 4);
    envelope_push(s, 2, 0.5, whole, 4);
    assert_int_equal(count_breaks(s), 0);
    envelope_push(s, 6, 0.5, whole, 4);
    assert_int_equal(count_breaks(s), 1);
    envelope_reset(s, 0);
    envelope_push(s, 0, 0.5, holed, 8);
    assert_int_equal(count_breaks(s), 1);
    envelope_reset(s, 0);
    envelope_push(s, 0, 0.1, holed, 8);
    assert_int_equal(count_breaks(s), 0);
    envelope_reset(s, 0);
    envelope_push(s, 0, 0.5, holed + 1, 5);
    assert_int_equal(count_breaks(s), 0);
    envelope_destroy(s);
}

static void what_lies_outside_is_left_out(void **state)
{
    const double x[] = {1, 2, 3, 4};
    struct envelope *const s = make(1);
    double at[MOST], y[MOST];

    (void)state;
    envelope_push(s, -2, 1, x, 4);
    assert_int_equal(envelope_points(s, at, y), 2);
    assert_true(at[0] == 0 && y[0] == 3 && at[1] == 1 && y[1] == 4);
    envelope_reset(s, 8);
    envelope_push(s, 16, 1, x, 4);
    assert_int_equal(envelope_points(s, at, y), 2);
    assert_true(at[1] == 17 && y[1] == 2);
    envelope_destroy(s);
}

/* Columns that were joined are those that had been twice as wide from the start. */
static void columns_join_as_it_grows(void **state)
{
    enum { N = 7000 };
    double *const x = calloc(N, sizeof *x), at[2][MOST], y[2][MOST];
    struct envelope *const grown = make(1), *const wide = make(8);

    (void)state;
    assert_non_null(x);
    for (int i = 0; i < N; i++)
        x[i] = i % 977 == 500 ? (double)NAN : sin(i * 0.37) * (i % 1013);
    envelope_grow(grown);
    envelope_push(grown, 0, 0.01, x, N);
    envelope_push(wide, 0, 0.01, x, N);
    const size_t n = envelope_points(grown, at[0], y[0]);
    assert_int_equal(envelope_points(wide, at[1], y[1]), n);
    assert_memory_equal(at[0], at[1], n * sizeof at[0][0]);
    assert_memory_equal(y[0], y[1], n * sizeof y[0][0]);
    assert_true(y[0][n - 1] == x[N - 1]);
    envelope_destroy(grown);
    envelope_destroy(wide);
    free(x);
}

static void wrong_columns_are_refused(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    assert_null(envelope_create(0, 0, 10, &e));
    assert_null(envelope_create(0, (double)NAN, 10, &e));
    assert_null(envelope_create(0, 1, 0, &e));
    assert_null(envelope_create(0, 1, SIZE_MAX / 2, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_samples_stay_as_they_are), cmocka_unit_test(no_peak_is_lost), cmocka_unit_test(gaps_stay_gaps),
        cmocka_unit_test(what_lies_outside_is_left_out), cmocka_unit_test(columns_join_as_it_grows),
        cmocka_unit_test(wrong_columns_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
