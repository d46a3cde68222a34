/* cli/quality.c - kymo quality: which recordings, leads and minutes may be trusted.
 *
 * The measures are in algorithms/quality_*.h, how a recording is read in cli/review.h, the user's view in
 * man/kymo-quality.1. */
#include "cli/review.h"
#include "lib/events.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 1024

struct args {
    struct review_args review;
    bool windows, summary, events;
    struct kymo_output_args out;
};

static const struct kymo_opt options[] = {
    KYMO_OPTS_SIGNAL(struct args, review.in), KYMO_OPTS_RANGE(struct args, review.in),
    KYMO_OPTS_ANNOTATOR(struct args, review.in), KYMO_OPTS_SOURCE(struct args, review.in),
    KYMO_OPT_NUMBER('w', "window", struct args, review.window_s, "SECONDS", "10", "length of a window, 2..300"),
    KYMO_OPT_FLAG('\0', "windows", struct args, windows, "print a row for each window of each signal instead"),
    KYMO_OPT_FLAG('\0', "summary", struct args, summary, "print a row for each recording instead"),
    KYMO_OPT_FLAG('\0', "events", struct args, events, "print gaps, and stretches without a usable ECG, as events"),
    KYMO_OPT_FLAG('\0', "fast", struct args, review.fast, "find beats without the learnt stage of kymo qrs"),
    KYMO_OPTS_EVENTS(struct args, out, "form of the table; kymo makes a recording of events only: beats, noise, gaps"),
    KYMO_OPT_LAST
};

/* ---- columns ---- */

/* Numbers that windows and signals have alike. */
static const struct { enum review_number number; struct kymo_column column; } numbers[] = {
    {REVIEW_FLAT, {"flat_pct", 2}}, {REVIEW_CLIPPED, {"clipped_pct", 3}}, {REVIEW_RATE, {"rate_per_min", 1}},
    {REVIEW_AMPLITUDE, {"amplitude", 4}}, {REVIEW_SNR, {"snr_db", 1}}, {REVIEW_MUSCLE, {"muscle", 5}},
    {REVIEW_WANDER, {"wander", 4}}, {REVIEW_MAINS, {"mains", 5}}, {REVIEW_MAINS_HZ, {"mains_hz", 0}},
    {REVIEW_SPIKES, {"spikes", 2}}, {REVIEW_KSQI, {"ksqi", 2}}, {REVIEW_SSQI, {"ssqi", 2}}, {REVIEW_PSQI, {"psqi", 3}},
    {REVIEW_BASSQI, {"bassqi", 3}}, {REVIEW_BSQI, {"bsqi", 3}}, {REVIEW_TEMPLATE, {"template", 3}}, {REVIEW_UP, {"up", 2}},
    {REVIEW_WIDTH, {"width_s", 3}}, {REVIEW_JSQI, {"jsqi", 3}},
};

enum { NUMBERS = sizeof numbers / sizeof *numbers, MOST_COLUMNS = NUMBERS + 20 };

static const struct kymo_column window_columns[] = {
    {"record", 0}, {"time_s", 9}, {"duration_s", 9}, {"signal", 0}, {"kind", 0}, {"verdict", 0}, {"quality", 3},
    {"reasons", 0}, {"valid_pct", 2},
};

static const struct kymo_column signal_columns[] = {
    {"record", 0}, {"signal", 0}, {"kind", 0}, {"unit", 0}, {"verdict", 0}, {"quality", 3}, {"reasons", 0}, {"notes", 0},
    {"windows", 0}, {"good_pct", 1}, {"usable_pct", 1}, {"unusable_pct", 1}, {"valid_pct", 2},
};

static const struct kymo_column summary_columns[] = {
    {"record", 0}, {"verdict", 0}, {"quality", 3}, {"reasons", 0}, {"notes", 0}, {"start", 0}, {"duration_s", 9},
    {"signals", 0}, {"ecg_leads", 0}, {"best_lead", 0}, {"good_pct", 1}, {"usable_pct", 1}, {"unusable_pct", 1},
    {"valid_pct", 2}, {"gaps", 0}, {"gap_s", 3}, {"beats", 0}, {"rate_per_min", 1},
};

