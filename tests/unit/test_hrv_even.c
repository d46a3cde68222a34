/* tests/unit/test_hrv_even.c - an even grid over a series with holes: where it begins, ends and breaks, and what is on it. */
#include "algorithms/hrv_even.h"
#include "tests/unit/hrv_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct hrv_even_options CUBIC = {.rate_hz = 4, .method = HRV_CUBIC, .longest_hole_s = 0};

static void fill(struct hrv_even *s, const struct nn_series *nn, const struct hrv_even_options *o)
{
    struct kymo_err e = { 0 };

    assert_int_equal(hrv_even_fill(s, nn, o, &e), 0);
}

static void fill_series(struct hrv_even *s, const struct series *x, const struct hrv_even_options *o)
{
    const struct nn_series nn = view(x);

    fill(s, &nn, o);
}

/* Ends at 1, 2, 3 s: points at 1, 1.25 .. 2.75 and not at 3. */
static void test_grid(void **state)
{
    const double ms[] = { 800, 900, 700 }, end_s[] = { 1, 2, 3 };
    const struct hrv_even_options o = {.rate_hz = 4, .method = HRV_LINEAR};
    struct hrv_even s = { 0 };

    (void)state;
    fill(&s, &(struct nn_series){.nn_ms = ms, .end_s = end_s, .n = 3}, &o);
    assert_int_equal(s.n, 8);
    assert_true(s.n_pieces == 1 && s.pieces[0].first == 0 && s.pieces[0].n == 8);
    for (size_t k = 0; k < 8; k++) {
        assert_near(s.ms[k], k < 4 ? 800 + 25 * (double)k : 900 - 50 * (double)(k - 4), 1e-12);
        assert_true(s.bridged[k] == 0);
    }
    assert_near(s.series_s, 2.8, 1e-12);
    assert_near(s.beats_hz, 1, 1e-12);
    hrv_even_release(&s);
}

static void test_few(void **state)
{
    const double ms[] = { 800, 900, 700 }, end_s[] = { 1, 2, 3 };
    struct hrv_even s = { 0 };

    (void)state;
    fill(&s, &(struct nn_series){.nn_ms = ms, .end_s = end_s, .n = 0}, &CUBIC);
    assert_true(s.n == 0 && s.n_pieces == 0 && s.series_s == 0 && isnan(s.beats_hz));
    fill(&s, &(struct nn_series){.nn_ms = ms, .end_s = end_s, .n = 1}, &CUBIC);
    assert_true(s.n == 0 && s.n_pieces == 0 && isnan(s.beats_hz));
    assert_near(s.series_s, 0.8, 1e-12);
    fill(&s, &(struct nn_series){.nn_ms = ms, .end_s = end_s, .n = 2}, &CUBIC);
    assert_true(s.n == 4 && s.n_pieces == 1);
    assert_near(s.ms[3], 875, 1e-12);
    fill(&s, &(struct nn_series){.nn_ms = ms, .end_s = end_s, .follows = (const unsigned char[]){ 1, 0, 0 }, .n = 3}, &CUBIC);
    assert_true(s.n == 0 && s.n_pieces == 0 && isnan(s.beats_hz));
    hrv_even_release(&s);
}

/* The holes are as long as what is cut out of even beats 0.8 s apart. */
static void test_holes(void **state)
{
    struct hrv_even_options o = CUBIC;
    struct hrv_even s = { 0 };
    static struct series x;

    (void)state;
    make_noise(&x, 400, 0, 0.8, 1);
    cut_out(&x, 300, 5);    /* 4 s, from 240 s on */
    cut_out(&x, 100, 2);    /* 1.6 s, from 80 s on */
    fill_series(&s, &x, &o);
    assert_int_equal(s.n_pieces, 3);
    assert_int_equal(s.pieces[0].n, 317);   /* 0.8 .. 80 s: 79.2 x 4 = 316.8 points fit, so 317 */
    assert_int_equal(s.pieces[1].first, 317);
    assert_int_equal(s.n, s.pieces[2].first + s.pieces[2].n);

    o.longest_hole_s = 2;
    fill_series(&s, &x, &o);
    assert_int_equal(s.n_pieces, 2);
    size_t bridged = 0;
    for (size_t k = 0; k < s.n; k++) {
        const double t_s = 0.8 + (double)k / 4;
        bridged += s.bridged[k] != 0;
        assert_true((s.bridged[k] != 0) == (k < s.pieces[0].n && t_s > 80 && t_s < 81.6));
    }
    assert_int_equal(bridged, 7);   /* 80.05, 80.3 .. 81.55 */

    o.longest_hole_s = INFINITY;
    fill_series(&s, &x, &o);
    assert_int_equal(s.n_pieces, 1);
    assert_near(s.beats_hz, 1.25, 1e-12);
    assert_near(s.series_s, 320, 1e-9);
    hrv_even_release(&s);
}

