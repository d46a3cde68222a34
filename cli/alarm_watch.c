/* cli/alarm_watch.c - see alarm_watch.h. */
#include "cli/alarm_watch.h"
#include "lib/grow.h"

#include <string.h>

#define QUIET_NS (2 * ALARM_LONGEST_NS)   /* no wait of any rule lasts longer: of a gap beyond it nothing can come */

/* In order of time, then of the rules, whatever pieces samples came in. */
static int keep_row(struct alarm_watcher *w, const struct alarm_row *row, struct kymo_err *e)
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

int alarm_put_rows(struct alarm_watcher *w, struct kymo_err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < w->n_rows; i++)
        rc = alarm_report_put(&w->report, &w->row[i], e);
    w->n_rows = 0;
    return rc;
}

int alarm_settle(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e)
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

int alarm_see_now(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, enum alarm_truth truth, struct kymo_err *e)
{
    const int rc = alarm_settle(w, g, ns, e);

    if (rc < 0)
        return rc;
    alarm_see(&g->alarm, ns, truth);
    return alarm_settle(w, g, ns, e);
}

/* ---- episodes and events ---- */

/* An episode or event is there from from_ns to to_ns; or goes on. Those that ended before they were known make an alarm that
 * begins and ends at once. */
static int see_span(struct alarm_watcher *w, struct alarm_guard *g, int64_t from_ns, int64_t to_ns, bool goes_on,
                    struct kymo_err *e)
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
        return alarm_see_now(w, g, w->now_ns, ALARM_HOLDS, e);
    }
    if (g->alarm.is_on && g->end_ns > w->now_ns)
        return 0;
    rc = alarm_see_now(w, g, w->now_ns, ALARM_HOLDS, e);
    return rc < 0 ? rc : alarm_see_now(w, g, w->now_ns, ALARM_NOT, e);
}

static int see_episodes(struct alarm_watcher *w, struct alarm_guard *g, struct kymo_err *e)
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
        rc = alarm_see_now(w, g, w->now_ns, ALARM_NOT, e);
    }
    return rc;
}

/* The heart rate is judged at the times of beats, however late they are known. */
static bool is_of_heart(const struct alarm_guard *g) { return g->rule.what == ALARM_VALUE && g->signal < 0; }

/* Behind beat_ns nothing followed up to ns. */
static int lose_rate(struct alarm_watcher *w, struct alarm_guard *g, int64_t beat_ns, int64_t ns, struct kymo_err *e)
{
    if (g->alarm.truth == ALARM_UNKNOWN || ns - beat_ns <= ALARM_HEART_HELD_NS)
        return 0;
    return alarm_see_now(w, g, beat_ns + ALARM_HEART_HELD_NS, ALARM_UNKNOWN, e);
}

/* All beats up to ns are known, of which that at beat_ns is the last. */
static int pass_time(struct alarm_watcher *w, struct alarm_guard *g, int64_t beat_ns, int64_t ns, struct kymo_err *e)
{
    const int rc = lose_rate(w, g, beat_ns, ns, e);

    return rc < 0 || ns < beat_ns ? rc : alarm_settle(w, g, ns, e);
}

static int take_beat(struct alarm_watcher *w, const struct kymo_event *ev, struct kymo_err *e)
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
        if ((rc = alarm_settle(w, g, ev->time_ns, e)) < 0)
            break;
        g->value = rate;
        rc = alarm_see_now(w, g, ev->time_ns, alarm_judge(&g->rule, rate), e);
    }
    return rc;
}

static int look_at_event(struct alarm_watcher *w, const struct kymo_event *ev, struct kymo_err *e)
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

static int look_at_events(struct alarm_watcher *w, struct kymo_err *e)
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

int alarm_keep_event(struct alarm_watcher *w, const struct kymo_event *ev, struct kymo_err *e)
{
    size_t at = w->n_events;
    struct alarm_waiting *const all = kymo_grown(w->event, at, &w->cap_events, sizeof *all);

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

int alarm_take_found(struct alarm_watcher *w, struct kymo_err *e)
{
    size_t n;
    const struct finding *const found = detector_found(w->heart.detector, &n);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = alarm_keep_event(w, &found[i].event, e);
    return rc;
}

/* ---- ticks ---- */

/* When data of a guard's signal, or of any, ended. */
static int64_t data_end(const struct alarm_watcher *w, const struct alarm_guard *g)
{
    int64_t end_ns = INT64_MIN;

    for (size_t i = 0; i < w->in->hdr.n_signals; i++)
        if ((g->signal < 0 || g->signal == (int)i) && w->signal[i].data_ns > end_ns)
            end_ns = w->signal[i].data_ns;
    return end_ns;
}

int alarm_look_at_silence(struct alarm_watcher *w, struct alarm_guard *g, int64_t ns, struct kymo_err *e)
{
    const int64_t end_ns = data_end(w, g);

    if (end_ns >= ns)
        return g->alarm.truth == ALARM_NOT ? 0 : alarm_see_now(w, g, ns, ALARM_NOT, e);
    if (g->alarm.truth != ALARM_HOLDS)
        alarm_see(&g->alarm, end_ns, ALARM_HOLDS);
    return alarm_settle(w, g, ns, e);
}

int alarm_tick(struct alarm_watcher *w, int64_t ns, struct kymo_err *e)
{
    const int64_t second = w->now_ns / KYMO_NS_PER_S;
    int rc;

    w->now_ns = ns;
    if ((rc = look_at_events(w, e)) < 0)
        return rc;
    const uint64_t n_beats = w->heart.n_seen;
    const bool looks = w->has_episodes &&
                       (n_beats != w->n_looked || second != ns / KYMO_NS_PER_S || alarm_heart_waits(&w->heart, ns));
    w->n_looked = n_beats;
    if (looks && (rc = alarm_heart_look(&w->heart, ns, e)) < 0)
        return rc;
    for (size_t i = 0; rc == 0 && i < w->rules.n; i++) {
        struct alarm_guard *const g = &w->rules.guard[i];
        if (g->rule.what == ALARM_NO_DATA) {
            rc = alarm_look_at_silence(w, g, ns, e);
        } else if (is_of_heart(g)) {
            if (w->heart.n > 0 && !w->heart.late)
                rc = pass_time(w, g, w->heart.beat[w->heart.n - 1].time_ns, ns - w->heart.delay_ns, e);
            continue;
        } else if (g->rule.what == ALARM_EPISODE && looks) {
            rc = see_episodes(w, g, e);
        }
        if (rc == 0 && g->end_ns != INT64_MAX && g->end_ns <= ns && g->alarm.truth == ALARM_HOLDS &&
            (g->rule.what == ALARM_EPISODE || g->rule.what == ALARM_EVENT))
            rc = alarm_see_now(w, g, ns, ALARM_NOT, e);
        if (rc == 0)
            rc = alarm_settle(w, g, ns, e);
    }
    if (rc == 0)
        rc = alarm_put_rows(w, e);
    return rc < 0 ? rc : alarm_exec_reap(&w->report.exec, false, e);
}

int alarm_pass(struct alarm_watcher *w, int64_t to_ns, struct kymo_err *e)
{
    int rc = 0;

    for (int64_t left_ns = QUIET_NS; rc == 0 && w->now_ns + ALARM_TICK_NS <= to_ns && left_ns > 0; left_ns -= ALARM_TICK_NS)
        rc = alarm_tick(w, w->now_ns + ALARM_TICK_NS, e);
    if (rc == 0 && w->now_ns + ALARM_TICK_NS <= to_ns)
        w->now_ns = to_ns / ALARM_TICK_NS * ALARM_TICK_NS;
    return rc;
}
