/* cli/rhythm.c - kymo rhythm: the episodes of a recording, from its beats.
 *
 * The rules are in algorithms/rhythm.h, af.h and fibrillation.h, where beats come from in cli/heart.h, the user's view in
 * man/kymo-rhythm.1. */
#include "cli/rhythm.h"

#include "algorithms/rhythm_changes.h"
#include "lib/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct kymo_opt options[] = {
    HEART_OPTS(struct rhythm_args, heart), KYMO_OPTS_AS(struct rhythm_args, heart.in),
    KYMO_OPT_FLAG('\0', "summary", struct rhythm_args, summary, "print counts, totals and extremes instead"),
    KYMO_OPT_FLAG('\0', "hourly", struct rhythm_args, hourly, "print a row for each hour instead"),
    KYMO_OPT_FLAG('\0', "changes", struct rhythm_args, changes, "print rhythm changes, as WFDB annotations have them, instead"),
    KYMO_OPT_NUMBER('\0', "af", struct rhythm_args, af_s, "SECONDS", "0", "shortest atrial fibrillation or flutter"),
    KYMO_OPT_NUMBER('\0', "vt", struct rhythm_args, vt_per_min, "RATE", "100",
                    "3 ventricular beats in a row are tachycardia above this rate per minute"),
    KYMO_OPT_NUMBER('\0', "svt", struct rhythm_args, svt_per_min, "RATE", "100", "the same of supraventricular beats"),
    KYMO_OPT_NUMBER('\0', "brady", struct rhythm_args, brady_per_min, "RATE", "50", "bradycardia is below this rate"),
    KYMO_OPT_COUNT('\0', "brady-beats", struct rhythm_args, brady_beats, "N", "5", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "tachy", struct rhythm_args, tachy_per_min, "RATE", "100", "tachycardia is above this rate"),
    KYMO_OPT_COUNT('\0', "tachy-beats", struct rhythm_args, tachy_beats, "N", "17", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "pause", struct rhythm_args, pause_s, "SECONDS", "3", "shortest pause"),
    KYMO_OPT_NUMBER('\0', "asystole", struct rhythm_args, asystole_s, "SECONDS", "4", "shortest asystole"),
    KYMO_OPTS_EVENTS(struct rhythm_args, out, "form of the table; kymo makes a recording of events only"),
    KYMO_OPT_LAST
};

static const struct kymo_column columns[] = {
    KYMO_EVENT_COLUMNS, {"rate_per_min", 1}, {"beats", 0}, {"confidence", 3},
};

const struct rhythm_word *rhythm_word(enum rhythm_kind kind)
{
    static const struct rhythm_word words[] = {
        [RHYTHM_AF] = {"+", "(AFIB", "atrial fibrillation"},
        [RHYTHM_FLUTTER] = {"+", "(AFL", "atrial flutter"},
        [RHYTHM_VF] = {"[", "(VFL", "ventricular fibrillation or flutter"},
        [RHYTHM_VT] = {"+", "(VT", "ventricular tachycardia"},
        [RHYTHM_IVR] = {"+", "(IVR", "idioventricular rhythm"},
        [RHYTHM_V_COUPLET] = {"couplet", "ventricular", "ventricular couplet"},
        [RHYTHM_BIGEMINY] = {"+", "(B", "ventricular bigeminy"},
        [RHYTHM_TRIGEMINY] = {"+", "(T", "ventricular trigeminy"},
        [RHYTHM_SVT] = {"+", "(SVTA", "supraventricular tachycardia"},
        [RHYTHM_S_COUPLET] = {"couplet", "supraventricular", "supraventricular couplet"},
        [RHYTHM_S_BIGEMINY] = {"+", "(AB", "atrial bigeminy"},
        [RHYTHM_PACED_RHYTHM] = {"+", "(P", "paced rhythm"},
        [RHYTHM_BRADYCARDIA] = {"+", "(SBR", "bradycardia"},
        [RHYTHM_TACHYCARDIA] = {"tachycardia", "", "tachycardia"},
        [RHYTHM_PAUSE] = {"pause", "", "pause"},
        [RHYTHM_ASYSTOLE] = {"asystole", "", "asystole"},
        [RHYTHM_DROPPED] = {"dropped", "suspected block", "dropped beat"},
    };

    return &words[kind];
}

