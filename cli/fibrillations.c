/* cli/fibrillations.c - see fibrillations.h. */
#include "cli/fibrillations.h"
#include "algorithms/fibrillation.h"

#include <stdlib.h>
#include <string.h>

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to find fibrillation"); }

/* ---- which leads ---- */

/* A unit that is no voltage counts as mV: most often the file does not tell. */
static double millivolts(const char *unit)
{
    static const struct { const char *unit; double mv; } units[] = {
        {"V", 1e3}, {"uV", 1e-3}, {"\u00b5V", 1e-3}, {"\u03bcV", 1e-3}, {"nV", 1e-6},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].unit) == 0)
            return units[i].mv;
    return 1;
}

/* Of pick[n], or of all signals that are ECG, those that have the rate of the first that can be used. */
static void keep_alike(struct fibrillations *f, const struct kymo_header *h, const size_t *pick, size_t n, double *mv)
{
    for (size_t i = 0; i < n; i++) {
        const size_t signal = pick ? pick[i] : i;
        const struct kymo_signal *const s = &h->signal[signal], *const first = &h->signal[f->n_leads ? f->lead[0] : signal];
        const double fs_hz = kymo_ratio_real(s->rate);
        if ((pick || s->kind == KYMO_ECG) && fs_hz >= FIBRILLATION_SLOWEST_HZ && fs_hz <= FIBRILLATION_FASTEST_HZ &&
            s->rate.num == first->rate.num && s->rate.den == first->rate.den) {
            mv[f->n_leads] = millivolts(s->unit);
            f->lead[f->n_leads++] = signal;
        }
    }
}

static int open_finder(struct fibrillations *f, const struct kymo_header *h, struct kymo_err *e)
{
    size_t *pick = NULL, n = h->n_signals;
    int rc = f->names && f->names->n ? kymo_select(h, f->names->text, f->names->n, &pick, &n, e) : 0;

    if (rc < 0)
        return rc;
    double *const mv = calloc(n + 1, sizeof *mv);
    f->lead = calloc(n + 1, sizeof *f->lead);
    f->x = calloc(n + 1, sizeof *f->x);
    if (!mv || !f->lead || !f->x)
        rc = out_of_memory(e);
    if (rc == 0)
        keep_alike(f, h, pick, n, mv);
    if (f->n_leads > 0 && !(f->finder = fibrillation_create(kymo_ratio_real(h->signal[f->lead[0]].rate), f->n_leads, mv, e)))
        rc = e->cause[0].code;
    free(mv);
    free(pick);
    return rc;
}

/* ---- episodes ---- */

static int64_t time_of(const struct fibrillations *f, int64_t sample)
{
    return f->segment_ns + kymo_time_of(f->rate, f->base + sample - f->segment_first);
}

static int keep(struct fibrillations *f, const struct fibrillation_episode *found, size_t n, struct kymo_err *e)
{
    struct fibrillation_span *const all = n ? realloc(f->span, (f->n + n) * sizeof *all) : f->span;

    if (n > 0 && !all)
        return out_of_memory(e);
    f->span = all;
    for (size_t i = 0; i < n; i++) {
        const int64_t ns = time_of(f, found[i].first), end_ns = time_of(f, found[i].first + found[i].n);
        f->span[f->n++] = (struct fibrillation_span){ns, end_ns - ns, found[i].confidence};
    }
    return 0;
}

/* Gives x[n] to the finder; n = 0: a flush. */
static int find(struct fibrillations *f, size_t n, struct kymo_err *e)
{
    struct fibrillation_episode *const found = malloc(fibrillation_bound(f->finder, n) * sizeof *found);

    if (!found)
        return out_of_memory(e);
    const int rc = keep(f, found, n ? fibrillation_push(f->finder, f->x, n, found) : fibrillation_flush(f->finder, found), e);
    free(found);
    return rc;
}

int fibrillations_block(void *self, struct kymo_block *b, struct kymo_err *e)
{
    struct fibrillations *const f = self;
    int rc = f->lead ? 0 : open_finder(f, b->hdr, e);

    if (rc < 0 || f->n_leads == 0 || b->span[f->lead[0]].n == 0)
        return rc;
    const struct kymo_span *const span = &b->span[f->lead[0]];
    if (f->begun && b->new_segment && (rc = find(f, 0, e)) < 0)
        return rc;
    if (!f->begun || b->new_segment) {
        f->rate = b->hdr->signal[f->lead[0]].rate;
        f->base = span->first;
        f->segment_first = span->segment_first;
        f->segment_ns = b->segment_ns;
        f->begun = true;
    }
    for (size_t c = 0; c < f->n_leads; c++) {
        const struct kymo_span *const other = &b->span[f->lead[c]];
        if (other->n != span->n || other->first != span->first)
            return kymo_fail(e, KYMO_EDATA, "leads do not bring the same samples at %lld", (long long)span->first);
        f->x[c] = kymo_physical(b, f->lead[c]);
    }
    return find(f, span->n, e);
}

int fibrillations_end(struct fibrillations *f, struct kymo_err *e) { return f->begun ? find(f, 0, e) : 0; }

void fibrillations_release(struct fibrillations *f)
{
    fibrillation_destroy(f->finder);
    free(f->lead);
    free(f->x);
    free(f->span);
}
