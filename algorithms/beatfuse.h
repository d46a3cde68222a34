/* algorithms/beatfuse.h - the beats of the heart from those of an ECG and the pulses of pressures or photoplethysmograms.
 *
 * Each pulse signal follows the ECG by a delay of its own: the commonest distance of its good pulses (quality 0.5 and more)
 * from the ECG beats up to 1 s before them, then the median and the median deviation of those within 0.1 s of that, over the
 * last 64 pulses. The first time at least 12 pulses must tell it, and 0.8 of them; later it is kept as it was while fewer than
 * 0.6 do. A pulse less its delay matches an ECG beat within 0.06 s and three deviations, 0.12 s at most.
 * Second by second, in windows of 6 s before, round and behind it, the ECG and its best pulse signal are compared:
 *
 *   disagreement  pulses without an ECG beat, and ECG beats without a pulse among good pulses, over the pulses. Beats without
 *                 a pulse that explain themselves do not count: the pulse pauses for them, or at least four of them follow
 *                 the beat before them at the same distance (ectopic beats whose wave is weak)
 *   disorder      of either: the part of its intervals that differs by over 15 % from their median, and how unsure its beats
 *                 are
 *
 * Where they disagree by 0.25 or more and the ECG has the more disorder, the ECG is not trusted: pulses without an ECG beat
 * become beats, moved by the delay, and where good pulses lie on both sides the ECG beats are left out that have a score of at
 * most 0.9996 and that no wave, however weak, and nothing above explains. Elsewhere every ECG beat stays, and a pulse becomes
 * a beat only in an ECG interval of over 1.5 times the usual, well inside of it, if the pulses round it have ECG beats. So
 * without good pulses the ECG's beats come out as they went in; so they do where the two agree, where every ECG beat has a
 * score of nearly 1, where over a fifth of the pulses are bad, and where the delay deviates by more than 0.03 s. Until a delay
 * is learnt a usual one stands in, and only where the ECG gives no beats or is known to be blind.
 *
 * Ours; that a pulse stands in for an ECG which cannot be read, with a delay learnt where it can: A. E. W. Johnson, J. Behar,
 * F. Andreotti, G. D. Clifford and J. Oster, Comput. Cardiol. 41:281-284, 2014, and others of that challenge.
 *
 * To wire: ask one qrs (ECG leads), and one pulse for each pulse signal, for their beats as blocks come; hand each beat over
 * at once with its time since the start of the recording (pulses of quality 0 too: they vouch for weak beats). With now_ns, the
 * time up to which every signal has been pushed, take
 *
 *     while (beatfuse_next(f, now_ns - LATEST_NS, &beat)) give(&beat);
 *
 * where LATEST_NS is the larger look-ahead of qrs, as it was created, and of pulse; at the end, when all detectors are flushed,
 * the same with INT64_MAX. (A beat handed over later than that is joined with what is still undecided and comes out of order.)
 * At a gap flush the detectors; beatfuse goes on, its delays still hold. Tell stretches of the ECG that hold no heart (flat,
 * lead off) with beatfuse_blind before next is asked for what lies within 12 s of their beginning; a long one may be told in
 * pieces. Stretches without samples need not be told: they hold no beats. In all, a beat is known LATEST_NS and
 * BEATFUSE_LOOK_AHEAD_S after it. An ECG beat keeps its time to the nanosecond; that of a pulse lies on no grid. */
#ifndef KYMO_BEATFUSE_H
#define KYMO_BEATFUSE_H

#include "lib/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BEATFUSE_LOOK_AHEAD_S 12.0   /* beats are decided when all is known for so long behind them */
#define BEATFUSE_MOST_PULSES 16
#define BEATFUSE_ECG (-1)

enum beatfuse_kind { BEATFUSE_PRESSURE, BEATFUSE_VOLUME };   /* blood pressure; photoplethysmogram */

struct beatfuse;

struct beatfuse_beat {
    int64_t time_ns;
    double score;                /* 0..1: the ECG beat's score or the pulse's quality */
    int source;                  /* BEATFUSE_ECG, or which pulse signal, from 0 */
};

/* kind[n_pulses], 0..BEATFUSE_MOST_PULSES of them. Returns an object for beatfuse_destroy, or NULL with *e set (KYMO_EUSAGE,
 * KYMO_ENOMEM). Holds the beats of the last 20 s and those handed over ahead of what is taken. */
struct beatfuse *beatfuse_create(const enum beatfuse_kind *kind, size_t n_pulses, struct kymo_err *e);

/* Hand over, in order of time in each source: an ECG beat with its score, 0..1; a pulse of signal k with its quality, 0..1;
 * from where to where the ECG cannot be read. Times from 0 on. Each returns 0 or KYMO_ENOMEM. */
int beatfuse_ecg(struct beatfuse *s, int64_t time_ns, double score, struct kymo_err *e);
int beatfuse_pulse(struct beatfuse *s, size_t k, int64_t time_ns, double quality, struct kymo_err *e);
int beatfuse_blind(struct beatfuse *s, int64_t from_ns, int64_t to_ns, struct kymo_err *e);

/* The next beat, in order of time: true with *out set, or false if it takes more than what lies before until_ns, all of which
 * has been handed over. How often it is asked, and with which times, changes no beat. Cannot fail. */
bool beatfuse_next(struct beatfuse *s, int64_t until_ns, struct beatfuse_beat *out);

void beatfuse_destroy(struct beatfuse *s);   /* NULL is fine */

#endif
