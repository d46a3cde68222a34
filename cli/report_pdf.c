/* cli/report_pdf.c - a report on pages of paper.
 *
 * What is printed flows down a column of REPORT_WIDTH_MM, and goes on on the next page where there is no room; the head of a
 * table is repeated there. Text is broken at blanks, by its width. */
#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOP_MM 20.0
#define BOTTOM_MM 16.0
#define LINE 1.45                 /* of the size of the font */
#define GAP_MM 2.0                /* between columns */
#define LONGEST 1200              /* of a cell's text */
#define MOST_COLUMNS 32
#define LONG_TABLE 30             /* rows from which on a narrow table goes beside itself */
#define BESIDE_MM 9.0             /* between its parts */

struct paper {
    const struct report *r;
    const char *title;
    struct kymo_draw *d;
    double width, height, left, y;   /* y: where the next thing goes */
    int n_pages;
};

static const struct kymo_font body = {2.9, CHART_INK, false}, strong = {2.9, CHART_INK, true}, small = {2.5, CHART_INK, false},
                              small_bold = {2.5, CHART_INK, true}, pale = {2.5, 0x4d4d4d, false},
                              title_font = {5.6, CHART_INK, true}, section_font = {4.4, CHART_INK, true},
                              block_font = {3.4, CHART_INK, true};
static const struct kymo_pen rule_pen = {0xcccccc, 0.15, false}, head_pen = {CHART_GREY, 0.3, false},
                             section_pen = {CHART_BLUE, 0.4, false};

/* ---- pages ---- */

static void new_page(struct paper *p)
{
    char number[24];

    kymo_draw_page(p->d, p->width, p->height);
    snprintf(number, sizeof number, "page %d", ++p->n_pages);
    const double foot = p->height - 9, right = p->left + REPORT_WIDTH_MM;
    chart_text_within(p->d, pale, KYMO_LEFT, p->left, 12, REPORT_WIDTH_MM, p->title);
    kymo_draw_line(p->d, rule_pen, p->left, 14, right, 14);
    kymo_draw_text(p->d, pale, KYMO_LEFT, p->left, foot, "For research and quality review; not for clinical decisions.");
    kymo_draw_text(p->d, pale, KYMO_RIGHT, right, foot, number);
    p->y = TOP_MM;
}

static double room(const struct paper *p) { return p->height - BOTTOM_MM - p->y; }

/* Room for so much, on this page or the next. */
static void want(struct paper *p, double height)
{
    if (room(p) < height && p->y > TOP_MM)
        new_page(p);
}

/* ---- text ---- */

/* How many bytes of text fit on a line: up to a blank, or, of a word that is too long, up to where it has to be cut. */
static size_t fit_line(struct paper *p, struct kymo_font font, const char *text, double width)
{
    char line[LONGEST];
    size_t best = 0, n = 0;

    while (text[n] && n + 1 < sizeof line) {
        size_t next = n + strcspn(text + n + (n > 0), " ") + (n > 0);
        next = next < sizeof line ? next : sizeof line - 1;
        memcpy(line, text, next);
        line[next] = '\0';
        if (kymo_draw_text_width(p->d, font, line) > width)
            break;
        best = n = next;
    }
    if (best > 0 || !*text)
        return best;
    for (n = 1; text[n] && n + 1 < sizeof line; n++) {   /* a letter at a time */
        if (((unsigned char)text[n] & 0xc0) == 0x80)
            continue;
        memcpy(line, text, n);
        line[n] = '\0';
        if (n > 1 && kymo_draw_text_width(p->d, font, line) > width)
            break;
        best = n;
    }
    return best > 0 ? best : strlen(text);
}

/* Draws text in lines of width from x, y (its baseline) on; draw false: only counts them. Returns how many there are. */
static int put_lines(struct paper *p, struct kymo_font font, enum kymo_anchor anchor, double x, double y, double width,
                     const char *text, bool draw)
{
    char line[LONGEST];
    int n_lines = 0;

    while (*text) {
        const size_t n = fit_line(p, font, text, width);
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        if (draw)
            kymo_draw_text(p->d, font, anchor, anchor == KYMO_RIGHT ? x + width : x, y + n_lines * LINE * font.size_mm, line);
        n_lines++;
        text += n;
        text += strspn(text, " ");
    }
    return n_lines;
}

