/* model/train_qrs.c - learns the trees of the QRS detector's review (algorithms/qrs_review.h).
 *
 *   train_qrs LIST all|odd|even
 *
 * Reads the records of LIST (model/qrs.list) of that half, or all, from the folder that KYMO_DATA names, and prints the
 * trees as a C table. The detector runs on each record with both leads, with the first, with the second, and with muscle
 * noise added to both and to the first; each candidate that the review describes is a row. The first look is learnt from what
 * the hand-made choices accept. The second is learnt from what first looks accept that did not see the record: they are
 * learnt from half of the records (by number / 2, odd or even), and applied to the others. Everything is seeded: the same
 * recordings give the same bytes. */
#include "algorithms/beatmatch.h"
#include "algorithms/noise.h"
#include "algorithms/qrs_choice.h"
#include "algorithms/random.h"
#include "algorithms/snr.h"
#include "lib/reader.h"
#include "model/boost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEADS = 2, TREES = 250, SEED = 1, SURE = 6 };

#define RATE 0.08
#define RIDGE 5.0
#define KEEP 0.2             /* of the rows that the hand-made choices are sure of, and right; these weigh 1 / KEEP */
#define NEAR_S 0.09          /* the highest candidate so near to a reference beat is the beat, */
#define MATCH_S 0.15         /* else the nearest so near; others so near are neither beat nor none */

/* How the detector is run on a record, and what its rows weigh. Weights were chosen on cross-fitted scores of mitdb. */
static const struct view {
    bool lead[LEADS], noisy;
    float weight;
} views[] = {
    {{true, true}, false, 1}, {{true, false}, false, 1}, {{false, true}, false, 0.2f},
    {{true, true}, true, 0.05f}, {{true, false}, true, 0.05f},
};

struct recording {
    int number;
    double fs_hz;
    size_t n, n_leads;
    float *x[LEADS];
    struct beatmatch_mark *mark;
    size_t n_marks;
};

static _Noreturn void fail(const char *what, const struct kymo_err *e)
{
    char text[1000] = "";

    if (e)
        kymo_err_text(e, 0, text, sizeof text);
    fprintf(stderr, "train_qrs: %s%s%s\n", what, e ? ": " : "", text);
    exit(1);
}

static void *room(size_t n, size_t size)
{
    void *const p = calloc(n ? n : 1, size);

    if (!p)
        fail("no memory", NULL);
    return p;
}

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

/* Adds noise of snr_db to lead c, in y. */
static void add_noise(const struct recording *r, size_t c, double snr_db, uint64_t seed, double *y)
{
    struct kymo_err e = {0};
    struct noise *const noise = noise_create(NOISE_MUSCLE, r->fs_hz, 0, seed, c, &e);
    int64_t *const beat = room(r->n_marks, sizeof *beat);
    double *const z = room(r->n, sizeof *z);
    struct snr_signal signal;
    size_t n = 0;

    if (!noise)
        fail("noise", &e);
    for (size_t i = 0; i < r->n_marks; i++)
        if (r->mark[i].kind == BEATMATCH_N || r->mark[i].kind == BEATMATCH_Q)
            beat[n++] = r->mark[i].time;
    snr_signal_init(&signal, r->fs_hz, beat, n);
    snr_signal_push(&signal, 0, y, r->n);
    const double gain = snr_gain(snr_signal_peak_to_peak(&signal), 1, snr_db);
    noise_next(noise, z, r->n);
    for (size_t i = 0; i < r->n; i++)
        y[i] += gain * z[i];
    free(z);
    free(beat);
    noise_destroy(noise);
}

/* Runs the detector and keeps its rows. */
static void detect(const struct recording *r, const struct view *view, double snr_db, const struct qrs_model *model,
                   struct rows *rows)
{
    struct kymo_err e = {0};
    double *y[LEADS] = {NULL};
    const double *x[LEADS];
    size_t n_leads = 0;

