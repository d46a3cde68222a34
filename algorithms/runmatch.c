/* algorithms/runmatch.c - see runmatch.h. */
#include "algorithms/runmatch.h"

#include "algorithms/beatmatch.h"

#include <stdlib.h>
#include <string.h>

#define LONGEST (RUNMATCH_LENGTHS - 1)
#define NEVER INT64_MIN
#define FOR_EVER INT64_MAX

/* What a mark does to runs of one type. FOREIGN is fibrillation of the other chamber. */
enum step { PASS, EXTEND, BREAK, SHUT, ON, OFF, FOREIGN_ON, FOREIGN_OFF };

/* One series, read forward. */
struct steps {
    const struct runmatch_mark *mark;
    enum step *step;
    size_t n, at;
    int64_t fibrillates_to;     /* end of the latest fibrillation that was looked into, or NEVER */
};

enum runmatch_kind runmatch_kind_of(const char *mnemonic, int subtype, const char *text)
{
    if (strcmp(mnemonic, "+") == 0)
        return strncmp(text, "(AF", 3) == 0 ? RUNMATCH_RHYTHM_AF :
               strncmp(text, "(VF", 3) == 0 ? RUNMATCH_RHYTHM_VF : RUNMATCH_RHYTHM;
    switch (beatmatch_kind_of(mnemonic, subtype)) {
    case BEATMATCH_N: return RUNMATCH_N;
    case BEATMATCH_S: return RUNMATCH_S;
    case BEATMATCH_V: case BEATMATCH_F: return RUNMATCH_V;
    case BEATMATCH_Q: return RUNMATCH_Q;
    case BEATMATCH_X: return RUNMATCH_SHUTDOWN;
    case BEATMATCH_READABLE: return RUNMATCH_READABLE;
    case BEATMATCH_VF_ON: return RUNMATCH_VF_ON;
    case BEATMATCH_VF_OFF: return RUNMATCH_VF_OFF;
    default: return RUNMATCH_OTHER;
    }
}

/* ---- what marks mean ---- */

/* Atrial, ventricular fibrillation and shutdown begin only where they are not on already, and end only where they are. */
struct state {
    int in_af, in_vf, shut;
};

static enum step change_rhythm(struct state *s, enum runmatch_kind kind, enum runmatch_type type)
{
    const int vf = kind == RUNMATCH_RHYTHM_VF || kind == RUNMATCH_VF_ON, af = kind == RUNMATCH_RHYTHM_AF;
    const int was_af = s->in_af, was_vf = s->in_vf;
    int ventricular;   /* the change concerns */

    if (vf || af) {
        if (vf ? was_vf : was_af)
            return PASS;
        s->in_af = af;
        s->in_vf = vf;
        ventricular = vf;
    } else if (kind == RUNMATCH_RHYTHM && was_af) {
        s->in_af = 0;
        ventricular = 0;
    } else if (was_vf) {
        s->in_vf = 0;
        ventricular = 1;
    } else {
        return PASS;
    }
    const int own = ventricular == (type == RUNMATCH_VENTRICULAR);
    return vf || af ? (own ? ON : FOREIGN_ON) : (own ? OFF : FOREIGN_OFF);
}

static enum step step_of(struct state *s, enum runmatch_kind kind, enum runmatch_type type)
{
    switch (kind) {
    case RUNMATCH_N: return s->in_af && type == RUNMATCH_SUPRAVENTRICULAR ? EXTEND : BREAK;
    case RUNMATCH_S: return type == RUNMATCH_SUPRAVENTRICULAR ? EXTEND : BREAK;
    case RUNMATCH_V: return type == RUNMATCH_VENTRICULAR ? EXTEND : BREAK;
    case RUNMATCH_Q: return BREAK;
    case RUNMATCH_SHUTDOWN: {
        const int was = s->shut;
        s->shut = 1;
        return was ? PASS : SHUT;
    }
    case RUNMATCH_READABLE: s->shut = 0; return PASS;
    case RUNMATCH_OTHER: return PASS;
    default: return change_rhythm(s, kind, type);
    }
}

static int read_steps(const struct runmatch_series *series, enum runmatch_type type, const char *name, struct steps *s,
                      struct kymo_err *e)
{
    struct state state = {0, 0, 0};

    *s = (struct steps){.mark = series->mark, .n = series->n, .step = calloc(series->n + 1, sizeof *s->step)};
    if (!s->step)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu annotations", series->n);
    for (size_t i = 0; i < series->n; i++) {
        if (series->mark[i].time < (i > 0 ? series->mark[i - 1].time : 0))
            return kymo_fail(e, KYMO_EDATA, "%s annotation %zu at %lld lies before the one before it, or before 0", name, i,
                             (long long)series->mark[i].time);
        s->step[i] = step_of(&state, series->mark[i].kind, type);
    }
    return 0;
}

/* ---- the longest run of the other series ---- */

/* b->at is behind a mark that begins fibrillation: goes behind the one that ends it. */
static void read_fibrillation(struct steps *b)
{
    while (b->at < b->n) {
        const size_t i = b->at++;
        if (b->step[i] == OFF || b->step[i] == FOREIGN_ON || b->step[i] == SHUT) {
            b->fibrillates_to = b->mark[i].time;
            return;
        }
    }
    b->fibrillates_to = FOR_EVER;
}