static void put_paragraph(struct paper *p, struct kymo_font font, const char *text)
{
    const double line = LINE * font.size_mm;
    const int n = put_lines(p, font, KYMO_LEFT, 0, 0, REPORT_WIDTH_MM, text, false);

    want(p, n * line + 1);
    p->y += p->y > TOP_MM ? 1 : 0;
    put_lines(p, font, KYMO_LEFT, p->left, p->y + font.size_mm, REPORT_WIDTH_MM, text, true);
    p->y += n * line + 1;
}

/* ---- tables ---- */

/* A table as the printer sees it: all cells as texts. */
struct grid {
    size_t n_columns;
    double width[MOST_COLUMNS];
    bool is_right[MOST_COLUMNS];
    const char *head[MOST_COLUMNS];
    struct kymo_font font[MOST_COLUMNS];
};

/* The lines that the tallest cell has. */
static double row_height(struct paper *p, const struct grid *g, const char *const *cell)
{
    int most = 1;

    for (size_t c = 0; c < g->n_columns; c++) {
        const int n = put_lines(p, g->font[c], KYMO_LEFT, 0, 0, g->width[c], cell[c], false);
        most = n > most ? n : most;
    }
    return most * LINE * small.size_mm + 0.9;
}

static void put_cells(struct paper *p, const struct grid *g, const char *const *cell, bool is_head, double height)
{
    double x = p->left;

    for (size_t c = 0; c < g->n_columns; c++) {
        put_lines(p, is_head ? small_bold : g->font[c], g->is_right[c] ? KYMO_RIGHT : KYMO_LEFT, x, p->y + small.size_mm,
                  g->width[c], cell[c], true);
        x += g->width[c] + GAP_MM;
    }
    p->y += height;
    kymo_draw_line(p->d, is_head ? head_pen : rule_pen, p->left, p->y - 0.3, x - GAP_MM, p->y - 0.3);
}

static double head_height(struct paper *p, const struct grid *g)
{
    struct grid head = *g;
    for (size_t c = 0; c < g->n_columns; c++)
        head.font[c] = small_bold;
    return row_height(p, &head, g->head);
}

static void put_head(struct paper *p, const struct grid *g)
{
    put_cells(p, g, g->head, true, head_height(p, g));
    p->y += 0.4;
}

static void put_row(struct paper *p, const struct grid *g, const char *const *cell)
{
    const double height = row_height(p, g, cell);

    if (room(p) < height) {
        new_page(p);
        if (*g->head[0])
            put_head(p, g);
    }
    put_cells(p, g, cell, false, height);
}

/* A title with its head and the first row do not part. */
static void put_block_title(struct paper *p, const char *title, double with)
{
    want(p, 4 + LINE * block_font.size_mm + with);
    p->y += p->y > TOP_MM ? 3 : 0;
    put_paragraph(p, block_font, title);
}

static void put_items(struct paper *p, const struct report_block *b)
{
    const struct grid four = {
        4, {52, 47, 16, REPORT_WIDTH_MM - 115 - 3 * GAP_MM}, {false}, {"Measure", "Value", "Unit", "Rule"},
        {small, small_bold, small, pale},
    };
    const struct grid two = {2, {52, REPORT_WIDTH_MM - 52 - GAP_MM}, {false}, {"", ""}, {small, small_bold}};
    const bool rules = report_has_rules(b);
    char shown[LONGEST];

    put_block_title(p, b->title, 15);
    if (rules)
        put_head(p, &four);
    for (size_t i = 0; i < b->n_items; i++) {
        const struct report_item *const m = &b->item[i];
        report_item_text(p->r, m, shown, sizeof shown);
        put_row(p, rules ? &four : &two, (const char *const[]){m->name, shown, isnan(m->number) ? "" : m->unit, m->rule});
    }
}

