/* algorithms/spo2_matches.c - see spo2_matches.h. */
#include "algorithms/spo2_matches.h"

#include <stdlib.h>
#include <string.h>

#define WORDS 8
#define CHUNK (64 * WORDS)        /* samples of a row */
#define OVERLAP 3                 /* a template of four that begins in one chunk may end in the next */
#define STEP (CHUNK - OVERLAP)    /* so many begin in a chunk */

struct row {
    uint64_t word[WORDS];
};

struct matches {
    const int32_t *level, *low, *high;
    size_t n, n_levels;
    int m;
    int32_t *short_count, *long_count;
    uint16_t *n_below;            /* [n_levels + 1] samples of the chunk whose level is lower */
    int32_t *from, *to;           /* [n] low, and high + 1, of each sample's level; equal where it has none */
    struct row below[CHUNK + 1];  /* the lowest k samples of the chunk */
};

/* Fills n_below and below for the chunk that begins with sample first. */
static void prepare_chunk(struct matches *s, size_t first)
{
    const size_t n = s->n - first < CHUNK ? s->n - first : CHUNK;
    uint16_t sorted[CHUNK] = {0}, sum = 0;

    memset(s->n_below, 0, (s->n_levels + 1) * sizeof *s->n_below);
    for (size_t j = 0; j < n; j++)
        if (s->level[first + j] >= 0)
            s->n_below[s->level[first + j]]++;
    for (size_t k = 0; k <= s->n_levels; k++) {
        const uint16_t here = s->n_below[k];
        s->n_below[k] = sum;
        sum = (uint16_t)(sum + here);
    }
    for (size_t j = 0; j < n; j++)    /* n_below is moved on to what lies at or below, */
        if (s->level[first + j] >= 0)
            sorted[s->n_below[s->level[first + j]]++] = (uint16_t)j;
    for (size_t k = s->n_levels; k > 0; k--)   /* and back */
        s->n_below[k] = s->n_below[k - 1];
    s->n_below[0] = 0;
    memset(&s->below[0], 0, sizeof s->below[0]);
    for (size_t k = 0; k < sum; k++) {
        s->below[k + 1] = s->below[k];
        s->below[k + 1].word[sorted[k] / 64] |= UINT64_C(1) << sorted[k] % 64;
    }
}

/* near & the templates of the next sample, one earlier. */
static inline __attribute__((always_inline)) struct row join(const struct row *near, const struct row *next)
{
    struct row r;

    for (size_t k = 0; k + 1 < WORDS; k++)
        r.word[k] = near->word[k] & (next->word[k] >> 1 | next->word[k + 1] << 63);
    r.word[WORDS - 1] = near->word[WORDS - 1] & next->word[WORDS - 1] >> 1;
    return r;
}

static inline __attribute__((always_inline)) int32_t count_bits(const struct row *r)
{
    int count = __builtin_popcountll(r->word[WORDS - 1] << OVERLAP);

    for (size_t k = 0; k + 1 < WORDS; k++)
        count += __builtin_popcountll(r->word[k]);
    return count;
}

/* Rows go from the last sample to the first, each from the one behind it. */
static inline __attribute__((always_inline)) void add_chunk(struct matches *s)
{
    struct row one = {{0}}, two = {{0}}, three = {{0}};

    for (size_t i = s->n; i-- > 0;) {
        const struct row *const a = &s->below[s->n_below[s->from[i]]], *const b = &s->below[s->n_below[s->to[i]]];
        struct row near;
        for (size_t k = 0; k < WORDS; k++)
            near.word[k] = a->word[k] ^ b->word[k];
        const struct row next_two = join(&near, &one), next_three = join(&near, &two);
        if (s->m == 3) {
            const struct row next_four = join(&near, &three);
            s->short_count[i] += count_bits(&next_three);
            s->long_count[i] += count_bits(&next_four);
        } else {
            s->short_count[i] += count_bits(&next_two);
            s->long_count[i] += count_bits(&next_three);
        }
        one = near;
        two = next_two;
        three = next_three;
    }
}

static void add_chunk_anywhere(struct matches *s) { add_chunk(s); }

#if defined(__x86_64__)
/* The same, on machines that count bits in one instruction: three times as fast. */
__attribute__((target("avx2,popcnt"))) static void add_chunk_quickly(struct matches *s) { add_chunk(s); }
#endif

static void (*quickest(void))(struct matches *s)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        return add_chunk_quickly;
#endif
    return add_chunk_anywhere;
}

int spo2_matches(const int32_t *level, size_t n, const int32_t *low, const int32_t *high, size_t n_levels, int m,
                 int32_t *short_count, int32_t *long_count, struct kymo_err *e)
{
    void (*const add)(struct matches *s) = quickest();
    struct matches *const s = malloc(sizeof *s);
    int32_t *const limits = malloc((2 * n + 1) * sizeof *limits);
    uint16_t *const n_below = malloc((n_levels + 1) * sizeof *n_below);

    if (s && limits && n_below) {
        *s = (struct matches){
            .level = level, .low = low, .high = high, .n = n, .n_levels = n_levels, .m = m, .short_count = short_count,
            .long_count = long_count, .n_below = n_below, .from = limits, .to = limits + n,
        };
        memset(short_count, 0, n * sizeof *short_count);
        memset(long_count, 0, n * sizeof *long_count);
        for (size_t i = 0; i < n; i++) {
            s->from[i] = level[i] < 0 ? 0 : low[level[i]];
            s->to[i] = level[i] < 0 ? 0 : high[level[i]] + 1;
        }
        for (size_t first = 0; first < n; first += STEP) {
            prepare_chunk(s, first);
            add(s);
        }
    }
    const int rc = s && limits && n_below ? 0 : kymo_fail(e, KYMO_ENOMEM, "no memory to match %zu samples", n);
    free(n_below);
    free(limits);
    free(s);
    return rc;
}
