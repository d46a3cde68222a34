/* algorithms/hrv_entropy.c - see hrv_entropy.h. */
#include "algorithms/hrv_entropy.h"

#include "algorithms/hrv_match.h"

#include <math.h>
#include <stdlib.h>

double hrv_entropy_r_ms(const struct nn_series *nn, const struct hrv_entropy_opt *opt)
{
    if (opt->r_is_ms)
        return opt->r;
    const double sd = nn_sd_ms(nn);
    return sd > 0 ? opt->r * sd : NAN;
}

int hrv_entropy_check(const struct hrv_entropy_opt *opt, struct kymo_err *e)
{
    if (opt->m < 1 || opt->m > 8)
        return kymo_fail(e, KYMO_EUSAGE, "templates of %zu intervals, not 1..8", opt->m);
    if (!(opt->r >= 0 && opt->r <= 1e12))
        return kymo_fail(e, KYMO_EUSAGE, "tolerance %g is not 0 or more", opt->r);
    return 0;
}

static void sum_up(const struct match_counts *each, const uint32_t *left, size_t n, size_t m, struct hrv_entropy *out)
{
    uint64_t a = 0, b = 0;
    double phi_m = 0, phi_longer = 0, n_m = 0, n_longer = 0;

    for (size_t i = 0; i < n; i++) {
        if (left[i] >= m) {
            n_m++;
            phi_m += log(each[i].m);
        }
        if (left[i] > m) {
            n_longer++;
            phi_longer += log(each[i].longer);
            b += each[i].m_inner - 1;   /* itself */
            a += each[i].longer - 1;
        }
    }
    out->n_a = a / 2;
    out->n_b = b / 2;
    out->n_templates = (size_t)n_longer;
    if (n_longer > 0)
        out->apen = (phi_m / n_m - log(n_m)) - (phi_longer / n_longer - log(n_longer));
    if (a > 0)
        out->sampen = log((double)b / (double)a);
}

int hrv_entropy(const struct nn_series *nn, const struct hrv_entropy_opt *opt, struct hrv_entropy *out, struct kymo_err *e)
{
    const int rc = hrv_entropy_check(opt, e);

    *out = (struct hrv_entropy){.sampen = NAN, .apen = NAN, .r_ms = hrv_entropy_r_ms(nn, opt)};
    if (rc < 0 || nn->n > HRV_ENTROPY_MAX || isnan(out->r_ms))
        return rc;
    struct matcher *const s = matcher_create(nn->n, opt->m, e);
    if (!s)
        return KYMO_ENOMEM;
    struct match_counts *const each = malloc((nn->n + 1) * (sizeof *each + 2 * sizeof(uint32_t)));
    if (!each) {
        matcher_destroy(s);
        return kymo_fail(e, KYMO_ENOMEM, "no memory for the matches of %zu intervals", nn->n);
    }
    uint32_t *const left = (uint32_t *)(each + nn->n + 1), *const order = left + nn->n;
    nn_count_left(nn, left);
    matcher_sort(s, nn->nn_ms, nn->n, order);
    matcher_count(s, nn->nn_ms, left, order, nn->n, out->r_ms, false, each);
    sum_up(each, left, nn->n, opt->m, out);
    free(each);
    matcher_destroy(s);
    return 0;
}