static double longest_word(struct paper *p, const char *text)
{
    char word[LONGEST];
    double most = 0;

    while (*text) {
        const size_t n = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, text);
        most = fmax(most, kymo_draw_text_width(p->d, small_bold, word));
        text += n;
        text += strspn(text, " ");
    }
    return most;
}

/* Columns are as wide as their widest cell; where that is too much, those of words get what the others leave. */
static void set_widths(struct paper *p, const struct report_block *b, struct grid *g)
{
    double all = GAP_MM * (double)(g->n_columns - 1), words = 0, least = 0;
    char shown[LONGEST];

    for (size_t c = 0; c < g->n_columns; c++) {
        g->head[c] = b->column[c].name;
        g->width[c] = longest_word(p, g->head[c]);
        g->is_right[c] = true;
        g->font[c] = small;
        for (size_t i = c; i < b->n_cells; i += b->n_columns) {
            report_cell_shown(&b->column[c], &b->cell[i], shown, sizeof shown);
            g->width[c] = fmax(g->width[c], kymo_draw_text_width(p->d, small, shown));
            g->is_right[c] = g->is_right[c] && !b->cell[i].text;
        }
        all += g->width[c] += 0.2;
        words += g->is_right[c] ? 0 : g->width[c];
    }
    for (size_t c = 0; all > REPORT_WIDTH_MM && c < g->n_columns; c++)
        if (!g->is_right[c] && g->width[c] < words / 6)
            least += g->width[c];    /* short ones keep theirs */
    const double share = fmax(0.1, (words - least - (all - REPORT_WIDTH_MM)) / fmax(1, words - least));
    for (size_t c = 0; all > REPORT_WIDTH_MM && c < g->n_columns; c++)
        if (!g->is_right[c] && g->width[c] >= words / 6)
            g->width[c] *= share;
}

static void put_table_row(struct paper *p, const struct report_block *b, const struct grid *g, size_t row)
{
    char shown[MOST_COLUMNS][LONGEST];
    const char *cell[MOST_COLUMNS];

    for (size_t c = 0; c < g->n_columns; c++) {
        report_cell_shown(&b->column[c], &b->cell[row * b->n_columns + c], shown[c], sizeof shown[c]);
        cell[c] = shown[c];
    }
    put_row(p, g, cell);
}

/* How often a long table that is narrow has room beside itself. */
static size_t count_beside(const struct grid *g, size_t n_rows, double *each)
{
    *each = BESIDE_MM;
    for (size_t c = 0; c < g->n_columns; c++)
        *each += g->width[c] + (c ? GAP_MM : 0);
    return n_rows < LONG_TABLE ? 1 : (size_t)fmax(1, floor((REPORT_WIDTH_MM + BESIDE_MM) / *each));
}

/* The rows in parts beside each other, down the page and then to its head again. Rows have one line. */
static void put_parts(struct paper *p, const struct report_block *b, const struct grid *g, size_t n_rows, size_t n_beside,
                      double each)
{
    const double height = LINE * small.size_mm + 0.9, head = head_height(p, g) + 0.4, left = p->left;

    for (size_t done = 0; done < n_rows;) {
        const double top = p->y;
        const size_t fit = (size_t)fmax(1, floor((room(p) - head) / height)), all = (n_rows - done + n_beside - 1) / n_beside;
        const size_t part = fit < all ? fit : all;
        double bottom = top;
        for (size_t k = 0; k < n_beside && done < n_rows; k++) {
            p->left = left + (double)k * each;
            p->y = top;
            put_head(p, g);
            for (size_t i = 0; i < part && done < n_rows; i++)
                put_table_row(p, b, g, done++);
            bottom = fmax(bottom, p->y);
        }
        p->left = left;
        p->y = bottom;
        if (done < n_rows)
            new_page(p);
    }
}

