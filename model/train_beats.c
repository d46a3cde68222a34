/* model/train_beats.c - learns the trees of the classes of beats (algorithms/beatclass.h).
 *
 *   train_beats LIST              prints algorithms/beat_model.c
 *   train_beats LIST FOLD FOLDS   learns without every FOLDS-th patient and prints how those fare
 *
 * Reads the records of LIST (model/beats.list) from the folder that KYMO_DATA names. Beats are those of the detector; each has
 * the class of the reference beat that it pairs with. As few patients of the list have atrial ectopic beats, their rhythm is
 * also put into records that have none: the beats stay, but come at other times and with other P waves (struct plan). Steps
 * that build on the steps before see what models say that did not know the record: two, each learnt from half of the records.
 * Everything is seeded: the same recordings give the same bytes. */
#include "algorithms/beatclass.h"
#include "algorithms/beatclass_trees.h"
#include "algorithms/beatclass_features.h"
#include "algorithms/beatmatch.h"
#include "algorithms/noise.h"
#include "algorithms/qrs.h"
#include "algorithms/random.h"
#include "lib/reader.h"
#include "lib/vocabulary.h"
#include "model/boost.h"
#include "model/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEADS = PORTRAIT_LEADS, TREES = 70, LEVELS = 4, SEED = 1, PARTS = 2, BAGS = 4,
    RR_EVERY = 8, MADE_EVERY = 5, NOT_EVERY = 4,   /* rows that are used: of times alone, of made records, of what is not */
    VARIANTS = 2,                 /* made records of a plan and a source */
    STRETCHES = 2048              /* by which the size of a signal is measured */
};

#define RATE 0.11
#define RIDGE 5.0
#define NOISY_WEIGHT 0.3f
#define MADE_WEIGHT 0.2f
#define DROPPED_WEIGHT 0.4f    /* with less, the end of a block was called a run: test_beatclass.c has the rhythm */
#define ONE_LEAD_WEIGHT 0.3f
#define ARTEFACT '|'          /* label of what the detector took for a beat in noise that was added */

/* A record as the classes see it. */
struct sample {
    char name[256];
    int number, part;             /* part: of the two halves, by patient */
    bool noisy, made, blocked, times_only;   /* blocked: made, with QRS complexes of another record */
    struct beatclass_beat *beat;
    struct portrait *portrait;
    char *label;                  /* WFDB mnemonic; 0: not known */
    size_t n, n_leads;
    float weight;
};

struct list {
    struct sample *sample;
    size_t n, cap;
};

/* ---- recordings ---- */

struct recording {
    double fs_hz;
    size_t n, n_leads, n_marks;
    double *x[LEADS];
    struct beatmatch_mark *mark;
    char (*type)[16];
};

static void take_block(struct recording *r, struct kymo_block *b)
{
    for (size_t c = 0; c < r->n_leads; c++)
        memcpy(r->x[c] + b->span[c].first, kymo_physical(b, c), b->span[c].n * sizeof **r->x);
    if (b->n_events == 0)
        return;
    r->mark = realloc(r->mark, (r->n_marks + b->n_events) * sizeof *r->mark);
    r->type = realloc(r->type, (r->n_marks + b->n_events) * sizeof *r->type);
    if (!r->mark || !r->type)
        fail("no memory", NULL);
    for (size_t i = 0; i < b->n_events; i++) {
        const struct kymo_event *const ev = &b->event[i];
        memcpy(r->type[r->n_marks], ev->type, sizeof *r->type);
        r->mark[r->n_marks++] = (struct beatmatch_mark){ev->sample, beatmatch_kind_of(ev->type, ev->subtype)};
    }
}

static void load(const char *path, bool times_only, struct recording *r)
{
    const struct kymo_want want = {.annotator = "atr", .no_samples = times_only};
    struct kymo_err e = {0};
    struct kymo_reader *const in = kymo_open(path, &want, &e);
    struct kymo_block *b;
    int rc;

    if (!in)
        fail("cannot open a record of the list", &e);
    *r = (struct recording){.fs_hz = kymo_ratio_real(kymo_event_rate(&in->source, -1))};
    if (!times_only) {
        r->n = (size_t)in->hdr.signal[0].n_samples;
        r->n_leads = in->hdr.n_signals < LEADS ? 1 : LEADS;
    }
    for (size_t c = 0; c < r->n_leads; c++)
        r->x[c] = room(r->n, sizeof **r->x);
    while ((rc = kymo_read(in, &b, &e)) > 0)
        take_block(r, b);
    if (rc < 0)
        fail("cannot read a record of the list", &e);
    kymo_close(in);
}

static void unload(struct recording *r)
{
    for (size_t c = 0; c < LEADS; c++)
        free(r->x[c]);
    free(r->mark);
    free(r->type);
}

static struct sample *add_sample(struct list *list, size_t n)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 64;
        if (!(list->sample = realloc(list->sample, list->cap * sizeof *list->sample)))
            fail("no memory", NULL);
    }
    struct sample *const s = &list->sample[list->n++];
    *s = (struct sample){.beat = room(n, sizeof *s->beat), .portrait = room(n, sizeof *s->portrait), .label = room(n, 1),
                         .n = n, .weight = 1};
    return s;
}

