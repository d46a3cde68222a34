/* tests/unit/test_input.c - bytes in: the same from memory, a file and a pipe in pieces of any size. */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct kymo_input *memory(const char *text)
{
    struct kymo_err e = {0};

    return kymo_input_memory("mem", text, strlen(text), &e);
}

static void peek_does_not_move_and_skip_does(void **state)
{
    struct kymo_err e = {0};
    struct kymo_input *in = memory("abcdef");
    const unsigned char *p;
    (void)state;

    assert_int_equal(kymo_peek(in, 2, &p, &e), 2);
    assert_int_equal(kymo_peek(in, 100, &p, &e), 6);
    assert_memory_equal(p, "abcdef", 6);
    kymo_skip(in, 4);
    assert_int_equal(kymo_offset(in), 4);
    assert_int_equal(kymo_peek(in, 100, &p, &e), 2);
    kymo_skip(in, 2);
    assert_int_equal(kymo_peek(in, 1, &p, &e), 0);
    assert_int_equal(kymo_input_size(in), 6);
    kymo_input_close(in);
}

static void take_knows_an_end_from_a_cut(void **state)
{
    struct kymo_err e = {0};
    struct kymo_input *in = memory("abcde");
    char to[4];
    (void)state;

    assert_int_equal(kymo_take(in, to, 4, &e), 4);
    assert_int_equal(kymo_take(in, to, 4, &e), KYMO_EFORMAT);
    assert_error(&e, KYMO_EFORMAT, "mem:4: input stops 1 bytes into an item of 4");
    kymo_skip(in, 1);
    assert_int_equal(kymo_take(in, to, 4, &e), 0);
    kymo_input_close(in);
}

static void assert_line(struct kymo_input *in, int wanted, const char *text)
{
    struct kymo_err e = {0};
    const char *line = "";
    size_t n = 0;

    assert_int_equal(kymo_line(in, 100, &line, &n, &e), wanted);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(line, text, n);
}

static void bytes_are_those_of_an_input_in_memory(void **state)
{
    const char *text = "abc";
    struct kymo_err e = {0};
    struct kymo_input *in = kymo_input_memory("mem", text, 3, &e), *file = kymo_input_open("/dev/null", &e);
    size_t n;

    (void)state;
    kymo_skip(in, 2);
    assert_ptr_equal(kymo_input_bytes(in, &n), text);
    assert_int_equal(n, 3);
    assert_null(kymo_input_bytes(file, &n));
    assert_int_equal(n, 0);
    kymo_input_close(in);
    kymo_input_close(file);
}

static void lines_end_in_lf_or_crlf_or_not_at_all(void **state)
{
    struct kymo_input *in = memory("one\ntwo\r\n\n\r\nlast");
    (void)state;

    assert_line(in, 1, "one");
    assert_line(in, 1, "two");
    assert_line(in, 1, "");
    assert_line(in, 1, "");
    assert_line(in, 2, "last");
    assert_line(in, 0, "");
    kymo_input_close(in);
}

/* A limit that is only looked at between reads would let a line through that no reader has room for. */
static void no_line_is_longer_than_its_limit(void **state)
{
    static const size_t limits[] = {1, 10, 4095, 4096, 5000, 65536};
    char *text = malloc(300002);
    (void)state;

    for (size_t i = 0; i < COUNT_OF(limits); i++)
        for (size_t n = limits[i] - 1; n <= 4 * limits[i]; n += 1 + n / 7)
            for (int end = 0; end < 2; end++) {
                struct kymo_err e = {0};
                const char *line;
                size_t len;
                memset(text, 'x', n);
                text[n] = '\n';
                struct kymo_input *in = kymo_input_memory("mem", text, n + (size_t)end, &e);
                const int rc = kymo_line(in, limits[i], &line, &len, &e);
                if (n > limits[i])
                    assert_error(&e, KYMO_EFORMAT, "mem:0: a line of more than");
                else
                    assert_int_equal(rc, n + (size_t)end == 0 ? 0 : 2 - end);
                kymo_input_close(in);
            }
    free(text);
}

static void fill(unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(i * 7 + i / 256);
}

