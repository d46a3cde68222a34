/* algorithms/envelope.c - see envelope.h. */
#include "algorithms/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MOST_COLUMNS ((size_t)1 << 24)

enum { FIRST, LAST, LEAST, GREATEST, KEPT };

struct point {
    double at, x;
};

struct column {
    struct point kept[KEPT];
    bool used, broken;            /* broken: a break lies before its first sample */
};

struct envelope {
    double from, width, next_at;  /* next_at: where the next sample belongs; NaN: nowhere yet */
    bool broken, grows;
    size_t n;
    struct column column[];
};

struct envelope *envelope_create(double from, double width, size_t n, struct kymo_err *e)
{
    if (!(width > 0) || n == 0 || n > MOST_COLUMNS) {
        kymo_fail(e, KYMO_EUSAGE, "%zu columns of %g, not 1..%zu of more than 0", n, width, MOST_COLUMNS);
        return NULL;
    }
    struct envelope *const s = malloc(sizeof *s + n * sizeof *s->column);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory for %zu columns", n);
        return NULL;
    }
    s->width = width;
    s->n = n;
    s->grows = false;
    envelope_reset(s, from);
    return s;
}

void envelope_destroy(struct envelope *s) { free(s); }

void envelope_reset(struct envelope *s, double from)
{
    s->from = from;
    s->next_at = (double)NAN;
    s->broken = false;
    memset(s->column, 0, s->n * sizeof *s->column);
}

void envelope_grow(struct envelope *s) { s->grows = true; }

static struct column join(const struct column *a, const struct column *b)
{
    if (!a->used || !b->used)
        return a->used ? *a : *b;
    struct column both = *a;
    both.kept[LAST] = b->kept[LAST];
    if (b->kept[LEAST].x < both.kept[LEAST].x)
        both.kept[LEAST] = b->kept[LEAST];
    if (b->kept[GREATEST].x > both.kept[GREATEST].x)
        both.kept[GREATEST] = b->kept[GREATEST];
    return both;
}

static void join_pairs(struct envelope *s)
{
    const size_t half = (s->n + 1) / 2;
    const struct column none = {.used = false};

    for (size_t i = 0; i < half; i++)
        s->column[i] = join(&s->column[2 * i], 2 * i + 1 < s->n ? &s->column[2 * i + 1] : &none);
    memset(s->column + half, 0, (s->n - half) * sizeof *s->column);
    s->width *= 2;
}

static void take(struct envelope *s, double at, double x)
{
    double place = floor((at - s->from) / s->width);

    for (; s->grows && s->n > 1 && place >= (double)s->n; place = floor((at - s->from) / s->width))
        join_pairs(s);
    if (!(place >= 0 && place < (double)s->n))
        return;
    struct column *const c = &s->column[(size_t)place];
    const struct point p = {at, x};
    if (!c->used) {
        *c = (struct column){.kept = {p, p, p, p}, .used = true, .broken = s->broken};
    } else {
        c->kept[LAST] = p;
        if (x < c->kept[LEAST].x)
            c->kept[LEAST] = p;
        if (x > c->kept[GREATEST].x)
            c->kept[GREATEST] = p;
    }
    s->broken = false;
}

void envelope_push(struct envelope *s, double at, double step, const double *x, size_t n)
{
    if (n == 0)
        return;
    if (!isnan(s->next_at) && fabs(at - s->next_at) > step / 2)
        s->broken = true;
    for (size_t i = 0; i < n; i++)
        if (isnan(x[i]))
            s->broken = true;
        else
            take(s, at + (double)i * step, x[i]);
    s->next_at = at + (double)n * step;
}

size_t envelope_bound(const struct envelope *s) { return (KEPT + 1) * s->n; }

/* Its points in order, each once: 1 to 4. */
static size_t put_column(const struct column *c, double *at, double *x)
{
    const bool least_first = c->kept[LEAST].at < c->kept[GREATEST].at;
    const struct point *const order[KEPT] = {
        &c->kept[FIRST], &c->kept[least_first ? LEAST : GREATEST], &c->kept[least_first ? GREATEST : LEAST], &c->kept[LAST],
    };
    size_t n = 0;

    for (size_t i = 0; i < KEPT; i++)
        if (n == 0 || order[i]->at > at[n - 1]) {
            at[n] = order[i]->at;
            x[n++] = order[i]->x;
        }
    return n;
}

size_t envelope_points(const struct envelope *s, double *at, double *x)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const struct column *const c = &s->column[i];
        if (!c->used)
            continue;
        if (c->broken && n > 0) {
            at[n] = c->kept[FIRST].at;
            x[n++] = (double)NAN;
        }
        n += put_column(c, at + n, x + n);
    }
    return n;
}