/* Adds bursts of muscle noise and electrode motion to x[n], of up to the size of its QRS complexes. */
static void add_noise(double fs_hz, double *x, size_t n, uint64_t seed, uint64_t stream)
{
    static const enum noise_kind kinds[] = {NOISE_MUSCLE, NOISE_MOTION};
    double *const z = room(n, sizeof *z);
    struct kymo_err e = {0};
    struct random random;
    float *const size = room(STRETCHES, sizeof *size);

    random_init(&random, seed, stream);
    for (size_t k = 0; k < STRETCHES; k++) {         /* usual size of QRS complexes: range of stretches of 1.2 s */
        const size_t piece = (size_t)(1.2 * fs_hz), from = random_below(&random, n - piece);
        double low = x[from], high = x[from];
        for (size_t i = from; i < from + piece; i++) {
            low = fmin(low, x[i]);
            high = fmax(high, x[i]);
        }
        size[k] = (float)(high - low);
    }
    double usual = 0;
    for (size_t k = 0; k < STRETCHES; k++)
        usual += (double)size[k] / STRETCHES;
    for (size_t c = 0; c < sizeof kinds / sizeof *kinds; c++) {
        struct noise *const noise = noise_create(kinds[c], fs_hz, 0, seed, stream + c, &e);
        double square = 0, gain = 0;
        if (!noise)
            fail("noise", &e);
        noise_next(noise, z, n);
        for (size_t i = 0; i < n; i++)
            square += z[i] * z[i] / (double)n;
        for (size_t i = 0, until = 0; i < n; i++) {
            if (i >= until) {                   /* a stretch of 3 to 60 s with, or without */
                gain = random_uniform(&random) < 0.5 ? 0 : usual * pow(10, -2 + 1.5 * random_uniform(&random));
                gain /= sqrt(square + 1e-30);
                until = i + (size_t)(fs_hz * (3 + 57 * random_uniform(&random)));
            }
            x[i] += gain * z[i];
        }
        noise_destroy(noise);
    }
    free(size);
    free(z);
}

/* The waves of ventricular flutter are no artefacts, and pair with nothing. */
static bool has_flutter(const struct recording *r)
{
    for (size_t i = 0; i < r->n_marks; i++)
        if (strcmp(r->type[i], "!") == 0 || strcmp(r->type[i], "[") == 0)
            return true;
    return false;
}

/* The detector's beats, with portraits and labels. */
static void add_detected(struct list *list, const struct recording *r, bool noisy)
{
    struct kymo_err e = {0};
    const double *x[LEADS];
    const struct qrs_options o = {.model = &qrs_model_all};
    struct qrs *const q = qrs_create(r->fs_hz, r->n_leads, &o, &e);
    struct portrait_maker *const maker = portrait_create(r->fs_hz, r->n_leads, &e);
    struct qrs_beat *const beat = room(qrs_bound(q, r->n) + qrs_bound(q, 0), sizeof *beat);
    struct beatmatch_mark *const mark = room(qrs_bound(q, r->n) + qrs_bound(q, 0), sizeof *mark);
    float *const quality = room(qrs_bound(q, r->n) + qrs_bound(q, 0), sizeof *quality);
    struct beatmatch match;
    size_t n, n_beats = 0, drawn = 0, got;

    for (size_t c = 0; c < r->n_leads; c++)
        x[c] = r->x[c];
    for (n = qrs_push(q, x, r->n, beat); (got = qrs_flush(q, beat + n, qrs_bound(q, 0))) > 0; n += got) {
    }
    for (size_t i = 0; i < n; i++)
        if (beat[i].noise == 0) {
            quality[n_beats] = (float)beat[i].quality;
            mark[n_beats++] = (struct beatmatch_mark){beat[i].sample, BEATMATCH_N};
        }
    struct sample *const s = add_sample(list, n_beats);
    s->n_leads = r->n_leads;
    const size_t piece = (size_t)(10 * r->fs_hz);
    for (size_t done = 0; done < r->n; done += piece) {
        for (size_t c = 0; c < r->n_leads; c++)
            x[c] = r->x[c] + done;
        portrait_push(maker, x, r->n - done < piece ? r->n - done : piece);
        const int64_t known = done + piece < r->n ? portrait_known(maker) : INT64_MAX;
        for (; drawn < n_beats && mark[drawn].time < known; drawn++)
            portrait_draw(maker, mark[drawn].time, &s->portrait[drawn]);
    }
    for (size_t i = 0; i < n_beats; i++)
        s->beat[i] = (struct beatclass_beat){.time_s = (double)mark[i].time / r->fs_hz, .quality = quality[i]};
    const struct beatmatch_options pairing = {.window = (int64_t)(0.15 * r->fs_hz + 0.5), .end = (int64_t)r->n};
    if (beatmatch_compare(&(struct beatmatch_series){r->mark, r->n_marks}, &(struct beatmatch_series){mark, n_beats}, &pairing,
                          &match, &e) < 0)
        fail("cannot match", &e);
    for (size_t i = 0; i < match.n_pairs; i++)
        if (match.pair[i].ref >= 0 && match.pair[i].test >= 0 && match.pair[i].ref_kind <= BEATMATCH_Q)
            s->label[match.pair[i].test] = *r->type[match.pair[i].ref];
    if (noisy && !has_flutter(r))
        for (size_t i = 0; i < n_beats; i++)
            s->label[i] = s->label[i] ? s->label[i] : ARTEFACT;
    beatmatch_release(&match);
    portrait_destroy(maker);
    qrs_destroy(q);
    free(beat);
    free(mark);
    free(quality);
}

