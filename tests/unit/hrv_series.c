/* tests/unit/hrv_series.c - see hrv_series.h. */
#include "tests/unit/hrv_series.h"

#include "algorithms/random.h"

#include <math.h>
#include <string.h>

struct nn_series view(const struct series *s)
{
    return (struct nn_series){.nn_ms = s->ms, .end_s = s->end_s, .follows = s->follows, .n = s->n};
}

void make_noise(struct series *s, size_t n, double sd_ms, double spacing_s, uint64_t seed)
{
    struct random r;
    double end_s = 0;

    assert_true(n <= MAX_INTERVALS);
    random_init(&r, seed, 0);
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->ms[i] = 800 + sd_ms * random_normal(&r);
        end_s += s->ms[i] / 1000;
        s->end_s[i] = spacing_s > 0 ? (double)(i + 1) * spacing_s : end_s;
        s->follows[i] = 1;
    }
}

static double tones_ms(double t_s)
{
    return 800 + 40 * sin(2 * M_PI * 0.1 * t_s) + 25 * sin(2 * M_PI * 0.25 * t_s);
}

/* The end that makes interval and end agree is a fixed point; a step shrinks its error to 5 % (the slope of tones_ms). */
void make_tones(struct series *s, double seconds_s)
{
    double end_s = 0, next_s;

    s->n = 0;
    for (;; end_s = next_s) {
        next_s = end_s + 0.8;
        for (int i = 0; i < 20; i++)
            next_s = end_s + tones_ms(next_s) / 1000;
        if (next_s > seconds_s)
            return;
        assert_true(s->n < MAX_INTERVALS);
        s->ms[s->n] = tones_ms(next_s);
        s->end_s[s->n] = next_s;
        s->follows[s->n++] = 1;
    }
}

void cut_out(struct series *s, size_t first, size_t n)
{
    const size_t behind = s->n - first - n;

    memmove(s->ms + first, s->ms + first + n, behind * sizeof *s->ms);
    memmove(s->end_s + first, s->end_s + first + n, behind * sizeof *s->end_s);
    memmove(s->follows + first, s->follows + first + n, behind);
    s->follows[first] = 0;
    s->n -= n;
}

void reverse(const struct series *s, struct series *out)
{
    out->n = s->n;
    for (size_t i = 0; i < s->n; i++) {
        out->ms[i] = s->ms[s->n - 1 - i];
        out->end_s[i] = s->end_s[s->n - 1] - s->end_s[s->n - 1 - i];
        out->follows[i] = i == 0 || s->follows[s->n - i];   /* neighbours stay neighbours */
    }
}

void assert_near(double got, double want, double absolute)
{
    if (isnan(got) && isnan(want))
        return;
    if (!(fabs(got - want) <= absolute))
        fail_msg("%.17g is not %.17g within %g", got, want, absolute);
}
