/* cli/filter_ops.c - the operations of kymo filter, in the order in which they are done. */
#include "cli/filter.h"

const struct filter_op filter_ops[] = {
    {"median", filter_add_median},
    {"baseline", filter_add_baseline},
    {"notch", filter_add_notch},
    {"bands", filter_add_bands},
    {"average", filter_add_average},
    {"wavelet", filter_add_wavelet},
    {"polynomial", filter_add_polynomial},
    {NULL, NULL},
};
