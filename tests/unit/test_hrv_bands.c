/* tests/unit/test_hrv_bands.c - powers and peaks of spectra written down by hand; what cannot be given; how long is long
 * enough. */
#include "algorithms/hrv_bands.h"
#include "tests/unit/hrv_series.h"

#include <math.h>

#define N 601   /* 300 s at 4 Hz: df = 1/300 */

static struct hrv_spectrum make(struct kymo_err *e)
{
    struct hrv_spectrum s = { 0 };

    assert_int_equal(hrv_spectrum_make(&s, N, e), 0);
    s.df_hz = s.resolution_hz = 1.0 / 300;
    return s;
}

/* psd = 1: what is counted is frequencies. 0.04 = 12 df, 0.15 = 45 df and 0.4 = 120 df are edges that lie on the grid, in
 * rounded numbers on either side of it: each belongs to the band above. 0.003 lies between 0 and df. */
static void test_edges(void **state)
{
    struct kymo_err e = { 0 };
    struct hrv_spectrum s = make(&e);
    struct hrv_powers p;

    (void)state;
    for (size_t k = 0; k < N; k++)
        s.psd[k] = 300;   /* times df is 1 */
    hrv_powers(&s, &hrv_bands_task_force, &p);
    assert_near(p.total_ms2, 120, 1e-9);
    assert_near(p.vlf_ms2, 11, 1e-9);
    assert_near(p.lf_ms2, 33, 1e-9);
    assert_near(p.hf_ms2, 75, 1e-9);
    assert_true(isnan(p.ulf_ms2) && isnan(p.ulf_pct));   /* 0.003 Hz is narrower than 1/300 */
    assert_near(p.lf_nu, 100 * 33 / 108.0, 1e-9);
    assert_near(p.hf_nu, 100 * 75 / 108.0, 1e-9);
    assert_near(p.vlf_pct, 100 * 11 / 120.0, 1e-9);
    assert_near(p.lf_pct, 100 * 33 / 120.0, 1e-9);
    assert_near(p.hf_pct, 100 * 75 / 120.0, 1e-9);
    assert_near(p.lf_hf, 33 / 75.0, 1e-12);
    assert_near(hrv_band_power(&s, (struct hrv_band){ 0.0101, 0.0199 }), 2, 1e-9);   /* 4 and 5, not 3 (0.01) nor 6 (0.02) */
    assert_near(hrv_band_power(&s, (struct hrv_band){ 0.4, 1 }), 180, 1e-9);
    hrv_spectrum_release(&s);
}

/* Windows of 100, 200 .. s have frequencies on every edge, whichever way 1 / window and the division round. */
static void test_edges_are_rounded(void **state)
{
    struct kymo_err e = { 0 };
    struct hrv_spectrum s = { 0 };

    (void)state;
    for (size_t window_s = 100; window_s <= 20000; window_s += 100) {
        assert_int_equal(hrv_spectrum_make(&s, 2 * window_s + 1, &e), 0);
        s.df_hz = s.resolution_hz = 1 / (double)window_s;
        for (size_t k = 0; k < s.n; k++)
            s.psd[k] = (double)window_s;
        assert_near(hrv_band_power(&s, hrv_bands_task_force.lf), 0.11 * (double)window_s, 1e-6);
        assert_near(hrv_band_power(&s, hrv_bands_task_force.hf), 0.25 * (double)window_s, 1e-6);
    }
    hrv_spectrum_release(&s);
}

/* Neighbouring bands add up, wherever they are cut. */
static void test_bands_add_up(void **state)
{
    struct kymo_err e = { 0 };
    struct hrv_spectrum s = make(&e);

    (void)state;
    for (size_t k = 0; k < N; k++)
        s.psd[k] = 1 + (double)(k % 7);
    const double whole = hrv_band_power(&s, (struct hrv_band){ 0, 0.4 });
    for (double cut = 0.004; cut < 0.396; cut += 0.00047) {
        const struct hrv_band low = { 0, cut }, high = { cut, 0.4 };
        assert_near(hrv_band_power(&s, low) + hrv_band_power(&s, high), whole, 1e-12);
    }
    hrv_spectrum_release(&s);
}

