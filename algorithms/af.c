/* algorithms/af.c - see af.h. */
#include "algorithms/af.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_S 0.15      /* what is shorter or longer is no interval of a rhythm */
#define LONGEST_S 3.0
enum {
    AROUND = 15, SIDE_FEWEST = 5, MOST_BRIDGED = 3,
    P_AROUND = 12, FEW_P = 5, NEAR = 2, FEW_NEAR = 3, SEEN_WITHIN = 300, FEW_LENGTHS = AROUND + 1,
};

/* Medians before and behind a beat that differ by so much are two rhythms, or one that has changed its pace. */
#define TWO_LEVELS 0.35
#define CHANGED_PACE 0.3

/* Two lengths, mixed: all but a tenth of what varies is between them, and one in five intervals or more is not of the length of
 * the one before. Of fibrillation a quarter to a third is within the halves of a bell or of a plateau: 1 in 100 windows of
 * ltafdb and none of 203 of mitdb leaves less than a tenth. With 0.14 somewhat more is told, of fibrillation too; with 0.07
 * little. Crossings of 0.1 to 0.3 do the same. Flutter has such intervals too, the shorter of two cycles of the atria, 260 ms
 * each at most. */
#define LENGTHS_LEFT 0.1
#define LENGTHS_CROSSED 0.2
#define FLUTTER_2_TO_1_S 0.52

/* A state is left after 1000 beats, fibrillation and what is not after 600, but where the pace changes as it does when an
 * episode begins or ends, AT_STEP times as easily: in ltafdb 01 and 03 three of four episodes begin with a step of 0.3, which
 * there is at one of 30 to 600 other beats. Together with AF_RR_WEIGHT these were chosen on models that had not seen the record
 * (model/train_af.c, folds), on DS1 of mitdb and 217, and on records of cpsc2021 with odd numbers. */
#define STAY (1 - 1.0 / 1000)
#define FROM_AF (1.0 / 600)
#define TO_AF (1.0 / 600)
#define AT_STEP 30
#define AT_FIRST_AF 0.1

/* P waves that repeat have a median consistency above 0.7, mostly of 0.85 to 0.99 (1 beat in 20 of DS1 of mitdb, svdb 800 and
 * nine of ten of 118 with 12 dB of noise); fibrillation of less than 0.65 (203 of DS1, 101_9 of cpsc2021). */
#define AF_P_SLOPE 2.0
#define AF_P_EVEN 1.0        /* atanh(0.76), half way */
#define AF_P_MOST 0.05       /* log-odds of one beat, for AF, and against it */
#define AF_P_LEAST -2.0
#define P_DIFFERS 0.3        /* medians before and behind a beat that do are of two rhythms */

/* P waves are seen in a part of a recording where one of ten beats within 300 has a median consistency above 0.93: none has in
 * fibrillation, which may be most of that part (203 of DS1: 0 %; 101_8 of cpsc2021: 22 %; most others 65 to 100 %). Where a few
 * beats there have lost them, that is a sign of fibrillation, or of noise, which flags AF_UNSURE. */
#define P_CLEAR 0.93f
#define CLEAR_SHARE 0.1
#define P_GONE 0.6f
#define P_WEAK 0.8f          /* beats that may have lost them do not speak against it */
#define P_GONE_FOR 0.2       /* log-odds of one beat; twice as much finds no more in cpsc2021 */

static const double bin_limit[AF_BINS - 1] = {-0.33, -0.2, -0.12, -0.06, -0.02, 0.02, 0.06, 0.12, 0.2, 0.33};

static int out_of_memory(struct kymo_err *e) { return kymo_fail(e, KYMO_ENOMEM, "no memory to look for fibrillation"); }

static bool is_af(size_t state) { return state >= AF_OTHERS; }

/* ---- intervals ---- */

/* Intervals i..last, round ventricular beats, become their mean: the pause makes up for the early beat. */
static void bridge(double *rr_s, size_t i, size_t last)
{
    double sum = 0;

    for (size_t k = i; k <= last; k++)
        sum += rr_s[k];
    const double mean = last - i + 1 <= MOST_BRIDGED ? sum / (double)(last - i + 1) : (double)NAN;
    for (size_t k = i; k <= last; k++)
        rr_s[k] = mean;
}

