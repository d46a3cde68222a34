/* tests/unit/test_output.c - bytes out: files come whole or not at all, and no error is lost. */
#include "support.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_folder(void **state)
{
    struct folder *f = malloc(sizeof *f);

    folder_make(f);
    *state = f;
    return 0;
}

static int remove_folder(void **state)
{
    folder_remove(*state);
    free(*state);
    return 0;
}

static void assert_file(const char *path, const char *wanted)
{
    char text[100] = "";
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof text - 1, file), strlen(wanted));
    fclose(file);
    assert_string_equal(text, wanted);
}

static int count_files(const struct folder *f)
{
    DIR *dir = opendir(f->path);
    int n = 0;

    for (struct dirent *d; (d = readdir(dir));)
        n += d->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void a_file_appears_when_it_is_finished(void **state)
{
    const struct folder *f = *state;
    struct kymo_err e = {0};
    char path[160];
    struct stat st;

    struct kymo_output *out = kymo_output_open(folder_path(f, "x", path), &e);
    assert_non_null(out);
    assert_int_equal(kymo_put_text(out, "new", &e), 0);
    assert_int_equal(kymo_output_flush(out, &e), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(kymo_output_finish(out, &e), 0);
    kymo_output_destroy(out);
    assert_file(path, "new");
    assert_int_equal(count_files(f), 1);
    const mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0666 & ~mask);
}

static void an_unfinished_file_leaves_the_old_one(void **state)
{
    const struct folder *f = *state;
    struct kymo_err e = {0};
    char path[160];

    folder_put(f, "x", "old", 3);
    struct kymo_output *out = kymo_output_open(folder_path(f, "x", path), &e);
    assert_int_equal(kymo_put_text(out, "new", &e), 0);
    assert_int_equal(kymo_output_flush(out, &e), 0);
    kymo_output_destroy(out);
    assert_file(path, "old");
    assert_int_equal(count_files(f), 1);
}

static void a_finished_file_takes_the_place_of_the_old(void **state)
{
    const struct folder *f = *state;
    struct kymo_err e = {0};
    char path[160];

    folder_put(f, "x", "old", 3);
    struct kymo_output *out = kymo_output_open(folder_path(f, "x", path), &e);
    assert_int_equal(kymo_putf(out, &e, "%s %d", "new", 7), 0);
    assert_int_equal(kymo_output_finish(out, &e), 0);
    kymo_output_destroy(out);
    assert_file(path, "new 7");
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    struct kymo_err e = {0};
    char path[160];

    assert_null(kymo_output_open(folder_path(*state, "no/x", path), &e));
    assert_error(&e, KYMO_EIO, "cannot be written: No such file or directory");
}

static void a_place_that_cannot_be_taken_is_an_error_and_leaves_nothing(void **state)
{
    const struct folder *f = *state;
    struct kymo_err e = {0};
    char path[160];

    struct kymo_output *out = kymo_output_open(folder_path(f, "x", path), &e);
    assert_int_equal(mkdir(path, 0777), 0);
    assert_int_equal(kymo_output_finish(out, &e), KYMO_EIO);
    assert_error(&e, KYMO_EIO, "cannot be put in place");
    kymo_output_destroy(out);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(count_files(f), 0);
}

static void a_full_disk_is_an_error(void **state)
{
    struct kymo_err e = {0}, late = {0};
    char *much = calloc(1, 300000);
    (void)state;

    struct kymo_output *out = kymo_output_open("/dev/full", &e);
    assert_non_null(out);
    assert_int_equal(kymo_put(out, "x", 1, &e), 0);
    assert_int_equal(kymo_output_finish(out, &e), KYMO_EIO);
    assert_error(&e, KYMO_EIO, "/dev/full: cannot be written: No space left on device");
    kymo_output_destroy(out);
    out = kymo_output_open("/dev/full", &late);
    assert_int_equal(kymo_put(out, much, 300000, &late), KYMO_EIO);
    kymo_output_destroy(out);
    free(much);
}

static void a_reader_that_left_is_an_error(void **state)
{
    struct kymo_err e = {0};
    int fd[2];
    (void)state;

    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(fd), 0);
    const int saved = dup(STDOUT_FILENO);
    fflush(stdout);
    dup2(fd[1], STDOUT_FILENO);
    close(fd[1]);
    close(fd[0]);
    struct kymo_output *out = kymo_output_open("-", &e);
    const int put = kymo_put_text(out, "x", &e), flushed = kymo_output_flush(out, &e);
    kymo_output_destroy(out);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_int_equal(put, 0);
    assert_int_equal(flushed, KYMO_EIO);
    assert_error(&e, KYMO_EIO, "standard output: cannot be written: Broken pipe");
}

