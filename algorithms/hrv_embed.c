/* algorithms/hrv_embed.c - see hrv_embed.h. */
#include "algorithms/hrv_embed.h"

#include "lib/clones.h"

#include <math.h>
#include <stdlib.h>

int embedding_init(struct embedding *s, const struct nn_series *nn, size_t m, struct kymo_err *e)
{
    size_t in_run = 0;

    if (m < 2 || m > 64)
        return kymo_fail(e, KYMO_EUSAGE, "templates of %zu intervals, not 2..64", m);
    *s = (struct embedding){.nn_ms = nn->nn_ms, .m = m, .n_starts = nn->n < m ? 0 : nn->n - m + 1};
    s->square = malloc((nn->n + s->n_starts + 1) * sizeof *s->square + s->n_starts);
    if (!s->square)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the templates of %zu intervals", nn->n);
    s->distance2 = s->square + nn->n;
    s->whole = (unsigned char *)(s->distance2 + s->n_starts);
    for (size_t i = 0; i < nn->n; i++) {
        in_run = i > 0 && nn_follows(nn, i) ? in_run + 1 : 1;
        if (i + 1 >= m) {
            s->whole[i + 1 - m] = in_run >= m;
            s->n_templates += in_run >= m;
        }
    }
    return 0;
}

void embedding_release(struct embedding *s)
{
    free(s->square);
}

CLONED_FOR_AVX2
static void sum_squares(const double *restrict x, size_t k, size_t m, size_t n, double *restrict square, double *restrict sum)
{
    for (size_t i = 0; i < n + m - 1; i++)
        square[i] = (x[i] - x[i + k]) * (x[i] - x[i + k]);
    for (size_t i = 0; i < n; i++)
        sum[i] = square[i] + square[i + 1];
    for (size_t t = 2; t < m; t++)
        for (size_t i = 0; i < n; i++)
            sum[i] += square[i + t];
}

const double *embedding_diagonal(struct embedding *s, size_t k)
{
    const size_t n = s->n_starts - k;

    sum_squares(s->nn_ms, k, s->m, n, s->square, s->distance2);
    for (size_t i = 0; s->n_templates < s->n_starts && i < n; i++)
        if (!s->whole[i] || !s->whole[i + k])
            s->distance2[i] = INFINITY;
    return s->distance2;
}
