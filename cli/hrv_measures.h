/* cli/hrv_measures.h - the measures of kymo hrv: what each is called, means and needs, and how a series gets them all.
 *
 * A measure is a line of the table in hrv_measures.c, and a double in struct hrv_values that an algorithm fills. */
#ifndef KYMO_CLI_HRV_MEASURES_H
#define KYMO_CLI_HRV_MEASURES_H

#include "algorithms/hrv_corrdim.h"
#include "algorithms/hrv_dfa.h"
#include "algorithms/hrv_entropy.h"
#include "algorithms/hrv_fragment.h"
#include "algorithms/hrv_geometry.h"
#include "algorithms/hrv_multiscale.h"
#include "algorithms/hrv_poincare.h"
#include "algorithms/hrv_prsa.h"
#include "algorithms/hrv_recurrence.h"
#include "algorithms/hrv_segments.h"
#include "algorithms/hrv_time.h"
#include "algorithms/hrv_turbulence.h"
#include "algorithms/nn_select.h"
#include "cli/hrv_spectra.h"

/* What is computed together, and asked for by --measures. */
enum hrv_group {
    HRV_TIME, HRV_SEGMENTS, HRV_GEOMETRY, HRV_FREQUENCY, HRV_ULF, HRV_POINCARE, HRV_ASYMMETRY, HRV_FRAGMENTATION, HRV_PRSA,
    HRV_TURBULENCE, HRV_FRACTAL, HRV_ENTROPY, HRV_FUZZY, HRV_MULTISCALE, HRV_RECURRENCE, HRV_CORRDIM, HRV_GROUPS
};
extern const char *const hrv_group_name[HRV_GROUPS];

/* What all measures of a series come from. */
struct hrv_values {
    struct hrv_time time;
    struct hrv_geometry geometry;
    struct hrv_segments segments;
    struct hrv_powers powers;
    double ulf_ms2, extra_ms2[HRV_EXTRA_BANDS];
    struct hrv_poincare poincare;
    struct hrv_fragment fragment;
    struct hrv_prsa prsa;
    struct hrv_turbulence turbulence;
    struct hrv_dfa dfa;
    struct hrv_entropy entropy;
    double fuzzyen, corrdim;
    struct hrv_multiscale multiscale;
    struct hrv_recurrence recurrence;
};

enum hrv_needs { HRV_NO_BAND, HRV_NEEDS_ULF, HRV_NEEDS_VLF, HRV_NEEDS_LF, HRV_NEEDS_HF };

struct hrv_measure {
    const char *name;           /* of the column, with the unit */
    int decimals;
    enum hrv_group group;
    bool standard;              /* among those that are given unless others are asked for */
    bool level;                 /* of the level, not of variability: given however many intervals are excluded */
    size_t at;                  /* its double in struct hrv_values */
    size_t least_nn;            /* intervals that it needs, */
    double least_s;             /* and time from the first to the last: --force overrides both */
    const char *unit, *definition, *source;
    enum hrv_needs needs;       /* a band, which tells the time that it needs instead */
};

#define HRV_MOST_MEASURES 256

extern const struct hrv_measure hrv_measures[];
extern const size_t hrv_n_measures;

/* How numbers are made: a preset, with what the options change. */
struct hrv_recipe {
    char name[192];             /* "taskforce nn=label": said beside every row */
    bool force;                 /* whatever can be computed is given */
    struct nn_rules nn;
    double x_ms;
    struct hrv_dfa_opt dfa;
    struct hrv_spectra_recipe spectra;
};

/* Why a measure is missing. */
enum hrv_reason { HRV_GIVEN, HRV_FEW, HRV_SHORT, HRV_LONG, HRV_ECTOPIC, HRV_GAPS, HRV_UNDEFINED, HRV_REASONS };
extern const char *const hrv_reason_word[HRV_REASONS];   /* "few"; "" for HRV_GIVEN */
extern const char *const hrv_reason_text[HRV_REASONS];   /* "too few intervals" */

/* A stretch of a recording. */
struct hrv_span {
    double from_s, to_s;
    double length_s;                             /* from the begin of its first NN interval to the end of its last */
    size_t n_beats, n_intervals;                 /* intervals: after correction */
    size_t n_nn, n_corrected, n_excluded;
    double pct_excluded, pct_corrected;          /* of intervals; NaN without */
    double pct_covered;                          /* of length_s, by NN intervals; NaN without */
};

/* Fills what is counted of the intervals of w, whose from_s and to_s are set. */
void hrv_count_intervals(const struct nn_interval *interval, size_t n, struct hrv_span *w);

/* What is measured: the NN intervals of a stretch, and all its beats. */
struct hrv_stretch {
    struct nn_series nn;
    const struct nn_beat *beat;
    size_t n_beats;
};

/* Fills what the groups asked for need. wanted[HRV_GROUPS]. Returns 0 or a negative code. */
int hrv_measure_stretch(const struct hrv_stretch *s, const struct hrv_recipe *recipe, struct hrv_spectra *spectra,
                        const bool *wanted, struct hrv_values *out, struct kymo_err *e);

#define HRV_MOST_OTHERS_PCT 20.0     /* excluded or corrected: more, and a measure of variability says HRV_ECTOPIC */
#define HRV_LEAST_COVERED_PCT 50.0   /* less, and it says HRV_GAPS */

/* The measure's value, or NaN with the reason. */
double hrv_value(const struct hrv_measure *m, const struct hrv_recipe *recipe, const struct hrv_values *v,
                 const struct hrv_span *w, enum hrv_reason *reason);

const struct hrv_measure *hrv_measure_named(const char *name);   /* "sd1_ms"; NULL: there is none */

/* Why the measure of that name is not given of such a stretch, whatever its value would be: a text of hrv_reason_text, or NULL
 * where it is given. For charts, which say no more than the table. */
const char *hrv_withheld(const char *name, const struct hrv_recipe *recipe, const struct hrv_span *w);

#endif
