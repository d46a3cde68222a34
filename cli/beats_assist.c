/* cli/beats_assist.c - see beats_assist.h. */
#include "cli/beats_assist.h"
#include "lib/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_NS (KYMO_NS_PER_S * 3 / 20)

enum { LONGEST_LINE = 4096, GROUPS = 64 };

struct assist {
    const struct heart *h;
    const struct beatclass *class;
    const char *path;
    int64_t line;                 /* number of the one that is read */
    int cluster_column, time_column, type_column;   /* -1: none */
    char type[GROUPS][2];         /* of each group; "" where nothing was said */
};

static int wrong(const struct assist *a, struct kymo_err *e, const char *what, const char *text, size_t n)
{
    return kymo_fail_at(e, KYMO_EDATA, a->path, a->line, what, (int)(n > 40 ? 40 : n), text);
}

/* Column K of a line, trimmed and out of quotation marks. False where there is none. */
static bool cell_of(const char *line, size_t n, int k, const char **cell, size_t *length)
{
    const char *p = line;
    const char *const end = line + n;

    for (; k > 0 && p; k--) {
        p = memchr(p, ',', (size_t)(end - p));
        p = p ? p + 1 : NULL;
    }
    if (!p)
        return false;
    const char *const comma = memchr(p, ',', (size_t)(end - p));
    *cell = p;
    *length = kymo_trim(cell, (size_t)((comma ? comma : end) - p));
    if (*length >= 2 && **cell == '"' && (*cell)[*length - 1] == '"') {
        ++*cell;
        *length -= 2;
    }
    return true;
}

static int find_column(const char *line, size_t n, const char *name)
{
    const char *cell;
    size_t length;

    for (int k = 0; cell_of(line, n, k, &cell, &length); k++)
        if (length == strlen(name) && memcmp(cell, name, length) == 0)
            return k;
    return -1;
}

static int read_head(struct assist *a, const char *line, size_t n, struct kymo_err *e)
{
    a->cluster_column = find_column(line, n, "cluster");
    a->time_column = find_column(line, n, "time_s");
    a->type_column = find_column(line, n, "type");
    if (a->type_column < 0 || (a->cluster_column < 0 && a->time_column < 0))
        return wrong(a, e, "columns \"%.*s\", among which must be type, and cluster or time_s", line, n);
    return 0;
}

/* The group of the beat nearest to ns, -1 where there is none. */
static int group_at(const struct assist *a, int64_t ns)
{
    const struct heart *const h = a->h;
    size_t lo = 0, hi = h->n;

    while (lo < hi) {
        const size_t middle = (lo + hi) / 2;
        if (h->beat[middle].time_ns < ns)
            lo = middle + 1;
        else
            hi = middle;
    }
    if (lo == h->n || (lo > 0 && ns - h->beat[lo - 1].time_ns < h->beat[lo].time_ns - ns))
        lo -= lo > 0;
    return lo < h->n && llabs(h->beat[lo].time_ns - ns) <= NEAR_NS ? a->class[lo].cluster : -1;
}

/* The group that a line speaks of: its number, -1 where no beat is there, or a code below -1. */
static int group_of_line(const struct assist *a, const char *line, size_t n, struct kymo_err *e)
{
    const char *cell;
    size_t length;
    int64_t number;

    if (a->cluster_column >= 0 && cell_of(line, n, a->cluster_column, &cell, &length) && length > 0) {
        if (!kymo_parse_int(cell, length, &number) || number < 0 || number >= GROUPS)
            return wrong(a, e, "cluster \"%.*s\" is not the number of one", cell, length);
        return (int)number;
    }
    if (a->time_column < 0 || !cell_of(line, n, a->time_column, &cell, &length) || !kymo_parse_time(cell, length, &number))
        return wrong(a, e, "\"%.*s\" names neither a cluster nor a time", line, n);
    const int group = group_at(a, number);
    return group >= 0 ? group : wrong(a, e, "no beat with a shape within 150 ms of %.*s s", cell, length);
}

static int read_line(struct assist *a, const char *line, size_t n, struct kymo_err *e)
{
    const char *cell = "";
    size_t length = 0;
    const int group = group_of_line(a, line, n, e);

    if (group < 0)
        return group;
    if (!cell_of(line, n, a->type_column, &cell, &length) || length != 1 || !memchr("NLRBSAaJjenVEFQ/f", *cell, 17))
        return wrong(a, e, "type \"%.*s\" is not that of a beat, as N, S, V, F, Q", cell, length);
    if (*a->type[group] && *a->type[group] != *cell)
        return kymo_fail_at(e, KYMO_EDATA, a->path, a->line, "cluster %d is %s already, and now %c", group,
                            a->type[group], *cell);
    a->type[group][0] = *cell;
    return 0;
}

static int read_table(struct assist *a, struct kymo_input *in, struct kymo_err *e)
{
    const char *line;
    size_t n;
    int rc;

    while ((rc = kymo_line(in, LONGEST_LINE, &line, &n, e)) > 0) {
        a->line++;
        rc = a->line == 1 ? read_head(a, line, n, e) : n > 0 ? read_line(a, line, n, e) : 0;
        if (rc < 0)
            return rc;
    }
    if (rc == 0 && a->line == 0)
        rc = kymo_fail_at(e, KYMO_EDATA, a->path, -1, "no line: a table of clusters and types was to be there");
    return rc;
}

static enum beatclass_kind kind_of(char type)
{
    return strchr("SAaJjen", type) ? BEATCLASS_S : strchr("VE", type) ? BEATCLASS_V : type == 'F' ? BEATCLASS_F
           : strchr("Q/f", type) ? BEATCLASS_P : BEATCLASS_N;
}

static void relabel(const char *type, struct beatclass *c)
{
    const enum beatclass_kind kind = kind_of(*type);
    const float s = c->chance[BEATCLASS_S], n = c->chance[BEATCLASS_N];

    memset(c->chance, 0, sizeof c->chance);
    if (kind != BEATCLASS_N || !(s + n > 0)) {
        c->chance[kind] = 1;
        c->type[0] = *type;
        return;
    }
    c->chance[BEATCLASS_S] = s / (s + n);
    c->chance[BEATCLASS_N] = n / (s + n);
    if (!strchr("SAaJjen", c->type[0]))
        c->type[0] = *type;
}

int beats_assist(const char *path, const struct heart *h, struct beatclass *class, struct kymo_err *e)
{
    struct assist a = {.h = h, .class = class, .path = path};
    struct kymo_input *const in = kymo_input_open(path, e);

    if (!in)
        return e->cause[0].code;
    const int rc = read_table(&a, in, e);
    kymo_input_close(in);
    for (size_t i = 0; rc == 0 && i < h->n; i++)
        if (class[i].cluster >= 0 && *a.type[class[i].cluster])
            relabel(a.type[class[i].cluster], &class[i]);
    return rc;
}
