/* formats/edf_layout.c - see edf_layout.h. */
#include "formats/edf_layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST_DECIMALS 7
#define SAME_STEPS 1e-9              /* a limit so near to a decimal is meant to be it */
#define TRIES (1 << 17)              /* how many integers are looked at from each end of the range */
#define ENDS 48                      /* how many of them with a short physical value are tried as limits */
#define USUAL_RECORD_BYTES 61440.0   /* which the specification recommends as the most */

__extension__ typedef __int128 wide;

/* ---- numbers ---- */

static double value_of(const char *text)
{
    double v = (double)NAN;

    kymo_parse_real(text, strlen(text), &v);
    return v;
}

/* v with so many decimals (exponent: digits behind the point and an exponent) into text if it is short enough. */
static bool try_format(double v, int decimals, bool exponent, char text[EDF_NUMBER_CHARS + 1])
{
    char all[400];
    const char *p = all;

    snprintf(all, sizeof all, exponent ? "%.*e" : "%.*f", decimals, v);
    size_t n = strlen(all);
    if (n == EDF_NUMBER_CHARS + 1 && all[0] == '0' && all[1] == '.') {   /* "0.1234567" */
        p++;
        n--;
    } else if (n == EDF_NUMBER_CHARS + 1 && strncmp(all, "-0.", 3) == 0) {
        all[1] = '-';
        p++;
        n--;
    }
    if (n > EDF_NUMBER_CHARS)
        return false;
    memcpy(text, p, n + 1);
    return true;
}

static double power_of_ten(int n)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};

    return power[n];
}

void edf_format_number(double v, int way, char text[EDF_NUMBER_CHARS + 1])
{
    char best[EDF_NUMBER_CHARS + 1] = "0";
    double off = INFINITY;

    for (int k = 0; k < 2 * (MOST_DECIMALS + 1); k++) {
        const int decimals = k % (MOST_DECIMALS + 1);
        const bool exponent = k > MOST_DECIMALS;
        const int order = exponent && v != 0 ? (int)floor(log10(fabs(v))) : 0;
        const double unit = exponent ? pow(10, order - decimals) : 1 / power_of_ten(decimals);
        if (!try_format(v, decimals, exponent, text))
            continue;
        double got = value_of(text);
        if ((way < 0 && got > v) || (way > 0 && got < v)) {
            if (!try_format(got + way * unit, decimals, exponent, text))
                continue;
            got = value_of(text);
        }
        if (fabs(got - v) < off && (way == 0 || (way < 0 ? got <= v : got >= v))) {
            off = fabs(got - v);
            memcpy(best, text, sizeof best);
        }
    }
    memcpy(text, best, sizeof best);
}

/* ---- calibration ---- */

static void complete(struct edf_limits *l, const struct kymo_signal *s)
{
    const double low = value_of(l->physical_min), high = value_of(l->physical_max);
    const double gain = (l->digital_max - (double)l->digital_min) / (high - low);

    l->gain = gain;                                  /* the reader's formulas, in its order */
    l->baseline = l->digital_min - low * gain;
    const double at_min = (l->digital_min - s->baseline) / s->gain, at_max = (l->digital_max - s->baseline) / s->gain;
    l->off_steps = fmax(fabs(low - at_min), fabs(high - at_max)) * fabs(s->gain);
    if (!isnormal(gain) || !isfinite(l->baseline))
        l->off_steps = INFINITY;
}

static bool is_exact(const struct edf_limits *l, const struct kymo_signal *s)
{
    return l->gain == s->gain && l->baseline == s->baseline;
}

/* The physical value of d with the fewest digits that tell it; false where 8 characters are too few. */
static bool format_exactly(const struct kymo_signal *s, int32_t d, char text[EDF_NUMBER_CHARS + 1])
{
    const double p = (d - s->baseline) / s->gain, same = SAME_STEPS / fabs(s->gain);

    for (int decimals = 0; decimals <= MOST_DECIMALS; decimals++)
        if (try_format(p, decimals, false, text) && fabs(value_of(text) - p) <= same)
            return true;
    for (int digits = 0; digits <= MOST_DECIMALS; digits++)
        if (try_format(p, digits, true, text) && fabs(value_of(text) - p) <= same)
            return true;
    return false;
}