/* A Gaussian's logarithm is a parabola: its top is found wherever it lies between the frequencies. */
static void test_peak(void **state)
{
    struct kymo_err e = { 0 };
    struct hrv_spectrum s = make(&e);

    (void)state;
    for (double top_hz = 0.09; top_hz < 0.11; top_hz += 0.00031) {
        for (size_t k = 0; k < N; k++)
            s.psd[k] = 50 * exp(-pow(((double)k * s.df_hz - top_hz) / 0.01, 2));
        assert_near(hrv_band_peak(&s, hrv_bands_task_force.lf), top_hz, 1e-12);
        assert_true(isnan(hrv_band_peak(&s, hrv_bands_task_force.hf)));    /* only a slope, downwards */
        assert_true(isnan(hrv_band_peak(&s, hrv_bands_task_force.vlf)));   /* upwards */
    }
    for (size_t k = 0; k < N; k++)
        s.psd[k] = k == 30 ? 5 : k == 60 ? 3 : k == 70 ? 4 : 0;
    assert_near(hrv_band_peak(&s, hrv_bands_task_force.lf), 0.1, 1e-15);   /* nothing beside it to refine by */
    assert_near(hrv_band_peak(&s, hrv_bands_task_force.hf), 70 / 300.0, 1e-15);
    hrv_spectrum_release(&s);
}

static void test_nothing(void **state)
{
    const struct hrv_spectrum empty = { 0 };
    struct kymo_err e = { 0 };
    struct hrv_spectrum s = make(&e);
    struct hrv_powers p;

    (void)state;
    hrv_powers(&s, &hrv_bands_task_force, &p);   /* all 0, of a constant series */
    assert_true(p.total_ms2 == 0 && p.vlf_ms2 == 0 && p.lf_ms2 == 0 && p.hf_ms2 == 0);
    assert_true(isnan(p.lf_nu) && isnan(p.hf_nu) && isnan(p.lf_pct) && isnan(p.hf_pct) && isnan(p.vlf_pct) && isnan(p.lf_hf));
    assert_true(isnan(p.vlf_peak_hz) && isnan(p.lf_peak_hz) && isnan(p.hf_peak_hz));
    hrv_powers(&empty, &hrv_bands_task_force, &p);
    assert_true(isnan(p.total_ms2) && isnan(p.vlf_ms2) && isnan(p.lf_ms2) && isnan(p.hf_ms2) && isnan(p.lf_hf));
    assert_true(isnan(hrv_band_power(&s, (struct hrv_band){ 0.15, 2.1 })));   /* the grid ends at 2 */
    assert_true(!isnan(hrv_band_power(&s, (struct hrv_band){ 0.15, 601 / 300.0 })));   /* that is, with 2 in it */
    assert_true(isnan(hrv_band_power(&s, (struct hrv_band){ 0.1, 0.102 })));
    assert_true(isnan(hrv_band_power(&s, (struct hrv_band){ 0.4, 0.15 })));
    assert_true(isnan(hrv_band_power(&s, (struct hrv_band){ NAN, 0.15 })));
    hrv_spectrum_release(&s);
}

static void test_need(void **state)
{
    const struct hrv_bands *const b = &hrv_bands_task_force;

    (void)state;
    assert_true(hrv_band_need(b->hf).least_s == 60 && hrv_band_need(b->lf).least_s == 120);
    assert_true(hrv_band_need(b->vlf).least_s == 300 && hrv_band_need(b->ulf).least_s == 18 * 3600);
    assert_near(hrv_band_need(b->hf).sound_s, 10 / 0.15, 1e-9);
    assert_near(hrv_band_need(b->lf).sound_s, 250, 1e-9);
    assert_near(hrv_band_need(b->vlf).sound_s, 10 / 0.003, 1e-9);
    assert_near(hrv_band_need(b->ulf).sound_s, 86400, 0);
    assert_near(hrv_band_need((struct hrv_band){ 1, 4 }).least_s, 10, 0);          /* a mouse */
    assert_near(hrv_band_need((struct hrv_band){ 0.001, 0.01 }).least_s, 10000, 1e-9);
    assert_near(hrv_band_need((struct hrv_band){ 0.1, 0.2 }).least_s, 100, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_edges), cmocka_unit_test(test_edges_are_rounded), cmocka_unit_test(test_bands_add_up),
        cmocka_unit_test(test_peak), cmocka_unit_test(test_nothing), cmocka_unit_test(test_need),
    };

    return cmocka_run_group_tests_name("hrv_bands", tests, NULL, NULL);
}
