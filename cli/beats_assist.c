/* cli/beats_assist.c - see beats_assist.h. */
#include "cli/beats_assist.h"
#include "lib/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_NS (KYMO_NS_PER_S * 3 / 20)

enum { GROUPS = 64 };   /* CLUSTER_MOST, and more */

struct assist {
    const struct heart *h;
    const struct beatclass *class;
    const struct kymo_columns *table;
    size_t cluster_column, time_column, type_column;   /* table->n: none */
    int n_groups;
    char type[GROUPS][2];         /* of each group; "" where nothing was said */
};

static int wrong(const struct assist *a, size_t row, struct kymo_err *e, const char *what, const char *text, size_t n)
{
    return kymo_fail_at(e, KYMO_EDATA, a->table->input, kymo_columns_line(a->table, row), what, (int)(n > 40 ? 40 : n), text);
}

/* A cell without blanks round it, "" where there is no such column; *n: its length. */
static const char *cell_of(const struct assist *a, size_t row, size_t column, size_t *n)
{
    const char *cell = column < a->table->n ? kymo_columns_cell(a->table, row, column) : "";

    *n = kymo_trim(&cell, strlen(cell));
    return cell;
}

static int find_columns(struct assist *a, struct kymo_err *e)
{
    const struct kymo_columns *const t = a->table;

    a->cluster_column = kymo_columns_find(t, "cluster");
    a->time_column = kymo_columns_find(t, "time_s");
    a->type_column = kymo_columns_find(t, "type");
    if (a->type_column == t->n || (a->cluster_column == t->n && a->time_column == t->n))
        return kymo_fail_at(e, KYMO_EDATA, t->input, -1, "among the columns must be type, and cluster or time_s");
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

/* The group that a row speaks of, or a negative code. */
static int group_of_row(const struct assist *a, size_t row, struct kymo_err *e)
{
    size_t n;
    int64_t number;
    const char *cell = cell_of(a, row, a->cluster_column, &n);

    if (n > 0) {
        if (!kymo_parse_int(cell, n, &number) || number < 0 || number >= a->n_groups)
            return wrong(a, row, e, "cluster \"%.*s\" is not the number of one", cell, n);
        return (int)number;
    }
    cell = cell_of(a, row, a->time_column, &n);
    if (!kymo_parse_time(cell, n, &number))
        return wrong(a, row, e, "neither a cluster nor a time: \"%.*s\"", cell, n);
    const int group = group_at(a, number);
    return group >= 0 ? group : wrong(a, row, e, "no beat with a shape within 150 ms of %.*s s", cell, n);
}

static int read_row(struct assist *a, size_t row, struct kymo_err *e)
{
    size_t n;
    const char *const cell = cell_of(a, row, a->type_column, &n);
    const int group = group_of_row(a, row, e);

    if (group < 0)
        return group;
    if (n != 1 || !memchr("NLRBSAaJjenVEFQ/f", *cell, 17))
        return wrong(a, row, e, "type \"%.*s\" is not that of a beat, as N, S, V, F, Q", cell, n);
    if (*a->type[group] && *a->type[group] != *cell)
        return kymo_fail_at(e, KYMO_EDATA, a->table->input, kymo_columns_line(a->table, row),
                            "cluster %d is %s already, and now %c", group, a->type[group], *cell);
    a->type[group][0] = *cell;
    return 0;
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

static int read_table(struct assist *a, struct kymo_err *e)
{
    int rc = find_columns(a, e);

    for (size_t row = 0; rc == 0 && row < a->table->n_rows; row++)
        rc = read_row(a, row, e);
    return rc;
}

int beats_assist(const char *path, const struct heart *h, struct beatclass *class, struct kymo_err *e)
{
    struct kymo_columns *const table = kymo_columns_open(path, e);
    struct assist a = {.h = h, .class = class, .table = table};

    if (!table)
        return e->cause[0].code;
    for (size_t i = 0; i < h->n; i++)
        a.n_groups = class[i].cluster >= a.n_groups ? class[i].cluster + 1 : a.n_groups;
    const int rc = read_table(&a, e);
    kymo_columns_close(table);
    for (size_t i = 0; rc == 0 && i < h->n; i++)
        if (class[i].cluster >= 0 && *a.type[class[i].cluster])
            relabel(a.type[class[i].cluster], &class[i]);
    return rc;
}
