/* model/train_af.c - learns the intervals of the rhythms that the detector of atrial fibrillation tells apart
 * (algorithms/af.h).
 *
 *   train_af LIST           prints algorithms/af_model.c
 *   train_af LIST folds     prints how well each record is judged by a model that saw neither it nor what is made of it, and
 *                           the same of all records of a folder, and of the three folders of long records without fibrillation
 *
 * Reads the beat annotations of LIST (model/af.list) from the folder that KYMO_DATA names; rhythm annotations tell where there
 * is fibrillation, flutter is left out. Expectation maximisation on the chain of af.h, in which the annotations say at each
 * beat whether its state is one of fibrillation, and nothing else: the rhythms within the two classes are found. They begin as
 * stretches of different restlessness. What is learnt is p(interval | two before, state); transitions are fixed.
 *
 * Few persons in such a list breathe as strongly, or have as many early beats, as others do. So records are made of the calm
 * ones: their intervals with the swing about the local median enlarged 1.3..3.5 times; a sinus node that breathing drives, at
 * their rates; and their intervals with early beats put in, at random or in bigeminy to quadrigeminy, single or in a row;
 * with intervals that are longer by a part or all of another one, as block makes them; and their beats with errors of
 * 5..45 ms. Everything is seeded: the same annotations give the same bytes. */
#include "algorithms/af.h"
#include "algorithms/random.h"
#include "formats/wfdb_annot.h"
#include "lib/record.h"
#include "lib/vocabulary.h"
#include "model/train.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8, SEED = 1, MADE_BEATS = 15000, AROUND = 15 };

#define WEIGHT_BEATS 20000.0   /* a record of more beats weighs as much as one of so many */
#define FOR_ONE 10.0           /* beats that the next shorter context counts for where this one is rare */
#define FOR_NONE 20.0

/* A steady rhythm, of bins within 6 % of the median, is in fibrillation at most this times as likely as in what fits it
 * best. */
#define STEADY_AF 0.45
enum { STEADY_FIRST = 4, STEADY_LAST = 6 };

enum { OTHER, FIBRILLATION, FLUTTER };

/* What records are made. */
enum made { MADE_NOT, MADE_RESTLESS, MADE_VERY_RESTLESS, MADE_ECTOPIC, MADE_BREATHING, MADE_JITTERY, MADE_BLOCKED, MADE };

struct record {
    char name[64];
    size_t origin;             /* the record itself, or the one that it was made of */
    enum made made;
    bool calm;
    double *time_s, weight;
    unsigned char *flags, *truth, *known, *two;
    int16_t *symbol;
    signed char *step;
    size_t n, cap;
};

struct list {
    struct record *record;
    size_t n;
};

/* ---- records ---- */

static void add_beat(struct record *r, double time_s, bool ventricular, int truth)
{
    if (r->n == r->cap) {
        r->cap = r->cap ? 2 * r->cap : 4096;
        r->time_s = realloc(r->time_s, r->cap * sizeof *r->time_s);
        r->flags = realloc(r->flags, r->cap);
        r->truth = realloc(r->truth, r->cap);
        if (!r->time_s || !r->flags || !r->truth)
            fail("no memory", NULL);
    }
    r->time_s[r->n] = time_s;
    r->flags[r->n] = ventricular ? AF_VENTRICULAR : 0;
    r->truth[r->n++] = (unsigned char)truth;
}

static int truth_of(const char *rhythm)
{
    return strncmp(rhythm, "(AFIB", 5) == 0 ? FIBRILLATION : strncmp(rhythm, "(AFL", 4) == 0 ? FLUTTER : OTHER;
}

static void load(const char *path, double rate_hz, struct record *r)
{
    struct kymo_err e = {0};
    struct kymo_input *const in = kymo_input_open(path, &e);
    struct wfdb_annotations file;
    struct wfdb_annotation a;
    int rc = 0, truth = OTHER;

    if (!in)
        fail("cannot open annotations", &e);
    wfdb_annotations_init(&file, in, (struct kymo_ratio){1, 1});
    while ((rc = wfdb_annotation_next(&file, &a, &e)) > 0) {
        char name[8];
        const char *const type = kymo_code_name(a.type, name);
        const double time_s = (double)a.time / rate_hz;
        if (strcmp(type, "+") == 0)
            truth = truth_of(a.aux);
        else if (kymo_is_beat(type) && (r->n == 0 || time_s > r->time_s[r->n - 1]))
            add_beat(r, time_s, strchr("VFEr", *type) != NULL, truth);
    }
    if (rc < 0)
        fail("cannot read annotations", &e);
    kymo_input_close(in);
}