/* x[n]: logarithms of intervals, NaN where there is none. */
static double *log_intervals(const struct af_beats *b, struct kymo_err *e)
{
    double *const x = malloc((b->n + 1) * sizeof *x);

    if (!x) {
        out_of_memory(e);
        return NULL;
    }
    for (size_t i = 0; i < b->n; i++) {
        const bool is_none = i == 0 || b->flags[i] & (AF_AFTER_BREAK | AF_UNSURE) || b->flags[i - 1] & AF_UNSURE;
        const double rr_s = is_none ? (double)NAN : b->time_s[i] - b->time_s[i - 1];
        x[i] = rr_s >= SHORTEST_S && rr_s <= LONGEST_S ? rr_s : (double)NAN;
    }
    for (size_t i = 1; i < b->n; i++)
        if (b->flags[i] & AF_VENTRICULAR) {
            size_t last = i;
            while (last + 1 < b->n && b->flags[last] & AF_VENTRICULAR && !(b->flags[last + 1] & AF_AFTER_BREAK))
                last++;
            bridge(x, i, last);
            i = last;
        }
    for (size_t i = 0; i < b->n; i++)
        x[i] = log(x[i]);
    return x;
}

/* What is not NaN among the numbers of x[n] in a window that moves along, in order of size. */
struct sorted {
    double x[2 * AROUND + 1];
    size_t n;
};

static void enter(struct sorted *s, double v)
{
    size_t at = s->n;

    if (isnan(v))
        return;
    for (; at > 0 && s->x[at - 1] > v; at--)
        s->x[at] = s->x[at - 1];
    s->x[at] = v;
    s->n++;
}

static void leave(struct sorted *s, double v)
{
    size_t at = 0;

    if (isnan(v))
        return;
    while (s->x[at] < v)
        at++;
    memmove(s->x + at, s->x + at + 1, (--s->n - at) * sizeof *s->x);
}

/* The window from so many before i to so many behind it; i comes one after the other from 0. */
static void slide(struct sorted *s, const double *x, size_t n, size_t i, size_t before, size_t behind)
{
    if (i > before)
        leave(s, x[i - before - 1]);
    for (size_t k = i == 0 ? 0 : i + behind; k <= i + behind && k < n; k++)
        enter(s, x[k]);
}

/* NaN where there are fewer than few. */
static double median_of(const struct sorted *s, size_t few)
{
    if (s->n < few)
        return (double)NAN;
    return s->n % 2 ? s->x[s->n / 2] : (s->x[s->n / 2 - 1] + s->x[s->n / 2]) / 2;
}

static int bin_of(double difference)
{
    int bin = 0;

    while (bin < AF_BINS - 1 && difference >= bin_limit[bin])
        bin++;
    return bin;
}

/* The end of the piece without breaks that begins at i. */
static size_t piece_end(const struct af_beats *b, size_t i)
{
    size_t end = i + 1;

    while (end < b->n && !(b->flags[end] & AF_AFTER_BREAK))
        end++;
    return end;
}

/* What is round a beat: on both sides, up to it, and from it on. */
struct sides {
    struct sorted both, before, behind;
};

static void slide_sides(struct sides *s, const double *x, size_t n, size_t i, size_t around)
{
    slide(&s->both, x, n, i, around, around);
    slide(&s->before, x, n, i, around, 0);
    slide(&s->behind, x, n, i, 0, around);
}

/* By how much it differs from one side to the other; NaN where a side is not known. */
static double change_of(const struct sides *s)
{
    return median_of(&s->behind, SIDE_FEWEST) - median_of(&s->before, SIDE_FEWEST);
}

/* What is usual round a beat: where the sides are further apart than that, on the one that own is of, so that the edge between
 * two rhythms belongs to one of them. NaN where there are fewer than few. */
static double usual(const struct sides *s, double own, double apart, size_t few)
{
    const double before = median_of(&s->before, SIDE_FEWEST), behind = median_of(&s->behind, SIDE_FEWEST);

    if (!isnan(own) && fabs(behind - before) > apart)
        return fabs(own - before) < fabs(own - behind) ? before : behind;
    return median_of(&s->both, few);
}

/* How many of the sorted x[n] belong to the shorter of the two lengths that leave least variation within them, and which part
 * of all variation that is. */
