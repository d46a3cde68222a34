/* cli/chart.c - see chart.h. */
#include "cli/chart.h"
#include "algorithms/polyline.h"
#include "lib/plain_words.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct kymo_font chart_text = {CHART_TEXT_MM, CHART_INK, false}, chart_small = {CHART_SMALL_MM, CHART_GREY, false},
                       chart_bold = {CHART_TEXT_MM, CHART_INK, true};

/* ---- axes ---- */

static double round_step(double least)
{
    static const double steps[] = {1, 2, 5, 10};
    const double power = pow(10, floor(log10(least)));
    size_t i = 0;

    while (i < 3 && steps[i] * power < least * (1 - 1e-9))
        i++;
    return steps[i] * power;
}

static double clock_step(double least_s)
{
    static const double steps[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
    size_t i = 0;

    if (least_s <= 0.5)
        return round_step(least_s);
    while (i + 1 < sizeof steps / sizeof *steps && steps[i] < least_s * (1 - 1e-9))
        i++;
    return steps[i] < least_s ? 86400 * ceil(least_s / 86400) : steps[i];
}

struct chart_axis chart_round_axis(double lo, double hi, size_t n, const char *name)
{
    if (!(isfinite(lo) && isfinite(hi)))
        lo = 0, hi = 1;
    if (!(hi - lo > 1e-9 * fmax(fabs(lo), fabs(hi))))   /* all the same, or all zero */
        lo -= fmax(fabs(lo) / 10, 0.5), hi = lo + 2 * fmax(fabs(hi) / 10, 0.5);
    const double step = round_step((hi - lo) / (double)n);
    return (struct chart_axis){step * floor(lo / step + 1e-6), step * ceil(hi / step - 1e-6), step, false, name};
}

struct chart_axis chart_time_axis(double from_s, double to_s, size_t n)
{
    return (struct chart_axis){from_s, to_s, clock_step((to_s - from_s) / (double)n), true, ""};
}

double chart_x(const struct chart_place *place, const struct chart_axis *a, double x)
{
    return place->x + place->width * (x - a->lo) / (a->hi - a->lo);
}

double chart_y(const struct chart_place *place, const struct chart_axis *a, double y)
{
    return place->y + place->height * (a->hi - y) / (a->hi - a->lo);
}

void chart_time_text(double t_s, double step_s, char *text, size_t cap)
{
    const int decimals = step_s >= 1 ? 0 : step_s >= 0.1 ? 1 : 2;
    const long long unit = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
    const long long all = llround(t_s * (double)unit), s = llabs(all) / unit;
    const int n = snprintf(text, cap, "%s%lld:%02lld:%02lld", all < 0 ? "-" : "", s / 3600, s / 60 % 60, s % 60);

    if (decimals > 0 && (size_t)n < cap)
        snprintf(text + n, cap - (size_t)n, ".%0*lld", decimals, llabs(all) % unit);
}

static void tick_text(const struct chart_axis *a, double at, char *text, size_t cap)
{
    const int decimals = a->step >= 1 ? 0 : (int)ceil(-log10(a->step) - 1e-9);

    if (a->is_time)
        chart_time_text(at, a->step, text, cap);
    else
        snprintf(text, cap, "%.*f", decimals, fabs(at) < a->step / 1e6 ? 0 : at);
}

/* Where the ticks are: the first at or behind lo. */
static double first_tick(const struct chart_axis *a) { return a->step * ceil(a->lo / a->step - 1e-6); }

static const struct kymo_pen thin = {CHART_PALE, 0.15, false}, frame = {CHART_GREY, 0.2, false};

static void draw_x_ticks(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *a)
{
    double free_from = -INFINITY;
    char text[48];

    for (double at = first_tick(a); at <= a->hi + a->step / 1e6; at += a->step) {
        const double x = chart_x(p, a, at);
        tick_text(a, at, text, sizeof text);
        const double half = kymo_draw_text_width(d, chart_small, text) / 2;
        kymo_draw_line(d, thin, x, p->y, x, p->y + p->height);
        kymo_draw_line(d, frame, x, p->y + p->height, x, p->y + p->height + 1);
        if (!a->name || x - half < free_from)
            continue;
        kymo_draw_text(d, chart_small, KYMO_CENTRE, x, p->y + p->height + 3.6, text);
        free_from = x + half + 1.5;
    }
}

static void draw_y_ticks(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *a)
{
    char text[48];

    for (double at = first_tick(a); at <= a->hi + a->step / 1e6; at += a->step) {
        const double y = chart_y(p, a, at);
        tick_text(a, at, text, sizeof text);
        kymo_draw_line(d, thin, p->x, y, p->x + p->width, y);
        kymo_draw_text(d, chart_small, KYMO_RIGHT, p->x - 1, y + 0.8, text);
    }
}

static void draw_frame(struct kymo_draw *d, const struct chart_place *p)
{
    const double x[] = {p->x, p->x + p->width, p->x + p->width, p->x, p->x};
    const double y[] = {p->y, p->y, p->y + p->height, p->y + p->height, p->y};

    kymo_draw_lines(d, frame, x, y, 5);
}

void chart_axes(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y)
{
    kymo_draw_begin(d, "axes");
    draw_x_ticks(d, p, x);
    draw_y_ticks(d, p, y);
    draw_frame(d, p);
    chart_text_within(d, chart_text, KYMO_LEFT, p->x, p->y - 1.4, p->width, y->name);
    if (x->name)
        chart_text_within(d, chart_text, KYMO_RIGHT, p->x + p->width, p->y + p->height + 7.2, p->width, x->name);
    kymo_draw_end(d);
}

/* ---- curves ---- */

void chart_limits(const struct chart_curve *c, double *lo, double *hi)
{
    *lo = *hi = (double)NAN;
    for (size_t i = 0; i < c->n; i++) {
        *lo = fmin(*lo, c->y[i]);   /* of a number and a NaN, the number */
        *hi = fmax(*hi, c->y[i]);
    }
}

#define AT_ONCE 4096

void chart_curve(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                 const struct chart_curve *c, struct kymo_pen pen)
{
    double at_x[AT_ONCE], at_y[AT_ONCE];

    kymo_draw_clip(d, p->x, p->y, p->width, p->height);
    for (size_t done = 0; done + 1 < c->n || (done == 0 && c->n == 1); done += AT_ONCE - 1) {   /* parts share a point */
        const size_t n = c->n - done < AT_ONCE ? c->n - done : AT_ONCE;
        for (size_t i = 0; i < n; i++) {
            at_x[i] = chart_x(p, x, c->t_s[done + i]);
            at_y[i] = chart_y(p, y, c->y[done + i]);
        }
        kymo_draw_lines(d, pen, at_x, at_y, polyline_simplify(at_x, at_y, n, CHART_TOLERANCE_MM));
    }
    kymo_draw_unclip(d);
}

/* ---- text ---- */

const char *chart_mark_word(const struct chart_mark *m)
{
    const bool speaks = *m->text && !kymo_is_beat(m->type);
    const char *const word = speaks ? m->text : m->type;

    return *word == '(' && word[1] ? word + 1 : word;
}

void chart_text_within(struct kymo_draw *d, struct kymo_font font, enum kymo_anchor anchor, double x, double y, double width,
                       const char *text)
{
    char cut[404];
    size_t n = strnlen(text, sizeof cut - 4);

    if (kymo_draw_text_width(d, font, text) <= width && n == strlen(text)) {
        kymo_draw_text(d, font, anchor, x, y, text);
        return;
    }
    do {
        while (n > 0 && ((unsigned char)text[--n] & 0xc0) == 0x80)
            ;
        snprintf(cut, sizeof cut, "%.*s\u2026", (int)n, text);
    } while (n > 0 && kymo_draw_text_width(d, font, cut) > width);
    if (n > 0)
        kymo_draw_text(d, font, anchor, x, y, cut);
}

void chart_draw_mark_word(struct kymo_draw *d, struct kymo_font font, double x, double y, double width,
                          const struct chart_mark *m)
{
    const bool is_free = *m->text && !kymo_is_standard_text(m->text);

    if (is_free)
        kymo_draw_begin(d, KYMO_DRAW_IDENTITY);
    chart_text_within(d, font, KYMO_LEFT, x, y, width, chart_mark_word(m));
    if (is_free)
        kymo_draw_end(d);
}

void chart_no_data(struct kymo_draw *d, const struct chart_place *p, const char *why)
{
    const struct kymo_font grey = {CHART_TEXT_MM, CHART_GREY, false};

    draw_frame(d, p);
    chart_text_within(d, grey, KYMO_CENTRE, p->x + p->width / 2, p->y + p->height / 2 + 1, p->width - 2, why);
}