/* ---- records that are made ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_size);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

static double between(struct random *random, double least, double most)
{
    return least + (most - least) * random_uniform(random);
}

static double varied(double s, double jitter, struct random *random) { return s * exp(jitter * random_normal(random)); }

static double clipped(double v, double least, double most) { return fmax(least, fmin(most, v)); }

/* Breathing, or whatever moves the rate, moves it least..most times as far. */
static void make_restless(const struct record *from, size_t first, size_t n, double least, double most, struct random *random,
                          struct record *to)
{
    double now_s = 0, gain = least;

    for (size_t i = first + AROUND + 1; i + AROUND < first + n; i++) {
        double near_s[2 * AROUND + 1];
        for (size_t k = 0; k < 2 * AROUND + 1; k++)
            near_s[k] = from->time_s[i + k - AROUND] - from->time_s[i + k - AROUND - 1];
        const double rr_s = near_s[AROUND], middle_s = median(near_s, 2 * AROUND + 1);
        if (i % 500 == 0)
            gain = between(random, least, most);
        now_s += rr_s > 3 ? rr_s : middle_s * exp(clipped(gain * log(rr_s / middle_s), -0.45, 0.45));
        add_beat(to, now_s, false, OTHER);
    }
}

/* One breath after the other, none quite like the one before. */
struct breathing {
    double depth, period_s, skew;      /* of some hundred beats */
    double now_depth, now_s, phase;    /* of this breath; phase 0..1 */
};

static struct breathing draw_breathing(struct random *random)
{
    return (struct breathing){
        .depth = between(random, 0.05, 0.4), .period_s = between(random, 2.5, 7),
        .skew = between(random, -0.8, 0.8), .phase = 1,
    };
}

/* By how much the heart is quicker now; goes on by step_s. */
static double breathe(struct breathing *b, double step_s, struct random *random)
{
    if (b->phase >= 1) {
        b->phase = 0;
        b->now_depth = varied(b->depth, 0.25, random);
        b->now_s = varied(b->period_s, 0.15, random);
    }
    const double turn = 6.283185307179586 * b->phase;
    b->phase += step_s / b->now_s;
    return 1 + clipped(b->now_depth * sin(turn + b->skew * sin(turn)), -0.6, 0.6);
}

/* A sinus node that fires when its rate has added up to one (integral pulse frequency modulation), as breathing drives it. */
static void make_breathing(const struct record *from, size_t first, size_t n, struct random *random, struct record *to)
{
    const double step_s = 0.01;
    struct breathing b = draw_breathing(random);
    double now_s = 0;

    for (size_t i = first + 1, left = 0; i < first + n; i++) {
        const double rr_s = fmin(2, from->time_s[i] - from->time_s[i - 1]);
        if (left-- == 0) {
            b = draw_breathing(random);
            left = 100 + (size_t)random_below(random, 500);
        }
        for (double sum = 0; sum < 1; now_s += step_s)
            sum += step_s / rr_s * breathe(&b, step_s, random);
        add_beat(to, now_s + step_s * random_uniform(random), false, OTHER);
    }
}

/* How early, or late, beats come for some hundred beats. */
struct ectopy {
    double coupling[2], pause, jitter, pause_jitter;   /* of the interval of sinus rhythm */
    double p_early, p_row, p_irregular;
    size_t period;                                     /* 2: bigeminy; 0: at random */
};

/* blocked: what comes in between are not early beats but intervals that a beat is missing in, or part of one. */
static struct ectopy draw_ectopy(bool blocked, struct random *random)
{
    struct ectopy y = {
        .coupling = {between(random, 0.45, 0.8), between(random, 0.45, 0.8)}, .pause = between(random, 0.9, 1.4),
        .jitter = between(random, 0.01, 0.06), .pause_jitter = between(random, 0.01, 0.08),
        .p_early = between(random, 0.1, 0.5), .p_row = 0.5 * pow(random_uniform(random), 2),
        .p_irregular = 0.7 * pow(random_uniform(random), 2),
    };

