/* cli/hrv.c - kymo hrv: heart-rate variability of the beats of a recording, time domain.
 *
 * The measures and their sources are in algorithms/hrv_time.h, the user's view in man/kymo-hrv.1. */
#include "algorithms/hrv_time.h"
#include "lib/command.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in), KYMO_OPTS_TABLE(struct args, out),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    {"record", 0}, {"n_beats", 0}, {"n_nn", 0}, {"pct_excluded", 3}, {"mean_nn_ms", 6}, {"mean_hr_per_min", 6},
    {"sdnn_ms", 6}, {"rmssd_ms", 6}, {"sdsd_ms", 6}, {"nn50", 0}, {"pnn50_pct", 6}, {"nn20", 0}, {"pnn20_pct", 6},
    {"min_nn_ms", 6}, {"max_nn_ms", 6}, {"median_nn_ms", 6}, {"note", 0},
};

/* NN intervals as they come out of a series of events. */
struct intervals {
    double *nn_ms;
    unsigned char *follows;          /* interval i begins with the beat that ends interval i-1 */
    size_t n, cap, n_beats;
    size_t n_intervals;              /* between beats that follow each other, normal or not */
    int64_t last_ns;                 /* the beat before; */
    bool has_last, last_is_normal;   /* false where a gap lies behind it */
    bool joined;                     /* the last interval ended with the beat before */
    int64_t *gap_ns;                 /* where segments begin, in order of time: no interval spans one */
    size_t n_gaps;
};

static int reserve_interval(struct intervals *v, struct kymo_err *e)
{
    const size_t cap = v->cap ? 2 * v->cap : 4096;

    if (v->n < v->cap)
        return 0;
    double *nn = realloc(v->nn_ms, cap * sizeof *nn);
    if (!nn)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", cap);
    v->nn_ms = nn;
    unsigned char *follows = realloc(v->follows, cap);
    if (!follows)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu intervals", cap);
    v->follows = follows;
    v->cap = cap;
    return 0;
}

static int add_interval(struct intervals *v, double nn_ms, struct kymo_err *e)
{
    const int rc = reserve_interval(v, e);

    if (rc == 0) {
        v->nn_ms[v->n] = nn_ms;
        v->follows[v->n++] = v->joined;
    }
    return rc;
}

/* What no interval may span: a gap, and ventricular fibrillation, where there are no beats. */
static bool is_break(const char *type)
{
    return strcmp(type, "gap") == 0 || strcmp(type, "[") == 0 || strcmp(type, "]") == 0 || strcmp(type, "!") == 0;
}

static int add_gap(struct intervals *v, int64_t ns, struct kymo_err *e)
{
    int64_t *all = realloc(v->gap_ns, (v->n_gaps + 1) * sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu gaps", v->n_gaps + 1);
    v->gap_ns = all;
    all[v->n_gaps++] = ns;
    return 0;
}

/* Whether a gap lies between the beat before and one at ns. Looks from the latest back: beats come about as late as gaps. */
static bool spans_gap(const struct intervals *v, int64_t ns)
{
    size_t i = v->n_gaps;

    while (i > 0 && v->gap_ns[i - 1] > ns)
        i--;
    return i > 0 && v->gap_ns[i - 1] > v->last_ns;
}

static int add_event(struct intervals *v, const struct kymo_event *ev, const char *path, struct kymo_err *e)
{
    const bool normal = kymo_is_normal_beat(ev->type);
    int rc = 0;

    if (is_break(ev->type))
        v->has_last = v->joined = false;
    if (!kymo_is_beat(ev->type))
        return 0;
    if (v->has_last && ev->time_ns <= v->last_ns)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "beat at %.9g s does not lie behind the one at %.9g s",
                            (double)ev->time_ns / 1e9, (double)v->last_ns / 1e9);
    if (v->has_last && spans_gap(v, ev->time_ns))
        v->has_last = v->joined = false;
    const bool nn = v->has_last && normal && v->last_is_normal;
    if (nn)
        rc = add_interval(v, (double)(ev->time_ns - v->last_ns) / 1e6, e);
    v->n_intervals += v->has_last;
    v->joined = nn;
    v->n_beats++;
    v->has_last = true;
    v->last_ns = ev->time_ns;
    v->last_is_normal = normal;
    return rc;
}

