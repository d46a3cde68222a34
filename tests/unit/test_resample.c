/* tests/unit/test_resample.c - laws, and sinusoids, whose values at another rate are known.
 *
 * The filter is asked for 130 dB: no deviation may be above 10^(-130/20) for a signal of size 1. What is measured is the
 * power of the deviation, at most as much, and issue and manual page promise 110 dB; 120 is between them. */
#include "support.h"

#include "algorithms/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.141592653589793
#define RIPPLE 3.2e-7             /* 130 dB */

__extension__ typedef __int128 wide;

static struct resample_filter *design(int64_t in, int64_t out)
{
    struct kymo_err e = {0};
    struct resample_filter *f = resample_design(in, out, 0.9, 130, &e);

    assert_non_null(f);
    return f;
}

struct run {
    size_t n;
    double *y;
};

/* All that comes of x[n], which begins with sample first; pushed in pieces of up to most, 0: whole. */
static struct run resample_from(const struct resample_filter *f, const double *x, size_t n, int64_t first, size_t most,
                                struct dice *d)
{
    struct kymo_err e = {0};
    struct resample *s = resample_create(f, &e);
    struct run r = {0};
    size_t got;

    assert_non_null(s);
    resample_start(s, first);
    r.y = malloc((resample_bound(s, n) + 8) * sizeof *r.y);
    for (size_t now; n > 0; x += now, n -= now) {
        now = most ? (size_t)roll_below(d, most + 1) : n;
        now = now < n ? now : n;
        const size_t bound = resample_bound(s, now);
        double *made = malloc(bound * sizeof *made);
        got = resample_push(s, x, now, made);
        assert_true(got <= bound);
        memcpy(r.y + r.n, made, got * sizeof *made);
        r.n += got;
        free(made);
    }
    while ((got = resample_flush(s, r.y + r.n, most ? 1 + (size_t)roll_below(d, 7) : 1000)) > 0)
        r.n += got;
    assert_int_equal(resample_next(s), 0);
    resample_destroy(s);
    return r;
}

static struct run resample_all(const struct resample_filter *f, const double *x, size_t n)
{
    return resample_from(f, x, n, 0, 0, NULL);
}

static double *make_noise(size_t n, struct dice *d)
{
    double *x = malloc(n * sizeof *x);

    for (size_t i = 0; i < n; i++)
        x[i] = (double)roll_between(d, -1000000, 1000000) / 1e6;
    return x;
}

/* The rates that people have; steps up, down, nearly none; with phases that are exact, that are between others, and stages. */
static const struct {
    int64_t in, out;
} ratios[] = {
    {360, 250}, {250, 360}, {360, 257}, {7200, 9999}, {9999, 7200}, {128, 1000}, {1000, 128}, {250, 250}, {1, 30}, {512, 1},
    {1000003, 1000000}, {1000000, 1000003}, {10800, 7}, {33, 1}, {31, 1}, {2, 5001},
};

/* ---- sinusoids ---- */

/* Deviation from expected_size times the sinusoid of a share of half the lower rate, in dB of the sinusoid; without the ends,
 * where the mirrored sinusoid is another signal. */
static double deviation_db(const struct resample_filter *f, int64_t in, int64_t out, double share, double expected_size)
{
    const double lower = fmin(1, (double)out / (double)in), w = PI * lower * share;
    const size_t n = (size_t)(750 / lower), edge = (size_t)(250 * fmax(1, (double)out / (double)in));
    double *x = malloc(n * sizeof *x), sum = 0;
    size_t counted = 0;

    for (size_t i = 0; i < n; i++)
        x[i] = sin(w * (double)i + 0.5);
    const struct run r = resample_all(f, x, n);
    for (size_t k = edge; k + edge < r.n; k++, counted++) {
        const wide at = (wide)k * in;
        const double d = r.y[k] - expected_size * sin(w * ((double)(at / out) + (double)(at % out) / (double)out) + 0.5);
        sum += d * d;
    }
    assert_true(counted > 200);
    free(x);
    free(r.y);
    return 10 * log10(2 * sum / (double)counted + 1e-30);
}