static void add_times(struct list *list, const struct recording *r)
{
    struct sample *const s = add_sample(list, r->n_marks);

    s->n = 0;
    s->times_only = true;
    for (size_t i = 0; i < r->n_marks; i++)
        if (kymo_is_beat(r->type[i])) {
            s->beat[s->n] = (struct beatclass_beat){.time_s = (double)r->mark[i].time / r->fs_hz, .quality = (float)NAN};
            s->label[s->n++] = *r->type[i];
        }
}

/* cpsc2021 names its records data_PATIENT_NUMBER; other databases have a record of each patient. */
static bool are_of_one_patient(const char *a, const char *b)
{
    const char *const end = strrchr(a, '_');

    return end && strncmp(a, b, (size_t)(end - a) + 1) == 0;
}

static struct list read_list(const char *path)
{
    FILE *const file = fopen(path, "r");
    const char *const data = getenv("KYMO_DATA");
    struct list list = {NULL, 0, 0};
    char line[512], what[16], record[256], full[1024], before[256] = "";
    int patient = -1, number = 0;

    if (!file || !data)
        fail(data ? "cannot open the list" : "KYMO_DATA names no folder", NULL);
    while (fgets(line, sizeof line, file)) {
        struct recording r;
        if (line[0] == '#' || sscanf(line, "%15s %255s", what, record) != 2)
            continue;
        const bool times_only = strcmp(what, "rr") == 0;
        patient += !are_of_one_patient(record, before);
        snprintf(before, sizeof before, "%s", record);
        snprintf(full, sizeof full, "%s/%s", data, record);
        load(full, times_only, &r);
        for (int noisy = 0; noisy < (times_only ? 1 : 2); noisy++) {
            for (size_t c = 0; noisy && c < r.n_leads; c++)
                add_noise(r.fs_hz, r.x[c], r.n, SEED, 100 * (uint64_t)number + 10 * c);
            if (times_only)
                add_times(&list, &r);
            else
                add_detected(&list, &r, noisy);
            struct sample *const s = &list.sample[list.n - 1];
            snprintf(s->name, sizeof s->name, "%s", record);
            s->number = patient;
            s->part = s->number % PARTS;
            s->noisy = noisy;
            s->weight = noisy ? NOISY_WEIGHT : 1;
        }
        number++;
        unload(&r);
    }
    fclose(file);
    return list;
}

/* ---- labels ---- */

static bool is_one_of(char c, const char *set) { return c && strchr(set, c); }

/* 1: is, 0: is not, -1: not used. */
static int answer(char label, enum beatclass_step step)
{
    if (!label || is_one_of(label, "Q/f?"))
        return -1;
    if (step != STEP_S && label == 'F')
        return -1;
    if (step == STEP_FIRST || step == STEP_V || step == STEP_RR_V)
        return is_one_of(label, "VEr");
    if (is_one_of(label, "VEr"))
        return -1;
    return is_one_of(label, "AaJS");
}

/* ---- records made of others ---- */

/* What is put into records of sinus rhythm: other rhythms, ectopic ones first; sinus rhythm whose rate goes up and down and
 * that is not conducted in stretches, every second beat or one now and then; and QRS complexes and T waves of a bundle
 * branch block that comes and goes. */
enum plan { SINGLES, BIGEMINY, RUNS, JUNCTION, MAJORITY, FIBRILLATION, SINUS, DROPPED, BLOCK, PLANS };

/* How a made record differs from its source: intervals are shares of the source's. */
struct maker {
    enum plan plan;
    struct random random;
    const struct sample *from;
    struct sample *to;
    float sinus[LEADS][PORTRAIT_P], ectopic[2][LEADS][PORTRAIT_P];   /* P waves, detrended */
    double begin, coupling, slow, after;   /* chance that ectopic beats begin; intervals: first, of sinus, behind */
    double mean_run;
    int left, shape;              /* ectopic beats still to come in this run, and their P wave */
    int sinus_left, every;
    double phase;                 /* of breathing */
    double pace;                  /* ln of the rate, that goes up and down */
};

static double between(struct maker *m, double lo, double hi) { return lo + (hi - lo) * random_uniform(&m->random); }

static bool is_sinus(const struct sample *s, size_t i) { return is_one_of(s->label[i], "NLR"); }

static void mean_p(const struct sample *s, size_t lead, float out[PORTRAIT_P])
{
    float x[PORTRAIT_QRS];
    size_t n = 0;

    memset(out, 0, PORTRAIT_P * sizeof *out);
    for (size_t i = 0; i < s->n; i++) {
        if (!is_sinus(s, i) || !(s->portrait[i].lead[lead].p_unit > 0))
            continue;
        portrait_window(&s->portrait[i].lead[lead], PORTRAIT_IS_P, x);
        portrait_detrend(x, PORTRAIT_P);
        for (int j = 0; j < PORTRAIT_P; j++)
            out[j] += x[j];
        n++;
    }
    for (int j = 0; n && j < PORTRAIT_P; j++)
        out[j] /= (float)n;
}

static float size_of(const float *x)
{
    float sum = 0;

    for (int j = 0; j < PORTRAIT_P; j++)
        sum += x[j] * x[j];
    return sqrtf(sum);
}