#define COUNT(columns) (sizeof columns / sizeof *columns)

static const struct kymo_column event_columns[] = {KYMO_EVENT_COLUMNS};

struct printing {
    const struct args *args;
    struct kymo_table *t;
    struct kymo_column column[MOST_COLUMNS];
};

static int open_table(struct printing *p, struct kymo_output *out, struct kymo_err *e)
{
    const struct args *const args = p->args;
    const struct kymo_column *const first = args->windows ? window_columns : args->summary ? summary_columns
                                          : args->events ? event_columns : signal_columns;
    size_t n = args->windows ? COUNT(window_columns) : args->summary ? COUNT(summary_columns)
             : args->events ? COUNT(event_columns) : COUNT(signal_columns);

    memcpy(p->column, first, n * sizeof *first);
    for (size_t i = 0; i < NUMBERS && !args->summary && !args->events; i++)
        p->column[n++] = numbers[i].column;
    p->t = kymo_table_create(out, (enum kymo_table_form)args->out.form, p->column, n, e);
    return p->t ? 0 : e->cause[0].code;
}

/* ---- words ---- */

/* Causes that are there, with semicolons between. */
static const char *put_causes(uint32_t reasons, char text[WORDS])
{
    size_t n = 0;

    *text = '\0';
    for (int c = 0; c < QUALITY_CAUSES; c++)
        if (reasons >> c & 1)
            n += (size_t)snprintf(text + n, WORDS - n, "%s%s", n ? ";" : "", quality_cause_name((enum quality_cause)c));
    return text;
}

/* Those of at least a tenth of the windows, the most frequent first, with their share. */
static const char *put_frequent(const struct review_sum *s, char text[WORDS])
{
    bool used[QUALITY_CAUSES] = {false};
    size_t n = 0;

    *text = '\0';
    for (;;) {
        int most = -1;
        for (int c = 0; c < QUALITY_CAUSES; c++)
            if (!used[c] && 10 * s->reason[c] >= s->n && s->reason[c] > 0 && (most < 0 || s->reason[c] > s->reason[most]))
                most = c;
        if (most < 0)
            return text;
        used[most] = true;
        n += (size_t)snprintf(text + n, WORDS - n, "%s%s %.0f%%", n ? "; " : "", quality_cause_name((enum quality_cause)most),
                              100 * (double)s->reason[most] / (double)s->n);
    }
}

static const char *kind_name(const struct review *r, size_t signal) { return kymo_kind_name(r->heart.hdr.signal[signal].kind); }

/* ---- rows ---- */

static int put_windows(struct printing *p, const struct review *r, const char *record, struct kymo_err *e)
{
    char words[WORDS];
    int rc = 0;

    for (size_t i = 0; i < r->heart.hdr.n_signals; i++) {
        const struct review_signal *const s = &r->signal[i];
        for (size_t k = 0; rc == 0 && k < s->n; k++) {
            const struct review_window *const w = &s->window[k];
            kymo_cell_text(p->t, record);
            kymo_cell_seconds(p->t, w->from_ns);
            kymo_cell_seconds(p->t, w->to_ns - w->from_ns);
            kymo_cell_text(p->t, r->heart.hdr.signal[i].label);
            kymo_cell_text(p->t, kind_name(r, i));
            kymo_cell_text(p->t, quality_verdict_name(w->judged.verdict));
            kymo_cell_real(p->t, w->judged.quality);
            kymo_cell_text(p->t, put_causes(w->judged.reasons, words));
            kymo_cell_real(p->t, 100 * (double)w->measured.wave.valid);
            for (size_t c = 0; c < NUMBERS; c++)
                kymo_cell_real(p->t, review_number(s, w, numbers[c].number));
            rc = kymo_row_end(p->t, e);
        }
    }
    return rc;
}

static double share(size_t part, size_t whole) { return whole ? 100 * (double)part / (double)whole : (double)NAN; }

static void put_shares(struct kymo_table *t, const struct review_sum *sum)
{
    for (int v = 0; v < QUALITY_VERDICTS; v++)
        kymo_cell_real(t, share(sum->of[v], sum->n));
}