static void put_table(struct paper *p, const struct report_block *b)
{
    const size_t n_rows = b->n_columns ? b->n_cells / b->n_columns : 0;
    struct grid g = {.n_columns = b->n_columns < MOST_COLUMNS ? b->n_columns : MOST_COLUMNS};
    double each;

    set_widths(p, b, &g);
    put_block_title(p, b->title, head_height(p, &g) + 6);
    const size_t n_beside = count_beside(&g, n_rows, &each);
    if (n_beside > 1) {
        put_parts(p, b, &g, n_rows, n_beside, each);
        return;
    }
    put_head(p, &g);
    for (size_t i = 0; i < n_rows; i++)
        put_table_row(p, b, &g, i);
}

/* ---- figures ---- */

static int caption_of(struct paper *p, const struct report_figure *f, double x, double width, bool draw)
{
    char text[LONGEST];

    snprintf(text, sizeof text, "%s%s%s", f->title, *f->caption ? ". " : "", f->caption);
    return put_lines(p, small, KYMO_LEFT, x, p->y + small.size_mm, width, text, draw);
}

static int put_figure(struct paper *p, const struct report_figure *f, const struct report_figure *next, struct kymo_err *e)
{
    const double line = LINE * small.size_mm, width = next ? f->width_mm - 3 : REPORT_WIDTH_MM;
    double height = 0;
    int lines = 0;

    for (const struct report_figure *g = f; g; g = g == f ? next : NULL) {
        const int n = caption_of(p, g, 0, width, false);
        lines = n > lines ? n : lines;
        height = fmax(height, g->height_mm);
    }
    want(p, f->whole_page ? 1e9 : lines * line + height + 4);
    p->y += 2;
    for (const struct report_figure *g = f; g; g = g == f ? next : NULL) {
        const double x = p->left + (g == f ? 0 : f->width_mm);
        const double top = p->y + lines * line + 0.5, left = p->height - BOTTOM_MM - top;
        const struct chart_place place = {x, top, g->width_mm, fmin(g->height_mm, left)};
        caption_of(p, g, x, width, true);
        const int rc = g->draw(p->d, &place, g->chart, e);
        if (rc < 0)
            return rc;
    }
    p->y += lines * line + 0.5 + height + 1.5;
    return 0;
}

/* ---- all of it ---- */

static int put_section(struct paper *p, const struct report_section *s, bool is_last, struct kymo_err *e)
{
    int rc = 0;

    want(p, is_last ? 1e9 : 40);
    p->y += p->y > TOP_MM ? 6 : 0;
    put_paragraph(p, section_font, s->title);
    kymo_draw_line(p->d, section_pen, p->left, p->y, p->left + REPORT_WIDTH_MM, p->y);
    p->y += 2;
    for (size_t i = 0; rc == 0 && i < s->n_blocks; i++) {
        const struct report_block *const b = &s->block[i];
        const bool pair = b->kind == REPORT_FIGURE && i + 1 < s->n_blocks && s->block[i + 1].kind == REPORT_FIGURE &&
                          s->block[i + 1].figure.beside;
        if (b->kind == REPORT_TEXT)
            put_paragraph(p, body, b->text);
        else if (b->kind == REPORT_ITEMS)
            put_items(p, b);
        else if (b->kind == REPORT_TABLE)
            put_table(p, b);
        else
            rc = put_figure(p, &b->figure, pair ? &s->block[++i].figure : NULL, e);
    }
    return rc;
}

int report_print_pdf(const struct report *r, const char *path, bool letter, struct kymo_err *e)
{
    char title[512];
    struct paper p = {.r = r, .title = title, .width = letter ? 215.9 : 210, .height = letter ? 279.4 : 297};
    int rc = 0;

    snprintf(title, sizeof title, "%s%s", r->title, r->of);
    if (!(p.d = kymo_draw_create(path, 0, p.title, e)))
        return e->cause[0].code;
    p.left = (p.width - REPORT_WIDTH_MM) / 2;
    new_page(&p);
    put_paragraph(&p, title_font, p.title);
    put_paragraph(&p, strong, "For research and quality review; not for clinical decisions.");
    for (size_t i = 0; rc == 0 && i < r->n_sections; i++)
        rc = put_section(&p, &r->section[i], i + 1 == r->n_sections, e);
    if (rc == 0)
        rc = kymo_draw_finish(p.d, NULL, e);
    kymo_draw_destroy(p.d);
    return rc;
}