    for (size_t c = 0; c < r->n_leads; c++) {
        if (!view->lead[c])
            continue;
        y[c] = room(r->n, sizeof *y[c]);
        for (size_t i = 0; i < r->n; i++)
            y[c][i] = (double)r->x[c][i];
        if (view->noisy)
            add_noise(r, c, snr_db, (uint64_t)r->number, y[c]);
        x[n_leads++] = y[c];
    }
    struct qrs *const s = n_leads ? qrs_create(r->fs_hz, n_leads, &(struct qrs_options){.model = model}, &e) : NULL;
    if (n_leads && !s)
        fail("detector", &e);
    if (s) {
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

/* Adds what the detector makes of a record in all views, at one look. */
static void add_record(const struct recording *r, int look, const struct qrs_model *model, struct random *random,
                       struct boost_rows *all)
{
    for (size_t v = 0; v < sizeof views / sizeof *views; v++) {
        struct rows rows = {.look = look};
        const double snr_db = -3 + 21 * random_uniform(random);
        detect(r, &views[v], snr_db, model, &rows);
        enum label *const label = room(rows.n, sizeof *label);
        label_rows(r, &rows, label);
        for (size_t i = 0; i < rows.n; i++) {
            const float *const f = rows.row[i].feature;
            const bool sure = (label[i] == BEAT ? f[RF_HAND] : -f[RF_HAND]) > SURE;
            if (label[i] == NEITHER || (sure && random_uniform(random) > KEEP))
                continue;
            if (boost_add(all, f, label[i] == BEAT, sure ? views[v].weight / (float)KEEP : views[v].weight) < 0)
                fail("no memory", NULL);
        }
        free(label);
        free(rows.row);
    }
}

/* ---- models ---- */

struct list {
    struct recording *recording;
    size_t n;
};

static int part_of(const struct recording *r) { return r->number / 2 % 2; }

/* Learns look LOOK from the recordings of a part (0, 1), or of both (-1), with a model of the look before for each part. */
static const struct qrs_tree *learn(const struct list *list, int look, int part, const struct qrs_model before[2])
{
    struct boost_rows rows = {.n_features = REVIEW_FEATURES};
    struct qrs_tree *const tree = room(TREES, sizeof *tree);
    struct random random;

    random_init(&random, SEED, (uint64_t)look);
    for (size_t i = 0; i < list->n; i++)
        if (part < 0 || part_of(&list->recording[i]) == part)
            add_record(&list->recording[i], look, &before[part_of(&list->recording[i])], &random, &rows);
    if (boost_learn(&rows, TREES, RATE, RIDGE, tree) < 0)
        fail("no memory", NULL);
    boost_release(&rows);
    return tree;
}

/* As a float constant of C. */
static void print_real(double v, const char *before)
{
    char text[40];

    snprintf(text, sizeof text, "%.9g", v);
    printf("%s%s%sf", before, text, strpbrk(text, ".e") ? "" : ".0");
}

static void print_trees(const char *half, int look, const struct qrs_tree *tree)
{
    printf("static const struct qrs_tree %s_%d[] = {\n", half, look + 1);
    for (size_t t = 0; t < TREES; t++) {
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
    const struct qrs_model none[2] = {{{NULL}, {0}}, {{NULL}, {0}}};
    struct qrs_model other[2] = {{{NULL}, {0}}, {{NULL}, {0}}};   /* for each part, learnt from the other */
    const struct qrs_tree *tree[QRS_LOOKS];

    for (int part = 0; part < 2; part++) {
        other[1 - part].tree[0] = learn(list, 0, part, none);
        other[1 - part].n_trees[0] = TREES;
    }
    tree[0] = learn(list, 0, -1, none);
    tree[1] = learn(list, 1, -1, other);
    for (int look = 0; look < QRS_LOOKS; look++)
        print_trees(half, look, tree[look]);
    printf("const struct qrs_model qrs_model_%s = {{%s_1, %s_2}, {%d, %d}};\n", half, half, half, TREES, TREES);
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
