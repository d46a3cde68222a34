/* cli/report_fill.c - a report as data: how it is filled. See report.h. */
#include "cli/report.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 4000
#define DAY_S 86400

static void fail(struct report *r)
{
    if (r->rc == 0)
        r->rc = kymo_fail(&r->err, KYMO_ENOMEM, "no memory for a report");
}

/* Room for one more of *n in *all, zeroed; NULL where there was an error. */
static void *add(struct report *r, void **all, size_t *n, size_t size)
{
    if (r->rc < 0)
        return NULL;
    if ((*n & (*n - 1)) == 0) {   /* room is for a power of 2 */
        void *const more = realloc(*all, (*n ? 2 * *n : 1) * size);
        if (!more) {
            fail(r);
            return NULL;
        }
        *all = more;
    }
    return memset((char *)*all + (*n)++ * size, 0, size);
}

static const char *keep(struct report *r, const char *text)
{
    const char *const kept = text && *text ? kymo_text_keep(&r->text, text, strlen(text)) : "";

    if (!kept)
        fail(r);
    return kept ? kept : "";
}

static const char *keep_printed(struct report *r, const char *fmt, va_list list)
{
    char text[LONGEST];

    vsnprintf(text, sizeof text, fmt, list);
    return keep(r, text);
}

const char *report_keep(struct report *r, const char *fmt, ...)
{
    va_list list;

    va_start(list, fmt);
    const char *const text = keep_printed(r, fmt, list);
    va_end(list);
    return text;
}

/* ---- the whole ---- */

void report_begin(struct report *r, const char *title, const char *of)
{
    r->title = keep(r, title);
    r->of = keep(r, of);
}

int report_rc(const struct report *r, struct kymo_err *e)
{
    if (r->rc < 0)
        *e = r->err;
    return r->rc;
}

void report_release(struct report *r)
{
    for (size_t i = 0; i < r->n_sections; i++) {
        for (size_t k = 0; k < r->section[i].n_blocks; k++) {
            free(r->section[i].block[k].item);
            free(r->section[i].block[k].column);
            free(r->section[i].block[k].cell);
        }
        free(r->section[i].block);
    }
    free(r->section);
    kymo_text_free(&r->text);
}

/* ---- sections and blocks ---- */

void report_section(struct report *r, const char *key, const char *title)
{
    struct report_section *const s = add(r, (void **)&r->section, &r->n_sections, sizeof *s);

    if (s)
        *s = (struct report_section){.key = keep(r, key), .title = keep(r, title)};
}

static struct report_block *add_block(struct report *r, enum report_kind kind)
{
    struct report_section *const s = r->rc == 0 && r->n_sections ? &r->section[r->n_sections - 1] : NULL;
    struct report_block *const b = s ? add(r, (void **)&s->block, &s->n_blocks, sizeof *b) : NULL;

    if (b)
        *b = (struct report_block){.kind = kind, .key = "", .title = "", .text = ""};
    return b;
}

/* The last, if it is of that kind. */
static struct report_block *last_block(struct report *r, enum report_kind kind)
{
    struct report_section *const s = r->rc == 0 && r->n_sections ? &r->section[r->n_sections - 1] : NULL;
    struct report_block *const b = s && s->n_blocks ? &s->block[s->n_blocks - 1] : NULL;

    return b && b->kind == kind ? b : NULL;
}

void report_text(struct report *r, const char *fmt, ...)
{
    struct report_block *const b = add_block(r, REPORT_TEXT);
    va_list list;

    if (!b)
        return;
    va_start(list, fmt);
    b->text = keep_printed(r, fmt, list);
    va_end(list);
}

void report_items(struct report *r, const char *key, const char *title)
{
    struct report_block *const b = add_block(r, REPORT_ITEMS);

    if (b) {
        b->key = keep(r, key);
        b->title = keep(r, title);
    }
}

void report_item(struct report *r, const struct report_item *item)
{
    struct report_block *const b = last_block(r, REPORT_ITEMS);
    struct report_item *const i = b ? add(r, (void **)&b->item, &b->n_items, sizeof *i) : NULL;

    if (!i)
        return;
    *i = *item;
    i->key = keep(r, item->key);
    i->name = keep(r, item->name);
    i->text = item->text ? keep(r, item->text) : NULL;
    i->unit = keep(r, item->unit);
    i->rule = keep(r, item->rule);
}

void report_table(struct report *r, const char *key, const char *title, const struct report_column *column, size_t n)
{
    struct report_block *const b = add_block(r, REPORT_TABLE);

    if (!b)
        return;
    b->key = keep(r, key);
    b->title = keep(r, title);
    if (!(b->column = malloc(n * sizeof *column))) {
        fail(r);
        return;
    }
    memcpy(b->column, column, n * sizeof *column);
    b->n_columns = n;
}

static void add_cell(struct report *r, struct report_cell cell)
{
    struct report_block *const b = last_block(r, REPORT_TABLE);
    struct report_cell *const c = b ? add(r, (void **)&b->cell, &b->n_cells, sizeof *c) : NULL;

    if (c)
        *c = cell;
}

