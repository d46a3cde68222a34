/* tests/unit/test_iir_design.c - against an independent program's sections, masks at random parameters, and what must hold. */
#include "filters.h"

#include "algorithms/iir_design.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANDS 4

static const char *const families[] = {"butter", "cheby1", "cheby2", "ellip", "bessel"};
static const char *const bands[] = {"lowpass", "highpass", "bandpass", "bandstop"};

static int index_of(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    fail_msg("no %s", name);
    return -1;
}

static size_t design(const struct iir_spec *spec, struct sos_section *section)
{
    struct kymo_err e = {0};
    const int n = iir_design(spec, section, &e);

    assert_true(n > 0);
    return (size_t)n;
}

static double gain_db(const struct sos_section *section, size_t n, double turns)
{
    double r[2];

    sos_respond(section, n, turns, r);
    return 20 * log10(hypot(r[0], r[1]));
}

/* ---- an independent program's designs ---- */

static struct iir_spec spec_of(json_t *d)
{
    json_t *edge = json_object_get(d, "cutoff_hz");

    return (struct iir_spec){
        .family = (enum iir_family)index_of(families, COUNT_OF(families), json_string_value(json_object_get(d, "design"))),
        .band = (enum iir_band)index_of(bands, COUNT_OF(bands), json_string_value(json_object_get(d, "type"))),
        .order = (int)json_integer_value(json_object_get(d, "order")),
        .fs_hz = json_number_value(json_object_get(d, "fs_hz")),
        .edge_hz = json_number_value(json_is_array(edge) ? json_array_get(edge, 0) : edge),
        .upper_hz = json_is_array(edge) ? json_number_value(json_array_get(edge, 1)) : 0,
        .ripple_db = json_number_value(json_object_get(d, "rp")),
        .stop_db = json_number_value(json_object_get(d, "rs")),
    };
}

/* The same sections in the same order, each coefficient to 1e-12 (of the gain, in the section that has it). */
static void check_sections(json_t *d, const struct sos_section *section, size_t n)
{
    json_t *all = json_object_get(d, "sos");

    assert_int_equal(json_array_size(all), n);
    for (size_t i = 0; i < n; i++) {
        json_t *row = json_array_get(all, i);
        const struct sos_section *s = &section[i];
        const double ours[] = {s->b0, s->b1, s->b2, 1, s->a1, s->a2};
        for (size_t k = 0; k < 6; k++) {
            const double scale = k < 3 ? fabs(json_number_value(json_array_get(row, 0))) : 1;
            assert_true(fabs(ours[k] - json_number_value(json_array_get(row, k))) <= 1e-12 * scale);
        }
    }
}

/* The response, to 1e-9: where poles are near to the unit circle, the last digit of a coefficient is as much. */
static void check_response(json_t *d, const struct sos_section *section, size_t n, double fs_hz)
{
    json_t *hz = json_object_get(d, "response_hz");
    json_t *re = json_object_get(d, "response_re"), *im = json_object_get(d, "response_im");
    double r[2];

    for (size_t i = 0; i < json_array_size(hz); i++) {
        const double turns = json_number_value(json_array_get(hz, i)) / fs_hz;
        if (turns > 0.5)
            continue;
        sos_respond(section, n, turns, r);
        assert_true(fabs(r[0] - json_number_value(json_array_get(re, i))) < (fs_hz > 1000 ? 1e-6 : 1e-8));
        assert_true(fabs(r[1] - json_number_value(json_array_get(im, i))) < (fs_hz > 1000 ? 1e-6 : 1e-8));
    }
}

static void as_an_independent_program(void **state)
{
    const char *folder = getenv("KYMO_REFERENCE");
    char path[4096];
    size_t i;
    json_t *d;

    (void)state;
    if (!folder)
        skip();
    snprintf(path, sizeof path, "%s/dsp/iir_designs.json", folder);
    json_t *all = json_load_file(path, 0, NULL);
    if (!all)
        skip();
    assert_int_equal(json_array_size(json_object_get(all, "designs")), 180);
    json_array_foreach(json_object_get(all, "designs"), i, d) {
        struct sos_section section[SOS_SECTIONS];
        const struct iir_spec spec = spec_of(d);
        const size_t n = design(&spec, section);
        check_sections(d, section, n);
        check_response(d, section, n, spec.fs_hz);
    }
    json_decref(all);
}

