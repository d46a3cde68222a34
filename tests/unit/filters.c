/* tests/unit/filters.c - see filters.h. */
#include "filters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double *noise_around(struct dice *d, double offset, size_t n)
{
    double *x = malloc((n + 1) * sizeof *x);

    assert_non_null(x);
    for (size_t i = 0; i < n; i++)
        x[i] = offset + (double)roll_between(d, -1000000, 1000000) / 1e6;
    return x;
}

/* Which column that is, by the first line. */
static int column_number(const char *head, const char *name)
{
    const char *at = strstr(head, name);
    int number = 0;

    assert_non_null(at);
    for (const char *p = head; p < at; p++)
        number += *p == ',';
    return number;
}

double *filtered_column(const char *name)
{
    const char *folder = getenv("KYMO_REFERENCE");
    char path[4096], line[4096];

    if (!folder)
        return NULL;
    snprintf(path, sizeof path, "%s/dsp/filtered_360hz.csv", folder);
    FILE *f = fopen(path, "r");
    if (!f)
        return NULL;
    assert_non_null(fgets(line, sizeof line, f));
    const int number = column_number(line, name);
    double *x = malloc(FILTERED_ROWS * sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < FILTERED_ROWS; i++) {
        char *p = fgets(line, sizeof line, f);
        for (int k = 0; p && k < number; k++)
            p = strchr(p, ',') + 1;
        assert_non_null(p);
        x[i] = strtod(p, NULL);
    }
    fclose(f);
    return x;
}

double largest_difference(const double *a, const double *b, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(a[i]) != isnan(b[i]))
            return INFINITY;
        if (fabs(a[i] - b[i]) > most)
            most = fabs(a[i] - b[i]);
    }
    return most;
}

double *through(const struct stage_calls *c, void *s, const double *x, size_t n, struct dice *d, size_t most)
{
    double *y = malloc((n + 1) * sizeof *y);
    size_t made = 0, got;

    assert_non_null(y);
    for (size_t i = 0; i < n;) {
        size_t m = (size_t)roll_below(d, most + 1);
        m = m < n - i ? m : n - i;
        got = c->push(s, x + i, m, y + made);
        assert_true(got <= m);
        made += got;
        i += m;
    }
    while ((got = c->flush(s, y + made, n - made < most ? n - made : most)) > 0)
        made += got;
    assert_int_equal(made, n);
    assert_int_equal(c->flush(s, y + n, 1), 0);
    return y;
}

void assert_any_pieces(const struct stage_calls *c, void *s, const double *x, size_t n, struct dice *d)
{
    double *whole = through(c, s, x, n, d, n + 1);

    for (size_t most = 1; most < 2 * n; most *= 7) {
        double *y = through(c, s, x, n, d, most);
        assert_memory_equal(y, whole, n * sizeof *y);
        free(y);
    }
    free(whole);
}
