/* cli/report_parts.h - what the files of kymo report share, and kymo export: options, and what is known of a recording until
 * all of it is printed. */
#ifndef KYMO_CLI_REPORT_PARTS_H
#define KYMO_CLI_REPORT_PARTS_H

#include "cli/chart_strip.h"
#include "cli/hrv.h"
#include "cli/overview.h"
#include "cli/oximetry_curves.h"
#include "cli/plot_source.h"
#include "cli/report.h"
#include "cli/spo2_columns.h"
#include "cli/spo2_read.h"

struct report_args {
    struct kymo_input_args in;
    const char *path;
    int paper;
    bool json, deidentify, disclosure;
};

/* What -s, or the kinds of signals, say: -s for each part. */
struct report_choice {
    bool heart, oximetry;
    struct kymo_input_args heart_in, oximetry_in;
    char **name;                  /* indices as texts, which the two have views of */
    size_t n_names;
};

#define REPORT_MOST_STRIPS 24
#define REPORT_STRIP_LEADS 3
#define REPORT_STRIP_S 6.8        /* with what stands beside it as wide as a page at 25 mm/s */

struct report_strip {
    char title[160];
    double at_s, from_s;          /* of what it shows; of the strip */
    struct plot_source source;    /* labels of leads are its */
    struct plot_view view;
    struct chart_mark *mark;
    struct chart_strip chart;
};

struct report_heart {
    struct rhythm_record r;
    struct rhythm_counting counting;
    struct rhythm_count count;    /* of all of it */
    struct overview overview;
    double *trend;                /* of the overview, 4 series */
    struct hrv_recipe recipe;
    struct nn_interval *interval;
    size_t n_intervals;
    double *drawn;                /* of them, for JSON: lengths, whether they count, whether they follow the one before */
    struct nn_room room;
    struct nn_series nn;
    struct hrv_span span;
    struct hrv_values values;
    struct hrv_spectra spectra;
    char spectra_words[160];
    struct report_strip *strip;
    size_t n_strips;
    struct plot_source disclosed; /* of --disclosure */
    struct plot_view disclosed_view;
    struct report_hour *hour;
};

/* A page of full disclosure, which is read when it is drawn. */
struct report_hour {
    struct report_heart *h;
    double from_s, to_s;
};

struct report_night {
    struct spo2_args args;
    struct spo2_record w;
    struct spo2_measures measures;
    struct oximetry_curves trend, deepest;
    struct chart_mark *mark;
    double from_s, to_s, deepest_from_s, deepest_to_s;
    double *share;                /* of readings, %, at each per cent */
};

struct report_parts {
    const struct kymo_call *call;
    struct kymo_call again;       /* the same, which says nothing: for reading once more what was warned of already */
    const struct report_args *args;
    bool spooled;                 /* from standard input */
    const char *name;             /* of the recording */
    struct kymo_header hdr;       /* all signals */
    struct report_choice choice;
    struct report_heart heart;
    struct report_night night;
    struct report report;
};

static inline double report_seconds(int64_t ns) { return (double)ns / (double)KYMO_NS_PER_S; }

/* Reads and measures the call's operand as args say, and gives to print what a report says of it. Returns 0 or a negative code,
 * print's too. For kymo report and kymo export. */
int report_make(const struct kymo_call *call, const struct report_args *args,
                int (*print)(const struct report_parts *p, void *to, struct kymo_err *e), void *to, struct kymo_err *e);

/* Each reads or fills its part; those that read return 0 or a negative code. */
int report_read_heart(struct report_parts *p, struct kymo_err *e);
void report_fill_heart(struct report_parts *p);
void report_release_heart(struct report_heart *h);

int report_measure_hrv(struct report_heart *h, struct kymo_err *e);
void report_fill_hrv(struct report_parts *p);
const char *report_hrv_missing(const struct report_heart *h, const char *measure);   /* why it is not given, in words */

int report_read_strips(struct report_parts *p, struct kymo_err *e);
void report_fill_strips(struct report_parts *p);
void report_release_strips(struct report_heart *h);

int report_open_disclosure(struct report_parts *p, struct kymo_err *e);
void report_fill_disclosure(struct report_parts *p);

int report_read_night(struct report_parts *p, struct kymo_err *e);
void report_fill_night(struct report_parts *p);
void report_release_night(struct report_night *n);

int report_fill_notes(struct report_parts *p, struct kymo_err *e);   /* reads them too */
int report_fill_made(struct report_parts *p, struct kymo_err *e);

#endif
