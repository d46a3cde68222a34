/* algorithms/sinc.c - see sinc.h. */
#include "algorithms/sinc.h"

#include <math.h>
#include <stdlib.h>

#define PI 3.141592653589793
#define CROSSINGS 16
#define MOST_RATIO 1000
#define MOST_OUT INT64_C(1000000000000000)

struct sinc {
    int64_t in, out;              /* samples of x for as many of y */
    double cutoff, reach;
    int64_t whole, part;          /* p is whole + part / out */
    int64_t n_in, size;
    double ring[];                /* x[j] is at j % size */
};

struct sinc *sinc_create(int64_t in, int64_t out, struct kymo_err *e)
{
    const double down = (double)in / (double)out;

    if (!(down <= MOST_RATIO && down >= 1.0 / MOST_RATIO && out <= MOST_OUT)) {
        kymo_fail(e, KYMO_EUSAGE, "cannot make %lld samples out of %lld", (long long)out, (long long)in);
        return NULL;
    }
    const double cutoff = 0.95 * fmin(1, 1 / down), reach = CROSSINGS / cutoff;
    const int64_t size = 2 * (int64_t)ceil(reach) + 2;
    struct sinc *s = calloc(1, sizeof *s + (size_t)size * sizeof *s->ring);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to change a rate");
        return NULL;
    }
    s->in = in;
    s->out = out;
    s->cutoff = cutoff;
    s->reach = reach;
    s->size = size;
    return s;
}

void sinc_push(struct sinc *s, double x)
{
    for (int64_t j = 0; s->n_in == 0 && j < s->size; j++)   /* what lies before the first sample */
        s->ring[j] = x;
    s->ring[s->n_in++ % s->size] = x;
}

static double weight(const struct sinc *s, double t)
{
    const double u = PI * s->cutoff * t, window = cos(u / (2 * CROSSINGS));

    return (u == 0 ? 1 : sin(u) / u) * window * window;
}

bool sinc_next(struct sinc *s, double *y)
{
    const double part = (double)s->part / (double)s->out;
    const int64_t first = s->whole + (int64_t)floor(part - s->reach) + 1, last = s->whole + (int64_t)ceil(part + s->reach) - 1;
    double sum = 0, weights = 0;

    if (last >= s->n_in)
        return false;
    for (int64_t j = first; j <= last; j++) {
        const double w = weight(s, (double)(s->whole - j) + part);
        sum += w * s->ring[(j + s->size) % s->size];
        weights += w;
    }
    *y = sum / weights;
    s->part += s->in;
    s->whole += s->part / s->out;
    s->part %= s->out;
    return true;
}

void sinc_destroy(struct sinc *s) { free(s); }
