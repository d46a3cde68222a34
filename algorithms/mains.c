/* algorithms/mains.c - see mains.h. */
#include "algorithms/mains.h"
#include "algorithms/fft.h"
#include "algorithms/order.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PI         3.141592653589793
#define WINDOW_S   4.0
#define LOW_HZ     40.0    /* what is kept of a spectrum */
#define HIGH_HZ    70.0
#define STRAY_HZ   0.6
#define LOBE_HZ    0.75    /* of a Hann window of 4 s */
#define NEAR_HZ    1.5
#define FAR_HZ     6.0
#define MOST_RATIO 1e4
#define LEAST_DB   6.0
#define FEW_DB     10.0
#define LARGEST    1e100   /* no measurement; squares stay finite */

enum { BINS = 128, HARMONICS = 9, FEW = 8 };

struct mains {
    double fs_hz, bin_hz, energy; /* energy: sum of the squared window */
    size_t n, n_in;               /* samples in a window, and taken of this one */
    size_t first, n_bins;         /* of the spectrum, those that are kept */
    struct fft *fft;
    double *window, *x, *work;
    int64_t n_windows;
    double power[BINS], even[BINS];   /* sums over windows: as it is, and with equal say */
};

struct mains *mains_create(double fs_hz, struct kymo_err *e)
{
    if (!(fs_hz >= 125 && fs_hz <= 1e6)) {
        kymo_fail(e, KYMO_EUSAGE, "cannot look for the mains at %g Hz, only 125..1000000", fs_hz);
        return NULL;
    }
    struct mains *s = calloc(1, sizeof *s);
    if (!s) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to look for the mains");
        return NULL;
    }
    s->fs_hz = fs_hz;
    s->n = 2 * (size_t)(WINDOW_S / 2 * fs_hz);
    s->bin_hz = fs_hz / (double)s->n;
    s->first = (size_t)ceil(LOW_HZ / s->bin_hz);
    s->n_bins = (size_t)(fmin(HIGH_HZ, fs_hz / 2) / s->bin_hz) - s->first;
    s->window = malloc(s->n * sizeof *s->window);
    s->x = malloc(s->n * sizeof *s->x);
    s->work = malloc((s->n + 2) * sizeof *s->work);
    if (!s->window || !s->x || !s->work || !(s->fft = fft_create_forward(s->n, e))) {
        kymo_fail(e, KYMO_ENOMEM, "no memory to look for the mains at %g Hz", fs_hz);
        mains_destroy(s);
        return NULL;
    }
    for (size_t i = 0; i < s->n; i++) {
        s->window[i] = 0.5 - 0.5 * cos(2 * PI * (double)i / (double)s->n);
        s->energy += s->window[i] * s->window[i];
    }
    return s;
}

static double bin_frequency(const struct mains *s, size_t k) { return (double)(s->first + k) * s->bin_hz; }

/* ---- spectra ---- */

static void add_window(struct mains *s)
{
    double mean = 0, power[BINS] = {0}, sorted[BINS];

    for (size_t i = 0; i < s->n; i++)
        mean += s->x[i];
    mean /= (double)s->n;
    for (size_t i = 0; i < s->n; i++)
        s->work[i] = (s->x[i] - mean) * s->window[i];
    fft_forward(s->fft, s->work, s->work);
    for (size_t k = 0; k < s->n_bins; k++)
        power[k] = s->work[2 * (s->first + k)] * s->work[2 * (s->first + k)] +
                   s->work[2 * (s->first + k) + 1] * s->work[2 * (s->first + k) + 1];
    memcpy(sorted, power, s->n_bins * sizeof *sorted);
    const double usual = order_select(sorted, s->n_bins, s->n_bins / 2);
    if (!(usual > 0))             /* flat */
        return;
    s->n_windows++;
    for (size_t k = 0; k < s->n_bins; k++) {
        s->power[k] += power[k];
        s->even[k] += fmin(power[k] / usual, MOST_RATIO);
    }
}

void mains_push(struct mains *s, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(x[i]) <= LARGEST)) {
            s->n_in = 0;
            continue;
        }
        s->x[s->n_in++] = x[i];
        if (s->n_in < s->n)
            continue;
        add_window(s);
        s->n_in = s->n / 2;
        memcpy(s->x, s->x + s->n / 2, s->n_in * sizeof *s->x);
    }
}

/* ---- lines ---- */

static bool is_harmonic(const struct mains *s, double f, double nominal_hz)
{
    for (int h = 2; h <= HARMONICS; h++) {
        const double folded = fabs(h * nominal_hz - s->fs_hz * round(h * nominal_hz / s->fs_hz));
        if (fabs(f - folded) <= LOBE_HZ + 0.1 * h)
            return true;
    }
    return false;
}

/* Values of the surroundings of a line into v. Returns how many. */
static size_t surroundings(const struct mains *s, const double *spectrum, double nominal_hz, double v[BINS])
{
    size_t n = 0;

    for (size_t k = 0; k < s->n_bins; k++) {
        const double f = bin_frequency(s, k), away = fabs(f - nominal_hz);
        if (away >= NEAR_HZ && away <= FAR_HZ && !is_harmonic(s, f, nominal_hz))
            v[n++] = spectrum[k];
    }
    return n;
}

static struct mains_line measure_line(const struct mains *s, int nominal_hz)
{
    struct mains_line line = {.nominal_hz = nominal_hz};
    double around[BINS], power = 0, weighted = 0;
    size_t top = 0;

    for (size_t k = 0; k < s->n_bins; k++)
        if (fabs(bin_frequency(s, k) - nominal_hz) <= STRAY_HZ && s->even[k] > (top ? s->even[top] : 0))
            top = k;
    size_t n = surroundings(s, s->even, nominal_hz, around);
    line.db = 10 * log10(s->even[top] / order_quantile(around, n, 0.95));
    n = surroundings(s, s->power, nominal_hz, around);
    const double floor_power = order_quantile(around, n, 0.5);
    for (size_t k = 0; k < s->n_bins; k++)
        if (fabs(bin_frequency(s, k) - bin_frequency(s, top)) <= LOBE_HZ) {
            const double above = fmax(0, s->power[k] - floor_power);
            power += above;
            weighted += above * bin_frequency(s, k);
        }
    line.hz = power > 0 ? weighted / power : nominal_hz;
    line.amplitude = sqrt(4 * power / ((double)s->n_windows * (double)s->n * s->energy));
    return line;
}

struct mains_line mains_find(const struct mains *s)
{
    if (s->n_windows == 0)
        return (struct mains_line){0};
    const struct mains_line a = measure_line(s, 50), b = measure_line(s, 60);
    struct mains_line line = a.amplitude >= b.amplitude ? a : b;
    const double least_db = s->n_windows < FEW ? FEW_DB : LEAST_DB;

    if (fmin(a.db, b.db) < least_db)
        line = a.db >= b.db ? a : b;
    if (!(line.db >= least_db))
        line.nominal_hz = 0;
    return line;
}

int64_t mains_windows(const struct mains *s) { return s->n_windows; }

void mains_reset(struct mains *s)
{
    s->n_in = 0;
    s->n_windows = 0;
    memset(s->power, 0, sizeof s->power);
    memset(s->even, 0, sizeof s->even);
}

void mains_destroy(struct mains *s)
{
    if (!s)
        return;
    fft_destroy(s->fft);
    free(s->window);
    free(s->x);
    free(s->work);
    free(s);
}
