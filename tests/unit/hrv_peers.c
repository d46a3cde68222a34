/* tests/unit/hrv_peers.c - see hrv_peers.h. */
#include "tests/unit/hrv_peers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SERIES 200000

static FILE *open_reference(const char *name)
{
    const char *folder = getenv("KYMO_REFERENCE");
    char path[1024];

    if (!folder)
        return NULL;
    snprintf(path, sizeof path, "%s/hrv/%s", folder, name);
    return fopen(path, "r");
}

size_t read_peer_series(const char *series, double *nn_ms, size_t cap)
{
    char name[128];
    size_t n = 0;

    snprintf(name, sizeof name, "rr/%s.txt", series);
    FILE *f = open_reference(name);
    if (!f)
        return 0;
    while (n < cap && fscanf(f, "%lf", &nn_ms[n]) == 1)
        n++;
    fclose(f);
    return n;
}

/* series,n,peer,version,method,metric,value; a method that holds a comma is quoted. */
static int parse_value(const char *line, struct peer_value *v)
{
    if (sscanf(line, "%63[^,],%*[^,],%63[^,],%*[^,],\"%255[^\"]\",%63[^,],%lf", v->series, v->peer, v->method, v->metric,
               &v->value) == 5)
        return 1;
    return sscanf(line, "%63[^,],%*[^,],%63[^,],%*[^,],%255[^,],%63[^,],%lf", v->series, v->peer, v->method, v->metric,
                  &v->value) == 5;
}

static void sum_up(const double *nn_ms, size_t n, double *end_s)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += nn_ms[i];
        end_s[i] = sum / 1000;
    }
}

void for_each_peer_value(void (*each)(const struct nn_series *nn, const struct peer_value *v, void *arg), void *arg)
{
    FILE *f = open_reference("ALL_hrv.csv");
    char line[1024], series[64] = "";
    size_t n = 0;

    if (!f) {
        print_message("skipped: agreement with other programs (KYMO_REFERENCE unset, or no hrv there)\n");
        skip();
    }
    double *const nn_ms = malloc(MAX_SERIES * sizeof *nn_ms), *const end_s = malloc(MAX_SERIES * sizeof *end_s);
    assert_true(nn_ms && end_s);
    while (fgets(line, sizeof line, f)) {
        struct peer_value v;
        if (!parse_value(line, &v))
            continue;
        if (strcmp(series, v.series) != 0) {
            strcpy(series, v.series);
            n = read_peer_series(series, nn_ms, MAX_SERIES);
            sum_up(nn_ms, n, end_s);
        }
        if (n > 0)
            each(&(struct nn_series){.nn_ms = nn_ms, .end_s = end_s, .n = n}, &v, arg);
    }
    free(nn_ms);
    free(end_s);
    fclose(f);
}

void assert_agrees(double ours, const struct peer_value *v, double relative, double absolute)
{
    if (!(fabs(ours - v->value) <= fmax(relative * fabs(v->value), absolute)))
        fail_msg("%s %s (%s) of %s is %.15g there and %.15g here", v->peer, v->metric, v->method, v->series, v->value, ours);
}