/* An ectopic P wave: the sinus one upside down, that of another record, one nearer to the QRS complex or further from it, or
 * none, as always in junctional rhythm. */
static void invent_p(struct maker *m, const struct sample *other, float out[LEADS][PORTRAIT_P])
{
    const double kind = m->plan == JUNCTION ? 1 : random_uniform(&m->random), gain = between(m, 0.5, 1.2);
    const int move = (int)between(m, 2, 8) * (random_uniform(&m->random) < 0.5 ? -1 : 1);
    float theirs[PORTRAIT_P];

    for (size_t l = 0; l < LEADS; l++) {
        mean_p(other, l, theirs);
        const float fit = size_of(m->sinus[l]) / fmaxf(size_of(theirs), 1e-6f);
        const double sign = random_uniform(&m->random) < 0.7 ? -1 : 1;
        for (int j = 0; j < PORTRAIT_P; j++) {
            const int k = j + move < 0 ? 0 : j + move >= PORTRAIT_P ? PORTRAIT_P - 1 : j + move;
            const float x = kind < 0.35 ? (float)sign * m->sinus[l][j] : kind < 0.65 ? fit * theirs[j]
                            : kind < 0.85 ? m->sinus[l][k] : 0;
            out[l][j] = (float)gain * x;
        }
    }
}

/* The T wave of a beat at a time behind it; falls to nothing in 100 ms behind what is known. */
static float t_wave(const struct portrait_lead *l, double after_s)
{
    float t[PORTRAIT_QRS];
    const double at = (after_s - 0.160) / 0.032;

    portrait_window(l, PORTRAIT_IS_T, t);
    if (at < 0)
        return t[0];
    if (at >= PORTRAIT_T - 1)
        return t[PORTRAIT_T - 1] * (float)fmax(0, 1 - (after_s - 0.480) / 0.1);
    const int k = (int)at;
    return t[k] + (float)(at - k) * (t[k + 1] - t[k]);
}

/* The P window of beat i with another P wave, the T wave before it moved as the interval was. */
static void put_p(struct maker *m, size_t i, const float p[LEADS][PORTRAIT_P], double old_rr_s, double rr_s)
{
    for (size_t l = 0; l < m->to->n_leads; l++) {
        struct portrait_lead *const to = &m->to->portrait[i].lead[l];
        float x[PORTRAIT_QRS], most = 0;
        if (!(to->p_unit > 0))
            continue;
        portrait_window(to, PORTRAIT_IS_P, x);
        for (int j = 0; j < PORTRAIT_P; j++) {
            const double before_s = 0.248 - PORTRAIT_STEP_S * j;
            x[j] += p[l][j] - m->sinus[l][j];
            if (i > 0)
                x[j] += t_wave(&m->from->portrait[i - 1].lead[l], rr_s - before_s) -
                        t_wave(&m->from->portrait[i - 1].lead[l], old_rr_s - before_s);
            most = fmaxf(most, fabsf(x[j]));
        }
        to->p_unit = most / 127;
        for (int j = 0; j < PORTRAIT_P; j++)
            to->p[j] = most > 0 ? (int8_t)lrintf(x[j] / to->p_unit) : 0;
    }
}

/* Fibrillation waves, and what the end of a T wave or the begin of a QRS complex leaves in the window of a P wave's size. */
static void put_f_waves(struct maker *m, size_t i, double old_rr_s, double rr_s)
{
    const double hz = between(m, 4.5, 8), phase = between(m, 0, 6.283), gain = between(m, 0.1, 0.5);
    float p[LEADS][PORTRAIT_P];

    for (size_t l = 0; l < LEADS; l++) {
        float most = 0;
        for (int j = 0; j < PORTRAIT_P; j++)
            most = fmaxf(most, fabsf(m->sinus[l][j]));
        for (int j = 0; j < PORTRAIT_P; j++)
            p[l][j] = (float)(gain * sin(6.283 * hz * PORTRAIT_STEP_S * j + phase)) * most + (float)m->slow * m->sinus[l][j];
    }
    put_p(m, i, p, old_rr_s, rr_s);
}

static void set_plan(struct maker *m)
{
    const bool single = m->plan == SINGLES || m->plan == BIGEMINY;

    m->begin = between(m, 0.005, m->plan == SINGLES ? 0.12 : m->plan == BIGEMINY ? 0.02 : 0.03);
    m->coupling = m->plan == MAJORITY ? between(m, 0.7, 1.1)
                  : m->plan == JUNCTION ? between(m, 0.8, 1.05)
                                        : between(m, 0.5, 0.92);
    m->slow = m->plan == MAJORITY ? between(m, 1.3, 2.4) : 1;
    m->after = single ? between(m, 0.95, 1.25) : between(m, 1.0, 1.8);
    m->mean_run = single ? 1 : m->plan == RUNS ? pow(10, between(m, 0.5, 1.8)) : between(m, 2, 15);
    m->every = random_uniform(&m->random) < 0.6 ? 2 : 3;
}

