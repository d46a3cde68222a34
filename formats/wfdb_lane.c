/* formats/wfdb_lane.c - see wfdb_lane.h. */
#include "formats/wfdb_lane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WAITING ((size_t)1 << 26)   /* samples of one signal that wait for another's */

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to write a WFDB record"); }

static int reserve(struct lane *l, size_t n, const struct kymo_signal *sig, struct kymo_err *e)
{
    if (l->n + n > MOST_WAITING)
        return kymo_fail(e, KYMO_EDATA, "%zu samples of %.40s wait for those of other signals", l->n, sig->label);
    if (l->n + n <= l->cap)
        return 0;
    int32_t *larger = realloc(l->x, 2 * (l->n + n) * sizeof *larger);
    if (!larger)
        return out_of_memory(e);
    l->x = larger;
    l->cap = 2 * (l->n + n);
    return 0;
}

/* A value that the format cannot hold: refused, or cut off and counted. */
static int cut(const struct kymo_writer *w, size_t i, int64_t sample, double v, int32_t *x, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct wfdb_planned *p = &s->plan.signal[i];
    struct lane *l = &s->lane[i];

    if (!w->lossy && v == p->missing)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of %.40s is %.17g, by which format %d means \"no "
                            "sample\"; a wider format holds it, --lossy makes it %d", (long long)sample, p->label, v,
                            p->format, p->least);
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "sample %lld of %.40s is %.17g, format %d holds %d..%d",
                            (long long)sample, p->label, v, p->format, p->least, p->most);
    if (l->n_cut++ == 0) {
        l->first_cut = sample;
        l->cut_value = v;
    }
    *x = v < p->least ? p->least : p->most;
    return 0;
}

/* n integers, which begin at sample first, to x. */
static int store_integers(const struct kymo_writer *w, size_t i, const int32_t *from, size_t n, int64_t first, int32_t *x,
                          struct kymo_err *e)
{
    const struct wfdb_planned *p = &((struct wfdb_writer *)w->state)->plan.signal[i];
    const int32_t least = p->least, most = p->most, missing = p->missing;
    int bad = 0, rc = 0;

    for (size_t k = 0; k < n; k++) {
        const int32_t v = from[k];
        bad |= v != KYMO_MISSING && (v < least || v > most);
        x[k] = v == KYMO_MISSING ? missing : v;
    }
    for (size_t k = 0; rc == 0 && bad && k < n; k++)
        if (from[k] != KYMO_MISSING && (from[k] < least || from[k] > most))
            rc = cut(w, i, first + (int64_t)k, from[k], &x[k], e);
    return rc;
}

static int store_reals(const struct kymo_writer *w, size_t i, const double *from, size_t n, int64_t first, int32_t *x,
                       struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct wfdb_planned *p = &s->plan.signal[i];
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < n; k++) {
        const double v = nearbyint(from[k] * p->scale + p->baseline);
        if (isnan(v)) {
            x[k] = p->missing;
        } else if (v < p->least || v > p->most) {
            rc = cut(w, i, first + (int64_t)k, v, &x[k], e);
        } else {
            x[k] = (int32_t)v;
            if (!p->exact)
                s->lane[i].rounding = fmax(s->lane[i].rounding, fabs((v - p->baseline) / p->scale - from[k]));
        }
    }
    return rc;
}

/* n values are in x[l->n]: counts them in. */
static void add_stored(struct lane *l, size_t n)
{
    const int32_t *x = l->x + l->n;
    uint32_t sum = 0;

    if (n == 0)
        return;
    if (!l->begun)
        l->initial = x[0];
    l->begun = true;
    for (size_t k = 0; k < n; k++)
        sum += (uint32_t)x[k];
    l->sum = (uint16_t)(l->sum + sum);
    l->n += n;
    l->next += (int64_t)n;
}

/* Fills n samples of a frame that has only others: missing ones. */
static int pad(struct kymo_writer *w, size_t i, size_t n, const char *where, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct lane *l = &s->lane[i];

    if (n == 0)
        return 0;
    if (!w->lossy)
        return kymo_fail_at(e, KYMO_EDATA, w->path, -1, "%.40s %s: %zu samples are not there to fill its frames of %zu; "
                            "--lossy adds missing ones", sig->label, where, n, s->plan.signal[i].per_frame);
    const int rc = reserve(l, n, sig, e);
    if (rc < 0)
        return rc;
    for (size_t k = 0; k < n; k++)
        l->x[l->n + k] = s->plan.signal[i].missing;
    add_stored(l, n);
    if (s->n_padded == 0)
        s->first_padded = i;
    s->n_padded += n;
    return 0;
}

/* Packs the frames that all signals have. */
int wfdb_lanes_pack(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const size_t n_signals = w->hdr.n_signals;
    size_t frames = SIZE_MAX;
    int rc = 0;

    for (size_t i = 0; i < n_signals; i++) {
        const size_t held = s->lane[i].n / s->plan.signal[i].per_frame;
        frames = held < frames ? held : frames;
        s->at[i] = s->lane[i].x;
    }
    if (n_signals == 0 || frames == 0)
        return 0;
    for (size_t g = 0; rc == 0 && g < s->plan.n_groups; g++)
        rc = wfdb_pack_frames(s->pack[g], s->at + s->plan.group[g].first, frames, e);
    for (size_t i = 0; i < n_signals; i++) {
        struct lane *l = &s->lane[i];
        const size_t used = frames * s->plan.signal[i].per_frame;
        memmove(l->x, l->x + used, (l->n - used) * sizeof *l->x);
        l->n -= used;
    }
    s->n_frames += (int64_t)frames;
    return rc;
}

int wfdb_lanes_take(struct kymo_writer *w, size_t i, const struct kymo_span *span, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    const struct kymo_signal *sig = &w->hdr.signal[i];
    struct lane *l = &s->lane[i];
    const int64_t at = span->first - span->segment_first + s->anchor_frame * (int64_t)s->plan.signal[i].per_frame;
    int rc = 0;

    if (span->n == 0)
        return 0;
    if (at < l->next || (!l->fresh && at > l->next))
        return kymo_fail(e, KYMO_EDATA, "sample %lld of %.40s follows %lld in one piece", (long long)span->first, sig->label,
                         (long long)(span->first + l->next - at - 1));
    if (at > l->next)
        rc = pad(w, i, (size_t)(at - l->next), "begins inside a frame, or behind the others", e);
    l->fresh = false;
    if (rc == 0)
        rc = reserve(l, span->n, sig, e);
    if (rc == 0)
        rc = kymo_storage_is_integer(sig->storage)
                 ? store_integers(w, i, span->digital, span->n, span->first, l->x + l->n, e)
                 : store_reals(w, i, span->physical, span->n, span->first, l->x + l->n, e);
    if (rc == 0)
        add_stored(l, span->n);
    return rc;
}

/* Fills the last frames, so that all signals end together. */
int wfdb_lanes_fill_up(struct kymo_writer *w, struct kymo_err *e)
{
    struct wfdb_writer *s = w->state;
    size_t frames = 0;
    int rc = 0;

    for (size_t i = 0; i < w->hdr.n_signals; i++) {
        const size_t per_frame = s->plan.signal[i].per_frame, held = (s->lane[i].n + per_frame - 1) / per_frame;
        frames = held > frames ? held : frames;
    }
    for (size_t i = 0; rc == 0 && i < w->hdr.n_signals; i++)
        rc = pad(w, i, frames * s->plan.signal[i].per_frame - s->lane[i].n, "ends inside a frame, or before the others", e);
    return rc == 0 ? wfdb_lanes_pack(w, e) : rc;
}
