/* cli/chart_psd.c - see chart_psd.h. */
#include "cli/chart_psd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HIGHEST_HZ 0.5

static double psd_at(const struct hrv_spectrum *s, double f_hz)
{
    const double place = f_hz / s->df_hz;
    const size_t i = (size_t)place;

    if (i + 1 >= s->n)
        return s->psd[s->n - 1];
    return s->psd[i] + (place - (double)i) * (s->psd[i + 1] - s->psd[i]);
}

/* The area under the curve from lo to hi, and the curve. */
static void draw_part(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                      const struct hrv_spectrum *s, double lo_hz, double hi_hz, unsigned rgb, double *room)
{
    const size_t n = (size_t)((hi_hz - lo_hz) / s->df_hz) + 2;
    double *const at_x = room, *const at_y = room + n + 2;

    for (size_t i = 0; i < n; i++) {
        const double f_hz = fmin(hi_hz, lo_hz + (double)i * s->df_hz);
        at_x[i] = chart_x(p, x, f_hz);
        at_y[i] = chart_y(p, y, psd_at(s, f_hz));
    }
    at_x[n] = at_x[n - 1], at_x[n + 1] = at_x[0];
    at_y[n] = at_y[n + 1] = p->y + p->height;
    kymo_draw_area(d, rgb, at_x, at_y, n + 2);
    kymo_draw_lines(d, (struct kymo_pen){CHART_INK, 0.2, false}, at_x, at_y, n);
}

static void draw_bands(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                       const struct hrv_spectrum *s, const struct hrv_bands *b, double *room)
{
    const struct {
        const char *name;
        double lo_hz, hi_hz;
        unsigned rgb;
    } parts[] = {
        {"VLF", b->vlf.lo_hz, b->vlf.hi_hz, CHART_PALE}, {"LF", b->lf.lo_hz, b->lf.hi_hz, CHART_SKY},
        {"HF", b->hf.lo_hz, b->hf.hi_hz, CHART_ORANGE}, {"", b->hf.hi_hz, x->hi, 0xffffff},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const double hi_hz = fmin(fmin(parts[i].hi_hz, x->hi), (double)(s->n - 1) * s->df_hz);
        if (!(hi_hz > parts[i].lo_hz))
            continue;
        if (i > 0)
            kymo_draw_line(d, (struct kymo_pen){CHART_GREY, 0.15, true}, chart_x(p, x, parts[i].lo_hz), p->y,
                           chart_x(p, x, parts[i].lo_hz), p->y + p->height);
        draw_part(d, p, x, y, s, parts[i].lo_hz, hi_hz, parts[i].rgb, room);
        const double from = chart_x(p, x, parts[i].lo_hz), to = chart_x(p, x, hi_hz);
        chart_text_within(d, chart_text, KYMO_CENTRE, (from + to) / 2, p->y + 3.5, to - from, parts[i].name);
    }
}

const char *const chart_power_measure[CHART_POWERS] = {"vlf_ms2", "lf_ms2", "hf_ms2", "lf_hf"};

static void draw_summary(struct kymo_draw *d, const struct chart_place *p, const struct hrv_spectrum *s,
                         const struct hrv_bands *bands, const char *words, const char *const withheld[CHART_POWERS])
{
    static const char *const name[CHART_POWERS] = {"VLF", "LF", "HF", "LF/HF"};
    struct hrv_powers power;
    char given[160] = "", not_given[160] = "";
    const char *why = NULL;

    hrv_powers(s, bands, &power);
    const double value[CHART_POWERS] = {power.vlf_ms2, power.lf_ms2, power.hf_ms2, power.lf_hf};
    for (int i = 0; i < CHART_POWERS; i++) {
        char *const text = withheld[i] ? not_given : given;
        const size_t n = strlen(text), room = sizeof given - n;
        if (withheld[i])
            snprintf(text + n, room, "%s%s", n ? ", " : "", name[i]);
        else
            snprintf(text + n, room, i < CHART_POWERS - 1 ? "%s%s %.0f ms\u00b2" : "%s%s %.2f", n ? "   " : "", name[i],
                     value[i]);
        why = withheld[i] ? withheld[i] : why;
    }
    if (why) {
        const size_t n = strlen(given);
        snprintf(given + n, sizeof given - n, "%s%s not given: %s", n ? "   " : "", not_given, why);
    }
    chart_text_within(d, chart_text, KYMO_LEFT, p->x, p->y + p->height + 12, p->width, given);
    chart_text_within(d, chart_small, KYMO_LEFT, p->x, p->y + p->height + 15.5, p->width, words);
}

int chart_psd(struct kymo_draw *d, const struct chart_place *place, const struct hrv_spectrum *s, const struct hrv_bands *bands,
              const char *words, const char *const withheld[CHART_POWERS], struct kymo_err *e)
{
    const struct chart_place p = {
        place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, place->width - CHART_LEFT_MM - CHART_RIGHT_MM,
        place->height - CHART_ABOVE_MM - CHART_BELOW_MM - 9,
    };
    const struct chart_axis x = {0, HIGHEST_HZ, 0.05, false, "frequency / Hz"};
    double most = 0;

    if (s->n < 2) {
        chart_no_data(d, &p, "no spectrum: too few intervals that follow each other");
        return 0;
    }
    double *const room = malloc(2 * (s->n + 4) * sizeof *room);
    if (!room)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to draw %zu frequencies", s->n);
    for (size_t i = 0; i < s->n && (double)i * s->df_hz <= HIGHEST_HZ; i++)
        if ((double)i * s->df_hz >= bands->vlf.lo_hz)
            most = fmax(most, s->psd[i]);
    const struct chart_axis y = chart_round_axis(0, most, (size_t)fmax(2, p.height / 12),
                                                 "power spectral density / (ms\u00b2/Hz)");
    chart_axes(d, &p, &x, &y);
    kymo_draw_begin(d, "trace");
    draw_bands(d, &p, &x, &y, s, bands, room);
    kymo_draw_end(d);
    draw_summary(d, &p, s, bands, words, withheld);
    free(room);
    return 0;
}
