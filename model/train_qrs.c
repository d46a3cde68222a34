/* model/train_qrs.c - learns the trees of the QRS detector's review (algorithms/qrs_review.h).
 *
 *   train_qrs LIST all|odd|even
 *
 * Reads the records of LIST (model/qrs.list) of that half, or all, from the folder that KYMO_DATA names, and prints the
 * trees as a C table. The detector runs on each record in several views: with both leads, with the first, with the second, with
 * noise added to both or to the first, and with runs of ventricular beats made of its own; each candidate that the review
 * describes is a row. Rows near noise make the trees
 * for noise, all that the views' weights let through make those for quiet. The first look is learnt from what the hand-made
 * choices accept. The second is learnt from what first looks accept that did not see the record: they are learnt from half of
 * the records (by number / 2, odd or even), and applied to the others. Everything is seeded: the same recordings give the same
 * bytes. */
#include "algorithms/beatmatch.h"
#include "algorithms/noise.h"
#include "algorithms/qrs_choice.h"
#include "algorithms/random.h"
#include "algorithms/snr.h"
#include "lib/reader.h"
#include "model/boost.h"
#include "model/runs.h"
#include "model/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEADS = 2, SEED = 1 };

/* How the trees of each kind are learnt. */
static const struct boost_options how[QRS_AIRS] = {
    [QRS_QUIET] = {.n_trees = 600, .rate = 0.035, .ridge = 5, .levels = QRS_TREE_DEPTH, .share = 0.5},
    [QRS_NOISY] = {.n_trees = 300, .rate = 0.07, .ridge = 5, .levels = QRS_TREE_DEPTH, .share = 0.5},
};

/* Rows of which the hand-made choices are so sure (log-odds), and right, are kept by chance, and weigh 1 / keep. */
static const struct { float sure, keep; } easy[QRS_AIRS] = {[QRS_QUIET] = {6, 1}, [QRS_NOISY] = {3, 0.2f}};

#define NEAR_S 0.09          /* the highest candidate so near to a reference beat is the beat, */
#define MATCH_S 0.15         /* else the nearest so near; others so near are neither beat nor none */

enum { MIXED = NOISE_KINDS };   /* noise of several kinds at once */

/* How the detector is run on a record, with noise of how many dB, and what its rows weigh: in quiet's trees, where weights were
 * chosen on cross-fitted scores of mitdb, and in noise's. */
static const struct view {
    bool lead[LEADS];
    int noise;                     /* enum noise_kind, MIXED, or -1: none */
    double least_db, most_db;
    bool has_runs;                 /* runs.h */
    float weight[QRS_AIRS];
} views[] = {
    {{true, true}, -1, 0, 0, false, {1, 3}}, {{true, false}, -1, 0, 0, false, {1, 3}},
    {{false, true}, -1, 0, 0, false, {0.2f, 0.6f}},
    {{true, true}, NOISE_MUSCLE, -3, 18, false, {0.05f, 1}}, {{true, false}, NOISE_MUSCLE, -3, 18, false, {0.05f, 1}},
    {{true, true}, NOISE_MUSCLE, -6, 6, false, {0, 1}},
    {{true, true}, MIXED, -6, 9, false, {0, 1}}, {{true, true}, MIXED, -6, 9, false, {0, 1}},
    {{true, false}, MIXED, -3, 12, false, {0, 1}},
    {{true, true}, -1, 0, 0, true, {0.3f, 1}}, {{true, false}, -1, 0, 0, true, {0.3f, 1}},
    {{true, true}, NOISE_MUSCLE, -3, 18, true, {0.05f, 1}},
};

struct recording {
    int number;
    double fs_hz;
    size_t n, n_leads;
    float *x[LEADS];
    struct beatmatch_mark *mark;
    size_t n_marks;
};

/* ---- recordings ---- */

static void take_block(struct recording *r, struct kymo_block *b)
{
    for (size_t c = 0; c < r->n_leads; c++) {
        const double *const x = kymo_physical(b, c);
        for (size_t i = 0; i < b->span[c].n; i++)
            r->x[c][(size_t)b->span[c].first + i] = (float)x[i];
    }
    if (b->n_events > 0 && !(r->mark = realloc(r->mark, (r->n_marks + b->n_events) * sizeof *r->mark)))
        fail("no memory", NULL);
    for (size_t i = 0; i < b->n_events; i++)
        r->mark[r->n_marks++] = (struct beatmatch_mark){b->event[i].sample,
                                                        beatmatch_kind_of(b->event[i].type, b->event[i].subtype)};
}

