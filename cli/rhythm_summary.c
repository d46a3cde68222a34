/* cli/rhythm_summary.c - kymo rhythm: the tables of a Holter report, of the whole recording and of each hour. */
#include "cli/rhythm.h"

#include <math.h>
#include <stdlib.h>

#define HOUR_NS (3600 * KYMO_NS_PER_S)

static const struct kymo_column summary_columns[] = {
    {"item", 0}, {"count", 0}, {"duration_s", 3}, {"pct", 3}, {"per_h", 3}, {"mean_per_min", 1}, {"longest_s", 3},
    {"longest_at_s", 3}, {"fastest_per_min", 1}, {"fastest_at_s", 3}, {"slowest_per_min", 1}, {"slowest_at_s", 3},
};

static const struct kymo_column hour_columns[] = {
    {"from_s", 3}, {"analysable_s", 3}, {"beats", 0}, {"mean_per_min", 1}, {"fastest_per_min", 1}, {"slowest_per_min", 1},
    {"v", 0}, {"v_couplets", 0}, {"v_runs", 0}, {"s", 0}, {"s_couplets", 0}, {"s_runs", 0}, {"pauses", 0}, {"dropped", 0},
    {"af_pct", 3},
};

int rhythm_counting_start(const struct rhythm_record *r, struct rhythm_counting *c, struct kymo_err *e)
{
    *c = (struct rhythm_counting){.r = r, .in = {.beat = r->beat, .n = r->n, .noise = r->noise, .n_noise = r->n_noise}};
    c->lost = malloc((r->n_noise + r->n_gaps + 1) * sizeof *c->lost);
    if (!c->lost)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu stretches", r->n_noise + r->n_gaps);
    c->n_lost = rhythm_join(r->noise, r->n_noise, r->gap, r->n_gaps, c->lost);
    return 0;
}

void rhythm_counting_of(const struct rhythm_counting *c, int64_t from_ns, int64_t to_ns, struct rhythm_count *out)
{
    rhythm_count(&c->in, &c->r->list, c->lost, c->n_lost, from_ns, to_ns, out);
}

void rhythm_counting_release(struct rhythm_counting *c) { free(c->lost); }

static double ratio(double a, double b) { return b > 0 ? a / b : (double)NAN; }

/* ---- summary ---- */

static void put_extreme(struct kymo_table *t, const struct rhythm_extreme *x)
{
    kymo_cell_real(t, x->value);
    kymo_cell_real(t, isnan(x->value) ? (double)NAN : (double)x->at_ns / 1e9);
}

/* A row that has only a count, time and quotients; NaN: none. */
static int put_short(struct kymo_table *t, const char *item, double n, double duration_s, double pct, double per_h,
                     struct kymo_err *e)
{
    kymo_cell_text(t, item);
    kymo_cell_real(t, n);
    kymo_cell_real(t, duration_s);
    kymo_cell_real(t, pct);
    kymo_cell_real(t, per_h);
    for (int k = 0; k < 7; k++)
        kymo_cell_none(t);
    return kymo_row_end(t, e);
}

static double sum_s(const struct rhythm_span *span, size_t n)
{
    double s = 0;

    for (size_t i = 0; i < n; i++)
        s += (double)(span[i].to_ns - span[i].from_ns) / 1e9;
    return s;
}

static int put_stretches(const struct rhythm_record *r, const struct rhythm_count *n, struct kymo_table *t, struct kymo_err *e)
{
    const double all_s = (double)(r->end_ns - r->from_ns) / 1e9;
    const double gap_s = sum_s(r->gap, r->n_gaps), noise_s = sum_s(r->noise, r->n_noise);
    int rc;

    if ((rc = put_short(t, "recording", (double)NAN, all_s, (double)NAN, (double)NAN, e)) < 0 ||
        (rc = put_short(t, "gap", (double)r->n_gaps, gap_s, ratio(100 * gap_s, all_s), (double)NAN, e)) < 0 ||
        (rc = put_short(t, "noise", (double)r->n_noise, noise_s, ratio(100 * noise_s, all_s), (double)NAN, e)) < 0)
        return rc;
    return put_short(t, "analysable", (double)NAN, n->analysable_s, ratio(100 * n->analysable_s, all_s), (double)NAN, e);
}

static int put_beats(const struct rhythm_count *n, struct kymo_table *t, struct kymo_err *e)
{
    static const struct {
        const char *item;
        size_t type;
    } types[] = {
        {"ventricular beats", RHYTHM_V}, {"supraventricular beats", RHYTHM_S}, {"paced beats", RHYTHM_PACED},
        {"unclassified beats", RHYTHM_UNSURE},
    };
    const double hours = n->analysable_s / 3600;
    int rc;

    kymo_cell_text(t, "beats");
    kymo_cell_int(t, (int64_t)n->n_beats);
    kymo_cell_none(t);
    kymo_cell_none(t);
    kymo_cell_real(t, ratio((double)n->n_beats, hours));
    kymo_cell_real(t, n->mean_per_min);
    kymo_cell_none(t);
    kymo_cell_none(t);
    put_extreme(t, &n->fastest);
    put_extreme(t, &n->slowest);
    rc = kymo_row_end(t, e);
    for (size_t k = 0; rc == 0 && k < sizeof types / sizeof *types; k++) {
        const double m = (double)n->n_type[types[k].type];
        rc = put_short(t, types[k].item, m, (double)NAN, ratio(100 * m, (double)n->n_beats), ratio(m, hours), e);
    }
    return rc;
}

