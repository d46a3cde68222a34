/* cli/sleep.c - see sleep.h. */
#include "cli/sleep.h"

#include "lib/grow.h"
#include "lib/vocabulary.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LAST_STAGE_NS (30 * KYMO_NS_PER_S)

static const char *const positions[POSITIONS] = {"unknown", "supine", "left", "right", "prone", "upright"};

void sleep_stage_name(unsigned char stage, char *name)
{
    static const char *const stages[STAGES] = {"unscored", "W", "N1", "N2", "N3", "R"};

    snprintf(name, SLEEP_NAME, "%s", stages[stage]);
}

void sleep_position_name(unsigned char position, char *name)
{
    if (position < POSITIONS)
        snprintf(name, SLEEP_NAME, "%s", positions[position]);
    else
        snprintf(name, SLEEP_NAME, "position %d", position - POSITIONS);
}

/* ---- words ---- */

/* label in lower case, without blanks, '-', '_', ':' and what follows '|': "Stage 2 sleep|2" -> "stage2sleep". */
static void squeeze(const char *label, char *out, size_t cap)
{
    size_t n = 0;

    for (; *label && *label != '|' && n + 1 < cap; label++)
        if (!strchr(" \t-_:.,/", *label))
            out[n++] = (char)tolower((unsigned char)*label);
    out[n] = '\0';
}

/* Moves *text behind prefix if it begins with that. */
static bool skip(const char **text, const char *prefix)
{
    const size_t n = strlen(prefix);
    const bool there = strncmp(*text, prefix, n) == 0;

    *text += there ? n : 0;
    return there;
}

/* STAGE_NONE may be a stage: "Sleep stage ?". */
static enum sleep_stage stage_of(const char *label, bool *is_stage)
{
    static const struct {
        const char *word;
        enum sleep_stage stage;
        bool named;                   /* only behind "stage" or "sleep" */
    } words[] = {
        {"w", STAGE_W, false}, {"wake", STAGE_W, false}, {"awake", STAGE_W, false}, {"wakefulness", STAGE_W, false},
        {"s0", STAGE_W, true}, {"0", STAGE_W, true}, {"n1", STAGE_N1, false}, {"s1", STAGE_N1, false},
        {"nrem1", STAGE_N1, false}, {"1", STAGE_N1, true}, {"n2", STAGE_N2, false}, {"s2", STAGE_N2, false},
        {"nrem2", STAGE_N2, false}, {"2", STAGE_N2, true}, {"n3", STAGE_N3, false}, {"n4", STAGE_N3, false},
        {"s3", STAGE_N3, false}, {"s4", STAGE_N3, false}, {"nrem3", STAGE_N3, false}, {"nrem4", STAGE_N3, false},
        {"3", STAGE_N3, true}, {"4", STAGE_N3, true}, {"r", STAGE_R, false}, {"rem", STAGE_R, false}, {"5", STAGE_R, true},
        {"?", STAGE_NONE, true}, {"unscored", STAGE_NONE, true}, {"unknown", STAGE_NONE, true}, {"movement", STAGE_NONE, true},
        {"m", STAGE_NONE, true}, {"mt", STAGE_NONE, true},
    };
    char text[64];
    const char *word = text;

    squeeze(label, text, sizeof text);
    bool named = skip(&word, "sleep");
    named = skip(&word, "stage") || named;
    const size_t n = strlen(word);
    char *const tail = n > 5 ? &text[word - text + (ptrdiff_t)n - 5] : NULL;
    if (tail && strcmp(tail, "sleep") == 0)
        *tail = '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0 && (named || !words[i].named)) {
            *is_stage = true;
            return words[i].stage;
        }
    *is_stage = false;
    return STAGE_NONE;
}

static enum sleep_position position_of(const char *label)
{
    char text[64];
    const char *word = text;

    squeeze(label, text, sizeof text);
    skip(&word, "body");
    skip(&word, "position");
    for (int p = POSITION_SUPINE; p < POSITIONS; p++)
        if (strcmp(word, positions[p]) == 0)
            return (enum sleep_position)p;
    return strcmp(word, "back") == 0 ? POSITION_SUPINE
           : strcmp(word, "sitting") == 0 || strcmp(word, "up") == 0 ? POSITION_UPRIGHT : POSITION_NONE;
}

static bool is_respiratory(const char *label)
{
    char text[64];

    squeeze(label, text, sizeof text);
    return strstr(text, "apnea") || strstr(text, "apnoea") || strstr(text, "hypopnea") || strstr(text, "hypopnoea");
}