/* A quick look whether format_exactly may succeed without an exponent. */
static bool may_be_short(const struct kymo_signal *s, int32_t d)
{
    const double p = (d - s->baseline) / s->gain, size = fabs(p);
    int room = EDF_NUMBER_CHARS - (p < 0) - (size < 1 ? 0 : 1) - 1;

    for (double limit = 10; room >= -1 && size >= limit; limit *= 10)
        room--;
    if (room < -1)   /* -1: all digits, no point */
        return false;
    const double scaled = p * power_of_ten(room > MOST_DECIMALS ? MOST_DECIMALS : room < 0 ? 0 : room);
    return fabs(scaled - nearbyint(scaled)) <= fmax(SAME_STEPS, 4e-16 * fabs(scaled));
}

static bool try_pair(const struct kymo_signal *s, int32_t low, int32_t high, struct edf_limits *l)
{
    l->digital_min = low;
    l->digital_max = high;
    if (!format_exactly(s, low, l->physical_min) || !format_exactly(s, high, l->physical_max))
        return false;
    complete(l, s);
    return true;
}

/* An integer whose physical value fits. */
struct end {
    int32_t digital;
    double value;
    char text[EDF_NUMBER_CHARS + 1];
};

/* Such integers from `from` on, step +-1, up to `to`. */
static int find_short(const struct kymo_signal *s, int64_t from, int64_t to, int step, struct end found[ENDS])
{
    int n = 0;

    for (int64_t d = from, k = 0; n < ENDS && k < TRIES && (step > 0 ? d <= to : d >= to); d += step, k++)
        if (may_be_short(s, (int32_t)d) && format_exactly(s, (int32_t)d, found[n].text)) {
            found[n].digital = (int32_t)d;
            found[n].value = value_of(found[n].text);
            n++;
        }
    return n;
}

/* Whether a reader gets the signal's gain and baseline to the last bit. */
static bool makes_exact(const struct kymo_signal *s, const struct end *low, const struct end *high)
{
    const double gain = (high->digital - (double)low->digital) / (high->value - low->value);

    return gain == s->gain && low->digital - low->value * gain == s->baseline;
}

/* Widest first. One that is not exact to the last bit of gain and baseline is kept where no other is. */
static bool search(const struct kymo_signal *s, int32_t seen_min, int32_t seen_max, int32_t least, int32_t most,
                   struct edf_limits *l)
{
    struct end low[ENDS], high[ENDS];
    const int n_low = find_short(s, least, seen_min, 1, low), n_high = find_short(s, most, seen_max, -1, high);
    const struct end *best_low = NULL, *best_high = NULL;
    bool exact = false;

    for (int sum = 0; !exact && sum < n_low + n_high; sum++)
        for (int i = sum < n_high ? 0 : sum - n_high + 1; !exact && i <= sum && i < n_low; i++) {
            const struct end *a = &low[i], *b = &high[sum - i];
            exact = a->digital < b->digital && makes_exact(s, a, b);
            if (exact || (!best_low && a->digital < b->digital)) {
                best_low = a;
                best_high = b;
            }
        }
    if (!best_low)
        return false;
    l->digital_min = best_low->digital;
    l->digital_max = best_high->digital;
    memcpy(l->physical_min, best_low->text, sizeof best_low->text);
    memcpy(l->physical_max, best_high->text, sizeof best_high->text);
    complete(l, s);
    return true;
}

static bool is_in(double v, int32_t least, int32_t most) { return v >= least && v <= most && v == nearbyint(v); }

/* The signal's own limits, if they are such as EDF can have. */
static bool has_limits(const struct kymo_signal *s, int32_t least, int32_t most)
{
    return is_in(s->digital_min, least, most) && is_in(s->digital_max, least, most) && s->digital_min != s->digital_max;
}