/* Peeks of any size, skips of less, seeks forward: always the bytes that stand there. */
static void assert_reads_as(struct kymo_input *in, const unsigned char *bytes, size_t n, uint64_t seed)
{
    struct dice d = {seed};
    struct kymo_err e = {0};
    const unsigned char *p;

    for (size_t at = 0; at < n;) {
        const size_t want = 1 + roll_below(&d, roll_below(&d, 10) ? 5000 : 600000), left = n - at;
        const ssize_t got = kymo_peek(in, want, &p, &e);
        assert_int_equal(got, want < left ? want : left);
        assert_memory_equal(p, bytes + at, (size_t)got);
        const size_t step = 1 + roll_below(&d, (size_t)got);
        at += step;
        if (roll_below(&d, 2))
            kymo_skip(in, step);
        else
            assert_int_equal(kymo_seek(in, (int64_t)at, &e), 0);
        assert_int_equal(kymo_offset(in), at);
    }
    assert_int_equal(kymo_peek(in, 1, &p, &e), 0);
}

static void a_file_reads_as_its_bytes_and_seeks_both_ways(void **state)
{
    const size_t n = 1500000;
    unsigned char *bytes = malloc(n);
    struct folder f;
    struct kymo_err e = {0};
    char path[160];
    const unsigned char *p;
    (void)state;

    fill(bytes, n);
    folder_make(&f);
    folder_put(&f, "x", bytes, n);
    struct kymo_input *in = kymo_input_open(folder_path(&f, "x", path), &e);
    assert_non_null(in);
    assert_int_equal(kymo_input_size(in), n);
    assert_reads_as(in, bytes, n, 20);
    assert_int_equal(kymo_seek(in, 17, &e), 0);
    assert_int_equal(kymo_peek(in, 100, &p, &e), 100);
    assert_memory_equal(p, bytes + 17, 100);
    assert_int_equal(kymo_seek(in, (int64_t)n + 1000, &e), 0);
    assert_int_equal(kymo_peek(in, 1, &p, &e), 0);
    kymo_input_close(in);
    folder_remove(&f);
    free(bytes);
}

static void a_pipe_reads_as_its_bytes_and_seeks_forward_only(void **state)
{
    const size_t n = 1500000;
    unsigned char *bytes = malloc(n);
    struct kymo_err e = {0};
    struct folder f;
    char path[160], command[400];
    (void)state;

    fill(bytes, n);
    folder_make(&f);
    folder_put(&f, "x", bytes, n);
    snprintf(command, sizeof command, "cat %s", folder_path(&f, "x", path));
    FILE *pipe = popen(command, "r");
    snprintf(path, sizeof path, "/dev/fd/%d", fileno(pipe));
    struct kymo_input *in = kymo_input_open(path, &e);
    assert_non_null(in);
    assert_int_equal(kymo_input_size(in), -1);
    assert_reads_as(in, bytes, n, 21);
    assert_int_equal(kymo_seek(in, 1, &e), KYMO_EIO);
    assert_error(&e, KYMO_EIO, "cannot go back to byte 1 of a pipe");
    kymo_input_close(in);
    pclose(pipe);
    folder_remove(&f);
    free(bytes);
}

static void a_missing_file_and_a_directory_are_named(void **state)
{
    struct kymo_err e = {0}, f = {0};
    (void)state;

    assert_null(kymo_input_open("/nonexistent/x", &e));
    assert_error(&e, KYMO_EIO, "/nonexistent/x: No such file or directory");
    assert_null(kymo_input_open("/tmp", &f));
    assert_error(&f, KYMO_EIO, "/tmp: is a directory");
}

static void a_read_error_is_told(void **state)
{
    struct kymo_err e = {0};
    const unsigned char *p;
    (void)state;

    struct kymo_input *in = kymo_input_open("/proc/self/mem", &e);   /* page 0 cannot be read */
    assert_non_null(in);
    assert_int_equal(kymo_peek(in, 1, &p, &e), KYMO_EIO);
    assert_error(&e, KYMO_EIO, "/proc/self/mem:0: ");
    kymo_input_close(in);
    kymo_input_close(NULL);
}

/* Who waits puts the next of these behind what there is, and after the last ends the input. */
struct giver {
    const char *const *text;
    int fd, waits;
};

