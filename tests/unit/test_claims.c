/* tests/unit/test_claims.c - a header that claims 2^40 samples, a million signals or a negative size costs neither memory
 * nor time, in any format: what is not there is refused, or left out.
 *
 * Each file is read in a child, which may have so much address space (so much memory in use, under a sanitizer, which
 * takes the address space for itself) and, so that it ends at all, a minute of CPU. */
#include "support.h"

#include <hdf5.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_MB 100
#define MOST_BLOCKS 64           /* to be read: a file that does hold 2^40 zeros, compressed to nothing, may be read for ever */

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

/* ---- one file ---- */

static long memory_mb(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss / 1024;
}

static rlim_t space_in_use(void)
{
    FILE *f = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    assert_non_null(f);
    assert_int_equal(fscanf(f, "%lu", &pages), 1);
    fclose(f);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static int read_some(const char *path, struct kymo_err *e)
{
    const struct kymo_want want = {.annotator = NULL};
    struct kymo_reader *r = kymo_open(path, &want, e);
    struct kymo_block *b;
    int rc = r ? 1 : (int)e->cause[0].code;

    for (int i = 0; rc > 0 && i < MOST_BLOCKS; i++)
        rc = kymo_read(r, &b, e);
    kymo_close(r);
    return rc;
}

/* In a child. Exits with 1 where it cost too much. */
static void read_poorly(const char *path)
{
    const struct rlimit minute = {60, 60}, space = {space_in_use() + ((rlim_t)MOST_MB << 20), RLIM_INFINITY};
    struct kymo_err e = {0};
    char text[400];

    setrlimit(RLIMIT_CPU, &minute);
    if (!SANITIZED)
        setrlimit(RLIMIT_AS, &space);
    const long before = memory_mb();
    const int rc = read_some(path, &e);
    const long took = memory_mb() - before;
    kymo_err_text(&e, 0, text, sizeof text);
    if (rc == KYMO_ENOMEM || took > MOST_MB) {
        fprintf(stderr, "%s: %ld MB, %s\n", path, took, text);
        _exit(1);
    }
    _exit(0);
}

static void assert_cheap(const char *path)
{
    int status = 0;
    const pid_t child = fork();

    if (child == 0)
        read_poorly(path);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail_msg("%s: %s %d", path, WIFSIGNALED(status) ? "signal" : "status",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* ---- the formats ---- */

static void edf_and_bdf_files(void **state)
{
    static const struct { const char *records, *duration, *n_signals, *samples; } claims[] = {
        {"99999999", "1", NULL, "67108864"}, {"-1", "1", NULL, "99999999"}, {"1", "1", "9999", "100"},
        {"-99", "1", NULL, "1"}, {"1", "-1", NULL, "1"}, {"1", "1", "-1", "1"}, {"1", "1", NULL, "-1"},
        {"99999999", "0.000001", NULL, "67108864"}, {"99999999", "99999999", NULL, "1"}, {"1", "0", NULL, "67108864"},
    };
    struct folder f;

    (void)state;
    folder_make(&f);
    for (size_t i = 0; i < 2 * COUNT_OF(claims); i++) {
        const struct edf_column column = {.samples = claims[i / 2].samples};
        const struct edf_spec spec = {.bdf = i % 2, .records = claims[i / 2].records, .duration = claims[i / 2].duration,
                                      .n_signals = claims[i / 2].n_signals, .n = 1, .column = &column};
        struct bytes b = {0};
        char path[160];
        put_edf_header(&b, &spec);
        put_text(&b, "some samples");
        folder_put(&f, "x", b.p, b.n);
        assert_cheap(folder_path(&f, "x", path));
        bytes_free(&b);
    }
    folder_remove(&f);
}

static void wfdb_records(void **state)
{
    static const char *const headers[] = {
        "x 1 250 1099511627776\nx.dat 16\n", "x 1 250\nx.dat 16x1099511627776\n", "x 1 250 10\nx.dat 16x1048576\n",
        "x 1 250 1099511627776\nx.dat 16x1048576\n", "x 1000000 250 10\nx.dat 16\n", "x -1 250 10\nx.dat 16\n",
        "x 1 250 -10\nx.dat 16\n", "x 1 250 10\nx.dat 16x-1\n", "x 1 250 10\nx.dat 16:1099511627776\n",
        "x 1 250 10\nx.dat 16:2000000000\n", "x 1 250 10\nx.dat 16:-5\n", "x 1 250 10\nx.dat 16+1099511627776\n",
        "x 1 250 10\nx.dat 16+-5\n", "x 1 250 1099511627776\nx.dat 212\n", "x 1 250 1099511627776\nx.dat 310\n",
        "x 1 250 1099511627776\nx.dat 8\n", "x 1 250 1099511627776\nx.dat 516\n", "x/1000000 1 250 10\ny 10\n",
        "x/-1 1 250 10\ny 10\n", "x/1 1 250 1099511627776\ny 1099511627776\n", "x/2 1 250\n~ 1099511627776\ny -5\n",
        "x/2 1 250 1099511627776\n~ 1099511627766\ny 10\n",
    };
    struct folder f;

    (void)state;
    folder_make(&f);
    folder_put(&f, "x.dat", "some samples", 12);
    folder_put(&f, "y.hea", "y 1 250 10\nx.dat 16\n", 20);
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        char path[160];
        folder_put(&f, "x.hea", headers[i], strlen(headers[i]));
        assert_cheap(folder_path(&f, "x.hea", path));
    }
    folder_remove(&f);
}

/* A chunked dataset of so many places, none of them written. */
static void make_h5(const char *path, int rank, hsize_t rows, hsize_t columns, hsize_t chunk)
{
    const hsize_t size[2] = {rows, columns}, chunks[2] = {rows < chunk ? rows : chunk, columns < chunk ? columns : chunk};
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), space = H5Screate_simple(rank, size, NULL);
    const hid_t plan = H5Pcreate(H5P_DATASET_CREATE), number = H5Screate(H5S_SCALAR);

    assert_true(file >= 0 && space >= 0 && H5Pset_chunk(plan, rank, chunks) >= 0);
    const hid_t set = H5Dcreate2(file, "ecg", H5T_STD_I16LE, space, H5P_DEFAULT, plan, H5P_DEFAULT);
    const hid_t rate = H5Acreate2(set, "sampling_rate", H5T_NATIVE_DOUBLE, number, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(set >= 0 && H5Awrite(rate, H5T_NATIVE_DOUBLE, &(double){250}) >= 0);
    H5Aclose(rate);
    H5Dclose(set);
    H5Pclose(plan);
    H5Sclose(number);
    H5Sclose(space);
    H5Fclose(file);
}

static void hdf5_datasets(void **state)
{
    static const struct { int rank; hsize_t rows, columns, chunk; } claims[] = {
        {1, INT64_C(1) << 40, 1, 1000}, {1, INT64_C(1) << 40, 1, INT64_C(1) << 30}, {2, 10, 1000000, 1000},
        {2, INT64_C(1) << 40, 1000000, 100}, {2, INT64_C(1) << 40, 4, 10000}, {1, INT64_C(1) << 62, 1, 1000},
    };
    struct folder f;
    char path[160], set[200];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    snprintf(set, sizeof set, "%s:/ecg", path);
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        make_h5(path, claims[i].rank, claims[i].rows, claims[i].columns, claims[i].chunk);
        assert_cheap(set);
        assert_cheap(path);
    }
    folder_remove(&f);
}

static void kymo_streams(void **state)
{
    static const int64_t lengths[] = {INT64_C(1) << 40, INT64_C(1) << 52, 0};
    struct folder f;

    (void)state;
    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        struct kymo_err e = {0};
        struct kymo_header h;
        char path[160];
        size_t n;
        kymo_header_init(&h);
        kymo_header_signal(&h, &e)->n_samples = lengths[i];
        kymo_header_signal(&h, &e)->n_samples = lengths[i];
        struct kymo_output *out = kymo_output_memory(&e);
        struct kymo_writer *w = kymo_create(kymo_format_named("kymo"), out, &h, 0, &e);
        const unsigned char *p = kymo_output_bytes(out, &n);
        folder_put(&f, "x.kymo", p, n);   /* no end */
        assert_cheap(folder_path(&f, "x.kymo", path));
        kymo_writer_destroy(w);
        kymo_output_destroy(out);
        kymo_header_release(&h);
    }
    folder_remove(&f);
}

