/* tests/unit/test_fft.c - the laws of the discrete Fourier transform, on lengths drawn at random and on chosen ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms/fft.h"
#include "algorithms/random.h"

#define MAX_N 4096

/* Rounding of an FFT: relative rms error O(eps sqrt(log n)) (Schatzman, SIAM J. Sci. Comput. 17:1150-1166, 1996), so
 * below 1e-15 of the signal's norm at n = 4096; 1e-13 leaves room for prime lengths, where FFTW takes detours. */
#define TOLERANCE 1e-13

static const size_t CHOSEN[] = { 1, 2, 3, 4, 5, 7, 8, 13, 16, 31, 100, 127, 360, 997, 1024, 2048, 4093, MAX_N };
#define N_CHOSEN (sizeof CHOSEN / sizeof *CHOSEN)
#define N_CASES (N_CHOSEN + 30)

struct fixture {
    struct random rng;
    size_t n;
    struct fft *fft;
    double x[MAX_N], y[MAX_N], re_im[MAX_N + 2], re_im2[MAX_N + 2];
};

static void fill(struct fixture *f, double *x)
{
    for (size_t i = 0; i < f->n; i++)
        x[i] = random_normal(&f->rng);
}

static double norm(const double *x, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

static double distance(const double *x, const double *y, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return sqrt(sum);
}

static void assert_close(const double *got, const double *want, size_t n)
{
    assert_true(distance(got, want, n) <= TOLERANCE * (1 + norm(want, n)));
}

static void for_each_length(void (*check)(struct fixture *))
{
    struct fixture *f = malloc(sizeof *f);

    assert_non_null(f);
    random_init(&f->rng, 20031, 0);
    for (size_t i = 0; i < N_CASES; i++) {
        struct kymo_err e = { 0 };
        f->n = i < N_CHOSEN ? CHOSEN[i] : 1 + (size_t)random_below(&f->rng, MAX_N);
        f->fft = fft_create(f->n, &e);
        assert_non_null(f->fft);
        assert_int_equal(fft_bins(f->fft), f->n / 2 + 1);
        check(f);
        fft_destroy(f->fft);
    }
    free(f);
}

static void check_definition(struct fixture *f)
{
    if (f->n > 400)   /* the sum itself takes n^2 steps */
        return;
    fill(f, f->x);
    fft_forward(f->fft, f->x, f->re_im);
    for (size_t k = 0; k < fft_bins(f->fft); k++) {
        double re = 0, im = 0;
        for (size_t j = 0; j < f->n; j++) {
            const double angle = 2 * M_PI * (double)(j * k % f->n) / (double)f->n;
            re += f->x[j] * cos(angle);
            im -= f->x[j] * sin(angle);
        }
        f->re_im2[2 * k] = re;
        f->re_im2[2 * k + 1] = im;
    }
    assert_close(f->re_im, f->re_im2, 2 * fft_bins(f->fft));
}

static void check_linearity(struct fixture *f)
{
    const double a = random_normal(&f->rng), b = random_normal(&f->rng);

    fill(f, f->x);
    fill(f, f->y);
    fft_forward(f->fft, f->x, f->re_im);
    fft_forward(f->fft, f->y, f->re_im2);
    for (size_t i = 0; i < 2 * fft_bins(f->fft); i++)
        f->re_im[i] = a * f->re_im[i] + b * f->re_im2[i];
    for (size_t i = 0; i < f->n; i++)
        f->x[i] = a * f->x[i] + b * f->y[i];
    fft_forward(f->fft, f->x, f->re_im2);
    assert_close(f->re_im2, f->re_im, 2 * fft_bins(f->fft));
}

static void check_impulse(struct fixture *f)
{
    memset(f->x, 0, sizeof f->x);
    f->x[0] = 1;
    fft_forward(f->fft, f->x, f->re_im);
    for (size_t k = 0; k < fft_bins(f->fft); k++) {
        f->re_im2[2 * k] = 1;
        f->re_im2[2 * k + 1] = 0;
    }
    assert_close(f->re_im, f->re_im2, 2 * fft_bins(f->fft));
}

/* y[j] = x[j-1] turns bin k by exp(-2 pi i k / n). */
static void check_shift(struct fixture *f)
{
    fill(f, f->x);
    for (size_t j = 0; j < f->n; j++)
        f->y[(j + 1) % f->n] = f->x[j];
    fft_forward(f->fft, f->x, f->re_im);
    for (size_t k = 0; k < fft_bins(f->fft); k++) {
        const double angle = -2 * M_PI * (double)k / (double)f->n;
        const double re = f->re_im[2 * k], im = f->re_im[2 * k + 1];
        f->re_im[2 * k] = re * cos(angle) - im * sin(angle);
        f->re_im[2 * k + 1] = re * sin(angle) + im * cos(angle);
    }
    fft_forward(f->fft, f->y, f->re_im2);
    assert_close(f->re_im2, f->re_im, 2 * fft_bins(f->fft));
}

static void check_parseval(struct fixture *f)
{
    double power = 0;

    fill(f, f->x);
    fft_forward(f->fft, f->x, f->re_im);
    for (size_t k = 0; k < fft_bins(f->fft); k++) {
        const double square = f->re_im[2 * k] * f->re_im[2 * k] + f->re_im[2 * k + 1] * f->re_im[2 * k + 1];
        power += k == 0 || 2 * k == f->n ? square : 2 * square;
    }
    const double want = norm(f->x, f->n) * norm(f->x, f->n);
    assert_true(fabs(power / (double)f->n - want) <= TOLERANCE * want);
}

static void check_round_trip(struct fixture *f)
{
    fill(f, f->x);
    fft_forward(f->fft, f->x, f->re_im);
    fft_inverse(f->fft, f->re_im, f->y);
    assert_close(f->y, f->x, f->n);
}

/* The caller's pointers must not choose FFTW's code path: results agree in every bit, and in place too. */
static void check_alignment(struct fixture *f)
{
    if (f->n >= MAX_N - 1)
        return;
    fill(f, f->x);
    fft_forward(f->fft, f->x, f->re_im);
    memcpy(f->re_im2 + 1, f->x, f->n * sizeof *f->x);
    fft_forward(f->fft, f->re_im2 + 1, f->re_im2 + 1);
    assert_memory_equal(f->re_im, f->re_im2 + 1, 2 * fft_bins(f->fft) * sizeof *f->re_im);
    fft_inverse(f->fft, f->re_im, f->y);
    fft_inverse(f->fft, f->re_im2 + 1, f->re_im2 + 1);
    assert_memory_equal(f->y, f->re_im2 + 1, f->n * sizeof *f->y);
}

static void test_definition(void **state)
{
    (void)state;
    for_each_length(check_definition);
}

static void test_linearity(void **state)
{
    (void)state;
    for_each_length(check_linearity);
}

static void test_impulse(void **state)
{
    (void)state;
    for_each_length(check_impulse);
}

static void test_shift(void **state)
{
    (void)state;
    for_each_length(check_shift);
}

static void test_parseval(void **state)
{
    (void)state;
    for_each_length(check_parseval);
}

static void test_round_trip(void **state)
{
    (void)state;
    for_each_length(check_round_trip);
}

static void test_alignment(void **state)
{
    (void)state;
    for_each_length(check_alignment);
}

/* What is planned one way only gives the same bytes. */
static void check_forward_only(struct fixture *f)
{
    struct kymo_err e = { 0 };
    struct fft *forward = fft_create_forward(f->n, &e);

    assert_non_null(forward);
    fill(f, f->x);
    fft_forward(f->fft, f->x, f->re_im);
    fft_forward(forward, f->x, f->re_im2);
    assert_memory_equal(f->re_im, f->re_im2, 2 * fft_bins(f->fft) * sizeof *f->re_im);
    fft_destroy(forward);
}

static void test_forward_only(void **state)
{
    (void)state;
    for_each_length(check_forward_only);
}

static void test_nan_shows(void **state)
{
    struct kymo_err e = { 0 };
    struct fft *s = fft_create(12, &e);
    double x[12] = { 0 }, re_im[14];

    (void)state;
    x[5] = NAN;
    fft_forward(s, x, re_im);
    assert_true(isnan(re_im[0]));
    fft_destroy(s);
}

static void test_refuses_lengths(void **state)
{
    const size_t bad[] = { 0, ((size_t)1 << 30) + 1 };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct kymo_err e = { 0 };
        assert_null(fft_create(bad[i], &e));
        assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
        assert_non_null(strstr(e.cause[0].msg, "not 1..1073741824"));
    }
    fft_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition), cmocka_unit_test(test_linearity), cmocka_unit_test(test_impulse),
        cmocka_unit_test(test_shift), cmocka_unit_test(test_parseval), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_alignment), cmocka_unit_test(test_forward_only), cmocka_unit_test(test_nan_shows),
        cmocka_unit_test(test_refuses_lengths),
    };

    return cmocka_run_group_tests_name("fft", tests, NULL, NULL);
}