    y.period = random_below(random, 3) == 0 ? 0 : 2 + (size_t)random_below(random, 3);
    if (blocked) {
        y.coupling[0] = y.coupling[1] = between(random, 1.3, 2.1);
        y.pause = 1;
    }
    return y;
}

static bool comes_early(const struct ectopy *y, size_t since, struct random *random)
{
    if (since == 0)
        return false;
    if (y->period == 0)
        return random_uniform(random) < y->p_early;
    if (random_uniform(random) < y->p_irregular)
        return random_uniform(random) < 1.0 / (double)(y->period - 1);
    return since + 1 >= y->period;
}

static void make_ectopic(const struct record *from, size_t first, size_t n, bool blocked, struct random *random,
                         struct record *to)
{
    struct ectopy y = draw_ectopy(blocked, random);
    double now_s = 0;
    size_t since = 0, left = 0;   /* beats since an early one; beats until these early beats change */

    for (size_t i = first + 1; i < first + n; i++) {
        const double rr_s = from->time_s[i] - from->time_s[i - 1];
        if (left-- == 0) {
            y = draw_ectopy(blocked, random);
            left = 100 + (size_t)random_below(random, 500);
        }
        if (rr_s > 3 || !comes_early(&y, since, random)) {
            add_beat(to, now_s += varied(rr_s, 0.01, random), false, OTHER);
            since++;
            continue;
        }
        add_beat(to, now_s += varied(rr_s * y.coupling[random_uniform(random) < 0.3], y.jitter, random), false, OTHER);
        while (random_uniform(random) < y.p_row)
            add_beat(to, now_s += varied(rr_s * y.coupling[1], y.jitter + 0.02, random), false, OTHER);
        add_beat(to, now_s += varied(rr_s * y.pause, y.pause_jitter, random), false, OTHER);
        since = 1;
        i++;
    }
}

/* Beats found where they are not quite: in noise, or in wide complexes, which have no one point that stands out. */
static void make_jittery(const struct record *from, size_t first, size_t n, struct random *random, struct record *to)
{
    double sd_s = 0, before_s = 0;

    for (size_t i = first + 1; i < first + n; i++) {
        if (i % 300 == 0 || sd_s <= 0)
            sd_s = between(random, 0.005, 0.045);
        const double at_s = from->time_s[i] - from->time_s[first] + sd_s * clipped(random_normal(random), -2, 2);
        if (at_s < before_s + 0.2)
            continue;
        add_beat(to, at_s, false, OTHER);
        before_s = at_s;
    }
}

static struct record *new_record(struct list *list, const char *name)
{
    if (!(list->record = realloc(list->record, (list->n + 1) * sizeof *list->record)))
        fail("no memory", NULL);
    struct record *const r = &list->record[list->n];
    *r = (struct record){.origin = list->n};
    snprintf(r->name, sizeof r->name, "%s", name);
    list->n++;
    return r;
}

static void make_records(struct list *list, size_t origin)
{
    struct random random;

    random_init(&random, SEED, origin);
    for (enum made kind = MADE_RESTLESS; kind < MADE; kind++) {
        struct record *const to = new_record(list, "made");
        const struct record *const from = &list->record[origin];
        const size_t n = from->n / 2 < MADE_BEATS ? from->n / 2 : MADE_BEATS;
        to->origin = origin;
        to->made = kind;
        if (kind == MADE_RESTLESS || kind == MADE_VERY_RESTLESS)
            make_restless(from, from->n / 2, n, kind == MADE_RESTLESS ? 1.3 : 2, kind == MADE_RESTLESS ? 2 : 3.5, &random, to);
        else if (kind == MADE_BREATHING)
            make_breathing(from, from->n / 2, n, &random, to);
        else if (kind == MADE_JITTERY)
            make_jittery(from, from->n / 4, n, &random, to);
        else
            make_ectopic(from, from->n / 4, n, kind == MADE_BLOCKED, &random, to);
    }
}

/* ---- learning ---- */

/* To begin with, a state of the beat's class: by how restless the intervals round it are; what is made has a state for each
 * kind that is a rhythm of its own. */