static void tables(void **state)
{
    static const char *const times[] = {"0\n0.004\n1e15\n", "0\n0.004\n-1e15\n", "0\n1e-9\n2e-9\n1e9\n", "1e300\n2e300\n"};
    struct bytes wide = {0};
    struct folder f;
    char path[160], text[200];

    (void)state;
    folder_make(&f);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        int n = snprintf(text, sizeof text, "time_s,a\n");
        for (const char *t = times[i]; *t; t = strchr(t, '\n') + 1)
            n += snprintf(text + n, sizeof text - (size_t)n, "%.*s,1\n", (int)strcspn(t, "\n"), t);
        folder_put(&f, "x.csv", text, (size_t)n);
        assert_cheap(folder_path(&f, "x.csv", path));
    }
    put_text(&wide, "time_s");
    for (int i = 0; i < 1000000; i++)
        put_text(&wide, ",a");
    put_text(&wide, "\n0,1\n");
    folder_put(&f, "x.csv", wide.p, wide.n);
    assert_cheap(folder_path(&f, "x.csv", path));
    bytes_free(&wide);
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edf_and_bdf_files), cmocka_unit_test(wfdb_records), cmocka_unit_test(hdf5_datasets),
        cmocka_unit_test(kymo_streams), cmocka_unit_test(tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