/* These limits, rounded, if they are nearer than *l. */
static void try_rounded(const struct kymo_signal *s, int32_t low, int32_t high, struct edf_limits *l)
{
    struct edf_limits t = {.digital_min = low, .digital_max = high};

    edf_format_number((low - s->baseline) / s->gain, 0, t.physical_min);
    edf_format_number((high - s->baseline) / s->gain, 0, t.physical_max);
    complete(&t, s);
    if (t.off_steps < l->off_steps || !*l->physical_min)
        *l = t;
}

bool edf_limits_for(const struct kymo_signal *s, bool keep, int32_t seen_min, int32_t seen_max, int32_t least,
                    int32_t most, struct edf_limits *l)
{
    struct edf_limits own = {.off_steps = INFINITY}, found = own;
    const bool has_own = has_limits(s, least, most);
    const bool covers = has_own && fmin(s->digital_min, s->digital_max) <= seen_min &&
                        fmax(s->digital_min, s->digital_max) >= seen_max;

    if ((covers || (keep && has_own)) && try_pair(s, (int32_t)s->digital_min, (int32_t)s->digital_max, &own) &&
        is_exact(&own, s)) {
        *l = own;
        return true;
    }
    const bool any = search(s, seen_min, seen_max, least, most, &found);
    *l = any && (is_exact(&found, s) || own.off_steps > SAME_STEPS) ? found : own;
    if (l->off_steps <= SAME_STEPS)
        return true;
    if (covers)
        try_rounded(s, (int32_t)s->digital_min, (int32_t)s->digital_max, l);
    for (int bits = 1; bits <= 24; bits++)
        if (-(1 << (bits - 1)) <= seen_min && (1 << (bits - 1)) > seen_max && -(1 << (bits - 1)) >= least)
            try_rounded(s, -(1 << (bits - 1)), (1 << (bits - 1)) - 1, l);
    return l->off_steps <= 0.5;
}

void edf_limits_spread(double low, double high, int32_t least, int32_t most, struct edf_limits *l)
{
    if (!(low < high)) {   /* one value only: about it, so that it is one of the steps' */
        const double room = fmax(fabs(low), 1);
        low -= room;
        high += room;
    }
    edf_format_number(low, -1, l->physical_min);
    edf_format_number(high, 1, l->physical_max);
    l->digital_min = least;
    l->digital_max = most;
    l->gain = ((double)most - least) / (value_of(l->physical_max) - value_of(l->physical_min));
    l->baseline = least - value_of(l->physical_min) * l->gain;
    l->off_steps = 0;
}

/* ---- data records ---- */

bool edf_period(const struct kymo_header *h, struct kymo_ratio *period)
{
    *period = (struct kymo_ratio){1, 0};   /* of no signal: the neutral element */
    for (size_t i = 0; i < h->n_signals; i++) {
        const struct kymo_ratio rate = h->signal[i].rate;
        const wide num = (wide)period->num / kymo_common_divisor(period->num, rate.den) * rate.den;
        if (num > KYMO_RATIO_LIMIT)
            return false;
        period->num = (int64_t)num;
        period->den = kymo_common_divisor(period->den, rate.num);
    }
    if (period->den == 0)
        period->den = 1;
    return true;
}

int64_t edf_per_period(const struct kymo_signal *s, struct kymo_ratio period)
{
    return s->rate.num / period.den * (period.num / s->rate.den);
}

/* num / den in at most 8 characters, exactly. */
static bool format_decimal(wide num, int64_t den, char text[EDF_NUMBER_CHARS + 1])
{
    wide scale = 1;
    int decimals = 0;
    char all[48];

    while (decimals < MOST_DECIMALS && num * scale % den != 0)
        scale *= 10, decimals++;
    if (num * scale % den != 0 || num / den > EDF_MOST_RECORDS)
        return false;
    const long long whole = (long long)(num / den), rest = (long long)(num * scale / den % scale);
    const int n = decimals ? snprintf(all, sizeof all, "%lld.%0*lld", whole, decimals, rest)
                           : snprintf(all, sizeof all, "%lld", whole);
    const char *p = n == EDF_NUMBER_CHARS + 1 && all[0] == '0' ? all + 1 : all;
    if (strlen(p) > EDF_NUMBER_CHARS)
        return false;
    memcpy(text, p, strlen(p) + 1);
    return true;
}

