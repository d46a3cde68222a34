/* algorithms/expression_run.c - a program that expression.c compiled, run over samples; see expression_inside.h. */
#include "algorithms/expression_inside.h"

#include "lib/clones.h"

#include <math.h>
#include <string.h>

/* Each loop is one that a compiler can make wide. */
CLONED_FOR_AVX2 size_t expression_combine(enum expression_operation operation, double *restrict a, const double *restrict b,
                                          size_t n)
{
    size_t undefined = 0;

    switch (operation) {
    case EXPRESSION_ADD:
        for (size_t i = 0; i < n; i++)
            a[i] += b[i];
        break;
    case EXPRESSION_SUBTRACT:
        for (size_t i = 0; i < n; i++)
            a[i] -= b[i];
        break;
    case EXPRESSION_MULTIPLY:
        for (size_t i = 0; i < n; i++)
            a[i] *= b[i];
        break;
    case EXPRESSION_DIVIDE:
        for (size_t i = 0; i < n; i++) {
            undefined += b[i] == 0 && a[i] == a[i];
            a[i] = b[i] == 0 ? (double)NAN : a[i] / b[i];
        }
        break;
    case EXPRESSION_LEAST:
        for (size_t i = 0; i < n; i++)
            a[i] = a[i] < b[i] || a[i] != a[i] ? a[i] : b[i];
        break;
    default:                      /* EXPRESSION_GREATEST */
        for (size_t i = 0; i < n; i++)
            a[i] = a[i] > b[i] || a[i] != a[i] ? a[i] : b[i];
        break;
    }
    return undefined;
}

size_t expression_change(enum expression_operation operation, double *a, size_t n)
{
    size_t undefined = 0;

    for (size_t i = 0; i < n; i++)
        if (operation == EXPRESSION_NEGATE)
            a[i] = -a[i];
        else if (operation == EXPRESSION_ABSOLUTE)
            a[i] = fabs(a[i]);
        else {
            undefined += a[i] < 0;
            a[i] = a[i] < 0 ? (double)NAN : sqrt(a[i]);
        }
    return undefined;
}

/* Up to EXPRESSION_PIECE values from x[k] + at on. */
static size_t run_piece(struct expression *s, const double *const *x, size_t at, size_t n, double *y)
{
    double *end = s->stack;       /* of what is on the stack */
    size_t undefined = 0;

    for (const struct expression_step *step = s->step; step < s->step + s->n_steps; step++)
        if (step->operation == EXPRESSION_CONSTANT) {
            for (size_t i = 0; i < n; i++)
                end[i] = step->constant;
            end += EXPRESSION_PIECE;
        } else if (step->operation == EXPRESSION_SIGNAL) {
            memcpy(end, x[step->signal] + at, n * sizeof *end);
            end += EXPRESSION_PIECE;
        } else if (expression_takes_one(step->operation)) {
            undefined += expression_change(step->operation, end - EXPRESSION_PIECE, n);
        } else {
            end -= EXPRESSION_PIECE;
            undefined += expression_combine(step->operation, end - EXPRESSION_PIECE, end, n);
        }
    for (size_t i = 0; i < n; i++) {
        undefined += isinf(s->stack[i]) != 0;
        y[i] = isinf(s->stack[i]) ? (double)NAN : s->stack[i];
    }
    return undefined;
}

size_t expression_run(struct expression *s, const double *const *x, size_t n, double *y)
{
    size_t undefined = 0;

    for (size_t i = 0; i < n; i += EXPRESSION_PIECE)
        undefined += run_piece(s, x, i, n - i < EXPRESSION_PIECE ? n - i : EXPRESSION_PIECE, y + i);
    return undefined;
}