/* ---- events ---- */

/* A stretch that is in no list of episodes: gap, noise. */
struct stretch {
    const struct rhythm_span *span;
    size_t n, at;
    const char *type;
};

static int put_event(const struct rhythm_record *r, struct kymo_table *t, struct kymo_writer *w, const struct kymo_event *ev,
                     const struct rhythm_episode *p, struct kymo_err *e)
{
    if (w) {
        struct kymo_event alone = *ev;
        alone.signal = -1;       /* the recording has no signals */
        return kymo_write_event(w, &alone, e);
    }
    kymo_event_cells(t, &r->heart.hdr, ev);
    kymo_cell_real(t, p ? p->rate_per_min : (double)NAN);
    if (p && p->n_beats > 0)
        kymo_cell_int(t, (int64_t)p->n_beats);
    else
        kymo_cell_none(t);
    kymo_cell_real(t, p ? p->confidence : (double)NAN);
    return kymo_row_end(t, e);
}

/* Gaps and noise that begin before ns. */
static int put_stretches(const struct rhythm_record *r, struct stretch s[2], int64_t ns, struct kymo_table *t,
                         struct kymo_writer *w, struct kymo_err *e)
{
    int rc = 0;

    while (rc == 0) {
        struct stretch *next = NULL;
        for (int k = 0; k < 2; k++)
            if (s[k].at < s[k].n && s[k].span[s[k].at].from_ns <= ns &&
                (!next || s[k].span[s[k].at].from_ns < next->span[next->at].from_ns))
                next = &s[k];
        if (!next)
            break;
        const struct rhythm_span *const span = &next->span[next->at++];
        struct kymo_event ev = {
            .time_ns = span->from_ns, .duration_ns = span->to_ns - span->from_ns, .sample = KYMO_UNKNOWN, .signal = -1,
            .value = (double)NAN, .text = "",
        };
        memcpy(ev.type, next->type, strlen(next->type) + 1);
        rc = put_event(r, t, w, &ev, NULL, e);
    }
    return rc;
}

static struct kymo_event event_of(const struct rhythm_record *r, const struct rhythm_episode *p)
{
    const struct rhythm_word *const word = rhythm_word(p->kind);
    struct kymo_event ev = {
        .time_ns = p->from_ns, .duration_ns = p->to_ns - p->from_ns, .sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN,
        .text = word->text,
    };

    memcpy(ev.type, word->type, strlen(word->type) + 1);
    if (p->kind != RHYTHM_VF && r->heart.beat[r->of_heart[p->first]].sample != KYMO_UNKNOWN) {
        ev.sample = r->heart.beat[r->of_heart[p->first]].sample;
        ev.signal = r->heart.beat[r->of_heart[p->first]].signal;
    }
    return ev;
}

static int put_changes(const struct rhythm_record *r, struct kymo_table *t, struct kymo_writer *w, struct kymo_err *e)
{
    struct rhythm_change *change = NULL;
    size_t n;
    int rc = rhythm_changes(&r->list, r->from_ns, &change, &n, e);

    for (size_t i = 0; rc == 0 && i < n; i++) {
        const struct kymo_event ev = {
            .time_ns = change[i].time_ns, .sample = KYMO_UNKNOWN, .signal = -1, .type = "+", .value = (double)NAN,
            .text = change[i].kind == RHYTHM_KINDS ? "(N" : rhythm_word(change[i].kind)->text,
        };
        rc = put_event(r, t, w, &ev, NULL, e);
    }
    free(change);
    return rc;
}

static int put_episodes(const struct rhythm_record *r, struct kymo_table *t, struct kymo_writer *w, struct kymo_err *e)
{
    struct stretch stretches[2] = {{r->gap, r->n_gaps, 0, "gap"}, {r->noise, r->n_noise, 0, "noise"}};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->list.n; i++) {
        const struct kymo_event ev = event_of(r, &r->list.episode[i]);
        rc = put_stretches(r, stretches, ev.time_ns, t, w, e);
        if (rc == 0)
            rc = put_event(r, t, w, &ev, &r->list.episode[i], e);
    }
    return rc < 0 ? rc : put_stretches(r, stretches, INT64_MAX, t, w, e);
}

