/* cli/alarm.c - kymo alarm: says when rules about a recording begin and cease to hold, as it comes or as it was.
 *
 * Everything is looked after in ticks of a tenth of a second of the recording's time, each when all samples before it are
 * there: so alarms do not depend on how the recording is cut, or how fast it comes. Rules are in algorithms/alarm_rule.h, when
 * an alarm begins and ends in algorithms/alarm.h, the user's view in man/kymo-alarm.1. */
#include "cli/alarm.h"
#include "lib/grow.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LAG_NS (10 * KYMO_NS_PER_S)   /* signals that lie so far behind the others are waited for no more */
#define WAIT_MS 100
#define QUIET_NS (2 * ALARM_LONGEST_NS)   /* no wait of any rule lasts longer: of a gap beyond it nothing can come */

struct args {
    struct kymo_input_args in;
    struct kymo_output_args out;
    struct kymo_strings rules;
    const char *exec;
    double asystole_s, pause_s, brady_per_min, tachy_per_min, vt_per_min;
    int64_t brady_beats, tachy_beats;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_STRINGS('r', "rule", struct args, rules, "RULE",
                     "what alarms are about, or @FILE with a rule a line; may be given again"),
    KYMO_OPT_STRING('\0', "exec", struct args, exec, "COMMAND", NULL,
                    "run this by sh -c for each alarm, which is in KYMO_ALARM_..."),
    KYMO_OPTS_SIGNAL(struct args, in), KYMO_OPTS_RANGE(struct args, in), KYMO_OPTS_ANNOTATOR(struct args, in),
    KYMO_OPT_NUMBER('\0', "asystole", struct args, asystole_s, "SECONDS", "4", "shortest asystole"),
    KYMO_OPT_NUMBER('\0', "pause", struct args, pause_s, "SECONDS", "3", "shortest pause"),
    KYMO_OPT_NUMBER('\0', "brady", struct args, brady_per_min, "RATE", "50", "bradycardia is below this rate"),
    KYMO_OPT_COUNT('\0', "brady-beats", struct args, brady_beats, "N", "5", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "tachy", struct args, tachy_per_min, "RATE", "100", "tachycardia is above this rate"),
    KYMO_OPT_COUNT('\0', "tachy-beats", struct args, tachy_beats, "N", "17", "in the mean of so many intervals"),
    KYMO_OPT_NUMBER('\0', "vt", struct args, vt_per_min, "RATE", "100",
                    "3 ventricular beats in a row are tachycardia above this rate"),
    KYMO_OPTS_OUTPUT(struct args, out),
    KYMO_OPT_CHOICE('O', "output-format", struct args, out.form, "csv|tsv|jsonl|json|text", "jsonl", "form of the table"),
    KYMO_OPT_LAST
};

struct signal_state {
    int64_t next_ns;              /* time of the sample that comes next */
    int64_t data_ns;              /* end of the last sample that is one */
};

struct waiting {
    struct kymo_event event;
    char text[ALARM_WORD];        /* as far as rules can name it */
};

struct watcher {
    const struct kymo_call *call;
    const struct args *args;
    struct kymo_reader *in;
    struct alarm_rules rules;
    struct alarm_report report;
    struct alarm_heart heart;
    bool has_heart, has_episodes, begun;   /* has_episodes: that follow from the heart's beats */
    uint64_t n_looked;            /* beats that there were at the last look for episodes */
    struct signal_state *signal;
    int64_t now_ns;               /* the last tick */
    int64_t latest_ns;            /* time behind the latest sample */
    struct waiting *event;        /* known, and not yet looked at, in order of time */
    size_t n_events, cap_events;
    struct alarm_row *row;        /* alarms of the tick that is looked after */
    size_t n_rows, cap_rows;
    struct kymo_span *view;       /* a piece of the block that is looked at */
    size_t *done;
};

/* ---- alarms ---- */

/* In order of time, then of the rules, whatever pieces samples came in. */
static int keep_row(struct watcher *w, const struct alarm_row *row, struct kymo_err *e)
{
    size_t at = w->n_rows;
    struct alarm_row *const all = kymo_grown(w->row, at, &w->cap_rows, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu alarms", at + 1);
    w->row = all;
    for (; at > 0 && (w->row[at - 1].at_ns > row->at_ns ||
                      (w->row[at - 1].at_ns == row->at_ns && w->row[at - 1].guard > row->guard)); at--)
        w->row[at] = w->row[at - 1];
    w->row[at] = *row;
    w->n_rows++;
    return 0;
}

static int put_rows(struct watcher *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->n_rows; i++)
        rc = alarm_report_put(&w->report, &w->row[i], e);
    w->n_rows = 0;
    return rc;
}

