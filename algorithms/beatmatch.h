/* algorithms/beatmatch.h - beat-by-beat comparison of two annotation series, as ANSI/AAMI EC57 wants it.
 *
 * Walks both series in time order and pairs beats that lie within the match window (150 ms in the standard). With R, T
 * the earliest beats not yet dealt with and R', T' the next ones, the earlier of R and T decides:
 *   T before R:  paired if R-T <= window and (R-T < |R-T'| or |R'-T'| < |R-T'|); otherwise T is extra
 *   else:        paired if T-R <= window and (T-R < |T-R'| or |R'-T'| < |R'-T|); otherwise R is missed
 * Each step counts one cell of a table, row the reference class, column the test class: N S V F Q, O for "no beat there"
 * and X for "no beat there, and this side declares the signal unreadable (shutdown)". Test beats extra during reference
 * ventricular fibrillation are not counted at all; beats between VF marks are skipped in both series.
 * Start: the last test beat before START may still pair with the first reference beat; if it does not, a first test beat
 * within one window of START that pairs with nothing is forgiven.
 *
 * Source: ANSI/AAMI EC57:1998/(R)2003 and EC38:2007, in the reading of the WFDB program bxb 10.7.0 (27 April 2020;
 * G. B. Moody), including the second condition for a pair, added on 24 November 2002 for rates above 200 per minute.
 * Every cell and the RR error are bxb's: byte for byte in its reports on 13 records of mitdb, three test annotators, from
 * 5:00 and from 0:00 (tests/unit/test_beatmatch.c). For that we also keep what an own reading of the standard would not:
 *   - only the latest two VF and shutdown periods of each series are remembered, one beat ahead;
 *   - VF without an end, and shutdown without an end in the test series, is open only if it is the first of its series;
 *   - a beat at time 0 begins no RR interval;
 *   - after a missed or an extra beat the RR error takes the same interval of the other series once more.
 * The rules are bxb's, the code is ours. */
#ifndef KYMO_BEATMATCH_H
#define KYMO_BEATMATCH_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

/* What an annotation is to the comparison. Beats: N normal and bundle branch, S supraventricular, V ventricular,
 * F fusion, Q paced or unknown, O a beat label of no class. The rest are marks. */
enum beatmatch_kind {
    BEATMATCH_N, BEATMATCH_S, BEATMATCH_V, BEATMATCH_F, BEATMATCH_Q, BEATMATCH_O,
    BEATMATCH_X,              /* shutdown begins: in the table, a place where a beat cannot be seen */
    BEATMATCH_READABLE,       /* ends a shutdown if it comes next after its beginning */
    BEATMATCH_VF_ON, BEATMATCH_VF_OFF,
    BEATMATCH_OTHER,          /* anything else; matters only as the next annotation after a shutdown mark */
};
#define BEATMATCH_CLASSES (BEATMATCH_X + 1)   /* rows and columns of the table */

/* The kind of a WFDB annotation with this mnemonic ("N", "L", "V", "[", "~", ...). SUBTYPE tells a shutdown ("~" with bits
 * 4 and 5 set) from other changes of quality. Classes as in bxb -S: escapes are S or V, flutter waves ("!") are O. */
enum beatmatch_kind beatmatch_kind_of(const char *mnemonic, int subtype);

/* TIME: samples, or any unit, the same for both series; 0..2^61-1. */
struct beatmatch_mark {
    int64_t time;
    enum beatmatch_kind kind;
};

/* A series in time order, all annotations. */
struct beatmatch_series {
    const struct beatmatch_mark *mark;
    size_t n;
};

#define BEATMATCH_END_OF_REFERENCE (-1)   /* until the last reference beat: for records of unknown length */
#define BEATMATCH_END_OF_EITHER 0         /* until the last beat of the series that ends first */

/* A stretch of time, both ends in it. */
struct beatmatch_span {
    int64_t on, off;
};

struct beatmatch_options {
    int64_t window;   /* largest distance of a pair, >= 0: 150 ms in the standard, rounded to whole units */
    int64_t start;    /* first time to count, >= 0: 5 min in the standard */
    int64_t end;      /* last time to count, > 0 and >= start (the record's length), or one of the two above */
    const struct beatmatch_span *ignore;   /* ignore[n_ignore], in order of time, not overlapping: see below */
    size_t n_ignore;
};

/* Beats pair as if nothing were ignored; then a pair counts nowhere, nor is it listed, if its reference beat lies in an ignored
 * span, an extra beat if the test beat does. An RR error counts nowhere if its reference interval touches a span. */

/* One step. A series without a beat there has index -1 and kind O or X, or, for the reference, VF_ON: then the test beat lies
 * in its ventricular fibrillation and is not in the table. */
struct beatmatch_pair {
    ptrdiff_t ref, test;   /* indices of marks */
    enum beatmatch_kind ref_kind, test_kind;
};

/* count[reference class][test class]; of the last two rows and columns, O-O, O-X, X-O and X-X stay 0. */
struct beatmatch_table {
    int64_t count[BEATMATCH_CLASSES][BEATMATCH_CLASSES];
};

struct beatmatch {
    struct beatmatch_pair *pair;      /* pair[n_pairs] in time order */
    size_t n_pairs;
    struct beatmatch_table table;
    double rr_square_sum;             /* sum of (reference RR - test RR)^2, time units squared */
    int64_t n_rr;                     /* terms in it */
    int64_t test_shutdown;            /* time units the test series declares unreadable, in the whole record */
    int test_shutdown_open;           /* non-zero if one more shutdown has no end and, without an END, no length */
};

/* Compares. Fills *out, to be given to beatmatch_release. Returns 0, or KYMO_EUSAGE (options), KYMO_EDATA (a time before
 * 0 or before its predecessor's), KYMO_ENOMEM; *out then needs no release. */
int beatmatch_compare(const struct beatmatch_series *ref, const struct beatmatch_series *test,
                      const struct beatmatch_options *options, struct beatmatch *out, struct kymo_err *e);

/* Frees the list of pairs. */
void beatmatch_release(struct beatmatch *m);

/* Adds FROM's cells to SUM's: gross statistics of several records are those of the summed table. */
void beatmatch_add(struct beatmatch_table *sum, const struct beatmatch_table *from);

/* part out of whole. */
struct beatmatch_ratio {
    int64_t part, whole;
};

/* Sensitivity: of the reference beats, those found. Predictivity: of the test beats, those that are true. For QRS any
 * class pairs with any. For V and S the classes must agree; test V on a reference F or Q is neither true nor false, nor is
 * test S on Q; test S on F is false, as in bxb. FPR: of the beats that are not V, those called V. */
struct beatmatch_ratio beatmatch_qrs_sensitivity(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_qrs_predictivity(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_v_sensitivity(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_v_predictivity(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_v_false_positive_rate(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_s_sensitivity(const struct beatmatch_table *t);
struct beatmatch_ratio beatmatch_s_predictivity(const struct beatmatch_table *t);

/* Of the reference beats of class N, S, V, F or Q, those missed while the test series was shut down. */
struct beatmatch_ratio beatmatch_missed_in_shutdown(const struct beatmatch_table *t, enum beatmatch_kind kind);

/* 100 part / whole; NaN if whole is 0. */
double beatmatch_percent(struct beatmatch_ratio r);

/* Root mean square of the RR errors in ms, with RATE_HZ time units in a second; NaN if there are none. */
double beatmatch_rr_error_ms(const struct beatmatch *m, double rate_hz);

#endif
