/* cli/hrv_spectra.c - see hrv_spectra.h. */
#include "cli/hrv_spectra.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SMOOTH_LAMBDA 500.0    /* Tarvainen 2002: of 4 Hz, about a high-pass at 0.035 Hz */
#define OVERLAP 0.5
#define SEGMENT_S 300.0
#define MOST_BRIDGED 0.1       /* of a Welch window: at 0.3, LF grows by 15 to 50 % */
#define LEAST_COVERED 0.8      /* of a window of Lomb's: holes scatter what is slow over all frequencies */
#define SHORTEST_PIECE_S 60.0  /* of an autoregressive model */
#define LONGEST_HOLE_S 5.0     /* that a spectrum of an even grid bridges: a pause after a premature beat, or two */
#define MOST_ORDER 40
#define OVERSAMPLING 1.0       /* of Lomb's frequencies: the powers of bands need no more */

/* ---- options ---- */

/* "vlf=0.003-0.04" into name[n] and band. */
static bool parse_band(const char *text, size_t *n, struct hrv_band *band)
{
    const char *const equals = strchr(text, '='), *const dash = equals ? strchr(equals, '-') : NULL;

    if (!dash || equals == text || equals - text > 24)
        return false;
    *n = (size_t)(equals - text);
    for (size_t i = 0; i < *n; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || kymo_is_digit(text[i]) || text[i] == '_'))
            return false;
    return kymo_parse_real(equals + 1, (size_t)(dash - equals - 1), &band->lo_hz) &&
           kymo_parse_real(dash + 1, strlen(dash + 1), &band->hi_hz) && band->lo_hz >= 0 && band->hi_hz > band->lo_hz &&
           band->hi_hz <= 1000;
}

static int take_band(const char *text, struct hrv_spectra_recipe *r, struct kymo_err *e)
{
    struct hrv_band *const own[] = {&r->bands.ulf, &r->bands.vlf, &r->bands.lf, &r->bands.hf};
    static const char *const name[] = {"ulf", "vlf", "lf", "hf"};
    struct hrv_band band;
    size_t n;

    if (!parse_band(text, &n, &band))
        return kymo_fail(e, KYMO_EUSAGE, "--band \"%s\" is not NAME=LO-HI in Hz, as vlf=0.003-0.04", text);
    for (size_t i = 0; i < 4; i++)
        if (strlen(name[i]) == n && memcmp(name[i], text, n) == 0) {
            *own[i] = band;
            return 0;
        }
    if (r->n_extra == HRV_EXTRA_BANDS)
        return kymo_fail(e, KYMO_EUSAGE, "more than %d bands of your own", HRV_EXTRA_BANDS);
    snprintf(r->extra_name[r->n_extra], sizeof r->extra_name[0], "%.*s_ms2", (int)n, text);
    r->extra[r->n_extra++] = band;
    return 0;
}

struct hrv_spectra_recipe hrv_spectra_task_force(void)
{
    return (struct hrv_spectra_recipe){
        .method = HRV_WELCH, .trend = TREND_CONSTANT, .bands = hrv_bands_task_force, .segment_s = 300,
        .even = {.rate_hz = 4, .method = HRV_CUBIC, .longest_hole_s = LONGEST_HOLE_S},
    };
}

int hrv_spectra_options(const struct hrv_spectra_args *a, struct hrv_spectra_recipe *r, struct kymo_err *e)
{
    int rc = 0;

    if (a->method > 0)
        r->method = (enum hrv_method)(a->method - 1);
    if (a->detrend > 0) {
        r->smooth = a->detrend == 4;
        r->trend = r->smooth ? TREND_NONE : (enum trend)(a->detrend - 1);
    }
    if (r->smooth && r->method == HRV_LOMB)
        return kymo_fail(e, KYMO_EUSAGE, "--detrend smooth needs samples on an even grid: --method welch or burg");
    if (!(a->resample_hz >= 0.5 && a->resample_hz <= 100))
        return kymo_fail(e, KYMO_EUSAGE, "--resample %g is not 0.5..100 Hz", a->resample_hz);
    if (a->segment_s != 0 && !(a->segment_s >= 10 && a->segment_s <= 1e6))
        return kymo_fail(e, KYMO_EUSAGE, "--segment %g is not 10..1000000 s", a->segment_s);
    if (a->order < 0 || a->order > HRV_MAX_ORDER)
        return kymo_fail(e, KYMO_EUSAGE, "--order %lld is not 0..%d", (long long)a->order, HRV_MAX_ORDER);
    r->even.rate_hz = a->resample_hz;
    r->even.method = a->interpolation ? HRV_LINEAR : HRV_CUBIC;
    if (a->segment_s > 0 || (r->method == HRV_WELCH && r->segment_s == 0))
        r->segment_s = a->segment_s > 0 ? a->segment_s : SEGMENT_S;
    r->order = (size_t)a->order;
    for (size_t i = 0; rc == 0 && i < a->bands.n; i++)
        rc = take_band(a->bands.text[i], r, e);
    return rc;
}