/* Whether beat i is to be ectopic. */
static bool is_ectopic(struct maker *m)
{
    if (m->left > 0) {
        m->left--;
        return true;
    }
    if (m->plan == BIGEMINY && m->sinus_left > 0)      /* a stretch of it */
        return m->sinus_left-- % m->every == 0;
    if (m->plan == MAJORITY && m->sinus_left > 0) {
        m->sinus_left--;
        return false;
    }
    if (m->plan != MAJORITY && random_uniform(&m->random) >= m->begin)
        return false;
    if (m->plan == BIGEMINY) {
        m->sinus_left = (int)between(m, 20, 150);
        return false;
    }
    m->left = m->mean_run > 1 ? (int)(-m->mean_run * log(1 - random_uniform(&m->random))) : 0;
    m->sinus_left = random_uniform(&m->random) < 0.3 ? (int)between(m, 1, 4) : 0;
    m->shape = random_uniform(&m->random) < 0.25;
    return true;
}

/* The interval before sinus beat i, in units of the source's. */
static double sinus_interval(struct maker *m, bool after_ectopic)
{
    if (m->plan == FIBRILLATION)
        return fmax(0.4, exp(m->after * random_normal(&m->random)));
    if (m->plan == SINUS) {
        m->phase += between(m, 1.0, 1.9);
        return random_uniform(&m->random) < 0.01 ? between(m, 1.3, 2.2) : 1 + m->slow * sin(m->phase);
    }
    if (m->plan == DROPPED) {
        m->pace = 0.97 * m->pace + 0.06 * random_normal(&m->random);
        return m->slow * exp(0.25 * tanh(4 * m->pace)) * (1 + 0.02 * random_normal(&m->random));
    }
    return (after_ectopic ? m->after : 1) * m->slow * (1 + 0.03 * random_normal(&m->random));
}

static void make_beats(struct maker *m)
{
    const struct sample *const from = m->from;
    bool before = false;

    if (m->plan == DROPPED)
        m->slow = between(m, 0.6, 1.2);
    if (m->plan == SINUS)
        m->slow = between(m, 0.03, 0.22);
    if (m->plan == FIBRILLATION) {
        m->slow = between(m, 0, 0.6);
        m->after = between(m, 0.15, 0.32);
    }
    for (size_t i = 1; i < from->n; i++) {
        const double old_s = from->beat[i].time_s - from->beat[i - 1].time_s;
        const bool free_to = is_sinus(from, i) && is_sinus(from, i - 1);
        const bool ectopic = free_to && m->plan < FIBRILLATION && is_ectopic(m);
        double rr_s = old_s;
        if (ectopic)
            rr_s = fmax(0.3, old_s * m->coupling * (1 + 0.04 * random_normal(&m->random)));
        else if (free_to)
            rr_s = fmax(0.3, old_s * sinus_interval(m, before));
        m->to->beat[i].time_s = m->to->beat[i - 1].time_s + rr_s;
        if (ectopic) {
            m->to->label[i] = 'A';
            put_p(m, i, (const float (*)[PORTRAIT_P])m->ectopic[m->shape], old_s, rr_s);
        } else if (free_to && m->plan == FIBRILLATION) {
            put_f_waves(m, i, old_s, rr_s);
        } else if (free_to) {
            put_p(m, i, (const float (*)[PORTRAIT_P])m->sinus, old_s, rr_s);
        }
        before = ectopic;
    }
}

/* Takes beats away that were not conducted: in stretches every second, or every third to thirtieth. */
static void drop_beats(struct maker *m)
{
    struct sample *const s = m->to;
    size_t n = 0;
    int left = 0, every = 0;

    for (size_t i = 0; i < s->n; i++) {
        if (left-- == 0) {
            every = every ? 0 : random_uniform(&m->random) < 0.5 ? 2 : (int)pow(10, between(m, 0.48, 1.5));
            left = (int)pow(10, between(m, 0.5, 2.5));
        }
        if (every && left % every == 0 && is_sinus(s, i))
            continue;
        s->beat[n] = s->beat[i];
        s->portrait[n] = s->portrait[i];
        s->label[n++] = s->label[i];
    }
    s->n = n;
}

/* Bundle branch block in stretches: every beat there gets the QRS complex and T wave of some sinus beat of record donor. */
static void put_block(struct maker *m, const struct sample *donor)
{
    const double on = pow(10, between(m, 0.3, 2.5)), off = pow(10, between(m, 0.3, 2.5));   /* mean lengths of stretches */
    const float gain = (float)between(m, 0.7, 1.4);
    bool blocked = false;

    for (size_t i = 0; i < m->to->n; i++) {
        if (random_uniform(&m->random) < 1 / (blocked ? on : off))
            blocked = !blocked;
        if (!blocked || !is_sinus(m->from, i))
            continue;
        size_t k;
        do
            k = random_below(&m->random, donor->n);
        while (!is_sinus(donor, k));
        for (size_t l = 0; l < m->to->n_leads; l++) {
            struct portrait_lead *const to = &m->to->portrait[i].lead[l];
            struct portrait_lead p = donor->portrait[k].lead[l];
            p.qrs_unit *= gain;
            p.t_unit *= gain;
            p.amplitude *= gain;
            p.p_unit = to->p_unit;
            p.noise = to->noise;
            memcpy(p.p, to->p, sizeof p.p);
            *to = p;
        }
    }
}

/* Bundle branch block in most beats. */
static bool is_block(const struct sample *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += is_one_of(s->label[i], "LR");
    return !s->times_only && !s->made && !s->noisy && s->n_leads == LEADS && 2 * n > s->n;
}

