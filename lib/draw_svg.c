/* lib/draw_svg.c - see draw_svg.h.
 *
 * Coordinates have 2 decimals; in a path each is the distance from the rounded point before, so that rounding does not add
 * up. */
#include "lib/draw_svg.h"

#include <math.h>
#include <stdlib.h>

#define FARTHEST_MM 1e6

/* x / 100, "-12.3", into text; returns its end. */
static char *write_hundredths(long x, char *text)
{
    const unsigned long size = (unsigned long)labs(x);
    char digits[24];
    int n = 0;

    if (x < 0)
        *text++ = '-';
    unsigned long whole = size / 100;
    do {
        digits[n++] = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    while (n > 0)
        *text++ = digits[--n];
    if (size % 100 > 0) {
        *text++ = '.';
        *text++ = (char)('0' + size / 10 % 10);
    }
    if (size % 10 > 0)
        *text++ = (char)('0' + size % 10);
    return text;
}

static long hundredths(double mm) { return lround(100 * fmax(-FARTHEST_MM, fmin(FARTHEST_MM, mm))); }

static const char *mm(double x, char text[32])
{
    *write_hundredths(hundredths(x), text) = '\0';
    return text;
}

/* text with what XML would take for its own written as &lt; and the like; control characters, which it has no way to write,
 * are left out. */
static int put_escaped(struct kymo_output *out, const char *text, struct kymo_err *e)
{
    int rc = 0;

    for (; rc == 0 && *text; text++) {
        const unsigned char c = (unsigned char)*text;
        const char *const as = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : NULL;
        rc = as ? kymo_put_text(out, as, e) : c >= ' ' ? kymo_put(out, text, 1, e) : 0;
    }
    return rc;
}

int svg_begin(struct kymo_output *out, double width_mm, double height_mm, const char *title, struct kymo_err *e)
{
    char w[32], h[32];
    int rc;

    mm(width_mm, w), mm(height_mm, h);
    rc = kymo_putf(out, e, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%smm\" height=\"%smm\" viewBox=\"0 0 %s %s\" "
                   KYMO_SVG_MARK " role=\"img\" font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\">\n<title>", w, h, w, h);
    if (rc == 0)
        rc = put_escaped(out, title, e);
    if (rc == 0)
        rc = kymo_put_text(out, "</title>\n", e);
    return rc < 0 ? rc : svg_box(out, 0xffffff, 0, 0, width_mm, height_mm, e);
}

int svg_end(struct kymo_output *out, struct kymo_err *e) { return kymo_put_text(out, "</svg>\n", e); }

/* ---- paths ---- */

/* A point of a line that has before points already. */
static char *write_point(enum svg_shape shape, size_t before, long x, long y, char *text)
{
    *text++ = before == 0 ? 'M' : before == 1 ? 'l' : ' ';
    text = write_hundredths(x, text);
    *text++ = ' ';
    text = write_hundredths(y, text);
    if (shape == SVG_DOTS)
        *text++ = 'h', *text++ = '0';
    return text;
}

static int put_points(struct kymo_output *out, enum svg_shape shape, const double *x, const double *y, size_t n,
                      struct kymo_err *e)
{
    long at_x = 0, at_y = 0;
    size_t before = 0;
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++) {
        if (isnan(x[i]) || isnan(y[i])) {
            before = 0;
            continue;
        }
        const long to_x = hundredths(x[i]), to_y = hundredths(y[i]);
        char text[80];
        rc = kymo_put(out, text, (size_t)(write_point(shape, before, before ? to_x - at_x : to_x, before ? to_y - at_y : to_y,
                                                      text) - text), e);
        at_x = to_x, at_y = to_y;
        before = shape == SVG_DOTS ? 0 : before + 1;
    }
    return rc;
}

int svg_path(struct kymo_output *out, enum svg_shape shape, struct kymo_pen pen, const double *x, const double *y, size_t n,
             struct kymo_err *e)
{
    char w[32];
    int rc;

    mm(pen.width_mm, w);
    rc = shape == SVG_AREA
       ? kymo_putf(out, e, "<path fill=\"#%06x\" d=\"", pen.rgb)
       : kymo_putf(out, e, "<path fill=\"none\" stroke=\"#%06x\" stroke-width=\"%s\"%s stroke-linejoin=\"round\"%s d=\"",
                   pen.rgb, w, shape == SVG_DOTS ? " stroke-linecap=\"round\"" : "",
                   pen.dashed ? " stroke-dasharray=\"1 1\"" : "");
    if (rc == 0)
        rc = put_points(out, shape, x, y, n, e);
    return rc < 0 ? rc : kymo_put_text(out, "\"/>\n", e);
}

int svg_box(struct kymo_output *out, unsigned rgb, double x, double y, double width, double height, struct kymo_err *e)
{
    char text[4][32];

    return kymo_putf(out, e, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"#%06x\"/>\n", mm(x, text[0]),
                     mm(y, text[1]), mm(width, text[2]), mm(height, text[3]), rgb);
}

/* ---- text ---- */

int svg_text(struct kymo_output *out, struct kymo_font font, enum kymo_anchor anchor, double x, double y, double length_mm,
             const char *text, struct kymo_err *e)
{
    static const char *const words[] = {"start", "middle", "end"};
    char n[4][32];
    int rc = kymo_putf(out, e, "<text x=\"%s\" y=\"%s\" font-size=\"%s\" textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\" "
                       "text-anchor=\"%s\" fill=\"#%06x\"%s xml:space=\"preserve\">", mm(x, n[0]), mm(y, n[1]),
                       mm(font.size_mm, n[2]), mm(length_mm, n[3]), words[anchor], font.rgb,
                       font.bold ? " font-weight=\"bold\"" : "");

    if (rc == 0)
        rc = put_escaped(out, text, e);
    return rc < 0 ? rc : kymo_put_text(out, "</text>\n", e);
}

/* ---- groups ---- */

int svg_clip(struct kymo_output *out, int id, double x, double y, double width, double height, struct kymo_err *e)
{
    char text[4][32];

    return kymo_putf(out, e, "<clipPath id=\"clip%d\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>\n"
                     "<g clip-path=\"url(#clip%d)\">\n", id, mm(x, text[0]), mm(y, text[1]), mm(width, text[2]),
                     mm(height, text[3]), id);
}

int svg_group(struct kymo_output *out, const char *name, struct kymo_err *e)
{
    return kymo_putf(out, e, "<g class=\"%s\">\n", name);
}

int svg_close(struct kymo_output *out, struct kymo_err *e) { return kymo_put_text(out, "</g>\n", e); }