static void sinusoids_of_the_pass_band_stay(void **state)
{
    static const double shares[] = {0.003, 0.11, 0.5, 0.77, 0.9};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ratios); i++) {
        struct resample_filter *f = design(ratios[i].in, ratios[i].out);
        for (size_t k = 0; k < COUNT_OF(shares); k++)
            assert_true(deviation_db(f, ratios[i].in, ratios[i].out, shares[k], 1) < -120);
        resample_filter_destroy(f);
    }
}

static void sinusoids_stay_at_random_ratios(void **state)
{
    struct dice d = {8};

    (void)state;
    for (int i = 0; i < 20; i++) {
        const int64_t in = roll_between(&d, 1, 3000), out = roll_between(&d, in / 40 + 1, 12 * in);
        struct resample_filter *f = design(in, out);
        assert_true(deviation_db(f, in, out, 0.9 * (double)roll_below(&d, 1000) / 1000, 1) < -120);
        resample_filter_destroy(f);
    }
}

static void what_does_not_fit_goes(void **state)
{
    static const double shares[] = {1, 1.02, 1.1, 1.5, 1.9};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ratios); i++) {
        const double most = (double)ratios[i].in / (double)ratios[i].out;
        struct resample_filter *f = design(ratios[i].in, ratios[i].out);
        for (size_t k = 0; k < COUNT_OF(shares) && shares[k] < most; k++)
            assert_true(deviation_db(f, ratios[i].in, ratios[i].out, shares[k], 0) < -120);
        if (most > 32)            /* where the stage before would have folded it on 0 and beside */
            for (int m = 1; m < 4; m++)
                assert_true(deviation_db(f, ratios[i].in, ratios[i].out, 2 * most * m / 16 + 0.3, 0) < -120);
        resample_filter_destroy(f);
    }
}

static void other_filters_hold_what_they_say(void **state)
{
    static const double damping[] = {60, 90, 160};
    struct kymo_err e = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(damping); i++) {
        struct resample_filter *f = resample_design(360, 250, 0.8, damping[i], &e);
        assert_non_null(f);
        /* 3 dB for Kaiser's formula, which is an estimate. */
        assert_true(deviation_db(f, 360, 250, 0.79, 1) < -damping[i] + 3);
        assert_true(deviation_db(f, 360, 250, 1.01, 0) < -damping[i] + 3);
        resample_filter_destroy(f);
    }
}

static void there_and_back_is_itself(void **state)
{
    struct resample_filter *there = design(360, 250), *back = design(250, 360);
    double x[7200], worst = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(x); i++)
        x[i] = sin(2 * PI * 3.3 * (double)i / 360) + sin(2 * PI * 71 * (double)i / 360) + sin(2 * PI * 112 * (double)i / 360);
    const struct run a = resample_all(there, x, COUNT_OF(x)), b = resample_all(back, a.y, a.n);
    assert_int_equal(a.n, 5000);
    assert_int_equal(b.n, 7200);
    for (size_t i = 400; i < 6800; i++)
        worst = fmax(worst, fabs(b.y[i] - x[i]));
    assert_true(worst < 6 * RIPPLE);   /* of three sinusoids, twice */
    free(a.y);
    free(b.y);
    resample_filter_destroy(there);
    resample_filter_destroy(back);
}

/* ---- laws ---- */

static void a_constant_stays_from_end_to_end(void **state)
{
    struct dice d = {1};
    double x[3000];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(x); i++)
        x[i] = 5;
    for (size_t i = 0; i < COUNT_OF(ratios); i++) {
        struct resample_filter *f = design(ratios[i].in, ratios[i].out);
        const size_t n = (size_t)roll_between(&d, 1, ratios[i].out > ratios[i].in * 100 ? 40 : 3000);
        const struct run r = resample_all(f, x, n);
        for (size_t k = 0; k < r.n; k++)
            assert_true(fabs(r.y[k] - 5) < 1e-12);
        free(r.y);
        resample_filter_destroy(f);
    }
}