static int put_events(const struct rhythm_args *args, const struct rhythm_record *r, struct kymo_table *t,
                      struct kymo_writer *w, struct kymo_err *e)
{
    return args->changes ? put_changes(r, t, w, e) : put_episodes(r, t, w, e);
}

static int put_table(const struct rhythm_args *args, const struct rhythm_record *r, struct kymo_output *out, struct kymo_err *e)
{
    const enum kymo_table_form form = (enum kymo_table_form)args->out.form;

    if (args->summary)
        return rhythm_put_summary(r, out, form, e);
    if (args->hourly)
        return rhythm_put_hours(r, out, form, e);
    struct kymo_table *const t = kymo_table_create(out, form, columns, sizeof columns / sizeof *columns, e);
    int rc = t ? put_events(args, r, t, NULL, e) : KYMO_ENOMEM;
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    kymo_table_destroy(t);
    return rc;
}

static int put_stream(const struct kymo_call *call, const struct rhythm_record *r, struct kymo_output *out, struct kymo_err *e)
{
    struct kymo_writer *const w = kymo_call_track(call, out, &r->heart.hdr, "rhythm", e);
    int rc = w ? put_events(call->args, r, NULL, w, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_write_finish(w, e);
    kymo_writer_destroy(w);
    return rc;
}

static int check_args(const struct rhythm_args *args, struct kymo_err *e)
{
    const struct {
        const char *name;
        double value, least;
    } limits[] = {
        {"af", args->af_s, 0}, {"vt", args->vt_per_min, 1}, {"svt", args->svt_per_min, 1}, {"brady", args->brady_per_min, 0},
        {"tachy", args->tachy_per_min, 1}, {"pause", args->pause_s, 0.1}, {"asystole", args->asystole_s, 0.1},
        {"brady-beats", (double)args->brady_beats, 1}, {"tachy-beats", (double)args->tachy_beats, 1},
    };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (!(limits[i].value >= limits[i].least && limits[i].value <= 1e6))
            return kymo_fail(e, KYMO_EUSAGE, "--%s %g is not %g or more", limits[i].name, limits[i].value, limits[i].least);
    if (args->summary + args->hourly + args->changes > 1)
        return kymo_fail(e, KYMO_EUSAGE, "--summary, --hourly and --changes are different tables: ask for one");
    if ((args->summary || args->hourly) && args->out.form == KYMO_FORM_STREAM)
        return kymo_fail(e, KYMO_EUSAGE, "a table of --summary or --hourly is no recording: choose another -O");
    return 0;
}

int rhythm_usual_args(struct rhythm_args *args, struct kymo_err *e)
{
    char name[] = "rhythm", *argv[] = {name, NULL};
    struct kymo_shared shared = {.quiet = false};
    size_t n;

    return kymo_parse_options(&kymo_cmd_rhythm, 1, argv, &shared, args, &n, e);
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    const struct rhythm_args *const args = call->args;
    struct rhythm_record r = {.n = 0};
    int rc = check_args(args, e);

    if (rc == 0)
        rc = rhythm_read(call, args, &r, e);
    struct kymo_output *const out = rc == 0 ? kymo_output_open(args->out.path, e) : NULL;
    if (rc == 0)
        rc = !out ? e->cause[0].code
           : args->out.form == KYMO_FORM_STREAM ? put_stream(call, &r, out, e) : put_table(args, &r, out, e);
    if (rc == 0)
        rc = kymo_output_finish(out, e);
    kymo_output_destroy(out);
    rhythm_record_release(&r);
    return rc;
}

const struct kymo_command kymo_cmd_rhythm = {
    .name = "rhythm", .about = "find the episodes of a recording: fibrillation, tachycardia, pauses ...",
    .operands = "[RECORD]", .most = 1, .options = options, .args_size = sizeof(struct rhythm_args), .run = run,
};
