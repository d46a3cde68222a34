/* algorithms/qrs_lead.h - one ECG lead on its way to the QRS detector: thinned copy, steepness, energy, local scale.
 *
 * The input is thinned by a whole number to a grid of 120..240 Hz with a triangle (two boxcars in a row: zeros at every
 * multiple of the new rate). On the grid, with G(t, s) = exp(-t^2 / 2s^2):
 *
 *   steep  = x * 5th derivative of G, s = 25.4 ms: slope of a band round 14 Hz, falling with f^5: no T wave, no mains;
 *   broad  = x * 3rd derivative of G, s = 50 ms: slope of a band round 5.5 Hz, QRS and T alike; only where asked for;
 *   energy = sum of |steep| over 92 ms, about the length of a QRS;
 *   peak, floor = per window of 1.5 s the largest energy and its 40 % quantile;
 *   scale, noise = medians of these over 9 windows, between window centres by straight lines.
 *
 * Sources: slope of a narrow band summed over a QRS length: J. Pan and W. J. Tompkins, IEEE Trans. Biomed. Eng. 32, 1985,
 * p. 230; absolute value, and medians for the levels: P. S. Hamilton, Comput. Cardiol. 29, 2002, p. 101. Ours: kernels
 * that are derivatives of Gaussians (linear in phase, short, blind to offset and drift), and levels from both sides in
 * time. */
#ifndef KYMO_QRS_LEAD_H
#define KYMO_QRS_LEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QRS_LAG = 5,       /* windows from the newest energy back to the newest window with a scale on both its sides */
    QRS_KEEP = 8,      /* windows of grid samples that stay readable */
    QRS_TAPS = 32,     /* room for one side of a kernel */
    QRS_MEDIAN = 9,    /* windows that make scale and noise */
    QRS_LEVELS = 16,   /* windows whose levels are remembered: w at [w % QRS_LEVELS] */
    QRS_STRIP = 16,    /* kernels run on so many samples at a time, up to one less beyond the end */
    QRS_TAIL = 16,     /* numbers that make the surroundings of a QRS: P wave and T wave */
    QRS_STEEP_SHAPE = 13, QRS_SHAPE = 20,   /* numbers that make the shape of one QRS in one lead: of steep, then of broad */
    QRS_SHIFTS = 7,    /* steps of 1/120 s by which a shape is shifted either way to find it in noise */
    QRS_WIDE = 2 * (QRS_STEEP_SHAPE - 1 + QRS_SHIFTS) + 1,   /* numbers of steep that it takes */
    QRS_QRST = 22,     /* numbers that make QRS and T wave of one beat in one lead */
};

/* What the leads of one detector share. Kernels are odd: element k weighs x[i + k] - x[i - k]. */
struct qrs_grid {
    double rate_hz;       /* input rate / thin */
    int thin;             /* input samples per grid sample */
    int window;           /* grid samples in 1.5 s */
    int half_steep, half_broad, half_energy;   /* one-sided widths in grid samples, broad's in strides */
    int stride;           /* grid samples between the samples that broad uses, about 1/60 s */
    int margin;           /* grid samples that an energy value needs beyond itself */
    int n_store;          /* grid samples a lead has room for */
    float steep[QRS_TAPS], broad[QRS_TAPS];
    double *taper;        /* taper[2 * thin]: the rising half of the triangle, then the falling one */
};

struct qrs_lead {
    int64_t base;         /* grid index of x[0], steep[0], energy[0], blind[0] */
    int64_t n;            /* grid samples made */
    int phase;            /* input samples in the block being filled */
    double rising, falling, before;   /* weighted sums of that block; rising sum of the block before it */
    double offset, last;  /* offset: subtracted from the input; last: newest input after that */
    int64_t hole;         /* input samples since the last number */
    int64_t blind_end;    /* grid index behind the last blind sample */
    float *x, *steep, *energy;
    unsigned char *blind; /* 1: from inside a hole */
    float peak[QRS_LEVELS], floor[QRS_LEVELS], scale[QRS_LEVELS], noise[QRS_LEVELS];
};

/* Fills *g for an input of fs_hz (60..10000); 0, or -1 without memory. release frees what it holds. */
int qrs_grid_init(struct qrs_grid *g, double fs_hz);
void qrs_grid_release(struct qrs_grid *g);

int qrs_lead_init(struct qrs_lead *l, const struct qrs_grid *g);   /* 0, or -1 without memory */
void qrs_lead_release(struct qrs_lead *l);
void qrs_lead_reset(struct qrs_lead *l, const struct qrs_grid *g); /* a new segment begins */

/* Takes input z[n] from which *offset is subtracted; n small enough for the room left (a window's worth is). */
void qrs_lead_take(struct qrs_lead *l, const struct qrs_grid *g, const double *z, size_t n, double offset);

/* Room for one more window: forgets the oldest when the store is full. */
void qrs_lead_make_room(struct qrs_lead *l, const struct qrs_grid *g);

/* Computes steep and energy of n grid samples from FROM on; up to there they are known. */
void qrs_lead_energy(struct qrs_lead *l, const struct qrs_grid *g, int64_t from, int n);

/* Finds peak and floor of window w, of which n grid samples exist. */
void qrs_lead_measure(struct qrs_lead *l, const struct qrs_grid *g, int64_t w, int n);

/* Sets scale and noise of window w from at most QRS_MEDIAN windows, FROM to TO. */
void qrs_lead_level(struct qrs_lead *l, int64_t w, int64_t from, int64_t to);

/* The lead's shape round grid position p (13 points of steep 1/60 s apart, 7 of broad 1/30 s apart). */
void qrs_lead_shape(const struct qrs_lead *l, const struct qrs_grid *g, double p, float shape[QRS_SHAPE]);

/* Steep 1/120 s apart, as far round p as the shape reaches when it is shifted. */
void qrs_lead_wide(const struct qrs_lead *l, const struct qrs_grid *g, double p, float wide[QRS_WIDE]);

/* What is slow beside it: of broad, 4 points 1/30 s apart from 0.20 s before p on, and 12 from 0.13 s behind p on. */
void qrs_lead_tail(const struct qrs_lead *l, const struct qrs_grid *g, double p, float tail[QRS_TAIL]);

/* Shape and tail together: broad 1/30 s apart from 0.20 s before p to 0.50 s behind it. */
void qrs_lead_qrst(const float shape[QRS_SHAPE], const float tail[QRS_TAIL], float qrst[QRS_QRST]);

#endif