void report_cell(struct report *r, double number) { add_cell(r, (struct report_cell){.number = number}); }

void report_cell_text(struct report *r, const char *text)
{
    add_cell(r, (struct report_cell){.number = (double)NAN, .text = keep(r, text)});
}

void report_cell_identity(struct report *r, const char *text)
{
    add_cell(r, (struct report_cell){.number = (double)NAN, .text = keep(r, text), .identity = true});
}

void report_figure(struct report *r, const struct report_figure *figure)
{
    struct report_block *const b = add_block(r, REPORT_FIGURE);

    if (!b)
        return;
    b->figure = *figure;
    b->figure.key = keep(r, figure->key);
    b->figure.title = keep(r, figure->title);
    b->figure.caption = keep(r, figure->caption);
}

const struct report_item *report_item_of(const struct report *r, const char *key)
{
    for (size_t i = 0; i < r->n_sections; i++)
        for (size_t k = 0; k < r->section[i].n_blocks; k++) {
            const struct report_block *const b = &r->section[i].block[k];
            for (size_t m = 0; m < b->n_items; m++)
                if (strcmp(b->item[m].key, key) == 0)
                    return &b->item[m];
        }
    return NULL;
}

const struct report_block *report_table_of(const struct report *r, const char *key)
{
    for (size_t i = 0; i < r->n_sections; i++)
        for (size_t k = 0; k < r->section[i].n_blocks; k++) {
            const struct report_block *const b = &r->section[i].block[k];
            if (b->kind == REPORT_TABLE && strcmp(b->key, key) == 0)
                return b;
        }
    return NULL;
}

void report_summary(struct report *r, size_t at, const char *key, const char *title, const char *const *keys, size_t n)
{
    report_section(r, key, title);
    report_items(r, key, "Main figures");
    for (size_t i = 0; i < n; i++) {
        const struct report_item *const item = report_item_of(r, keys[i]);
        if (item)
            report_item(r, item);
    }
    if (r->rc < 0)
        return;
    const struct report_section last = r->section[r->n_sections - 1];
    memmove(&r->section[at + 1], &r->section[at], (r->n_sections - 1 - at) * sizeof last);
    r->section[at] = last;
}

/* ---- the usual items ---- */

void report_number_at(struct report *r, const char *key, const char *name, double number, int decimals, double at_s,
                      const char *unit, const char *rule)
{
    const struct report_item item = {
        .key = key, .name = name, .number = number, .decimals = decimals, .unit = unit, .rule = rule,
        .at_s = isnan(number) ? (double)NAN : at_s,
    };

    report_item(r, &item);
}

void report_number(struct report *r, const char *key, const char *name, double number, int decimals, const char *unit,
                   const char *rule)
{
    report_number_at(r, key, name, number, decimals, (double)NAN, unit, rule);
}

void report_word(struct report *r, const char *key, const char *name, const char *text)
{
    const struct report_item item = {
        .key = key, .name = name, .number = (double)NAN, .text = text, .unit = "", .rule = "", .at_s = (double)NAN,
    };

    report_item(r, &item);
}

void report_identity(struct report *r, const char *key, const char *name, const char *text)
{
    const struct report_item item = {
        .key = key, .name = name, .number = (double)NAN, .text = text, .unit = "", .rule = "", .at_s = (double)NAN,
        .identity = true,
    };

    if (*text)
        report_item(r, &item);
}

/* ---- what is shown ---- */

void report_time_text(const struct report *r, double t_s, char *text, size_t cap)
{
    char from[48], clock[48] = "";

    chart_time_text(t_s, 1, from, sizeof from);
    if (r->start.has_time && t_s > -DAY_S) {
        const int64_t s = (r->start.time_ns / KYMO_NS_PER_S + llround(t_s) + DAY_S) % DAY_S;
        snprintf(clock, sizeof clock, " (%02d:%02d:%02d)", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
    }
    snprintf(text, cap, "%s%s", from, clock);
}

void report_item_text(const struct report *r, const struct report_item *item, char *text, size_t cap)
{
    char at[96];
    int n = item->text ? snprintf(text, cap, "%s", item->text)
          : isnan(item->number) ? snprintf(text, cap, "none") : snprintf(text, cap, "%.*f", item->decimals, item->number);

    if (!isnan(item->at_s) && n >= 0 && (size_t)n < cap) {
        report_time_text(r, item->at_s, at, sizeof at);
        snprintf(text + n, cap - (size_t)n, " at %s", at);
    }
}

bool report_has_rules(const struct report_block *b)
{
    for (size_t i = 0; i < b->n_items; i++)
        if (*b->item[i].unit || *b->item[i].rule)
            return true;
    return false;
}

void report_cell_shown(const struct report_column *column, const struct report_cell *cell, char *text, size_t cap)
{
    if (cell->text)
        snprintf(text, cap, "%s", cell->text);
    else if (isnan(cell->number))
        snprintf(text, cap, "\u2013");
    else if (column->is_time)
        chart_time_text(cell->number, 1, text, cap);
    else
        snprintf(text, cap, "%.*f", column->decimals, cell->number);
}