static size_t split_in_two(const struct sorted *s, double *left)
{
    double sum = 0, squares = 0, shorter = 0, most = 0;
    size_t n_shorter = 0;

    for (size_t k = 0; k < s->n; k++) {
        sum += s->x[k];
        squares += s->x[k] * s->x[k];
    }
    const double mean = sum / (double)s->n, all = squares - sum * mean;
    for (size_t k = 1; k < s->n; k++) {
        shorter += s->x[k - 1] - mean;
        const double between = shorter * shorter * (1 / (double)k + 1 / (double)(s->n - k));
        if (between > most) {
            most = between;
            n_shorter = k;
        }
    }
    *left = all > 0 ? 1 - most / all : 1;
    return n_shorter;
}

/* How often those of x[n] that are not NaN change from one side of the limit to the other. */
static size_t crossings(const double *x, size_t n, double limit)
{
    size_t found = 0;
    int before = -1;

    for (size_t i = 0; i < n; i++) {
        if (isnan(x[i]))
            continue;
        found += before >= 0 && before != (x[i] > limit);
        before = x[i] > limit;
    }
    return found;
}

/* x[n]: what the window s holds, in order of time. */
static bool is_of_two_lengths(const struct sorted *s, const double *x, size_t n)
{
    double left;

    if (s->n < FEW_LENGTHS)
        return false;
    const size_t n_shorter = split_in_two(s, &left);
    if (left > LENGTHS_LEFT || s->x[n_shorter / 2] < log(FLUTTER_2_TO_1_S))
        return false;
    return (double)crossings(x, n, (s->x[n_shorter - 1] + s->x[n_shorter]) / 2) >= LENGTHS_CROSSED * (double)s->n;
}

static void lengths_of_piece(const double *x, size_t n, unsigned char *two)
{
    struct sorted around = {.n = 0};

    for (size_t i = 0; i < n; i++) {
        const size_t first = i > AROUND ? i - AROUND : 0, end = i + AROUND < n ? i + AROUND + 1 : n;
        slide(&around, x, n, i, AROUND, AROUND);
        two[i] = is_of_two_lengths(&around, x + first, end - first);
    }
}

static void symbols_of_piece(const double *x, size_t n, int16_t *symbol, signed char *step)
{
    struct sides pace = {{.n = 0}, {.n = 0}, {.n = 0}};
    int before = -1, last = -1;   /* bins; -1: none */

    for (size_t i = 0; i < n; i++) {
        slide_sides(&pace, x, n, i, AROUND);
        const double change = change_of(&pace);
        const int bin = isnan(x[i]) ? -1 : bin_of(x[i] - usual(&pace, x[i], TWO_LEVELS, 1));
        step[i] = (signed char)((change > CHANGED_PACE) - (change < -CHANGED_PACE));
        symbol[i] = (int16_t)(before < 0 || last < 0 || bin < 0 ? -1 : (before * AF_BINS + last) * AF_BINS + bin);
        before = last;
        last = bin;
    }
}

int af_symbols(const struct af_beats *b, int16_t *symbol, signed char *step, struct kymo_err *e)
{
    double *const x = log_intervals(b, e);

    if (!x)
        return KYMO_ENOMEM;
    for (size_t i = 0, end; i < b->n; i = end) {
        end = piece_end(b, i);
        symbols_of_piece(x + i, end - i, symbol + i, step + i);
    }
    free(x);
    return 0;
}

int af_two_lengths(const struct af_beats *b, unsigned char *two, struct kymo_err *e)
{
    double *const x = log_intervals(b, e);

    if (!x)
        return KYMO_ENOMEM;
    for (size_t i = 0, end; i < b->n; i = end) {
        end = piece_end(b, i);
        lengths_of_piece(x + i, end - i, two + i);
    }
    free(x);
    return 0;
}

/* ---- the chain ---- */

/* step: -1 where intervals become shorter, 1 where they become longer. */
static double transition(size_t from, size_t to, int step)
{
    const double leave = (is_af(from) ? FROM_AF : TO_AF) * (step == (is_af(from) ? 1 : -1) ? AT_STEP : 1);
    const size_t n_from = is_af(from) ? AF_STATES - AF_OTHERS : AF_OTHERS, n_to = AF_STATES - n_from;

    if (is_af(from) != is_af(to))
        return leave / (double)n_to;
    return (1 - leave) * (from == to ? STAY : (1 - STAY) / (double)(n_from - 1));
}

