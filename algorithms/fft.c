/* algorithms/fft.c - see fft.h. */
#include "algorithms/fft.h"

#include <fftw3.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LENGTH ((size_t)1 << 30)   /* FFTW's plain interface counts in int */

struct fft {
    size_t n;
    double *x;              /* x[n] and spectrum[n / 2 + 1] are what the plans work on: always aligned alike, so that */
    fftw_complex *spectrum; /* FFTW takes the same code path whatever the caller's pointers are */
    fftw_plan forward, inverse; /* inverse: NULL where it is not wanted */
};

static int plan_transforms(struct fft *s, int both, struct kymo_err *e)
{
    s->x = fftw_alloc_real(s->n);
    s->spectrum = fftw_alloc_complex(fft_bins(s));
    if (s->x && s->spectrum) {
        s->forward = fftw_plan_dft_r2c_1d((int)s->n, s->x, s->spectrum, FFTW_ESTIMATE);
        if (both)
            s->inverse = fftw_plan_dft_c2r_1d((int)s->n, s->spectrum, s->x, FFTW_ESTIMATE);
    }
    if (!s->forward || (both && !s->inverse))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a transform of %zu samples", s->n);
    return 0;
}

static struct fft *create(size_t n, int both, struct kymo_err *e)
{
    if (n < 1 || n > MAX_LENGTH) {
        kymo_fail(e, KYMO_EUSAGE, "transform of %zu samples, not 1..%zu", n, MAX_LENGTH);
        return NULL;
    }
    struct fft *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a transform of %zu samples", n);
        return NULL;
    }
    s->n = n;
    if (plan_transforms(s, both, e) < 0) {
        fft_destroy(s);
        return NULL;
    }
    return s;
}

struct fft *fft_create(size_t n, struct kymo_err *e)
{
    return create(n, 1, e);
}

struct fft *fft_create_forward(size_t n, struct kymo_err *e)
{
    return create(n, 0, e);
}

size_t fft_bins(const struct fft *s)
{
    return s->n / 2 + 1;
}

void fft_forward(struct fft *s, const double *x, double *re_im)
{
    memcpy(s->x, x, s->n * sizeof *x);
    fftw_execute(s->forward);
    memcpy(re_im, s->spectrum, fft_bins(s) * sizeof *s->spectrum);
}

void fft_inverse(struct fft *s, const double *re_im, double *x)
{
    const double scale = 1.0 / (double)s->n;

    memcpy(s->spectrum, re_im, fft_bins(s) * sizeof *s->spectrum);
    fftw_execute(s->inverse);
    for (size_t i = 0; i < s->n; i++)
        x[i] = s->x[i] * scale;
}

void fft_destroy(struct fft *s)
{
    if (!s)
        return;
    fftw_destroy_plan(s->forward);   /* like fftw_free, takes NULL */
    fftw_destroy_plan(s->inverse);
    fftw_free(s->x);
    fftw_free(s->spectrum);
    free(s);
}
