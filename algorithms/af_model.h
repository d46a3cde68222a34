/* algorithms/af_model.h - what the detector of atrial fibrillation consists of: how likely each interval is after the two
 * before it, in each of a few rhythms.
 *
 * An interval is one of AF_BINS by its ratio to the usual one there (af.h); bins of three intervals in a row make one
 * symbol, ((oldest * AF_BINS) + middle) * AF_BINS + newest. model/train_af.c learns the numbers and writes
 * algorithms/af_model.c ("make model"). */
#ifndef KYMO_AF_MODEL_H
#define KYMO_AF_MODEL_H

#include <stdint.h>

enum {
    AF_BINS = 11, AF_EARLY_BINS = 3,      /* these first bins are of beats that come more than 11 % early */
    AF_SYMBOLS = AF_BINS * AF_BINS * AF_BINS,
    AF_OTHERS = 11,                       /* rhythms that are not fibrillation come first: nobody names them, they are found */
    AF_STATES = AF_OTHERS + 4,
};

struct af_model {
    int16_t log_p[AF_STATES][AF_SYMBOLS]; /* thousandths of ln p(newest | the two before), in each rhythm */
};

extern const struct af_model af_model;

#endif
