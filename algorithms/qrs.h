/* algorithms/qrs.h - placeholder head, see below */
#ifndef KYMO_QRS_H
#define KYMO_QRS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

struct qrs;

struct qrs_beat {
    int64_t sample;   /* of the input, counted from create or flush */
    double score;     /* 0..1 */
};

struct qrs_options {
    double rate_min_per_min, rate_max_per_min;
};

struct qrs *qrs_create(double fs_hz, size_t n_leads, const struct qrs_options *opt, struct kymo_err *e);
size_t qrs_bound(const struct qrs *s, size_t n);
size_t qrs_push(struct qrs *s, const double *const x[], size_t n, struct qrs_beat *out);
size_t qrs_flush(struct qrs *s, struct qrs_beat *out, size_t cap);
void qrs_destroy(struct qrs *s);

#endif
