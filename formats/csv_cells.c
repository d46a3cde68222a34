/* formats/csv_cells.c - see csv_state.h. */
#include "formats/csv_state.h"

#include <stdlib.h>
#include <string.h>

int csv_fail_line(const struct kymo_reader *r, enum kymo_code code, const char *what, const char *cell, size_t n,
                  struct kymo_err *e)
{
    const struct csv *s = r->state;

    return kymo_fail_at(e, code, kymo_input_name(r->in), s->line, "%s \"%.*s\"", what, (int)(n < 60 ? n : 60), cell);
}

int64_t csv_step_at(const struct csv *s, int64_t ns)
{
    int64_t step = s->step_ns, limit = step;

    for (int i = 0; i < s->digits; i++)
        if (__builtin_mul_overflow(limit, 10, &limit))
            return step;
    for (ns = llabs(ns); ns >= limit && !__builtin_mul_overflow(limit, 10, &limit);)
        step *= 10;
    return step;
}

int64_t csv_exact_until(const struct csv *s)
{
    int64_t limit = s->step_ns;

    for (int i = 0; i < s->digits; i++)
        if (__builtin_mul_overflow(limit, 10, &limit))
            return INT64_MAX;
    return limit - 1;
}

/* The cell with a point for its comma, in held; NULL if it has none. */
static const char *with_point(const char *cell, size_t n, char held[CSV_NUMBER_BYTES])
{
    if (n >= CSV_NUMBER_BYTES || !memchr(cell, ',', n))
        return NULL;
    memcpy(held, cell, n);
    *(char *)memchr(held, ',', n) = '.';
    return held;
}

bool csv_has_decimal_comma(const char *cell, size_t n)
{
    char copy[CSV_NUMBER_BYTES];
    double x;

    return with_point(cell, n, copy) && kymo_parse_real(copy, n, &x);
}

const char *csv_pointed(const struct csv *s, const char *cell, size_t n, char held[CSV_NUMBER_BYTES])
{
    const char *const pointed = s->separator == ';' ? with_point(cell, n, held) : NULL;

    return pointed ? pointed : cell;
}

int csv_fail_number(const struct kymo_reader *r, const struct csv_column *c, const char *cell, size_t n, struct kymo_err *e)
{
    const struct csv *s = r->state;

    if (csv_has_decimal_comma(cell, n))
        return csv_fail_line(r, KYMO_EFORMAT, "a decimal comma, which Kymo reads between semicolons alone:", cell, n, e);
    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "column %.40s: \"%.*s\" is no number", c->name,
                        (int)(n < 60 ? n : 60), cell);
}

int csv_take_time(const struct kymo_reader *r, const char *cell, size_t n, struct csv_time *t, struct kymo_err *e)
{
    const struct csv *s = r->state;
    char held[CSV_NUMBER_BYTES];

    if (csv_parse_time(csv_pointed(s, cell, n, held), n, s->ns_per_unit, t))
        return 0;
    if (csv_has_decimal_comma(cell, n))
        return csv_fail_line(r, KYMO_EFORMAT, "a decimal comma, which Kymo reads between semicolons alone:", cell, n, e);
    return csv_fail_line(r, KYMO_EFORMAT, "no time:", cell, n, e);
}
