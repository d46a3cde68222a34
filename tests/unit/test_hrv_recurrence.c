/* tests/unit/test_hrv_recurrence.c - recurrence against the whole matrix, correlation dimension against known attractors. */
#include "algorithms/hrv_corrdim.h"
#include "algorithms/hrv_recurrence.h"

#include "tests/unit/hrv_noise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct hrv_recurrence measure(const struct nn_series *nn, size_t m, double r)
{
    struct kymo_err e = { 0 };
    struct hrv_recurrence h;

    assert_int_equal(hrv_recurrence(nn, &(struct hrv_recurrence_opt){.m = m, .r = r}, &h, &e), 0);
    return h;
}

/* -1: one of them is broken. */
static int recurs(const struct nn_series *nn, size_t i, size_t j, size_t m, double r_ms)
{
    double sum = 0;

    for (size_t t = 0; t < m; t++) {
        if (t > 0 && (!nn_follows(nn, i + t) || !nn_follows(nn, j + t)))
            return -1;
        sum += (nn->nn_ms[i + t] - nn->nn_ms[j + t]) * (nn->nn_ms[i + t] - nn->nn_ms[j + t]);
    }
    return sqrt(sum) <= r_ms + NN_SLACK_MS;
}

static void check_against_matrix(const struct nn_series *nn, size_t m, double r)
{
    const struct hrv_recurrence h = measure(nn, m, r);
    const size_t n = nn->n - m + 1;
    double templates = 0, points = 0, in_lines = 0, lines = 0, most = 0, entropy = 0, *const n_of = calloc(n + 1, sizeof *n_of);

    for (size_t i = 0; i < n; i++)
        templates += recurs(nn, i, i, m, h.r_ms) == 1;
    for (size_t k = 1; k < n; k++) {
        size_t length = 0;
        for (size_t i = 0; i + k <= n; i++) {
            const bool point = i + k < n && recurs(nn, i, i + k, m, h.r_ms) == 1;
            points += point;
            if (!point)
                n_of[length]++;
            length = point ? length + 1 : 0;
        }
    }
    for (size_t l = 2; l <= n; l++) {
        in_lines += (double)l * n_of[l];
        lines += n_of[l];
        most = n_of[l] > 0 ? (double)l : most;
    }
    for (size_t l = 2; l <= n; l++)
        entropy -= n_of[l] > 0 ? n_of[l] / lines * log(n_of[l] / lines) : 0;
    assert_near(h.rec_pct, 100 * (2 * points + templates) / (templates * templates), 1e-10);
    assert_near(h.det_pct, 100 * in_lines / points, 1e-10);
    assert_near(h.l_mean, in_lines / lines, 1e-10);
    assert_near(h.l_max, lines > 0 ? most : NAN, 0);
    assert_near(h.entr, lines > 0 ? entropy : NAN, 1e-10);
    free(n_of);
}

static void test_against_the_matrix(void **state)
{
    enum { N = 260 };
    static double x[N];
    static unsigned char follows[N];
    struct random r;

    (void)state;
    random_init(&r, 17, 0);
    for (size_t m = 2; m <= 10; m += 2)
        for (int broken = 0; broken < 2; broken++) {
            fill_walk(&r, x, N, m % 4 ? 1 : 0);
            fill_breaks(&r, follows, N, broken ? 0.03 : 0);
            check_against_matrix(&(struct nn_series){.nn_ms = x, .follows = follows, .n = N}, m, 1);
            check_against_matrix(&(struct nn_series){.nn_ms = x, .follows = follows, .n = N}, m, 0.3);
        }
}

/* Period 5: only every fifth diagonal, and that whole: lengths N-5, N-10 ...; r is far below the steps. */
static void test_periodic(void **state)
{
    enum { N = 109, TEMPLATES = 100 };
    double x[N], sum = 0;

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 800 + 40 * (double)(i * 2 % 5);
    const struct hrv_recurrence h = measure(&(struct nn_series){.nn_ms = x, .n = N}, 10, 0.1);
    for (size_t l = 5; l < TEMPLATES; l += 5)
        sum += (double)l;
    assert_near(h.rec_pct, 100 * (2 * sum + TEMPLATES) / (TEMPLATES * TEMPLATES), 1e-12);
    assert_near(h.det_pct, 100, 0);
    assert_near(h.l_max, 95, 0);
    assert_near(h.l_mean, sum / 19, 1e-12);
    assert_near(h.entr, log(19), 1e-12);
}

static void test_laws(void **state)
{
    enum { N = 300 };
    static double x[N], y[N];
    struct random r;
    double d2, scaled_d2;
    struct kymo_err e = { 0 };

    (void)state;
    random_init(&r, 18, 0);
    fill_walk(&r, x, N, 0);
    const struct hrv_recurrence h = measure(&(struct nn_series){.nn_ms = x, .n = N}, 10, 1);
    for (size_t i = 0; i < N; i++)
        y[i] = 2 * x[N - 1 - i] + 64;   /* the same distances, twice; backwards */
    const struct hrv_recurrence back = measure(&(struct nn_series){.nn_ms = y, .n = N}, 10, 1);
    assert_near(back.rec_pct, h.rec_pct, 1e-12);
    assert_near(back.det_pct, h.det_pct, 1e-12);
    assert_near(back.entr, h.entr, 1e-12);
    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = x, .n = N}, 10, &d2, &e), 0);
    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = y, .n = N}, 10, &scaled_d2, &e), 0);
    assert_near(scaled_d2, d2, 1e-9);
}