static void load(const char *path, struct recording *r)
{
    const struct kymo_want want = {.annotator = "atr"};
    struct kymo_err e = {0};
    struct kymo_reader *const in = kymo_open(path, &want, &e);
    struct kymo_block *b;
    int rc;

    if (!in)
        fail("cannot open a record of the list", &e);
    const struct kymo_signal *const first = &in->hdr.signal[0];
    if (in->hdr.n_signals < 1 || first->n_samples <= 0)
        fail("a record of the list has no samples", NULL);
    r->fs_hz = kymo_ratio_real(first->rate);
    r->n = (size_t)first->n_samples;
    r->n_leads = in->hdr.n_signals < LEADS ? 1 : LEADS;
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
}

/* ---- rows ---- */

struct row {
    double at_s;
    float feature[REVIEW_FEATURES];
};

struct rows {
    struct row *row;
    size_t n, cap;
    int look;
};

static void keep_row(void *self, int look, double at_s, const float feature[REVIEW_FEATURES])
{
    struct rows *const rows = self;

    if (look != rows->look)
        return;
    if (rows->n == rows->cap) {
        rows->cap = rows->cap ? 2 * rows->cap : 8192;
        if (!(rows->row = realloc(rows->row, rows->cap * sizeof *rows->row)))
            fail("no memory", NULL);
    }
    rows->row[rows->n].at_s = at_s;
    memcpy(rows->row[rows->n++].feature, feature, sizeof rows->row->feature);
}

/* ---- noise ---- */

/* Noise of a kind and of size 1 (snr.h), times w, is added to z. STREAM: leads with the same one have the same noise. */
static void add_kind(const struct recording *r, enum noise_kind kind, uint64_t seed, uint64_t stream, double w, double *z)
{
    struct kymo_err e = {0};
    double *const y = room(r->n, sizeof *y);
    struct noise *const noise = noise_create(kind, r->fs_hz, 0, seed, stream, &e);

    if (!noise)
        fail("noise", &e);
    noise_next(noise, y, r->n);
    for (size_t i = 0; i < r->n; i++)
        z[i] += w * y[i];
    noise_destroy(noise);
    free(y);
}

/* The same of what no kind has: in the band of QRS and T, in bursts. White noise less what is slower than 0.5 Hz or faster than
 * 3..12 Hz, times exp(0.7 u), u normal with correlation exp(-|t| / 3 s); its root mean square is 1. */
static void add_bursts(const struct recording *r, uint64_t seed, uint64_t stream, double w, double *z)
{
    const double per_hz = 2 * 3.14159265358979 / r->fs_hz, keeps = exp(-1 / (3 * r->fs_hz));
    double *const y = room(r->n, sizeof *y);
    double fast = 0, slow = 0, burst = 0, square = 0;
    struct random random;

    random_init(&random, seed, 1000 + stream);
    const double follows = 1 - exp(-per_hz * 3 * pow(4, random_uniform(&random))), drifts = 1 - exp(-per_hz * 0.5);
    for (size_t i = 0; i < r->n; i++) {
        fast += follows * (random_normal(&random) - fast);
        slow += drifts * (fast - slow);
        burst = keeps * burst + sqrt(1 - keeps * keeps) * random_normal(&random);
        y[i] = (fast - slow) * exp(0.7 * burst);
        square += y[i] * y[i];
    }
    for (size_t i = 0; i < r->n; i++)
        z[i] += w * y[i] / sqrt(square / (double)r->n);
    free(y);
}

/* The same of what an electrode does at each step of its wearer: jumps and rounded ways back, or the other way round, of a
 * rhythm, length and sign of each record's own, each of a size of its own; the root mean square is 1. */
static void add_steps(const struct recording *r, uint64_t seed, uint64_t stream, double w, double *z)
{
    double *const y = room(r->n, sizeof *y);
    double square = 0;
    struct random random;

    random_init(&random, seed, 2000 + stream);
    const double every_s = 0.4 + 1.2 * random_uniform(&random), length_s = 0.06 + 0.3 * random_uniform(&random);
    const double rise_s = 0.005 + 0.02 * random_uniform(&random), sign = random_uniform(&random) < 0.5 ? -1 : 1;
    const bool falls_at_once = random_uniform(&random) < 0.5;
    for (double t = 0; t < (double)r->n / r->fs_hz; t += every_s * exp(0.2 * random_normal(&random))) {
        const double size = sign * exp(0.5 * random_normal(&random)), length = length_s * exp(0.3 * random_normal(&random));
        const ptrdiff_t from = (ptrdiff_t)(t * r->fs_hz), n = (ptrdiff_t)(3 * length * r->fs_hz);
        for (ptrdiff_t i = 0; i < n && from + i < (ptrdiff_t)r->n; i++) {
            const double u = (double)(falls_at_once ? n - i : i) / r->fs_hz;
            y[from + i] += size * (1 - exp(-u / rise_s)) * exp(-u * u / (length * length));
        }
    }
    for (size_t i = 0; i < r->n; i++)
        square += y[i] * y[i];
    for (size_t i = 0; i < r->n; i++)
        z[i] += w * y[i] / sqrt(square / (double)r->n);
    free(y);
}

