/* cli/overview.c - see overview.h. */
#include "cli/overview.h"

#include <math.h>
#include <stdlib.h>

#define SHORTEST_BIN_S 10
#define MOST_BINS 1440.0          /* a minute of a day each */
#define OVER 4                    /* intervals that a rate is of */

static double seconds(int64_t ns) { return (double)ns / (double)KYMO_NS_PER_S; }

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory for an overview"); }

/* ---- rates ---- */

/* Of the OVER intervals that end with beat i; NaN where they do not follow each other. */
static double rate_at(const struct rhythm_record *r, size_t i)
{
    if (i < OVER)
        return (double)NAN;
    for (size_t k = i - OVER + 1; k <= i; k++)
        if (r->beat[k].after_break)
            return (double)NAN;
    return 60 * OVER / seconds(r->beat[i].time_ns - r->beat[i - OVER].time_ns);
}

static int fill_bins(struct overview *o, struct kymo_err *e)
{
    struct chart_overview *const c = &o->chart;

    c->bin_s = SHORTEST_BIN_S * ceil(fmax(1, (c->to_s - c->from_s) / MOST_BINS / SHORTEST_BIN_S));
    c->n_bins = (size_t)ceil((c->to_s - c->from_s) / c->bin_s);
    size_t *const count = calloc(c->n_bins + 1, sizeof *count);
    o->bin = calloc(c->n_bins + 1, sizeof *o->bin);
    if (!o->bin || !count) {
        free(count);
        return out_of_memory(e);
    }
    for (size_t i = 0; i < c->n_bins; i++)
        o->bin[i] = (struct overview_bin){0, (double)NAN, (double)NAN};
    for (size_t i = 0; i < o->r->n; i++) {
        const double rate = rate_at(o->r, i), place = (seconds(o->r->beat[i].time_ns) - c->from_s) / c->bin_s;
        if (isnan(rate) || !(place >= 0 && place < (double)c->n_bins))
            continue;
        struct overview_bin *const b = &o->bin[(size_t)place];
        b->mean += rate;
        b->least = fmin(b->least, rate);
        b->greatest = fmax(b->greatest, rate);
        count[(size_t)place]++;
    }
    for (size_t i = 0; i < c->n_bins; i++)
        o->bin[i].mean = count[i] ? o->bin[i].mean / (double)count[i] : (double)NAN;
    c->bin = o->bin;
    free(count);
    return 0;
}

/* ---- lanes ---- */

static int add_mark(struct overview *o, int lane, int64_t from_ns, int64_t to_ns, struct kymo_err *e)
{
    const size_t n = o->lane[lane].n;

    if ((n & (n - 1)) == 0) {   /* room is for a power of 2 */
        struct chart_mark *const all = realloc(o->mark[lane], (n ? 2 * n : 1) * sizeof *all);
        if (!all)
            return out_of_memory(e);
        o->mark[lane] = all;
    }
    o->mark[lane][n] = (struct chart_mark){seconds(from_ns), seconds(to_ns - from_ns), "", ""};
    o->lane[lane].n++;
    return 0;
}

static int add_spans(struct overview *o, int lane, const struct rhythm_span *span, size_t n, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add_mark(o, lane, span[i].from_ns, span[i].to_ns, e);
    return rc;
}

static int fill_lanes(struct overview *o, struct kymo_err *e)
{
    const struct rhythm_record *const r = o->r;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->n; i++)
        if (r->beat[i].type == RHYTHM_V || r->beat[i].type == RHYTHM_S)
            rc = add_mark(o, r->beat[i].type == RHYTHM_V ? OVERVIEW_V : OVERVIEW_S, r->beat[i].time_ns, r->beat[i].time_ns, e);
    for (size_t i = 0; rc == 0 && i < r->list.n; i++) {
        const struct rhythm_episode *const p = &r->list.episode[i];
        rc = add_mark(o, OVERVIEW_EPISODES + (int)p->kind, p->from_ns, p->to_ns, e);
    }
    if (rc == 0 && (rc = add_spans(o, OVERVIEW_NOISE, r->noise, r->n_noise, e)) == 0)
        rc = add_spans(o, OVERVIEW_GAP, r->gap, r->n_gaps, e);
    return rc;
}

/* Those that have something, moved to the front, with their names. */
static void close_lanes(struct overview *o)
{
    for (int i = 0; i < OVERVIEW_LANES; i++)
        if (o->lane[i].n > 0)
            o->lane[o->chart.n_lanes++] = (struct overview_lane){
                i == OVERVIEW_V ? "ventricular beats" : i == OVERVIEW_S ? "supraventr. beats" : i == OVERVIEW_NOISE ? "noise"
                : i == OVERVIEW_GAP ? "gap" : rhythm_word((enum rhythm_kind)(i - OVERVIEW_EPISODES))->name,
                o->mark[i], o->lane[i].n,
            };
    o->chart.lane = o->lane;
}

/* ---- all of it ---- */

int overview_make(struct overview *o, const struct rhythm_record *r, struct kymo_err *e)
{
    int rc;

    o->r = r;
    o->chart.from_s = seconds(r->from_ns);
    o->chart.to_s = fmax(seconds(r->end_ns), o->chart.from_s + 1);
    if ((rc = fill_bins(o, e)) == 0 && (rc = fill_lanes(o, e)) == 0)
        close_lanes(o);
    return rc;
}

void overview_release(struct overview *o)
{
    for (int i = 0; i < OVERVIEW_LANES; i++)
        free(o->mark[i]);
    free(o->bin);
}
