/* cli/chart_histogram.c - see chart_histogram.h. */
#include "cli/chart_histogram.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define BIN_MS 7.8125
#define LONGEST_MS 60000.0        /* longer ones are in the last bin */
#define BINS ((size_t)(LONGEST_MS / BIN_MS) + 1)

static size_t bin_of(double ms) { return (size_t)(fmin(ms + NN_SLACK_MS, LONGEST_MS) / BIN_MS); }

static void draw_bars(struct kymo_draw *d, const struct chart_place *p, const struct chart_axis *x, const struct chart_axis *y,
                      const size_t *count, size_t first, size_t last)
{
    const double bottom = p->y + p->height;

    kymo_draw_begin(d, "trace");
    for (size_t i = first; i <= last; i++) {
        const double left = chart_x(p, x, (double)i * BIN_MS), right = chart_x(p, x, (double)(i + 1) * BIN_MS);
        const double top = chart_y(p, y, (double)count[i]);
        if (count[i] > 0)
            kymo_draw_box(d, CHART_BLUE, left, top, fmax(right - left - 0.1, 0.1), bottom - top);
    }
    kymo_draw_end(d);
}

int chart_histogram(struct kymo_draw *d, const struct chart_place *place, const struct nn_series *nn, const char *withheld,
                    struct kymo_err *e)
{
    const struct chart_place p = {
        place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, place->width - CHART_LEFT_MM - CHART_RIGHT_MM,
        place->height - CHART_ABOVE_MM - CHART_BELOW_MM - (withheld ? 9 : 6),
    };
    size_t *const count = calloc(BINS, sizeof *count), first = BINS, last = 0, most = 0;
    double sum_ms = 0;
    char text[160];

    if (!count)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a histogram");
    if (nn->n == 0)
        chart_no_data(d, &p, "no intervals between normal beats");
    for (size_t i = 0; i < nn->n; i++) {
        const size_t bin = bin_of(nn->nn_ms[i]);
        first = bin < first ? bin : first;
        last = bin > last ? bin : last;
        most = ++count[bin] > most ? count[bin] : most;
        sum_ms += nn->nn_ms[i];
    }
    if (nn->n > 0) {
        const struct chart_axis x = chart_round_axis((double)first * BIN_MS, (double)(last + 1) * BIN_MS,
                                                     (size_t)fmax(2, p.width / 14), "NN / ms");
        const struct chart_axis y = chart_round_axis(0, fmax(5, (double)most), (size_t)fmax(2, p.height / 12), "intervals");
        chart_axes(d, &p, &x, &y);
        draw_bars(d, &p, &x, &y, count, first, last);
        const int n = snprintf(text, sizeof text, "n %zu   mean %.1f ms   ", nn->n, sum_ms / (double)nn->n);
        char *const sdnn = text + n;
        const size_t room = sizeof text - (size_t)n;
        if (withheld)
            snprintf(sdnn, room, "SDNN not given:");
        else
            snprintf(sdnn, room, "SDNN %.1f ms   bins of 1/128 s", nn_sd_ms(nn));
        const bool fits = kymo_draw_text_width(d, chart_text, text) <= p.width;
        chart_text_within(d, fits ? chart_text : chart_small, KYMO_LEFT, p.x, p.y + p.height + 12, p.width + CHART_RIGHT_MM,
                          text);
        if (withheld)
            chart_text_within(d, chart_small, KYMO_LEFT, p.x, p.y + p.height + 15.5, p.width + CHART_RIGHT_MM, withheld);
    }
    free(count);
    return 0;
}