/* ---- masks ---- */

/* Without elliptic filters of an order so high for their attenuation that their poles lie on the unit circle but for the last
 * digits. */
static struct iir_spec roll_spec(struct dice *d)
{
    struct iir_spec s = {.family = (enum iir_family)roll_below(d, COUNT_OF(families)),
                         .band = (enum iir_band)roll_below(d, BANDS)};

    s.fs_hz = (double)roll_between(d, 1, 20000);
    s.edge_hz = s.fs_hz / 2 * exp(-(double)roll_between(d, 100, 6000) / 1000);
    s.upper_hz = s.edge_hz + (s.fs_hz / 2 - s.edge_hz) * (double)roll_between(d, 50, 950) / 1000;
    s.order = (int)roll_between(d, 1, 8);
    s.ripple_db = (double)roll_between(d, 1, 300) / 100;
    s.stop_db = s.ripple_db + (double)roll_between(d, 1500, 8000) / 100;
    return s;
}

/* Whether a frequency is inside the edges, where it has to pass (or, of a band-stop, not). */
static bool passes(const struct iir_spec *s, double hz)
{
    switch (s->band) {
    case IIR_LOW: return hz <= s->edge_hz;
    case IIR_HIGH: return hz >= s->edge_hz;
    case IIR_PASS: return hz >= s->edge_hz && hz <= s->upper_hz;
    default: return hz <= s->edge_hz || hz >= s->upper_hz;
    }
}

/* What the family promises of the gain on either side of the edges. */
static void check_gain(const struct iir_spec *s, double hz, double db)
{
    const double most = 1e-4;     /* dB: poles near the unit circle, as below */
    const double edge_db = s->family == IIR_BUTTERWORTH ? 10 * log10(2) : s->ripple_db;

    assert_true(db < most);
    if (s->family == IIR_BESSEL)
        return;
    if (s->family == IIR_CHEBYSHEV2)
        assert_true(passes(s, hz) || db <= -s->stop_db + most);
    else
        assert_true(passes(s, hz) ? db >= -edge_db - most : db <= -edge_db + most);
}

static void gains_keep_to_their_masks(void **state)
{
    struct dice d = {1};

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct sos_section section[SOS_SECTIONS];
        const struct iir_spec s = roll_spec(&d);
        const size_t n = design(&s, section);
        assert_true(sos_memory(section, n, 0.5) < 1000000000);
        for (int k = 0; k < 100; k++) {
            const double hz = s.fs_hz / 2 * (double)roll_below(&d, 1000001) / 1e6;
            check_gain(&s, hz, gain_db(section, n, hz / s.fs_hz));
        }
    }
}

/* ---- what must hold ---- */

static void the_edge_is_where_it_is_said(void **state)
{
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    for (int order = 1; order <= IIR_MOST_ORDER; order++) {
        struct iir_spec s = {IIR_BUTTERWORTH, IIR_LOW, order, 500, 40, 0, 1, 60};
        size_t n = design(&s, q);
        assert_true(fabs(gain_db(q, n, 40 / 500.0) + 10 * log10(2)) < 1e-9);
        assert_true(fabs(gain_db(q, n, 0)) < 1e-9);
        s.family = IIR_CHEBYSHEV1;
        n = design(&s, q);
        assert_true(fabs(gain_db(q, n, 40 / 500.0) + 1) < 1e-9);
        s.family = IIR_CHEBYSHEV2;
        n = design(&s, q);
        assert_true(fabs(gain_db(q, n, 40 / 500.0) + 60) < 1e-9);
        s.family = IIR_ELLIPTIC;
        s.order = order < 12 ? order : 12;   /* beyond, the transition is narrower than a double tells */
        n = design(&s, q);
        assert_true(fabs(gain_db(q, n, 40 / 500.0) + 1) < 1e-6);
    }
}

/* The delay at 0, and that it stays: 1e-4 is what the bilinear transformation of so low an edge does. */
static void bessel_delays_all_alike(void **state)
{
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    for (int order = 2; order <= 12; order++) {
        const struct iir_spec s = {IIR_BESSEL, IIR_LOW, order, 1000, 1, 0, 0, 0};
        const size_t n = design(&s, q);
        const double at_0 = sos_delay(q, n, 0);
        /* 1 / (2 pi edge) times the n-th root of (2n)! / (n! 2^n), the product of odd numbers */
        double log_odd = 0;
        for (int m = 1; m <= order; m++)
            log_odd += log(2 * m - 1);
        assert_true(fabs(at_0 / (1000 / (2 * 3.14159265358979323846) * exp(log_odd / order)) - 1) < 1e-4);
        assert_true(fabs(sos_delay(q, n, 0.3 / 1000) / at_0 - 1) < (order == 2 ? 0.02 : 0.002));
    }
}