static int read_beats(struct kymo_reader *r, struct intervals *v, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(r, &b, e)) > 0) {
        if (b->new_segment && (rc = add_gap(v, b->segment_ns, e)) < 0)
            return rc;
        for (size_t i = 0; i < b->n_events; i++)
            if ((rc = add_event(v, &b->event[i], r->path, e)) < 0)
                return rc;
    }
    return rc;
}

static void put_measures(struct kymo_table *t, const char *record, const struct intervals *v, const struct hrv_time *m)
{
    const double excluded = v->n_intervals ? 100.0 * (double)(v->n_intervals - v->n) / (double)v->n_intervals : (double)NAN;

    kymo_cell_text(t, record);
    kymo_cell_int(t, (int64_t)v->n_beats);
    kymo_cell_int(t, (int64_t)m->n_nn);
    kymo_cell_real(t, excluded);
    kymo_cell_real(t, m->mean_nn_ms);
    kymo_cell_real(t, m->mean_hr_per_min);
    kymo_cell_real(t, m->sdnn_ms);
    kymo_cell_real(t, m->rmssd_ms);
    kymo_cell_real(t, m->sdsd_ms);
    kymo_cell_real(t, m->nn50);
    kymo_cell_real(t, m->pnn50_pct);
    kymo_cell_real(t, m->nn20);
    kymo_cell_real(t, m->pnn20_pct);
    kymo_cell_real(t, m->min_nn_ms);
    kymo_cell_real(t, m->max_nn_ms);
    kymo_cell_real(t, m->median_nn_ms);
    kymo_cell_text(t, v->n_beats == 0 ? "no beats"
                      : m->n_nn == 0 ? "no NN interval"
                      : m->n_differences == 0 ? "no two NN intervals in a row" : NULL);
}

static int print_measures(const struct args *args, const char *record, const struct intervals *v, struct kymo_err *e)
{
    struct hrv_time measures;
    const struct nn_series nn = {.nn_ms = v->nn_ms, .follows = v->follows, .n = v->n};
    int rc = hrv_time(&nn, 50, &measures, e);
    struct kymo_output *out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;
    struct kymo_table *t = out ? kymo_table_create(out, (enum kymo_table_form)args->out.form, columns,
                                                   sizeof columns / sizeof *columns, e) : NULL;

    rc = t ? 0 : e->cause[0].code;
    if (t) {
        put_measures(t, record, v, &measures);
        rc = kymo_row_end(t, e);
    }
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_table_destroy(t);
    kymo_output_destroy(out);
    return rc;
}

/* Of several tracks the user says which; of none there are no beats. */
static int check_tracks(const struct kymo_reader *r, const char *path, const char *annotator, struct kymo_err *e)
{
    if (r->hdr.n_tracks == 0)
        return kymo_fail_at(e, KYMO_EDATA, path, -1, "no beats: name their track with -a, or find them with kymo qrs");
    if (r->hdr.n_tracks > 1 && !annotator)
        return kymo_fail_at(e, KYMO_EUSAGE, path, -1, "%zu event tracks, %s and others: choose with -a", r->hdr.n_tracks,
                            r->hdr.track[0]);
    return 0;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *args = call->args;
    const char *path = kymo_operand(call);
    struct intervals v = {.n = 0};
    struct kymo_reader *r = kymo_call_open(call, &args->in, true, e);
    int rc = r ? check_tracks(r, path, args->in.annotator, e) : e->cause[0].code;

    if (rc == 0)
        rc = read_beats(r, &v, e);
    if (rc == 0)
        rc = print_measures(args, strcmp(path, "-") == 0 ? "stdin" : path, &v, e);
    free(v.nn_ms);
    free(v.follows);
    free(v.gap_ns);
    kymo_close(r);
    return rc;
}

const struct kymo_command kymo_cmd_hrv = {
    .name = "hrv", .about = "heart-rate variability of a series of beats", .operands = "[BEATS]", .most = 1,
    .options = options, .args_size = sizeof(struct args), .run = run,
};
