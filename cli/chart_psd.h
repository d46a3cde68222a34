/* cli/chart_psd.h - a spectrum of NN intervals, its bands shaded, with their powers. */
#ifndef KYMO_CLI_CHART_PSD_H
#define KYMO_CLI_CHART_PSD_H

#include "algorithms/hrv_bands.h"
#include "cli/chart.h"

#define CHART_POWERS 4
extern const char *const chart_power_measure[CHART_POWERS];   /* what kymo hrv calls the numbers below it: vlf_ms2 ... */

/* s: empty where there is none. words: how it was made. withheld: of each number why it is not told; NULL: it is. */
int chart_psd(struct kymo_draw *d, const struct chart_place *place, const struct hrv_spectrum *s, const struct hrv_bands *bands,
              const char *words, const char *const withheld[CHART_POWERS], struct kymo_err *e);

#endif