/* Sinus rhythm nearly throughout, with signals: few other beats, and few intervals that differ by a tenth from the one before.
 * */
static bool can_be_source(const struct sample *s)
{
    size_t other = 0, uneven = 0;

    for (size_t i = 0; i < s->n; i++) {
        const double rr = i > 1 ? s->beat[i].time_s - s->beat[i - 1].time_s : 1,
                     before = i > 1 ? s->beat[i - 1].time_s - s->beat[i - 2].time_s : 1;
        other += !is_sinus(s, i);
        uneven += fabs(rr - before) > 0.1 * before;
    }
    return !s->times_only && !s->made && !s->noisy && s->n_leads == LEADS && other * 10 < s->n && uneven * 3 < s->n;
}

static const struct sample *block_donor(const struct list *list, size_t n, struct random *random)
{
    size_t k;

    do
        k = random_below(random, n);
    while (!is_block(&list->sample[k]));
    return &list->sample[k];
}

static void add_made(struct list *list)
{
    const size_t n = list->n;

    for (size_t k = 0; k < n; k++)
        for (int plan = 0; can_be_source(&list->sample[k]) && plan < VARIANTS * PLANS; plan++) {
            struct maker m = {.plan = (enum plan)(plan % PLANS)};
            size_t other;
            random_init(&m.random, SEED, VARIANTS * PLANS * k + (uint64_t)plan);
            do
                other = random_below(&m.random, n);
            while (!can_be_source(&list->sample[other]));
            const size_t n_beats = list->sample[k].n;
            m.to = add_sample(list, n_beats);
            m.from = &list->sample[k];
            struct sample s = *m.from;
            s.beat = m.to->beat;
            s.portrait = m.to->portrait;
            s.label = m.to->label;
            s.made = true;
            s.weight = m.plan == DROPPED ? DROPPED_WEIGHT : MADE_WEIGHT;
            memcpy(s.beat, m.from->beat, n_beats * sizeof *s.beat);
            memcpy(s.portrait, m.from->portrait, n_beats * sizeof *s.portrait);
            memcpy(s.label, m.from->label, n_beats);
            *m.to = s;
            for (size_t l = 0; l < LEADS; l++)
                mean_p(m.from, l, m.sinus[l]);
            invent_p(&m, &list->sample[other], m.ectopic[0]);
            invent_p(&m, &list->sample[other], m.ectopic[1]);
            set_plan(&m);
            if (m.plan == BLOCK)
                put_block(&m, block_donor(list, n, &m.random));
            else
                make_beats(&m);
            if (m.plan == DROPPED)
                drop_beats(&m);
            m.to->blocked = m.plan == BLOCK;
        }
}

/* ---- rows ---- */

struct rows {
    struct boost_rows to;
    const struct sample *sample;
    enum beatclass_step step;
    size_t every[2];              /* only every so manieth is used */
};

static void keep_row(void *self, int step, size_t i, const float *feature)
{
    struct rows *const r = self;
    const int is = step == (int)r->step ? answer(r->sample->label[i], r->step) : -1;

    if (is >= 0 && i % r->every[is] == 0 && boost_add(&r->to, feature, (float)is, 1) < 0)
        fail("no memory", NULL);
}

static const size_t n_features[BEATCLASS_STEPS] = {
    FEATURES_FIRST, FEATURES_V, FEATURES_S, FEATURES_RR, FEATURES_RR, FEATURES_S
};

static void take_rows_of(struct rows *r, const struct sample *s)
{
    r->sample = s;
    r->every[1] = s->times_only ? RR_EVERY : s->made ? MADE_EVERY : 1;
    r->every[0] = r->step == STEP_RUN ? r->every[1] : NOT_EVERY * r->every[1];
}

/* Weights of the rows of a sample, those behind from: one over the root of how many there are of its class, so that no record
 * outweighs all others. */
static void weigh_rows(struct boost_rows *r, size_t from, float weight)
{
    size_t n[2] = {0, 0};

    for (size_t i = from; i < r->n; i++)
        n[r->is[i] > 0]++;
    for (size_t i = from; i < r->n; i++)
        r->weight[i] = 10 * weight / sqrtf((float)n[r->is[i] > 0]);
}

static void run(const struct sample *s, bool by_times, size_t n_leads, const struct beatclass_model *model,
                const struct beatclass_tap *tap, struct beatclass *out)
{
    struct kymo_err e = {0};
    struct beatclass *const own = out ? NULL : room(s->n, sizeof *own);

    if (beatclass(s->beat, by_times ? NULL : s->portrait, s->n, by_times ? 0 : n_leads, model, tap, out ? out : own, &e) < 0)
        fail("cannot classify", &e);
    free(own);
}

static bool is_by_times(enum beatclass_step step) { return step == STEP_RR_V || step == STEP_RR_S; }

/* What few patients teach hangs on each of them: of the steps that ask for ectopic beats of the atria, the mean of BAGS models,
 * each of which did without another part of the patients, is learnt. Nothing builds on these steps. */
static bool is_in_bags(enum beatclass_step step) { return step == STEP_S || step == STEP_RUN || step == STEP_RR_S; }

/* Made samples mostly have the shapes of those that they are made of: they teach nothing about what is ventricular. */
static bool teaches(const struct sample *s, enum beatclass_step step)
{
    return s->times_only ? is_by_times(step)
           : s->noisy ? !is_by_times(step)
           : s->blocked ? step == STEP_FIRST || step == STEP_V
           : !s->made || is_in_bags(step);
}

