/* algorithms/iir_design.h - IIR filters of the classical families, as second-order sections.
 *
 * An analogue low-pass of the family with its edge at 1 rad/s (zeros, poles, gain) is moved to the band wanted, its edges
 * pre-warped to w = 4 tan(pi f / fs), then s = 4 (z-1)/(z+1) makes it digital. Poles and zeros are never multiplied out into
 * one polynomial: each conjugate pair of poles makes a section with the zeros nearest to it, those nearest to the unit circle
 * come last, and the gain is in the first. The edge is where the response is
 *   Butterworth, Bessel   3 dB down (Bessel: where its phase is Butterworth's, so 3 dB only in a part of the orders)
 *   Chebyshev I, elliptic ripple_db down, for the last time
 *   Chebyshev II          stop_db down, for the first time
 * A band-pass or band-stop of an order has twice as many poles.
 * Sources: A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing, 3rd ed. 2010, ch. 7 and app. B; S. J.
 * Orfanidis, Lecture Notes on Elliptic Filter Design, Rutgers 2006 (elliptic functions by Landen's transformation); W. E.
 * Thomson, Proc. IEE 96(3):487, 1949 (Bessel). The order of the sections is that of SciPy's zpk2sos ("nearest"). */
#ifndef KYMO_IIR_DESIGN_H
#define KYMO_IIR_DESIGN_H

#include "algorithms/sos.h"

enum iir_family { IIR_BUTTERWORTH, IIR_CHEBYSHEV1, IIR_CHEBYSHEV2, IIR_ELLIPTIC, IIR_BESSEL };
enum iir_band { IIR_LOW, IIR_HIGH, IIR_PASS, IIR_STOP };

#define IIR_MOST_ORDER 32

struct iir_spec {
    enum iir_family family;
    enum iir_band band;
    int order;                    /* 1..IIR_MOST_ORDER, of the low-pass that it is made of */
    double fs_hz;
    double edge_hz, upper_hz;     /* 0 < edge_hz (< upper_hz where there are two edges) < fs_hz / 2 */
    double ripple_db, stop_db;    /* where the family has them: 0 < ripple_db, ripple_db < stop_db */
};

/* Fills section[n], n <= SOS_SECTIONS, whose number it returns; KYMO_EUSAGE tells what is out of range. */
int iir_design(const struct iir_spec *spec, struct sos_section *section, struct kymo_err *e);

/* Notches at hz, 2 hz, .. n hz, as far as they lie below fs_hz / 2: zeros, -3 dB at a width of width_hz around each, 1 at 0 Hz
 * and at fs_hz / 2. Returns how many, at least 1, or KYMO_EUSAGE. section[n], n <= SOS_SECTIONS. */
int iir_comb(double hz, int n, double width_hz, double fs_hz, struct sos_section *section, struct kymo_err *e);

#endif
