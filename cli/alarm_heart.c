/* cli/alarm_heart.c - see alarm_heart.h. */
#include "cli/alarm_heart.h"

#include "cli/rhythm.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BEATS 1024           /* kept: beats of the last two minutes and more, at 300 per minute */
#define KEPT_NS (120 * KYMO_NS_PER_S)
#define UNTOLD_NS (4 * KYMO_NS_PER_S)   /* events of a stream that does not tell how late they come */
#define ENDING_NS (3 * KYMO_NS_PER_S)   /* by a few beats nobody can tell that an episode is over */
#define ABSENT_NS (KYMO_NS_PER_S / 2)   /* without an ECG for so long, no beat tells of no pause */
#define RATE_BEATS 9              /* whose intervals make the rate */
#define RATE_LEAST 3

int alarm_heart_open(struct alarm_heart *h, const struct kymo_header *hdr, const struct kymo_strings *leads, bool given,
                     bool watches, const struct kymo_log *log, struct kymo_err *e)
{
    const struct detector_args online = {.online = true, .look_ahead_s = h->look_ahead_s, .pulse = DETECTOR_NO_PULSE};
    const int64_t told_ns = hdr->event_delay_ns > 0 ? hdr->event_delay_ns : UNTOLD_NS + hdr->latency_ns;

    alarm_heart_forget(h);
    h->late = given && hdr->latency_ns == 0;
    h->delay_ns = given ? told_ns : (int64_t)(h->look_ahead_s * KYMO_NS_PER_S);
    h->watches = watches && kymo_has_kind(hdr, KYMO_ECG);
    h->watch.names = leads;
    if (!(h->beat = malloc(MOST_BEATS * sizeof *h->beat)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the beats of two minutes");
    if (!given && !(h->detector = detector_create(hdr, leads, &online, log, e)))
        return e->cause[0].code;
    return 0;
}

void alarm_heart_release(struct alarm_heart *h)
{
    detector_destroy(h->detector);
    watch_release(&h->watch);
    rhythm_release(&h->list);
    free(h->beat);
}

/* ---- beats ---- */

bool alarm_heart_event(struct alarm_heart *h, const struct kymo_event *ev)
{
    size_t old = 0;

    if (kymo_is_break(ev->type) || strcmp(ev->type, "gap") == 0)
        h->broken = true;
    if (!kymo_is_beat(ev->type) || (h->n > 0 && ev->time_ns <= h->beat[h->n - 1].time_ns))
        return false;
    if (h->n == MOST_BEATS)
        while (old < h->n / 2 || (old < h->n && h->beat[old].time_ns < ev->time_ns - KEPT_NS))
            old++;
    if (old > 0)
        memmove(h->beat, h->beat + old, (h->n - old) * sizeof *h->beat);
    h->n -= old;
    h->beat[h->n++] = (struct rhythm_beat){
        .time_ns = ev->time_ns, .sure = 1, .type = rhythm_type_of(ev->type), .shape = -1, .after_break = h->broken,
    };
    h->n_seen++;
    h->broken = false;
    return true;
}

/* From when and how far there is an ECG. */
static void see_data(struct alarm_heart *h, const struct kymo_block *b)
{
    int64_t from_ns = INT64_MAX, to_ns = INT64_MIN;

    for (size_t i = 0; i < b->hdr->n_signals; i++) {
        const struct kymo_span *const s = &b->span[i];
        size_t first = 0, end = b->hdr->signal[i].kind == KYMO_ECG ? s->n : 0;
        while (end > 0 && isnan(s->physical[end - 1]))
            end--;
        while (first < end && isnan(s->physical[first]))
            first++;
        if (first == end)
            continue;
        const int64_t first_ns = kymo_block_time(b, i, s->first + (int64_t)first);
        const int64_t end_ns = kymo_block_time(b, i, s->first + (int64_t)end);
        from_ns = first_ns < from_ns ? first_ns : from_ns;
        to_ns = end_ns > to_ns ? end_ns : to_ns;
    }
    if (to_ns == INT64_MIN)
        return;
    if (b->new_segment || h->data_ns < from_ns - ABSENT_NS)
        h->came_ns = from_ns;
    h->data_ns = to_ns > h->data_ns ? to_ns : h->data_ns;
}

void alarm_heart_forget(struct alarm_heart *h)
{
    h->n = 0;
    h->broken = true;
    h->data_ns = INT64_MIN;
}

int alarm_heart_push(struct alarm_heart *h, struct kymo_block *b, struct kymo_err *e)
{
    int rc = h->watches ? watch_block(&h->watch, b, e) : 0;

    see_data(h, b);
    if (!h->detector && b->new_segment)
        h->broken = true;
    return rc == 0 && h->detector ? detector_push(h->detector, b, e) : rc;
}

double alarm_heart_rate(const struct alarm_heart *h)
{
    size_t first = h->n;

    do
        first--;
    while (first > 0 && h->n - first < RATE_BEATS && !h->beat[first].after_break);
    if (h->n - first < RATE_LEAST)
        return (double)NAN;
    return (double)(h->n - 1 - first) * 60e9 / (double)(h->beat[h->n - 1].time_ns - h->beat[first].time_ns);
}

/* ---- episodes ---- */

/* Fibrillation that has ended since the last look, and what goes on. */
static int add_fibrillation(struct alarm_heart *h, struct kymo_err *e)
{
    struct watch_span now = {0};
    int rc = 0;

    const size_t n = h->watch.fibrillation.n;
    for (size_t i = 0; rc == 0 && i <= n; i++) {
        const struct watch_span *const s = i < n ? &h->watch.fibrillation.span[i] : &now;
        if (i == n && !watch_fibrillates(&h->watch, &now))
            break;
        rc = rhythm_add(&h->list, &(struct rhythm_episode){
            .from_ns = s->from_ns, .to_ns = s->to_ns, .rate_per_min = (double)NAN, .confidence = s->confidence,
            .kind = RHYTHM_VF,
        }, e);
    }
    h->watch.fibrillation.n = h->watch.silence.n = 0;   /* they are told once */
    return rc;
}

/* Up to where every beat is known, and there is an ECG; INT64_MIN if nobody can tell. */
static int64_t known_ns(const struct alarm_heart *h, int64_t now_ns)
{
    return h->late || h->data_ns < now_ns - ABSENT_NS ? INT64_MIN : now_ns - h->delay_ns;
}

/* Whether no beat came since the ECG did. */
static bool is_quiet(const struct alarm_heart *h) { return h->n == 0 || h->beat[h->n - 1].time_ns < h->came_ns; }

bool alarm_heart_waits(const struct alarm_heart *h, int64_t now_ns)
{
    const int64_t from_ns = is_quiet(h) ? h->came_ns : h->beat[h->n - 1].time_ns;
    const double shortest_s = fmin(h->limits.pause_s, h->limits.asystole_s);

    return known_ns(h, now_ns) >= from_ns + (int64_t)(shortest_s * KYMO_NS_PER_S);
}

/* Where no beat came since the ECG did, which may have been absent before. */
static int add_quiet(struct alarm_heart *h, int64_t known, struct kymo_err *e)
{
    const double quiet_s = known > h->came_ns ? (double)(known - h->came_ns) / KYMO_NS_PER_S : 0;

    if (quiet_s < h->limits.pause_s && quiet_s < h->limits.asystole_s)
        return 0;
    return rhythm_add(&h->list, &(struct rhythm_episode){
        .from_ns = h->came_ns, .to_ns = known, .rate_per_min = (double)NAN, .confidence = (double)NAN,
        .kind = quiet_s >= h->limits.asystole_s ? RHYTHM_ASYSTOLE : RHYTHM_PAUSE,
    }, e);
}

int alarm_heart_look(struct alarm_heart *h, int64_t now_ns, struct kymo_err *e)
{
    const int64_t known = known_ns(h, now_ns);
    size_t first = 0;

    while (first < h->n && h->beat[first].time_ns < now_ns - KEPT_NS)
        first++;
    const struct rhythm_input in = {
        .beat = h->beat + first, .n = h->n - first,
        .end_ns = known == INT64_MIN || h->broken || is_quiet(h) ? 0 : known,
    };
    h->list.n = 0;
    int rc = h->watches ? add_fibrillation(h, e) : 0;
    if (rc == 0 && is_quiet(h))
        rc = add_quiet(h, known, e);
    if (rc == 0 && in.n > 0)
        rc = rhythm_find(&in, &h->limits, &h->list, e);
    return rc;
}

bool alarm_heart_goes_on(const struct alarm_heart *h, const struct rhythm_episode *p, int64_t now_ns)
{
    if (p->kind == RHYTHM_VF)
        return h->watch.begun && p->to_ns >= now_ns - ALARM_HEART_ENDED_NS;
    const int64_t last_ns = h->n > 0 ? h->beat[h->n - 1].time_ns : INT64_MIN;
    if (p->kind == RHYTHM_PAUSE || p->kind == RHYTHM_ASYSTOLE)   /* a beat ends it */
        return p->to_ns > last_ns;
    return p->to_ns >= last_ns - ENDING_NS;
}
