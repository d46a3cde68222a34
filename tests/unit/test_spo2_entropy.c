/* tests/unit/test_spo2_entropy.c - against the definition, pair by pair; closed forms; gaps; laws. */
#include "algorithms/random.h"
#include "algorithms/spo2_entropy.h"
#include "tests/unit/support.h"

#include <math.h>
#include <stdlib.h>

#define N 700

static struct spo2_entropy measure(const double *x, size_t n)
{
    struct kymo_err e = {0};
    struct spo2_entropy h;

    assert_int_equal(spo2_entropy(x, n, &h, &e), 0);
    return h;
}

/* ---- the definition ---- */

static bool is_template(const double *x, size_t n, size_t i, size_t m)
{
    for (size_t k = 0; k < m; k++)
        if (i + k >= n || isnan(x[i + k]))
            return false;
    return true;
}

static double distance(const double *x, size_t i, size_t j, size_t m)
{
    double d = 0;

    for (size_t k = 0; k < m; k++)
        d = fmax(d, fabs(x[i + k] - x[j + k]));
    return d;
}

static double plain_phi(const double *x, size_t n, size_t m)
{
    double sum = 0, templates = 0;

    for (size_t i = 0; i < n; i++)
        templates += is_template(x, n, i, m);
    for (size_t i = 0; i < n; i++) {
        double near = 0;
        for (size_t j = 0; j < n && is_template(x, n, i, m); j++)
            near += is_template(x, n, j, m) && distance(x, i, j, m) < 0.25 - 1e-9;
        sum += near > 0 ? log(near / templates) : 0;
    }
    return sum / templates;
}

static double plain_sampen(const double *x, size_t n)
{
    double a = 0, b = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            if (i == j || !is_template(x, n, i, 4) || !is_template(x, n, j, 3))
                continue;
            b += distance(x, i, j, 3) <= 0.2 + 1e-9;
            a += is_template(x, n, j, 4) && distance(x, i, j, 4) <= 0.2 + 1e-9;
        }
    return a > 0 ? -log(a / b) : (double)NAN;
}

/* A walk in steps of the resolution (0: real numbers), with a gap here and there. */
static void fill(double *x, size_t n, double resolution, uint64_t seed)
{
    struct random r;
    double walk = 0;

    random_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++) {
        walk = 0.95 * walk + 0.3 * random_normal(&r);
        x[i] = resolution > 0 ? round((95 + walk) / resolution) * resolution : 95 + walk;
        if (random_below(&r, 60) == 0)
            x[i] = NAN;
    }
}

/* Counts of pairs are whole numbers on both sides: what differs is the order in which up to N logarithms, each below 7, are
 * added: N eps 7. */
static void assert_as_defined(const double *x, size_t n)
{
    const struct spo2_entropy h = measure(x, n);
    const double sampen = plain_sampen(x, n);

    assert_true(fabs(h.apen - (plain_phi(x, n, 2) - plain_phi(x, n, 3))) < 1e-11);
    assert_true((isnan(sampen) && isnan(h.sampen)) || fabs(h.sampen - sampen) < 1e-12);
}

static void test_is_as_defined(void **state)
{
    static const double resolutions[] = {1, 0.5, 0.2, 0.1, 0.01, 0};
    double x[N];

    (void)state;
    for (size_t k = 0; k < COUNT_OF(resolutions); k++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            fill(x, N, resolutions[k], seed);
            assert_as_defined(x, N);
            assert_as_defined(x, 64 + seed);
            for (size_t i = 0; i < N; i++)
                x[i] -= 96;       /* raw readings may be 0, and less */
            assert_as_defined(x, N);
        }
}

/* One template, again and again: Phi is 0; of n - 3 templates of length 4 each matches the n - 4 others, of length 3 n - 3. */
static void test_constant(void **state)
{
    double x[N];

    (void)state;
    for (size_t i = 0; i < N; i++)
        x[i] = 97;
    const struct spo2_entropy h = measure(x, N);
    assert_true(h.apen == 0);
    assert_true(fabs(h.sampen + log((N - 4.0) / (N - 3.0))) < 1e-15);
}

static void test_too_few(void **state)
{
    const double x[] = {97, 96, 97, 96, 97, 96}, holes[] = {97, 96, NAN, 97, NAN, 96, 97};

    (void)state;
    assert_true(isnan(measure(x, 0).apen) && isnan(measure(x, 2).apen) && isnan(measure(x, 2).sampen));
    assert_true(!isnan(measure(x, 3).apen) && isnan(measure(x, 4).sampen));
    assert_true(isnan(measure(holes, COUNT_OF(holes)).apen));
    assert_true(!isnan(measure(x, 6).sampen));
}

/* What is added to all samples, a power of two so that it is exact, changes nothing; nor does the direction of time ApEn's
 * counts of templates: reversed, each is another template, and as many match. */
static void test_laws(void **state)
{
    double x[N], up[N], back[N];

    (void)state;
    fill(x, N, 0.5, 11);
    for (size_t i = 0; i < N; i++) {
        up[i] = x[i] - 64;
        back[N - 1 - i] = x[i];
    }
    const struct spo2_entropy h = measure(x, N), u = measure(up, N), b = measure(back, N);
    assert_true(u.apen == h.apen && u.sampen == h.sampen);
    assert_true(fabs(b.apen - h.apen) < 1e-11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_is_as_defined), cmocka_unit_test(test_constant), cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_laws),
    };

    return cmocka_run_group_tests_name("spo2_entropy", tests, NULL, NULL);
}