/* How likely the interval at i is in that state. */
static double likely(const struct af_evidence *v, double likelihood[AF_STATES][AF_SYMBOLS], size_t i, size_t state)
{
    if (v->known && (v->known[i] != 0) != is_af(state))
        return 0;
    return (v->symbol[i] < 0 ? 1 : likelihood[state][v->symbol[i]]) * (v->for_af && is_af(state) ? (double)v->for_af[i] : 1);
}

/* Makes p[] add up to 1. */
static void normalise(double p[AF_STATES])
{
    double sum = 0;

    for (size_t s = 0; s < AF_STATES; s++)
        sum += p[s];
    for (size_t s = 0; s < AF_STATES; s++)
        p[s] = sum > 0 ? p[s] / sum : 1.0 / AF_STATES;
}

void af_recursion(const struct af_evidence *v, double likelihood[AF_STATES][AF_SYMBOLS], float (*gamma)[AF_STATES])
{
    double change[3][AF_STATES][AF_STATES], forward[AF_STATES], backward[AF_STATES];

    for (int step = -1; step <= 1; step++)
        for (size_t a = 0; a < AF_STATES; a++)
            for (size_t b = 0; b < AF_STATES; b++)
                change[step + 1][a][b] = transition(a, b, step);
    for (size_t s = 0; s < AF_STATES; s++) {
        forward[s] = is_af(s) ? AT_FIRST_AF / (AF_STATES - AF_OTHERS) : (1 - AT_FIRST_AF) / AF_OTHERS;
        backward[s] = 1;
    }
    for (size_t i = 0; i < v->n; i++) {
        double next[AF_STATES] = {0};
        for (size_t b = 0; b < AF_STATES; b++) {
            for (size_t a = 0; i > 0 && a < AF_STATES; a++)
                next[b] += forward[a] * change[v->step[i] + 1][a][b];
            next[b] = (i > 0 ? next[b] : forward[b]) * likely(v, likelihood, i, b);
        }
        normalise(next);
        for (size_t s = 0; s < AF_STATES; s++)
            gamma[i][s] = (float)(forward[s] = next[s]);
    }
    for (size_t i = v->n; i-- > 0;) {
        double both[AF_STATES], before[AF_STATES] = {0};
        for (size_t s = 0; s < AF_STATES; s++)
            both[s] = (double)gamma[i][s] * backward[s];
        normalise(both);
        for (size_t s = 0; s < AF_STATES; s++)
            gamma[i][s] = (float)both[s];
        for (size_t b = 0; b < AF_STATES; b++) {
            const double p = backward[b] * likely(v, likelihood, i, b);
            for (size_t a = 0; a < AF_STATES; a++)
                before[a] += change[v->step[i] + 1][a][b] * p;
        }
        normalise(before);
        memcpy(backward, before, sizeof backward);
    }
}

/* ---- the detector ---- */

/* Median P consistency of the beats round each of a piece, like[n], and of the next ones, near[n], each in the lead where it is
 * highest; NaN where there are too few. x[n] is room. */
static void best_p(const struct af_beats *b, size_t from, size_t n, double *x, float *near, float *like)
{
    for (size_t i = 0; i < n; i++)
        like[i] = near[i] = (float)NAN;
    for (size_t lead = 0; lead < AF_LEADS; lead++) {
        struct sides around = {{.n = 0}, {.n = 0}, {.n = 0}};
        struct sorted next = {.n = 0};
        for (size_t i = 0; i < n; i++)
            x[i] = b->p_like[lead] && !(b->flags[from + i] & AF_VENTRICULAR) ? (double)b->p_like[lead][from + i] : (double)NAN;
        for (size_t i = 0; b->p_like[lead] && i < n; i++) {
            slide_sides(&around, x, n, i, P_AROUND);
            slide(&next, x, n, i, NEAR, NEAR);
            const double own = median_of(&next, FEW_NEAR);
            near[i] = fmaxf(near[i], (float)own);
            like[i] = fmaxf(like[i], (float)usual(&around, own, P_DIFFERS, FEW_P));
        }
    }
}

