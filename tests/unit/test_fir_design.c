/* tests/unit/test_fir_design.c - against an independent program's taps, and masks at random parameters. */
#include "filters.h"

#include "algorithms/fir_design.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* A list of fir_welch_lomb.json in KYMO_REFERENCE/dsp; false where it is not there. */
static bool load_taps(const char *name, double *h, size_t n)
{
    const char *folder = getenv("KYMO_REFERENCE");
    char path[4096];

    if (!folder)
        return false;
    snprintf(path, sizeof path, "%s/dsp/fir_welch_lomb.json", folder);
    json_t *all = json_load_file(path, 0, NULL);
    if (!all)
        return false;
    json_t *list = json_object_get(all, name);
    assert_int_equal(json_array_size(list), n);
    for (size_t k = 0; k < n; k++)
        h[k] = json_number_value(json_array_get(list, k));
    json_decref(all);
    return true;
}

/* The largest weighted error over the bands, on a grid much finer than the design's. */
static double largest_error(const double *h, size_t n, const struct fir_band *band, size_t n_bands)
{
    double most = 0;

    for (size_t b = 0; b < n_bands; b++)
        for (int i = 0; i <= 20000; i++) {
            const double f = band[b].low + (band[b].high - band[b].low) * i / 20000;
            most = fmax(most, band[b].weight * fabs(fir_gain(h, n, f) - band[b].gain));
        }
    return most;
}

static void kaiser_as_an_independent_program(void **state)
{
    double expected[101], h[101];
    struct kymo_err e = {0};

    (void)state;
    if (!load_taps("firwin_101_kaiser6_bp_5_40_fs360", expected, 101))
        skip();
    assert_int_equal(fir_kaiser((struct fir_edges){5 / 360.0, 40 / 360.0, false}, 6, h, 101, &e), 0);
    assert_true(largest_difference(h, expected, 101) < 1e-15);
}

/* That program's grid is coarser, so that its taps are not quite the best ones: ours have no larger error than they, and
 * differ by less than the errors do, 0.7e-3, in parts of 2 n taps. */
static void equiripple_as_an_independent_program(void **state)
{
    static const struct fir_band bands[] = {{0, 4 / 360.0, 0, 1}, {8 / 360.0, 30 / 360.0, 1, 1}, {36 / 360.0, 0.5, 0, 1}};
    double expected[63], h[63], error;
    struct kymo_err e = {0};

    (void)state;
    if (!load_taps("remez_63_bp_8_30_stop4_36_fs360", expected, 63))
        skip();
    assert_int_equal(fir_equiripple(bands, 3, h, 63, &error, &e), 0);
    assert_true(largest_difference(h, expected, 63) < 2e-4);
    assert_true(largest_error(h, 63, bands, 3) <= largest_error(expected, 63, bands, 3));
}

/* Kaiser's own formulas promise the attenuation, but errors on both sides of 0 or of an edge add up: 3 dB, of two edges 5. */
static void kaiser_keeps_to_its_mask(void **state)
{
    struct dice d = {1};

    (void)state;
    for (int i = 0; i < 300; i++) {
        const double width = (double)roll_between(&d, 5, 50) / 1000, attenuation = (double)roll_between(&d, 25, 100);
        const double low = 0.06 + 0.1 * (double)roll_below(&d, 1000) / 1000;
        const double high = low + 0.1 + 0.15 * (double)roll_below(&d, 1000) / 1000;
        const struct fir_edges edges = {i % 3 == 0 ? 0 : low, i % 3 == 1 ? 0.5 : high, i % 6 == 5};
        const double inside = edges.stop ? 0 : 1;
        const struct fir_band bands[] = {{0, edges.low - width / 2, 1 - inside, 1},
                                         {edges.low > 0 ? edges.low + width / 2 : 0,
                                          edges.high < 0.5 ? edges.high - width / 2 : 0.5, inside, 1},
                                         {edges.high + width / 2, 0.5, 1 - inside, 1}};
        const size_t n = fir_kaiser_taps(attenuation, width);
        const bool has_low = edges.low > 0, has_high = edges.high < 0.5;
        double *h = malloc(n * sizeof *h);
        struct kymo_err e = {0};
        assert_non_null(h);
        assert_int_equal(n % 2, 1);
        assert_int_equal(fir_kaiser(edges, fir_kaiser_shape(attenuation), h, n, &e), 0);
        const double error = largest_error(h, n, has_low ? bands : bands + 1, 1u + has_low + has_high);
        assert_true(20 * log10(error) < -attenuation + (has_low && has_high ? 5 : 3));
        for (size_t k = 0; k < n; k++)
            assert_true(h[k] == h[n - 1 - k]);
        free(h);
    }
}

/* The error told is the error there is, but for what lies between points of the grid (a ripple has about 20, so that 1 % is
 * missed at most, and 2 where ripples are narrow), and alternates as often as it must: no filter of so many taps is better. */
static void equiripple_is_the_best(void **state)
{
    struct dice d = {2};

    (void)state;
    for (int i = 0; i < 60; i++) {
        const size_t n = 2 * (size_t)roll_between(&d, 10, 90) + 1;
        const double low = 0.05 + 0.15 * (double)roll_below(&d, 1000) / 1000, width = 2.5 / (double)n;
        const struct fir_band bands[] = {{0, low, 1, 1}, {low + width, 0.5, 0, (double)roll_between(&d, 1, 20)}};
        double h[201], error;
        struct kymo_err e = {0};
        assert_int_equal(fir_equiripple(bands, 2, h, n, &error, &e), 0);
        assert_true(fabs(largest_error(h, n, bands, 2) / error - 1) < 0.02);
        size_t turns = 0;
        int before = 0;
        for (int k = 0; k <= 200000; k++) {
            const double f = 0.5 * k / 200000, in_pass = f <= low, in_stop = f >= low + width;
            const double miss = in_pass ? fir_gain(h, n, f) - 1 : in_stop ? bands[1].weight * fir_gain(h, n, f) : 0;
            const int sign = miss > 0.97 * error ? 1 : miss < -0.97 * error ? -1 : 0;
            turns += sign != 0 && sign != before;
            before = sign != 0 ? sign : before;
        }
        assert_true(turns >= n / 2 + 2);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    const struct fir_band touching[] = {{0, 0.2, 1, 1}, {0.1, 0.5, 0, 1}};
    double h[101], error;
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(fir_kaiser((struct fir_edges){0, 0.1, false}, 6, h, 100, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "100 taps, not an odd number");
    e.n = 0;
    assert_int_equal(fir_kaiser((struct fir_edges){0.3, 0.1, false}, 6, h, 101, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "edges at 0.3 and 0.1 of the rate");
    e.n = 0;
    assert_int_equal(fir_equiripple(touching, 2, h, 101, &error, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "a band from 0.1 to 0.5 of the rate");
    e.n = 0;
    assert_int_equal(fir_equiripple(touching, 1, h, 2001, &error, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "2001 taps, not an odd number 3..1023");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kaiser_as_an_independent_program),
        cmocka_unit_test(equiripple_as_an_independent_program),
        cmocka_unit_test(kaiser_keeps_to_its_mask),
        cmocka_unit_test(equiripple_is_the_best),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
