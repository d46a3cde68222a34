/* cli/report.h - a report as data: sections of texts, values, tables and figures, in the order of reading.
 *
 * It is filled once (report_holter.c, report_strips.c, report_oximetry.c, report_made.c) and printed by three printers
 * (report_html.c, report_pdf.c, report_json.c), which know nothing of hearts; kymo export takes numbers from it. Filling cannot
 * fail at once: the first error is kept, and comes out of report_rc. Texts that are given are copied; charts are views, and
 * must stay until all is printed. */
#ifndef KYMO_CLI_REPORT_H
#define KYMO_CLI_REPORT_H

#include "cli/chart.h"
#include "lib/record.h"

#define REPORT_WIDTH_MM 185.0     /* of what is printed: A4 and Letter have it, with margins */

/* A number, and how it was come by. */
struct report_item {
    const char *key, *name;       /* key: in JSON, "sdnn_ms" */
    double number;                /* NaN: none */
    int decimals;
    const char *text;             /* instead of the number; NULL */
    const char *unit, *rule;      /* "" where there is nothing to say */
    double at_s;                  /* when it was; NaN: no such time */
    bool identity;                /* tells whom the recording is of: kymo deid takes it out of a page */
};

struct report_column {
    const char *key, *name;
    int decimals;
    bool is_time;                 /* s from the start, shown as h:mm:ss */
};

/* text NULL: a number, or, NaN, nothing. */
struct report_cell {
    double number;
    const char *text;
    bool identity;
};

struct report_series {
    const char *key;
    const double *x;
    size_t n;
};

#define REPORT_MOST_SERIES 8

struct report_figure {
    const char *key, *title;      /* title: what is seen, for those who cannot see it too */
    const char *caption;
    double width_mm, height_mm;
    double at_s;                  /* when; NaN: all the time */
    int (*draw)(struct kymo_draw *d, const struct chart_place *place, void *chart, struct kymo_err *e);
    void *chart;
    struct report_series series[REPORT_MOST_SERIES];   /* what is drawn, for JSON */
    size_t n_series;
    bool beside;                  /* has room beside the figure before it */
    bool whole_page;
};

enum report_kind { REPORT_TEXT, REPORT_ITEMS, REPORT_TABLE, REPORT_FIGURE };

struct report_block {
    enum report_kind kind;
    const char *key, *title;      /* of items and tables */
    const char *text;
    struct report_item *item;
    size_t n_items;
    struct report_column *column;
    size_t n_columns;
    struct report_cell *cell;     /* row by row */
    size_t n_cells;
    struct report_figure figure;
};

struct report_section {
    const char *key, *title;
    struct report_block *block;
    size_t n_blocks;
};

struct report {
    const char *title, *of;       /* "Holter report"; " of 100", or "" */
    struct kymo_start start;      /* of the recording, as far as it may be told */
    struct report_section *section;
    size_t n_sections;
    struct kymo_text_piece *text;
    struct kymo_err err;          /* the first */
    int rc;
};

/* zeroed memory to begin with */
void report_begin(struct report *r, const char *title, const char *of);
void report_release(struct report *r);
int report_rc(const struct report *r, struct kymo_err *e);

void report_section(struct report *r, const char *key, const char *title);
void report_text(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void report_items(struct report *r, const char *key, const char *title);     /* items follow */
void report_item(struct report *r, const struct report_item *item);
void report_table(struct report *r, const char *key, const char *title, const struct report_column *column, size_t n);
void report_cell(struct report *r, double number);                            /* row by row, of the last table */
void report_cell_text(struct report *r, const char *text);
void report_cell_identity(struct report *r, const char *text);
void report_figure(struct report *r, const struct report_figure *figure);

/* A section at place AT, with those of all items so far whose keys are KEY[n], in that order. */
void report_summary(struct report *r, size_t at, const char *key, const char *title, const char *const *keys, size_t n);

const struct report_item *report_item_of(const struct report *r, const char *key);   /* the first of that key, or NULL */
const struct report_block *report_table_of(const struct report *r, const char *key);

/* A text of the report's. "" where memory ends. */
const char *report_keep(struct report *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The usual items. */
void report_number(struct report *r, const char *key, const char *name, double number, int decimals, const char *unit,
                   const char *rule);
void report_number_at(struct report *r, const char *key, const char *name, double number, int decimals, double at_s,
                      const char *unit, const char *rule);
void report_word(struct report *r, const char *key, const char *name, const char *text);
void report_identity(struct report *r, const char *key, const char *name, const char *text);   /* a word; nothing where "" */

/* "1:02:03", with the time of day where that is known: "1:02:03 (23:15:07)". cap >= 80 */
void report_time_text(const struct report *r, double t_s, char *text, size_t cap);

/* What is shown of an item: its number, text, time. cap >= 200 */
void report_item_text(const struct report *r, const struct report_item *item, char *text, size_t cap);
bool report_has_rules(const struct report_block *b);   /* whether any of its items has a unit or a rule */
void report_cell_shown(const struct report_column *column, const struct report_cell *cell, char *text, size_t cap);

/* To path, which may be "-". Returns 0 or a negative code. */
int report_print_html(const struct report *r, const char *path, struct kymo_err *e);
int report_print_json(const struct report *r, const char *path, struct kymo_err *e);
int report_print_pdf(const struct report *r, const char *path, bool letter, struct kymo_err *e);

#endif
