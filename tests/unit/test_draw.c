/* tests/unit/test_draw.c - pages to SVG, PNG and PDF: what is in them, and that they do not change. */
#include "support.h"

#include "lib/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct kymo_pen pen = {0x123456, 0.2, false};
static const struct kymo_font font = {3, 0, false};

struct place {
    char path[32];
};

static struct place make_folder(void)
{
    struct place f = {"/tmp/kymo-draw-XXXXXX"};

    assert_non_null(mkdtemp(f.path));
    return f;
}

static void path_of(const struct place *f, const char *name, char path[64]) { snprintf(path, 64, "%s/%s", f->path, name); }

/* The file's bytes, malloc'ed and ended with a 0; the file is removed. */
static char *take_file(const struct place *f, const char *name, size_t *n)
{
    char path[64], *const bytes = calloc(1, 1 << 20);

    path_of(f, name, path);
    FILE *const in = fopen(path, "rb");
    assert_non_null(in);
    assert_non_null(bytes);
    *n = fread(bytes, 1, (1 << 20) - 1, in);
    fclose(in);
    unlink(path);
    return bytes;
}

static void draw_page(struct kymo_draw *d)
{
    const double x[] = {1, 2, (double)NAN, 3, 4.255, 5}, y[] = {1, 1, 1, 2, 2, 2};

    kymo_draw_page(d, 100, 50);
    kymo_draw_begin(d, "trace");
    kymo_draw_clip(d, 0, 0, 50, 50);
    kymo_draw_lines(d, pen, x, y, 6);
    kymo_draw_unclip(d);
    kymo_draw_end(d);
    kymo_draw_dots(d, pen, x, y, 2);
    kymo_draw_area(d, 0xff0000, x, y, 6);
    kymo_draw_box(d, 0xff, 1, 2, 3, 4);
    kymo_draw_text(d, font, KYMO_CENTRE, 20, 30, "a<b>&\"c\" \xe9\x01");   /* latin-1 and a control character */
}

static void draw_pages(const struct place *f, const char *name, int n)
{
    struct kymo_err e = {0};
    char path[64];
    size_t pages = 0;

    path_of(f, name, path);
    struct kymo_draw *const d = kymo_draw_create(path, 100, "<title>", &e);
    assert_non_null(d);
    for (int i = 0; i < n; i++)
        draw_page(d);
    assert_int_equal(kymo_draw_finish(d, &pages, &e), 0);
    assert_int_equal(pages, n);
    kymo_draw_destroy(d);
}