/* What became of a guard's alarm till ns. Episodes and events count from when they are known. */
static int settle(struct watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e)
{
    const bool is_span = g->rule.what == ALARM_EVENT || g->rule.what == ALARM_EPISODE;
    int64_t at_ns;
    int rc = 0;

    while (rc == 0 && alarm_clock(&g->alarm, ns, &at_ns) != ALARM_NO_CHANGE) {
        if (is_span)
            g->alarm.began_ns = g->from_ns;
        if (!g->alarm.is_on && at_ns < g->alarm.on_ns)   /* it began by the clock on the wall, which time may fall behind */
            at_ns = g->alarm.on_ns;
        rc = keep_row(w, &(struct alarm_row){
            .guard = g, .at_ns = at_ns, .began_ns = g->alarm.began_ns, .is_on = g->alarm.is_on, .value = g->value,
        }, e);
    }
    return rc;
}

static int see(struct watcher *w, struct alarm_guard *g, int64_t ns, enum alarm_truth truth, struct kymo_err *e)
{
    const int rc = settle(w, g, ns, e);

    if (rc < 0)
        return rc;
    alarm_see(&g->alarm, ns, truth);
    return settle(w, g, ns, e);
}

/* ---- episodes and events ---- */

/* An episode or event is there from from_ns to to_ns; or goes on. Those that ended before they were known make an alarm that
 * begins and ends at once. */
static int see_span(struct watcher *w, struct alarm_guard *g, int64_t from_ns, int64_t to_ns, bool goes_on, struct kymo_err *e)
{
    const bool is_new = from_ns >= g->seen_ns || g->seen_ns == INT64_MIN;
    int rc = 0;

    if (to_ns > g->seen_ns)
        g->seen_ns = to_ns;
    if (to_ns - from_ns < g->rule.for_ns || (!is_new && !g->alarm.is_on && !goes_on))
        return 0;
    if (!g->alarm.is_on)
        g->from_ns = from_ns;
    if (goes_on || to_ns > w->now_ns) {
        g->end_ns = goes_on ? INT64_MAX : to_ns > g->end_ns ? to_ns : g->end_ns;
        return see(w, g, w->now_ns, ALARM_HOLDS, e);
    }
    if (g->alarm.is_on && g->end_ns > w->now_ns)
        return 0;
    rc = see(w, g, w->now_ns, ALARM_HOLDS, e);
    return rc < 0 ? rc : see(w, g, w->now_ns, ALARM_NOT, e);
}

static int see_episodes(struct watcher *w, struct alarm_guard *g, struct kymo_err *e)
{
    const struct alarm_heart *const h = &w->heart;
    bool any = false;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < h->list.n; i++) {
        const struct rhythm_episode *const p = &h->list.episode[i];
        const bool goes_on = p->kind == g->kind && alarm_heart_goes_on(h, p, w->now_ns);
        any |= goes_on;
        if (p->kind == g->kind && (goes_on || p->to_ns > g->seen_ns))
            rc = see_span(w, g, p->from_ns, p->to_ns, goes_on, e);
    }
    if (rc == 0 && !any && g->end_ns == INT64_MAX) {
        g->end_ns = w->now_ns;
        rc = see(w, g, w->now_ns, ALARM_NOT, e);
    }
    return rc;
}

/* The heart rate is judged at the times of beats, however late they are known. */
static bool is_of_heart(const struct alarm_guard *g) { return g->rule.what == ALARM_VALUE && g->signal < 0; }

/* Behind beat_ns nothing followed up to ns. */
static int lose_rate(struct watcher *w, struct alarm_guard *g, int64_t beat_ns, int64_t ns, struct kymo_err *e)
{
    if (g->alarm.truth == ALARM_UNKNOWN || ns - beat_ns <= ALARM_HEART_HELD_NS)
        return 0;
    return see(w, g, beat_ns + ALARM_HEART_HELD_NS, ALARM_UNKNOWN, e);
}

static int take_beat(struct watcher *w, const struct kymo_event *ev, struct kymo_err *e)
{
    const int64_t last_ns = w->heart.n > 0 ? w->heart.beat[w->heart.n - 1].time_ns : ev->time_ns;
    int rc = 0;

    if (!alarm_heart_event(&w->heart, ev))
        return 0;
    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        if (!is_of_heart(g) || (rc = lose_rate(w, g, last_ns, ev->time_ns, e)) < 0)
            continue;
        const double rate = alarm_heart_rate(&w->heart);
        if ((rc = settle(w, g, ev->time_ns, e)) < 0)
            break;
        g->value = rate;
        rc = see(w, g, ev->time_ns, alarm_judge(&g->rule, rate), e);
    }
    return rc;
}

