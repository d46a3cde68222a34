/* cli/alarm.c - kymo alarm: says when rules about a recording begin and cease to hold, as it comes or as it was.
 *
 * Everything is looked after in ticks of a tenth of a second of the recording's time, each when all samples before it are
 * there: so alarms do not depend on how the recording is cut, or how fast it comes. Rules are in algorithms/alarm_rule.h, when
 * an alarm begins and ends in algorithms/alarm.h, the user's view in man/kymo-alarm.1. */
#include "cli/alarm_watch.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAG_NS (10 * KYMO_NS_PER_S)   /* signals that lie so far behind the others are waited for no more */
#define WAIT_MS 100

static const struct kymo_opt options[] = {
    KYMO_OPT_STRINGS('r', "rule", struct alarm_args, rules, "RULE",
                     "what alarms are about, or @FILE with a rule a line; may be given again"),
    KYMO_OPT_STRING('\0', "exec", struct alarm_args, exec, "COMMAND", NULL,
                    "run this by sh -c for each alarm, which is in KYMO_ALARM_..."),
    KYMO_OPTS_SIGNAL(struct alarm_args, in), KYMO_OPTS_RANGE(struct alarm_args, in), KYMO_OPTS_ANNOTATOR(struct alarm_args, in),
    KYMO_OPT_NUMBER('\0', "look-ahead", struct alarm_args, look_ahead_s, "SECONDS", "0.8",
                    "know a beat within so long, of an ECG: 0.8..3; the longer, the fewer errors"),
    KYMO_OPT_NUMBER('\0', "asystole", struct alarm_args, asystole_s, "SECONDS", "4", "shortest asystole"),
    KYMO_OPT_NUMBER('\0', "pause", struct alarm_args, pause_s, "SECONDS", "3", "shortest pause"),
    KYMO_OPT_NUMBER('\0', "brady", struct alarm_args, brady_per_min, "RATE", "50", "bradycardia is below this rate"),
    KYMO_OPT_COUNT('\0', "brady-beats", struct alarm_args, brady_beats, "N", "5", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "tachy", struct alarm_args, tachy_per_min, "RATE", "100", "tachycardia is above this rate"),
    KYMO_OPT_COUNT('\0', "tachy-beats", struct alarm_args, tachy_beats, "N", "17", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "vt", struct alarm_args, vt_per_min, "RATE", "100",
                    "3 ventricular beats in a row are tachycardia above this rate"),
    KYMO_OPTS_OUTPUT(struct alarm_args, out),
    KYMO_OPT_CHOICE('O', "output-format", struct alarm_args, out.form, "csv|tsv|jsonl|json|text", "jsonl", "form of the table"),
    KYMO_OPT_LAST
};

/* ---- samples ---- */

/* Values of a signal that comes with a rule about it. */
static int look_at_samples(struct alarm_watcher *w, struct kymo_block *b, size_t signal, struct kymo_err *e)
{
    const double *const x = b->span[signal].physical;
    struct alarm_signal *const s = &w->signal[signal];
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < b->span[signal].n; k++) {
        const int64_t ns = kymo_block_time(b, signal, b->span[signal].first + (int64_t)k);
        if (!isnan(x[k]))
            s->data_ns = kymo_block_time(b, signal, b->span[signal].first + (int64_t)k + 1);
        for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
            struct alarm_guard *const g = &w->rules.guard[i];
            if (g->rule.what != ALARM_VALUE || g->signal != (int)signal)
                continue;
            if ((rc = alarm_settle(w, g, ns, e)) < 0)
                return rc;
            g->value = x[k];
            rc = alarm_see_now(w, g, ns, alarm_judge(&g->rule, x[k]), e);
        }
    }
    return rc;
}

static bool has_rule(const struct alarm_watcher *w, size_t signal)
{
    for (size_t i = 0; i < w->rules.n; i++)
        if (w->rules.guard[i].rule.what == ALARM_VALUE && w->rules.guard[i].signal == (int)signal)
            return true;
    return false;
}

/* Of many samples that no rule of values is about, the last that is one tells how far there is data. */
static void look_for_data(struct alarm_watcher *w, const struct kymo_block *b, size_t signal)
{
    const struct kymo_span *const span = &b->span[signal];

    for (size_t k = span->n; k > 0; k--)
        if (!isnan(span->physical[k - 1])) {
            w->signal[signal].data_ns = kymo_block_time(b, signal, span->first + (int64_t)k);
            break;
        }
}

