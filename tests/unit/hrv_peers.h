/* tests/unit/hrv_peers.h - the series and the values that independent programs gave for them, in $KYMO_REFERENCE/hrv
 * (README.md there). Without the variable tests that need them are skipped, and say so. */
#ifndef KYMO_TESTS_HRV_PEERS_H
#define KYMO_TESTS_HRV_PEERS_H

#include "algorithms/nn.h"
#include "tests/unit/support.h"

struct peer_value {
    char series[64], peer[64], method[256], metric[64];
    double value;
};

/* Calls each(nn, v, arg) for every value whose series is there, those of one series after one another. The series are
 * unbroken; end_s are their running sums from 0. Ends the test as skipped where there are none. */
void for_each_peer_value(void (*each)(const struct nn_series *nn, const struct peer_value *v, void *arg), void *arg);

/* Fails the test unless ours is v's value within relative of it, or within absolute. */
void assert_agrees(double ours, const struct peer_value *v, double relative, double absolute);

/* Reads rr/SERIES.txt of that folder into nn_ms[cap]; returns n, 0 where it is not there. */
size_t read_peer_series(const char *series, double *nn_ms, size_t cap);

#endif
