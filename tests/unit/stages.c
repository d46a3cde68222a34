/* tests/unit/stages.c - see stages.h. */
#include "stages.h"
#include "algorithms/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void stage_run(struct stage s, const double *x, size_t n, double *y)
{
    size_t made = s.push(s.state, x, n, y);

    assert_true(made <= n);
    while (made < n) {
        const size_t more = s.flush(s.state, y + made, n - made);
        assert_true(more > 0 && more <= n - made);
        made += more;
    }
    double none;
    assert_int_equal(s.flush(s.state, &none, 1), 0);
}

/* In place, in pieces of up to most, each in memory of its own so that a sanitizer sees what is too much. */
static void run_in_pieces(struct stage s, const double *x, size_t n, double *y, size_t most, struct dice *d)
{
    size_t made = 0;

    for (size_t at = 0, m; at < n; at += m) {
        m = (size_t)roll_between(d, 0, (int64_t)most);
        m = m < n - at ? m : n - at;
        double *piece = malloc((m ? m : 1) * sizeof *piece);
        memcpy(piece, x + at, m * sizeof *piece);
        const size_t got = s.push(s.state, piece, m, piece);
        assert_true(got <= m && made + got <= n);
        memcpy(y + made, piece, got * sizeof *y);
        made += got;
        free(piece);
    }
    for (size_t got; (got = s.flush(s.state, y + made, most < n - made + 1 ? most : n - made + 1)) > 0;) {
        made += got;
        assert_true(made <= n);
    }
    assert_int_equal(made, n);
}

void stage_check(struct stage s, const double *x, size_t n)
{
    static const size_t most[] = {1, 2, 7, 100, 513, 4096};
    double *whole = malloc((n + 1) * sizeof *whole), *cut = malloc((n + 1) * sizeof *cut);
    struct dice d = {1};

    stage_run(s, x, n, whole);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(isnan(x[i]), isnan(whole[i]));
    for (size_t k = 0; k < COUNT_OF(most); k++) {
        run_in_pieces(s, x, n, cut, most[k], &d);
        assert_memory_equal(whole, cut, n * sizeof *cut);
    }
    free(whole);
    free(cut);
}

void stage_fill(double *x, size_t n, int with_gaps)
{
    static const struct { size_t first, n; } gap[] = {{40, 1}, {100, 7}, {108, 2}, {700, 300}, {1500, 1}};
    struct random r;

    random_init(&r, 5, 0);
    for (size_t i = 0; i < n; i++)
        x[i] = random_normal(&r);
    for (size_t k = 0; with_gaps && k < COUNT_OF(gap); k++)
        for (size_t i = gap[k].first; i < gap[k].first + gap[k].n && i < n; i++)
            x[i] = (double)NAN;
}
