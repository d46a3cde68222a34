/* algorithms/iir_design.c - see iir_design.h. */
#include "algorithms/iir_design.h"

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#define PI 3.14159265358979323846
#define MOST_ROOTS (2 * IIR_MOST_ORDER + 2)
#define WARP 4.0                  /* twice the rate of 2 at which the bilinear transformation is done */
#define LANDEN_STEPS 10           /* a complement of 1e-100 is up to 1 after them */

typedef double complex cplx;

struct zpk {
    cplx zero[MOST_ROOTS], pole[MOST_ROOTS];
    int n_zeros, n_poles;
    double gain;
};

static void add_zero(struct zpk *f, cplx z) { f->zero[f->n_zeros++] = z; }
static void add_pole(struct zpk *f, cplx p) { f->pole[f->n_poles++] = p; }

/* Product of (at - root[i]) over the poles, divided by that over the zeros. */
static double poles_over_zeros(const struct zpk *f, double at)
{
    cplx product = 1;

    for (int i = 0; i < f->n_poles || i < f->n_zeros; i++) {
        if (i < f->n_poles)
            product *= at - f->pole[i];
        if (i < f->n_zeros)
            product /= at - f->zero[i];
    }
    return creal(product);
}

/* ---- analogue low-passes with their edge at 1 ---- */

static double excess(double db) { return expm1(db * log(10) / 10); }   /* 10^(db/10) - 1 */

static void make_butterworth(struct zpk *f, int n)
{
    for (int m = -n + 1; m < n; m += 2)
        add_pole(f, m == 0 ? -1 : -cexp(I * PI * m / (2 * n)));
    f->gain = 1;
}

static void make_chebyshev1(struct zpk *f, int n, double ripple_db)
{
    const double eps = sqrt(excess(ripple_db)), mu = asinh(1 / eps) / n;

    for (int m = -n + 1; m < n; m += 2) {
        const double theta = PI * m / (2 * n);
        add_pole(f, -(sinh(mu) * cos(theta) + I * (cosh(mu) * sin(theta))));
    }
    f->gain = poles_over_zeros(f, 0) / (n % 2 == 0 ? hypot(1, eps) : 1);
}

static void make_chebyshev2(struct zpk *f, int n, double stop_db)
{
    const double mu = asinh(sqrt(excess(stop_db))) / n;

    for (int m = -n + 1; m < n; m += 2) {
        const double theta = PI * m / (2 * n);
        if (m != 0)
            add_zero(f, I / sin(theta));
        add_pole(f, -1 / (sinh(mu) * cos(theta) + I * (cosh(mu) * sin(theta))));
    }
    f->gain = poles_over_zeros(f, 0);
}

/* Landen's descending moduli of k, whose complement is kc: v[0] is the next after k. */
static void landen(double k, double kc, double *v)
{
    for (int i = 0; i < LANDEN_STEPS; i++) {
        const double root = k / (1 + kc);
        v[i] = k = root * root;
        kc = 2 * sqrt(kc) / (1 + kc);
    }
}

static double complement(double k) { return sqrt((1 - k) * (1 + k)); }

static cplx ascend(cplx w, const double *v)
{
    for (int i = LANDEN_STEPS; i-- > 0;)
        w = (1 + v[i]) * w / (1 + v[i] * w * w);
    return w;
}

/* Jacobi's cd and sn at u quarter periods. */
static cplx elliptic_cd(cplx u, const double *v) { return ascend(ccos(u * PI / 2), v); }
static cplx elliptic_sn(cplx u, const double *v) { return ascend(csin(u * PI / 2), v); }

/* The real u with sn(ju) = jw, in quarter periods, for modulus k. */
static double elliptic_arc(double w, double k, const double *v)
{
    for (int i = 0; i < LANDEN_STEPS; i++) {
        const double before = i == 0 ? k : v[i - 1];
        w = w / (1 + sqrt(1 + w * w * before * before)) * 2 / (1 + v[i]);
    }
    return 2 / PI * asinh(w);
}

/* The modulus k whose nome is the n-th root of that of k1: the equation of the degree, by theta functions. */
static double elliptic_modulus(double k1, int n)
{
    double v[LANDEN_STEPS], vp[LANDEN_STEPS], quarter = 1, quarter_p = 1, over = 0, under = 0.5;

    landen(k1, complement(k1), v);
    landen(complement(k1), k1, vp);
    for (int i = 0; i < LANDEN_STEPS; i++) {
        quarter *= 1 + v[i];
        quarter_p *= 1 + vp[i];
    }
    const double log_q = -PI * quarter_p / quarter / n;
    for (int m = 0; m < 12; m++) {
        over += exp(log_q * m * (m + 1));
        under += m > 0 ? exp(log_q * m * m) : 0;
    }
    const double ratio = over / (2 * under);
    return 4 * exp(log_q / 2) * ratio * ratio;
}