/* The samples of b before ns that were not looked at yet. */
static int push_before(struct alarm_watcher *w, struct kymo_block *b, int64_t ns, bool *first_piece, struct kymo_err *e)
{
    struct kymo_block piece = {.hdr = b->hdr, .new_segment = *first_piece && b->new_segment, .segment_ns = b->segment_ns,
                               .span = w->view};
    bool any = false;
    int rc = 0;

    for (size_t i = 0; i < b->hdr->n_signals; i++) {
        const struct kymo_span *const from = &b->span[i];
        const int64_t limit = from->segment_first + kymo_index_at(b->hdr->signal[i].rate, ns - b->segment_ns) - from->first;
        const size_t end = limit < (int64_t)w->done[i] ? w->done[i] : limit < (int64_t)from->n ? (size_t)limit : from->n;
        w->view[i] = (struct kymo_span){
            .first = from->first + (int64_t)w->done[i], .segment_first = from->segment_first, .n = end - w->done[i],
            .physical = from->physical + w->done[i], .has_physical = true,
        };
        any |= w->view[i].n > 0;
        w->done[i] = end;
        if (w->view[i].n > 0)
            w->signal[i].next_ns = kymo_block_time(b, i, from->first + (int64_t)end);
    }
    if (!any)
        return 0;
    *first_piece = false;
    for (size_t i = 0; rc == 0 && i < b->hdr->n_signals; i++) {
        if (has_rule(w, i))
            rc = look_at_samples(w, &piece, i, e);
        else
            look_for_data(w, &piece, i);
        if (w->view[i].n > 0 && w->signal[i].next_ns > w->latest_ns)
            w->latest_ns = w->signal[i].next_ns;
    }
    if (rc == 0 && w->has_heart && (rc = alarm_heart_push(&w->heart, &piece, e)) == 0 && w->heart.detector)
        rc = alarm_take_found(w, e);
    return rc;
}

/* Up to when all samples are there. */
static int64_t complete_ns(const struct alarm_watcher *w)
{
    int64_t ns = INT64_MAX;

    for (size_t i = 0; i < w->in->hdr.n_signals; i++)
        if (w->signal[i].next_ns < ns && w->signal[i].next_ns > w->latest_ns - LAG_NS)
            ns = w->signal[i].next_ns;
    return ns == INT64_MAX ? w->now_ns : ns;
}

/* When its first sample is; a part of a recording may begin long after its segment did. */
static int64_t start_of(const struct kymo_block *b)
{
    int64_t ns = INT64_MAX;

    for (size_t i = 0; i < b->hdr->n_signals; i++)
        if (b->span[i].n > 0 && kymo_block_time(b, i, b->span[i].first) < ns)
            ns = kymo_block_time(b, i, b->span[i].first);
    return ns == INT64_MAX ? b->segment_ns : ns;
}

/* Counts time from here on. */
static void begin(struct alarm_watcher *w, int64_t ns)
{
    w->now_ns = ns / ALARM_TICK_NS * ALARM_TICK_NS;
    w->latest_ns = ns;
    for (size_t i = 0; i < w->in->hdr.n_signals; i++)
        w->signal[i] = (struct alarm_signal){ns, ns};
    w->begun = true;
}

/* A segment begins: the time since the last passes first. */
static int enter_segment(struct alarm_watcher *w, const struct kymo_block *b, struct kymo_err *e)
{
    const int64_t start_ns = start_of(b), before_ns = w->latest_ns;
    int rc = 0;

    if (!w->begun) {
        begin(w, start_ns);
    } else if (b->new_segment && start_ns < before_ns) {
        begin(w, start_ns);
        for (size_t i = 0; i < w->rules.n; i++)
            alarm_init(&w->rules.guard[i].alarm, &w->rules.guard[i].machine);
        alarm_heart_forget(&w->heart);
        rc = kymo_warn(&w->call->log, e, w->in->path, -1, "time goes back from %.9g to %.9g s: all alarms begin anew",
                       (double)before_ns / 1e9, (double)start_ns / 1e9);
    } else if (b->new_segment) {
        rc = alarm_pass(w, start_ns, e);
        for (size_t i = 0; i < b->hdr->n_signals; i++)
            w->signal[i].next_ns = start_ns;
    }
    return rc;
}

