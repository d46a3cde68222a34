/* tests/unit/test_writer.c - the face of all writers: formats by name, those that cannot write, failures of the output.
 *
 * What the stream's writer writes is tested in test_kymo.c. */
#include "support.h"

static void formats_are_found_by_name(void **state)
{
    (void)state;
    assert_non_null(kymo_format_named("kymo"));
    assert_non_null(kymo_format_named("edf"));
    assert_string_equal(kymo_format_named("wfdb")->name, "wfdb");
    assert_null(kymo_format_named("KYMO"));
    assert_null(kymo_format_named(""));
}

static void a_format_that_cannot_write_says_so(void **state)
{
    static const struct kymo_format reads_only = {.name = "tape"};
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_output *out = kymo_output_memory(&e);
    (void)state;

    kymo_header_init(&h);
    assert_null(kymo_create(&reads_only, out, &h, 0, &e));
    assert_error(&e, KYMO_EUSAGE, "kymo does not write tape");
    kymo_output_destroy(out);
    kymo_writer_destroy(NULL);
}

static void a_full_disk_is_an_error(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_output *out = kymo_output_open("/dev/full", &e);
    (void)state;

    kymo_header_init(&h);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &e);
    assert_non_null(w);
    assert_int_equal(kymo_write_finish(w, &e), 0);
    assert_int_equal(kymo_output_finish(out, &e), KYMO_EIO);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
}

static void a_writer_keeps_its_own_copy_of_the_header(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_output *out = kymo_output_memory(&e);
    (void)state;

    kymo_header_init(&h);
    kymo_header_add_track(&h, "atr", &e);
    struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &e);
    kymo_header_release(&h);
    assert_string_equal(w->hdr.track[0], "atr");
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_found_by_name),
        cmocka_unit_test(a_format_that_cannot_write_says_so),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_writer_keeps_its_own_copy_of_the_header),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