static double dimension(const double *x, size_t n, size_t m)
{
    struct kymo_err e = { 0 };
    double d2;

    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = x, .n = n}, m, &d2, &e), 0);
    return d2;
}

/* A closed curve has dimension 1, two free frequencies make 2; white noise fills m dimensions; the attractor of Henon's map has
 * 1.25 (1.21 +- 0.01 with other radii: Grassberger and Procaccia 1983, table 1). Radii are finite, and
 * the distances on the closed curve come in few steps: hence the tolerances. */
static void test_known_dimensions(void **state)
{
    enum { N = 4000 };
    static double x[N];
    struct random r;
    double a = 0.1, b = 0.1;

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 800 + 50 * sin(0.61803398875 * (double)i);
    assert_near(dimension(x, N, 10), 1, 0.15);
    for (size_t i = 0; i < N; i++)
        x[i] = 800 + 50 * sin(0.61803398875 * (double)i) + 50 * sin(1.8477590650 * (double)i);
    assert_near(dimension(x, N, 10), 2, 0.2);
    for (size_t i = 0; i < N; i++) {
        const double next = 1 - 1.4 * a * a + b;
        b = 0.3 * a;
        a = next;
        x[i] = 800 + 50 * a;
    }
    assert_near(dimension(x, N, 2), 1.22, 0.06);
    random_init(&r, 19, 0);
    for (size_t i = 0; i < N; i++)
        x[i] = 700 + 200 * random_uniform(&r);
    assert_near(dimension(x, N, 2), 2, 0.1);
    assert_near(dimension(x, N, 3), 3, 0.25);
}

/* Templates across a break are left out: what remains are those of two series, and distances between them. */
static void test_dimension_of_broken_series(void **state)
{
    enum { N = 1000 };
    static double x[N];
    static unsigned char follows[N];
    struct kymo_err e = { 0 };
    double whole, broken, none;
    struct random r;

    (void)state;
    random_init(&r, 20, 0);
    fill_walk(&r, x, N, 0);
    memset(follows, 1, N);
    follows[N / 2] = 0;
    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = x, .n = N}, 10, &whole, &e), 0);
    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = x, .follows = follows, .n = N}, 10, &broken, &e), 0);
    assert_true(broken != whole);
    assert_near(broken, whole, 0.1 * whole);
    memset(follows, 0, N);
    assert_int_equal(hrv_corrdim(&(struct nn_series){.nn_ms = x, .follows = follows, .n = N}, 10, &none, &e), 0);
    assert_true(isnan(none));
}

static void test_too_little_and_too_much(void **state)
{
    static double x[HRV_PAIRS_MAX + 1];
    struct kymo_err e = { 0 };
    struct hrv_recurrence h;
    struct random r;

    (void)state;
    for (size_t i = 0; i < 400; i++)
        x[i] = 800;
    h = measure(&(struct nn_series){.nn_ms = x, .n = 400}, 10, 1);
    assert_true(isnan(h.rec_pct) && isnan(h.det_pct) && isnan(h.r_ms));
    assert_true(isnan(dimension(x, 400, 10)));
    random_init(&r, 21, 0);
    fill_white(&r, x, HRV_PAIRS_MAX + 1);
    for (size_t n = 0; n <= 10; n++)
        assert_true(isnan(measure(&(struct nn_series){.nn_ms = x, .n = n}, 10, 1).rec_pct));
    h = measure(&(struct nn_series){.nn_ms = x, .n = 11}, 10, 1e-9);
    assert_true(h.rec_pct == 50 && isnan(h.det_pct) && isnan(h.l_max));   /* two templates, each its own */
    assert_true(isnan(dimension(x, 150, 10)) && !isnan(dimension(x, 151, 10)));
    assert_true(isnan(dimension(x, HRV_PAIRS_MAX + 1, 10)));
    h = measure(&(struct nn_series){.nn_ms = x, .n = HRV_PAIRS_MAX + 1}, 10, 1);
    assert_true(isnan(h.rec_pct));
    const struct nn_series nn = {.nn_ms = x, .n = 50};
    assert_int_equal(hrv_recurrence(&nn, &(struct hrv_recurrence_opt){.m = 1, .r = 1}, &h, &e), KYMO_EUSAGE);
    assert_int_equal(hrv_recurrence(&nn, &(struct hrv_recurrence_opt){.m = 10, .r = -1}, &h, &e), KYMO_EUSAGE);
    double d2;
    assert_int_equal(hrv_corrdim(&nn, 65, &d2, &e), KYMO_EUSAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_the_matrix), cmocka_unit_test(test_periodic), cmocka_unit_test(test_laws),
        cmocka_unit_test(test_known_dimensions), cmocka_unit_test(test_dimension_of_broken_series),
        cmocka_unit_test(test_too_little_and_too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