static unsigned char first_state(const struct record *r, size_t i)
{
    enum { FOUND = AF_OTHERS - (MADE - MADE_ECTOPIC) };   /* states that no made kind begins in */
    double step[2 * AROUND + 1], two[2 * AROUND + 1], bend[2 * AROUND + 1];
    size_t n = 0, n_big = 0;

    for (size_t k = i > AROUND + 3 ? i - AROUND : 3; k < r->n && k <= i + AROUND; k++) {
        const double x = log(r->time_s[k] - r->time_s[k - 1]), before = log(r->time_s[k - 1] - r->time_s[k - 2]);
        const double last = log(r->time_s[k - 2] - r->time_s[k - 3]);
        step[n] = fabs(x - before);
        two[n] = fabs(x - last);
        bend[n] = fabs(x - 2 * before + last);
        n_big += step[n++] > 0.12;
    }
    const double s = n ? median(step, n) : 0, t = n ? median(two, n) : 0, b = n ? median(bend, n) : 0;
    _Static_assert(FOUND == 7, "states below");
    if (r->made >= MADE_ECTOPIC)
        return (unsigned char)(FOUND + r->made - MADE_ECTOPIC);
    if (r->known[i])
        return (unsigned char)(AF_OTHERS + (s > 0.06) + (s > 0.12) + (s > 0.2));
    if (n_big < 3)
        return s < 0.012 ? 0 : s < 0.03 ? 1 : 4;
    return s < 0.05 ? 2 : t < 0.6 * s ? 3 : b < 1.2 * s ? 6 : 5;
}

struct counts {
    double of[AF_STATES][AF_SYMBOLS];
};

/* p(newest | two before): where these two are rare, it leans on p(newest | one before), that on p(newest). */
static void learn_state(const double count[AF_SYMBOLS], double likelihood[AF_SYMBOLS])
{
    double none[AF_BINS] = {0}, one[AF_BINS][AF_BINS] = {{0}}, all = 0;

    for (size_t k = 0; k < AF_SYMBOLS; k++) {
        none[k % AF_BINS] += count[k];
        one[k / AF_BINS % AF_BINS][k % AF_BINS] += count[k];
        all += count[k];
    }
    for (size_t b = 0; b < AF_BINS; b++)
        none[b] = (none[b] + 1) / (all + AF_BINS);
    for (size_t a = 0; a < AF_BINS; a++) {
        double sum = 0;
        for (size_t b = 0; b < AF_BINS; b++)
            sum += one[a][b];
        for (size_t b = 0; b < AF_BINS; b++)
            one[a][b] = (one[a][b] + FOR_NONE * none[b]) / (sum + FOR_NONE);
    }
    for (size_t pair = 0; pair < AF_BINS * AF_BINS; pair++) {
        const double *const c = count + pair * AF_BINS;
        double sum = 0;
        for (size_t b = 0; b < AF_BINS; b++)
            sum += c[b];
        for (size_t b = 0; b < AF_BINS; b++)
            likelihood[pair * AF_BINS + b] = (c[b] + FOR_ONE * one[pair % AF_BINS][b]) / (sum + FOR_ONE);
    }
}

static void count_record(const struct record *r, double likelihood[AF_STATES][AF_SYMBOLS], struct counts *counts)
{
    float (*const gamma)[AF_STATES] = room(r->n, sizeof *gamma);

    af_recursion(&(struct af_evidence){r->symbol, r->step, NULL, r->known, r->n}, likelihood, gamma);
    for (size_t i = 0; i < r->n; i++)
        for (size_t s = 0; r->symbol[i] >= 0 && r->truth[i] != FLUTTER && s < AF_STATES; s++)
            counts->of[s][r->symbol[i]] += r->weight * (double)gamma[i][s];
    free(gamma);
}

/* Learns from all records but those of fold (list->n: from all). */
/* Fibrillation that is conducted regularly would teach that a steady rhythm is a sign of it. It is none: other persons have one
 * too, in ways that are not in the list. Within fibrillation the chain bridges such stretches. */
static void unlearn_steady(double likelihood[AF_STATES][AF_SYMBOLS])
{
    for (size_t k = 0; k < AF_SYMBOLS; k++) {
        const size_t bin[] = {k / (AF_BINS * AF_BINS), k / AF_BINS % AF_BINS, k % AF_BINS};
        double most = 0;
        bool steady = true;
        for (size_t i = 0; i < sizeof bin / sizeof *bin; i++)
            steady &= bin[i] >= STEADY_FIRST && bin[i] <= STEADY_LAST;
        for (size_t s = 0; s < AF_OTHERS; s++)
            most = fmax(most, likelihood[s][k]);
        for (size_t s = AF_OTHERS; steady && s < AF_STATES; s++)
            likelihood[s][k] = fmin(likelihood[s][k], STEADY_AF * most);
    }
}

