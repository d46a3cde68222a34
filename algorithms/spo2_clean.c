/* algorithms/spo2_clean.c - see spo2_clean.h. */
#include "algorithms/spo2_clean.h"

#include <math.h>

#define ROUNDS_TO_100 100.5
#define SLOWEST_PULSE 20.0        /* per min */
#define FASTEST_PULSE 300.0
#define PULSE_STEP 30.0
#define LASTING 0.25              /* of the steepest fall: what goes on for long */
#define SLACK 1e-9                /* for the rounding of per cents that come from a gain */

const struct spo2_clean_options spo2_clean_defaults = {
    .codes = true, .low_pct = 50, .high_pct = 100, .edge_s = 2, .steepest_pct_per_s = 4, .longest_flat_s = 1800,
};

static const char *const names[SPO2_RULES] = {
    [SPO2_KEPT] = "kept", [SPO2_MISSING] = "missing", [SPO2_CODE] = "code", [SPO2_RANGE] = "range", [SPO2_EDGE] = "edge",
    [SPO2_JUMP] = "jump", [SPO2_FLAT] = "flat", [SPO2_MOTION] = "motion",
};

const char *spo2_rule_name(enum spo2_rule rule) { return names[rule]; }

static size_t samples_in(double s, double fs_hz, size_t most)
{
    const double n = floor(s * fs_hz + SLACK);

    return n < (double)most ? (size_t)n : most;
}

static enum spo2_rule judge_value(double x, const struct spo2_clean_options *o)
{
    if (isnan(x))
        return SPO2_MISSING;
    if (o->codes && (x <= 0 || x > ROUNDS_TO_100))
        return SPO2_CODE;
    if (o->low_pct < o->high_pct && (x < o->low_pct || x > (o->high_pct == 100 ? ROUNDS_TO_100 : o->high_pct)))
        return SPO2_RANGE;
    return SPO2_KEPT;
}

static bool is_off(unsigned char why) { return why == SPO2_CODE || why == SPO2_RANGE || why == SPO2_JUMP; }

static void take_edges(size_t n, size_t edge, unsigned char *why)
{
    size_t off = n;               /* the last sample that was; none yet */

    for (size_t i = 0; i < n; i++) {
        if (is_off(why[i])) {
            for (size_t k = 1; k <= edge && k <= i && !is_off(why[i - k]); k++)
                if (why[i - k] == SPO2_KEPT)
                    why[i - k] = SPO2_EDGE;
            off = i;
        } else if (off < n && i - off <= edge && why[i] == SPO2_KEPT) {
            why[i] = SPO2_EDGE;
        }
    }
}

/* The measure of a sample is the last one that was kept at least a second before it; before there is one, the first kept. */
static void take_jumps(const double *x, size_t n, double fs_hz, double steepest, unsigned char *why)
{
    const size_t second = fs_hz < 1 ? 1 : samples_in(1, fs_hz, n);
    size_t measure = n, next = 0;

    for (size_t i = 0; i < n; i++) {
        for (; next + second <= i; next++)
            if (why[next] == SPO2_KEPT)
                measure = next;
        if (why[i] != SPO2_KEPT)
            continue;
        if (measure == n)
            measure = i;
        if (x[measure] - x[i] > steepest * fmax(fmax(1, 1 / fs_hz), LASTING * (double)(i - measure) / fs_hz) + SLACK)
            why[i] = SPO2_JUMP;
    }
}

/* longest: samples, 1 or more. */
static void take_flat(const double *x, size_t n, size_t longest, unsigned char *why)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && why[i] == SPO2_KEPT && why[end] == SPO2_KEPT && x[end] == x[i]; end++)
            ;
        for (size_t k = i; end - i > longest && k < end; k++)
            why[k] = SPO2_FLAT;
    }
}

static bool is_moving(const double *pulse, size_t i, size_t second)
{
    if (!(pulse[i] >= SLOWEST_PULSE && pulse[i] <= FASTEST_PULSE))
        return true;
    return i >= second && fabs(pulse[i] - pulse[i - second]) > PULSE_STEP;
}

static void take_motion(const double *pulse, size_t n, double fs_hz, unsigned char *why)
{
    const size_t second = fs_hz < 1 ? 1 : samples_in(1, fs_hz, n);

    for (size_t i = 0; i < n; i++)
        if (why[i] == SPO2_KEPT && is_moving(pulse, i, second))
            why[i] = SPO2_MOTION;
}

void spo2_clean(double *x, size_t n, double fs_hz, const double *pulse_per_min, const struct spo2_clean_options *o,
                unsigned char *why, size_t count[SPO2_RULES])
{
    for (int rule = 0; rule < SPO2_RULES; rule++)
        count[rule] = 0;
    for (size_t i = 0; i < n; i++)
        why[i] = (unsigned char)judge_value(x[i], o);
    if (o->steepest_pct_per_s > 0)
        take_jumps(x, n, fs_hz, o->steepest_pct_per_s, why);
    if (o->edge_s > 0)
        take_edges(n, samples_in(o->edge_s, fs_hz, n), why);
    if (o->longest_flat_s > 0)
        take_flat(x, n, samples_in(o->longest_flat_s, fs_hz, n) + 1, why);
    if (o->motion && pulse_per_min)
        take_motion(pulse_per_min, n, fs_hz, why);
    for (size_t i = 0; i < n; i++) {
        if (why[i] != SPO2_KEPT)
            x[i] = (double)NAN;
        count[why[i]]++;
    }
}
