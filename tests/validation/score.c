/* tests/validation/score.c - scores detected beats against reference annotations, as ANSI/AAMI EC57 wants it.
 *
 *   score FROM_S LEAST_PCT DIR RECORD...
 *
 * For each record: its annotations "atr" against DIR/NAME.csv (kymo-events(5)); beats from FROM_S on, 150 ms window, VF left
 * out. Prints a line for each record and the gross line; exits 1 if gross sensitivity or positive predictivity lies below
 * LEAST_PCT. The rules are in algorithms/beatmatch.h. */
#include "algorithms/beatmatch.h"
#include "lib/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct series {
    struct beatmatch_mark *mark;
    size_t n, cap;
};

static int by_time(const void *a, const void *b)
{
    const struct beatmatch_mark *x = a, *y = b;

    return (x->time > y->time) - (x->time < y->time);
}

/* All annotations of a recording, at their samples. */
static int read_series(const char *path, const char *annotator, struct series *s, struct kymo_ratio *rate, int64_t *length,
                       struct kymo_err *e)
{
    const struct kymo_want want = {.no_samples = true, .annotator = annotator};
    struct kymo_reader *r = kymo_open(path, &want, e);
    struct kymo_block *b;
    int rc = r ? 0 : e->cause[0].code;

    if (r && r->source.n_signals > 0) {
        *rate = r->source.signal[0].rate;
        *length = r->source.signal[0].n_samples;
    }
    while (r && (rc = kymo_read(r, &b, e)) > 0)
        for (size_t i = 0; i < b->n_events; i++) {
            if (s->n == s->cap) {
                s->cap = s->cap ? 2 * s->cap : 4096;
                s->mark = realloc(s->mark, s->cap * sizeof *s->mark);
                if (!s->mark)
                    abort();
            }
            s->mark[s->n++] = (struct beatmatch_mark){b->event[i].sample,
                                                      beatmatch_kind_of(b->event[i].type, b->event[i].subtype)};
        }
    kymo_close(r);
    if (s->n > 0)
        qsort(s->mark, s->n, sizeof *s->mark, by_time);
    return rc;
}

static void print_line(const char *name, const struct beatmatch_table *t, double rr_ms)
{
    const struct beatmatch_ratio se = beatmatch_qrs_sensitivity(t), pp = beatmatch_qrs_predictivity(t);

    printf("%-10s %7lld %6lld %6lld %8.3f %8.3f", name, (long long)se.whole, (long long)(se.whole - se.part),
           (long long)(pp.whole - pp.part), beatmatch_percent(se), beatmatch_percent(pp));
    if (isfinite(rr_ms))
        printf(" %8.2f", rr_ms);
    printf("\n");
}

static int score_record(const char *path, const char *dir, double from_s, struct beatmatch_table *gross, struct kymo_err *e)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    struct series ref = {0}, test = {0};
    struct kymo_ratio rate = {1, 1};
    struct beatmatch m;
    int64_t length = 0, unused;
    struct kymo_ratio no_rate;
    char file[4096];

    snprintf(file, sizeof file, "%s/%s.csv", dir, name);
    int rc = read_series(path, "atr", &ref, &rate, &length, e);
    if (rc == 0)
        rc = read_series(file, NULL, &test, &no_rate, &unused, e);
    if (rc == 0) {
        const double fs = kymo_ratio_real(rate);
        const struct beatmatch_options o = {.window = (int64_t)(0.15 * fs + 0.5), .start = (int64_t)(from_s * fs),
                                            .end = length};
        rc = beatmatch_compare(&(struct beatmatch_series){ref.mark, ref.n}, &(struct beatmatch_series){test.mark, test.n},
                               &o, &m, e);
        if (rc == 0) {
            print_line(name, &m.table, beatmatch_rr_error_ms(&m, fs));
            beatmatch_add(gross, &m.table);
            beatmatch_release(&m);
        }
    }
    free(ref.mark);
    free(test.mark);
    return rc;
}

int main(int argc, char **argv)
{
    struct beatmatch_table gross = {{{0}}};
    struct kymo_err e = {0};
    char text[1000];

    if (argc < 5) {
        fprintf(stderr, "usage: score FROM_S LEAST_PCT DIR RECORD...\n");
        return 2;
    }
    printf("%-10s %7s %6s %6s %8s %8s %8s\n", "record", "beats", "missed", "false", "Se_pct", "+P_pct", "RR_ms");
    for (int i = 4; i < argc; i++)
        if (score_record(argv[i], argv[3], strtod(argv[1], NULL), &gross, &e) < 0) {
            kymo_err_text(&e, 0, text, sizeof text);
            fprintf(stderr, "score: %s\n", text);
            return 1;
        }
    print_line("gross", &gross, (double)NAN);
    const double least = strtod(argv[2], NULL);
    const bool reached = beatmatch_percent(beatmatch_qrs_sensitivity(&gross)) >= least &&
                         beatmatch_percent(beatmatch_qrs_predictivity(&gross)) >= least;
    return reached ? 0 : 1;
}
