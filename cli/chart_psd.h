/* cli/chart_psd.h - a spectrum of NN intervals, its bands shaded, with their powers. */
#ifndef KYMO_CLI_CHART_PSD_H
#define KYMO_CLI_CHART_PSD_H

#include "algorithms/hrv_bands.h"
#include "cli/chart.h"

/* s: empty where there is none. words: how it was made. */
int chart_psd(struct kymo_draw *d, const struct chart_place *place, const struct hrv_spectrum *s, const struct hrv_bands *bands,
              const char *words, struct kymo_err *e);

#endif
