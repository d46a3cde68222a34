/* cli/filter_auto.c - --notch auto of kymo filter: whether there is a mains to take out, and which, is found in the first five
 * minutes of each segment (algorithms/mains.h), which are held back for that. What was heard of one segment counts for the
 * next ones. */
#include "algorithms/mains.h"
#include "cli/filter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTEN_S 300
#define LISTEN_SAMPLES 262144     /* at most */

enum { NONE, AT_50, AT_60, CHOICES };
enum { PIECE = 1024 };

struct auto_notch {
    struct mains *mains;
    struct filter_chain chain[CHOICES], *chosen;   /* NONE's is empty; NULL: not yet known */
    size_t n_listen, n_in, n_out; /* taken and given to the chain, of this segment */
    double *x;                    /* ring of n_listen */
};

static void decide(struct auto_notch *s)
{
    const int nominal_hz = mains_find(s->mains).nominal_hz;

    s->chosen = &s->chain[nominal_hz == 50 ? AT_50 : nominal_hz == 60 ? AT_60 : NONE];
}

/* Takes x[n], n <= PIECE; gives what was taken n_listen samples before. */
static size_t swap(struct auto_notch *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    if (!s->chosen)
        mains_push(s->mains, x, n < s->n_listen - s->n_in ? n : s->n_listen - s->n_in);
    for (size_t i = 0; i < n; i++) {
        double *const held = &s->x[s->n_in++ % s->n_listen], v = x[i];
        if (s->n_in > s->n_listen) {
            y[made++] = *held;
            s->n_out++;
        }
        *held = v;
    }
    if (!s->chosen && s->n_in >= s->n_listen)
        decide(s);
    return made;
}

/* y[n] through the chosen chain. */
static size_t through(struct auto_notch *s, size_t n, double *y)
{
    size_t made = n;

    if (n > 0)
        filter_chains_push(&s->chosen, 1, &y, n, &made);
    return made;
}

static size_t auto_notch_push(struct auto_notch *s, const double *x, size_t n, double *y)
{
    size_t made = 0;

    for (size_t at = 0, m; at < n; at += m) {
        m = n - at < PIECE ? n - at : PIECE;
        made += through(s, swap(s, x + at, m, y + made), y + made);
    }
    return made;
}

static size_t auto_notch_flush(struct auto_notch *s, double *y, size_t cap)
{
    static const double missing = NAN;
    size_t n = 0;

    if (!s->chosen)
        decide(s);
    while (n == 0 && s->n_out < s->n_in) {
        for (; n < cap && s->n_out < s->n_in; n++)
            y[n] = s->x[s->n_out++ % s->n_listen];
        n = through(s, n, y);
    }
    if (n == 0)
        n = filter_chain_flush(s->chosen, y, cap);
    if (n == 0) {
        mains_push(s->mains, &missing, 1);   /* no window across a gap */
        s->chosen = NULL;
        s->n_in = s->n_out = 0;
    }
    return n;
}

static void auto_notch_destroy(struct auto_notch *s)
{
    if (!s)
        return;
    mains_destroy(s->mains);
    for (int k = 0; k < CHOICES; k++)
        filter_chain_release(&s->chain[k]);
    free(s->x);
    free(s);
}

FILTER_KIND(auto_notch);

/* The notch of a frequency, with what followed "auto". */
static int add_fixed(const struct filter_args *args, const struct kymo_signal *s, int hz, struct filter_chain *chain,
                     struct kymo_err *e)
{
    struct filter_args fixed = *args;
    char text[64];

    snprintf(text, sizeof text, "%d%.40s", hz, args->notch + strlen("auto"));
    fixed.notch = text;
    return filter_add_notch(&fixed, s, chain, e);
}

int filter_add_auto_notch(const struct filter_args *args, const struct kymo_signal *s, struct filter_chain *chain,
                          struct kymo_err *e)
{
    const double fs_hz = kymo_ratio_real(s->rate);
    struct auto_notch *state = calloc(1, sizeof *state);
    int rc = state ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to look for the mains");

    if (rc == 0 && !(state->mains = mains_create(fs_hz, e)))
        rc = e->cause[0].code;
    if (rc == 0)
        rc = add_fixed(args, s, 50, &state->chain[AT_50], e);
    if (rc == 0)
        rc = add_fixed(args, s, 60, &state->chain[AT_60], e);
    if (rc == 0) {
        state->n_listen = (size_t)fmin(ceil(LISTEN_S * fs_hz), LISTEN_SAMPLES);
        state->x = malloc(state->n_listen * sizeof *state->x);
        rc = state->x ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to look for the mains at %g Hz", fs_hz);
    }
    if (rc < 0) {
        auto_notch_destroy(state);
        return rc;
    }
    return filter_chain_add(chain, &filter_kind_auto_notch, state, e, "N:%.40s", args->notch);
}
