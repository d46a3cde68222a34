/* tests/unit/test_files.c - which files belong to a recording, and whether they are still those. */
#include "support.h"

#include "lib/files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_folder(void **state)
{
    static struct folder f;

    folder_make(&f);
    *state = &f;
    return 0;
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    return 0;
}

static void put_file(const struct folder *f, const char *name, const char *text)
{
    folder_put(f, name, text, strlen(text));
}

/* The names of the files of a recording, with blanks between; "" where there are none. */
static const char *names_of(const struct folder *f, const char *recording, char text[256])
{
    struct kymo_err e = {0};
    char path[160];
    json_t *const files = kymo_files_of(folder_path(f, recording, path), NULL, &e), *file;
    const size_t n_folder = strlen(path) - strlen(recording);
    size_t i;

    text[0] = '\0';
    json_array_foreach(files, i, file) {
        if (i > 0)
            strcat(text, " ");
        strcat(text, json_string_value(json_object_get(file, "path")) + n_folder);
    }
    json_decref(files);
    return text;
}

static void a_record_is_its_header_what_that_names_and_its_annotations(void **state)
{
    const struct folder *const f = *state;
    char text[256];

    put_file(f, "x.hea", "# of a test\nx 3 100 10\nx.dat 212 200\nother.bin 16\r\nx.dat 212\n");
    put_file(f, "x.dat", "1");
    put_file(f, "other.bin", "2");
    for (const char *const *beside = (const char *const[]){"x.atr", "x.qrs_2", "x.csv", "x.EDF", "x.json", "x.csv.AbCdEf", "x.",
                                                           "xy.atr", "y.atr", NULL}; *beside; beside++)
        put_file(f, *beside, "3");
    assert_string_equal(names_of(f, "x", text), "x.hea x.dat other.bin x.atr x.qrs_2");
    assert_string_equal(names_of(f, "x.hea", text), "x.hea x.dat other.bin x.atr x.qrs_2");
    assert_string_equal(names_of(f, "x.csv", text), "x.csv");
    assert_string_equal(names_of(f, "none", text), "");
}

static void segments_bring_theirs_but_none_of_their_own(void **state)
{
    const struct folder *const f = *state;
    char text[256];

    put_file(f, "m.hea", "m/4 1 100 40\na 10\n~ 10\nm 10\ngone 10\n");
    put_file(f, "a.hea", "a/2 1 100 10\nm.dat 16\n");
    put_file(f, "m.dat", "1");
    assert_string_equal(names_of(f, "m", text), "m.hea a.hea m.dat");
}

static void names_may_be_patterns(void **state)
{
    const struct folder *const f = *state;
    char text[256];

    put_file(f, "[a]*.hea", "r 1\n[a]*.dat 16\n");
    put_file(f, "[a]*.dat", "1");
    put_file(f, "[a]*.atr", "1");
    put_file(f, "ab.atr", "1");
    assert_string_equal(names_of(f, "[a]*", text), "[a]*.hea [a]*.dat [a]*.atr");
}

static void a_header_that_is_no_text_is_a_file(void **state)
{
    const struct folder *const f = *state;
    char text[256], *const line = malloc(100001);

    memset(line, 'a', 100000);
    line[100000] = '\0';
    put_file(f, "long.hea", line);
    assert_string_equal(names_of(f, "long", text), "long.hea");
    put_file(f, "empty.hea", "");
    assert_string_equal(names_of(f, "empty", text), "empty.hea");
    free(line);
}

static void what_changed_is_named(void **state)
{
    const struct folder *const f = *state;
    struct kymo_err e = {0};
    char path[160];
    const struct timespec other[2] = {{.tv_sec = 1}, {.tv_sec = 1}};

    put_file(f, "c.csv", "abc");
    json_t *const files = kymo_files_of(folder_path(f, "c.csv", path), NULL, &e);
    assert_true(kymo_files_same(files));
    assert_int_equal(utimensat(AT_FDCWD, path, other, 0), 0);
    assert_true(kymo_files_same(files));        /* another time, the same bytes */
    put_file(f, "c.csv", "abd");
    assert_string_equal(kymo_files_changed(files), path);
    assert_int_equal(truncate(path, 2), 0);
    assert_false(kymo_files_same(files));
    assert_int_equal(remove(path), 0);
    assert_false(kymo_files_same(files));
    json_array_clear(files);
    assert_false(kymo_files_same(files));       /* of nothing nothing is known */
    json_decref(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_is_its_header_what_that_names_and_its_annotations, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(segments_bring_theirs_but_none_of_their_own, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(names_may_be_patterns, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_header_that_is_no_text_is_a_file, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_changed_is_named, make_folder, remove_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