/* Of one beat: like of the beats around, near of the next ones, and whether P waves are seen in this part of the recording. */
static double p_evidence(float like, float near, bool seen)
{
    if (seen && near < P_GONE)
        return P_GONE_FOR;
    if (isnan(like))
        return 0;
    const double evidence = fmax(AF_P_LEAST, fmin(AF_P_MOST, AF_P_SLOPE * (AF_P_EVEN - atanh((double)like))));
    return seen && near < P_WEAK ? fmax(evidence, 0) : evidence;
}

/* for_af[n] of a piece: factors of the likelihood of fibrillation. near[n] and x[n] are room. */
static void weigh_p(const struct af_beats *b, size_t from, size_t n, double *x, float *near, float *for_af)
{
    size_t n_clear = 0;

    for (size_t i = 0; i < n; i++)
        for_af[i] = (float)exp(AF_NO_SIGNAL);
    if (!b->p_like[0] && !b->p_like[1])
        return;
    best_p(b, from, n, x, near, for_af);
    for (size_t i = 0; i < n; i++)
        x[i] = for_af[i] > P_CLEAR;
    for (size_t i = 0; i < n && i < SEEN_WITHIN; i++)
        n_clear += x[i] > 0;
    for (size_t i = 0; i < n; i++) {
        const size_t first = i > SEEN_WITHIN ? i - SEEN_WITHIN : 0, end = i + SEEN_WITHIN < n ? i + SEEN_WITHIN + 1 : n;
        n_clear += i + SEEN_WITHIN < n && x[i + SEEN_WITHIN] > 0;
        n_clear -= i > SEEN_WITHIN && x[first - 1] > 0;
        for_af[i] = (float)exp(p_evidence(for_af[i], near[i], (double)n_clear > CLEAR_SHARE * (double)(end - first)));
    }
}

static void judge_piece(const struct af_evidence *v, double likelihood[AF_STATES][AF_SYMBOLS], float (*gamma)[AF_STATES],
                        float *p)
{
    af_recursion(v, likelihood, gamma);
    for (size_t i = 0; i < v->n; i++) {
        p[i] = 0;
        for (size_t s = AF_OTHERS; s < AF_STATES; s++)
            p[i] += gamma[i][s];
    }
}

/* What judging needs for a while. */
struct room {
    double likelihood[AF_STATES][AF_SYMBOLS];
    float (*gamma)[AF_STATES];
    double *x;
    float *near, *for_af;
    unsigned char *two;
};

static void judge(const struct af_beats *b, const int16_t *symbol, const signed char *step, struct room *r, float *p)
{
    const float less = (float)exp(AF_TWO_LENGTHS);

    for (size_t s = 0; s < AF_STATES; s++)
        for (size_t k = 0; k < AF_SYMBOLS; k++)
            r->likelihood[s][k] = exp(AF_RR_WEIGHT * af_model.log_p[s][k] / 1000);
    for (size_t i = 0, end; i < b->n; i = end) {
        end = piece_end(b, i);
        weigh_p(b, i, end - i, r->x, r->near, r->for_af);
        for (size_t k = 0; k < end - i; k++)
            r->for_af[k] = symbol[i + k] < 0 ? 1 : r->for_af[k] * (r->two[i + k] ? less : 1);
        judge_piece(&(struct af_evidence){symbol + i, step + i, r->for_af, NULL, end - i}, r->likelihood, r->gamma, p + i);
    }
}

int af_probability(const struct af_beats *b, const int16_t *symbol, const signed char *step, float *p, struct kymo_err *e)
{
    struct room *const r = calloc(1, sizeof *r);
    int rc = 0;

    if (!r)
        return out_of_memory(e);
    r->gamma = malloc((b->n + 1) * sizeof *r->gamma);
    r->x = malloc((b->n + 1) * sizeof *r->x);
    r->near = malloc((b->n + 1) * sizeof *r->near);
    r->for_af = malloc((b->n + 1) * sizeof *r->for_af);
    r->two = malloc(b->n + 1);
    if (!r->gamma || !r->x || !r->near || !r->for_af || !r->two)
        rc = out_of_memory(e);
    else if ((rc = af_two_lengths(b, r->two, e)) == 0)
        judge(b, symbol, step, r, p);
    free(r->gamma);
    free(r->x);
    free(r->near);
    free(r->for_af);
    free(r->two);
    free(r);
    return rc;
}
