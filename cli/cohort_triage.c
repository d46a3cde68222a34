/* cli/cohort_triage.c - kymo cohort --triage: which recordings need a person first, and why.
 *
 * A score is a sum of stated parts, each with its reason in words; man/kymo-cohort.1 has the table of them. */
#include "cli/cohort.h"

#include "lib/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_OUTLIERS 3          /* the farthest; as many points at most */
#define REASONS 2048
#define SHOWN_TEXT 160            /* bytes of a note */

enum part { FAILED, ABSENT, VERDICT, EXCLUDED, MISSING, OUTLIERS, NOTES, PARTS };

enum { FAILED_POINTS = 10, ABSENT_POINTS = 5 };
enum { EXCLUDED_POINTS = 3, HALF_MISSING_POINTS = 3, SOME_MISSING_POINTS = 1, NOTE_POINTS = 1 };

const struct kymo_column cohort_triage_columns[] = {
    {"rank", 0}, {"record", 0}, {"score", 0}, {"failed", 0}, {"absent", 0}, {"verdict", 0}, {"excluded", 0}, {"missing", 0},
    {"outliers", 0}, {"notes", 0}, {"reasons", 0},
};
const size_t cohort_n_triage_columns = sizeof cohort_triage_columns / sizeof *cohort_triage_columns;

/* What verdicts say, in any case of letters. */
static const struct {
    const char *word;
    int points;
} verdicts[] = {
    {"unusable", 5}, {"bad", 5}, {"failed", 5}, {"fail", 5}, {"rejected", 5}, {"error", 5}, {"poor", 3},
    {"usable", 1}, {"fair", 1}, {"doubtful", 3}, {"uncertain", 3}, {"warning", 1},
};

struct far {
    size_t column;
    double value, median, distance;
};

/* What is known of a recording: of one of the tables, or behind those one that failed and is in none. */
struct finding {
    const struct cohort_failure *failure;   /* NULL: none */
    size_t record, expected, missing, outliers;
    struct far far[SHOWN_OUTLIERS];   /* the farthest first */
    size_t excluded;              /* column that says too much, or n_columns */
    double excluded_pct;
    int part[PARTS], score;
};

/* ---- numbers ---- */

static void add_far(struct finding *f, const struct far *far)
{
    size_t at = f->outliers < SHOWN_OUTLIERS ? f->outliers : SHOWN_OUTLIERS;

    f->outliers++;
    while (at > 0 && fabs(f->far[at - 1].distance) < fabs(far->distance)) {
        if (at < SHOWN_OUTLIERS)
            f->far[at] = f->far[at - 1];
        at--;
    }
    if (at < SHOWN_OUTLIERS)
        f->far[at] = *far;
}

static void look_at_group(const struct cohort *c, size_t column, const double *x, const struct distribution *d, size_t group,
                          struct finding *all)
{
    for (size_t i = c->begin[group]; i < c->begin[group + 1]; i++) {
        const size_t record = c->order[i];
        struct finding *const f = &all[record];
        const double distance = distribution_distance(d, x[record]);
        if (d->n > d->missing && c->column[column].source->row[record] != COHORT_NOWHERE) {
            f->expected++;
            f->missing += isnan(x[record]) ? 1 : 0;
        }
        if (fabs(distance) > c->args->k)
            add_far(f, &(struct far){column, x[record], d->median, distance});
    }
}

static void look_at_excluded(const struct cohort *c, size_t column, const double *x, struct finding *all)
{
    for (size_t i = 0; i < c->n; i++)
        if (x[i] > c->args->excluded_pct && !(all[i].excluded_pct >= x[i])) {
            all[i].excluded = column;
            all[i].excluded_pct = x[i];
        }
}

static bool is_excluded(const char *name) { return cohort_is_called(name, "pct_excluded"); }

/* What is excluded counts whatever the measures are, and is none. x[2 n] is room. */
static int look_at_numbers(const struct cohort *c, double *x, struct finding *all, struct kymo_err *e)
{
    int rc = 0;

    for (size_t k = 0; rc >= 0 && k < c->n_columns; k++)
        if (is_excluded(c->column[k].name) && (rc = cohort_numbers(c, k, x, e)) > 0)
            look_at_excluded(c, k, x, all);
    for (size_t k = 0; rc >= 0 && k < c->n_picked; k++) {
        const size_t column = c->picked[k];
        if (is_excluded(c->column[column].name) || (rc = cohort_numbers(c, column, x, e)) <= 0)
            continue;
        cohort_by_group(c, x, x + c->n);
        for (size_t g = 0; g < c->n_groups; g++) {
            struct distribution d;
            distribution_of(x + c->n + c->begin[g], c->begin[g + 1] - c->begin[g], &d);
            look_at_group(c, column, x, &d, g, all);
        }
    }
    return rc < 0 ? rc : 0;
}