static void lengths_are_exact(void **state)
{
    struct dice d = {2};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ratios); i++)
        for (int t = 0; t < 12; t++) {
            const int64_t in = ratios[i].in, out = ratios[i].out;
            const size_t n = (size_t)roll_below(&d, out > 100 * in ? 40 : 3000);
            struct resample_filter *f = design(in, out);
            double *x = make_noise(n + 1, &d);
            const int64_t first = t % 3 ? 0 : (int64_t)roll_below(&d, 100000);
            const size_t valid = t % 4 == 1 ? n / 2 : n;   /* what is missing counts */
            for (size_t k = valid; k < n; k++)
                x[k] = NAN;
            const struct run r = resample_from(f, x, n, first, 0, NULL);
            const wide from = ((wide)first * out + in - 1) / in, to = (((wide)first + (wide)n) * out + in - 1) / in;
            assert_int_equal(r.n, n ? (int64_t)(to - from) : 0);
            for (size_t k = 0; valid == n && k < r.n; k++)
                assert_true(r.y[k] == r.y[k]);   /* not NaN */
            free(r.y);
            free(x);
            resample_filter_destroy(f);
        }
}

/* Also where stages have to agree on the first: at any place between two samples of the second. */
static void late_begins_are_exact(void **state)
{
    struct dice d = {10};
    struct resample_filter *f = design(33, 1);
    double *x = make_noise(500, &d);

    (void)state;
    for (int64_t first = 0; first < 70; first++) {
        const struct run r = resample_from(f, x, 500, first, 0, NULL);
        assert_int_equal(r.n, (first + 500 + 32) / 33 - (first + 32) / 33);
        for (size_t k = 0; k < r.n; k++)
            assert_true(r.y[k] == r.y[k]);   /* not NaN */
        free(r.y);
    }
    free(x);
    resample_filter_destroy(f);
}

/* A sum comes out as the sum: to rounding, of some thousand products of at most 1. */
static void it_is_linear(void **state)
{
    struct dice d = {3};
    struct resample_filter *f = design(360, 257);
    double *x = make_noise(2000, &d), *y = make_noise(2000, &d), *z = malloc(2000 * sizeof *z);

    (void)state;
    for (size_t i = 0; i < 2000; i++)
        z[i] = 3 * x[i] - 0.5 * y[i];
    const struct run a = resample_all(f, x, 2000), b = resample_all(f, y, 2000), c = resample_all(f, z, 2000);
    for (size_t k = 0; k < c.n; k++)
        assert_true(fabs(c.y[k] - 3 * a.y[k] + 0.5 * b.y[k]) < 1e-13);
    free(a.y);
    free(b.y);
    free(c.y);
    free(x);
    free(y);
    free(z);
    resample_filter_destroy(f);
}

/* An impulse in the middle: its response is even about it, for the phase is linear, and its sum is the ratio of the rates. */
static void an_impulse_spreads_evenly(void **state)
{
    static double x[2401];
    struct resample_filter *f = design(2, 5);
    double sum = 0;

    (void)state;
    x[1200] = 1;
    const struct run r = resample_all(f, x, COUNT_OF(x));
    for (size_t k = 0; k < r.n; k++)
        sum += r.y[k];
    for (size_t k = 0; k <= 3000; k++)
        assert_true(fabs(r.y[3000 - k] - r.y[3000 + k]) < 1e-15);
    assert_true(fabs(sum - 2.5) < 1e-6);   /* each of the 5 phases is scaled by its own sum, which is 1 to the ripple */
    assert_true(fabs(r.y[3000] - 0.95) < 1e-3);   /* 2 f, f = 0.475 cycles per sample */
    free(r.y);
    resample_filter_destroy(f);
}