struct choice {
    struct kymo_ratio period;
    double bytes_per_period;
    double wanted;               /* periods */
    struct edf_duration *best;
    double off;                  /* of the best from what is wanted, as a log ratio */
};

/* A record of so many periods: the new best? */
static void consider(struct choice *c, int64_t periods)
{
    const double off = fabs(log((double)periods / c->wanted));
    char text[EDF_NUMBER_CHARS + 1];

    if (periods < 1 || off >= c->off || (double)periods * c->bytes_per_period > EDF_RECORD_LIMIT ||
        !format_decimal((wide)c->period.num * periods, c->period.den, text))
        return;
    c->off = off;
    c->best->periods = periods;
    memcpy(c->best->text, text, sizeof text);
}

/* The divisors of common, as far as records of them are not out of all proportion. */
static void consider_divisors(struct choice *c, int64_t common)
{
    const double most = 64;      /* times what is wanted, either way */

    for (int64_t i = 1; i <= common / i && i < 2000000; i++)
        if (common % i == 0) {
            consider(c, i);
            consider(c, common / i);
        }
    c->best->divides = c->off < log(most);
}

/* Multiples of the shortest record whose duration is a decimal, round ones first. */
static void consider_all(struct choice *c)
{
    static const int64_t round[] = {1, 2, 5, 10, 20, 30, 60};
    int64_t least = c->period.den;

    while (least % 2 == 0)
        least /= 2;
    while (least % 5 == 0)
        least /= 5;
    const double wanted_s = c->wanted * kymo_ratio_real(c->period);
    for (int64_t scale = 1; scale <= 10000; scale *= 10)
        for (size_t i = 0; i < sizeof round / sizeof *round; i++) {
            const wide periods = (wide)round[i] * c->period.den, unit = (wide)scale * c->period.num;
            if (periods % unit == 0 && (double)round[i] / (double)scale <= 4 * wanted_s)
                consider(c, (int64_t)(periods / unit));
        }
    if (c->best->periods == 0)
        for (int64_t k = 1; k <= 1000; k++) {
            consider(c, least * k);
            consider(c, least * (int64_t)fmax(1, nearbyint(c->wanted / (double)least)) * k);
        }
}

/* No decimal is exact: the nearest of 8 characters. */
static bool round_duration(struct choice *c)
{
    struct edf_duration *d = c->best;

    d->periods = (int64_t)fmax(1, nearbyint(c->wanted));
    const double exact = (double)d->periods * kymo_ratio_real(c->period);
    if ((double)d->periods * c->bytes_per_period > EDF_RECORD_LIMIT || exact > EDF_MOST_RECORDS)
        return false;
    edf_format_number(exact, 0, d->text);
    d->off = fabs(value_of(d->text) - exact) / exact;
    return value_of(d->text) > 0;
}

bool edf_duration_for(struct kymo_ratio period, int64_t common, double bytes_per_period, struct edf_duration *d)
{
    const double periods_a_second = 1 / kymo_ratio_real(period);
    struct choice c = {.period = period, .bytes_per_period = bytes_per_period, .best = d, .off = INFINITY};

    *d = (struct edf_duration){0};
    c.wanted = fmax(1, fmin(periods_a_second, USUAL_RECORD_BYTES / fmax(bytes_per_period, 1e-300)));
    if (common > 0)
        consider_divisors(&c, common);
    if (d->divides)
        return true;
    *d = (struct edf_duration){0};
    c.off = INFINITY;
    consider_all(&c);
    return d->periods > 0 || round_duration(&c);
}
