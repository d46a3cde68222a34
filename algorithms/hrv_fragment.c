/* algorithms/hrv_fragment.c - see hrv_fragment.h. */
#include "algorithms/hrv_fragment.h"

#include <math.h>
#include <stdbool.h>

enum { LONG_SEGMENT = 3, LONG_ALTERNATION = 4, WORD = 4 };

struct counts {
    size_t d, pairs, turns, segments, in_segments, in_long, alternating, words[WORD];
    size_t segment, alternation;   /* length of the one that is open; 0: none */
};

static void close_segment(struct counts *c)
{
    if (c->segment == 0)
        return;
    c->segments++;
    c->in_segments += c->segment;
    c->in_long += c->segment >= LONG_SEGMENT ? c->segment : 0;
    c->segment = 0;
}

static void close_alternation(struct counts *c)
{
    c->alternating += c->alternation >= LONG_ALTERNATION ? c->alternation : 0;
    c->alternation = 0;
}

static int sign_of(double d)
{
    if (fabs(d) <= NN_SLACK_MS)
        return 0;
    return d > 0 ? 1 : -1;
}

/* sign[k] of the difference k before this one, of which there are n_before in a row. */
static void add_difference(struct counts *c, const int *sign, size_t n_before)
{
    const bool has_before = n_before > 0;

    c->d++;
    c->pairs += has_before;
    c->turns += has_before && sign[0] * sign[1] <= 0;
    if (!has_before || sign[0] != sign[1])
        close_segment(c);
    c->segment += sign[0] != 0;
    if (!has_before || sign[0] * sign[1] >= 0)
        close_alternation(c);
    c->alternation += sign[0] != 0;
    if (n_before + 1 >= WORD)
        c->words[(sign[0] != sign[1]) + (sign[1] != sign[2]) + (sign[2] != sign[3])]++;
}

void hrv_fragment(const struct nn_series *nn, struct hrv_fragment *out)
{
    struct counts c = { 0 };
    int sign[WORD] = { 0 };
    size_t n_before = 0, n_words = 0;

    for (size_t i = 1; i < nn->n; i++) {
        if (!nn_follows(nn, i)) {
            n_before = 0;
            continue;
        }
        for (size_t k = WORD - 1; k > 0; k--)
            sign[k] = sign[k - 1];
        sign[0] = sign_of(nn->nn_ms[i] - nn->nn_ms[i - 1]);
        add_difference(&c, sign, n_before++);
    }
    close_segment(&c);
    close_alternation(&c);
    for (size_t w = 0; w < WORD; w++)
        n_words += c.words[w];
    for (size_t w = 0; w < WORD; w++)
        out->words_pct[w] = 100 * (double)c.words[w] / (double)n_words;   /* 0 / 0 is NaN, as wanted; so below */
    out->pip_pct = 100 * (double)c.turns / (double)c.pairs;
    out->ials = c.segments > 0 ? (double)c.segments / (double)c.in_segments : NAN;
    out->pss_pct = 100 * (double)(c.d - c.in_long) / (double)c.d;
    out->pas_pct = 100 * (double)c.alternating / (double)c.d;
}
