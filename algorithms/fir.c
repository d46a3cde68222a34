/* algorithms/fir.c - see fir.h.
 *
 * x holds the n - 1 samples before a block and the block. For overlap-save a block ends where it is full, at places that count
 * from the segment's beginning, so that how the input is cut does not matter; of the direct sums each is the same anywhere. */
#include "algorithms/fir.h"

#include "lib/clones.h"
#include "algorithms/fft.h"
#include "algorithms/pending.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PI 3.14159265358979323846
#define MOST_TAPS ((size_t)1 << 20)
#define DIRECT_BLOCK 1024

struct fir {
    size_t n, advance, block;     /* taps; samples held back; most in a block */
    bool in_segment;
    double last;                  /* sample of the segment */
    size_t to_drop;               /* outputs of the segment that belong before its first sample */
    size_t n_block;               /* samples in the block */
    double *h, *x, *y;            /* y: of a block; by overlap-save of the whole transform */
    struct fft *fft;              /* NULL: done directly */
    double *spectrum, *response;  /* re, im of each bin */
    struct pending *held;
};

static size_t transform_length(size_t n)
{
    size_t length = 1024;

    while (length < 4 * n)
        length *= 2;
    return length;
}

/* The spectrum of the taps, for overlap-save. */
static int make_response(struct fir *s, size_t length, struct kymo_err *e)
{
    if (!(s->fft = fft_create(length, e)))
        return e->cause[0].code;
    s->spectrum = malloc(2 * fft_bins(s->fft) * sizeof *s->spectrum);
    s->response = malloc(2 * fft_bins(s->fft) * sizeof *s->response);
    if (!s->spectrum || !s->response)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a filter of %zu taps", s->n);
    memset(s->y, 0, length * sizeof *s->y);
    memcpy(s->y, s->h, s->n * sizeof *s->h);
    fft_forward(s->fft, s->y, s->response);
    return 0;
}

static int allocate(struct fir *s, const double *h, struct kymo_err *e)
{
    const size_t length = s->n - 1 + s->block;

    s->h = malloc(s->n * sizeof *h);
    s->x = calloc(length, sizeof *s->x);
    s->y = calloc(length, sizeof *s->y);
    s->held = pending_create(s->advance + 2 * s->block + PENDING_PIECE);
    if (!s->h || !s->x || !s->y || !s->held)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a filter of %zu taps", s->n);
    memcpy(s->h, h, s->n * sizeof *h);
    return s->n > FIR_DIRECT ? make_response(s, length, e) : 0;
}

struct fir *fir_create(const double *h, size_t n, size_t advance, struct kymo_err *e)
{
    if (n < 1 || n > MOST_TAPS || advance >= n) {
        kymo_fail(e, KYMO_EUSAGE, "%zu taps, not 1..%zu, or an advance of %zu", n, MOST_TAPS, advance);
        return NULL;
    }
    struct fir *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for a filter");
        return NULL;
    }
    s->n = n;
    s->advance = advance;
    s->block = n > FIR_DIRECT ? transform_length(n) - (n - 1) : DIRECT_BLOCK;
    if (allocate(s, h, e) < 0) {
        fir_destroy(s);
        return NULL;
    }
    return s;
}

/* ---- blocks ---- */

typedef double four __attribute__((vector_size(32)));

enum { AT_ONCE = 16 };

/* y[i] = sum of h[k] x[i - k], summed in the order of k whatever i is; x[-(n-1)] .. are there. */
CLONED_FOR_AVX2 static void convolve(const double *h, size_t n, const double *x, size_t n_y, double *y)
{
    size_t i = 0;

    for (; i + AT_ONCE <= n_y; i += AT_ONCE) {
        four sum[AT_ONCE / 4] = {{0}};
        for (size_t k = 0; k < n; k++)
            for (size_t v = 0; v < AT_ONCE / 4; v++) {
                four part;
                memcpy(&part, x + i + 4 * v - k, sizeof part);
                sum[v] += h[k] * part;
            }
        memcpy(y + i, sum, sizeof sum);
    }
    for (; i < n_y; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += h[k] * x[i - k];
        y[i] = sum;
    }
}