static int look_at_event(struct watcher *w, const struct kymo_event *ev, struct kymo_err *e)
{
    int rc = w->has_heart ? take_beat(w, ev, e) : 0;

    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        const int64_t length_ns = ev->duration_ns > 0 ? ev->duration_ns : 0;
        if (alarm_is_about(g, ev)) {
            g->value = ev->value;
            rc = see_span(w, g, ev->time_ns, ev->time_ns + length_ns, false, e);
        }
    }
    return rc;
}

static int look_at_events(struct watcher *w, struct kymo_err *e)
{
    size_t n = 0;
    int rc = 0;

    for (; rc == 0 && n < w->n_events && w->event[n].event.time_ns < w->now_ns; n++) {
        w->event[n].event.text = w->event[n].text;
        rc = look_at_event(w, &w->event[n].event, e);
    }
    if (n > 0)
        memmove(w->event, w->event + n, (w->n_events - n) * sizeof *w->event);
    w->n_events -= n;
    return rc;
}

static int keep_event(struct watcher *w, const struct kymo_event *ev, struct kymo_err *e)
{
    size_t at = w->n_events;
    struct waiting *const all = kymo_grown(w->event, at, &w->cap_events, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu events", at + 1);
    w->event = all;
    for (; at > 0 && w->event[at - 1].event.time_ns > ev->time_ns; at--)
        w->event[at] = w->event[at - 1];
    w->event[at].event = *ev;
    const size_t n = strnlen(ev->text, ALARM_WORD - 1);
    memcpy(w->event[at].text, ev->text, n);
    w->event[at].text[n] = '\0';
    w->n_events++;
    return 0;
}

/* What the detector found waits for the next tick, as other events do. */
static int take_found(struct watcher *w, struct kymo_err *e)
{
    size_t n;
    const struct finding *const found = detector_found(w->heart.detector, &n);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = keep_event(w, &found[i].event, e);
    return rc;
}

/* ---- ticks ---- */

/* When data of a guard's signal, or of any, ended. */
static int64_t data_end(const struct watcher *w, const struct alarm_guard *g)
{
    int64_t end_ns = INT64_MIN;

    for (size_t i = 0; i < w->in->hdr.n_signals; i++)
        if ((g->signal < 0 || g->signal == (int)i) && w->signal[i].data_ns > end_ns)
            end_ns = w->signal[i].data_ns;
    return end_ns;
}

/* No data is a condition since data ended. waited: by the clock on the wall. */
static int look_at_silence(struct watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e)
{
    const int64_t end_ns = data_end(w, g);

    if (end_ns >= ns)
        return g->alarm.truth == ALARM_NOT ? 0 : see(w, g, ns, ALARM_NOT, e);
    if (g->alarm.truth != ALARM_HOLDS)
        alarm_see(&g->alarm, end_ns, ALARM_HOLDS);
    return settle(w, g, ns, e);
}

static int tick(struct watcher *w, int64_t ns, struct kymo_err *e)
{
    const int64_t second = w->now_ns / KYMO_NS_PER_S;
    int rc;

    w->now_ns = ns;
    if ((rc = look_at_events(w, e)) < 0)
        return rc;
    const uint64_t n_beats = w->heart.n_seen;
    const bool looks = w->has_episodes && (n_beats != w->n_looked || second != ns / KYMO_NS_PER_S);
    w->n_looked = n_beats;
    if (looks && (rc = alarm_heart_look(&w->heart, ns, e)) < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        if (g->rule.what == ALARM_NO_DATA) {
            rc = look_at_silence(w, g, ns, e);
        } else if (is_of_heart(g)) {
            if (w->heart.n > 0 && !w->heart.late)
                rc = lose_rate(w, g, w->heart.beat[w->heart.n - 1].time_ns, ns - w->heart.delay_ns, e);
            continue;
        } else if (g->rule.what == ALARM_EPISODE && looks) {
            rc = see_episodes(w, g, e);
        }
        if (rc == 0 && g->end_ns != INT64_MAX && g->end_ns <= ns && g->alarm.truth == ALARM_HOLDS &&
            (g->rule.what == ALARM_EPISODE || g->rule.what == ALARM_EVENT))
            rc = see(w, g, ns, ALARM_NOT, e);
        if (rc == 0)
            rc = settle(w, g, ns, e);
    }
    if (rc == 0)
        rc = put_rows(w, e);
    return rc < 0 ? rc : alarm_exec_reap(&w->report.exec, false, e);
}

/* Lets time pass in which nothing comes. */
static int pass(struct watcher *w, int64_t to_ns, struct kymo_err *e)
{
    int rc = 0;

    for (int64_t left_ns = QUIET_NS; rc == 0 && w->now_ns + ALARM_TICK_NS <= to_ns && left_ns > 0; left_ns -= ALARM_TICK_NS)
        rc = tick(w, w->now_ns + ALARM_TICK_NS, e);
    if (rc == 0 && w->now_ns + ALARM_TICK_NS <= to_ns)
        w->now_ns = to_ns / ALARM_TICK_NS * ALARM_TICK_NS;
    return rc;
}

/* ---- samples ---- */

/* Values of a signal that comes with a rule about it. */
static int look_at_samples(struct watcher *w, struct kymo_block *b, size_t signal, struct kymo_err *e)
{
    const double *const x = b->span[signal].physical;
    struct signal_state *const s = &w->signal[signal];
    int rc = 0;

    for (size_t k = 0; rc == 0 && k < b->span[signal].n; k++) {
        const int64_t ns = kymo_block_time(b, signal, b->span[signal].first + (int64_t)k);
        if (!isnan(x[k]))
            s->data_ns = kymo_block_time(b, signal, b->span[signal].first + (int64_t)k + 1);
        for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
            struct alarm_guard *const g = &w->rules.guard[i];
            if (g->rule.what != ALARM_VALUE || g->signal != (int)signal)
                continue;
            if ((rc = settle(w, g, ns, e)) < 0)
                return rc;
            g->value = x[k];
            rc = see(w, g, ns, alarm_judge(&g->rule, x[k]), e);
        }
    }
    return rc;
}