static void make_elliptic(struct zpk *f, int n, double ripple_db, double stop_db)
{
    const double eps = sqrt(excess(ripple_db)), k1 = eps / sqrt(excess(stop_db)), k = elliptic_modulus(k1, n);
    double v[LANDEN_STEPS], v1[LANDEN_STEPS];

    landen(k, complement(k), v);
    landen(k1, complement(k1), v1);
    const double v0 = elliptic_arc(1 / eps, k1, v1) / n;
    for (int i = 1; i <= n / 2; i++) {
        const double u = (2 * i - 1) / (double)n;
        const cplx zero = I / (k * creal(elliptic_cd(u, v))), pole = I * elliptic_cd(u - I * v0, v);
        add_zero(f, zero);
        add_zero(f, conj(zero));
        add_pole(f, pole);
        add_pole(f, conj(pole));
    }
    if (n % 2)
        add_pole(f, creal(I * elliptic_sn(I * v0, v)));
    f->gain = poles_over_zeros(f, 0) / (n % 2 == 0 ? hypot(1, eps) : 1);
}

/* Newton's step of the reverse Bessel polynomial of order n: B_n = (2n-1) B_(n-1) + s^2 B_(n-2), B_n' = B_n - s B_(n-1). */
static cplx bessel_step(int n, cplx s)
{
    cplx before = 1, now = 1 + s;

    for (int m = 2; m <= n; m++) {
        const cplx next = (2 * m - 1) * now + s * s * before;
        before = now;
        now = next;
    }
    return now / (now - s * before);
}

/* All roots at once by Aberth's method, from the circle that they lie near. */
static void make_bessel(struct zpk *f, int n)
{
    double log_first = 0;         /* of (2n)! / (n! 2^n), so that high frequencies go as with Butterworth */

    for (int m = 1; m <= n; m++) {
        log_first += log(2 * m - 1);
        add_pole(f, -0.7 * n * cexp(I * PI * (m - 0.5 * (n + 1) + 0.01) / (n + 1)));
    }
    for (int round = 0; round < 200; round++) {
        double most = 0;
        for (int i = 0; i < n; i++) {
            cplx step = bessel_step(n, f->pole[i]), others = 0;
            for (int j = 0; j < n; j++)
                others += j != i ? 1 / (f->pole[i] - f->pole[j]) : 0;
            step /= 1 - step * others;
            f->pole[i] -= step;
            most = fmax(most, cabs(step) / cabs(f->pole[i]));
        }
        if (most < 1e-16)
            break;
    }
    for (int i = 0; i < n; i++) {
        if (fabs(cimag(f->pole[i])) < 1e-9 * cabs(f->pole[i]))
            f->pole[i] = creal(f->pole[i]);
        f->pole[i] *= exp(-log_first / n);
    }
    f->gain = 1;
}

/* ---- to the band ---- */

static void to_low(struct zpk *f, double w)
{
    f->gain *= pow(w, f->n_poles - f->n_zeros);
    for (int i = 0; i < f->n_zeros; i++)
        f->zero[i] *= w;
    for (int i = 0; i < f->n_poles; i++)
        f->pole[i] *= w;
}

static void to_high(struct zpk *f, double w)
{
    f->gain /= poles_over_zeros(f, 0);
    for (int i = 0; i < f->n_zeros; i++)
        f->zero[i] = w / f->zero[i];
    for (int i = 0; i < f->n_poles; i++)
        f->pole[i] = w / f->pole[i];
    while (f->n_zeros < f->n_poles)
        add_zero(f, 0);
}

/* root[n] become the roots of s^2 - 2 root s + w^2: the first of each pair in place, the second n behind it. The smaller one is
 * not a difference of nearly equal numbers. */
static void split(cplx *root, int n, double w)
{
    for (int i = 0; i < n; i++) {
        const cplx r = root[i], d = csqrt(r * r - w * w), a = r + d, b = r - d;
        root[i] = cabs(a) >= cabs(b) ? a : w * w / b;
        root[i + n] = cabs(a) >= cabs(b) ? w * w / a : b;
    }
}

