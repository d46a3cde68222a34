/* cli/plot.h - what the files of kymo plot share: its options, and the page. */
#ifndef KYMO_CLI_PLOT_H
#define KYMO_CLI_PLOT_H

#include "cli/plot_source.h"

enum plot_kind {
    PLOT_AUTO, PLOT_STRIP, PLOT_STACK, PLOT_TACHOGRAM, PLOT_POINCARE, PLOT_HISTOGRAM, PLOT_PSD, PLOT_SPO2,
    PLOT_OVERVIEW, PLOT_DISCLOSURE, PLOT_12LEAD, PLOT_CLUSTERS, PLOT_KINDS
};
#define PLOT_KIND_WORDS "auto|strip|stack|tachogram|poincare|histogram|psd|spo2|overview|disclosure|12lead|clusters"

enum plot_paper { PLOT_FIT, PLOT_A4, PLOT_LETTER };

struct plot_args {
    struct kymo_input_args in;
    const char *path;
    int kind, paper;
    double strip_s, mm_per_s, mm_per_mv, dpi;
    bool term, deidentify;
};

struct plot {
    const struct kymo_call *call;
    const struct plot_args *args;
    struct plot_source source;    /* not open where the recording comes through a pipe and is read as a whole */
    struct kymo_draw *draw;       /* NULL: to the terminal */
    bool fits;                    /* pages are as large as what is on them */
};

#define PLOT_MARGIN_MM 8.0
#define PLOT_HEAD_MM 11.0

/* Of a page of paper, upright or not. */
void plot_paper_size(const struct plot *p, bool upright, double *width_mm, double *height_mm);

/* Begins a page of that size with a head that says what is on it; *y_mm: where the rest begins. */
void plot_page(struct plot *p, double width_mm, double height_mm, const char *what, double *y_mm);

/* Where what is drawn begins and ends: -f and -t, else 0 and the end of the recording, if it is known, else NaN. */
double plot_from_s(const struct plot *p);
double plot_to_s(const struct plot *p);

/* 0, or an error that says that there is nothing between them. */
int plot_check_range(const struct plot *p, double from_s, double to_s, struct kymo_err *e);

/* Which signals are the leads of chart_12lead.h; lead[k] SIZE_MAX: there is none. Returns how many there are. */
size_t plot_find_leads(const struct plot_source *s, size_t lead[]);

/* Each kind, or group of kinds. Of those that draw samples the source is open, and nothing of it is read. */
int plot_strips(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_stack(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_spo2(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_overview(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_disclosure(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_12lead(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_clusters(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_heart(struct plot *p, enum plot_kind kind, struct kymo_err *e);
int plot_term(struct plot *p, enum plot_kind kind, struct kymo_err *e);

#endif