static int longest_run(struct steps *b, int64_t from, int64_t to)
{
    int longest = 0, length = 0;

    while (b->fibrillates_to <= from && b->at < b->n && b->mark[b->at].time < from)
        if (b->step[b->at++] == ON)
            read_fibrillation(b);
    if (b->fibrillates_to > from)
        return LONGEST;
    while (b->at < b->n && b->mark[b->at].time <= to)
        switch (b->step[b->at++]) {
        case EXTEND:
            length += length < LONGEST;
            longest = length > longest ? length : longest;
            break;
        case ON:
            read_fibrillation(b);
            return LONGEST;
        case BREAK: case SHUT: case FOREIGN_ON:
            length = 0;
            break;
        default:
            break;
        }
    return longest;
}

/* ---- the runs of one series ---- */

struct run {
    int length;
    int64_t from, to;           /* with a window at both ends */
    int fibrillates;            /* fibrillation began in it and has not ended */
};

/* Fibrillation that began before START reaches into it. */
static struct run enter(struct steps *a, const struct runmatch_options *o)
{
    struct run run = {0, o->start - o->window, o->start + o->window, 0};

    for (; a->at < a->n && a->mark[a->at].time < o->start; a->at++)
        if (a->step[a->at] == ON)
            run.length = LONGEST;
        else if (a->step[a->at] == OFF || a->step[a->at] == FOREIGN_OFF)
            run.length = 0;
    return run;
}

static void count_run(struct runmatch *m, enum runmatch_pass pass, const struct run *run, struct steps *b)
{
    const int other = longest_run(b, run->from, run->to);

    if (pass == RUNMATCH_SENSITIVITY)
        m->count[pass][run->length][other]++;
    else
        m->count[pass][other][run->length]++;
}

static void take_runs(struct runmatch *m, enum runmatch_pass pass, struct steps *a, struct steps *b,
                      const struct runmatch_options *o)
{
    struct run run = enter(a, o);

    a->fibrillates_to = b->fibrillates_to = NEVER;
    for (; a->at < a->n && (o->end <= 0 || a->mark[a->at].time <= o->end); a->at++) {
        const int64_t time = a->mark[a->at].time;
        const enum step step = a->step[a->at];

        if (run.length > 0 && (step == BREAK || step == SHUT)) {
            count_run(m, pass, &run, b);
            run.length = run.fibrillates = 0;
        } else if (step == EXTEND || (step == ON && run.length == 0) || (step == OFF && run.length > 0)) {
            if (run.length == 0)
                run.from = time - o->window;
            run.to = time + o->window;
            run.fibrillates = step == ON || (step == EXTEND && run.fibrillates);
            run.length = step == ON ? LONGEST : step == EXTEND && run.length < LONGEST ? run.length + 1 : run.length;
        }
    }
    if (run.fibrillates)
        run.to = FOR_EVER;
    if (run.length > 0)   /* what the end cuts off is a run too */
        count_run(m, pass, &run, b);
}

int runmatch_compare(const struct runmatch_series *ref, const struct runmatch_series *test, enum runmatch_type type,
                     const struct runmatch_options *options, struct runmatch *out, struct kymo_err *e)
{
    struct steps r = {.n = 0}, t = {.n = 0};
    int rc;

    memset(out, 0, sizeof *out);
    if (options->window < 0 || options->window > INT64_MAX / 4 || options->start < 0 || options->start > INT64_MAX / 4)
        return kymo_fail(e, KYMO_EUSAGE, "window %lld or start %lld is negative or too large", (long long)options->window,
                         (long long)options->start);
    if ((rc = read_steps(ref, type, "reference", &r, e)) == 0 && (rc = read_steps(test, type, "test", &t, e)) == 0) {
        take_runs(out, RUNMATCH_SENSITIVITY, &r, &t, options);
        r.at = t.at = 0;
        take_runs(out, RUNMATCH_PREDICTIVITY, &t, &r, options);
    }
    free(r.step);
    free(t.step);
    return rc;
}

struct runmatch_tally runmatch_tally(const struct runmatch *m, enum runmatch_pass pass, enum runmatch_class c)
{
    static const struct { int from, to; } LENGTHS[RUNMATCH_CLASSES] = {{2, 2}, {3, 5}, {LONGEST, LONGEST}};
    struct runmatch_tally t = {0, 0};

    for (int own = LENGTHS[c].from; own <= LENGTHS[c].to; own++)
        for (int other = 0; other < RUNMATCH_LENGTHS; other++) {
            const int64_t n = pass == RUNMATCH_SENSITIVITY ? m->count[pass][own][other] : m->count[pass][other][own];
            if (other >= LENGTHS[c].from)
                t.found += n;
            else
                t.missed += n;
        }
    return t;
}

void runmatch_add(struct runmatch *sum, const struct runmatch *from)
{
    for (int p = 0; p < RUNMATCH_PASSES; p++)
        for (int r = 0; r < RUNMATCH_LENGTHS; r++)
            for (int c = 0; c < RUNMATCH_LENGTHS; c++)
                sum->count[p][r][c] += from->count[p][r][c];
}
