/* cli/sleep_signal.c - sleep stages and body positions that a recording has as signals of codes, not as events. */
#include "cli/sleep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FASTEST_HZ 1000.0         /* a signal of codes is slow; what is faster is something else */

static bool is_slow(const struct kymo_signal *s)
{
    return s->kind == KYMO_OTHER && kymo_ratio_real(s->rate) <= FASTEST_HZ;
}

static bool is_hypnogram(const char *label)
{
    return strcasestr(label, "hypnogram") || kymo_same_text(label, "stage") || kymo_same_text(label, "stages") ||
           strcasestr(label, "sleep stage");
}

static bool is_position(const char *label)
{
    return strcasestr(label, "position") || kymo_same_text(label, "pos") || kymo_same_text(label, "body") ||
           strcasestr(label, "body pos");
}

/* The first signal whose label the test likes, or -1. */
static int find_signal(const struct kymo_header *h, bool (*likes)(const char *label))
{
    for (size_t i = 0; i < h->n_signals; i++)
        if (is_slow(&h->signal[i]) && likes(h->signal[i].label))
            return (int)i;
    return -1;
}

/* 0 wake, 1 and 2, 3 and 4 for N3, 5 REM: R and K of 1968, and AASM but for 4. */
static int stage_of_code(int code)
{
    static const unsigned char stages[] = {STAGE_W, STAGE_N1, STAGE_N2, STAGE_N3, STAGE_N3, STAGE_R};

    return code >= 0 && code < (int)sizeof stages ? stages[code] : STAGE_NONE;
}

/* Makers number positions as they like: the numbers stay. */
static int position_of_code(int code)
{
    return code >= 0 && code < SLEEP_CODES ? POSITIONS + code : POSITION_NONE;
}

/* Runs of equal codes become spans. */
static int read_codes(struct kymo_reader *r, int (*meaning)(int code), struct sleep_list *l, struct kymo_err *e)
{
    struct kymo_block *b;
    int last = -1, rc;
    int64_t end_ns = 0;

    while ((rc = kymo_read(r, &b, e)) > 0) {
        const size_t n = b->span[0].n;
        const double *const x = n ? kymo_physical(b, 0) : NULL;
        for (size_t i = 0; i < n; i++) {
            const int64_t from_ns = kymo_block_time(b, 0, b->span[0].first + (int64_t)i);
            const int is = fabs(x[i]) < 1e6 ? meaning((int)lround(x[i])) : 0;   /* no code where x is NaN */
            if ((is != last || from_ns != end_ns) && (rc = sleep_add_span(l, from_ns, is, e)) < 0)
                return rc;
            last = is;
            end_ns = kymo_block_time(b, 0, b->span[0].first + (int64_t)i + 1);
            l->span[l->n - 1].to_ns = end_ns;
        }
    }
    return rc;
}

static int read_signal(const struct kymo_call *call, const struct kymo_input_args *in, const struct kymo_header *h, int signal,
                       int (*meaning)(int code), struct sleep_list *l, struct kymo_err *e)
{
    struct kymo_call quiet = *call;
    struct kymo_input_args one = *in;
    char number[16];
    const char *const text[] = {number};
    const char *asked[] = {text[0]};

    quiet.log = (struct kymo_log){.warn = NULL};   /* the oximetry was read before, and told */
    snprintf(number, sizeof number, "%d", signal);
    one.signals = (struct kymo_strings){asked, 1};
    struct kymo_reader *const r = kymo_call_open(&quiet, &one, false, e);
    if (!r)
        return e->cause[0].code;
    const bool found = r->hdr.n_signals == 1 && strcmp(r->hdr.signal[0].label, h->signal[signal].label) == 0;
    const int rc = found ? read_codes(r, meaning, l, e) : 0;   /* else a label looks like that number */
    kymo_close(r);
    return rc;
}

int sleep_read_signals(const struct kymo_call *call, const struct kymo_input_args *in, const struct kymo_header *h,
                         struct sleep *s, struct kymo_err *e)
{
    const int stages = s->stages.n == 0 ? find_signal(h, is_hypnogram) : -1;
    const int positions = s->positions.n == 0 ? find_signal(h, is_position) : -1;
    int rc = 0;

    if (strcmp(kymo_operand(call), "-") == 0)
        return 0;                 /* what came through a pipe cannot be read again */
    if (stages >= 0)
        rc = read_signal(call, in, h, stages, stage_of_code, &s->stages, e);
    if (rc == 0 && positions >= 0)
        rc = read_signal(call, in, h, positions, position_of_code, &s->positions, e);
    return rc;
}