static void svg_is_as_drawn(void **state)
{
    const struct place f = make_folder();
    size_t n;

    (void)state;
    draw_pages(&f, "x.svg", 1);
    char *const svg = take_file(&f, "x.svg", &n);
    assert_non_null(strstr(svg, "width=\"100mm\" height=\"50mm\" viewBox=\"0 0 100 50\""));
    assert_non_null(strstr(svg, "<title>&lt;title&gt;</title>"));
    assert_non_null(strstr(svg, "<g class=\"trace\">\n<clipPath id=\"clip1\"><rect x=\"0\" y=\"0\" width=\"50\" height=\"50\"/>"));
    assert_non_null(strstr(svg, " d=\"M1 1l1 0M3 2l1.26 0 0.74 0\"/>"));       /* 4.26 is what 4.255 is rounded to; 5 is 5 */
    assert_non_null(strstr(svg, " d=\"M1 1h0M2 1h0\"/>"));
    assert_non_null(strstr(svg, "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"#0000ff\"/>"));
    assert_non_null(strstr(svg, ">a&lt;b&gt;&amp;&quot;c&quot; \xc3\xa9 </text>"));
    free(svg);
    rmdir(f.path);
}

/* Big-endian, of a PNG's head. */
static unsigned number_at(const char *p)
{
    const unsigned char *const b = (const unsigned char *)p;

    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void png_and_pdf_have_their_size(void **state)
{
    const struct place f = make_folder();
    size_t n;

    (void)state;
    draw_pages(&f, "x.PNG", 1);
    char *const png = take_file(&f, "x.PNG", &n);
    assert_true(n > 24);
    assert_int_equal(number_at(png + 16), 394);   /* 100 mm at 100 dpi: 393.7 */
    assert_int_equal(number_at(png + 20), 197);
    draw_pages(&f, "x.pdf", 3);
    char *const pdf = take_file(&f, "x.pdf", &n);
    assert_memory_equal(pdf, "%PDF", 4);
    assert_non_null(memmem(pdf, n, "/Count 3", 8));
    assert_non_null(memmem(pdf, n, "[ 0 0 283.464567 141.732283 ]", 29));   /* 72 to the inch */
    assert_null(memmem(pdf, n, "CreationDate", 12));
    free(png);
    free(pdf);
    rmdir(f.path);
}

static void the_same_calls_give_the_same_bytes(void **state)
{
    static const char *const names[] = {"x.svg", "x.png", "x.pdf"};
    const struct place f = make_folder();

    (void)state;
    for (int i = 0; i < 3; i++) {
        size_t n[2];
        draw_pages(&f, names[i], 1);
        char *const a = take_file(&f, names[i], &n[0]);
        draw_pages(&f, names[i], 1);
        char *const b = take_file(&f, names[i], &n[1]);
        assert_int_equal(n[0], n[1]);
        assert_memory_equal(a, b, n[0]);
        free(a);
        free(b);
    }
    rmdir(f.path);
}

static void pages_of_pictures_have_numbers(void **state)
{
    const struct place f = make_folder();
    size_t n[2];

    (void)state;
    draw_pages(&f, "x.svg", 2);
    char *const a = take_file(&f, "x.svg", &n[0]), *const b = take_file(&f, "x-2.svg", &n[1]);
    assert_string_equal(a, b);
    free(a);
    free(b);
    rmdir(f.path);
}

/* Nothing is left of a drawing that is not finished. */
static void what_is_not_finished_is_gone(void **state)
{
    static const char *const names[] = {"x.svg", "x.png", "x.pdf"};
    const struct place f = make_folder();
    struct kymo_err e = {0};
    char path[64];

    (void)state;
    for (int i = 0; i < 3; i++) {
        path_of(&f, names[i], path);
        struct kymo_draw *const d = kymo_draw_create(path, 100, "", &e);
        assert_non_null(d);
        draw_page(d);
        kymo_draw_destroy(d);
    }
    assert_int_equal(rmdir(f.path), 0);
}

static void errors_come_out_of_finish(void **state)
{
    static const char *const names[] = {"/tmp/no-such-folder/x.svg", "/tmp/no-such-folder/x.png", "/tmp/no-such-folder/x.pdf"};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct kymo_err e = {0};
        struct kymo_draw *const d = kymo_draw_create(names[i], 100, "", &e);
        assert_non_null(d);
        draw_page(d);
        draw_page(d);
        assert_int_equal(kymo_draw_finish(d, NULL, &e), KYMO_EIO);
        kymo_draw_destroy(d);
    }
    struct kymo_err e = {0};
    assert_null(kymo_draw_create("x.jpg", 100, "", &e));
    assert_int_equal(e.cause[0].code, KYMO_EUSAGE);
    assert_false(kymo_draw_can("svg"));
    assert_true(kymo_draw_can("a.b/x.SVG"));
}

/* Widths follow the size of the font exactly, and add up: DejaVu's digits are all as wide. */
static void text_is_measured(void **state)
{
    struct kymo_err e = {0};
    struct kymo_draw *const d = kymo_draw_create("x.svg", 100, "", &e);
    const struct kymo_font twice = {6, 0, false};

    (void)state;
    assert_non_null(d);
    const double one = kymo_draw_text_width(d, font, "1");
    assert_true(one > 0.5 && one < 3);
    assert_true(fabs(kymo_draw_text_width(d, font, "1234") - 4 * one) < 0.01);   /* the font's own units: 1/2048 */
    assert_true(fabs(kymo_draw_text_width(d, twice, "1") - 2 * one) < 0.01);
    assert_true(kymo_draw_text_width(d, font, "") == 0);
    kymo_draw_destroy(d);
}

/* Pages inside of what somebody else writes: svg elements with titles and clips of their own, and nothing before they are asked
 * for or behind their end. */
static void svg_goes_into_an_output(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *const out = kymo_output_memory(&e);
    struct kymo_draw *const d = kymo_draw_create_inside(out, &e);
    size_t n = 0, pages = 0;

    (void)state;
    assert_non_null(d);
    assert_int_equal(kymo_put_text(out, "<p>", &e), 0);
    kymo_draw_title(d, "one & only");
    draw_page(d);
    kymo_draw_end_page(d);
    assert_int_equal(kymo_put_text(out, "</p>", &e), 0);
    kymo_draw_title(d, "two");
    draw_page(d);
    assert_int_equal(kymo_draw_finish(d, &pages, &e), 0);
    assert_int_equal(pages, 2);
    kymo_draw_destroy(d);
    assert_int_equal(kymo_put(out, "", 1, &e), 0);
    const char *const text = (const char *)kymo_output_bytes(out, &n);
    assert_int_equal(strncmp(text, "<p><svg ", 8), 0);
    assert_non_null(strstr(text, "<title>one &amp; only</title>"));
    assert_non_null(strstr(text, "</svg>\n</p><svg "));
    assert_non_null(strstr(text, "<title>two</title>"));
    assert_non_null(strstr(text, "id=\"clip1\""));
    assert_non_null(strstr(text, "id=\"clip2\""));
    assert_string_equal(text + n - 8, "</svg>\n");
    kymo_output_destroy(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svg_goes_into_an_output), cmocka_unit_test(svg_is_as_drawn), cmocka_unit_test(png_and_pdf_have_their_size),
        cmocka_unit_test(the_same_calls_give_the_same_bytes), cmocka_unit_test(pages_of_pictures_have_numbers),
        cmocka_unit_test(what_is_not_finished_is_gone), cmocka_unit_test(errors_come_out_of_finish),
        cmocka_unit_test(text_is_measured),
    };

    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kymo_draw_forget_fonts();
    return failed;
}