static void learn(const struct list *list, size_t fold, double likelihood[AF_STATES][AF_SYMBOLS])
{
    struct counts *const counts = room(1, sizeof *counts);

    for (int round = 0; round <= ROUNDS; round++) {
        memset(counts, 0, sizeof *counts);
        for (size_t k = 0; k < list->n; k++) {
            const struct record *const r = &list->record[k];
            if (r->origin == fold)
                continue;
            if (round > 0)
                count_record(r, likelihood, counts);
            else
                for (size_t i = 0; i < r->n; i++)
                    if (r->symbol[i] >= 0 && r->truth[i] != FLUTTER)
                        counts->of[first_state(r, i)][r->symbol[i]] += r->weight;
        }
        for (size_t s = 0; s < AF_STATES; s++)
            learn_state(counts->of[s], likelihood[s]);
    }
    unlearn_steady(likelihood);
    free(counts);
}

/* ---- what comes out ---- */

static void print_model(double likelihood[AF_STATES][AF_SYMBOLS])
{
    printf("const struct af_model af_model = {{\n");
    for (size_t s = 0; s < AF_STATES; s++) {
        printf("{");
        for (size_t k = 0; k < AF_SYMBOLS; k++)
            printf("%s%ld", k == 0 ? "" : k % 32 ? "," : ",\n", lround(fmax(-30000, 1000 * log(likelihood[s][k]))));
        printf("},\n");
    }
    printf("}};\n");
}

/* Seconds of fibrillation and of all else, and how much of each is called fibrillation. */
struct score {
    double in_s[2], found_s[2];
};

static void print_score(const char *name, const struct score *s)
{
    printf("%s,%.0f,%.0f,%.0f,%.0f,", name, s->in_s[1], s->found_s[1], s->in_s[0], s->found_s[0]);
    if (s->in_s[1] > 0)
        printf("%.2f", 100 * s->found_s[1] / s->in_s[1]);
    if (s->in_s[0] > 0)
        printf(",%.2f\n", 100 - 100 * s->found_s[0] / s->in_s[0]);
    else
        printf(",\n");
    fflush(stdout);
}

static struct score judge_record(const struct record *r, double likelihood[AF_STATES][AF_SYMBOLS])
{
    float (*const gamma)[AF_STATES] = room(r->n, sizeof *gamma), *const for_af = room(r->n, sizeof *for_af);
    struct score score = {{0}, {0}};

    for (size_t i = 0; i < r->n; i++)
        for_af[i] = r->symbol[i] < 0 ? 1 : (float)exp(AF_NO_SIGNAL + (r->two[i] ? AF_TWO_LENGTHS : 0));
    af_recursion(&(struct af_evidence){r->symbol, r->step, for_af, NULL, r->n}, likelihood, gamma);
    for (size_t i = 1; i < r->n; i++) {
        const double rr_s = r->time_s[i] - r->time_s[i - 1];
        double p = 0;
        for (size_t s = AF_OTHERS; s < AF_STATES; s++)
            p += (double)gamma[i][s];
        if (r->truth[i] == FLUTTER || rr_s > 5)
            continue;
        score.in_s[r->truth[i]] += rr_s;
        score.found_s[r->truth[i]] += p > 0.5 ? rr_s : 0;
    }
    free(gamma);
    free(for_af);
    return score;
}

/* What is summed up: the records of these folders. */
enum { MOST_FOLDERS = 3 };
static const char *const sums[][MOST_FOLDERS] = {
    {"ltafdb"}, {"nsrdb"}, {"ltdb"}, {"sddb"}, {"mitdb"}, {"nsrdb", "ltdb", "sddb"},
};

static bool is_in(const char *record, const char *folder)
{
    const size_t n = folder ? strlen(folder) : 0;

    return n > 0 && strncmp(record, folder, n) == 0 && record[n] == '/';
}

