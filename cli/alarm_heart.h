/* cli/alarm_heart.h - the heart of a recording that is still coming, for kymo alarm: its rate, and the episodes that go on now.
 *
 * Beats come as events, or from the detector as kymo qrs --online has it. Episodes follow from
 * the beats of the last two minutes by the rules of algorithms/rhythm.h, and fibrillation from the samples; what needs beats
 * that are told apart is there only where they come with their types, and atrial fibrillation never. */
#ifndef KYMO_CLI_ALARM_HEART_H
#define KYMO_CLI_ALARM_HEART_H

#include "algorithms/rhythm.h"
#include "cli/detector.h"
#include "cli/watch.h"

#define ALARM_HEART_HELD_NS (8 * KYMO_NS_PER_S)   /* for so long behind a beat its rate is taken to hold */
#define ALARM_HEART_ENDED_NS (3 * KYMO_NS_PER_S)  /* fibrillation seen no later than so long ago is over */

struct alarm_heart {
    struct detector *detector;    /* NULL: beats come as events */
    struct watch watch;           /* for fibrillation */
    double look_ahead_s;          /* of the detector */
    int64_t delay_ns;             /* after which every beat is known */
    int64_t data_ns;              /* behind the last sample of an ECG */
    int64_t came_ns;              /* when it came, or came back: silence counts from there */
    bool late;                    /* beats come some time behind the samples, nobody knows how long: silence tells nothing */
    bool watches, broken;         /* broken: no interval ends with the next beat */
    struct rhythm_limits limits;
    struct rhythm_beat *beat;     /* the latest */
    size_t n;
    uint64_t n_seen;              /* of all */
    struct rhythm_list list;      /* episodes at the last look */
};

/* Zeroed but for limits and look_ahead_s to begin with. given: beats come as events. watches: fibrillation is asked for. */
int alarm_heart_open(struct alarm_heart *h, const struct kymo_header *hdr, const struct kymo_strings *leads, bool given,
                     bool watches, const struct kymo_log *log, struct kymo_err *e);
void alarm_heart_release(struct alarm_heart *h);

int alarm_heart_push(struct alarm_heart *h, struct kymo_block *b, struct kymo_err *e);
/* Whether it is a beat, which then is the heart's last. What h's detector found in a push has to come this way too. */
bool alarm_heart_event(struct alarm_heart *h, const struct kymo_event *ev);

/* At the last beat, per minute: 60 s over the mean of the last 8 intervals that no gap breaks, or fewer, but at least 2. NaN
 * where there are none. h has beats. */
double alarm_heart_rate(const struct alarm_heart *h);

/* Time begins anew. */
void alarm_heart_forget(struct alarm_heart *h);

/* Whether more may be known at now_ns than a tick before, though no beat came: of pauses. */
bool alarm_heart_waits(const struct alarm_heart *h, int64_t now_ns);

/* Looks for episodes, into h->list. alarm_heart_goes_on tells which of them do. */
int alarm_heart_look(struct alarm_heart *h, int64_t now_ns, struct kymo_err *e);

/* Whether an episode of the list goes on now. */
bool alarm_heart_goes_on(const struct alarm_heart *h, const struct rhythm_episode *p, int64_t now_ns);

#endif
