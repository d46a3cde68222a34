/* algorithms/expression_inside.h - an expression as a program for a stack of pieces of samples: what compiling it
 * (expression.c) and running it (expression_run.c) share. Not for others. */
#ifndef KYMO_EXPRESSION_INSIDE_H
#define KYMO_EXPRESSION_INSIDE_H

#include "algorithms/expression.h"

#include <stdbool.h>

#define EXPRESSION_PIECE 256      /* samples at a time */

enum expression_operation {
    EXPRESSION_CONSTANT, EXPRESSION_SIGNAL, EXPRESSION_ADD, EXPRESSION_SUBTRACT, EXPRESSION_MULTIPLY, EXPRESSION_DIVIDE,
    EXPRESSION_NEGATE, EXPRESSION_ABSOLUTE, EXPRESSION_ROOT, EXPRESSION_LEAST, EXPRESSION_GREATEST
};

struct expression_step {
    enum expression_operation operation;
    double constant;
    size_t signal;                /* among those used */
};

struct expression {
    char *name, *unit;
    struct expression_step *step;
    size_t n_steps, cap_steps;
    size_t *signal, n_signals;    /* used */
    size_t height;                /* of the stack */
    double *stack;
};

static inline bool expression_takes_one(enum expression_operation o)
{
    return o == EXPRESSION_NEGATE || o == EXPRESSION_ABSOLUTE || o == EXPRESSION_ROOT;
}

/* a and b, n values each, into a; or a alone, where the operation takes one. Returns how many are undefined, NaN then. */
size_t expression_combine(enum expression_operation operation, double *restrict a, const double *restrict b, size_t n);
size_t expression_change(enum expression_operation operation, double *a, size_t n);

#endif