void hrv_spectra_words(const struct hrv_spectra_recipe *r, char *text, size_t cap)
{
    static const char *const method[] = {"welch", "lomb", "burg"}, *const trend[] = {"none", "constant", "linear"};
    size_t n = (size_t)snprintf(text, cap, "%s detrend=%s", method[r->method], r->smooth ? "smooth" : trend[r->trend]);

    if (r->method != HRV_LOMB && n < cap)
        n += (size_t)snprintf(text + n, cap - n, " %gHz-%s", r->even.rate_hz,
                              r->even.method == HRV_LINEAR ? "linear" : "cubic");
    if (r->method != HRV_BURG && r->segment_s > 0 && n < cap)
        snprintf(text + n, cap - n, " %gs", r->segment_s);
    else if (r->method == HRV_BURG && n < cap)
        snprintf(text + n, cap - n, r->order ? " order=%zu" : " order=AIC", r->order);
}

/* ---- measuring ---- */

int hrv_spectra_make(struct hrv_spectra *s, const struct hrv_spectra_recipe *r, struct kymo_err *e)
{
    const struct hrv_welch_options welch = {
        .window_s = r->segment_s, .overlap = OVERLAP, .shape = HRV_HANN, .trend = r->trend, .most_bridged = MOST_BRIDGED,
    };
    const struct hrv_burg_options burg = {
        .order = r->order ? r->order : MOST_ORDER, .choose = r->order ? HRV_ORDER_GIVEN : HRV_ORDER_AIC, .trend = r->trend,
        .least_s = SHORTEST_PIECE_S,
    };
    struct hrv_lomb_options lomb = {
        .highest_hz = r->bands.hf.hi_hz, .oversampling = OVERSAMPLING, .trend = r->trend, .window_s = r->segment_s,
        .overlap = OVERLAP, .least_covered = r->segment_s > 0 ? LEAST_COVERED : 0,
    };
    const struct hrv_lomb_options slow = {
        .highest_hz = r->bands.ulf.hi_hz, .oversampling = OVERSAMPLING, .trend = TREND_CONSTANT,
    };

    for (size_t i = 0; i < r->n_extra; i++)
        lomb.highest_hz = fmax(lomb.highest_hz, r->extra[i].hi_hz);
    s->recipe = r;
    if (!(s->slow = hrv_lomb_create(&slow, e)) ||
        (r->method == HRV_WELCH && !(s->welch = hrv_welch_create(&welch, e))) ||
        (r->method == HRV_BURG && !(s->burg = hrv_burg_create(&burg, e))) ||
        (r->method == HRV_LOMB && !(s->lomb = hrv_lomb_create(&lomb, e))))
        return e->cause[0].code;
    return 0;
}

void hrv_spectra_release(struct hrv_spectra *s)
{
    hrv_even_release(&s->even);
    hrv_welch_destroy(s->welch);
    hrv_lomb_destroy(s->lomb);
    hrv_lomb_destroy(s->slow);
    hrv_burg_destroy(s->burg);
    hrv_spectrum_release(&s->spectrum);
    hrv_spectrum_release(&s->whole);
}

int hrv_spectra_measure(struct hrv_spectra *s, const struct nn_series *nn, struct kymo_err *e)
{
    const struct hrv_spectra_recipe *const r = s->recipe;

    if (r->method == HRV_LOMB)
        return hrv_lomb_measure(s->lomb, nn, &s->spectrum, e);
    int rc = hrv_even_fill(&s->even, nn, &r->even, e);
    if (rc == 0 && r->smooth)
        rc = hrv_even_detrend(&s->even, SMOOTH_LAMBDA, e);
    if (rc < 0)
        return rc;
    return r->method == HRV_WELCH ? hrv_welch_measure(s->welch, &s->even, &s->spectrum, e)
                                  : hrv_burg_measure(s->burg, &s->even, &s->spectrum, e);
}

int hrv_spectra_ulf(struct hrv_spectra *s, const struct nn_series *nn, double *ulf_ms2, struct kymo_err *e)
{
    const int rc = hrv_lomb_measure(s->slow, nn, &s->whole, e);

    *ulf_ms2 = rc == 0 ? hrv_band_power(&s->whole, s->recipe->bands.ulf) : (double)NAN;
    return rc;
}