static int put_kind(const struct rhythm_count *n, enum rhythm_kind kind, struct kymo_table *t, struct kymo_err *e)
{
    const struct rhythm_kind_count *const c = &n->kind[kind];

    kymo_cell_text(t, rhythm_word(kind)->name);
    kymo_cell_int(t, (int64_t)c->n);
    kymo_cell_real(t, c->duration_s);
    kymo_cell_real(t, ratio(100 * c->duration_s, n->analysable_s));
    kymo_cell_real(t, ratio((double)c->n, n->analysable_s / 3600));
    kymo_cell_none(t);
    put_extreme(t, &c->longest);
    put_extreme(t, &c->fastest);
    put_extreme(t, &c->slowest);
    return kymo_row_end(t, e);
}

static int fill_summary(const struct rhythm_counting *c, struct kymo_table *t, struct kymo_err *e)
{
    struct rhythm_count n;
    int rc;

    /* + 1: the last beat of annotations without signals is at the end */
    rhythm_counting_of(c, c->r->from_ns, c->r->end_ns + 1, &n);
    if ((rc = put_stretches(c->r, &n, t, e)) == 0)
        rc = put_beats(&n, t, e);
    for (size_t k = 0; rc == 0 && k < RHYTHM_KINDS; k++)
        rc = put_kind(&n, (enum rhythm_kind)k, t, e);
    return rc;
}

/* ---- hours ---- */

static int put_hour(const struct rhythm_count *n, int64_t from_ns, struct kymo_table *t, struct kymo_err *e)
{
    const struct rhythm_kind_count *const k = n->kind;

    kymo_cell_seconds(t, from_ns);
    kymo_cell_real(t, n->analysable_s);
    kymo_cell_int(t, (int64_t)n->n_beats);
    kymo_cell_real(t, n->mean_per_min);
    kymo_cell_real(t, n->fastest.value);
    kymo_cell_real(t, n->slowest.value);
    kymo_cell_int(t, (int64_t)n->n_type[RHYTHM_V]);
    kymo_cell_int(t, (int64_t)k[RHYTHM_V_COUPLET].n);
    kymo_cell_int(t, (int64_t)(k[RHYTHM_VT].n + k[RHYTHM_IVR].n));
    kymo_cell_int(t, (int64_t)n->n_type[RHYTHM_S]);
    kymo_cell_int(t, (int64_t)k[RHYTHM_S_COUPLET].n);
    kymo_cell_int(t, (int64_t)k[RHYTHM_SVT].n);
    kymo_cell_int(t, (int64_t)(k[RHYTHM_PAUSE].n + k[RHYTHM_ASYSTOLE].n));
    kymo_cell_int(t, (int64_t)k[RHYTHM_DROPPED].n);
    kymo_cell_real(t, ratio(100 * (k[RHYTHM_AF].duration_s + k[RHYTHM_FLUTTER].duration_s), n->analysable_s));
    return kymo_row_end(t, e);
}

static int fill_hours(const struct rhythm_counting *c, struct kymo_table *t, struct kymo_err *e)
{
    const int64_t end_ns = c->r->end_ns + 1;
    struct rhythm_count n;
    int rc = 0;

    for (int64_t from_ns = c->r->from_ns; rc == 0 && from_ns < end_ns; from_ns += HOUR_NS) {
        const bool is_last = end_ns - from_ns <= HOUR_NS;
        rhythm_counting_of(c, from_ns, is_last ? end_ns : from_ns + HOUR_NS, &n);
        rc = put_hour(&n, from_ns, t, e);
        if (is_last)
            break;
    }
    return rc;
}

static int put(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, bool hours,
               struct kymo_err *e)
{
    struct rhythm_counting c;
    int rc = rhythm_counting_start(r, &c, e);
    struct kymo_table *const t =
        rc < 0 ? NULL
        : hours ? kymo_table_create(out, form, hour_columns, sizeof hour_columns / sizeof *hour_columns, e)
                : kymo_table_create(out, form, summary_columns, sizeof summary_columns / sizeof *summary_columns, e);

    rc = !t ? e->cause[0].code : hours ? fill_hours(&c, t, e) : fill_summary(&c, t, e);
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    kymo_table_destroy(t);
    rhythm_counting_release(&c);
    return rc;
}

int rhythm_put_summary(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e)
{
    return put(r, out, form, false, e);
}

int rhythm_put_hours(const struct rhythm_record *r, struct kymo_output *out, enum kymo_table_form form, struct kymo_err *e)
{
    return put(r, out, form, true, e);
}
