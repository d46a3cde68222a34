/* cli/chart_saturation.c - see chart_saturation.h. */
#include "cli/chart_saturation.h"

#include <math.h>

#define LEVEL_PCT 90              /* what lies below has another colour */

void chart_saturation(struct kymo_draw *d, const struct chart_place *place, const double *share_pct)
{
    const struct chart_place p = {
        place->x + CHART_LEFT_MM, place->y + CHART_ABOVE_MM, place->width - CHART_LEFT_MM - CHART_RIGHT_MM,
        place->height - CHART_ABOVE_MM - CHART_BELOW_MM,
    };
    int first = SATURATION_BINS - 1;
    double most = 0;

    for (int i = SATURATION_BINS - 1; i >= 0; i--) {
        first = share_pct[i] > 0 ? i : first;
        most = fmax(most, share_pct[i]);
    }
    const int lo = 5 * (((first < 85 ? first : 85) - 1) / 5);
    const struct chart_axis x = {lo - 0.5, 100.5, 100 - lo > 40 ? 10 : 5, false, "SpO2 / %"};
    const struct chart_axis y = chart_round_axis(0, most, (size_t)fmax(2, p.height / 12), "share of readings / %");
    chart_axes(d, &p, &x, &y);
    kymo_draw_begin(d, "trace");
    for (int i = first; i < SATURATION_BINS; i++) {
        const double left = chart_x(&p, &x, i - 0.45), top = chart_y(&p, &y, share_pct[i]);
        if (share_pct[i] > 0)
            kymo_draw_box(d, i < LEVEL_PCT ? CHART_RED : CHART_BLUE, left, top, chart_x(&p, &x, i + 0.45) - left,
                          p.y + p.height - top);
    }
    kymo_draw_end(d);
}