/* What electrodes of a moving person pick up: kinds in a proportion of each record's own, partly the same in all leads. */
static void add_mixed(const struct recording *r, size_t c, uint64_t seed, double *z)
{
    enum { ALL_LEADS = 50, BURSTS = NOISE_KINDS, STEPS };
    double part[STEPS + 1] = {0}, square = 0;
    struct random random;

    random_init(&random, seed, 77);
    const double shared = random_uniform(&random);
    part[NOISE_WANDER] = 0.5 * random_uniform(&random);
    part[NOISE_MUSCLE] = random_uniform(&random);
    part[NOISE_MUSCLE] *= random_uniform(&random);
    part[NOISE_MOTION] = random_uniform(&random);
    part[BURSTS] = random_uniform(&random);
    part[STEPS] = random_uniform(&random);
    part[STEPS] *= random_uniform(&random);
    for (int k = 0; k <= STEPS; k++)
        square += part[k] * part[k];
    for (int k = 0; k <= STEPS; k++) {
        const double own = part[k] * sqrt((1 - shared) / square), all = part[k] * sqrt(shared / square) * (c ? -1 : 1);
        if (k == BURSTS) {
            add_bursts(r, seed, c, own, z);
            add_bursts(r, seed, ALL_LEADS, all, z);
        } else if (k == STEPS) {
            add_steps(r, seed, c, own, z);
            add_steps(r, seed, ALL_LEADS, all, z);
        } else if (part[k] > 0) {
            add_kind(r, (enum noise_kind)k, seed, c, own, z);
            add_kind(r, (enum noise_kind)k, seed, ALL_LEADS, all, z);
        }
    }
}

/* Adds noise of snr_db to lead c, in y. */
static void add_noise(const struct recording *r, int kind, size_t c, double snr_db, uint64_t seed, double *y)
{
    int64_t *const beat = room(r->n_marks, sizeof *beat);
    double *const z = room(r->n, sizeof *z);
    struct snr_signal signal;
    size_t n = 0;

    for (size_t i = 0; i < r->n_marks; i++)
        if (r->mark[i].kind == BEATMATCH_N || r->mark[i].kind == BEATMATCH_Q)
            beat[n++] = r->mark[i].time;
    snr_signal_init(&signal, r->fs_hz, beat, n);
    snr_signal_push(&signal, 0, y, r->n);
    const double gain = snr_gain(snr_signal_peak_to_peak(&signal), 1, snr_db);
    if (kind == MIXED)
        add_mixed(r, c, seed, z);
    else
        add_kind(r, (enum noise_kind)kind, seed, c, 1, z);
    for (size_t i = 0; i < r->n; i++)
        y[i] += gain * z[i];
    free(z);
    free(beat);
}

/* ---- the detector ---- */

/* What a view shows of r, y for its leads, and the marks that are true of it, which the caller frees; how many leads. */
static size_t make_view(const struct recording *r, const struct view *view, double snr_db, double *y[LEADS],
                        struct recording *seen)
{
    const uint64_t seed = (uint64_t)r->number + 1000 * (uint64_t)(view - views);
    size_t lead[LEADS], n_leads = 0;

    *seen = *r;
    seen->mark = NULL;
    for (size_t c = 0; c < r->n_leads; c++) {
        if (!view->lead[c])
            continue;
        y[n_leads] = room(r->n, sizeof *y[n_leads]);
        for (size_t i = 0; i < r->n; i++)
            y[n_leads][i] = (double)r->x[c][i];
        lead[n_leads++] = c;
    }
    if (n_leads == 0)
        return 0;
    if (view->has_runs) {
        seen->mark = runs_make(y, n_leads, r->n, r->fs_hz, r->mark, &seen->n_marks, seed);
    } else {
        seen->mark = room(r->n_marks, sizeof *seen->mark);
        memcpy(seen->mark, r->mark, r->n_marks * sizeof *seen->mark);
    }
    for (size_t i = 0; i < n_leads && view->noise >= 0; i++)
        add_noise(seen, view->noise, lead[i], snr_db, seed, y[i]);
    return n_leads;
}