/* What must not be seen: every FOLDS-th patient, and what is made of his records. */
struct fold {
    int fold, folds;
};

static bool is_left_out(const struct fold *f, const struct sample *s)
{
    return f->folds > 0 && s->number % f->folds == f->fold;
}

static void set_directions(enum beatclass_step step, signed char *d)
{
    static const unsigned char v_up[] = {FV_WIDTH, FV_WIDTH_LEAST, FV_SPREAD, FV_SPREAD_LEAST, FV_WIDER_ALL, FV_SPREADER_ALL,
        FV_G_WIDTH, FV_G_SPREAD, FV_WIDER, FV_WIDER_LEAST, FV_SPREADER, FV_SPREADER_LEAST, FV_D, FV_D_LOCAL, FV_POST, FV_T_D,
        FV_QUALITY};
    static const unsigned char v_down[] = {FV_PRE, FV_PRE_PREV, FV_PRE_25, FV_G_PRE_25, FV_P_OWN, FV_P_ALL, FV_G_PRE, FV_G_P,
        FV_G_P_ALL, FV_R, FV_R_LEAST, FV_T_R, FV_P_R};
    static const unsigned char s_up[] = {FS_P_D, FS_LATE_MORE, FS_P_STEADY, FS_ORDER};
    static const unsigned char s_down[] = {FS_PRE, FS_PRE_PREV, FS_PRE_POST, FS_PRE_75, FS_PRE_90, FS_PRE_LONG, FS_RUN_90,
        FS_IRREGULAR_LONG, FS_ONSET, FS_END, FS_NEAR_75, FS_NEAR_90,
        FS_RUN_ONSET, FS_RUN_END, FS_RUN_STEP, FS_RUN_P, FS_P_RANK, FS_P_RUN, FS_P_LESS, FS_P_LOCAL, FS_LATE_LESS, FS_LATE_RUN};
    const bool v = step == STEP_FIRST || step == STEP_V;

    if (step == STEP_RR_V)
        return;
    for (size_t i = 0; i < (v ? sizeof v_up : sizeof s_up); i++)
        if ((v ? v_up : s_up)[i] < n_features[step])
            d[(v ? v_up : s_up)[i]] = 1;
    for (size_t i = 0; i < (v ? sizeof v_down : sizeof s_down); i++)
        if ((v ? v_down : s_down)[i] < n_features[step])
            d[(v ? v_down : s_down)[i]] = -1;
}

/* Rows of a step from the samples of a part (-1: all), with models of the steps before that did not see the sample's part.
 * patient: room for whose each row is. */
static struct rows rows_of(const struct list *list, const struct fold *fold, enum beatclass_step step, int part,
                           const struct beatclass_model before[PARTS], int **patient)
{
    struct rows rows = {.to = {.n_features = n_features[step]}, .step = step};

    for (size_t k = 0; k < list->n; k++) {
        const struct sample *const s = &list->sample[k];
        const size_t first = rows.to.n;
        size_t from = first;
        if ((part >= 0 && s->part != part) || is_left_out(fold, s) || !teaches(s, step))
            continue;
        take_rows_of(&rows, s);
        run(s, is_by_times(step), s->n_leads, &before[s->part], &(struct beatclass_tap){keep_row, &rows}, NULL);
        weigh_rows(&rows.to, from, s->weight);
        from = rows.to.n;
        if (s->n_leads > 1 && !is_by_times(step) && !s->made && !s->noisy) {
            run(s, false, 1, &before[s->part], &(struct beatclass_tap){keep_row, &rows}, NULL);
            weigh_rows(&rows.to, from, ONE_LEAD_WEIGHT * s->weight);
        }
        if (!(*patient = realloc(*patient, (rows.to.n + 1) * sizeof **patient)))
            fail("no memory", NULL);
        for (size_t i = first; i < rows.to.n; i++)
            (*patient)[i] = s->number;
    }
    return rows;
}

/* Learns a step: the mean of so many models, from rows each of which is left to all of them but one. */
static void learn(const struct list *list, const struct fold *fold, enum beatclass_step step, int part,
                  const struct beatclass_model before[PARTS], struct beatclass_model *to)
{
    const int bags = is_in_bags(step) ? BAGS : 1;
    struct qrs_tree *const tree = room((size_t)bags * TREES, sizeof *tree);
    signed char direction[(int)FEATURES_S > (int)FEATURES_V ? (int)FEATURES_S : (int)FEATURES_V] = {0};
    int *patient = NULL;
    struct rows rows = rows_of(list, fold, step, part, before, &patient);
    const struct boost_options o = {
        .n_trees = TREES, .rate = RATE, .ridge = RIDGE, .share = 1, .levels = LEVELS, .direction = direction
    };
    float *const weight = rows.to.weight, *const some = room(rows.to.n, sizeof *some);

    set_directions(step, direction);
    rows.to.weight = some;
    for (int bag = 0; bag < bags; bag++) {
        for (size_t i = 0; i < rows.to.n; i++)
            some[i] = bags > 1 && patient[i] % bags == bag ? 0 : weight[i];
        if (boost_learn(&rows.to, &o, tree + bag * TREES) < 0)
            fail("no memory", NULL);
    }
    for (int t = 0; t < bags * TREES; t++)
        for (int l = 0; l < QRS_TREE_LEAVES; l++)
            tree[t].leaf[l] = (int16_t)lround((double)tree[t].leaf[l] / bags);
    free(weight);
    free(patient);
    boost_release(&rows.to);
    to->tree[step] = tree;
    to->n_trees[step] = (size_t)(bags * TREES);
}

