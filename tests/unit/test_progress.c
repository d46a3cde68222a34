/* tests/unit/test_progress.c - the line that tells how far long work is: on a terminal of our own, by a clock of our own. */
#include "support.h"

#include "lib/progress.h"

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define S INT64_C(1000000000)
#define BEGAN (1000 * S)
#define HOUR (3600 * S)

/* Standard error is a terminal that we see from the other side. */
struct terminal {
    int seen, kept_stderr;
};

static struct terminal open_terminal(unsigned short columns)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};
    struct terminal t;
    int slave;

    assert_int_equal(openpty(&t.seen, &slave, NULL, NULL, &size), 0);
    t.kept_stderr = dup(STDERR_FILENO);
    dup2(slave, STDERR_FILENO);
    close(slave);
    return t;
}

/* What was drawn; the terminal is gone. */
static void close_terminal(const struct terminal *t, char text[1000])
{
    const ssize_t ended = write(STDERR_FILENO, "$", 1);
    size_t n = 0;
    ssize_t got = 1;

    while (got > 0 && n < 999 && (n == 0 || text[n - 1] != '$')) {
        got = read(t->seen, text + n, 999 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    dup2(t->kept_stderr, STDERR_FILENO);
    close(t->kept_stderr);
    close(t->seen);
    assert_true(ended == 1 && n > 0 && text[n - 1] == '$');
    text[n - 1] = '\0';
}

static void reading_tells_part_rate_and_time_left(void **state)
{
    const struct terminal t = open_terminal(100);
    struct kymo_progress p = {.what = ""};
    char text[1000];

    (void)state;
    kymo_progress_begin(&p, BEGAN);
    kymo_progress_read(&p, HOUR, 24 * HOUR, BEGAN + S / 10);       /* short work */
    kymo_progress_read(&p, 6 * HOUR, 24 * HOUR, BEGAN + 30 * S);
    kymo_progress_read(&p, 7 * HOUR, 24 * HOUR, BEGAN + 30 * S + S / 10);   /* too soon */
    kymo_progress_clear(&p);
    kymo_progress_clear(&p);                                       /* it is away already */
    close_terminal(&t, text);
    assert_string_equal(text, "\r[######..................] 6:00:00 of 24:00:00, 720 x real time, 1:30 left\033[K\r\033[K");
}

static void unknown_length_has_no_bar(void **state)
{
    const struct terminal t = open_terminal(100);
    struct kymo_progress p = {.what = ""};
    char text[1000];

    (void)state;
    kymo_progress_begin(&p, BEGAN);
    kymo_progress_read(&p, 0, 0, BEGAN + S);                       /* nothing is read yet */
    kymo_progress_read(&p, HOUR + 61 * S, 0, BEGAN + 2 * S);
    close_terminal(&t, text);
    assert_string_equal(text, "\r1:01:01, 1830 x real time\033[K");
}

static void narrow_window_cuts_it(void **state)
{
    const struct terminal t = open_terminal(30);
    struct kymo_progress p = {.what = "recordings", .total = 4};
    char text[1000];

    (void)state;
    kymo_progress_show(&p, 1, 0, true);
    close_terminal(&t, text);
    assert_string_equal(text, "\r[######..................] 1 \033[K\r\n");
}

/* A reader tells of it whose clock began long ago. */
static void reader_tells_it_and_cleans_up(void **state)
{
    const struct terminal t = open_terminal(100);
    struct kymo_progress p = {.begun_ns = 1, .shown_ns = 1};
    const struct kymo_want want = {.from_set = true, .from_ns = 60 * S, .progress = &p};
    struct kymo_err e = {0};
    struct kymo_reader *const r = kymo_open("testdata/demo", &want, &e);
    struct kymo_block *b;
    char text[1000];
    int rc;

    (void)state;
    assert_non_null(r);
    while ((rc = kymo_read(r, &b, &e)) > 0)
        ;
    assert_int_equal(rc, 0);
    kymo_close(r);
    close_terminal(&t, text);
    assert_non_null(strstr(text, " of 0:04:00, "));
    assert_true(strlen(text) > 5 && strcmp(text + strlen(text) - 4, "\r\033[K") == 0);
    assert_false(p.shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_tells_part_rate_and_time_left), cmocka_unit_test(unknown_length_has_no_bar),
        cmocka_unit_test(narrow_window_cuts_it), cmocka_unit_test(reader_tells_it_and_cleans_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