static void what_is_put_comes_out_in_order_whatever_its_size(void **state)
{
    const struct folder *f = *state;
    struct dice d = {30};
    struct kymo_err e = {0};
    struct bytes wanted = {0};
    struct kymo_output *memory = kymo_output_memory(&e);
    char path[160];
    struct kymo_output *file = kymo_output_open(folder_path(f, "x", path), &e);

    for (int k = 0; k < 200; k++) {
        const size_t n = roll_below(&d, roll_below(&d, 20) ? 3000 : 400000);
        const size_t at = wanted.n;
        for (size_t i = 0; i < n; i++)
            put_bytes(&wanted, &(unsigned char){(unsigned char)(k + (int)i)}, 1);
        assert_int_equal(kymo_put(memory, wanted.p + at, n, &e), 0);
        assert_int_equal(kymo_put(file, wanted.p + at, n, &e), 0);
    }
    assert_int_equal(kymo_output_finish(file, &e), 0);
    assert_int_equal(kymo_output_finish(memory, &e), 0);
    size_t n;
    const unsigned char *p = kymo_output_bytes(memory, &n);
    assert_int_equal(n, wanted.n);
    assert_memory_equal(p, wanted.p, n);
    unsigned char *read_back = malloc(n + 1);
    FILE *stream = fopen(path, "rb");
    assert_int_equal(fread(read_back, 1, n + 1, stream), n);
    fclose(stream);
    assert_memory_equal(read_back, wanted.p, n);
    free(read_back);
    bytes_free(&wanted);
    kymo_output_destroy(file);
    kymo_output_destroy(memory);
    kymo_output_destroy(NULL);
}

static void a_device_is_written_in_place(void **state)
{
    struct kymo_err e = {0};
    struct stat st;
    (void)state;

    struct kymo_output *out = kymo_output_open("/dev/null", &e);
    assert_int_equal(kymo_put_text(out, "x", &e), 0);
    assert_int_equal(kymo_output_finish(out, &e), 0);
    assert_false(kymo_output_is_terminal(out));
    kymo_output_destroy(out);
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
}

static void what_is_scratched_is_read_again_and_has_no_name(void **state)
{
    const struct folder *f = *state;
    char path[300], again[KYMO_REREAD_PATH];
    struct kymo_err e = {0};

    snprintf(path, sizeof path, "%s/x", f->path);
    struct kymo_output *out = kymo_output_scratch_for(path, "y", &e);
    assert_non_null(out);
    assert_string_equal(kymo_output_name(out), path);
    assert_int_equal(count_files(f), 0);
    assert_int_equal(kymo_put_text(out, "once more", &e), 0);
    assert_int_equal(kymo_output_reread(out, again, &e), 0);
    assert_file(again, "once more");
    kymo_output_destroy(out);
    setenv("TMPDIR", f->path, 1);
    assert_non_null(out = kymo_output_scratch_for("-", "y", &e));
    snprintf(path, sizeof path, "%s/y", f->path);
    assert_string_equal(kymo_output_name(out), path);
    kymo_output_destroy(out);
    setenv("TMPDIR", "/nonsense", 1);
    assert_null(kymo_output_scratch_for(NULL, "y", &e));
    assert_error(&e, KYMO_EIO, "/nonsense/y: cannot be written");
    unsetenv("TMPDIR");
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_file_appears_when_it_is_finished),
        WITH_FOLDER(an_unfinished_file_leaves_the_old_one),
        WITH_FOLDER(a_finished_file_takes_the_place_of_the_old),
        WITH_FOLDER(a_folder_that_is_not_there_is_an_error),
        WITH_FOLDER(a_place_that_cannot_be_taken_is_an_error_and_leaves_nothing),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_reader_that_left_is_an_error),
        WITH_FOLDER(what_is_put_comes_out_in_order_whatever_its_size),
        cmocka_unit_test(a_device_is_written_in_place),
        WITH_FOLDER(what_is_scratched_is_read_again_and_has_no_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