static int take_block(struct alarm_watcher *w, struct kymo_block *b, struct kymo_err *e)
{
    const size_t n = b->hdr->n_signals;
    bool first_piece = true;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = alarm_keep_event(w, &b->event[i], e);
    for (size_t i = 0; i < n; i++) {
        kymo_physical(b, i);
        w->done[i] = 0;
    }
    if (rc == 0 && n > 0 && kymo_block_has_samples(b) && (rc = enter_segment(w, b, e)) < 0)
        return rc;
    if (n == 0 && w->n_events > 0)   /* events alone are the clock */
        return alarm_pass(w, w->event[w->n_events - 1].event.time_ns + ALARM_TICK_NS, e);
    while (rc == 0) {
        const int64_t due_ns = w->now_ns + ALARM_TICK_NS;
        rc = push_before(w, b, due_ns, &first_piece, e);
        if (rc < 0 || complete_ns(w) < due_ns)
            break;
        rc = alarm_tick(w, due_ns, e);
    }
    return rc;
}

/* ---- all ---- */

/* Nothing comes by now: of a live stream, that is what the clock on the wall says. */
static int wait_for_data(void *self, int fd, int64_t waited_ns, struct kymo_err *e)
{
    struct alarm_watcher *const w = self;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int rc = w->in ? alarm_exec_reap(&w->report.exec, false, e) : 0;

    if (rc == 0 && w->in && w->in->hdr.latency_ns > 0 && w->begun)
        for (size_t i = 0; rc == 0 && i < w->rules.n; i++)
            if (w->rules.guard[i].rule.what == ALARM_NO_DATA)
                rc = alarm_look_at_silence(w, &w->rules.guard[i], w->latest_ns + waited_ns, e);
    if (rc == 0 && w->n_rows > 0)
        rc = alarm_put_rows(w, e);
    poll(&p, 1, WAIT_MS);
    return rc < 0 ? rc : 1;
}

/* The input broke off: no data will come, whatever rules wait for. */
static int break_off(struct alarm_watcher *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        if (g->rule.what != ALARM_NO_DATA || g->alarm.is_on)
            continue;
        g->machine.for_ns = 0;
        alarm_see(&g->alarm, w->latest_ns, ALARM_HOLDS);
        rc = alarm_settle(w, g, INT64_MAX, e);
    }
    return rc < 0 ? rc : alarm_put_rows(w, e);
}

/* What is known only now: the last beats, events and ends. */
static int finish(struct alarm_watcher *w, struct kymo_err *e)
{
    int64_t last_ns = w->latest_ns;
    int rc = w->heart.detector ? detector_flush(w->heart.detector, e) : 0;

    if (rc == 0 && w->heart.detector)
        rc = alarm_take_found(w, e);
    for (size_t i = 0; i < w->n_events; i++)
        last_ns = w->event[i].event.time_ns > last_ns ? w->event[i].event.time_ns : last_ns;
    for (size_t i = 0; i < w->rules.n; i++)
        if (w->in->hdr.n_signals == 0 && w->rules.guard[i].end_ns > last_ns)
            last_ns = w->rules.guard[i].end_ns;
    if (rc == 0 && w->begun)
        rc = alarm_tick(w, last_ns / ALARM_TICK_NS * ALARM_TICK_NS + ALARM_TICK_NS, e);
    else if (rc == 0)
        rc = alarm_pass(w, last_ns + ALARM_TICK_NS, e);
    return rc;
}

static bool is_given(const struct alarm_watcher *w)
{
    const struct kymo_header *const h = &w->in->hdr;

    if (kymo_has_track(h, "qrs") || kymo_has_track(h, "beats"))
        return w->args->in.signals.n == 0;
    return w->args->in.annotator != NULL || (h->n_tracks > 0 && !kymo_has_kind(h, KYMO_ECG));
}

