/* cli/hrv_measures.c - see hrv_measures.h. */
#include "cli/hrv_measures.h"

#include <math.h>

#define AT(field) offsetof(struct hrv_values, field)
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define TASK_FORCE "Task Force 1996, table 1"

/* name, decimals, group, standard, level, where, least intervals, least seconds, unit, definition, source */
const struct hrv_measure hrv_measures[] = {
    {"mean_nn_ms", 6, HRV_TIME, true, true, AT(time.mean_nn_ms), 1, 0, "ms", "mean of NN", TASK_FORCE},
    {"mean_hr_per_min", 6, HRV_TIME, true, true, AT(time.mean_hr_per_min), 1, 0, "1/min", "60000 / mean of NN", TASK_FORCE},
    {"sdnn_ms", 6, HRV_TIME, true, false, AT(time.sdnn_ms), 2, 0, "ms", "standard deviation of NN, n - 1", TASK_FORCE},
    {"rmssd_ms", 6, HRV_TIME, true, false, AT(time.rmssd_ms), 2, 0, "ms", "root mean square of successive differences", TASK_FORCE},
    {"sdsd_ms", 6, HRV_TIME, true, false, AT(time.sdsd_ms), 3, 0, "ms", "standard deviation of successive differences, n - 1",
     TASK_FORCE},
    {"nn50", 0, HRV_TIME, true, false, AT(time.nn50), 2, 0, "1", "successive differences of more than 50 ms", TASK_FORCE},
    {"pnn50_pct", 6, HRV_TIME, true, false, AT(time.pnn50_pct), 2, 0, "%", "nn50 in per cent of all differences",
     TASK_FORCE ", but for the divisor"},
    {"nn20", 0, HRV_TIME, true, false, AT(time.nn20), 2, 0, "1", "successive differences of more than 20 ms", "Mietus 2002"},
    {"pnn20_pct", 6, HRV_TIME, true, false, AT(time.pnn20_pct), 2, 0, "%", "nn20 in per cent of all differences", "Mietus 2002"},
    {"pnnx_pct", 6, HRV_TIME, false, false, AT(time.pnnx_pct), 2, 0, "%", "differences of more than --pnn ms in per cent of all",
     "Mietus 2002"},
    {"min_nn_ms", 6, HRV_TIME, true, true, AT(time.min_nn_ms), 1, 0, "ms", "shortest NN", ""},
    {"max_nn_ms", 6, HRV_TIME, true, true, AT(time.max_nn_ms), 1, 0, "ms", "longest NN", ""},
    {"median_nn_ms", 6, HRV_TIME, true, true, AT(time.median_nn_ms), 1, 0, "ms", "median of NN", ""},
    {"prc20_nn_ms", 6, HRV_TIME, false, true, AT(time.prc20_nn_ms), 1, 0, "ms", "20th percentile of NN", ""},
    {"prc80_nn_ms", 6, HRV_TIME, false, true, AT(time.prc80_nn_ms), 1, 0, "ms", "80th percentile of NN", ""},
    {"iqr_nn_ms", 6, HRV_TIME, false, false, AT(time.iqr_nn_ms), 2, 0, "ms", "distance between the quartiles of NN", ""},
    {"mad_nn_ms", 6, HRV_TIME, false, false, AT(time.mad_nn_ms), 2, 0, "ms", "1.4826 x median of |NN - median of NN|", ""},
    {"cvnn_pct", 6, HRV_TIME, false, false, AT(time.cvnn_pct), 2, 0, "%", "SDNN in per cent of the mean of NN", ""},
    {"cvsd_pct", 6, HRV_TIME, false, false, AT(time.cvsd_pct), 2, 0, "%", "RMSSD in per cent of the mean of NN", ""},
    {"sd_hr_per_min", 6, HRV_TIME, false, false, AT(time.sd_hr_per_min), 2, 0, "1/min", "standard deviation of 60000 / NN, n - 1", ""},
    {"min_hr_per_min", 6, HRV_TIME, false, true, AT(time.min_hr_per_min), 1, 0, "1/min", "60000 / longest NN", ""},
    {"max_hr_per_min", 6, HRV_TIME, false, true, AT(time.max_hr_per_min), 1, 0, "1/min", "60000 / shortest NN", ""},
    {"sdann_ms", 6, HRV_SEGMENTS, true, false, AT(segments.sdann_ms), 2, 600, "ms",
     "standard deviation of the means of 5-minute segments, n - 1", TASK_FORCE},
    {"sdnn_index_ms", 6, HRV_SEGMENTS, true, false, AT(segments.sdnn_index_ms), 2, 300, "ms",
     "mean of the standard deviations of 5-minute segments", TASK_FORCE},
    {"hti", 6, HRV_GEOMETRY, true, false, AT(geometry.hti), 1, 1200, "1", "NN / the tallest bin of their histogram, bins of 7.8125 ms",
     TASK_FORCE},
    {"tinn_ms", 6, HRV_GEOMETRY, true, false, AT(geometry.tinn_ms), 1, 1200, "ms",
     "base of the triangle that fits the histogram with the least squares", TASK_FORCE},
    {"tinn_area_ms", 6, HRV_GEOMETRY, false, false, AT(geometry.tinn_area_ms), 1, 1200, "ms",
     "base of the triangle as tall as the histogram that has its area", "RHRV"},
};

const size_t hrv_n_measures = COUNT_OF(hrv_measures);
_Static_assert(COUNT_OF(hrv_measures) <= HRV_MOST_MEASURES, "room for a row");

const char *const hrv_reason_word[HRV_REASONS] = {
    [HRV_GIVEN] = "", [HRV_FEW] = "few", [HRV_SHORT] = "short", [HRV_ECTOPIC] = "ectopic", [HRV_GAPS] = "gaps",
    [HRV_UNDEFINED] = "undefined",
};

int hrv_measure_series(const struct nn_series *nn, const struct hrv_recipe *recipe, const bool *wanted, struct hrv_values *out,
                       struct kymo_err *e)
{
    int rc = wanted[HRV_TIME] ? hrv_time(nn, recipe->x_ms, &out->time, e) : 0;

    if (rc == 0 && wanted[HRV_GEOMETRY])
        rc = hrv_geometry(nn, &out->geometry, e);
    if (rc == 0 && wanted[HRV_SEGMENTS])
        hrv_segments(nn, 300, &out->segments);
    return rc;
}

double hrv_value(const struct hrv_measure *m, const struct hrv_values *v, const struct hrv_window *w, bool force,
                 enum hrv_reason *reason)
{
    const double value = *(const double *)((const char *)v + m->at);
    const bool limits = !force && !m->level;

    *reason = w->n_nn < m->least_nn ? HRV_FEW
            : !force && w->length_s < m->least_s ? HRV_SHORT
            : limits && w->pct_excluded + w->pct_corrected > HRV_MOST_OTHERS_PCT ? HRV_ECTOPIC
            : limits && w->pct_covered < HRV_LEAST_COVERED_PCT ? HRV_GAPS
            : !isfinite(value) ? HRV_UNDEFINED : HRV_GIVEN;
    return *reason == HRV_GIVEN ? value : (double)NAN;
}
