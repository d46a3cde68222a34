/* tests/unit/test_sos.c - laws, an independent program, and filters at the edge of what a double can do. */
#include "filters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846

STAGE_CALLS(sos);
MANY_CALLS(sos);

static struct sos *create(const struct sos_section *section, size_t n, size_t advance)
{
    struct kymo_err e = {0};
    struct sos *s = sos_create(section, n, advance, &e);

    assert_non_null(s);
    return s;
}

/* Of the columns that were made with the filter at rest before them: ours begins in the steady state of the first sample, and
 * that is the same where a sample 0 comes first. */
static void check_column(const char *name, const struct sos_section *section, size_t n)
{
    double *x = filtered_column("x"), *expected = filtered_column(name), *from_rest = malloc((FILTERED_ROWS + 1) * sizeof *x);
    struct dice d = {1};

    if (!x)
        skip();
    assert_non_null(from_rest);
    from_rest[0] = 0;
    memcpy(from_rest + 1, x, FILTERED_ROWS * sizeof *x);
    struct sos *s = create(section, n, 0);
    double *y = through(&sos_calls, s, from_rest, FILTERED_ROWS + 1, &d, 300);
    assert_true(largest_difference(y + 1, expected, FILTERED_ROWS) < 1e-10);
    sos_destroy(s);
    free(x);
    free(y);
    free(expected);
    free(from_rest);
}

static void as_an_independent_program(void **state)
{
    struct sos_section q[SOS_SECTIONS];
    struct kymo_err e = {0};

    (void)state;
    check_column("butter4_bp_0.5_40_causal_zero_state", q, butterworth(IIR_PASS, 4, 360, 0.5, 40, q));
    assert_int_equal(iir_comb(50, 1, 50 / 30.0, 360, q, &e), 1);
    check_column("iirnotch_50_Q30_causal", q, 1);
}

static void pieces_do_not_matter(void **state)
{
    struct dice d = {2};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 3, 250, 1, 40, q), length = 7000;
    double *x = noise_around(&d, 1, length);

    (void)state;
    for (size_t i = 3000; i < 3100; i++)
        x[i] = NAN;
    for (size_t i = 5000; i < 5400; i += 1 + (size_t)roll_below(&d, 40))
        x[i] = NAN;
    for (size_t advance = 0; advance < 400; advance = 3 * advance + 5) {
        struct sos *s = create(q, n, advance);
        assert_any_pieces(&sos_calls, s, x, length, &d);
        sos_destroy(s);
    }
    free(x);
}

static void many_are_as_one(void **state)
{
    struct dice d = {3};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 2, 250, 1, 40, q);

    (void)state;
    for (size_t n_objects = 1; n_objects <= SOS_LANES; n_objects++) {
        void *s[SOS_LANES];
        for (size_t k = 0; k < n_objects; k++)
            s[k] = create(q, n, n_objects % 2 ? 0 : 37);
        assert_many_are_as_one(&sos_many, s, n_objects, 5000, 100, &d);
        for (size_t k = 0; k < n_objects; k++)
            sos_destroy(s[k]);
    }
}

/* Linear, and the same later: to rounding, 1e-16 times the filter's memory of 500 samples. */
static void it_is_linear_and_the_same_later(void **state)
{
    enum { LENGTH = 3000, SHIFT = 123 };
    struct dice d = {4};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 2, 250, 1, 40, q);
    struct sos *s = create(q, n, 0);
    double *a = noise_around(&d, 0, LENGTH), *b = noise_around(&d, 0, LENGTH), *sum = noise_around(&d, 0, LENGTH);
    double *later = noise_around(&d, 0, LENGTH);

    (void)state;
    for (size_t i = 0; i < LENGTH; i++) {
        sum[i] = 2 * a[i] - 3 * b[i];
        later[i] = a[i < SHIFT ? 0 : i - SHIFT];
    }
    double *y_a = through(&sos_calls, s, a, LENGTH, &d, 500), *y_b = through(&sos_calls, s, b, LENGTH, &d, 500);
    double *y_sum = through(&sos_calls, s, sum, LENGTH, &d, 500), *y_later = through(&sos_calls, s, later, LENGTH, &d, 500);
    for (size_t i = 0; i < LENGTH; i++) {
        assert_true(fabs(y_sum[i] - (2 * y_a[i] - 3 * y_b[i])) < 1e-12);
        if (i >= SHIFT)
            assert_true(fabs(y_later[i] - y_a[i - SHIFT]) < 1e-12);
    }
    double *all[] = {a, b, sum, later, y_a, y_b, y_sum, y_later};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        free(all[i]);
    sos_destroy(s);
}

/* The impulse's response has the spectrum that sos_respond tells, and a sinusoid comes later by what sos_delay tells. */
static void its_response_is_that_of_the_impulse(void **state)
{
    enum { LENGTH = 20000 };
    struct dice d = {5};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_PASS, 3, 250, 2, 40, q);
    struct sos *s = create(q, n, 0);
    double *x = calloc(LENGTH, sizeof *x);

    (void)state;
    assert_non_null(x);
    x[1] = 1;
    double *y = through(&sos_calls, s, x, LENGTH, &d, 500);
    for (double turns = 0; turns <= 0.5; turns += 0.0137) {
        double re = 0, im = 0, ramp_re = 0, ramp_im = 0, r[2];
        for (size_t i = 1; i < LENGTH; i++) {
            const double t = (double)(i - 1), c = y[i] * cos(2 * PI * turns * t), sn = -y[i] * sin(2 * PI * turns * t);
            re += c;
            im += sn;
            ramp_re += t * c;
            ramp_im += t * sn;
        }
        sos_respond(q, n, turns, r);
        assert_true(fabs(re - r[0]) < 1e-10 && fabs(im - r[1]) < 1e-10);
        if (hypot(re, im) > 1e-3)
            assert_true(fabs((ramp_re * re + ramp_im * im) / (re * re + im * im) - sos_delay(q, n, turns)) < 1e-6);
    }
    sos_destroy(s);
    free(x);
    free(y);
}

