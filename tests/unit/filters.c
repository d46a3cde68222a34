/* tests/unit/filters.c - see filters.h. */
#include "filters.h"
#include "algorithms/random.h"

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

void fill_noise(double *x, size_t n, bool with_gaps)
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
        double *piece = malloc((m + 1) * sizeof *piece);   /* of its own, so that a sanitizer sees what is too much */
        assert_non_null(piece);
        memcpy(piece, x + i, m * sizeof *piece);
        got = c->push(s, piece, m, piece);
        assert_true(got <= m);
        memcpy(y + made, piece, got * sizeof *piece);
        free(piece);
        made += got;
        i += m;
    }
    while ((got = c->flush(s, y + made, n - made < most ? n - made : most)) > 0)
        made += got;
    assert_int_equal(made, n);
    assert_int_equal(c->flush(s, y + n, 1), 0);
    return y;
}

void run_whole(const struct stage_calls *c, void *s, const double *x, size_t n, double *y)
{
    size_t made = c->push(s, x, n, y), got;

    while ((got = c->flush(s, y + made, n - made)) > 0)
        made += got;
    assert_int_equal(made, n);
}

void assert_any_pieces(const struct stage_calls *c, void *s, const double *x, size_t n, struct dice *d)
{
    double *whole = malloc((n + 1) * sizeof *whole);

    assert_non_null(whole);
    run_whole(c, s, x, n, whole);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(isnan(x[i]), isnan(whole[i]));
    for (size_t most = 1; most < 2 * n; most *= 7) {
        double *y = through(c, s, x, n, d, most);
        assert_memory_equal(y, whole, n * sizeof *y);
        free(y);
    }
    free(whole);
}

size_t butterworth(enum iir_band band, int order, double fs_hz, double edge_hz, double upper_hz, struct sos_section *section)
{
    const struct iir_spec spec = {IIR_BUTTERWORTH, band, order, fs_hz, edge_hz, upper_hz, 0, 0};
    struct kymo_err e = {0};
    const int n = iir_design(&spec, section, &e);

    assert_true(n > 0);
    return (size_t)n;
}

/* ---- a sliding window of an odd width ---- */

const size_t window_width[WINDOW_WIDTHS] = {1, 3, 5, 31, 301, 1999, 2001, 5001};

void *make_window(const struct window_calls *c, size_t width)
{
    struct kymo_err e = {0};
    void *s = c->create(width, &e);

    assert_non_null(s);
    return s;
}

void assert_any_pieces_of_windows(const struct window_calls *c)
{
    struct dice d = {1};
    double x[WINDOW_SAMPLES];

    for (int gaps = 0; gaps < 2; gaps++)
        for (size_t k = 0; k < WINDOW_WIDTHS; k++)
            for (size_t n = WINDOW_SAMPLES; n > 0; n /= 20) {
                void *s = make_window(c, window_width[k]);
                fill_noise(x, n, gaps);
                assert_any_pieces(c->stage, s, x, n, &d);
                c->destroy(s);
            }
}

void assert_odd_widths_only(const struct window_calls *c)
{
    struct kymo_err e = {0};

    assert_null(c->create(0, &e));
    assert_null(c->create(10, &e));
    assert_null(c->create((size_t)-1, &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    c->destroy(NULL);
}

/* ---- several objects side by side ---- */

void assert_many_are_as_one(const struct many_calls *c, void *const *s, size_t n_objects, size_t length, size_t step,
                            struct dice *d)
{
    double *alone[SOS_LANES], *x[SOS_LANES], *out[SOS_LANES], *piece[SOS_LANES];
    size_t got[SOS_LANES] = {0}, made[SOS_LANES];

    for (size_t k = 0; k < n_objects; k++) {
        x[k] = noise_around(d, (double)k, length);
        if (k % 3 == 1)
            x[k][roll_below(d, length)] = NAN;
        alone[k] = through(c->stage, s[k], x[k], length, d, 777);
        out[k] = malloc(length * sizeof *out[k]);
        piece[k] = malloc(step * sizeof *piece[k]);
        assert_true(out[k] && piece[k]);
    }
    for (size_t i = 0; i < length; i += step) {
        for (size_t k = 0; k < n_objects; k++)
            memcpy(piece[k], x[k] + i, step * sizeof *piece[k]);
        c->push_many(s, n_objects, piece, step, made);
        for (size_t k = 0; k < n_objects; k++) {
            memcpy(out[k] + got[k], piece[k], made[k] * sizeof *out[k]);
            got[k] += made[k];
        }
    }
    for (size_t k = 0; k < n_objects; k++) {
        for (size_t m; (m = c->stage->flush(s[k], out[k] + got[k], length - got[k])) > 0;)
            got[k] += m;
        assert_int_equal(got[k], length);
        assert_memory_equal(out[k], alone[k], length * sizeof *out[k]);
        free(x[k]);
        free(alone[k]);
        free(out[k]);
        free(piece[k]);
    }
}