static void to_pass(struct zpk *f, double low, double high)
{
    const int degree = f->n_poles - f->n_zeros;
    const double width = high - low;

    for (int i = 0; i < f->n_zeros; i++)
        f->zero[i] *= width / 2;
    for (int i = 0; i < f->n_poles; i++)
        f->pole[i] *= width / 2;
    split(f->zero, f->n_zeros, sqrt(low * high));
    split(f->pole, f->n_poles, sqrt(low * high));
    f->n_zeros *= 2;
    f->n_poles *= 2;
    for (int i = 0; i < degree; i++)
        add_zero(f, 0);
    f->gain *= pow(width, degree);
}

static void to_stop(struct zpk *f, double low, double high)
{
    const int degree = f->n_poles - f->n_zeros;
    const double width = high - low, middle = sqrt(low * high);

    f->gain /= poles_over_zeros(f, 0);
    for (int i = 0; i < f->n_zeros; i++)
        f->zero[i] = width / 2 / f->zero[i];
    for (int i = 0; i < f->n_poles; i++)
        f->pole[i] = width / 2 / f->pole[i];
    split(f->zero, f->n_zeros, middle);
    split(f->pole, f->n_poles, middle);
    f->n_zeros *= 2;
    f->n_poles *= 2;
    for (int i = 0; i < degree; i++) {
        add_zero(f, I * middle);
        add_zero(f, -I * middle);
    }
}

static void to_digital(struct zpk *f)
{
    f->gain /= poles_over_zeros(f, WARP);
    for (int i = 0; i < f->n_zeros; i++)
        f->zero[i] = (WARP + f->zero[i]) / (WARP - f->zero[i]);
    for (int i = 0; i < f->n_poles; i++)
        f->pole[i] = (WARP + f->pole[i]) / (WARP - f->pole[i]);
    while (f->n_zeros < f->n_poles)
        add_zero(f, -1);
}

/* ---- sections ---- */

/* Real roots, and one of each conjugate pair, the upper: in place, their number is returned. */
static int keep_upper(cplx *root, int n)
{
    int kept = 0;

    for (int i = 0; i < n; i++) {
        const bool is_real = fabs(cimag(root[i])) <= 1e-14 * cabs(root[i]);
        if (is_real || cimag(root[i]) > 0)
            root[kept++] = is_real ? creal(root[i]) : root[i];
    }
    return kept;
}

static bool is_real(cplx r) { return cimag(r) == 0; }

static cplx take(cplx *root, int *n, int i)
{
    const cplx r = root[i];

    memmove(root + i, root + i + 1, (size_t)(--*n - i) * sizeof *root);
    return r;
}

/* The pole nearest to the unit circle, of all or of the real ones; -1: none. */
static int worst_pole(const cplx *pole, int n, bool real_only)
{
    int worst = -1;

    for (int i = 0; i < n; i++)
        if ((!real_only || is_real(pole[i])) && (worst < 0 || fabs(1 - cabs(pole[i])) < fabs(1 - cabs(pole[worst]))))
            worst = i;
    return worst;
}

static int nearest_zero(const cplx *zero, int n, cplx to, bool real_only)
{
    int best = -1;

    for (int i = 0; i < n; i++)
        if ((!real_only || is_real(zero[i])) && (best < 0 || cabs(zero[i] - to) < cabs(zero[best] - to)))
            best = i;
    return best;
}

static struct sos_section section_of(cplx z1, cplx z2, cplx p1, cplx p2)
{
    return (struct sos_section){1, -creal(z1 + z2), creal(z1 * z2), -creal(p1 + p2), creal(p1 * p2)};
}

/* A section of the worst pole and what fits to it. Real poles and real zeros come in even numbers, as do all. */
static struct sos_section take_section(struct zpk *f)
{
    const cplx p1 = take(f->pole, &f->n_poles, worst_pole(f->pole, f->n_poles, false));
    const cplx p2 = is_real(p1) ? take(f->pole, &f->n_poles, worst_pole(f->pole, f->n_poles, true)) : conj(p1);
    const cplx z1 = take(f->zero, &f->n_zeros, nearest_zero(f->zero, f->n_zeros, p1, false));
    const cplx z2 = is_real(z1) ? take(f->zero, &f->n_zeros, nearest_zero(f->zero, f->n_zeros, p1, true)) : conj(z1);

    return section_of(z1, z2, p1, p2);
}

static int to_sections(struct zpk *f, struct sos_section *section)
{
    if (f->n_poles % 2) {
        add_pole(f, 0);
        add_zero(f, 0);
    }
    const int n = f->n_poles / 2;
    f->n_zeros = keep_upper(f->zero, f->n_zeros);
    f->n_poles = keep_upper(f->pole, f->n_poles);
    for (int i = n; i-- > 0;)
        section[i] = take_section(f);
    section[0].b0 *= f->gain;
    section[0].b1 *= f->gain;
    section[0].b2 *= f->gain;
    return n;
}