static int give(void *self, int fd, int64_t waited_ns, struct kymo_err *e)
{
    struct giver *const g = self;
    const char *const text = g->text[g->waits];

    (void)e;
    assert_true(fd >= 0 && waited_ns >= 0);
    if (!text)
        return 0;
    g->waits++;
    assert_int_equal(write(g->fd, text, strlen(text)), strlen(text));
    return 1;
}

static bool is_four(void *of) { return kymo_offset(of) == 4; }

static void a_file_that_grows_is_followed(void **state)
{
    static const char *const parts[] = {"cd", "", "e", NULL};
    char path[] = "/tmp/kymo-follow-XXXXXX", to[8];
    struct giver g = {parts, mkstemp(path), 0};
    const struct kymo_patience patience = {give, &g};
    struct kymo_err e = {0};
    const unsigned char *p;
    (void)state;

    assert_int_equal(write(g.fd, "ab", 2), 2);
    struct kymo_input *in = kymo_input_open(path, &e);
    assert_non_null(in);
    kymo_input_be_patient(in, &patience);
    assert_int_equal(kymo_peek_ready(in, 1, 100, &p, &e), 2);   /* what is there, without waiting */
    assert_int_equal(g.waits, 0);
    assert_int_equal(kymo_take(in, to, 4, &e), 4);
    assert_memory_equal(to, "abcd", 4);
    assert_int_equal(kymo_input_now(in, 1, to, 8), 3);
    assert_int_equal(kymo_peek(in, 2, &p, &e), 1);              /* nobody gives more: the end */
    assert_int_equal(g.waits, 3);
    kymo_input_close(in);

    in = kymo_input_open(path, &e);
    g.waits = 0;
    kymo_input_be_patient(in, &patience);
    kymo_input_until(in, is_four, in);
    assert_int_equal(kymo_take(in, to, 4, &e), 4);
    kymo_skip(in, (size_t)kymo_peek(in, 1, &p, &e));
    assert_int_equal(kymo_offset(in), 5);
    assert_int_equal(g.waits, 0);
    kymo_input_close(in);
    close(g.fd);
    unlink(path);
}

static void a_pipe_gives_what_there_is(void **state)
{
    static const char *const parts[] = {"c\nd", "\n", NULL};
    int ends[2];
    char path[64];
    struct kymo_err e = {0};
    const unsigned char *p;
    const char *line;
    size_t n;
    (void)state;

    assert_int_equal(pipe(ends), 0);
    struct giver g = {parts, ends[1], 0};
    const struct kymo_patience patience = {give, &g};
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct kymo_input *in = kymo_input_open(path, &e);
    assert_non_null(in);
    kymo_input_be_patient(in, &patience);
    assert_int_equal(write(ends[1], "ab", 2), 2);
    assert_int_equal(kymo_peek_ready(in, 1, 100, &p, &e), 2);
    assert_false(kymo_line_ready(in));
    assert_int_equal(kymo_line(in, 100, &line, &n, &e), 1);
    assert_int_equal(n, 3);
    assert_memory_equal(line, "abc", 3);
    assert_int_equal(g.waits, 1);
    assert_false(kymo_line_ready(in));                          /* a piece of one is none */
    assert_int_equal(kymo_line(in, 100, &line, &n, &e), 1);
    assert_int_equal(n, 1);
    assert_int_equal(kymo_peek(in, 1, &p, &e), 0);
    kymo_input_close(in);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peek_does_not_move_and_skip_does),
        cmocka_unit_test(take_knows_an_end_from_a_cut),
        cmocka_unit_test(bytes_are_those_of_an_input_in_memory),
        cmocka_unit_test(lines_end_in_lf_or_crlf_or_not_at_all),
        cmocka_unit_test(no_line_is_longer_than_its_limit),
        cmocka_unit_test(a_file_reads_as_its_bytes_and_seeks_both_ways),
        cmocka_unit_test(a_pipe_reads_as_its_bytes_and_seeks_forward_only),
        cmocka_unit_test(a_missing_file_and_a_directory_are_named),
        cmocka_unit_test(a_read_error_is_told),
        cmocka_unit_test(a_file_that_grows_is_followed),
        cmocka_unit_test(a_pipe_gives_what_there_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