/* ---- events ---- */

int sleep_add_span(struct sleep_list *l, int64_t from_ns, int is, struct kymo_err *e)
{
    struct sleep_span *const all = kymo_grown(l->span, l->n, &l->cap, sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu events", l->n + 1);
    l->span = all;
    l->span[l->n++] = (struct sleep_span){.from_ns = from_ns, .to_ns = KYMO_UNKNOWN, .is = (unsigned char)is};
    return 0;
}

static int add(struct sleep_list *l, const struct kymo_event *ev, int is, struct kymo_err *e)
{
    const int rc = sleep_add_span(l, ev->time_ns, is, e);

    if (rc == 0 && ev->duration_ns != KYMO_UNKNOWN && ev->duration_ns > 0 &&
        __builtin_add_overflow(ev->time_ns, ev->duration_ns, &l->span[l->n - 1].to_ns))
        l->span[l->n - 1].to_ns = INT64_MAX;
    return rc;
}

static int add_label(struct sleep *s, const char *label, const struct kymo_event *ev, struct kymo_err *e)
{
    bool is_stage;
    const enum sleep_stage stage = stage_of(label, &is_stage);
    const enum sleep_position position = position_of(label);

    if (is_stage)
        return add(&s->stages, ev, (int)stage, e);
    if (position != POSITION_NONE)
        return add(&s->positions, ev, (int)position, e);
    if (!is_respiratory(label))
        return 0;
    if (ev->duration_ns == KYMO_UNKNOWN || ev->duration_ns <= 0) {
        s->n_without_duration++;
        return 0;
    }
    return add(&s->respiratory, ev, 1, e);
}

int sleep_add(void *scoring, const struct kymo_event *ev, struct kymo_err *e)
{
    if (*ev->text && !kymo_is_beat(ev->type))
        return add_label(scoring, ev->text, ev, e);
    return kymo_code_of(ev->type) < 0 ? add_label(scoring, ev->type, ev, e) : 0;
}

int sleep_read(const struct kymo_call *call, const char *path, struct sleep *s, struct kymo_err *e)
{
    const struct kymo_want want = {.no_samples = true, .log = call->log};
    struct kymo_reader *const r = kymo_open(path, &want, e);
    struct kymo_block *b;
    int rc = r ? 0 : e->cause[0].code;

    while (rc == 0 && (rc = kymo_read(r, &b, e)) > 0) {
        rc = 0;
        for (size_t i = 0; rc == 0 && i < b->n_events; i++)
            rc = sleep_add(s, &b->event[i], e);
    }
    kymo_close(r);
    return rc;
}

static int by_time(const void *a, const void *b)
{
    const struct sleep_span *const x = a, *const y = b;

    return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

/* Sorts; a span that does not say when it ends lasts to the next, the last for last_ns. */
static void finish(struct sleep_list *l, int64_t last_ns)
{
    if (l->n > 0)
        qsort(l->span, l->n, sizeof *l->span, by_time);
    for (size_t i = 0; i < l->n; i++)
        if (l->span[i].to_ns == KYMO_UNKNOWN)
            l->span[i].to_ns = i + 1 < l->n ? l->span[i + 1].from_ns
                               : l->span[i].from_ns > INT64_MAX - last_ns ? INT64_MAX : l->span[i].from_ns + last_ns;
}

void sleep_finish(struct sleep *s)
{
    finish(&s->stages, LAST_STAGE_NS);
    finish(&s->respiratory, 0);
    finish(&s->positions, INT64_MAX / 2);
}

/* The first whole second at or after ns, counted from first_s, 0..n. */
static size_t second_at(int64_t ns, int64_t first_s, size_t n)
{
    const int64_t s = ns / KYMO_NS_PER_S + (ns % KYMO_NS_PER_S > 0) - first_s;

    return s < 0 ? 0 : s > (int64_t)n ? n : (size_t)s;
}

void sleep_seconds(const struct sleep_list *l, int64_t first_s, size_t n, unsigned char *group)
{
    memset(group, 0, n);
    for (size_t i = 0; i < l->n; i++) {
        const size_t to = second_at(l->span[i].to_ns, first_s, n);
        for (size_t k = second_at(l->span[i].from_ns, first_s, n); k < to; k++)
            group[k] = l->span[i].is;
    }
}

void sleep_release(struct sleep *s)
{
    free(s->stages.span);
    free(s->respiratory.span);
    free(s->positions.span);
}
