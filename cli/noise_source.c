/* cli/noise_source.c - the noise of one signal: made, or recorded. */
#include "cli/noise.h"

#include <math.h>

static int fail_flat(const char *path, struct kymo_err *e)
{
    return kymo_fail_at(e, KYMO_EDATA, path, -1, "no noise: no second of it is whole, or it is flat");
}

static int reopen(struct noise_source *s, struct kymo_err *e)
{
    kymo_close(s->in);
    s->n = s->at = 0;
    s->joins = true;
    s->in = kymo_open(s->path, NULL, e);
    return s->in ? 0 : e->cause[0].code;
}

static int next_recorded(struct noise_source *s, double *x, struct kymo_err *e)
{
    struct kymo_block *b;
    int rc;

    while (s->at == s->n) {
        if ((rc = kymo_read(s->in, &b, e)) < 0)
            return rc;
        if (rc == 0 && !s->seen)
            return fail_flat(s->path, e);
        if (rc == 0 && (rc = reopen(s, e)) < 0)
            return rc;
        if (rc > 0) {
            s->x = kymo_physical(b, s->pick);
            s->n = b->span[s->pick].n;
            s->at = 0;
        }
    }
    const double v = s->x[s->at++];
    if (isfinite(v)) {
        if (s->joins)
            s->shift = s->last - v;
        s->joins = false;
        s->seen = true;
        s->last = v + s->shift;
    }
    *x = s->last;   /* a missing sample is as the one before */
    return 0;
}

/* R of the recorded signal, at its own rate. */
static int measure(struct noise_source *s, double *rms, struct kymo_err *e)
{
    struct snr_noise power;
    struct kymo_block *b;
    int rc = reopen(s, e);

    if (rc < 0)
        return rc;
    const double rate_hz = kymo_ratio_real(s->in->hdr.signal[s->pick].rate);
    if (rate_hz < 1.5)
        return kymo_fail_at(e, KYMO_EDATA, s->path, -1, "%g samples per second are too few to measure noise by", rate_hz);
    snr_noise_init(&power, rate_hz);
    while ((rc = kymo_read(s->in, &b, e)) > 0)
        if (snr_noise_push(&power, kymo_physical(b, s->pick), b->span[s->pick].n) == 0)
            break;
    *rms = snr_noise_rms(&power);
    return rc < 0 ? rc : *rms > 0 ? 0 : fail_flat(s->path, e);
}

static int open_sinc(struct noise_source *s, struct kymo_ratio in, struct kymo_ratio out, struct kymo_err *e)
{
    const int64_t a = kymo_common_divisor(in.num, out.num), b = kymo_common_divisor(in.den, out.den);
    int64_t n_in, n_out;

    if (__builtin_mul_overflow(in.num / a, out.den / b, &n_in) || __builtin_mul_overflow(in.den / b, out.num / a, &n_out))
        return kymo_fail_at(e, KYMO_EDATA, s->path, -1, "%g samples per second cannot be made %g", kymo_ratio_real(in),
                            kymo_ratio_real(out));
    if (n_in != n_out && !(s->sinc = sinc_create(n_in, n_out, e)))
        return kymo_during(e, "cannot use %s", s->path);
    return 0;
}

int noise_source_record(struct noise_source *s, const char *path, size_t pick, struct kymo_ratio rate, double *rms,
                        struct kymo_err *e)
{
    int rc = 0;

    s->path = path;
    s->pick = pick;
    if (rms)
        rc = measure(s, rms, e);
    if (rc == 0)
        rc = reopen(s, e);
    return rc < 0 ? rc : open_sinc(s, s->in->hdr.signal[pick].rate, rate, e);
}

int noise_source_next(struct noise_source *s, double *x, struct kymo_err *e)
{
    int rc = 0;

    if (s->made)
        noise_next(s->made, x, 1);
    else if (!s->sinc)
        rc = next_recorded(s, x, e);
    else
        while (rc == 0 && !sinc_next(s->sinc, x)) {
            double recorded;
            if ((rc = next_recorded(s, &recorded, e)) == 0)
                sinc_push(s->sinc, recorded);
        }
    return rc;
}

void noise_source_release(struct noise_source *s)
{
    noise_destroy(s->made);
    sinc_destroy(s->sinc);
    kymo_close(s->in);
}