/* What comes in later by a whole number of periods of the phases comes out later, bit for bit, but for the ends. */
static void a_shift_stays_a_shift(void **state)
{
    struct dice d = {4};
    struct resample_filter *f = design(360, 250);
    double *x = make_noise(3000, &d);

    (void)state;
    const struct run all = resample_all(f, x, 3000), late = resample_all(f, x + 360, 2640);
    for (size_t k = 200; k < late.n; k++)
        assert_true(late.y[k] == all.y[k + 250]);
    free(all.y);
    free(late.y);
    free(x);
    resample_filter_destroy(f);
}

/* A sample that is there later in a long recording gives what it gives at the begin: the place is whole numbers. 24 h of
 * 9999/20 Hz and a hundred years of it, whose product with the rate is beyond 64 bits. */
static void nothing_drifts(void **state)
{
    static const int64_t periods[] = {0, 43200 / 8, 100LL * 365 * 86400 / 8};
    struct dice d = {5};
    struct resample_filter *f = design(9999, 7200);
    double *x = make_noise(2000, &d);
    struct run first = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(periods); i++) {
        const struct run r = resample_from(f, x, 2000, 1111 * periods[i] * 8, 0, NULL);
        if (i == 0)
            first = r;
        assert_int_equal(r.n, first.n);
        assert_memory_equal(r.y, first.y, r.n * sizeof *r.y);
        if (i > 0)
            free(r.y);
    }
    free(first.y);
    free(x);
    resample_filter_destroy(f);
}

/* ---- pieces, holes ---- */

static void assert_same_run(const struct run *a, const struct run *b)
{
    assert_int_equal(a->n, b->n);
    for (size_t k = 0; k < a->n; k++)
        assert_true(a->y[k] == b->y[k] || (isnan(a->y[k]) && isnan(b->y[k])));
}

static void pieces_do_not_matter(void **state)
{
    static const size_t most[] = {1, 2, 100, 5000};
    struct dice d = {6};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ratios); i++) {
        const size_t n = ratios[i].out > 100 * ratios[i].in ? 300 : 20000;
        struct resample_filter *f = design(ratios[i].in, ratios[i].out);
        double *x = make_noise(n, &d);
        for (size_t hole = 0; hole < 4; hole++)
            for (size_t k = (size_t)roll_below(&d, n), end = k + (size_t)roll_below(&d, n / 4); k < end && k < n; k++)
                x[k] = NAN;
        const struct run whole = resample_all(f, x, n);
        for (size_t k = 0; k < COUNT_OF(most); k++) {
            const struct run cut = resample_from(f, x, n, 0, most[k], &d);
            assert_same_run(&whole, &cut);
            free(cut.y);
        }
        free(whole.y);
        free(x);
        resample_filter_destroy(f);
    }
}

/* Each run as if it were alone, and none of a hole; a hole between two places of y leaves no trace. */
static void runs_are_filtered_by_themselves(void **state)
{
    struct dice d = {7};
    struct resample_filter *f = design(5, 3);
    double *x = make_noise(1000, &d);

    (void)state;
    for (size_t i = 300; i < 420; i++)
        x[i] = NAN;
    x[601] = NAN;                 /* y[360] is at 600, y[361] at 601 and 2/3 */
    x[803] = NAN;                 /* y[481] is at 801 and 2/3, y[482] at 803 and 1/3 */
    x[999] = NAN;
    const struct run all = resample_all(f, x, 1000), first = resample_all(f, x, 300),
                     second = resample_from(f, x + 420, 181, 420, 0, NULL);
    assert_int_equal(all.n, 600);
    for (size_t k = 0; k < 180; k++)
        assert_true(all.y[k] == first.y[k]);
    for (size_t k = 180; k < 252; k++)
        assert_true(isnan(all.y[k]));
    for (size_t k = 252; k <= 360; k++)
        assert_true(all.y[k] == second.y[k - 252]);
    assert_true(isnan(all.y[361]) && !isnan(all.y[362]) && isnan(all.y[482]) && !isnan(all.y[483]));
    assert_true(!isnan(all.y[599]));
    free(all.y);
    free(first.y);
    free(second.y);
    free(x);
    resample_filter_destroy(f);
}