/* An offset makes no transient: from the first sample on, and behind a gap. */
static void check_offset(enum iir_band band, double expected, double tolerance)
{
    enum { LENGTH = 20000 };
    struct dice d = {6};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(band, 4, 10000, 0.05, 1000, q);
    struct sos *s = create(q, n, 0);
    double *x = malloc(LENGTH * sizeof *x);

    assert_non_null(x);
    for (size_t i = 0; i < LENGTH; i++)
        x[i] = i < LENGTH / 2 ? 1234.5 : -99;
    x[LENGTH / 2] = NAN;
    double *y = through(&sos_calls, s, x, LENGTH, &d, 500);
    for (size_t i = 0; i < LENGTH; i++)
        assert_true(isnan(x[i]) ? isnan(y[i]) != 0 : fabs(y[i] - expected * x[i]) <= tolerance * fabs(x[i]));
    sos_destroy(s);
    free(x);
    free(y);
}

/* A high-pass takes an offset out to the last digit; a band-pass's sections that pass 0 Hz come first and round it; the
 * gain of a low-pass so slow is 1 to what the last digit of its coefficients does: 1e-16 / (2 pi 5e-6)^2 = 1e-7 for each of two
 * sections. */
static void an_offset_makes_no_transient(void **state)
{
    (void)state;
    check_offset(IIR_HIGH, 0, 0);
    check_offset(IIR_PASS, 0, 1e-9);
    check_offset(IIR_LOW, 1, 1e-6);
}

/* A step through a high-pass of 0.05 Hz at 10 kHz: it decays, within what exp(-t 2 pi 0.05 sin(pi/8)) allows, and then is 0,
 * never a number that is slow to calculate with. */
static void extreme_filters_are_stable(void **state)
{
    enum { PIECE = 10000 };
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_HIGH, 4, 10000, 0.05, 0, q);
    struct sos *s = create(q, n, 0);
    double x[PIECE], last = 1;

    (void)state;
    for (int second = 0; second < 5000; second++) {
        for (size_t i = 0; i < PIECE; i++)
            x[i] = second > 0;
        assert_int_equal(sos_push(s, x, PIECE, x), PIECE);
        last = fabs(x[PIECE - 1]);
        assert_true(last <= 10 * exp(-(second - 1) * 2 * PI * 0.05 * 0.38) + 1e-7);
    }
    assert_true(last == 0 || last >= 1e-300);
    sos_destroy(s);
}

/* With an advance of d, y is what it is without, d later. */
static void an_advance_only_shifts(void **state)
{
    enum { LENGTH = 3000, ADVANCE = 17 };
    struct dice d = {7};
    struct sos_section q[SOS_SECTIONS];
    const size_t n = butterworth(IIR_LOW, 4, 250, 10, 0, q);
    struct sos *plain = create(q, n, 0), *ahead = create(q, n, ADVANCE);
    double *x = noise_around(&d, 2, LENGTH);
    double *y = through(&sos_calls, plain, x, LENGTH, &d, 300), *z = through(&sos_calls, ahead, x, LENGTH, &d, 300);

    (void)state;
    assert_memory_equal(z, y + ADVANCE, (LENGTH - ADVANCE) * sizeof *z);
    double r[2], r_ahead[2];
    sos_object_respond(plain, 0.01, r);
    sos_object_respond(ahead, 0.01, r_ahead);
    assert_true(fabs(hypot(r[0], r[1]) - hypot(r_ahead[0], r_ahead[1])) < 1e-12);
    assert_true(fabs(atan2(r_ahead[1] * r[0] - r_ahead[0] * r[1], r_ahead[0] * r[0] + r_ahead[1] * r[1]) -
                     2 * PI * 0.01 * ADVANCE) < 1e-9);
    sos_destroy(plain);
    sos_destroy(ahead);
    free(x);
    free(y);
    free(z);
}

static void what_cannot_be_is_refused(void **state)
{
    const struct sos_section on_the_circle = {1, 0, 0, -1.9, 1}, beyond = {1, 0, 0, -2.5, 1.2};
    struct kymo_err e = {0};

    (void)state;
    assert_null(sos_create(&on_the_circle, 1, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "not stable");
    e.n = 0;
    assert_null(sos_create(&beyond, 1, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "not stable");
    e.n = 0;
    assert_null(sos_create(&beyond, 0, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "0 sections");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_an_independent_program),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(many_are_as_one),
        cmocka_unit_test(it_is_linear_and_the_same_later),
        cmocka_unit_test(its_response_is_that_of_the_impulse),
        cmocka_unit_test(an_offset_makes_no_transient),
        cmocka_unit_test(extreme_filters_are_stable),
        cmocka_unit_test(an_advance_only_shifts),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