/* Nothing that is beyond a hole changes what is on this side of it. */
static void test_pieces_are_apart(void **state)
{
    static struct series x;
    struct hrv_even whole = { 0 }, part = { 0 };

    (void)state;
    make_noise(&x, 300, 50, 0, 2);
    cut_out(&x, 120, 3);
    fill_series(&whole, &x, &CUBIC);
    x.n = 120;
    fill_series(&part, &x, &CUBIC);
    assert_int_equal(whole.pieces[0].n, part.n);
    assert_memory_equal(whole.ms, part.ms, part.n * sizeof *part.ms);
    hrv_even_release(&whole);
    hrv_even_release(&part);
}

static double variance(const double *x, size_t n)
{
    double mean = 0, sum = 0;

    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum / (double)n;
}

/* What the header says of interpolation as a low-pass filter: a sine of 0.25 Hz and a beat each 0.8 s, 200 periods. */
static void test_loss(void **state)
{
    static struct series x;
    struct hrv_even s = { 0 };

    (void)state;
    make_noise(&x, 1001, 0, 0.8, 1);
    for (size_t i = 0; i < x.n; i++)
        x.ms[i] = 800 + 25 * sin(2 * M_PI * 0.25 * x.end_s[i]);
    fill_series(&s, &x, &CUBIC);
    assert_near(variance(s.ms, s.n) / 312.5, 0.99, 0.005);
    fill_series(&s, &x, &(struct hrv_even_options){.rate_hz = 4, .method = HRV_LINEAR});
    assert_near(variance(s.ms, s.n) / 312.5, 0.77, 0.005);
    hrv_even_release(&s);
}

static void test_detrend(void **state)
{
    static struct series x;
    struct hrv_even s = { 0 };
    struct kymo_err e = { 0 };

    (void)state;
    make_noise(&x, 300, 0, 0.8, 2);
    for (size_t i = 0; i < x.n; i++)
        x.ms[i] = i < 150 ? 700 + (double)i : 1000 - (double)i;
    cut_out(&x, 150, 1);
    fill_series(&s, &x, &CUBIC);
    assert_int_equal(hrv_even_detrend(&s, 500, &e), 0);
    for (size_t k = 0; k < s.n; k++)
        assert_near(s.ms[k], 0, 1e-6);   /* two lines, each to 4e-9 of what lies off it, that is rounding */
    assert_int_equal(hrv_even_detrend(&s, -1, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_even_detrend(&s, NAN, &e), KYMO_EUSAGE);
    hrv_even_release(&s);
}

static void assert_refused(const struct nn_series *nn, const struct hrv_even_options *o, int code, const char *why)
{
    struct kymo_err e = { 0 };
    struct hrv_even s = { 0 };

    assert_int_equal(hrv_even_fill(&s, nn, o, &e), code);
    assert_non_null(strstr(e.cause[0].msg, why));
    assert_int_equal(s.n, 0);
    hrv_even_release(&s);
}

static void test_refusals(void **state)
{
    const double ms[] = { 800, 900, 700 }, end_s[] = { 1, 2, 3 }, bad[] = { 800, NAN, 700 }, back[] = { 1, 2, 1.5 };
    const double nowhere[] = { 1, 2, INFINITY }, same[] = { 1, 2, 2 + 1e-7 }, far[] = { 1, 2, 1e11 };
    const struct nn_series good = {.nn_ms = ms, .end_s = end_s, .n = 3};

    (void)state;
    assert_refused(&good, &(struct hrv_even_options){.rate_hz = 0}, KYMO_EUSAGE, "resampling at 0 Hz");
    assert_refused(&good, &(struct hrv_even_options){.rate_hz = NAN}, KYMO_EUSAGE, "resampling");
    assert_refused(&good, &(struct hrv_even_options){.rate_hz = 4, .longest_hole_s = -1}, KYMO_EUSAGE, "hole");
    assert_refused(&(struct nn_series){.nn_ms = bad, .end_s = end_s, .n = 3}, &CUBIC, KYMO_EDATA, "interval 1 is nan");
    assert_refused(&(struct nn_series){.nn_ms = ms, .end_s = back, .n = 3}, &CUBIC, KYMO_EDATA, "interval 2 ends at 1.5 s");
    assert_refused(&(struct nn_series){.nn_ms = ms, .end_s = same, .n = 3}, &CUBIC, KYMO_EDATA, "interval 2 ends at 2.0000001");
    assert_refused(&(struct nn_series){.nn_ms = ms, .end_s = nowhere, .n = 3}, &CUBIC, KYMO_EDATA, "interval 2 ends at inf");
    assert_refused(&(struct nn_series){.nn_ms = ms, .end_s = far, .n = 3}, &CUBIC, KYMO_EDATA, "more than 268435456");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid), cmocka_unit_test(test_few), cmocka_unit_test(test_holes),
        cmocka_unit_test(test_pieces_are_apart), cmocka_unit_test(test_loss), cmocka_unit_test(test_detrend),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests_name("hrv_even", tests, NULL, NULL);
}
