/* lib/draw.h - pages of lines and text, to SVG, PNG or PDF by the ending of the file's name.
 *
 * Lengths are mm from the upper left corner of the page, y downwards; 1 mm is 1 mm in print. The same calls give the same
 * bytes. A PDF has several pages; of the other two the first page is the file, and the second "x-2.svg" for "x.svg". Drawing
 * cannot fail at once: the first error is kept, and comes out of finish. */
#ifndef KYMO_DRAW_H
#define KYMO_DRAW_H

#include "lib/output.h"

/* By these a page of ours is known. */
#define KYMO_PAGE_MARK "<meta name=\"generator\" content=\"kymo\">"
#define KYMO_SVG_MARK "data-generator=\"kymo\""

struct kymo_draw;

struct kymo_pen {
    unsigned rgb;                 /* 0xRRGGBB */
    double width_mm;
    bool dashed;
};

struct kymo_font {
    double size_mm;               /* from the foot of a descender to the head of an ascender, about */
    unsigned rgb;
    bool bold;
};

enum kymo_anchor { KYMO_LEFT, KYMO_CENTRE, KYMO_RIGHT };

/* Whether a name of a file ends as one that can be drawn does. */
bool kymo_draw_can(const char *path);

/* title: of the document, for readers who cannot see it; dots per inch are those of PNG. Nothing is written before a page is
 * ended. NULL with *e set; an ending that is none of .svg, .png, .pdf is KYMO_EUSAGE. */
struct kymo_draw *kymo_draw_create(const char *path, double dpi, const char *title, struct kymo_err *e);

/* SVG into out, which stays the caller's and is not finished: each page is an svg element, for a document of HTML. */
struct kymo_draw *kymo_draw_create_inside(struct kymo_output *out, struct kymo_err *e);

/* Of the pages of an SVG that follow. */
void kymo_draw_title(struct kymo_draw *d, const char *title);

/* Begins a page, which ends the one before. There must be one before anything is drawn. */
void kymo_draw_page(struct kymo_draw *d, double width_mm, double height_mm);

/* Ends the page, before what is not drawn follows it in the output. */
void kymo_draw_end_page(struct kymo_draw *d);

/* Through x[i], y[i]: a line ends where either is NaN, and begins anew behind it. */
void kymo_draw_lines(struct kymo_draw *d, struct kymo_pen pen, const double *x, const double *y, size_t n);
void kymo_draw_line(struct kymo_draw *d, struct kymo_pen pen, double x0, double y0, double x1, double y1);

/* Round dots of pen's width. */
void kymo_draw_dots(struct kymo_draw *d, struct kymo_pen pen, const double *x, const double *y, size_t n);

/* The area inside x[n], y[n], which NaNs part into several. */
void kymo_draw_area(struct kymo_draw *d, unsigned rgb, const double *x, const double *y, size_t n);
void kymo_draw_box(struct kymo_draw *d, unsigned rgb, double x, double y, double width, double height);

/* UTF-8 text at x, its baseline at y. */
void kymo_draw_text(struct kymo_draw *d, struct kymo_font font, enum kymo_anchor anchor, double x, double y, const char *text);
double kymo_draw_text_width(struct kymo_draw *d, struct kymo_font font, const char *text);

/* What is drawn until unclip shows inside the box only. Not nested. */
void kymo_draw_clip(struct kymo_draw *d, double x, double y, double width, double height);
void kymo_draw_unclip(struct kymo_draw *d);

/* What is drawn until end has that name in an SVG ("grid"), a word; nested well with each other and with clip. What tells whom
 * a recording is of is KYMO_DRAW_IDENTITY. */
#define KYMO_DRAW_IDENTITY "identity"
void kymo_draw_begin(struct kymo_draw *d, const char *name);
void kymo_draw_end(struct kymo_draw *d);

/* Ends the last page, and puts the files in place. Returns 0, or the first error there was; *pages, which may be NULL: how
 * many. */
int kymo_draw_finish(struct kymo_draw *d, size_t *pages, struct kymo_err *e);
void kymo_draw_destroy(struct kymo_draw *d);   /* NULL is fine; what is not finished is gone */

/* Gives back what cairo keeps of fonts. No struct kymo_draw may be there. */
void kymo_draw_forget_fonts(void);

#endif