/* ---- from outside ---- */

static int check_spec(const struct iir_spec *s, struct kymo_err *e)
{
    const bool two = s->band == IIR_PASS || s->band == IIR_STOP;
    const bool has_ripple = s->family == IIR_CHEBYSHEV1 || s->family == IIR_ELLIPTIC;
    const bool has_stop = s->family == IIR_CHEBYSHEV2 || s->family == IIR_ELLIPTIC;

    if (s->order < 1 || s->order > IIR_MOST_ORDER)
        return kymo_fail(e, KYMO_EUSAGE, "order %d, not 1..%d", s->order, IIR_MOST_ORDER);
    if (!(s->edge_hz > 0 && s->edge_hz < s->fs_hz / 2))
        return kymo_fail(e, KYMO_EUSAGE, "an edge at %g Hz is not between 0 and %g Hz, half the rate", s->edge_hz,
                         s->fs_hz / 2);
    if (two && !(s->upper_hz > s->edge_hz && s->upper_hz < s->fs_hz / 2))
        return kymo_fail(e, KYMO_EUSAGE, "an upper edge at %g Hz is not between the lower at %g and %g Hz, half the rate",
                         s->upper_hz, s->edge_hz, s->fs_hz / 2);
    if (has_ripple && !(s->ripple_db >= 1e-6 && s->ripple_db <= 20))
        return kymo_fail(e, KYMO_EUSAGE, "a ripple of %g dB, not 0.000001..20", s->ripple_db);
    if (has_stop && !(s->stop_db >= 1 && s->stop_db <= 250 && (!has_ripple || s->stop_db >= s->ripple_db + 1)))
        return kymo_fail(e, KYMO_EUSAGE, "an attenuation of %g dB, not 1..250 and above the ripple", s->stop_db);
    return 0;
}

int iir_design(const struct iir_spec *s, struct sos_section *section, struct kymo_err *e)
{
    struct zpk f = {0};

    if (check_spec(s, e) < 0)
        return KYMO_EUSAGE;
    const double low = WARP * tan(PI * s->edge_hz / s->fs_hz), high = WARP * tan(PI * s->upper_hz / s->fs_hz);
    switch (s->family) {
    case IIR_BUTTERWORTH: make_butterworth(&f, s->order); break;
    case IIR_CHEBYSHEV1: make_chebyshev1(&f, s->order, s->ripple_db); break;
    case IIR_CHEBYSHEV2: make_chebyshev2(&f, s->order, s->stop_db); break;
    case IIR_ELLIPTIC: make_elliptic(&f, s->order, s->ripple_db, s->stop_db); break;
    case IIR_BESSEL: make_bessel(&f, s->order); break;
    }
    switch (s->band) {
    case IIR_LOW: to_low(&f, low); break;
    case IIR_HIGH: to_high(&f, low); break;
    case IIR_PASS: to_pass(&f, low, high); break;
    case IIR_STOP: to_stop(&f, low, high); break;
    }
    to_digital(&f);
    return to_sections(&f, section);
}

static int check_notch(double hz, double width_hz, double fs_hz, struct kymo_err *e)
{
    if (!(hz > 0 && hz < fs_hz / 2))
        return kymo_fail(e, KYMO_EUSAGE, "a notch at %g Hz is not between 0 and %g Hz, half the rate", hz, fs_hz / 2);
    if (!(width_hz > 0 && width_hz < fs_hz / 2))
        return kymo_fail(e, KYMO_EUSAGE, "a notch %g Hz wide is not between 0 and %g Hz, half the rate", width_hz, fs_hz / 2);
    return 0;
}

static struct sos_section notch(double hz, double width_hz, double fs_hz)
{
    const double gain = 1 / (1 + tan(PI * width_hz / fs_hz)), c = -2 * cos(2 * PI * hz / fs_hz);

    return (struct sos_section){gain, gain * c, gain, gain * c, 2 * gain - 1};
}

int iir_comb(double hz, int n, double width_hz, double fs_hz, struct sos_section *section, struct kymo_err *e)
{
    int made = 0;

    if (check_notch(hz, width_hz, fs_hz, e) < 0)
        return KYMO_EUSAGE;
    if (n < 1 || n > SOS_SECTIONS)
        return kymo_fail(e, KYMO_EUSAGE, "%d notches, not 1..%d", n, SOS_SECTIONS);
    while (made < n && (made + 1) * hz < fs_hz / 2) {
        section[made] = notch((made + 1) * hz, width_hz, fs_hz);
        made++;
    }
    return made;
}