static int open_heart(struct alarm_watcher *w, bool given, struct kymo_err *e)
{
    static const char *ecg = "ecg";
    static const struct kymo_strings any_ecg = {&ecg, 1};
    const struct alarm_args *const a = w->args;
    bool fibrillation = false;

    for (size_t i = 0; i < w->rules.n; i++) {
        fibrillation |= w->rules.guard[i].kind == RHYTHM_VF;
        w->has_episodes |= w->rules.guard[i].kind != RHYTHM_KINDS;
    }
    w->has_heart = true;
    w->heart.look_ahead_s = a->look_ahead_s;
    w->heart.limits = (struct rhythm_limits){
        .vt_per_min = a->vt_per_min, .svt_per_min = a->vt_per_min, .brady_per_min = a->brady_per_min,
        .tachy_per_min = a->tachy_per_min, .pause_s = a->pause_s, .asystole_s = a->asystole_s,
        .brady_beats = (size_t)a->brady_beats, .tachy_beats = (size_t)a->tachy_beats,
    };
    return alarm_heart_open(&w->heart, &w->in->hdr, a->in.signals.n > 0 ? &a->in.signals : &any_ecg, given, fibrillation,
                            &w->call->log, e);
}

/* What can keep us waiting. */
static bool is_pipe(const char *path)
{
    struct stat st;

    return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(path, &st)) == 0 && !S_ISREG(st.st_mode) &&
           !S_ISDIR(st.st_mode);
}

static int open_all(struct alarm_watcher *w, const struct kymo_patience *patience, struct kymo_err *e)
{
    const struct alarm_args *const a = w->args;
    struct kymo_input_args in = a->in;
    bool heart = false;
    int rc = 0;

    if (a->rules.n == 0)
        return kymo_fail(e, KYMO_EUSAGE, "no rule: say with -r what alarms are about, as -r 'hr > 120 for 10s'");
    for (size_t i = 0; rc == 0 && i < a->rules.n; i++)
        rc = alarm_add_rule(&w->rules, a->rules.text[i], e);
    if (rc < 0)
        return rc;
    in.signals = (struct kymo_strings){NULL, 0};   /* -s tells which are the heart's */
    in.patience = is_pipe(kymo_operand(w->call)) ? patience : NULL;
    struct kymo_reader *const r = kymo_call_open(w->call, &in, false, e);
    if (!r)
        return e->cause[0].code;
    w->in = r;
    const size_t n = r->hdr.n_signals + 1;
    w->signal = calloc(n, sizeof *w->signal);
    w->view = calloc(n, sizeof *w->view);
    w->done = calloc(n, sizeof *w->done);
    if (!w->signal || !w->view || !w->done)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to watch %zu signals", n);
    const bool given = is_given(w);
    if ((rc = alarm_resolve(&w->rules, &r->hdr, given, &heart, e)) < 0 || (heart && (rc = open_heart(w, given, e)) < 0))
        return rc;
    w->report.exec = (struct alarm_exec){.command = a->exec, .log = &w->call->log};
    w->report.record = r->hdr.record;
    return alarm_report_open(&w->report, a->out.path, (enum kymo_table_form)a->out.form, e);
}

static int watch(struct alarm_watcher *w, struct kymo_err *e)
{
    struct kymo_err ignored = {0};
    struct kymo_block *b;
    int rc;

    while ((rc = kymo_read(w->in, &b, e)) > 0)
        if ((rc = take_block(w, b, e)) < 0)
            break;
    if (rc == 0)
        rc = finish(w, e);
    if (rc < 0)
        break_off(w, &ignored);
    const int ended = alarm_exec_reap(&w->report.exec, true, rc < 0 ? &ignored : e);
    if (rc == 0)
        rc = ended;
    if (rc == 0 && (rc = kymo_table_finish(w->report.table, e)) == 0)
        rc = kymo_output_finish(w->report.out, e);
    return rc;
}

static int run(const struct kymo_call *call, struct kymo_err *e)
{
    struct alarm_watcher w = {.call = call, .args = call->args};
    const struct kymo_patience patience = {wait_for_data, &w};
    int rc = open_all(&w, &patience, e);

    if (rc == 0)
        rc = watch(&w, e);
    alarm_report_release(&w.report);
    alarm_heart_release(&w.heart);
    alarm_rules_release(&w.rules);
    kymo_close(w.in);
    free(w.signal);
    free(w.event);
    free(w.row);
    free(w.view);
    free(w.done);
    return rc;
}

const struct kymo_command kymo_cmd_alarm = {
    .name = "alarm", .about = "say when rules about a recording begin and cease to hold, live or replayed",
    .operands = "[RECORD]", .most = 1, .options = options, .args_size = sizeof(struct alarm_args), .run = run,
};