/* Runs the detector on what a view shows of r and keeps its rows. */
static void detect(const struct recording *r, const struct view *view, double snr_db, const struct qrs_model *model,
                   struct recording *seen, struct rows *rows)
{
    struct kymo_err e = {0};
    double *y[LEADS] = {NULL};
    const size_t n_leads = make_view(r, view, snr_db, y, seen);
    struct qrs *const s = n_leads ? qrs_create(r->fs_hz, n_leads, &(struct qrs_options){.model = model}, &e) : NULL;

    if (n_leads && !s)
        fail("detector", &e);
    if (s) {
        const double *const x[LEADS] = {y[0], y[1]};
        struct qrs_beat *const beat = room(qrs_bound(s, r->n), sizeof *beat);
        qrs_review_tap(s->review, &(struct review_tap){keep_row, rows});
        qrs_push(s, x, r->n, beat);
        while (qrs_flush(s, beat, qrs_bound(s, 0)) > 0) {
        }
        free(beat);
    }
    qrs_destroy(s);
    for (size_t c = 0; c < LEADS; c++)
        free(y[c]);
}

enum label { NONE, BEAT, NEITHER };

/* The row that is the beat at time t, if any; all near it that are not are neither. */
static void label_beat(const struct rows *rows, size_t from, double t, enum label *label)
{
    ptrdiff_t highest = -1, nearest = -1;

    for (size_t i = from; i < rows->n && rows->row[i].at_s < t + 1; i++) {
        const double d = fabs(rows->row[i].at_s - t);
        if (d <= NEAR_S && (highest < 0 || rows->row[i].feature[RF_G] > rows->row[highest].feature[RF_G]))
            highest = (ptrdiff_t)i;
        if (d <= MATCH_S && (nearest < 0 || d < fabs(rows->row[nearest].at_s - t)))
            nearest = (ptrdiff_t)i;
        if (d <= MATCH_S && label[i] == NONE)
            label[i] = NEITHER;
    }
    if (highest >= 0 || nearest >= 0)
        label[highest >= 0 ? highest : nearest] = BEAT;
}

/* Flutter is not used. */
static void leave_out(const struct rows *rows, double from_s, double to_s, enum label *label)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->row[i].at_s > from_s - 0.2 && rows->row[i].at_s < to_s + 0.2)
            label[i] = NEITHER;
}

static void label_rows(const struct recording *r, const struct rows *rows, enum label *label)
{
    double flutter_s = -1;
    size_t from = 0;

    for (size_t m = 0; m < r->n_marks; m++) {
        const double t = (double)r->mark[m].time / r->fs_hz;
        while (from < rows->n && rows->row[from].at_s < t - 1)
            from++;
        if (r->mark[m].kind <= BEATMATCH_O && flutter_s < 0)
            label_beat(rows, from, t, label);
        if (r->mark[m].kind == BEATMATCH_VF_ON)
            flutter_s = t;
        if (r->mark[m].kind == BEATMATCH_VF_OFF && flutter_s >= 0) {
            leave_out(rows, flutter_s, t, label);
            flutter_s = -1;
        }
    }
}

/* Adds a row to the trees that it tells something. */
static void add_row(const float *f, bool is_beat, const struct view *view, struct random *random,
                    struct boost_rows all[QRS_AIRS])
{
    for (enum qrs_air air = 0; air < QRS_AIRS; air++) {
        const bool is_easy = (is_beat ? f[RF_HAND] : -f[RF_HAND]) > easy[air].sure;
        if (view->weight[air] <= 0 || (air == QRS_NOISY && !review_is_near_noise(f)))
            continue;
        if (is_easy && random_uniform(random) > (double)easy[air].keep)
            continue;
        if (boost_add(&all[air], f, is_beat, is_easy ? view->weight[air] / easy[air].keep : view->weight[air]) < 0)
            fail("no memory", NULL);
    }
}

/* Adds what the detector makes of a record in all views, at one look. */
static void add_record(const struct recording *r, int look, const struct qrs_model *model, struct random *random,
                       struct boost_rows all[QRS_AIRS])
{
    for (const struct view *view = views; view < views + sizeof views / sizeof *views; view++) {
        struct rows rows = {.look = look};
        const double snr_db = view->least_db + (view->most_db - view->least_db) * random_uniform(random);
        struct recording seen;
        detect(r, view, snr_db, model, &seen, &rows);
        enum label *const label = room(rows.n, sizeof *label);
        label_rows(&seen, &rows, label);
        for (size_t i = 0; i < rows.n; i++)
            if (label[i] != NEITHER)
                add_row(rows.row[i].feature, label[i] == BEAT, view, random, all);
        free(label);
        free(rows.row);
        free(seen.mark);
    }
}

