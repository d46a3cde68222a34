/* cli/plot_source.h - what kymo plot draws of a recording's signals, stretch by stretch, and its events. From a file or a pipe:
 * the recording is read once, from front to back. */
#ifndef KYMO_CLI_PLOT_SOURCE_H
#define KYMO_CLI_PLOT_SOURCE_H

#include "cli/chart.h"
#include "lib/command.h"

struct envelope;

struct plot_source {
    struct kymo_reader *in;
    size_t *pick, n_pick;         /* signals that are drawn; set by plot_pick */
    struct chart_mark *mark;      /* known so far, in order of time; all, where they were read beforehand */
    size_t n_marks;
    bool has_marks;               /* there are events, or may be */
    bool no_notes;                /* marks have no text but that of rhythms; set before plot_open */
    bool is_one;                  /* one stretch is read, and behind it events that belong to it, which a stream brings late */
    int64_t end_ns, before_ns;    /* behind the last sample read; behind those of the block before */
    bool ended;
    struct kymo_block *block;     /* the last, which may reach into the next stretch; the rest is for plot_source.c */
    struct kymo_text_piece *text;
    size_t cap_marks;
    bool marks_given;
};

/* Zeroed memory but for no_notes, to be released whatever comes back. Of a file with -a, all events before -t are read at once:
 * what began before -f is known too. */
int plot_open(const struct kymo_call *call, const struct kymo_input_args *in, struct plot_source *s, struct kymo_err *e);
void plot_release(struct plot_source *s);

/* Of a file that has events of its own, reads those before -t at once, as of -a; a pipe brings them while it is read. */
int plot_read_marks(const struct kymo_call *call, const struct kymo_input_args *in, struct plot_source *s, struct kymo_err *e);

/* Signals of a kind, or, KYMO_KINDS, all, are drawn; triggers and annotations are not. Where -s said which, they are. */
int plot_pick(struct plot_source *s, enum kymo_kind kind, bool asked, struct kymo_err *e);
size_t plot_count(const struct plot_source *s, enum kymo_kind kind);

/* The marks from from_s to to_s, and those before that may hold there: from the last change of rhythm on, or from the first
 * that lasts so long. Views, until the next read. */
size_t plot_marks(const struct plot_source *s, double from_s, double to_s, const struct chart_mark **mark);

/* Stretches of one length, as curves: one for each picked signal. */
struct plot_view {
    struct chart_curve *curve;
    size_t n;                     /* curves */
    double column_s;
    size_t n_columns;
    struct envelope **envelope;
    double *room;
};

/* Columns so long, so many; column_s 0: so many for all that comes. Zeroed memory, released whatever comes back; labels are
 * views of the source's. */
int plot_view_make(struct plot_view *v, const struct plot_source *s, double column_s, size_t n_columns, struct kymo_err *e);
void plot_view_release(struct plot_view *v);

/* The stretch from from_s on, which does not lie before the last one, into v->curve; in mV, or as it is. */
int plot_view_read(struct plot_source *s, struct plot_view *v, double from_s, bool in_mv, struct kymo_err *e);

/* Whether any curve has a point. */
bool plot_view_has_data(const struct plot_view *v);

#endif
