/* algorithms/hrv_recurrence.c - see hrv_recurrence.h. */
#include "algorithms/hrv_recurrence.h"

#include <math.h>
#include <stdlib.h>

enum { SHORTEST_LINE = 2 };

static double threshold(const struct nn_series *nn, const struct hrv_recurrence_opt *opt)
{
    const double sd = nn_sd_ms(nn);

    if (opt->r_is_ms)
        return opt->r;
    return sd > 0 ? opt->r * sqrt((double)opt->m) * sd : NAN;
}

/* Counts lines into n_lines[l]; returns the points. */
static uint64_t count_lines(const double *distance2, size_t n, double limit2, uint32_t *n_lines)
{
    uint64_t points = 0;
    size_t length = 0;

    for (size_t i = 0; i < n; i++) {
        if (distance2[i] <= limit2) {
            length++;
            continue;
        }
        points += length;
        n_lines[length]++;
        length = 0;
    }
    n_lines[length]++;
    return points + length;
}

static void sum_up(const uint32_t *n_lines, size_t longest, uint64_t points, double n_templates, struct hrv_recurrence *out)
{
    double in_lines = 0, lines = 0, plnp = 0;

    out->rec_pct = 100 * (2 * (double)points + n_templates) / (n_templates * n_templates);
    for (size_t l = SHORTEST_LINE; l <= longest; l++) {
        if (n_lines[l] == 0)
            continue;
        in_lines += (double)l * n_lines[l];
        lines += n_lines[l];
        out->l_max = (double)l;
    }
    if (points > 0)
        out->det_pct = 100 * in_lines / (double)points;
    if (lines == 0)
        return;
    for (size_t l = SHORTEST_LINE; l <= longest; l++)
        if (n_lines[l] > 0)
            plnp += n_lines[l] / lines * log(n_lines[l] / lines);
    out->l_mean = in_lines / lines;
    out->entr = fabs(plnp);
}

int hrv_recurrence(const struct nn_series *nn, const struct hrv_recurrence_opt *opt, struct hrv_recurrence *out,
                   struct kymo_err *e)
{
    struct embedding s;
    uint64_t points = 0;

    *out = (struct hrv_recurrence){.rec_pct = NAN, .det_pct = NAN, .l_mean = NAN, .l_max = NAN, .entr = NAN,
                                   .r_ms = threshold(nn, opt)};
    if (!(opt->r >= 0))
        return kymo_fail(e, KYMO_EUSAGE, "tolerance %g is not 0 or more", opt->r);
    if (nn->n > HRV_PAIRS_MAX || isnan(out->r_ms))
        return 0;
    const int rc = embedding_init(&s, nn, opt->m, e);
    if (rc < 0)
        return rc;
    uint32_t *const n_lines = calloc(s.n_starts + 1, sizeof *n_lines);
    if (!n_lines) {
        embedding_release(&s);
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the lines of %zu templates", s.n_starts);
    }
    const double limit = out->r_ms + NN_SLACK_MS;
    for (size_t k = 1; k < s.n_starts; k++)
        points += count_lines(embedding_diagonal(&s, k), s.n_starts - k, limit * limit, n_lines);
    if (s.n_templates >= 2)
        sum_up(n_lines, s.n_starts, points, (double)s.n_templates, out);
    free(n_lines);
    embedding_release(&s);
    return 0;
}
