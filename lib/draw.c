/* lib/draw.c - see draw.h. SVG is written by draw_svg.c, since cairo would make curves of its text; PNG and PDF, and the width
 * of text, are cairo's. */
#include "lib/draw.h"
#include "lib/draw_svg.h"
#include "lib/text.h"

#include <cairo/cairo-pdf.h>
#include <cairo/cairo.h>
#include <fontconfig/fontconfig.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MM_PER_INCH 25.4
#define POINTS_PER_INCH 72.0
#define MOST_DOTS 32767           /* that cairo has in a row or column of a picture */
#define FONT "DejaVu Sans"
#define LONGEST_TEXT 400          /* bytes */
#define MEASURE_SCALE 100         /* text is measured so many times larger, so that nothing is rounded */

enum form { SVG, PNG, PDF, FORMS };
static const char *const endings[FORMS] = {".svg", ".png", ".pdf"};

struct kymo_draw {
    enum form form;
    char *path, *title;
    double dpi;
    size_t n_pages;
    bool open;                    /* a page */
    bool inside;                  /* SVG into an output of the caller's */
    int n_clips;                  /* of the page; inside, of all pages, which are in one document */
    struct kymo_output *out;
    cairo_surface_t *surface, *ruler_surface;
    cairo_t *cr, *ruler;          /* cr: NULL for an SVG */
    struct kymo_err err;          /* the first */
    int rc;
};

/* ---- create and destroy ---- */

/* FORMS: none. */
static enum form form_of(const char *path)
{
    const char *const dot = strrchr(path, '.');
    enum form f = SVG;

    while (f < FORMS && !(dot && kymo_same_text(dot, endings[f])))
        f++;
    return f;
}

bool kymo_draw_can(const char *path) { return form_of(path) < FORMS; }

/* path: as messages name it. */
static struct kymo_draw *new_draw(enum form form, const char *path, double dpi, const char *title, struct kymo_err *e)
{
    struct kymo_draw *const d = calloc(1, sizeof *d);

    if (d) {
        d->form = form;
        d->dpi = dpi;
        d->path = strdup(path);
        d->title = strdup(title);
        d->ruler_surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
        d->ruler = cairo_create(d->ruler_surface);
    }
    if (!d || !d->path || !d->title || cairo_status(d->ruler) != CAIRO_STATUS_SUCCESS) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to draw");
        kymo_draw_destroy(d);
        return NULL;
    }
    return d;
}

struct kymo_draw *kymo_draw_create(const char *path, double dpi, const char *title, struct kymo_err *e)
{
    const enum form form = form_of(path);

    if (form == FORMS) {
        kymo_fail_at(e, KYMO_EUSAGE, path, -1, "a drawing ends in .svg, .png or .pdf");
        return NULL;
    }
    return new_draw(form, path, dpi, title, e);
}

struct kymo_draw *kymo_draw_create_inside(struct kymo_output *out, struct kymo_err *e)
{
    struct kymo_draw *const d = new_draw(SVG, kymo_output_name(out), 0, "", e);

    if (d) {
        d->inside = true;
        d->out = out;
    }
    return d;
}

void kymo_draw_title(struct kymo_draw *d, const char *title)
{
    char *const copy = strdup(title);

    if (!copy && d->rc == 0)
        d->rc = kymo_fail(&d->err, KYMO_ENOMEM, "no memory to draw");
    if (!copy)
        return;
    free(d->title);
    d->title = copy;
}

void kymo_draw_destroy(struct kymo_draw *d)
{
    if (!d)
        return;
    cairo_destroy(d->cr);
    cairo_surface_destroy(d->surface);
    cairo_destroy(d->ruler);
    cairo_surface_destroy(d->ruler_surface);
    if (!d->inside)
        kymo_output_destroy(d->out);
    free(d->path);
    free(d->title);
    free(d);
}

void kymo_draw_forget_fonts(void)
{
    cairo_debug_reset_static_data();
    FcFini();
}

/* ---- pages ---- */