static double valid_share(const struct review_signal *s)
{
    return s->n_expected > 0 ? fmin(100, 100 * (double)s->n_valid / s->n_expected) : (double)NAN;
}

static int put_signal(struct printing *p, const struct review *r, size_t i, const char *record, struct kymo_err *e)
{
    const struct review_signal *const s = &r->signal[i];
    char words[WORDS], notes[WORDS];
    struct review_sum sum;
    double *const work = malloc((s->n + 1) * sizeof *work);
    int rc = work ? review_sum_signal(r, i, &sum, e) : kymo_fail(e, KYMO_ENOMEM, "no memory to review a recording");

    if (rc == 0)
        rc = review_notes(r, i, notes, sizeof notes, e);
    if (rc == 0) {
        kymo_cell_text(p->t, record);
        kymo_cell_text(p->t, r->heart.hdr.signal[i].label);
        kymo_cell_text(p->t, kind_name(r, i));
        kymo_cell_text(p->t, r->heart.hdr.signal[i].unit);
        kymo_cell_text(p->t, quality_verdict_name(sum.verdict));
        kymo_cell_real(p->t, sum.quality);
        kymo_cell_text(p->t, sum.n ? put_frequent(&sum, words) : "no samples");
        kymo_cell_text(p->t, notes);
        kymo_cell_int(p->t, (int64_t)sum.n);
        put_shares(p->t, &sum);
        kymo_cell_real(p->t, valid_share(s));
        for (size_t c = 0; c < NUMBERS; c++)
            kymo_cell_real(p->t, review_middle(s, numbers[c].number, work));
        rc = kymo_row_end(p->t, e);
    }
    free(work);
    return rc;
}

static int put_signals(struct printing *p, const struct review *r, const char *record, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->heart.hdr.n_signals; i++)
        rc = put_signal(p, r, i, record, e);
    return rc;
}

/* ---- a row for a recording ---- */

/* Notes of the recording, and of its signals, these with the label; best: the ECG, or else signal, of the best quality. */
static int gather(const struct review *r, char notes[WORDS], size_t *best, size_t *n_ecg, struct kymo_err *e)
{
    const struct kymo_header *const h = &r->heart.hdr;
    struct review_sum sum;
    char one[WORDS];
    double highest = -1;
    int rc = review_notes(r, h->n_signals, notes, WORDS, e);

    *best = h->n_signals;
    *n_ecg = 0;
    for (size_t i = 0; rc == 0 && i < h->n_signals; i++) {
        if ((rc = review_notes(r, i, one, sizeof one, e)) < 0 || (rc = review_sum_signal(r, i, &sum, e)) < 0)
            break;
        const size_t n = strlen(notes);
        if (*one && n + 2 < WORDS)
            snprintf(notes + n, WORDS - n, "%s%.60s: %.400s", n ? "; " : "", h->signal[i].label, one);
        *n_ecg += h->signal[i].kind == KYMO_ECG;
        if (h->signal[i].kind == KYMO_ECG && sum.n > 0 && sum.quality > highest) {
            highest = sum.quality;
            *best = i;
        }
    }
    return rc;
}

/* Beats per minute, of the first signal that has them. */
static double rate_of(const struct review *r, struct kymo_err *e)
{
    double rate = (double)NAN;
    size_t most = 1;

    for (size_t k = 0; k < r->heart.hdr.n_signals; k++)
        most = r->signal[k].n > most ? r->signal[k].n : most;
    double *const work = malloc(most * sizeof *work);
    if (!work)
        kymo_fail(e, KYMO_ENOMEM, "no memory to review a recording");
    for (size_t i = 0; work && isnan(rate) && i < r->heart.hdr.n_signals; i++)
        rate = review_middle(&r->signal[i], REVIEW_RATE, work);
    free(work);
    return rate;
}