/* score[]: of the first records of the list, one each. */
static void print_sums(const struct list *list, const struct score *score, size_t n)
{
    for (size_t g = 0; g < sizeof sums / sizeof *sums; g++) {
        struct score sum = {{0}, {0}};
        char name[64] = "";
        for (size_t k = 0; k < MOST_FOLDERS && sums[g][k]; k++) {
            snprintf(name + strlen(name), sizeof name - strlen(name), "%s%s", k ? " + " : "all of ", sums[g][k]);
            for (size_t r = 0; r < n; r++)
                for (size_t i = 0; is_in(list->record[r].name, sums[g][k]) && i < 2; i++) {
                    sum.in_s[i] += score[r].in_s[i];
                    sum.found_s[i] += score[r].found_s[i];
                }
        }
        if (sum.in_s[0] + sum.in_s[1] > 0)
            print_score(name, &sum);
    }
}

static void print_folds(const struct list *list)
{
    double (*const likelihood)[AF_SYMBOLS] = room(AF_STATES, sizeof *likelihood);
    struct score *const score = room(list->n, sizeof *score);
    size_t fold = 0;

    printf("record,af_s,found_s,other_s,false_s,se_pct,sp_pct\n");
    for (; fold < list->n && list->record[fold].origin == fold; fold++) {
        learn(list, fold, likelihood);
        for (size_t s = 0; s < AF_STATES; s++)
            for (size_t k = 0; k < AF_SYMBOLS; k++)
                likelihood[s][k] = pow(likelihood[s][k], AF_RR_WEIGHT);
        score[fold] = judge_record(&list->record[fold], likelihood);
        print_score(list->record[fold].name, &score[fold]);
    }
    print_sums(list, score, fold);
    free(score);
    free(likelihood);
}

static void prepare(struct record *r)
{
    struct kymo_err e = {0};

    r->symbol = room(r->n, sizeof *r->symbol);
    r->step = room(r->n, 1);
    r->known = room(r->n, 1);
    r->two = room(r->n, 1);
    const struct af_beats beats = {.time_s = r->time_s, .flags = r->flags, .n = r->n};
    if (af_symbols(&beats, r->symbol, r->step, &e) < 0 || af_two_lengths(&beats, r->two, &e) < 0)
        fail("no symbols", &e);
    for (size_t i = 0; i < r->n; i++)
        r->known[i] = r->truth[i] == FIBRILLATION;
    r->weight = fmin(1, WEIGHT_BEATS / (double)(r->n + 1));
}

static struct list read_list(const char *path)
{
    FILE *const file = fopen(path, "r");
    const char *const data = getenv("KYMO_DATA");
    struct list list = {NULL, 0};
    char line[512], name[64], word[16], full[1024];
    double rate_hz;

    if (!file || !data)
        fail(data ? "cannot open the list" : "KYMO_DATA names no folder", NULL);
    while (fgets(line, sizeof line, file)) {
        const int n = *line == '#' ? 0 : sscanf(line, "%lf %63s %15s", &rate_hz, name, word);
        if (n < 2)
            continue;
        struct record *const r = new_record(&list, name);
        r->calm = n == 3 && strcmp(word, "calm") == 0;
        snprintf(full, sizeof full, "%s/%s.atr", data, name);
        load(full, rate_hz, r);
    }
    fclose(file);
    for (size_t k = 0, n = list.n; k < n; k++)
        if (list.record[k].calm)
            make_records(&list, k);
    for (size_t k = 0; k < list.n; k++)
        prepare(&list.record[k]);
    return list;
}

static void release(struct list *list)
{
    for (size_t k = 0; k < list->n; k++) {
        struct record *const r = &list->record[k];
        free(r->time_s);
        free(r->flags);
        free(r->truth);
        free(r->known);
        free(r->two);
        free(r->symbol);
        free(r->step);
    }
    free(list->record);
}

int main(int argc, char **argv)
{
    const bool folds = argc == 3 && strcmp(argv[2], "folds") == 0;

    if (argc != 2 && !folds) {
        fprintf(stderr, "usage: train_af LIST [folds]\n");
        return 2;
    }
    struct list list = read_list(argv[1]);
    if (folds) {
        print_folds(&list);
    } else {
        double (*const likelihood)[AF_SYMBOLS] = room(AF_STATES, sizeof *likelihood);
        learn(&list, list.n, likelihood);
        print_model(likelihood);
        free(likelihood);
    }
    release(&list);
    return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