static cairo_status_t write_bytes(void *self, const unsigned char *bytes, unsigned n)
{
    struct kymo_draw *const d = self;

    if (d->rc == 0)
        d->rc = kymo_put(d->out, bytes, n, &d->err);
    return d->rc == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* Keeps what cairo says, if there was no error before. */
static void take_status(struct kymo_draw *d, cairo_status_t status)
{
    if (d->rc == 0 && status != CAIRO_STATUS_SUCCESS)
        d->rc = kymo_fail_at(&d->err, status == CAIRO_STATUS_NO_MEMORY ? KYMO_ENOMEM : KYMO_EIO, d->path, -1,
                             "cannot be drawn: %s", cairo_status_to_string(status));
}

/* "x-2.svg" of the second page. */
static int open_file(struct kymo_draw *d)
{
    const size_t stem = (size_t)(strrchr(d->path, '.') - d->path);
    char *name = NULL;

    if (d->n_pages > 0 && asprintf(&name, "%.*s-%zu%s", (int)stem, d->path, d->n_pages + 1, d->path + stem) < 0)
        return kymo_fail(&d->err, KYMO_ENOMEM, "no memory for the name of a file");
    d->out = kymo_output_open(name ? name : d->path, &d->err);
    free(name);
    return d->out ? 0 : d->err.cause[0].code;
}

static void finish_file(struct kymo_draw *d)
{
    if (d->rc == 0)
        d->rc = kymo_output_finish(d->out, &d->err);
    kymo_output_destroy(d->out);
    d->out = NULL;
}

static void drop_surface(struct kymo_draw *d)
{
    cairo_destroy(d->cr);
    cairo_surface_destroy(d->surface);
    d->cr = NULL, d->surface = NULL;
}

void kymo_draw_end_page(struct kymo_draw *d)
{
    if (!d->open)
        return;
    d->open = false;
    d->n_pages++;
    if (d->form == PDF) {
        cairo_show_page(d->cr);
        take_status(d, cairo_status(d->cr));
        return;
    }
    if (d->form == SVG && d->rc == 0)
        d->rc = svg_end(d->out, &d->err);
    if (d->form == PNG && d->rc == 0) {
        take_status(d, cairo_status(d->cr));
        take_status(d, cairo_surface_write_to_png_stream(d->surface, write_bytes, d));
        drop_surface(d);
    }
    if (!d->inside)
        finish_file(d);
}

/* The PDF does not say when it was made, so that it is the same tomorrow. */
static void begin_pdf(struct kymo_draw *d, double width_mm, double height_mm)
{
    const double scale = POINTS_PER_INCH / MM_PER_INCH;

    if (!d->surface) {
        d->surface = cairo_pdf_surface_create_for_stream(write_bytes, d, width_mm * scale, height_mm * scale);
        cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
        cairo_pdf_surface_set_metadata(d->surface, CAIRO_PDF_METADATA_TITLE, d->title);
        d->cr = cairo_create(d->surface);
    } else {
        cairo_pdf_surface_set_size(d->surface, width_mm * scale, height_mm * scale);
    }
    cairo_identity_matrix(d->cr);
    cairo_scale(d->cr, scale, scale);
}

static void begin_png(struct kymo_draw *d, double width_mm, double height_mm)
{
    const double scale = d->dpi / MM_PER_INCH, width = ceil(width_mm * scale), height = ceil(height_mm * scale);

    if (width > MOST_DOTS || height > MOST_DOTS) {
        d->rc = kymo_fail_at(&d->err, KYMO_EUSAGE, d->path, -1, "%.0f x %.0f dots, not at most %d: fewer to the inch, or .svg",
                             width, height, MOST_DOTS);
        return;
    }
    d->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    d->cr = cairo_create(d->surface);
    cairo_scale(d->cr, scale, scale);
    cairo_set_source_rgb(d->cr, 1, 1, 1);
    cairo_paint(d->cr);
}

void kymo_draw_page(struct kymo_draw *d, double width_mm, double height_mm)
{
    kymo_draw_end_page(d);
    if (d->rc == 0 && !d->out)
        d->rc = open_file(d);
    if (d->rc < 0)
        return;
    d->n_clips = d->inside ? d->n_clips : 0;
    d->open = true;
    if (d->form == SVG) {
        d->rc = svg_begin(d->out, width_mm, height_mm, d->title, &d->err);
        return;
    }
    if (d->form == PDF)
        begin_pdf(d, width_mm, height_mm);
    else
        begin_png(d, width_mm, height_mm);
    if (d->cr)
        take_status(d, cairo_status(d->cr));
}

int kymo_draw_finish(struct kymo_draw *d, size_t *pages, struct kymo_err *e)
{
    kymo_draw_end_page(d);
    if (d->form == PDF && d->surface) {
        cairo_surface_finish(d->surface);
        take_status(d, cairo_surface_status(d->surface));
        drop_surface(d);
        finish_file(d);
    }
    if (pages)
        *pages = d->n_pages;
    if (d->rc < 0)
        *e = d->err;
    return d->rc;
}

/* ---- lines and areas ---- */

static void set_colour(cairo_t *cr, unsigned rgb)
{
    cairo_set_source_rgb(cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
}

static void stroke(cairo_t *cr, struct kymo_pen pen)
{
    const double dash_mm = 1;

    set_colour(cr, pen.rgb);
    cairo_set_line_width(cr, pen.width_mm);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cr, &dash_mm, pen.dashed, 0);
    cairo_stroke(cr);
}

static void trace(cairo_t *cr, const double *x, const double *y, size_t n)
{
    bool down = false;

    for (size_t i = 0; i < n; i++) {
        const bool here = !isnan(x[i]) && !isnan(y[i]);
        if (here && down)
            cairo_line_to(cr, x[i], y[i]);
        else if (here)
            cairo_move_to(cr, x[i], y[i]);
        down = here;
    }
}

static bool is_svg(const struct kymo_draw *d) { return d->form == SVG; }

/* Whether anything can be drawn. */
static bool is_ready(const struct kymo_draw *d) { return d->rc == 0 && d->open; }

void kymo_draw_lines(struct kymo_draw *d, struct kymo_pen pen, const double *x, const double *y, size_t n)
{
    if (!is_ready(d))
        return;
    if (is_svg(d)) {
        d->rc = svg_path(d->out, SVG_LINES, pen, x, y, n, &d->err);
        return;
    }
    cairo_set_line_cap(d->cr, CAIRO_LINE_CAP_BUTT);
    trace(d->cr, x, y, n);
    stroke(d->cr, pen);
}

void kymo_draw_line(struct kymo_draw *d, struct kymo_pen pen, double x0, double y0, double x1, double y1)
{
    kymo_draw_lines(d, pen, (const double[]){x0, x1}, (const double[]){y0, y1}, 2);
}

void kymo_draw_dots(struct kymo_draw *d, struct kymo_pen pen, const double *x, const double *y, size_t n)
{
    if (!is_ready(d))
        return;
    if (is_svg(d)) {
        d->rc = svg_path(d->out, SVG_DOTS, pen, x, y, n, &d->err);
        return;
    }
    cairo_set_line_cap(d->cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]) && !isnan(y[i])) {
            cairo_move_to(d->cr, x[i], y[i]);
            cairo_line_to(d->cr, x[i], y[i]);
        }
    stroke(d->cr, pen);
}

