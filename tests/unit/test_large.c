/* tests/unit/test_large.c - files of more than 4 GB, sparse: their last second is found, without reading or keeping the rest.
 * (From a pipe, and as a kymo stream: tests/bench/bench.sh.) */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE (INT64_C(9) << 29)      /* 4.5 GiB, at least */
#define MOST_KB (256 * 1024)         /* of memory, a few times what the tests need, a small part of SIZE */

/* A file of head, holes and tail, which ends at size. Skips the test where there can be no such file. */
static void make_sparse(struct folder *f, const char *path, const struct bytes *head, const struct bytes *tail, int64_t size)
{
    struct stat st;
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    const bool made = ftruncate(fd, (off_t)size) == 0 &&
                      pwrite(fd, head->p ? head->p : (const void *)"", head->n, 0) == (ssize_t)head->n &&
                      pwrite(fd, tail->p, tail->n, (off_t)(size - (int64_t)tail->n)) == (ssize_t)tail->n &&
                      fstat(fd, &st) == 0 && (int64_t)st.st_blocks * 512 < SIZE / 100;
    close(fd);
    if (!made) {
        folder_remove(f);
        print_message("no sparse files of 4.5 GiB here: skipped\n");
        skip();
    }
}

static void put_ramp(struct bytes *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_le(b, i, 2);
}

/* The last second has n samples of signal 0, 0, 1, 2 and so on. */
static void assert_last_second(const char *path, int64_t seconds, size_t n)
{
    const struct kymo_want want = {.from_set = true, .from_ns = (seconds - 1) * KYMO_NS_PER_S};
    struct kymo_err e = {0};
    struct rusage use;
    struct taken t;

    if (read_path(path, &want, &t, &e) < 0)
        assert_error(&e, 0, "no error at all");
    assert_int_equal(t.trace[0].n, n);
    assert_int_equal(t.trace[0].time_ns[0], (seconds - 1) * KYMO_NS_PER_S);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(t.trace[0].digital[i], i);
    taken_free(&t);
    getrusage(RUSAGE_SELF, &use);
    assert_true(use.ru_maxrss < MOST_KB);
}

static void the_end_of_a_large_edf_file_is_found(void **state)
{
    const int64_t record = 2 * 20000, records = SIZE / record + 1;
    const struct edf_column column = {.label = "A", .samples = "20000"};
    struct bytes head = {0}, tail = {0};
    struct folder f;
    char path[160], n[24];

    (void)state;
    folder_make(&f);
    snprintf(n, sizeof n, "%lld", (long long)records);
    put_edf_header(&head, &(struct edf_spec){.records = n, .n = 1, .column = &column});
    put_ramp(&tail, 20000);
    make_sparse(&f, folder_path(&f, "x.edf", path), &head, &tail, (int64_t)head.n + records * record);
    assert_last_second(path, records, 20000);
    bytes_free(&head);
    bytes_free(&tail);
    folder_remove(&f);
}

static void the_end_of_a_large_wfdb_record_is_found(void **state)
{
    const int64_t seconds = SIZE / 40000 + 1;
    const struct bytes none = {0};
    struct bytes tail = {0};
    struct folder f;
    char path[160], text[80];

    (void)state;
    folder_make(&f);
    snprintf(text, sizeof text, "x 1 20000 %lld\nx.dat 16\n", (long long)seconds * 20000);
    folder_put(&f, "x.hea", text, strlen(text));
    put_ramp(&tail, 20000);
    make_sparse(&f, folder_path(&f, "x.dat", path), &none, &tail, seconds * 40000);
    assert_last_second(folder_path(&f, "x.hea", path), seconds, 20000);
    bytes_free(&tail);
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_a_large_edf_file_is_found),
        cmocka_unit_test(the_end_of_a_large_wfdb_record_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