static int put_recording(struct printing *p, const struct review *r, const char *record, struct kymo_err *e)
{
    const struct kymo_header *const h = &r->heart.hdr;
    char notes[WORDS], words[WORDS], start[64];
    size_t best, n_ecg;
    struct review_sum sum;
    double valid = 0;
    int rc = gather(r, notes, &best, &n_ecg, e);

    if (rc < 0 || (rc = review_sum_best(r, &sum, e)) < 0)
        return rc;
    kymo_start_text(&h->start, start, sizeof start);
    for (size_t i = 0; i < h->n_signals; i++)
        valid += valid_share(&r->signal[i]) / (double)h->n_signals;
    kymo_cell_text(p->t, record);
    kymo_cell_text(p->t, quality_verdict_name(sum.verdict));
    kymo_cell_real(p->t, sum.quality);
    kymo_cell_text(p->t, sum.n ? put_frequent(&sum, words) : "no samples");
    kymo_cell_text(p->t, notes);
    kymo_cell_text(p->t, start);
    kymo_cell_seconds(p->t, r->end_ns - r->from_ns);
    kymo_cell_int(p->t, (int64_t)h->n_signals);
    kymo_cell_int(p->t, (int64_t)n_ecg);
    kymo_cell_text(p->t, best < h->n_signals ? h->signal[best].label : NULL);
    put_shares(p->t, &sum);
    kymo_cell_real(p->t, h->n_signals ? valid : (double)NAN);
    kymo_cell_int(p->t, (int64_t)r->n_gaps);
    kymo_cell_seconds(p->t, r->gap_ns);
    if (n_ecg > 0)
        kymo_cell_int(p->t, (int64_t)r->heart.n);
    else
        kymo_cell_none(p->t);
    kymo_cell_real(p->t, rate_of(r, e));
    return e->n ? e->cause[0].code : kymo_row_end(p->t, e);
}

/* ---- events ---- */

struct merge {
    const struct review *r;
    struct review_span *noise;
    size_t n_noise, at_noise, at_span, at_beat;
};

static int64_t earliest(const struct merge *m, const char *type, size_t *span)
{
    const struct heart *const h = &m->r->heart;

    *span = m->at_span;
    while (*span < h->n_spans && strcmp(h->span[*span].type, type) != 0)
        ++*span;
    return *span < h->n_spans ? h->span[*span].time_ns : INT64_MAX;
}

/* The next event in order of time; false: there is none. */
static bool next_event(struct merge *m, bool with_beats, struct kymo_event *ev, char words[WORDS])
{
    const struct heart *const h = &m->r->heart;
    size_t span;
    const int64_t gap_ns = earliest(m, "gap", &span);
    const int64_t noise_ns = m->at_noise < m->n_noise ? m->noise[m->at_noise].from_ns : INT64_MAX;
    const int64_t beat_ns = with_beats && m->at_beat < h->n ? h->beat[m->at_beat].time_ns : INT64_MAX;

    *ev = (struct kymo_event){.sample = KYMO_UNKNOWN, .signal = -1, .value = (double)NAN, .text = ""};
    if (noise_ns != INT64_MAX && noise_ns <= gap_ns && noise_ns <= beat_ns) {
        ev->time_ns = noise_ns;
        ev->duration_ns = m->noise[m->at_noise].to_ns - noise_ns;
        ev->text = put_causes(m->noise[m->at_noise++].reasons, words);
        memcpy(ev->type, "noise", sizeof "noise");
    } else if (gap_ns != INT64_MAX && gap_ns <= beat_ns) {
        ev->time_ns = gap_ns;
        ev->duration_ns = h->span[span].duration_ns;
        m->at_span = span + 1;
        memcpy(ev->type, "gap", sizeof "gap");
    } else if (beat_ns != INT64_MAX) {
        const struct heart_beat *const b = &h->beat[m->at_beat++];
        char code[8];
        ev->time_ns = b->time_ns;
        ev->value = (double)b->score;
        snprintf(ev->type, sizeof ev->type, "%s", kymo_code_name(b->given, code));
    } else {
        return false;
    }
    return true;
}

static int put_events(struct kymo_table *t, struct kymo_writer *w, const struct review *r, struct kymo_err *e)
{
    struct merge m = {.r = r};
    char words[WORDS];
    struct kymo_event ev;
    int rc = review_noise(r, &m.noise, &m.n_noise, e);

    while (rc == 0 && next_event(&m, w != NULL, &ev, words)) {
        if (w) {
            rc = kymo_write_event(w, &ev, e);
        } else {
            kymo_event_cells(t, &r->heart.hdr, &ev);
            rc = kymo_row_end(t, e);
        }
    }
    free(m.noise);
    return rc;
}

