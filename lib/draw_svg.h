/* lib/draw_svg.h - a page as SVG, for lib/draw.c only: its unit is the mm, its text is text. */
#ifndef KYMO_DRAW_SVG_H
#define KYMO_DRAW_SVG_H

#include "lib/draw.h"
#include "lib/output.h"

/* Head and end of the page. Each returns 0 or KYMO_EIO. */
int svg_begin(struct kymo_output *out, double width_mm, double height_mm, const char *title, struct kymo_err *e);
int svg_end(struct kymo_output *out, struct kymo_err *e);

enum svg_shape { SVG_LINES, SVG_DOTS, SVG_AREA };
int svg_path(struct kymo_output *out, enum svg_shape shape, struct kymo_pen pen, const double *x, const double *y, size_t n,
             struct kymo_err *e);
int svg_box(struct kymo_output *out, unsigned rgb, double x, double y, double width, double height, struct kymo_err *e);

/* length_mm: to be squeezed or stretched to, whatever font a viewer has. */
int svg_text(struct kymo_output *out, struct kymo_font font, enum kymo_anchor anchor, double x, double y, double length_mm,
             const char *text, struct kymo_err *e);

/* id: another for each clip of a page. */
int svg_clip(struct kymo_output *out, int id, double x, double y, double width, double height, struct kymo_err *e);
int svg_group(struct kymo_output *out, const char *name, struct kymo_err *e);
int svg_close(struct kymo_output *out, struct kymo_err *e);   /* of a clip or a group */

#endif