void kymo_draw_area(struct kymo_draw *d, unsigned rgb, const double *x, const double *y, size_t n)
{
    if (!is_ready(d))
        return;
    if (is_svg(d)) {
        d->rc = svg_path(d->out, SVG_AREA, (struct kymo_pen){.rgb = rgb}, x, y, n, &d->err);
        return;
    }
    set_colour(d->cr, rgb);
    trace(d->cr, x, y, n);
    cairo_fill(d->cr);
}

void kymo_draw_box(struct kymo_draw *d, unsigned rgb, double x, double y, double width, double height)
{
    if (!is_ready(d))
        return;
    if (is_svg(d)) {
        d->rc = svg_box(d->out, rgb, x, y, width, height, &d->err);
        return;
    }
    set_colour(d->cr, rgb);
    cairo_rectangle(d->cr, x, y, width, height);
    cairo_fill(d->cr);
}

/* ---- text ---- */

static void set_font(cairo_t *cr, struct kymo_font font, double scale)
{
    cairo_font_options_t *const options = cairo_font_options_create();

    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_set_font_options(cr, options);
    cairo_font_options_destroy(options);
    cairo_select_font_face(cr, FONT, CAIRO_FONT_SLANT_NORMAL, font.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, font.size_mm * scale);
}

/* Text of a file may be anything; cairo takes nothing but UTF-8. */
struct clean {
    char text[3 * LONGEST_TEXT + 1];
};

static const char *clean(const char *text, struct clean *room)
{
    kymo_utf8(text, strnlen(text, LONGEST_TEXT), room->text, sizeof room->text);
    return room->text;
}

double kymo_draw_text_width(struct kymo_draw *d, struct kymo_font font, const char *text)
{
    cairo_text_extents_t size;
    struct clean room;

    set_font(d->ruler, font, MEASURE_SCALE);
    cairo_text_extents(d->ruler, clean(text, &room), &size);
    return size.x_advance / MEASURE_SCALE;
}

void kymo_draw_text(struct kymo_draw *d, struct kymo_font font, enum kymo_anchor anchor, double x, double y, const char *text)
{
    if (!is_ready(d) || *text == '\0')
        return;
    const double width = kymo_draw_text_width(d, font, text);
    struct clean room;
    clean(text, &room);
    if (is_svg(d)) {
        d->rc = svg_text(d->out, font, anchor, x, y, width, room.text, &d->err);
        return;
    }
    set_font(d->cr, font, 1);
    set_colour(d->cr, font.rgb);
    cairo_move_to(d->cr, x - width * (anchor == KYMO_LEFT ? 0 : anchor == KYMO_CENTRE ? 0.5 : 1), y);
    cairo_show_text(d->cr, room.text);
    cairo_new_path(d->cr);
}

/* ---- clips and names ---- */

void kymo_draw_clip(struct kymo_draw *d, double x, double y, double width, double height)
{
    if (!is_ready(d))
        return;
    if (is_svg(d)) {
        d->rc = svg_clip(d->out, ++d->n_clips, x, y, width, height, &d->err);
        return;
    }
    cairo_save(d->cr);
    cairo_rectangle(d->cr, x, y, width, height);
    cairo_clip(d->cr);
}

void kymo_draw_unclip(struct kymo_draw *d)
{
    if (is_ready(d) && is_svg(d))
        d->rc = svg_close(d->out, &d->err);
    else if (is_ready(d))
        cairo_restore(d->cr);
}

void kymo_draw_begin(struct kymo_draw *d, const char *name)
{
    if (is_ready(d) && is_svg(d))
        d->rc = svg_group(d->out, name, &d->err);
}

void kymo_draw_end(struct kymo_draw *d)
{
    if (is_ready(d) && is_svg(d))
        d->rc = svg_close(d->out, &d->err);
}