/* ---- words ---- */

struct words {
    char text[REASONS];
    size_t n;
};

/* A reason more; what has no room is left out whole. */
static void add_reason(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add_reason(struct words *w, const char *fmt, ...)
{
    va_list args;
    const size_t before = w->n, joint = before ? 2 : 0, room = sizeof w->text - before;

    va_start(args, fmt);
    if (room > joint + 1) {
        memcpy(w->text + before, "; ", joint);
        const int n = vsnprintf(w->text + before + joint, room - joint, fmt, args);
        w->n = n >= 0 && (size_t)n < room - joint ? before + joint + (size_t)n : before;
        w->text[w->n] = '\0';
    }
    va_end(args);
}

/* The length of text as far as it is shown: not in the middle of a character. */
static int shown(const char *text)
{
    size_t n = strnlen(text, SHOWN_TEXT);

    while (n == SHOWN_TEXT && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return (int)n;
}

static int verdict_points(const char *word)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (kymo_same_text(word, verdicts[i].word))
            return verdicts[i].points;
    return 0;
}

static void judge_absence(const struct cohort *c, struct finding *f, struct words *w)
{
    for (size_t k = 0; k < c->n_sources; k++)
        if (!c->source[k].of_subjects && !(f->failure && f->failure->source == &c->source[k]) &&
            (f->record >= c->n || c->source[k].row[f->record] == COHORT_NOWHERE)) {
            f->part[ABSENT] += ABSENT_POINTS;
            add_reason(w, "not in %s", c->source[k].table->input);
        }
}

/* The reasons that the table of a verdict gives for it, or "". */
static const char *reasons_of(const struct cohort *c, size_t record, size_t verdict)
{
    for (size_t k = 0; k < c->n_columns; k++)
        if (c->column[k].source == c->column[verdict].source && cohort_is_called(c->column[k].name, "reasons"))
            return cohort_cell(c, record, k);
    return "";
}

static void judge_verdict(const struct cohort *c, struct finding *f, size_t column, struct words *w)
{
    const char *const word = cohort_cell(c, f->record, column), *const why = reasons_of(c, f->record, column);
    const int points = verdict_points(word);

    if (points == 0)
        return;
    f->part[VERDICT] = points > f->part[VERDICT] ? points : f->part[VERDICT];
    add_reason(w, "%s %s%s%.*s%s", c->column[column].name, word, *why ? " (" : "", shown(why), why, *why ? ")" : "");
}

static void judge_numbers(const struct cohort *c, struct finding *f, struct words *w)
{
    if (f->excluded < c->n_columns) {
        f->part[EXCLUDED] = EXCLUDED_POINTS;
        add_reason(w, "%s %.3g, above %g", c->column[f->excluded].name, f->excluded_pct, c->args->excluded_pct);
    }
    if (f->missing > 0) {
        f->part[MISSING] = 2 * f->missing >= f->expected ? HALF_MISSING_POINTS : SOME_MISSING_POINTS;
        add_reason(w, "%zu of %zu measures missing", f->missing, f->expected);
    }
    const size_t n = f->outliers < SHOWN_OUTLIERS ? f->outliers : SHOWN_OUTLIERS;
    f->part[OUTLIERS] = (int)n;
    for (size_t k = 0; k < n; k++)
        add_reason(w, "%s %.6g is %.1f robust SD %s the median %.6g", c->column[f->far[k].column].name, f->far[k].value,
                   fabs(f->far[k].distance), f->far[k].distance > 0 ? "above" : "below", f->far[k].median);
    if (f->outliers > n)
        add_reason(w, "%zu outliers more", f->outliers - n);
}

/* is_rare: at most half of the recordings have a note there; what most have says nothing of one. */
static void judge_note(const struct cohort *c, struct finding *f, size_t column, bool is_rare, struct words *w)
{
    const char *const text = cohort_cell(c, f->record, column);

    if (!*text)
        return;
    if (is_rare)
        f->part[NOTES] = NOTE_POINTS;
    add_reason(w, "%s: %.*s%s", c->column[column].name, shown(text), text, text[shown(text)] ? " ..." : "");
}

/* Columns of words, which are few among many. */
struct wordy {
    size_t *column;
    bool *is_rare;                /* of it: at most half of the recordings have something there */
    size_t n;
};

static void find_wordy(const struct cohort *c, struct wordy *wordy)
{
    for (size_t k = 0; k < c->n_columns; k++) {
        const char *const name = c->column[k].name;
        size_t filled = 0;
        if (c->column[k].source->of_subjects || !(cohort_is_note(name) || cohort_is_called(name, "verdict")))
            continue;
        for (size_t i = 0; i < c->n; i++)
            filled += *cohort_cell(c, i, k) != '\0';
        wordy->is_rare[wordy->n] = 2 * filled <= c->n;
        wordy->column[wordy->n++] = k;
    }
}

/* Points and reasons of one recording. */
static void judge(const struct cohort *c, const struct wordy *wordy, struct finding *f, struct words *w)
{
    w->n = 0;
    w->text[0] = '\0';
    memset(f->part, 0, sizeof f->part);
    if (f->failure) {
        f->part[FAILED] = FAILED_POINTS;
        add_reason(w, "failed: %s", f->failure->why);
    }
    judge_absence(c, f, w);
    for (size_t k = 0; f->record < c->n && k < wordy->n; k++)
        if (!cohort_is_note(c->column[wordy->column[k]].name))
            judge_verdict(c, f, wordy->column[k], w);
    judge_numbers(c, f, w);
    for (size_t k = 0; f->record < c->n && k < wordy->n; k++)
        if (cohort_is_note(c->column[wordy->column[k]].name))
            judge_note(c, f, wordy->column[k], wordy->is_rare[k], w);
    f->score = 0;
    for (int k = 0; k < PARTS; k++)
        f->score += f->part[k];
}

/* ---- the list ---- */

/* What failed, then the highest score first; of the same, in the order of the table. */
static int by_score(const void *a, const void *b)
{
    const struct finding *const x = a, *const y = b;

    if (!x->failure != !y->failure)
        return x->failure ? -1 : 1;
    return x->score != y->score ? (x->score > y->score ? -1 : 1) : (x->record > y->record) - (x->record < y->record);
}

static int put_finding(const struct cohort *c, const struct finding *f, size_t rank, const struct words *w,
                       struct kymo_table *t, struct kymo_err *e)
{
    kymo_cell_int(t, (int64_t)rank);
    kymo_cell_text(t, f->record < c->n ? c->record[f->record] : f->failure->record);
    kymo_cell_int(t, f->score);
    for (int k = 0; k < PARTS; k++)
        kymo_cell_int(t, f->part[k]);
    kymo_cell_text(t, w->text);
    return kymo_row_end(t, e);
}

/* all[n]: the recordings of the tables first. */
static int list(const struct cohort *c, const struct wordy *wordy, struct finding *all, size_t n, struct kymo_table *t,
                struct kymo_err *e)
{
    double *const x = malloc(2 * c->n * sizeof *x);
    struct words w;
    int rc = x ? look_at_numbers(c, x, all, e) : kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", c->n);

    free(x);
    for (size_t i = 0; rc == 0 && i < n; i++)
        judge(c, wordy, &all[i], &w);
    if (rc == 0)
        qsort(all, n, sizeof *all, by_score);
    for (size_t i = 0; rc == 0 && i < n && all[i].score > 0; i++) {
        judge(c, wordy, &all[i], &w);    /* its words again, which are not kept */
        rc = put_finding(c, &all[i], i + 1, &w, t, e);
    }
    return rc;
}

/* The findings of recordings that failed: theirs where a table has them, else new ones behind. Returns how many there are. */
static size_t take_failures(const struct cohort *c, const struct cohort_failures *failed, struct finding *all)
{
    size_t n = c->n;

    for (size_t k = 0; k < failed->n; k++) {
        const struct cohort_failure *const f = &failed->failure[k];
        size_t i = 0;
        while (i < n && strcmp(i < c->n ? c->record[i] : all[i].failure->record, f->record) != 0)
            i++;
        if (i == n)
            all[n++] = (struct finding){.record = i, .excluded = c->n_columns};
        if (!all[i].failure)
            all[i].failure = f;
    }
    return n;
}

int cohort_fill_triage(const void *of, struct kymo_table *t, struct kymo_err *e)
{
    const struct cohort *const c = of;
    struct cohort_failures failed = {0};
    int rc = cohort_find_failures(c, &failed, e);
    struct finding *const all = calloc(c->n + failed.n, sizeof *all);
    struct wordy wordy = {.column = malloc((c->n_columns + 1) * sizeof *wordy.column),
                          .is_rare = malloc((c->n_columns + 1) * sizeof *wordy.is_rare)};

    if (rc == 0 && !(all && wordy.column && wordy.is_rare))
        rc = kymo_fail(e, KYMO_ENOMEM, "no memory for %zu recordings", c->n);
    for (size_t i = 0; rc == 0 && i < c->n; i++) {
        all[i].record = i;
        all[i].excluded = c->n_columns;
    }
    if (rc == 0)
        find_wordy(c, &wordy);
    if (rc == 0)
        rc = list(c, &wordy, all, take_failures(c, &failed, all), t, e);
    cohort_failures_release(&failed);
    free(all);
    free(wordy.column);
    free(wordy.is_rare);
    return rc;
}