static bool has_rule(const struct watcher *w, size_t signal)
{
    for (size_t i = 0; i < w->rules.n; i++)
        if (w->rules.guard[i].rule.what == ALARM_VALUE && w->rules.guard[i].signal == (int)signal)
            return true;
    return false;
}

/* Of many samples that no rule of values is about, the last that is one tells how far there is data. */
static void look_for_data(struct watcher *w, const struct kymo_block *b, size_t signal)
{
    const struct kymo_span *const span = &b->span[signal];

    for (size_t k = span->n; k > 0; k--)
        if (!isnan(span->physical[k - 1])) {
            w->signal[signal].data_ns = kymo_block_time(b, signal, span->first + (int64_t)k);
            break;
        }
}

/* The samples of b before ns that were not looked at yet. */
static int push_before(struct watcher *w, struct kymo_block *b, int64_t ns, bool *first_piece, struct kymo_err *e)
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
        rc = take_found(w, e);
    return rc;
}

/* Up to when all samples are there. */
static int64_t complete_ns(const struct watcher *w)
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
static void begin(struct watcher *w, int64_t ns)
{
    w->now_ns = ns / ALARM_TICK_NS * ALARM_TICK_NS;
    w->latest_ns = ns;
    for (size_t i = 0; i < w->in->hdr.n_signals; i++)
        w->signal[i] = (struct signal_state){ns, ns};
    w->begun = true;
}

/* A segment begins: the time since the last passes first. */
static int enter_segment(struct watcher *w, const struct kymo_block *b, struct kymo_err *e)
{
    const int64_t start_ns = start_of(b), before_ns = w->latest_ns;
    int rc = 0;

    if (!w->begun) {
        begin(w, start_ns);
    } else if (b->new_segment && start_ns < before_ns) {
        begin(w, start_ns);
        for (size_t i = 0; i < w->rules.n; i++)
            alarm_init(&w->rules.guard[i].alarm, &w->rules.guard[i].machine);
        w->heart.n = 0;
        w->heart.broken = true;
        rc = kymo_warn(&w->call->log, e, w->in->path, -1, "time goes back from %.9g to %.9g s: all alarms begin anew",
                       (double)before_ns / 1e9, (double)start_ns / 1e9);
    } else if (b->new_segment) {
        rc = pass(w, start_ns, e);
        for (size_t i = 0; i < b->hdr->n_signals; i++)
            w->signal[i].next_ns = start_ns;
    }
    return rc;
}

