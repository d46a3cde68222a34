/* cli/alarm_rules.c - kymo alarm: rules from arguments and files, and what of a recording each is about. */
#include "cli/alarm.h"
#include "cli/rhythm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_RULE ((size_t)1000)

static const struct {
    const char *word;
    enum rhythm_kind kind;
    bool typed;                   /* needs beats that are told apart, or what no online detector tells */
} episodes[] = {
    {"asystole", RHYTHM_ASYSTOLE, false}, {"pause", RHYTHM_PAUSE, false}, {"bradycardia", RHYTHM_BRADYCARDIA, false},
    {"tachycardia", RHYTHM_TACHYCARDIA, false}, {"vf", RHYTHM_VF, false}, {"dropped", RHYTHM_DROPPED, false},
    {"vt", RHYTHM_VT, true}, {"ivr", RHYTHM_IVR, true}, {"svt", RHYTHM_SVT, true}, {"bigeminy", RHYTHM_BIGEMINY, true},
    {"trigeminy", RHYTHM_TRIGEMINY, true}, {"couplet", RHYTHM_V_COUPLET, true}, {"af", RHYTHM_AF, true},
    {"flutter", RHYTHM_FLUTTER, true},
};

/* ---- reading ---- */

static int add_text(struct alarm_rules *r, const char *text, size_t n, struct kymo_err *e)
{
    struct alarm_guard *const all = realloc(r->guard, (r->n + 1) * sizeof *all);

    if (!all)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a rule");
    r->guard = all;
    struct alarm_guard *const g = &all[r->n];
    *g = (struct alarm_guard){.signal = -1, .kind = RHYTHM_KINDS, .value = (double)NAN, .seen_ns = INT64_MIN,
                              .end_ns = INT64_MIN, .text = strndup(text, n)};
    if (!g->text)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a rule");
    r->n++;
    return alarm_rule_parse(g->text, &g->rule, e);
}

static int add_file(struct alarm_rules *r, const char *path, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_open(path, e);
    const char *line;
    int64_t number = 0;
    size_t n;
    int rc = in ? 0 : e->cause[0].code;

    while (rc == 0 && (rc = kymo_line(in, LONGEST_RULE, &line, &n, e)) > 0) {
        number++;
        n = kymo_trim(&line, n);
        rc = n == 0 || *line == '#' ? 0 : add_text(r, line, n, e);
        if (rc < 0)
            rc = kymo_during(e, "%s:%lld", path, (long long)number);
    }
    kymo_input_close(in);
    return rc;
}

int alarm_add_rule(struct alarm_rules *r, const char *text, struct kymo_err *e)
{
    return *text == '@' ? add_file(r, text + 1, e) : add_text(r, text, strlen(text), e);
}

void alarm_rules_release(struct alarm_rules *r)
{
    for (size_t i = 0; i < r->n; i++)
        free(r->guard[i].text);
    free(r->guard);
}

/* ---- what they are about ---- */

static int find_signal(struct alarm_guard *g, const struct kymo_header *h, struct kymo_err *e)
{
    const char *const name = g->rule.subject;
    size_t *pick, n;
    const int rc = kymo_select(h, &name, 1, &pick, &n, e);

    if (rc < 0)
        return kymo_during(e, "rule \"%s\"", g->text);
    g->signal = (int)pick[0];
    free(pick);
    if (*g->rule.unit && !kymo_same_text(g->rule.unit, h->signal[g->signal].unit))
        return kymo_fail(e, KYMO_EUSAGE, "rule \"%s\": %s is in %s, not in %s", g->text, h->signal[g->signal].label,
                         *h->signal[g->signal].unit ? h->signal[g->signal].unit : "no unit that is told", g->rule.unit);
    return 0;
}

/* The heart's rate, where no signal has that name. */
static bool is_rate(const struct alarm_guard *g, const struct kymo_header *h)
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (kymo_same_text(h->signal[i].label, g->rule.subject))
            return false;
    return kymo_same_text(g->rule.subject, "hr");
}

static int find_rate(const struct alarm_guard *g, bool *heart, struct kymo_err *e)
{
    *heart = true;
    if (!*g->rule.unit || kymo_same_text(g->rule.unit, "/min") || kymo_same_text(g->rule.unit, "bpm"))
        return 0;
    return kymo_fail(e, KYMO_EUSAGE, "rule \"%s\": the heart rate is in /min, not in %s", g->text, g->rule.unit);
}

static int find_episode(struct alarm_guard *g, const struct kymo_header *h, bool typed, bool *heart, struct kymo_err *e)
{
    const size_t n = sizeof episodes / sizeof *episodes;
    size_t i = 0;

    while (i < n && !kymo_same_text(episodes[i].word, g->rule.subject))
        i++;
    if (i == n)
        return kymo_fail(e, KYMO_EUSAGE, "rule \"%s\": no episode \"%s\"; kymo-alarm(1) lists them, and a limit needs its sign",
                         g->text, g->rule.subject);
    g->kind = episodes[i].kind;
    if (kymo_has_track(h, "rhythm"))
        return 0;
    *heart = true;
    if (!episodes[i].typed || (typed && g->kind != RHYTHM_AF && g->kind != RHYTHM_FLUTTER))
        return 0;
    return kymo_fail(e, KYMO_EUSAGE, "rule \"%s\": live beats do not tell %s; of a recording that has ended, send the events "
                     "of kymo rhythm", g->text, g->rule.subject);
}

int alarm_resolve(struct alarm_rules *r, const struct kymo_header *h, bool typed, bool *heart, struct kymo_err *e)
{
    int rc = 0;

    *heart = false;
    for (size_t i = 0; rc == 0 && i < r->n; i++) {
        struct alarm_guard *const g = &r->guard[i];
        g->machine = g->rule;
        if (g->rule.what == ALARM_EPISODE)
            rc = find_episode(g, h, typed, heart, e);
        else if (g->rule.what == ALARM_VALUE && is_rate(g, h))
            rc = find_rate(g, heart, e);
        else if (g->rule.what == ALARM_VALUE || (g->rule.what == ALARM_NO_DATA && *g->rule.subject))
            rc = find_signal(g, h, e);
        if (g->rule.what == ALARM_EPISODE || g->rule.what == ALARM_EVENT)
            g->machine.for_ns = 0;
        alarm_init(&g->alarm, &g->machine);
    }
    return rc;
}

bool alarm_is_about(const struct alarm_guard *g, const struct kymo_event *ev)
{
    if (g->rule.what == ALARM_EVENT)
        return strcmp(ev->type, g->rule.subject) == 0 && (!*g->rule.text || strcmp(ev->text, g->rule.text) == 0);
    if (g->rule.what != ALARM_EPISODE)
        return false;
    const struct rhythm_word *const word = rhythm_word(g->kind);
    return strcmp(ev->type, word->type) == 0 && strcmp(ev->text, word->text) == 0;
}
