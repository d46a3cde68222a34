/* algorithms/expression.c - see expression.h. Compiled once to a program for a stack of pieces of samples. */
#include "algorithms/expression_inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS 4096
#define MOST_DEPTH 64             /* of brackets in brackets */
#define MOST_TEXT 1000

/* ---- reading ---- */

struct parser {
    const char *text, *at;
    const char *const *label;
    size_t n_labels, depth, height;
    struct expression *out;
    struct kymo_err *e;
};

#define fail(p, ...) kymo_fail_at((p)->e, KYMO_EUSAGE, (p)->text, (p)->at - (p)->text + 1, __VA_ARGS__)

static void skip_blanks(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

/* Whether mark comes next; if so it is passed. */
static bool passes(struct parser *p, char mark)
{
    skip_blanks(p);
    if (*p->at != mark)
        return false;
    p->at++;
    return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

static bool in_name(char c)
{
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

/* A label or a function's name into name[MOST_TEXT]; quoted tells which. Returns 1, 0 where there is none, or a negative code.
 * */
static int read_name(struct parser *p, char *name, bool *quoted)
{
    size_t n = 0;

    skip_blanks(p);
    *quoted = *p->at == '"';
    if (!*quoted) {
        while (in_name(*p->at) && (n > 0 || !is_digit(*p->at)))
            name[n++] = *p->at++;
        name[n] = '\0';
        return n > 0;
    }
    const char *const begin = p->at++;
    for (; *p->at != '"' || p->at[1] == '"'; p->at++) {
        if (*p->at == '\0') {
            p->at = begin;
            return fail(p, "a quotation mark without its other");
        }
        p->at += *p->at == '"';
        name[n++] = *p->at;
    }
    p->at++;
    name[n] = '\0';
    return 1;
}

/* Digits with a point and an exponent among them, whatever the locale: exact up to 15 digits and 10^22. */
static int read_number(struct parser *p, double *value)
{
    double digits = 0, scale = 1;
    int exponent = 0, told = 0, n = 0;

    for (bool behind = false; is_digit(*p->at) || (*p->at == '.' && !behind && p->at[1] != '.'); p->at++) {
        if (*p->at == '.') {
            behind = true;
            continue;
        }
        digits = 10 * digits + (*p->at - '0');
        exponent -= behind;
        n++;
    }
    if (n == 0)
        return fail(p, "a point is no number");
    if (*p->at == 'e' || *p->at == 'E') {
        const bool minus = p->at[1] == '-';
        const char *d = p->at + 1 + (minus || p->at[1] == '+');
        if (!is_digit(*d))
            return fail(p, "an exponent without digits");
        for (; is_digit(*d); d++)
            told = told < 1000 ? 10 * told + (*d - '0') : told;
        exponent += minus ? -told : told;
        p->at = d;
    }
    for (int k = abs(exponent); k > 0 && isfinite(scale); k--)
        scale *= 10;
    *value = exponent < 0 ? digits / scale : digits * scale;
    return isfinite(*value) ? 0 : fail(p, "a number that is too large");
}

/* ---- signals ---- */

static bool same_but_for_case(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return *a == *b;
}

static int fail_unknown(struct parser *p, const char *name)
{
    char there[140] = "";
    size_t i = 0;

    for (; i < p->n_labels && strlen(there) + strlen(p->label[i]) + 8 < sizeof there; i++)
        snprintf(there + strlen(there), sizeof there - strlen(there), "%s%s", i ? ", " : "", p->label[i]);
    return fail(p, "no signal \"%.40s\"; there are %s%s", name, there, i < p->n_labels ? ", ..." : "");
}

static int find_signal(struct parser *p, const char *name, size_t *index)
{
    size_t n_exact = 0, n_alike = 0, alike = 0;

    for (size_t i = p->n_labels; i-- > 0;) {
        if (strcmp(p->label[i], name) == 0) {
            *index = i;
            n_exact++;
        }
        if (same_but_for_case(p->label[i], name)) {
            alike = i;
            n_alike++;
        }
    }
    if (n_exact == 0 && n_alike == 1)
        *index = alike;
    if (n_exact > 1 || (n_exact == 0 && n_alike > 1))
        return fail(p, "%zu signals are called \"%.40s\": say #%zu", n_exact > 1 ? n_exact : n_alike, name,
                    n_exact > 1 ? *index : alike);
    return n_exact + n_alike > 0 ? 0 : fail_unknown(p, name);
}

static int read_index(struct parser *p, size_t *index)
{
    const char *const begin = p->at;

    for (*index = 0; is_digit(*p->at); p->at++)
        *index = *index < p->n_labels ? 10 * *index + (size_t)(*p->at - '0') : *index;
    if (p->at == begin)
        return fail(p, "# without the index of a signal");
    return *index < p->n_labels ? 0 : fail(p, "an index that is none of the %zu signals'", p->n_labels);
}

/* ---- compiling ---- */

static int emit(struct parser *p, struct expression_step step)
{
    struct expression *s = p->out;

    if (s->n_steps == MOST_STEPS)
        return fail(p, "more than %d steps", MOST_STEPS);
    if (s->n_steps == s->cap_steps) {
        const size_t cap = s->cap_steps ? 2 * s->cap_steps : 16;
        struct expression_step *larger = realloc(s->step, cap * sizeof *larger);
        if (!larger)
            return kymo_fail(p->e, KYMO_ENOMEM, "no memory for an expression");
        s->step = larger;
        s->cap_steps = cap;
    }
    s->step[s->n_steps++] = step;
    p->height += step.operation == EXPRESSION_CONSTANT || step.operation == EXPRESSION_SIGNAL;
    p->height -= step.operation > EXPRESSION_SIGNAL && !expression_takes_one(step.operation);
    s->height = p->height > s->height ? p->height : s->height;
    return 0;
}

/* An operation; of numbers alone its result at once. */
static int emit_operation(struct parser *p, enum expression_operation operation)
{
    struct expression *s = p->out;
    struct expression_step *last = &s->step[s->n_steps - 1], *before = last - !expression_takes_one(operation);
    const bool constant = last->operation == EXPRESSION_CONSTANT && before->operation == EXPRESSION_CONSTANT;

    if (operation == EXPRESSION_DIVIDE && last->operation == EXPRESSION_CONSTANT && last->constant == 0)
        return fail(p, "divides by zero");
    if (!constant)
        return emit(p, (struct expression_step){.operation = operation});
    if (expression_takes_one(operation))
        expression_change(operation, &last->constant, 1);
    else
        expression_combine(operation, &before->constant, &last->constant, 1);
    s->n_steps -= (size_t)(last - before);
    p->height -= (size_t)(last - before);
    return isfinite(before->constant) ? 0 : fail(p, "a number that is too large, or none");
}

static int emit_signal(struct parser *p, size_t index)
{
    struct expression *s = p->out;
    size_t k = 0;

    while (k < s->n_signals && s->signal[k] != index)
        k++;
    if (k == s->n_signals)
        s->signal[s->n_signals++] = index;
    return emit(p, (struct expression_step){.operation = EXPRESSION_SIGNAL, .signal = k});
}

/* A signal as it is named, which may turn out to be a function. */
struct reference {
    bool by_index, quoted;
    size_t index;
    char name[MOST_TEXT + 1];
};

/* Returns 1, 0 where there is none, or a negative code. */
static int read_reference(struct parser *p, struct reference *r)
{
    *r = (struct reference){.by_index = passes(p, '#')};
    if (!r->by_index)
        return read_name(p, r->name, &r->quoted);
    return read_index(p, &r->index) < 0 ? KYMO_EUSAGE : 1;
}

static int resolve(struct parser *p, struct reference *r)
{
    return r->by_index ? 0 : find_signal(p, r->name, &r->index);
}

static bool comes_range(struct parser *p)
{
    skip_blanks(p);
    return p->at[0] == '.' && p->at[1] == '.';
}

/* All signals from first to another that is still to be read, with operation between them: *n of them. */
static int compile_range(struct parser *p, struct reference *first, enum expression_operation operation, size_t *n)
{
    struct reference last;

    p->at += 2;
    int rc = resolve(p, first);
    if (rc == 0 && (rc = read_reference(p, &last)) == 0)
        return fail(p, "expected the last signal of a range");
    if (rc < 0 || (rc = resolve(p, &last)) < 0)
        return rc;
    if (last.index < first->index)
        return fail(p, "a range from signal %zu back to signal %zu", first->index, last.index);
    for (size_t i = first->index; rc == 0 && i <= last.index; i++)
        if ((rc = emit_signal(p, i)) == 0 && i > first->index)
            rc = emit_operation(p, operation);
    *n = last.index - first->index + 1;
    return rc;
}

static int compile_sum(struct parser *p);

enum function { ABS, SQRT, CLIP, MIN, MAX, MEAN, SUM, FUNCTIONS };

static const struct {
    const char *name;
    enum expression_operation operation;     /* of the value, or between values */
    size_t least, most;           /* values */
} functions[FUNCTIONS] = {
    [ABS] = {"abs", EXPRESSION_ABSOLUTE, 1, 1},
    [SQRT] = {"sqrt", EXPRESSION_ROOT, 1, 1},
    [CLIP] = {"clip", EXPRESSION_LEAST, 3, 3},
    [MIN] = {"min", EXPRESSION_LEAST, 1, SIZE_MAX},
    [MAX] = {"max", EXPRESSION_GREATEST, 1, SIZE_MAX},
    [MEAN] = {"mean", EXPRESSION_ADD, 1, SIZE_MAX},
    [SUM] = {"sum", EXPRESSION_ADD, 1, SIZE_MAX},
};

/* One value of a function, or a range of signals as several. */
static int compile_value(struct parser *p, enum function f, size_t *n)
{
    const char *const begin = p->at;
    struct reference r;
    const int rc = read_reference(p, &r);

    *n = 1;
    if (rc < 0)
        return rc;
    if (rc > 0 && comes_range(p))
        return functions[f].most == SIZE_MAX ? compile_range(p, &r, functions[f].operation, n)
                                             : fail(p, "a range of signals is for min, max, mean and sum only");
    p->at = begin;
    return compile_sum(p);
}

/* The values of a function, with its operation between them. */
static int compile_values(struct parser *p, enum function f, size_t *n)
{
    double low = -INFINITY;
    size_t now;
    int rc;

    *n = 0;
    do {
        if ((rc = compile_value(p, f, &now)) < 0)
            return rc;
        const struct expression_step *last = &p->out->step[p->out->n_steps - 1];
        if (f == CLIP && *n > 0 && last->operation == EXPRESSION_CONSTANT) {
            if (*n == 2 && low > last->constant)
                return fail(p, "clip from %g up to %g", low, last->constant);
            low = last->constant;
        }
        if (*n > 0)
            rc = emit_operation(p, f == CLIP && *n == 1 ? EXPRESSION_GREATEST : functions[f].operation);
        *n += now;
    } while (rc == 0 && *n < functions[f].most && passes(p, ','));
    return rc;
}

static int compile_function(struct parser *p, enum function f)
{
    size_t n;
    int rc = compile_values(p, f, &n);

    if (rc < 0)
        return rc;
    if (n < functions[f].least)
        return fail(p, "%s has %zu values", functions[f].name, functions[f].least);
    if (!passes(p, ')'))
        return fail(p, "expected the closing bracket of %s", functions[f].name);
    if (functions[f].most == 1)
        return emit_operation(p, functions[f].operation);
    if (f != MEAN)
        return 0;
    rc = emit(p, (struct expression_step){.operation = EXPRESSION_CONSTANT, .constant = (double)n});
    return rc < 0 ? rc : emit_operation(p, EXPRESSION_DIVIDE);
}

/* What begins with a name or #. */
static int compile_named(struct parser *p)
{
    struct reference r;
    size_t f = 0;
    int rc = read_reference(p, &r);

    if (rc <= 0)
        return rc < 0 ? rc : fail(p, *p->at ? "expected a number, a signal or a bracket" : "ends where a value is expected");
    if (!r.by_index && !r.quoted && passes(p, '(')) {
        while (f < FUNCTIONS && strcmp(functions[f].name, r.name) != 0)
            f++;
        return f < FUNCTIONS ? compile_function(p, (enum function)f)
                             : fail(p, "no function %.40s, only abs, sqrt, clip, min, max, mean, sum", r.name);
    }
    if (comes_range(p))
        return fail(p, "a range of signals is for min, max, mean and sum only");
    rc = resolve(p, &r);
    return rc < 0 ? rc : emit_signal(p, r.index);
}

static int compile_factor(struct parser *p)
{
    double value = 0;
    int rc;

    skip_blanks(p);
    if (p->depth == MOST_DEPTH)
        return fail(p, "more than %d levels", MOST_DEPTH);
    p->depth++;
    if (is_digit(*p->at) || *p->at == '.') {
        rc = read_number(p, &value);
        rc = rc < 0 ? rc : emit(p, (struct expression_step){.operation = EXPRESSION_CONSTANT, .constant = value});
    } else if (passes(p, '-')) {
        rc = compile_factor(p);
        rc = rc < 0 ? rc : emit_operation(p, EXPRESSION_NEGATE);
    } else if (passes(p, '(')) {
        rc = compile_sum(p);
        if (rc == 0 && !passes(p, ')'))
            rc = fail(p, "expected a closing bracket");
    } else {
        rc = compile_named(p);
    }
    p->depth--;
    return rc;
}

static int compile_product(struct parser *p)
{
    int rc = compile_factor(p);

    while (rc == 0) {
        const bool times = passes(p, '*');
        if (!times && !passes(p, '/'))
            break;
        rc = compile_factor(p);
        rc = rc < 0 ? rc : emit_operation(p, times ? EXPRESSION_MULTIPLY : EXPRESSION_DIVIDE);
    }
    return rc;
}

static int compile_sum(struct parser *p)
{
    int rc = compile_product(p);

    while (rc == 0) {
        const bool plus = passes(p, '+');
        if (!plus && !passes(p, '-'))
            break;
        rc = compile_product(p);
        rc = rc < 0 ? rc : emit_operation(p, plus ? EXPRESSION_ADD : EXPRESSION_SUBTRACT);
    }
    return rc;
}

/* A copy of text[n] without blanks at its ends. */
static int keep(struct parser *p, char **kept, const char *text, size_t n)
{
    for (; n > 0 && (*text == ' ' || *text == '\t'); text++)
        n--;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    *kept = strndup(text, n);
    return *kept ? 0 : kymo_fail(p->e, KYMO_ENOMEM, "no memory for an expression");
}

static int compile_unit(struct parser *p)
{
    if (!passes(p, '['))
        return 0;
    const size_t n = strcspn(p->at, "]");
    if (p->at[n] == '\0')
        return fail(p, "expected the closing bracket of the unit");
    const int rc = keep(p, &p->out->unit, p->at, n);
    p->at += n + 1;
    return rc;
}

static int compile(struct parser *p)
{
    char name[MOST_TEXT + 1];
    bool quoted;
    int rc = read_name(p, name, &quoted);

    if (rc < 0)
        return rc;
    if (rc == 0 || !*name || !passes(p, '='))
        return fail(p, "expected NAME = EXPRESSION, the name in double quotes where it has blanks");
    if ((rc = keep(p, &p->out->name, name, strlen(name))) < 0)
        return rc;
    if (!*p->out->name)
        return fail(p, "a name of blanks");
    if ((rc = compile_sum(p)) < 0 || (rc = compile_unit(p)) < 0)
        return rc;
    skip_blanks(p);
    if (*p->at)
        return fail(p, "expected an operator or the end");
    return p->out->n_signals > 0 ? 0 : fail(p, "names no signal");
}

struct expression *expression_compile(const char *text, const char *const *label, size_t n_labels, struct kymo_err *e)
{
    struct expression *s = calloc(1, sizeof *s);
    struct parser p = {.text = text, .at = text, .label = label, .n_labels = n_labels, .out = s, .e = e};

    if (strlen(text) > MOST_TEXT) {
        kymo_fail(e, KYMO_EUSAGE, "an expression of %zu characters, not up to %d", strlen(text), MOST_TEXT);
        free(s);
        return NULL;
    }
    if (!s || !(s->signal = calloc(n_labels + 1, sizeof *s->signal)))
        kymo_fail(e, KYMO_ENOMEM, "no memory for an expression");
    else if (compile(&p) == 0) {
        if ((s->stack = malloc(s->height * EXPRESSION_PIECE * sizeof *s->stack)))
            return s;
        kymo_fail(e, KYMO_ENOMEM, "no memory for an expression");
    }
    expression_destroy(s);
    return NULL;
}

const char *expression_name(const struct expression *s) { return s->name; }

const char *expression_unit(const struct expression *s) { return s->unit; }

size_t expression_signals(const struct expression *s, const size_t **index)
{
    *index = s->signal;
    return s->n_signals;
}

void expression_destroy(struct expression *s)
{
    if (!s)
        return;
    free(s->name);
    free(s->unit);
    free(s->step);
    free(s->signal);
    free(s->stack);
    free(s);
}
