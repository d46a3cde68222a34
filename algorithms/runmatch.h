/* algorithms/runmatch.h - compares the runs of ectopic beats of two series of annotations.
 *
 * A run is a row of ventricular beats (V, F) or of supraventricular ones (S) without another beat between them; it has the
 * length 1 to 5, or 6 for six and more. Ventricular fibrillation counts as a ventricular run of length 6, atrial fibrillation
 * as a supraventricular one, in which normal beats are supraventricular too. For each run of one series, from one WINDOW
 * before its first beat to one WINDOW behind its last, the longest run of the other series is looked for (0: none), once with
 * the runs of the reference (sensitivity) and once with those of the test (positive predictivity):
 *   count[pass][length in the reference][length in the test]++
 * Couplets have 2 beats, short runs 3 to 5, long runs more. One is found if the other series has a run at least of its class
 * there, so that 2 against 6 is a couplet found.
 *
 * Source: ANSI/AAMI EC57:1998/(R)2003 and EC38:2007, in the reading of the WFDB program rxr 10.7.0 (G. B. Moody). Every cell is
 * rxr's: byte for byte in its reports on 13 records of mitdb (tests/validation/reference.sh). From rxr comes too that the other
 * series is read forward only (of two runs with overlapping windows the first takes what it sees), that a change to the other
 * kind of fibrillation breaks a run only in the series that is searched, and that a run which the end cuts off counts. Unlike
 * rxr we give the true longest run where the window begins before time 0 (rxr answers 6), and let fibrillation without an end
 * last to the end. The rules are rxr's, the code is ours. */
#ifndef KYMO_RUNMATCH_H
#define KYMO_RUNMATCH_H

#include "lib/err.h"

#include <stddef.h>
#include <stdint.h>

/* What an annotation is to the comparison. */
enum runmatch_kind {
    RUNMATCH_N, RUNMATCH_S, RUNMATCH_V, RUNMATCH_Q,     /* beats; fusion beats are V */
    RUNMATCH_SHUTDOWN, RUNMATCH_READABLE,               /* changes of quality: nothing to be seen, and anything else */
    RUNMATCH_VF_ON, RUNMATCH_VF_OFF,
    RUNMATCH_RHYTHM_AF, RUNMATCH_RHYTHM_VF, RUNMATCH_RHYTHM,   /* a change to AF or flutter "(AF...", "(VF...", to another */
    RUNMATCH_OTHER,
};

/* The kind of a WFDB annotation: mnemonic, subtype of "~", text of "+". Classes as in beatmatch.h. */
enum runmatch_kind runmatch_kind_of(const char *mnemonic, int subtype, const char *text);

struct runmatch_mark {
    int64_t time;               /* in any unit, the same for both series; >= 0 */
    enum runmatch_kind kind;
};

/* All annotations in order of time. */
struct runmatch_series {
    const struct runmatch_mark *mark;
    size_t n;
};

struct runmatch_options {
    int64_t window;             /* >= 0: 150 ms in the standard */
    int64_t start;              /* first time to count: 5 min in the standard */
    int64_t end;                /* last time to count; 0 or less: the end of the series */
};

enum runmatch_type { RUNMATCH_VENTRICULAR, RUNMATCH_SUPRAVENTRICULAR, RUNMATCH_TYPES };
enum runmatch_pass { RUNMATCH_SENSITIVITY, RUNMATCH_PREDICTIVITY, RUNMATCH_PASSES };
#define RUNMATCH_LENGTHS 7      /* 0 to 5, and 6 for more */

struct runmatch {
    int64_t count[RUNMATCH_PASSES][RUNMATCH_LENGTHS][RUNMATCH_LENGTHS];
};

/* Compares. Fills *out. Returns 0, or KYMO_EUSAGE (window), KYMO_EDATA (times out of order), KYMO_ENOMEM. */
int runmatch_compare(const struct runmatch_series *ref, const struct runmatch_series *test, enum runmatch_type type,
                     const struct runmatch_options *options, struct runmatch *out, struct kymo_err *e);

enum runmatch_class { RUNMATCH_COUPLET, RUNMATCH_SHORT, RUNMATCH_LONG, RUNMATCH_CLASSES };

/* Runs of a class: of the reference (pass of sensitivity) or of the test (of predictivity), those that the other series has
 * too, and those that it has not. */
struct runmatch_tally {
    int64_t found, missed;
};

/* From the matrix of m. */
struct runmatch_tally runmatch_tally(const struct runmatch *m, enum runmatch_pass pass, enum runmatch_class c);

/* *sum += *from, for a gross row; sum begins zeroed. */
void runmatch_add(struct runmatch *sum, const struct runmatch *from);

#endif
