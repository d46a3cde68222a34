/* algorithms/desat.h - desaturations: stretches in which oxygen saturation falls below what it was. */
#ifndef KYMO_DESAT_H
#define KYMO_DESAT_H

#include <stddef.h>

/* One of them, in a series of SpO2 in per cent at a constant rate: sample numbers. */
struct desat {
    size_t onset, nadir, end;   /* onset < nadir < end: where the fall begins, the lowest sample, where it has recovered */
    double baseline_pct;        /* what it fell from */
    double nadir_pct;
};

#endif