static int put_stream(const struct kymo_call *call, const struct review *r, struct kymo_output *out, struct kymo_err *e)
{
    struct kymo_writer *const w = kymo_call_track(call, out, &r->heart.hdr, "quality", e);
    int rc = w ? put_events(NULL, w, r, e) : e->cause[0].code;

    if (rc == 0)
        rc = kymo_write_finish(w, e);
    kymo_writer_destroy(w);
    return rc;
}

/* ---- recordings ---- */

static int put_review(const struct kymo_call *call, struct printing *p, struct kymo_output *out, const char *record,
                      struct kymo_err *e)
{
    const struct kymo_call one = {
        .name = call->name, .args = call->args, .operand = &record, .n_operands = 1, .log = call->log, .quiet = call->quiet,
        .history = call->history, .report = call->report,
    };
    struct review r = {.window_ns = 0};
    int rc = review_read(&one, &p->args->review, &r, e);

    if (rc == 0)
        rc = p->args->out.form == KYMO_FORM_STREAM ? put_stream(call, &r, out, e)
           : p->args->windows ? put_windows(p, &r, record, e)
           : p->args->summary ? put_recording(p, &r, record, e)
           : p->args->events ? put_events(p->t, NULL, &r, e) : put_signals(p, &r, record, e);
    review_release(&r);
    return rc;
}

/* All of them; of several, one that fails is reported and the others go on. */
static int put_all(const struct kymo_call *call, struct printing *p, struct kymo_output *out, struct kymo_err *e)
{
    int failed = 0;

    if (call->n_operands < 2)
        return put_review(call, p, out, kymo_operand(call), e);
    for (size_t i = 0; i < call->n_operands; i++) {
        struct kymo_err one = {0};
        if (put_review(call, p, out, call->operand[i], &one) < 0) {
            call->report(call, &one);
            failed = KYMO_SOME;
        }
    }
    return failed;
}

static int check_args(const struct kymo_call *call, struct kymo_err *e)
{
    const struct args *const args = call->args;
    const double window_s = args->review.window_s;
    const bool stream = args->out.form == KYMO_FORM_STREAM;

    if (!(window_s >= REVIEW_LEAST_S && window_s <= REVIEW_MOST_S))
        return kymo_fail(e, KYMO_EUSAGE, "--window %g is not %g..%g s", window_s, REVIEW_LEAST_S, REVIEW_MOST_S);
    if (args->windows + args->summary + args->events > 1)
        return kymo_fail(e, KYMO_EUSAGE, "--windows, --summary and --events are different tables: ask for one");
    if ((args->windows || args->summary) && stream)
        return kymo_fail(e, KYMO_EUSAGE, "a table of --windows or --summary is no recording: choose another -O");
    if ((args->events || stream) && call->n_operands > 1)
        return kymo_fail(e, KYMO_EUSAGE, "events are those of one recording, not of %zu", call->n_operands);
    return 0;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct printing p = {.args = call->args};
    int rc = check_args(call, e);
    struct kymo_output *const out = rc == 0 ? kymo_output_open(p.args->out.path, e) : NULL;

    if (rc == 0 && (!out || (p.args->out.form != KYMO_FORM_STREAM && open_table(&p, out, e) < 0)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = put_all(call, &p, out, e);
    if (rc == 0 || rc == KYMO_SOME) {
        const int failed = rc;
        rc = p.t ? kymo_table_finish(p.t, e) : 0;
        if (rc == 0)
            rc = kymo_output_finish(out, e);
        rc = rc == 0 ? failed : rc;
    }
    kymo_table_destroy(p.t);
    kymo_output_destroy(out);
    return rc;
}

const struct kymo_command kymo_cmd_quality = {
    .name = "quality", .about = "say which recordings, leads and minutes can be trusted", .operands = "[RECORD]...",
    .most = SIZE_MAX, .options = options, .args_size = sizeof(struct args), .run = run,
};