/* ---- models ---- */

struct list {
    struct recording *recording;
    size_t n;
};

static int part_of(const struct recording *r) { return r->number / 2 % 2; }

/* Learns look LOOK from the recordings of a part (0, 1), or of both (-1), with a model of the look before for each part. */
static void learn(const struct list *list, int look, int part, const struct qrs_model before[2],
                  const struct qrs_tree *learnt[QRS_AIRS])
{
    struct boost_rows rows[QRS_AIRS] = {{.n_features = REVIEW_FEATURES}, {.n_features = REVIEW_FEATURES}};
    struct random random;

    random_init(&random, SEED, (uint64_t)look);
    for (size_t i = 0; i < list->n; i++)
        if (part < 0 || part_of(&list->recording[i]) == part)
            add_record(&list->recording[i], look, &before[part_of(&list->recording[i])], &random, rows);
    for (int air = 0; air < QRS_AIRS; air++) {
        struct qrs_tree *const tree = room(how[air].n_trees, sizeof *tree);
        if (boost_learn(&rows[air], &how[air], tree) < 0)
            fail("no memory", NULL);
        boost_release(&rows[air]);
        learnt[air] = tree;
    }
}

/* As a float constant of C. */
static void print_real(double v, const char *before)
{
    char text[40];

    snprintf(text, sizeof text, "%.9g", v);
    printf("%s%s%sf", before, text, strpbrk(text, ".e") ? "" : ".0");
}

static const char *const air_name[QRS_AIRS] = {[QRS_QUIET] = "quiet", [QRS_NOISY] = "noisy"};

static void print_trees(const char *half, int look, enum qrs_air air, const struct qrs_tree *tree)
{
    printf("static const struct qrs_tree %s_%d_%s[] = {\n", half, look + 1, air_name[air]);
    for (size_t t = 0; t < how[air].n_trees; t++) {
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

static void learn_and_print(const struct list *list, const char *half)
{
    const struct qrs_model none[2] = {{.n_trees = {{0}}}, {.n_trees = {{0}}}};
    struct qrs_model other[2] = {{.n_trees = {{0}}}, {.n_trees = {{0}}}};   /* for each part, learnt from the other */
    const struct qrs_tree *tree[QRS_LOOKS][QRS_AIRS];

    for (int part = 0; part < 2; part++) {
        learn(list, 0, part, none, other[1 - part].tree[0]);
        for (int air = 0; air < QRS_AIRS; air++)
            other[1 - part].n_trees[0][air] = how[air].n_trees;
    }
    learn(list, 0, -1, none, tree[0]);
    learn(list, 1, -1, other, tree[1]);
    for (int look = 0; look < QRS_LOOKS; look++)
        for (enum qrs_air air = 0; air < QRS_AIRS; air++)
            print_trees(half, look, air, tree[look][air]);
    printf("const struct qrs_model qrs_model_%s = {\n", half);
    printf("    {{%s_1_quiet, %s_1_noisy}, {%s_2_quiet, %s_2_noisy}},\n", half, half, half, half);
    printf("    {{%zu, %zu}, {%zu, %zu}}\n};\n", how[0].n_trees, how[1].n_trees, how[0].n_trees, how[1].n_trees);
}

static struct list read_list(const char *path, const char *half)
{
    FILE *const file = fopen(path, "r");
    const char *const data = getenv("KYMO_DATA");
    struct list list = {NULL, 0};
    char line[512], side[16], record[256], full[1024];

    if (!file || !data)
        fail(data ? "cannot open the list" : "KYMO_DATA names no folder", NULL);
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#' || sscanf(line, "%15s %255s", side, record) != 2)
            continue;
        if (strcmp(half, "all") != 0 && strcmp(half, side) != 0)
            continue;
        if (!(list.recording = realloc(list.recording, (list.n + 1) * sizeof *list.recording)))
            fail("no memory", NULL);
        const char *const slash = strrchr(record, '/');
        snprintf(full, sizeof full, "%s/%s", data, record);
        list.recording[list.n] = (struct recording){.number = atoi(slash ? slash + 1 : record)};
        load(full, &list.recording[list.n++]);
    }
    fclose(file);
    return list;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: train_qrs LIST all|odd|even\n");
        return 2;
    }
    struct list list = read_list(argv[1], argv[2]);
    if (list.n == 0)
        fail("no record of that half is in the list", NULL);
    learn_and_print(&list, argv[2]);
    for (size_t i = 0; i < list.n; i++)
        unload(&list.recording[i]);
    free(list.recording);
    return ferror(stdout) || fclose(stdout) ? 1 : 0;
}