/* 0.05 Hz at 10 kHz: 3 dB at the edge to what the coefficients' last digit does there, 1e-16 / (2 pi 5e-6)^2 = 1e-7 for each
 * section; and inside the unit circle. */
static void extreme_designs_are_sound(void **state)
{
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    for (int order = 1; order <= 8; order++) {
        const struct iir_spec s = {IIR_BUTTERWORTH, IIR_HIGH, order, 10000, 0.05, 0, 0, 0};
        const size_t n = design(&s, q);
        assert_true(fabs(gain_db(q, n, 0.05 / 10000) + 10 * log10(2)) < 1e-4);
        assert_true(gain_db(q, n, 0) < -200);
        assert_true(fabs(gain_db(q, n, 0.3)) < 1e-9);
        assert_true(sos_memory(q, n, 1e-12) < 40000000);
    }
}

static void a_notch_is_where_it_is_said(void **state)
{
    struct sos_section q[SOS_SECTIONS];
    struct kymo_err e = {0};

    (void)state;
    assert_int_equal(iir_comb(50, 1, 50 / 30.0, 360, q, &e), 1);
    assert_true(gain_db(q, 1, 50 / 360.0) < -200);
    assert_true(fabs(gain_db(q, 1, 0)) < 1e-12 && fabs(gain_db(q, 1, 0.5)) < 1e-12);
    /* the width between the points 3 dB down is 50 / 30 Hz, as warped */
    double low = 45, high = 50;
    for (int i = 0; i < 100; i++)
        *(gain_db(q, 1, (low + high) / 2 / 360) > -10 * log10(2) ? &low : &high) = (low + high) / 2;
    double below = low;
    low = 50, high = 55;
    for (int i = 0; i < 100; i++)
        *(gain_db(q, 1, (low + high) / 2 / 360) > -10 * log10(2) ? &high : &low) = (low + high) / 2;
    assert_true(fabs(low - below - 50 / 30.0) < 1e-9);
    assert_int_equal(iir_comb(50, 10, 1, 360, q, &e), 3);
    for (int k = 1; k <= 3; k++)
        assert_true(gain_db(q, 3, 50 * k / 360.0) < -200);
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        struct iir_spec spec;
        const char *part;
    } wrong[] = {
        {{IIR_BUTTERWORTH, IIR_LOW, 0, 500, 40, 0, 0, 0}, "order 0, not 1..32"},
        {{IIR_BUTTERWORTH, IIR_LOW, 4, 500, 250, 0, 0, 0}, "an edge at 250 Hz is not between 0 and 250 Hz, half the rate"},
        {{IIR_BUTTERWORTH, IIR_LOW, 4, 500, -1, 0, 0, 0}, "an edge at -1 Hz"},
        {{IIR_BUTTERWORTH, IIR_PASS, 4, 500, 40, 40, 0, 0}, "an upper edge at 40 Hz"},
        {{IIR_CHEBYSHEV1, IIR_LOW, 4, 500, 40, 0, 0, 0}, "a ripple of 0 dB"},
        {{IIR_ELLIPTIC, IIR_LOW, 4, 500, 40, 0, 3, 2}, "an attenuation of 2 dB"},
    };
    struct sos_section q[SOS_SECTIONS];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct kymo_err e = {0};
        assert_int_equal(iir_design(&wrong[i].spec, q, &e), KYMO_EUSAGE);
        assert_error(&e, KYMO_EUSAGE, wrong[i].part);
    }
    struct kymo_err e = {0};
    assert_int_equal(iir_comb(60, 1, 2, 100, q, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "a notch at 60 Hz is not between 0 and 50 Hz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_an_independent_program),
        cmocka_unit_test(gains_keep_to_their_masks),
        cmocka_unit_test(the_edge_is_where_it_is_said),
        cmocka_unit_test(bessel_delays_all_alike),
        cmocka_unit_test(extreme_designs_are_sound),
        cmocka_unit_test(a_notch_is_where_it_is_said),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
