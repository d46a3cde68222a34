/* cli/filter_ops.c - the operations of kymo filter, in the order in which they are done. */
#include "cli/filter.h"

const struct filter_op filter_ops[] = {
    {"notch", filter_add_notch},
    {"bands", filter_add_bands},
    {NULL, NULL},
};
