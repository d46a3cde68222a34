/* cli/finding.h - what a detector of beats finds in a recording. */
#ifndef KYMO_CLI_FINDING_H
#define KYMO_CLI_FINDING_H

#include "lib/record.h"

/* An event, and its quality: how little doubt there is about a beat and its surroundings, 0..1; NaN where it is no beat, or
 * another signal's. */
struct finding {
    struct kymo_event event;
    double quality;
};

#endif
