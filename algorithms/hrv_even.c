/* algorithms/hrv_even.c - see hrv_even.h. */
#include "algorithms/hrv_even.h"

#include "algorithms/spline.h"
#include "algorithms/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_POINTS ((size_t)1 << 28)

double hrv_beats_hz(const struct nn_series *nn)
{
    double sum_s = 0;
    size_t n = 0;

    for (size_t i = 1; i < nn->n; i++)
        if (nn_follows(nn, i)) {
            sum_s += nn->end_s[i] - nn->end_s[i - 1];
            n++;
        }
    return n > 0 ? (double)n / sum_s : NAN;
}

double hrv_series_s(const struct nn_series *nn)
{
    return nn->n > 0 ? nn->end_s[nn->n - 1] - nn_start_s(nn, 0) : 0;
}

static double hole_before_s(const struct nn_series *nn, size_t i)
{
    return nn_follows(nn, i) ? 0 : nn_start_s(nn, i) - nn->end_s[i - 1];
}

/* One behind the last interval of the piece that begins with interval FIRST. */
static size_t find_end(const struct nn_series *nn, size_t first, double longest_hole_s)
{
    size_t i = first + 1;

    while (i < nn->n && !(hole_before_s(nn, i) > longest_hole_s))
        i++;
    return i;
}

/* Points of the grid between ends first .. end-1, before the last of them; 0 for a single interval. */
static double count_points(const struct nn_series *nn, size_t first, size_t end, double rate_hz)
{
    return ceil((nn->end_s[end - 1] - nn->end_s[first]) * rate_hz);
}

static int reserve(struct hrv_even *s, size_t n, size_t n_pieces, struct kymo_err *e)
{
    if (n > s->cap) {
        free(s->ms);
        free(s->bridged);
        s->ms = malloc(n * sizeof *s->ms);
        s->bridged = malloc(n);
        s->cap = s->ms && s->bridged ? n : 0;
    }
    if (n_pieces > s->cap_pieces) {
        free(s->pieces);
        s->pieces = malloc(n_pieces * sizeof *s->pieces);
        s->cap_pieces = s->pieces ? n_pieces : 0;
    }
    if (n > s->cap || n_pieces > s->cap_pieces)
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu samples of a series in %zu pieces", n, n_pieces);
    return 0;
}

static int reserve_work(struct hrv_even *s, size_t n, struct kymo_err *e)
{
    if (n > s->cap_work) {
        free(s->work);
        s->work = malloc(n * sizeof *s->work);
        s->cap_work = s->work ? n : 0;
    }
    if (n > s->cap_work)
        return kymo_fail(e, KYMO_ENOMEM, "no memory to work on %zu samples of a series", n);
    return 0;
}

static int make_room(struct hrv_even *s, const struct nn_series *nn, const struct hrv_even_options *o, struct kymo_err *e)
{
    double n = 0;
    size_t n_pieces = 0;

    for (size_t first = 0, end; first < nn->n; first = end) {
        end = find_end(nn, first, o->longest_hole_s);
        n += count_points(nn, first, end, o->rate_hz);
        n_pieces += end - first > 1;
    }
    if (n > MAX_POINTS)
        return kymo_fail(e, KYMO_EDATA, "series of %g s makes %.0f samples at %g Hz, more than %zu", hrv_series_s(nn), n,
                         o->rate_hz, MAX_POINTS);
    const int rc = reserve(s, (size_t)n, n_pieces, e);
    return rc < 0 ? rc : reserve_work(s, 2 * nn->n, e);
}

static void mark_bridges(const struct hrv_even *s, const struct nn_series *nn, size_t first, size_t end, size_t n)
{
    unsigned char *const bridged = s->bridged + s->n;

    memset(bridged, 0, n);
    for (size_t i = first + 1; i < end; i++) {
        if (nn_follows(nn, i))
            continue;
        const double from = floor((nn->end_s[i - 1] - nn->end_s[first]) * s->rate_hz);
        for (size_t k = (size_t)from; k < n; k++) {
            const double t_s = nn->end_s[first] + (double)k / s->rate_hz;
            if (t_s >= nn_start_s(nn, i))
                break;
            bridged[k] = t_s > nn->end_s[i - 1];
        }
    }
}

static void add_piece(struct hrv_even *s, const struct nn_series *nn, size_t first, size_t end, enum hrv_interpolation method)
{
    const double *const t = nn->end_s + first, *const x = nn->nn_ms + first;
    const size_t n = (size_t)count_points(nn, first, end, s->rate_hz), n_in = end - first;
    double *const bend = method == HRV_CUBIC ? s->work : NULL;

    if (n == 0)
        return;
    if (bend)
        spline_bend(t, x, n_in, bend, s->work + n_in);
    spline_read(t, x, bend, n_in, s->rate_hz, s->ms + s->n, n);
    mark_bridges(s, nn, first, end, n);
    s->pieces[s->n_pieces++] = (struct hrv_piece){.first = s->n, .n = n};
    s->n += n;
}

static int check(const struct nn_series *nn, const struct hrv_even_options *o, struct kymo_err *e)
{
    if (!(o->rate_hz >= 0.1 && o->rate_hz <= 1000))
        return kymo_fail(e, KYMO_EUSAGE, "resampling at %g Hz, not 0.1..1000", o->rate_hz);
    if (!(o->longest_hole_s >= 0))
        return kymo_fail(e, KYMO_EUSAGE, "longest hole of %g s, not 0 or more", o->longest_hole_s);
    const int rc = nn_check(nn, e);
    return rc < 0 ? rc : nn_check_times(nn, e);
}

int hrv_even_fill(struct hrv_even *s, const struct nn_series *nn, const struct hrv_even_options *o, struct kymo_err *e)
{
    s->n = s->n_pieces = 0;
    int rc = check(nn, o, e);
    if (rc == 0)
        rc = make_room(s, nn, o, e);
    if (rc < 0)
        return rc;
    s->rate_hz = o->rate_hz;
    s->series_s = hrv_series_s(nn);
    s->beats_hz = hrv_beats_hz(nn);
    for (size_t first = 0, end; first < nn->n; first = end) {
        end = find_end(nn, first, o->longest_hole_s);
        add_piece(s, nn, first, end, o->method);
    }
    return 0;
}

int hrv_even_detrend(struct hrv_even *s, double lambda, struct kymo_err *e)
{
    size_t longest = 0;

    if (!(lambda >= 0 && lambda <= 1e6))
        return kymo_fail(e, KYMO_EUSAGE, "smoothness priors with lambda %g, not 0..1e6", lambda);
    for (size_t i = 0; i < s->n_pieces; i++)
        longest = s->pieces[i].n > longest ? s->pieces[i].n : longest;
    const int rc = reserve_work(s, 3 * longest, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < s->n_pieces; i++)
        trend_remove_smooth(lambda, s->ms + s->pieces[i].first, s->pieces[i].n, s->work);
    return 0;
}

void hrv_even_release(struct hrv_even *s)
{
    free(s->ms);
    free(s->bridged);
    free(s->pieces);
    free(s->work);
    *s = (struct hrv_even){ 0 };
}
