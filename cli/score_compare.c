/* cli/score_compare.c - one record of kymo score compared: the marks of both series as the rules want them, and what was missed
 * or is extra; see score.h. */
#include "cli/score.h"

#include "lib/events.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A missed or an extra thing as an event of the record: its type, then who has it. */
static int put_error(struct score_run *s, const struct score_record *r, const struct score_event *ev, int64_t duration,
                     const char *error, struct kymo_err *e)
{
    struct kymo_event out = {.time_ns = kymo_time_of(r->rate, ev->time), .signal = -1, .value = (double)NAN, .text = ev->text,
                             .sample = r->rate.num == KYMO_NS_PER_S ? KYMO_UNKNOWN : ev->time};

    memcpy(out.type, ev->type, sizeof out.type);
    out.duration_ns = duration > 0 ? kymo_time_of(r->rate, duration) : 0;
    kymo_event_cells(s->table, &s->no_signals, &out);
    kymo_cell_text(s->table, error);
    kymo_cell_text(s->table, r->path);
    return kymo_row_end(s->table, e);
}

/* ---- beats ---- */

static int put_beat_errors(struct score_run *s, const struct score_record *r, const struct beatmatch *m, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < m->n_pairs; i++) {
        const struct beatmatch_pair *p = &m->pair[i];
        if (p->test < 0 && p->ref_kind < BEATMATCH_O)
            rc = put_error(s, r, &r->ref.event[p->ref], 0, "missed", e);
        else if (p->ref < 0 && p->test_kind < BEATMATCH_O && p->ref_kind != BEATMATCH_VF_ON)
            rc = put_error(s, r, &r->test.event[p->test], 0, "extra", e);
    }
    return rc;
}

/* The type by which a beat is classed. */
static const char *class_type(const struct score_event *ev, bool escapes_are_n)
{
    return escapes_are_n && (strcmp(ev->type, "e") == 0 || strcmp(ev->type, "j") == 0) ? "N" : ev->type;
}

static struct beatmatch_mark *beat_marks(const struct score_series *s, bool escapes_are_n)
{
    struct beatmatch_mark *all = calloc(s->n + 1, sizeof *all);

    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        all[i].time = ev->time;
        all[i].kind = beatmatch_kind_of(class_type(ev, escapes_are_n), ev->subtype);
    }
    return all;
}

static int compare_beats(struct score_run *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    struct beatmatch_mark *ref = beat_marks(&r->ref, s->args->escapes), *test = beat_marks(&r->test, s->args->escapes);
    const struct beatmatch_options o = {.window = r->window, .start = r->start, .end = r->end, .ignore = r->ignore,
                                        .n_ignore = r->n_ignore};
    const double ms = 1000 / out->rate_hz;
    struct beatmatch m = {.pair = NULL};
    int rc = ref && test ? 0 : score_no_memory(e);

    if (rc == 0)
        rc = beatmatch_compare(&(struct beatmatch_series){ref, r->ref.n}, &(struct beatmatch_series){test, r->test.n}, &o, &m,
                               e);
    if (rc == 0) {
        out->beats.table = m.table;
        out->beats.rr_square_sum = m.rr_square_sum * ms * ms;
        out->beats.n_rr = m.n_rr;
        out->beats.shutdown_s = (double)m.test_shutdown / out->rate_hz;
        if (m.test_shutdown_open)
            out->note = "shutdown without an end";
        else if (beatmatch_qrs_sensitivity(&m.table).whole == 0)
            out->note = "no reference beats in the period";
        if (s->args->errors)
            rc = put_beat_errors(s, r, &m, e);
        beatmatch_release(&m);
    }
    free(ref);
    free(test);
    return rc;
}

/* ---- runs ---- */

static struct runmatch_mark *run_marks(const struct score_series *s, bool escapes_are_n)
{
    struct runmatch_mark *all = calloc(s->n + 1, sizeof *all);

    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        all[i].time = ev->time;
        all[i].kind = runmatch_kind_of(class_type(ev, escapes_are_n), ev->subtype, ev->text);
    }
    return all;
}

static int compare_runs(struct score_run *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    struct runmatch_mark *ref = run_marks(&r->ref, s->args->escapes), *test = run_marks(&r->test, s->args->escapes);
    const struct runmatch_options o = {.window = r->window, .start = r->start, .end = r->end};
    int rc = ref && test ? 0 : score_no_memory(e);

    for (enum runmatch_type t = 0; rc == 0 && t < RUNMATCH_TYPES; t++) {
        out[t].group = t == RUNMATCH_VENTRICULAR ? "V" : "S";
        rc = runmatch_compare(&(struct runmatch_series){ref, r->ref.n}, &(struct runmatch_series){test, r->test.n}, t, &o,
                              &out[t].runs, e);
    }
    free(ref);
    free(test);
    return rc;
}

