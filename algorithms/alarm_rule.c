/* algorithms/alarm_rule.c - see alarm_rule.h. */
#include "algorithms/alarm_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LONGEST_NUMBER 40

struct parser {
    const char *text, *p;
    char word[ALARM_WORD];        /* the one at p, "" at the end */
    const char *after;            /* where the next begins */
    bool quoted;
    unsigned seen;                /* clauses, a bit each */
    struct kymo_err *e;
};

static int fail(const struct parser *s, const char *expected)
{
    return kymo_fail(s->e, KYMO_EUSAGE, "rule \"%.100s\": %s, not \"%.40s\", at its byte %d", s->text, expected, s->p,
                     (int)(s->p - s->text));
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_sign(char c) { return c == '<' || c == '>'; }
static bool is(const struct parser *s, const char *word) { return !s->quoted && strcasecmp(s->word, word) == 0; }

/* Between double quotes; two of them inside are one. */
static int read_quoted(struct parser *s)
{
    const char *p = s->p + 1;
    size_t n = 0;

    for (; *p && (*p != '"' || p[1] == '"'); p += 1 + (*p == '"')) {
        if (n == sizeof s->word - 1)
            return fail(s, "expected a name of at most 63 bytes");
        s->word[n++] = *p;
    }
    if (*p != '"' || n == 0)
        return fail(s, "expected a name between double quotes");
    s->word[n] = '\0';
    s->after = p + 1;
    s->quoted = true;
    return 0;
}

/* The word at p: a sign, a quoted name, or what reaches to a blank or a sign. */
static int look(struct parser *s)
{
    size_t n = 0;

    while (is_blank(*s->p))
        s->p++;
    s->quoted = false;
    if (*s->p == '"')
        return read_quoted(s);
    if (is_sign(*s->p))
        n = s->p[1] == '=' ? 2 : 1;
    else
        while (s->p[n] && !is_blank(s->p[n]) && !is_sign(s->p[n]) && s->p[n] != '"')
            n++;
    if (n >= sizeof s->word)
        return fail(s, "expected words of at most 63 bytes");
    memcpy(s->word, s->p, n);
    s->word[n] = '\0';
    s->after = s->p + n;
    return 0;
}

static int next(struct parser *s)
{
    s->p = s->after;
    return look(s);
}

/* A finite number that begins at p; what follows is next. */
static int read_number(struct parser *s, double *value)
{
    char digits[LONGEST_NUMBER];
    char *stop;
    const size_t n = strspn(s->p, "+-.0123456789");

    if (n == 0 || n >= sizeof digits)
        return fail(s, "expected a number");
    memcpy(digits, s->p, n);
    digits[n] = '\0';
    *value = strtod(digits, &stop);
    if (*stop || !isfinite(*value))
        return fail(s, "expected a number");
    s->after = s->p + n;
    return next(s);
}

static int read_time(struct parser *s, int64_t *ns)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9}};
    const char *const at = s->p;
    double value, scale = 1e9;
    int rc = read_number(s, &value);

    for (size_t i = 0; rc == 0 && i < sizeof units / sizeof *units; i++)
        if (is(s, units[i].name)) {
            scale = units[i].ns;
            rc = next(s);
            break;
        }
    if (rc < 0)
        return rc;
    if (!(value >= 0 && value * scale <= (double)ALARM_LONGEST_NS)) {
        s->p = at;
        return fail(s, "expected a time of 0..24 h");
    }
    *ns = (int64_t)(value * scale);
    return 0;
}

static int take_word(struct parser *s, char *to, const char *expected)
{
    if (!*s->word || (!s->quoted && is_sign(*s->word)))
        return fail(s, expected);
    memcpy(to, s->word, ALARM_WORD);
    return next(s);
}

/* ---- clauses ---- */

enum { FOR, HYSTERESIS, CLEAR, REFRACTORY, PRIORITY, AS, CLAUSES };

static const char *const clauses[CLAUSES] = {"for", "hysteresis", "clear", "refractory", "priority", "as"};
static const char *const priorities[] = {[ALARM_LOW] = "low", [ALARM_MEDIUM] = "medium", [ALARM_HIGH] = "high"};

const char *alarm_priority_name(enum alarm_priority p) { return priorities[p]; }

