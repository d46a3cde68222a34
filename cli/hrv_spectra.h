/* cli/hrv_spectra.h - kymo hrv: which spectrum is taken of NN intervals, and the powers of its bands. */
#ifndef KYMO_CLI_HRV_SPECTRA_H
#define KYMO_CLI_HRV_SPECTRA_H

#include "algorithms/hrv_bands.h"
#include "algorithms/hrv_burg.h"
#include "algorithms/hrv_lomb.h"
#include "algorithms/hrv_welch.h"
#include "lib/command.h"

enum hrv_method { HRV_WELCH, HRV_LOMB, HRV_BURG };

#define HRV_EXTRA_BANDS 8

struct hrv_spectra_args {
    int method, detrend, interpolation;   /* of the options' words, 0 being "preset" */
    double resample_hz, segment_s;
    int64_t order;
    struct kymo_strings bands;
};

#define HRV_SPECTRA_OPTS(type, field) \
    KYMO_OPT_CHOICE('\0', "method", type, field.method, "preset|welch|lomb|burg", "preset", "how spectra are made"), \
    KYMO_OPT_CHOICE('\0', "detrend", type, field.detrend, "preset|none|constant|linear|smooth", "preset", \
                    "what is taken from intervals before; smooth: smoothness priors, lambda 500"), \
    KYMO_OPT_NUMBER('\0', "resample", type, field.resample_hz, "HZ", "4", "welch, burg: rate of the even grid"), \
    KYMO_OPT_CHOICE('\0', "interpolation", type, field.interpolation, "cubic|linear", "cubic", \
                    "welch, burg: between intervals"), \
    KYMO_OPT_NUMBER('\0', "segment", type, field.segment_s, "SECONDS", NULL, \
                    "welch, lomb: length of windows that overlap by half; unless told 300, of --preset physionet all"), \
    KYMO_OPT_COUNT('\0', "order", type, field.order, "N", "32", \
                   "burg: order; 0: chosen by Akaike's criterion, up to 40"), \
    KYMO_OPT_STRINGS('\0', "band", type, field.bands, "NAME=LO-HI", \
                     "another ulf, vlf, lf or hf, in Hz, or one more band; may be given again")

struct hrv_spectra_recipe {
    enum hrv_method method;
    bool smooth;
    enum trend trend;
    struct hrv_even_options even;
    double segment_s;                      /* of welch and lomb; 0: all of it */
    size_t order;                          /* 0: chosen */
    struct hrv_bands bands;
    struct hrv_band extra[HRV_EXTRA_BANDS];
    char extra_name[HRV_EXTRA_BANDS][32];  /* of their columns, NAME_ms2 */
    size_t n_extra;
};

/* Of the Task Force: Welch, windows of 5 minutes, its bands; an even grid of 4 Hz. */
struct hrv_spectra_recipe hrv_spectra_task_force(void);

/* What the options say, over what recipe has of a preset. Returns 0 or KYMO_EUSAGE. */
int hrv_spectra_options(const struct hrv_spectra_args *args, struct hrv_spectra_recipe *recipe, struct kymo_err *e);

/* "welch detrend=constant", and so on, what else is not usual with it. */
void hrv_spectra_words(const struct hrv_spectra_recipe *recipe, char *text, size_t cap);

/* The objects; zeroed to begin with. */
struct hrv_spectra {
    const struct hrv_spectra_recipe *recipe;
    struct hrv_even even;
    struct hrv_welch *welch;
    struct hrv_lomb *lomb, *slow;          /* slow: for ULF */
    struct hrv_burg *burg;
    struct hrv_spectrum spectrum, whole;   /* of the last series; whole: by slow */
};

/* What all series of a recording share: *s, zeroed before, is for release, failing or not. recipe stays the caller's. 0 or
 * KYMO_ENOMEM. */
int hrv_spectra_make(struct hrv_spectra *s, const struct hrv_spectra_recipe *recipe, struct kymo_err *e);
void hrv_spectra_release(struct hrv_spectra *s);

/* The spectrum of nn into s->spectrum. Returns 0 or a negative code. */
int hrv_spectra_measure(struct hrv_spectra *s, const struct nn_series *nn, struct kymo_err *e);

/* Power of the ULF band, in the Lomb periodogram of all of nn, whatever the method: no window of minutes holds it. */
int hrv_spectra_ulf(struct hrv_spectra *s, const struct nn_series *nn, double *ulf_ms2, struct kymo_err *e);

#endif