/* ---- episodes ---- */

/* The episodes of a that nothing in b meets. */
static int put_episode_errors(struct score_run *s, const struct score_record *r, const char *name,
                              const struct episode_series *a, const struct episode_series *b, const char *error,
                              struct kymo_err *e)
{
    const char *rhythm = score_rhythm(r, name);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < a->n; i++) {
        struct episode ep = a->episode[i];
        if (ep.off < r->start || (r->end > 0 && ep.on >= r->end))
            continue;
        ep.on = ep.on < r->start ? r->start : ep.on;
        ep.off = r->end > 0 && ep.off > r->end ? r->end : ep.off;
        if (episode_overlap(b, ep) > 0)
            continue;
        struct score_event ev = {.time = ep.on, .text = rhythm ? rhythm : ""};
        snprintf(ev.type, sizeof ev.type, "%s", rhythm ? "+" : name);
        rc = put_error(s, r, &ev, ep.off - ep.on, error, e);
    }
    return rc;
}

static int compare_episodes(struct score_run *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    static const char *const usual[] = {"AF", "VF"};
    const char *const *names = s->args->episodes.n ? s->args->episodes.text : usual;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < s->n_groups; i++) {
        struct episode *ref = NULL, *test = NULL;
        size_t n_ref = 0, n_test = 0;
        out[i].group = names[i];
        rc = score_episodes(&r->ref, names[i], r->end, &ref, &n_ref, e);
        if (rc == 0)
            rc = score_episodes(&r->test, names[i], r->end, &test, &n_test, e);
        const struct episode_series a = {ref, n_ref}, b = {test, n_test};
        if (rc == 0)
            rc = episodematch_compare(&a, &b, r->start, r->end, &out[i].episodes, e);
        if (rc == 0 && s->args->errors)
            rc = put_episode_errors(s, r, names[i], &a, &b, "missed", e);
        if (rc == 0 && s->args->errors)
            rc = put_episode_errors(s, r, names[i], &b, &a, "extra", e);
        free(ref);
        free(test);
    }
    return rc;
}

/* ---- measurements ---- */

/* The value of an event, or the number at the beginning of its text, as WFDB programs keep it. */
static struct measure *measures(const struct score_args *args, const struct score_series *s, size_t *n)
{
    struct measure *all = calloc(s->n + 1, sizeof *all);

    *n = 0;
    for (size_t i = 0; all && i < s->n; i++) {
        const struct score_event *ev = &s->event[i];
        double value = ev->value;
        if (strcmp(ev->type, args->measure) != 0 || ev->subtype != args->number)
            continue;
        if (!isfinite(value) && !kymo_parse_real(ev->text, strcspn(ev->text, " \t"), &value))
            continue;
        all[(*n)++] = (struct measure){ev->time, value};
    }
    return all;
}

static int compare_measures(struct score_run *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    size_t n_ref, n_test;
    struct measure *ref = measures(s->args, &r->ref, &n_ref), *test = measures(s->args, &r->test, &n_test);
    int rc = ref && test ? 0 : score_no_memory(e);

    if (rc == 0)
        rc = measurematch_compare(&(struct measure_series){ref, n_ref}, &(struct measure_series){test, n_test}, r->start,
                                  r->end, &out->measures, e);
    out->note = n_ref == 0 ? "no reference measurements" : out->measures.n == 0 ? "no test measurements in the period" : NULL;
    free(ref);
    free(test);
    return rc;
}

/* ---- any of them ---- */

static int compare(struct score_run *s, const struct score_record *r, struct score_result *out, struct kymo_err *e)
{
    static int (*const how[])(struct score_run *, const struct score_record *, struct score_result *, struct kymo_err *) = {
        [SCORE_BEATS] = compare_beats, [SCORE_RUNS] = compare_runs, [SCORE_EPISODES] = compare_episodes,
        [SCORE_MEASURES] = compare_measures,
    };

    for (size_t i = 0; i < s->n_groups; i++)
        out[i] = (struct score_result){.record = r->path, .rate_hz = kymo_ratio_real(r->rate)};
    const int rc = how[s->what](s, r, out, e);
    return rc < 0 ? kymo_during(e, "cannot compare %s", r->path) : rc;
}

int score_compare(struct score_run *s, const char *path, struct kymo_err *e)
{
    struct score_record r;
    int rc = score_read(s->call, s->call->operand[0], path, &r, e);

    if (rc == 0)
        rc = compare(s, &r, &s->result[s->n], e);
    if (rc == 0)
        s->n += s->n_groups;
    score_release(&r);
    return rc;
}