static void learn_all(const struct list *list, const struct fold *fold, struct beatclass_model *model)
{
    static const enum beatclass_step order[] = {STEP_FIRST, STEP_V, STEP_S, STEP_RUN, STEP_RR_V, STEP_RR_S};
    struct beatclass_model half[PARTS] = {{{NULL}, {0}}, {{NULL}, {0}}};   /* for each part, learnt from the other */

    *model = half[0];
    for (size_t k = 0; k < BEATCLASS_STEPS; k++) {
        const enum beatclass_step step = order[k];
        struct beatclass_model next[PARTS] = {half[0], half[1]};
        if (!is_in_bags(step))
            for (int part = 0; part < PARTS; part++)
                learn(list, fold, step, part, half, &next[1 - part]);
        learn(list, fold, step, -1, half, model);
        memcpy(half, next, sizeof half);
    }
}

/* ---- scores of records left out ---- */

/* Prints for each of a few cuts how many are found, missed and false; cuts are of the chance of being ventricular, and of being
 * supraventricular among those that are not. */
static void score(const struct sample *s, bool by_times, const struct beatclass_model *model)
{
    static const float cuts[] = {0.2f, 0.35f, 0.5f, 0.65f, 0.8f, 0.9f};
    struct beatclass *const out = room(s->n, sizeof *out);

    run(s, by_times, s->n_leads, model, NULL, out);
    for (size_t k = 0; k < sizeof cuts / sizeof *cuts; k++) {
        int v[3] = {0}, a[3] = {0};
        for (size_t i = 0; i < s->n; i++) {
            const char label = s->label[i];
            const float *const p = out[i].chance;
            const bool is_v = p[BEATCLASS_V] > cuts[k],
                       is_s = p[BEATCLASS_V] < 0.5f && p[BEATCLASS_S] > cuts[k] * (1 - p[BEATCLASS_V]);
            if (s->beat[i].time_s < 300 || !label)
                continue;
            if (is_one_of(label, "VEr"))
                v[!is_v]++;
            else if (is_v && !is_one_of(label, "FQ/f"))
                v[2]++;
            if (is_one_of(label, "AaJS"))
                a[!is_s]++;
            else if (is_s && !is_one_of(label, "Q/f"))
                a[2]++;
        }
        printf("%s %s V %d %d %d S %d %d %d %.2f\n", s->name, by_times ? "times" : "ecg", v[0], v[1], v[2], a[0], a[1], a[2],
               (double)cuts[k]);
    }
    free(out);
}

/* ---- C ---- */

/* As a float constant of C. */
static void print_real(double v, const char *before)
{
    char text[40];

    snprintf(text, sizeof text, "%.9g", v);
    printf("%s%s%sf", before, text, strpbrk(text, ".e") ? "" : ".0");
}

static void print_trees(enum beatclass_step step, const struct qrs_tree *tree, size_t n)
{
    printf("static const struct qrs_tree step_%d[] = {\n", (int)step);
    for (size_t t = 0; t < n; t++) {
        printf("{{");
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            printf("%s%d", d ? "," : "", tree[t].feature[d]);
        printf("},{");
        for (int d = 0; d < QRS_TREE_DEPTH; d++)
            print_real((double)tree[t].above[d] + 0.0, d ? "," : "");   /* + 0: no negative zero */
        printf("},{");
        for (int l = 0; l < QRS_TREE_LEAVES; l++)
            printf("%s%d", l ? "," : "", tree[t].leaf[l]);
        printf("}},\n");
    }
    printf("};\n");
}

static void print_model(const struct beatclass_model *m)
{
    for (int step = 0; step < BEATCLASS_STEPS; step++)
        print_trees((enum beatclass_step)step, m->tree[step], m->n_trees[step]);
    printf("const struct beatclass_model beatclass_model = {{");
    for (int step = 0; step < BEATCLASS_STEPS; step++)
        printf("%sstep_%d", step ? ", " : "", step);
    printf("}, {");
    for (int step = 0; step < BEATCLASS_STEPS; step++)
        printf("%s%zu", step ? ", " : "", m->n_trees[step]);
    printf("}};\n");
}

int main(int argc, char **argv)
{
    struct fold fold = {0, 0};
    struct beatclass_model model;

    if (argc != 2 && argc != 4) {
        fprintf(stderr, "usage: train_beats LIST [FOLD FOLDS]\n");
        return 2;
    }
    if (argc == 4)
        fold = (struct fold){atoi(argv[2]), atoi(argv[3])};
    struct list list = read_list(argv[1]);
    add_made(&list);
    learn_all(&list, &fold, &model);
    if (fold.folds == 0)
        print_model(&model);
    for (size_t k = 0; k < list.n; k++)
        if (is_left_out(&fold, &list.sample[k]) && !list.sample[k].made && !list.sample[k].noisy) {
            score(&list.sample[k], false, &model);
            score(&list.sample[k], true, &model);
        }
    return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
