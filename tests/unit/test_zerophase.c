/* tests/unit/test_zerophase.c - against the whole done at once, an independent program, and laws. */
#include "filters.h"

#include "algorithms/zerophase.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

STAGE_CALLS(zerophase);
MANY_CALLS(zerophase);

static struct zerophase *create(const struct sos_section *section, size_t n)
{
    struct kymo_err e = {0};
    struct zerophase *s = zerophase_create(section, n, &e);

    assert_non_null(s);
    return s;
}

/* The definition: the whole segment with its edges, forward, then backward. */
static double *at_once(const struct sos_section *section, size_t n_sections, const double *x, size_t n)
{
    const size_t usual = 3 * (2 * n_sections + 1), edge = usual < n - 1 ? usual : n - 1, all = n + 2 * edge;
    double *z = malloc(all * sizeof *z), state[SOS_STATE(SOS_SECTIONS)], *states = state;

    assert_non_null(z);
    for (size_t i = 0; i < edge; i++) {
        z[i] = 2 * x[0] - x[edge - i];
        z[edge + n + i] = 2 * x[n - 1] - x[n - 2 - i];
    }
    memcpy(z + edge, x, n * sizeof *x);
    sos_settle(section, n_sections, z[0], state);
    sos_run(section, n_sections, &states, &z, 1, all, 0, false);
    sos_settle(section, n_sections, z[all - 1], state);
    sos_run(section, n_sections, &states, &z, 1, all, 0, true);
    memmove(z, z + edge, n * sizeof *z);
    return z;
}

/* 1e-9 of the largest deviation from the first sample, as the header promises. */
static void check_streamed(const struct sos_section *section, size_t n_sections, struct dice *d, double offset, size_t n)
{
    struct zerophase *s = create(section, n_sections);
    double *x = noise_around(d, offset, n), *whole = at_once(section, n_sections, x, n);
    double *y = through(&zerophase_calls, s, x, n, d, 3000);

    assert_true(largest_difference(y, whole, n) < 2e-9);
    free(x);
    free(y);
    free(whole);
    zerophase_destroy(s);
}

static void streamed_is_as_the_whole_at_once(void **state)
{
    struct dice d = {1};
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    size_t n = butterworth(IIR_PASS, 4, 360, 0.5, 40, q);
    for (size_t length = 1; length < 100000; length = length * 3 + 1)
        check_streamed(q, n, &d, 5, length);
    n = butterworth(IIR_HIGH, 2, 500, 0.5, 0, q);
    check_streamed(q, n, &d, 0, 100000);
    n = butterworth(IIR_HIGH, 4, 250, 0.05, 0, q);
    check_streamed(q, n, &d, 0, 500000);
    n = butterworth(IIR_LOW, 8, 1000, 10, 0, q);
    check_streamed(q, n, &d, -3, 50000);
    n = (size_t)iir_comb(50, 4, 1, 500, q, &(struct kymo_err){0});
    check_streamed(q, n, &d, 0, 50000);
}

static void pieces_do_not_matter(void **state)
{
    struct dice d = {2};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 2, 250, 1, 40, q), length = 40000;
    struct zerophase *s = create(q, n);
    double *x = noise_around(&d, 1, length);

    (void)state;
    for (size_t i = 9000; i < 9100; i++)
        x[i] = NAN;
    for (size_t i = 20000; i < 20400; i += 1 + (size_t)roll_below(&d, 40))
        x[i] = NAN;
    assert_any_pieces(&zerophase_calls, s, x, length, &d);
    zerophase_destroy(s);
    free(x);
}

/* Two segments are as each alone. */
static void a_gap_starts_anew(void **state)
{
    struct dice d = {3};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_HIGH, 2, 250, 1, 0, q), length = 10000, gap = 6000;
    struct zerophase *s = create(q, n);
    double *x = noise_around(&d, 1, length);

    (void)state;
    x[gap] = NAN;
    double *y = through(&zerophase_calls, s, x, length, &d, 500);
    double *before = at_once(q, n, x, gap), *after = at_once(q, n, x + gap + 1, length - gap - 1);
    assert_true(largest_difference(y, before, gap) < 2e-9);
    assert_true(isnan(y[gap]));
    assert_true(largest_difference(y + gap + 1, after, length - gap - 1) < 2e-9);
    free(before);
    free(after);
    free(x);
    free(y);
    zerophase_destroy(s);
}

/* Side by side is as one by one, bit for bit, whatever is missing where. */
static void many_are_as_one(void **state)
{
    struct dice d = {4};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 2, 250, 1, 40, q);

    (void)state;
    for (size_t n_objects = 1; n_objects <= SOS_LANES; n_objects += 3) {
        void *s[SOS_LANES];
        for (size_t k = 0; k < n_objects; k++)
            s[k] = create(q, n);
        assert_many_are_as_one(&zerophase_many, s, n_objects, 30000, 1000, &d);
        for (size_t k = 0; k < n_objects; k++)
            zerophase_destroy(s[k]);
    }
}

/* scipy.signal.sosfiltfilt; filtfilt on the coefficients of one polynomial, which the column may be of, differs in its 9th
 * digit and beyond. */
static void as_an_independent_program(void **state)
{
    double *x = filtered_column("x"), *expected = filtered_column("butter4_bp_0.5_40_filtfilt_pad_odd");
    struct dice d = {5};
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    if (!x)
        skip();
    const size_t n = butterworth(IIR_PASS, 4, 360, 0.5, 40, q);
    struct zerophase *s = create(q, n);
    double *y = through(&zerophase_calls, s, x, FILTERED_ROWS, &d, 300);
    assert_true(largest_difference(y, expected, FILTERED_ROWS) < 1e-9);
    free(x);
    free(y);
    free(expected);
    zerophase_destroy(s);
}

static void what_cannot_be_is_refused(void **state)
{
    struct sos_section q[SOS_SECTIONS];
    struct kymo_err e = {0};
    const size_t n = butterworth(IIR_HIGH, 2, 100000, 0.05, 0, q);

    (void)state;
    assert_null(zerophase_create(q, n, &e));
    assert_error(&e, KYMO_EUSAGE, "too slow a filter for zero phase");
    q[0].a2 = 1;
    assert_null(zerophase_create(q, 1, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streamed_is_as_the_whole_at_once),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(a_gap_starts_anew),
        cmocka_unit_test(many_are_as_one),
        cmocka_unit_test(as_an_independent_program),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