/* Which clause the word begins; CLAUSES: none. */
static unsigned clause_of(const struct parser *s)
{
    unsigned c = 0;

    while (c < CLAUSES && !is(s, clauses[c]))
        c++;
    return c;
}

static int read_priority(struct parser *s, struct alarm_rule *rule)
{
    for (unsigned i = 0; i < sizeof priorities / sizeof *priorities; i++)
        if (is(s, priorities[i])) {
            rule->priority = (enum alarm_priority)i;
            return next(s);
        }
    return fail(s, "expected low, medium or high");
}

static int read_clause(struct parser *s, struct alarm_rule *rule)
{
    const unsigned c = clause_of(s);
    int rc;

    if (c == CLAUSES)
        return fail(s, "expected for, hysteresis, clear, refractory, priority or as");
    if (s->seen & 1u << c)
        return fail(s, "expected each clause once");
    if (c == HYSTERESIS && rule->what != ALARM_VALUE)
        return fail(s, "expected a hysteresis only of a value with a limit");
    s->seen |= 1u << c;
    if ((rc = next(s)) < 0)
        return rc;
    switch (c) {
    case FOR: return read_time(s, &rule->for_ns);
    case CLEAR: return read_time(s, &rule->clear_ns);
    case REFRACTORY: return read_time(s, &rule->refractory_ns);
    case PRIORITY: return read_priority(s, rule);
    case AS: return take_word(s, rule->name, "expected a name");
    default: break;
    }
    if ((rc = read_number(s, &rule->hysteresis)) < 0)
        return rc;
    return rule->hysteresis >= 0 ? 0 : fail(s, "expected a hysteresis of 0 or more");
}

/* ---- conditions ---- */

static int read_limit(struct parser *s, struct alarm_rule *rule)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};
    int rc;

    rule->what = ALARM_VALUE;
    while (strcmp(s->word, signs[rule->sign]) != 0)
        rule->sign++;
    if ((rc = next(s)) < 0 || (rc = read_number(s, &rule->limit)) < 0)
        return rc;
    return *s->word && clause_of(s) == CLAUSES ? take_word(s, rule->unit, "expected a unit") : 0;
}

static int read_no_data(struct parser *s, struct alarm_rule *rule)
{
    int rc = next(s);

    rule->what = ALARM_NO_DATA;
    rule->for_ns = ALARM_NO_DATA_NS;
    if (rc < 0 || !is(s, "data"))
        return rc < 0 ? rc : fail(s, "expected \"no data\"");
    memcpy(rule->name, "no data", sizeof "no data");
    if ((rc = next(s)) < 0 || !is(s, "of"))
        return rc;
    return (rc = next(s)) < 0 ? rc : take_word(s, rule->subject, "expected a signal");
}

static int read_event(struct parser *s, struct alarm_rule *rule)
{
    int rc = next(s);

    rule->what = ALARM_EVENT;
    if (rc < 0 || (rc = take_word(s, rule->subject, "expected the type of an event")) < 0)
        return rc;
    if (*s->word && clause_of(s) == CLAUSES)
        rc = take_word(s, rule->text, "expected the text of an event");
    memcpy(rule->name, *rule->text ? rule->text : rule->subject, ALARM_WORD);
    return rc;
}

static int read_condition(struct parser *s, struct alarm_rule *rule)
{
    int rc;

    if (is(s, "no"))
        return read_no_data(s, rule);
    if (is(s, "event"))
        return read_event(s, rule);
    if ((rc = take_word(s, rule->subject, "expected a quantity, an episode, \"no data\" or \"event\"")) < 0)
        return rc;
    memcpy(rule->name, rule->subject, ALARM_WORD);
    rule->what = ALARM_EPISODE;
    return !s->quoted && is_sign(*s->word) ? read_limit(s, rule) : 0;
}

int alarm_rule_parse(const char *text, struct alarm_rule *rule, struct kymo_err *e)
{
    struct parser s = {.text = text, .p = text, .e = e};
    int rc = look(&s);

    *rule = (struct alarm_rule){.priority = ALARM_MEDIUM};
    if (rc == 0)
        rc = read_condition(&s, rule);
    while (rc == 0 && *s.word)
        rc = read_clause(&s, rule);
    return rc;
}