static int take_block(struct watcher *w, struct kymo_block *b, struct kymo_err *e)
{
    const size_t n = b->hdr->n_signals;
    bool first_piece = true;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < b->n_events; i++)
        rc = keep_event(w, &b->event[i], e);
    for (size_t i = 0; i < n; i++) {
        kymo_physical(b, i);
        w->done[i] = 0;
    }
    if (rc == 0 && n > 0 && kymo_block_has_samples(b) && (rc = enter_segment(w, b, e)) < 0)
        return rc;
    if (n == 0 && w->n_events > 0)   /* events alone are the clock */
        return pass(w, w->event[w->n_events - 1].event.time_ns + ALARM_TICK_NS, e);
    while (rc == 0) {
        const int64_t due_ns = w->now_ns + ALARM_TICK_NS;
        rc = push_before(w, b, due_ns, &first_piece, e);
        if (rc < 0 || complete_ns(w) < due_ns)
            break;
        rc = tick(w, due_ns, e);
    }
    return rc;
}

/* ---- all ---- */

/* Nothing comes by now: of a live stream, that is what the clock on the wall says. */
static int wait_for_data(void *self, int fd, int64_t waited_ns, struct kymo_err *e)
{
    struct watcher *const w = self;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    int rc = w->in ? alarm_exec_reap(&w->report.exec, false, e) : 0;

    if (rc == 0 && w->in && w->in->hdr.latency_ns > 0 && w->begun)
        for (size_t i = 0; rc == 0 && i < w->rules.n; i++)
            if (w->rules.guard[i].rule.what == ALARM_NO_DATA)
                rc = look_at_silence(w, &w->rules.guard[i], w->latest_ns + waited_ns, e);
    if (rc == 0 && w->n_rows > 0)
        rc = put_rows(w, e);
    poll(&p, 1, WAIT_MS);
    return rc < 0 ? rc : 1;
}

/* The input broke off: no data will come, whatever rules wait for. */
static int break_off(struct watcher *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        if (g->rule.what != ALARM_NO_DATA || g->alarm.is_on)
            continue;
        g->machine.for_ns = 0;
        alarm_see(&g->alarm, w->latest_ns, ALARM_HOLDS);
        rc = settle(w, g, INT64_MAX, e);
    }
    return rc < 0 ? rc : put_rows(w, e);
}

/* What is known only now: the last beats, events and ends. */
static int finish(struct watcher *w, struct kymo_err *e)
{
    int64_t last_ns = w->latest_ns;
    int rc = w->heart.detector ? detector_flush(w->heart.detector, e) : 0;

    if (rc == 0 && w->heart.detector)
        rc = take_found(w, e);
    for (size_t i = 0; i < w->n_events; i++)
        last_ns = w->event[i].event.time_ns > last_ns ? w->event[i].event.time_ns : last_ns;
    for (size_t i = 0; i < w->rules.n; i++)
        if (w->in->hdr.n_signals == 0 && w->rules.guard[i].end_ns > last_ns)
            last_ns = w->rules.guard[i].end_ns;
    if (rc == 0 && w->begun)
        rc = tick(w, last_ns / ALARM_TICK_NS * ALARM_TICK_NS + ALARM_TICK_NS, e);
    else if (rc == 0)
        rc = pass(w, last_ns + ALARM_TICK_NS, e);
    return rc;
}

static bool is_given(const struct watcher *w)
{
    const struct kymo_header *const h = &w->in->hdr;

    if (kymo_has_track(h, "qrs") || kymo_has_track(h, "beats"))
        return w->args->in.signals.n == 0;
    return w->args->in.annotator != NULL || (h->n_tracks > 0 && !kymo_has_kind(h, KYMO_ECG));
}

static int open_heart(struct watcher *w, bool given, struct kymo_err *e)
{
    static const char *ecg = "ecg";
    static const struct kymo_strings any_ecg = {&ecg, 1};
    const struct args *const a = w->args;
    bool fibrillation = false;

    for (size_t i = 0; i < w->rules.n; i++) {
        fibrillation |= w->rules.guard[i].kind == RHYTHM_VF;
        w->has_episodes |= w->rules.guard[i].kind != RHYTHM_KINDS;
    }
    w->has_heart = true;
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

static int open_all(struct watcher *w, const struct kymo_patience *patience, struct kymo_err *e)
{
    const struct args *const a = w->args;
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

static int watch(struct watcher *w, struct kymo_err *e)
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
    struct watcher w = {.call = call, .args = call->args};
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
    .operands = "[RECORD]", .most = 1, .options = options, .args_size = sizeof(struct args), .run = run,
};