/* The whole of x, of which the first n - 1 outputs are not linear but circular. */
static void convolve_by_spectrum(struct fir *s)
{
    fft_forward(s->fft, s->x, s->spectrum);
    for (size_t i = 0; i < fft_bins(s->fft); i++) {
        const double re = s->spectrum[2 * i], im = s->spectrum[2 * i + 1], h_re = s->response[2 * i],
                     h_im = s->response[2 * i + 1];
        s->spectrum[2 * i] = re * h_re - im * h_im;
        s->spectrum[2 * i + 1] = re * h_im + im * h_re;
    }
    fft_inverse(s->fft, s->spectrum, s->y);
}

/* The block's outputs go to held, without what belongs before the segment; its end is the history of the next. */
static void end_block(struct fir *s)
{
    const size_t n = s->n_block, drop = s->to_drop < n ? s->to_drop : n;

    if (s->fft) {
        for (size_t i = n; i < s->block; i++)
            s->x[s->n - 1 + i] = s->last;
        convolve_by_spectrum(s);
    } else {
        convolve(s->h, s->n, s->x + s->n - 1, n, s->y + s->n - 1);
    }
    pending_put(s->held, s->y + s->n - 1 + drop, n - drop);
    s->to_drop -= drop;
    memmove(s->x, s->x + n, (s->n - 1) * sizeof *s->x);
    s->n_block = 0;
}

/* x[n], or n times its only sample. */
static void take(struct fir *s, const double *x, size_t n, bool repeat)
{
    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < s->block - s->n_block ? n - i : s->block - s->n_block;
        double *to = s->x + s->n - 1 + s->n_block;
        for (size_t j = 0; j < m; j++)
            to[j] = repeat ? *x : x[i + j];
        s->n_block += m;
        if (s->n_block == s->block)
            end_block(s);
    }
}

/* ---- segments ---- */

static void begin_segment(struct fir *s, double x)
{
    for (size_t i = 0; i < s->n - 1; i++)
        s->x[i] = x;
    s->in_segment = true;
    s->to_drop = s->advance;
    s->n_block = 0;
}

static void end_segment(struct fir *s)
{
    if (!s->in_segment)
        return;
    take(s, &s->last, s->advance, true);
    if (s->n_block > 0)
        end_block(s);
    s->in_segment = false;
}

static void push_piece(struct fir *s, const double *x, size_t n)
{
    for (size_t i = 0, run; i < n; i += run) {
        bool missing;
        run = pending_run(x + i, n - i, &missing);
        if (missing) {
            end_segment(s);
            pending_fill(s->held, NAN, run);
            continue;
        }
        if (!s->in_segment)
            begin_segment(s, x[i]);
        s->last = x[i + run - 1];
        take(s, x + i, run, false);
    }
    if (!s->fft && s->n_block > 0)
        end_block(s);
}

size_t fir_push(struct fir *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t i = 0, m; i < n; i += m) {
        m = n - i < PENDING_PIECE ? n - i : PENDING_PIECE;
        push_piece(s, x + i, m);
        made += pending_take(s->held, y + made, m);
    }
    return made;
}

size_t fir_flush(struct fir *s, double *y, size_t cap)
{
    end_segment(s);
    return pending_take(s->held, y, cap);
}

void fir_respond(const struct fir *s, double turns, double *re_im)
{
    re_im[0] = re_im[1] = 0;
    for (size_t k = 0; k < s->n; k++) {
        const double phase = 2 * PI * turns * ((double)s->advance - (double)k);
        re_im[0] += s->h[k] * cos(phase);
        re_im[1] += s->h[k] * sin(phase);
    }
}

void fir_destroy(struct fir *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    pending_destroy(s->held);
    free(s->h);
    free(s->x);
    free(s->y);
    free(s->spectrum);
    free(s->response);
    free(s);
}
