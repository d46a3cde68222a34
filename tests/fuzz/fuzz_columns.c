/* tests/fuzz/fuzz_columns.c - tables read whole.
 *
 * Property: bytes are read as a table or refused with a cause; a table that was read, printed as CSV, is read back with the same
 * names and cells, and as many numbers. */
#include "fuzz.h"

#include "lib/columns.h"
#include "lib/table.h"

static struct kymo_columns *read_bytes(const void *p, size_t n, struct kymo_err *e)
{
    struct kymo_input *const in = kymo_input_memory("t.csv", p, n, e);
    struct kymo_columns *const t = kymo_columns_read(in, e);

    kymo_input_close(in);
    return t;
}

static void print_as_csv(const struct kymo_columns *t, struct kymo_output *out)
{
    struct kymo_column *const column = calloc(t->n, sizeof *column);
    struct kymo_err e = {0};

    for (size_t c = 0; c < t->n; c++)
        column[c].name = t->name[c];
    struct kymo_table *const table = kymo_table_create(out, KYMO_CSV, column, t->n, &e);
    for (size_t r = 0; r < t->n_rows; r++) {
        for (size_t c = 0; c < t->n; c++)
            kymo_cell_text(table, kymo_columns_cell(t, r, c));
        must(kymo_row_end(table, &e) == 0, "a row can be printed");
    }
    must(kymo_table_finish(table, &e) == 0, "a table can be printed");
    kymo_table_destroy(table);
    free(column);
}

static void must_be_same(const struct kymo_columns *a, const struct kymo_columns *b)
{
    must(a->n == b->n && a->n_rows == b->n_rows, "as many rows and columns");
    for (size_t c = 0; c < a->n; c++) {
        const struct kymo_columns_count x = kymo_columns_numbers(a, c, NULL), y = kymo_columns_numbers(b, c, NULL);
        must(strcmp(a->name[c], b->name[c]) == 0, "the same names");
        must(x.numbers == y.numbers && x.missing == y.missing && x.others == y.others && x.commas == y.commas, "the same numbers");
        must(x.numbers + x.missing + x.others == a->n_rows, "each cell is counted once");
        for (size_t r = 0; r < a->n_rows; r++)
            must(strcmp(kymo_columns_cell(a, r, c), kymo_columns_cell(b, r, c)) == 0, "the same cells");
    }
}

/* Whether the line of names is sure to be taken for what it is: with no other separator, no comment, no byte order mark. Of one
 * column, empty cells would be lines without anything, which are left out. */
static bool is_plain(const struct kymo_columns *t)
{
    for (size_t c = 0; c < t->n; c++)
        if (strpbrk(t->name[c], ";\t"))
            return false;
    return t->n > 1 && t->name[0][0] != '#' && strncmp(t->name[0], "\xef\xbb\xbf", 3) != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    struct kymo_columns *const t = read_bytes(data, n, &e);

    must(t || e.n > 0, "a failure has a cause");
    if (t && is_plain(t)) {
        struct kymo_output *const out = kymo_output_memory(&e);
        size_t n_out;
        print_as_csv(t, out);
        const unsigned char *const bytes = kymo_output_bytes(out, &n_out);
        struct kymo_columns *const back = read_bytes(bytes, n_out, &e);
        must(back, "what was printed is read");
        must_be_same(t, back);
        kymo_columns_close(back);
        kymo_output_destroy(out);
    }
    kymo_columns_close(t);
    return 0;
}
