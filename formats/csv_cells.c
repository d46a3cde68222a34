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

bool csv_has_decimal_comma(const char *cell, size_t n)
{
    char copy[CSV_NUMBER_BYTES];
    double x;

    if (n >= sizeof copy || !memchr(cell, ',', n))
        return false;
    memcpy(copy, cell, n);
    *(char *)memchr(copy, ',', n) = '.';
    return kymo_parse_real(copy, n, &x);
}

int csv_fail_number(const struct kymo_reader *r, const struct csv_column *c, const char *cell, size_t n, struct kymo_err *e)
{
    const struct csv *s = r->state;

    if (csv_has_decimal_comma(cell, n))
        return csv_fail_line(r, KYMO_EFORMAT, "a decimal comma; Kymo reads decimal points:", cell, n, e);
    return kymo_fail_at(e, KYMO_EFORMAT, kymo_input_name(r->in), s->line, "column %.40s: \"%.*s\" is no number", c->name,
                        (int)(n < 60 ? n : 60), cell);
}

int csv_take_time(const struct kymo_reader *r, const char *cell, size_t n, struct csv_time *t, struct kymo_err *e)
{
    const struct csv *s = r->state;

    if (csv_parse_time(cell, n, s->ns_per_unit, t))
        return 0;
    if (csv_has_decimal_comma(cell, n))
        return csv_fail_line(r, KYMO_EFORMAT, "a decimal comma; Kymo reads decimal points:", cell, n, e);
    return csv_fail_line(r, KYMO_EFORMAT, "no time:", cell, n, e);
}
