/* cli/watch.c - see watch.h. */
#include "cli/watch.h"
#include "algorithms/fibrillation.h"
#include "algorithms/silence.h"

#include <math.h>
#include <stdlib.h>

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to watch a recording"); }

/* ---- which leads ---- */

/* Of pick[n], or of all signals that are ECG, those that have the rate of the first that can be used. */
static void keep_alike(struct watch *w, const struct kymo_header *h, const size_t *pick, size_t n, double *mv)
{
    for (size_t i = 0; i < n; i++) {
        const size_t signal = pick ? pick[i] : i;
        const struct kymo_signal *const s = &h->signal[signal], *const first = &h->signal[w->n_leads ? w->lead[0] : signal];
        const double fs_hz = kymo_ratio_real(s->rate);
        if ((pick || s->kind == KYMO_ECG) && fs_hz >= FIBRILLATION_SLOWEST_HZ && fs_hz <= FIBRILLATION_FASTEST_HZ &&
            s->rate.num == first->rate.num && s->rate.den == first->rate.den) {
            mv[w->n_leads] = kymo_millivolts(s->unit);
            w->lead[w->n_leads++] = signal;
        }
    }
}

static int open_watch(struct watch *w, const struct kymo_header *h, struct kymo_err *e)
{
    size_t *pick = NULL, n = h->n_signals;
    int rc = w->names && w->names->n ? kymo_select(h, w->names->text, w->names->n, &pick, &n, e) : 0;

    if (rc < 0)
        return rc;
    double *const mv = calloc(n + 1, sizeof *mv);
    w->lead = calloc(n + 1, sizeof *w->lead);
    w->x = calloc(n + 1, sizeof *w->x);
    if (!mv || !w->lead || !w->x)
        rc = out_of_memory(e);
    if (rc == 0)
        keep_alike(w, h, pick, n, mv);
    const double fs_hz = w->n_leads > 0 ? kymo_ratio_real(h->signal[w->lead[0]].rate) : 0;
    if (w->n_leads > 0 && (!(w->fibrillations = fibrillation_create(fs_hz, w->n_leads, mv, e)) ||
                           !(w->silences = silence_create(fs_hz, w->n_leads, e))))
        rc = e->cause[0].code;
    free(mv);
    free(pick);
    return rc;
}

/* ---- what they find ---- */

static int64_t time_of(const struct watch *w, int64_t sample)
{
    return w->segment_ns + kymo_time_of(w->rate, w->base + sample - w->segment_first);
}

static int keep(const struct watch *w, struct watch_list *list, int64_t first, int64_t n, double confidence, struct kymo_err *e)
{
    struct watch_span *const all = realloc(list->span, (list->n + 1) * sizeof *all);

    if (!all)
        return out_of_memory(e);
    list->span = all;
    all[list->n++] = (struct watch_span){time_of(w, first), time_of(w, first + n), confidence};
    return 0;
}

/* Looks for fibrillation in x[n]; n = 0: a flush. */
static int find_fibrillation(struct watch *w, size_t n, struct kymo_err *e)
{
    struct fibrillation_episode *const found = malloc(fibrillation_bound(w->fibrillations, n) * sizeof *found);
    int rc = found ? 0 : out_of_memory(e);
    const size_t n_found = rc < 0 ? 0 : n ? fibrillation_push(w->fibrillations, w->x, n, found)
                                          : fibrillation_flush(w->fibrillations, found);

    for (size_t i = 0; rc == 0 && i < n_found; i++)
        rc = keep(w, &w->fibrillation, found[i].first, found[i].n, found[i].confidence, e);
    free(found);
    return rc;
}

static int find_silence(struct watch *w, size_t n, struct kymo_err *e)
{
    struct silence_span *const found = malloc(silence_bound(w->silences, n) * sizeof *found);
    int rc = found ? 0 : out_of_memory(e);
    const size_t n_found = rc < 0 ? 0 : n ? silence_push(w->silences, w->x, n, found) : silence_flush(w->silences, found);

    for (size_t i = 0; rc == 0 && i < n_found; i++)
        rc = keep(w, &w->silence, found[i].first, found[i].n, (double)NAN, e);
    free(found);
    return rc;
}

static int find(struct watch *w, size_t n, struct kymo_err *e)
{
    const int rc = find_fibrillation(w, n, e);

    return rc < 0 ? rc : find_silence(w, n, e);
}

int watch_block(void *self, struct kymo_block *b, struct kymo_err *e)
{
    struct watch *const w = self;
    int rc = w->lead ? 0 : open_watch(w, b->hdr, e);

    if (rc < 0 || w->n_leads == 0 || b->span[w->lead[0]].n == 0)
        return rc;
    const struct kymo_span *const span = &b->span[w->lead[0]];
    if (w->begun && b->new_segment && (rc = find(w, 0, e)) < 0)
        return rc;
    if (!w->begun || b->new_segment) {
        w->rate = b->hdr->signal[w->lead[0]].rate;
        w->base = span->first;
        w->segment_first = span->segment_first;
        w->segment_ns = b->segment_ns;
        w->begun = true;
    }
    for (size_t c = 0; c < w->n_leads; c++) {
        const struct kymo_span *const other = &b->span[w->lead[c]];
        if (other->n != span->n || other->first != span->first)
            return kymo_fail(e, KYMO_EDATA, "leads do not bring the same samples at %lld", (long long)span->first);
        w->x[c] = kymo_physical(b, w->lead[c]);
    }
    return find(w, span->n, e);
}

bool watch_fibrillates(const struct watch *w, struct watch_span *so_far)
{
    struct fibrillation_episode found;

    if (!w->begun || !fibrillation_goes_on(w->fibrillations, &found))
        return false;
    *so_far = (struct watch_span){time_of(w, found.first), time_of(w, found.first + found.n), found.confidence};
    return true;
}

int watch_end(struct watch *w, struct kymo_err *e) { return w->begun ? find(w, 0, e) : 0; }

void watch_release(struct watch *w)
{
    fibrillation_destroy(w->fibrillations);
    silence_destroy(w->silences);
    free(w->lead);
    free(w->x);
    free(w->fibrillation.span);
    free(w->silence.span);
}