/* As if the signal went on mirrored on both sides, bit for bit: also one that is shorter than the filter. */
static void ends_are_mirrored(void **state)
{
    static const size_t lengths[] = {2, 3, 17, 88, 89, 400};
    struct dice d = {9};
    struct resample_filter *f = design(5, 3);
    double *x = make_noise(400, &d), wide_x[1600];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        const int64_t n = (int64_t)lengths[i], period = 2 * (n - 1);
        for (int64_t k = 0; k < 1600; k++) {
            const int64_t at = ((k - 600) % period + period) % period;
            wide_x[k] = x[at < n ? at : period - at];
        }
        const struct run r = resample_all(f, x, lengths[i]), all = resample_all(f, wide_x, COUNT_OF(wide_x));
        for (size_t k = 0; k < r.n; k++)
            assert_true(r.y[k] == all.y[k + 360]);
        free(r.y);
        free(all.y);
    }
    free(x);
    resample_filter_destroy(f);
}

/* The ends of a slope of 1 a sample: mirrored, it turns there; the turn, rounded, is off by less than a sample's step. */
static void ends_have_no_transient(void **state)
{
    struct resample_filter *f = design(250, 360);
    double x[500];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(x); i++)
        x[i] = 1000 + (double)i;
    const struct run r = resample_all(f, x, COUNT_OF(x));
    for (size_t k = 0; k < r.n; k++)
        assert_true(fabs(r.y[k] - 1000 - (double)k * 250 / 360) < 0.9);
    assert_true(fabs(r.y[360] - 1250) < 1e-2);   /* the kink is a signal of all frequencies, which rings on */
    free(r.y);
    resample_filter_destroy(f);
}

static void absurd_filters_are_refused(void **state)
{
    static const struct {
        int64_t in, out;
        double pass, attenuation_db;
        const char *message;
    } bad[] = {
        {100001, 1, 0.9, 130, "one rate is more than 100000 times"}, {1, 100001, 0.9, 130, "one rate is more"},
        {0, 1, 0.9, 130, "cannot make 1 samples out of 0"}, {1, -1, 0.9, 130, "cannot make -1"},
        {INT64_MAX, INT64_MAX - 1, 0.9, 130, "cannot make"}, {2, 1, 1, 130, "a pass-band of 1, not 0.1..0.99"},
        {2, 1, NAN, 130, "a pass-band of"}, {2, 1, 0.9, 30, "an attenuation of 30 dB, not 60..180"},
        {2, 1, 0.9, NAN, "an attenuation"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct kymo_err e = {0};
        assert_null(resample_design(bad[i].in, bad[i].out, bad[i].pass, bad[i].attenuation_db, &e));
        assert_error(&e, KYMO_EUSAGE, bad[i].message);
    }
    resample_filter_destroy(NULL);
    resample_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sinusoids_of_the_pass_band_stay), cmocka_unit_test(sinusoids_stay_at_random_ratios),
        cmocka_unit_test(what_does_not_fit_goes), cmocka_unit_test(other_filters_hold_what_they_say),
        cmocka_unit_test(there_and_back_is_itself), cmocka_unit_test(a_constant_stays_from_end_to_end),
        cmocka_unit_test(lengths_are_exact), cmocka_unit_test(late_begins_are_exact),
        cmocka_unit_test(it_is_linear), cmocka_unit_test(an_impulse_spreads_evenly),
        cmocka_unit_test(a_shift_stays_a_shift), cmocka_unit_test(nothing_drifts), cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(runs_are_filtered_by_themselves), cmocka_unit_test(ends_are_mirrored), cmocka_unit_test(ends_have_no_transient),
        cmocka_unit_test(absurd_filters_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
