/* cli/review_lane.c - the windows of one signal that is reviewed, measured once all of their beats are known; see
 * review_lane.h. */
#include "cli/review_lane.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int review_reserve(void **all, size_t need, size_t *cap, size_t size, struct kymo_err *e)
{
    const size_t more = need + need / 2 + 64;

    if (need <= *cap)
        return 0;
    void *const p = realloc(*all, more * size);
    if (!p)
        return review_no_memory(e);
    *all = p;
    *cap = more;
    return 0;
}

/* The heart's beats in the window, as its samples, into v->beat. */
static int take_beats(struct reviewing *v, struct review_lane *l, int64_t from_ns, size_t n, size_t *n_beats,
                      struct kymo_err *e)
{
    const struct heart *const h = &v->r->heart;
    int rc = 0;

    *n_beats = 0;
    while (l->first_beat < h->n && h->beat[l->first_beat].time_ns < from_ns)
        l->first_beat++;
    for (size_t i = l->first_beat; rc == 0 && i < h->n; i++) {
        const double at = (double)(h->beat[i].time_ns - from_ns) / 1e9 * l->fs_hz;
        if (at >= (double)n)
            break;
        if ((rc = review_reserve((void **)&v->beat, *n_beats + 1, &v->cap_beats, sizeof *v->beat, e)) == 0)
            v->beat[(*n_beats)++] = at;
    }
    return rc;
}

/* The same of a lane's own pulses, which then are forgotten. */
static int take_pulses(struct reviewing *v, struct review_lane *l, int64_t from_ns, size_t n, size_t *n_pulses,
                       struct kymo_err *e)
{
    size_t i = 0;
    int rc = 0;

    *n_pulses = 0;
    for (; rc == 0 && i < l->n_at; i++) {
        const double at = (double)(l->at_ns[i] - from_ns) / 1e9 * l->fs_hz;
        if (at >= (double)n)
            break;
        if (at >= 0 && (rc = review_reserve((void **)&v->beat, *n_pulses + 1, &v->cap_beats, sizeof *v->beat, e)) == 0)
            v->beat[(*n_pulses)++] = at;
    }
    memmove(l->at_ns, l->at_ns + i, (l->n_at - i) * sizeof *l->at_ns);
    l->n_at -= i;
    return rc;
}

/* Share of the window that the detector calls noise. */
static float unsure_share(struct reviewing *v, struct review_lane *l, int64_t from_ns, int64_t to_ns)
{
    const struct heart *const h = &v->r->heart;
    int64_t sum_ns = 0;

    while (l->first_span < h->n_spans && h->span[l->first_span].time_ns + h->span[l->first_span].duration_ns <= from_ns)
        l->first_span++;
    for (size_t i = l->first_span; i < h->n_spans && h->span[i].time_ns < to_ns; i++) {
        const int64_t begin = h->span[i].time_ns > from_ns ? h->span[i].time_ns : from_ns;
        const int64_t end_ns = h->span[i].time_ns + h->span[i].duration_ns, end = end_ns < to_ns ? end_ns : to_ns;
        sum_ns += strcmp(h->span[i].type, "noise") == 0 && end > begin ? end - begin : 0;
    }
    return (float)fmin(1, (double)sum_ns / (double)(to_ns - from_ns));
}

static int measure(struct reviewing *v, struct review_lane *l, const struct review_slot *slot, size_t n,
                   struct review_window *w, struct kymo_err *e)
{
    struct review_signal *const s = &v->r->signal[l->signal];
    struct quality_window *const q = &w->measured;
    size_t n_beats;
    int rc = 0;

    quality_wave_measure(l->waves, slot->x, n < l->n ? n : l->n < 2 ? n : l->n, &q->wave);
    quality_rail_push(&l->low, -1, &q->wave);
    quality_rail_push(&l->high, 1, &q->wave);
    if (l->beater && (rc = take_beats(v, l, w->from_ns, n, &n_beats, e)) == 0) {
        quality_beats_measure(l->beater, slot->x, n, v->beat, n_beats, &q->beats);
        q->unsure = v->r->heart.found ? unsure_share(v, l, w->from_ns, w->to_ns) : 0;
    }
    if (l->pulser && (rc = take_pulses(v, l, w->from_ns, n, &n_beats, e)) == 0)
        quality_pulses_measure(l->pulser, slot->x, n, v->beat, n_beats, s->kind == QUALITY_ABP ? s->mv : (double)NAN,
                               &q->pulses);
    return rc;
}

/* Measures the oldest window that waits; end_ns: the recording ends there, or INT64_MAX. */
static int finish_window(struct reviewing *v, struct review_lane *l, int64_t end_ns, struct kymo_err *e)
{
    struct review_signal *const s = &v->r->signal[l->signal];
    struct review_slot *const slot = &l->slot[(size_t)l->oldest % l->n_slots];
    const int64_t from_ns = l->oldest * v->r->window_ns, whole_ns = from_ns + v->r->window_ns;
    const int64_t to_ns = whole_ns < end_ns ? whole_ns : end_ns;
    int rc;

    l->oldest++;
    if (slot->k != l->oldest - 1)
        return 0;                /* all of it lies in a gap */
    slot->k = -1;
    if ((rc = review_reserve((void **)&s->window, s->n + 1, &s->cap, sizeof *s->window, e)) < 0)
        return rc;
    const size_t due = (size_t)fmax(1, round((double)(to_ns - from_ns) / 1e9 * l->fs_hz));
    size_t n = due > slot->n ? due : slot->n;
    n = n < l->cap ? n : l->cap;
    struct review_window *const w = &s->window[s->n++];
    memset(w, 0, sizeof *w);
    w->from_ns = from_ns;
    w->to_ns = to_ns;
    w->measured.duration_s = (float)((double)(to_ns - from_ns) / 1e9);
    for (size_t i = 0; i < n; i++)
        s->n_valid += !isnan(slot->x[i]);
    return measure(v, l, slot, n, w, e);
}

int review_finish_until(struct reviewing *v, struct review_lane *l, int64_t k, int64_t end_ns, struct kymo_err *e)
{
    int rc = 0;

    while (rc == 0 && l->newest >= 0 && l->oldest <= l->newest && l->oldest < k)
        rc = finish_window(v, l, end_ns, e);
    return rc;
}
