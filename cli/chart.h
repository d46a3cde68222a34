/* cli/chart.h - what the charts of kymo plot share: colours, axes, text that fits.
 *
 * A chart draws plain data into a place on a page, whose size it is told or tells. Colours are those that people who are blind
 * to some can tell apart (M. Okabe and K. Ito, Color Universal Design, 2008), and no chart says anything by colour alone. */
#ifndef KYMO_CLI_CHART_H
#define KYMO_CLI_CHART_H

#include "lib/draw.h"

#include <stddef.h>

enum {
    CHART_INK = 0x000000, CHART_GREY = 0x595959, CHART_PALE = 0xdddddd, CHART_BLUE = 0x0072b2, CHART_RED = 0xd55e00,
    CHART_GREEN = 0x009e73, CHART_ORANGE = 0xe69f00, CHART_SKY = 0x56b4e9, CHART_PINK = 0xcc79a7, CHART_PALE_SKY = 0xcfe6f5,
    CHART_PALE_ORANGE = 0xfbe8c4, CHART_RED_TEXT = 0xb34700, CHART_BLUE_TEXT = 0x005a8c,   /* dark enough to be read */
};

#define CHART_TEXT_MM 2.8
#define CHART_SMALL_MM 2.3
#define CHART_COLUMN_MM 0.1       /* finer than eye and printer: of more samples than these, envelopes are drawn */
#define CHART_TOLERANCE_MM 0.02   /* a fraction of the thinnest line: points that change it by less are left out */

struct chart_place {
    double x, y, width, height;   /* mm */
};

/* Points in order of time; NaN parts lines. */
struct chart_curve {
    const char *label, *unit;
    const double *t_s, *y;
    size_t n;
};

/* A beat, an episode, a note. */
struct chart_mark {
    double t_s, duration_s;       /* 0: a moment */
    const char *type, *text;      /* type: WFDB mnemonic, or a word of ours */
};

struct chart_axis {
    double lo, hi, step;          /* step: between ticks */
    bool is_time;                 /* s: ticks are h:mm:ss */
    const char *name;             /* with unit, "RR / ms"; NULL, of x: ticks have no text */
};

extern const struct kymo_font chart_text, chart_small, chart_bold;

/* An axis that holds lo..hi, with at most n steps of 1, 2 or 5 times a power of ten; for time, of what clocks have. Where lo
 * and hi are one, or no numbers, it has some room round them. A time axis ends where from_s and to_s say. */
struct chart_axis chart_round_axis(double lo, double hi, size_t n, const char *name);
struct chart_axis chart_time_axis(double from_s, double to_s, size_t n);

/* Where a value is along place. */
double chart_x(const struct chart_place *place, const struct chart_axis *a, double x);
double chart_y(const struct chart_place *place, const struct chart_axis *a, double y);

/* Frame, ticks and their text round place, thin lines in it, names: x's below at the right, y's above at the left. Needs
 * CHART_LEFT_MM, CHART_BELOW_MM and CHART_ABOVE_MM round it. A time axis needs no name. */
#define CHART_LEFT_MM 14.0
#define CHART_BELOW_MM 8.0
#define CHART_ABOVE_MM 6.0
#define CHART_RIGHT_MM 6.0
void chart_axes(struct kymo_draw *d, const struct chart_place *place, const struct chart_axis *x, const struct chart_axis *y);

/* Curve inside place, in pen. */
void chart_curve(struct kymo_draw *d, const struct chart_place *place, const struct chart_axis *x, const struct chart_axis *y,
                 const struct chart_curve *c, struct kymo_pen pen);

/* Least and greatest of a curve; NaN where there is no point. */
void chart_limits(const struct chart_curve *c, double *lo, double *hi);

/* A mark's word: its text where it speaks for itself, else its type; a rhythm as "AFIB", not "(AFIB". */
const char *chart_mark_word(const struct chart_mark *m);

/* It, from x on, in so much width; as identity (draw.h) where it is free text. */
void chart_draw_mark_word(struct kymo_draw *d, struct kymo_font font, double x, double y, double width,
                          const struct chart_mark *m);

/* Text cut to width, with an ellipsis where it is. */
void chart_text_within(struct kymo_draw *d, struct kymo_font font, enum kymo_anchor anchor, double x, double y, double width,
                       const char *text);

/* Across the middle of a place that has nothing else to show. */
void chart_no_data(struct kymo_draw *d, const struct chart_place *place, const char *why);

/* "1:02:03", with the decimals that steps of so long need. */
void chart_time_text(double t_s, double step_s, char *text, size_t cap);

#endif
