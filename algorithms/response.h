/* algorithms/response.h - what oxygen saturation and pulse rate do after the respiratory events of a night.
 *
 * Window: the time round the end of an event in which its response lies, of this subject. The mean of the series over all
 * events, their ends at 0, from -120 to 120 s, smoothed with a Hann window of 31 s (half amplitude at 0.03 Hz); of it the
 * part from -(mean duration) to the lesser of 90 s and the mean time between onsets. Saturation falls there: the window goes
 * from the last maximum before the lowest point to the first maximum behind it, of those at least 75 % as high above that point
 * as the highest on their side. Of pulse rate, which rises, the same upside down. Where there is no such maximum, the window is
 * the usual one: -5 to 45 s.
 *
 *   hypoxic burden  sum over the events of the area between the baseline, the highest saturation in the 100 s
 *                   before the event's end, and the saturation below it in the window, no second counted twice; %min
 *   pulse response  highest pulse rate in the window - lowest in the event, mean of the events
 *
 * Source: A. Azarbarzin et al., The hypoxic burden of sleep apnoea predicts cardiovascular disease-related mortality, Eur.
 * Heart J. 40:1149-1157, 2019; window, its limits and the usual one as K. Sutherland et al. published them, Sleep 45:zsac179,
 * 2022 (their low-pass filter has another shape). Pulse: A. Azarbarzin et al., The sleep apnea-specific pulse-rate response
 * predicts cardiovascular morbidity and mortality, Am. J. Respir. Crit. Care Med. 203:1546-1555, 2021. */
#ifndef KYMO_RESPONSE_H
#define KYMO_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

/* An event: first sample and the one at which it has ended, at 1 Hz. */
struct response_event {
    size_t onset, end;
};

struct response_window {
    int from_s, to_s;             /* from the end of an event, both included */
    bool is_usual;                /* none was found in the data */
};

/* Of x[n] at 1 Hz, NaN: no sample; event[n_events] in order of time, onset <= end < n. rises: looks for a rise. Cannot fail. */
struct response_window response_window(const double *x, size_t n, const struct response_event *event, size_t n_events,
                                       bool rises);

/* In %min, not divided by anything; 0 without an event. Seconds that miss add nothing. */
double response_burden(const double *x_pct, size_t n, const struct response_event *event, size_t n_events,
                       struct response_window w);

/* In the unit of x; NaN where no event has samples both during it and in the window. */
double response_rise(const double *x, size_t n, const struct response_event *event, size_t n_events, struct response_window w);

#endif
