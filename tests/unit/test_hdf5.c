/* HDF5: our own layout both ways, against the kymo stream as judge, and other people's files, made here by the library. */
#include "generate.h"

#include <dirent.h>
#include <hdf5.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The library loses some of its own where the metadata of a file is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:H5FL__malloc\n"; }

/* ---- recordings made up ---- */

static const char *const labels[] = {"ECG", "ECG", "", "a/b", ".", "Gl\xc3\xbc" "cose \xe2\x82\xac", "ECG (1)", "x y"};
static const struct kymo_ratio rates[] = {{250, 1}, {9999, 20}, {1, 30}, {1, 1}, {1000, 3}, {125, 2}};

static const char *keep(struct kymo_header *h, const char *text)
{
    struct kymo_err e = {0};
    const char *kept = kymo_header_text(h, text, strlen(text), &e);

    assert_non_null(kept);
    return kept;
}

static void make_signal(struct made *m, size_t i, struct dice *d)
{
    struct kymo_err e = {0};
    struct kymo_signal *s = kymo_header_signal(&m->hdr, &e);
    char name[400];

    assert_non_null(s);
    snprintf(name, sizeof name, "%s", labels[roll_below(d, COUNT_OF(labels))]);
    if (i == 7)
        for (size_t k = 0; k < 300; k++)
            memcpy(name + k, k % 2 ? "\xbc" : "\xc3", 2);
    s->label = keep(&m->hdr, name);
    s->unit = keep(&m->hdr, i % 3 ? "\xc2\xb5V" : "");
    s->transducer = keep(&m->hdr, i % 2 ? "AgCl" : "");
    s->prefilter = keep(&m->hdr, i % 4 ? "HP:0.1Hz" : "");
    s->kind = (enum kymo_kind)roll_below(d, KYMO_KINDS);
    s->rate = rates[roll_below(d, COUNT_OF(rates))];
    s->storage = (enum kymo_storage)roll_below(d, KYMO_STORAGES);
    s->can_miss = roll_below(d, 2);
    s->calibrated = roll_below(d, 2);
    if (kymo_storage_is_integer(s->storage)) {
        s->gain = i % 2 ? -0.1 : 200.25;
        s->baseline = (double)i / 3;
    }
    if (i % 2) {
        s->digital_min = -2048;
        s->digital_max = 2047.5;
    }
    s->n_samples = 0;
}

static int32_t roll_digital(const struct kymo_signal *s, struct dice *d)
{
    const int bits = s->storage == KYMO_I16 ? 16 : s->storage == KYMO_I24 ? 24 : 32;
    const int64_t limit = INT64_C(1) << (bits - 1);
    const uint64_t kind = roll_below(d, 20);

    if (s->can_miss && kind < 3)
        return KYMO_MISSING;
    if (kind == 4)
        return (int32_t)(limit - 1);
    if (kind == 5)
        return (int32_t)(-limit + (s->can_miss || bits == 32));
    return (int32_t)roll_between(d, -limit + 1, limit - 1);
}

static double roll_physical(const struct kymo_signal *s, struct dice *d)
{
    const double x = roll_below(d, 10) == 0 ? (double)NAN : (double)roll_between(d, -1000000, 1000000) / 777.0;

    return s->storage == KYMO_F32 ? (double)(float)x : x;
}

static void make_part(struct made *m, size_t segment, size_t i, int64_t length_ns, bool late, struct dice *d)
{
    struct kymo_signal *s = &m->hdr.signal[i];
    struct made_part *p = &m->part[segment * m->hdr.n_signals + i];
    const int64_t end = kymo_index_at(s->rate, length_ns);

    p->origin = kymo_index_at(s->rate, m->segment_ns[segment]);
    p->first = p->origin + (late ? (int64_t)roll_below(d, 3) : 0);
    p->n = roll_below(d, 8) == 0 || end < 3 ? 0 : (size_t)(end - (p->first - p->origin));
    p->digital = calloc(p->n + 1, sizeof *p->digital);
    p->physical = calloc(p->n + 1, sizeof *p->physical);
    assert_non_null(p->digital);
    assert_non_null(p->physical);
    for (size_t k = 0; k < p->n; k++)
        if (kymo_storage_is_integer(s->storage))
            p->digital[k] = roll_digital(s, d);
        else
            p->physical[k] = roll_physical(s, d);
    s->n_samples += (int64_t)p->n;
}

static int later(const void *a, const void *b)
{
    const struct kymo_event *x = a, *y = b;

    return x->time_ns != y->time_ns ? (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns) : x->num - y->num;
}

static void make_events(struct made *m, int64_t end_ns, struct dice *d)
{
    static const char *const texts[] = {"", "note", "\xc3\xa9pisode \xe2\x86\x92 2", "(AFIB"};

    for (size_t i = 0; i < m->n_events; i++) {
        struct kymo_event *ev = &m->event[i];
        *ev = (struct kymo_event){
            .time_ns = roll_between(d, 0, end_ns), .duration_ns = i % 5 ? roll_between(d, 0, 1000000000) : KYMO_UNKNOWN,
            .sample = i % 3 ? (int64_t)i : KYMO_UNKNOWN, .track = (int)roll_below(d, m->hdr.n_tracks),
            .signal = (int)roll_below(d, m->hdr.n_signals + 1) - 1, .subtype = (int)i % 7 - 3, .num = (int)i,
            .value = i % 2 ? (double)NAN : (double)i / 3, .text = texts[i % COUNT_OF(texts)],
        };
        strcpy(ev->type, i % 4 ? "N" : "fifteen_letters");
    }
    qsort(m->event, m->n_events, sizeof *m->event, later);
}

static void make(struct made *m, size_t n_signals, size_t n_segments, size_t n_events, struct dice *d)
{
    struct kymo_err e = {0};
    int64_t at = 0;

    memset(m, 0, sizeof *m);
    kymo_header_init(&m->hdr);
    m->hdr.record = keep(&m->hdr, "rec 1");
    m->hdr.format = keep(&m->hdr, "edf");
    m->hdr.recording = keep(&m->hdr, "ward 3, \xc3\xa9t\xc3\xa9");
    m->hdr.subject.id = keep(&m->hdr, "X-17");
    m->hdr.subject.birth = keep(&m->hdr, "01-JAN-1980");
    m->hdr.start = (struct kymo_start){.has_date = roll_below(d, 2), .has_time = roll_below(d, 2)};
    if (m->hdr.start.has_date)
        m->hdr.start.year = 1985, m->hdr.start.month = 2, m->hdr.start.day = 28;
    if (m->hdr.start.has_time)
        m->hdr.start.time_ns = 86399999999999;
    assert_int_equal(kymo_header_add_track(&m->hdr, "atr", &e), 0);
    assert_int_equal(kymo_header_add_track(&m->hdr, "qrs", &e), 1);
    for (int i = 0; i < 3; i++)
        assert_int_equal(kymo_header_add_history(&m->hdr, "kymo filter --band 0.5-40", &e), 0);
    for (int i = 0; i < 1500; i++)
        assert_int_equal(kymo_header_add_note(&m->hdr, "note \xe2\x82\xac", 8, &e), 0);
    for (size_t i = 0; i < n_signals; i++)
        make_signal(m, i, d);
    m->n_segments = n_segments;
    m->n_events = n_events;
    m->part = calloc(n_segments * n_signals + 1, sizeof *m->part);
    assert_non_null(m->part);
    for (size_t k = 0; k < n_segments; k++) {
        const int64_t length = roll_between(d, 1, 100000000000 / (int64_t)(n_segments + n_signals / 4));
        m->segment_ns[k] = at;
        for (size_t i = 0; i < n_signals; i++)
            make_part(m, k, i, length, k % 2, d);
        at += length + roll_between(d, 1, 3) * (k % 2 ? 4000000 : 1234567891);
    }
    m->hdr.duration_ns = at;
    make_events(m, at, d);
}

static struct kymo_writer *create(const char *path, const struct kymo_header *h, struct kymo_err *e)
{
    const struct kymo_log log = {0};

    return kymo_create_file(kymo_format_named("hdf5"), path, h, 0, false, &log, e);
}

static void write_h5(const struct made *m, const char *path, int64_t most_ns, struct dice *d)
{
    struct kymo_err e = {0};
    struct kymo_writer *w = create(path, &m->hdr, &e);

    assert_non_null(w);
    assert_int_equal(made_write(m, w, most_ns, d, &e), 0);
    kymo_writer_destroy(w);
}

static void assert_same(const struct taken *a, const struct taken *b)
{
    assert_same_header(&a->hdr, &b->hdr);
    assert_same_samples(a, b);
    assert_same_events(a, b);
}

static const struct {
    size_t n_signals, n_segments, n_events;
} sizes[] = {{1, 1, 0}, {3, 1, 20}, {5, 4, 300}, {0, 0, 50}, {0, 0, 0}, {12, 2, 5}, {40, 9, 400}, {200, 3, 10}, {2, 60, 9}};

static void test_round_trip(void **state)
{
    struct dice d = {1};
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    for (size_t i = 0; i < 3 * COUNT_OF(sizes); i++) {
        const size_t k = i % COUNT_OF(sizes);
        struct bytes stream = {0};
        struct kymo_err e = {0};
        struct taken a, b;
        struct made m;
        make(&m, sizes[k].n_signals, sizes[k].n_segments, sizes[k].n_events, &d);
        made_stream(&m, &stream, &d);
        write_h5(&m, path, 7000000000, &d);
        assert_int_equal(read_bytes(&stream, "s", NULL, &a, &e), 0);
        assert_int_equal(read_path(path, NULL, &b, &e), 0);
        assert_same(&a, &b);
        assert_int_equal(a.n_events, sizes[k].n_events);
        taken_free(&a);
        taken_free(&b);
        bytes_free(&stream);
        made_free(&m);
    }
    folder_remove(&f);
}

/* Segments come back where they were, empty ones at the end aside. */
static void test_segments(void **state)
{
    struct dice d = {2};
    struct kymo_err e = {0};
    struct folder f;
    struct taken t;
    struct made m;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    make(&m, 6, 20, 0, &d);
    write_h5(&m, path, 1000000000, &d);
    assert_int_equal(read_path(path, NULL, &t, &e), 0);
    size_t expected = 0;
    for (size_t k = 0; k < m.n_segments; k++) {
        size_t n = 0;
        for (size_t i = 0; i < 6; i++)
            n += m.part[k * 6 + i].n;
        if (n > 0 && k > 0)
            assert_int_equal(t.segment_ns[expected++], m.segment_ns[k]);
    }
    assert_int_equal(t.n_segments, expected);
    assert_true(expected > 5);
    taken_free(&t);
    made_free(&m);
    folder_remove(&f);
}

static void test_any_split(void **state)
{
    static const int64_t most[] = {3000000, 40000000, 1000000000, 1000000000000};
    struct dice d = {3};
    struct kymo_err e = {0};
    struct folder f;
    struct taken first = {0}, t;
    struct made m;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    make(&m, 4, 5, 200, &d);
    for (size_t i = 0; i < COUNT_OF(most); i++) {
        write_h5(&m, path, most[i], &d);
        assert_int_equal(read_path(path, NULL, i ? &t : &first, &e), 0);
        if (i > 0) {
            assert_same(&first, &t);
            assert_int_equal(first.n_blocks, t.n_blocks);
            taken_free(&t);
        }
    }
    taken_free(&first);
    made_free(&m);
    folder_remove(&f);
}

static void test_parts(void **state)
{
    static const char *const picks[][2] = {{"0", NULL}, {"3", "1"}, {"2", NULL}};
    struct dice d = {4};
    struct bytes stream = {0};
    struct folder f;
    struct made m;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    make(&m, 5, 12, 100, &d);
    made_stream(&m, &stream, &d);
    write_h5(&m, path, 1000000000, &d);
    for (int i = 0; i < 60; i++) {
        struct kymo_want want = {.from_set = i % 3 != 0, .to_set = i % 4 != 0};
        struct kymo_err e = {0};
        struct taken a, b;
        want.from_ns = roll_between(&d, -1000, m.hdr.duration_ns);
        want.to_ns = want.from_ns + roll_between(&d, 0, m.hdr.duration_ns / 3);
        if (i % 5 > 1) {
            want.signal = picks[i % 3];
            want.n_signals = picks[i % 3][1] ? 2 : 1;
        }
        want.no_samples = i % 13 == 12;
        want.annotator = i % 7 == 6 ? "qrs" : NULL;
        if (i % 10 == 9)                                  /* right at the edge of a segment */
            want.from_ns = m.segment_ns[i / 6];
        assert_int_equal(read_bytes(&stream, "s", &want, &a, &e), 0);
        assert_int_equal(read_path(path, &want, &b, &e), 0);
        assert_same_samples(&a, &b);
        assert_same_events(&a, &b);
        taken_free(&a);
        taken_free(&b);
    }
    bytes_free(&stream);
    made_free(&m);
    folder_remove(&f);
}

/* ---- files that must not be left ---- */

static size_t count_files(const struct folder *f)
{
    DIR *dir = opendir(f->path);
    size_t n = 0;

    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));)
        n += d->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void assert_holds(const char *path, const char *text)
{
    char held[64] = "";
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    held[fread(held, 1, sizeof held - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(held, text);
}

static void test_interrupted(void **state)
{
    struct dice d = {5};
    struct kymo_err e = {0};
    struct folder f;
    struct made m;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_put(&f, "x.h5", "old", 3);
    folder_path(&f, "x.h5", path);
    make(&m, 3, 2, 10, &d);
    struct kymo_writer *w = create(path, &m.hdr, &e);
    assert_non_null(w);
    assert_int_equal(count_files(&f), 2);
    kymo_writer_destroy(w);
    assert_holds(path, "old");
    assert_int_equal(count_files(&f), 1);
    assert_null(create("/no/such/folder/x.h5", &m.hdr, &e));
    assert_error(&e, KYMO_EIO, "/no/such/folder/x.h5: cannot be written: No such file");
    e = (struct kymo_err){0};
    assert_null(create("/dev/null", &m.hdr, &e));
    assert_error(&e, KYMO_EIO, "/dev/null: is no regular file");
    e = (struct kymo_err){0};
    assert_null(create("-", &m.hdr, &e));
    assert_error(&e, KYMO_EUSAGE, "not for a pipe");
    made_free(&m);
    folder_remove(&f);
}

/* As on a full disk: the file may not grow beyond 40 kB. */
static int write_to_limit(const struct made *m, const char *path)
{
    const struct rlimit limit = {40000, 40000};
    struct dice d = {6};
    struct kymo_err e = {0};
    char text[1024];

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    struct kymo_writer *w = create(path, &m->hdr, &e);
    const int rc = w ? made_write(m, w, 1000000000, &d, &e) : -1;
    kymo_writer_destroy(w);
    kymo_err_text(&e, 0, text, sizeof text);
    return rc < 0 && e.cause[0].code == KYMO_EIO && strstr(text, "File too large") ? 7 : 1;
}

static void test_full_disk(void **state)
{
    struct dice d = {7};
    struct folder f;
    struct made m;
    char path[160];
    int status;

    (void)state;
    folder_make(&f);
    folder_put(&f, "x.h5", "old", 3);
    folder_path(&f, "x.h5", path);
    make(&m, 8, 1, 10, &d);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        exit(write_to_limit(&m, path));                   /* exit, not _exit: the library's own end is part of it */
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_holds(path, "old");
    assert_int_equal(count_files(&f), 1);
    made_free(&m);
    folder_remove(&f);
}

static void test_unwritable_samples(void **state)
{
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_block b;
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    kymo_header_init(&h);
    assert_non_null(kymo_header_signal(&h, &e));
    kymo_block_init(&b, &h);
    assert_int_equal(kymo_block_reserve(&b, 0, 4, &e), 0);
    b.span[0].n = 4;
    b.span[0].digital[2] = 32768;
    struct kymo_writer *w = create(path, &h, &e);
    assert_true(kymo_write(w, &b, &e) < 0);
    assert_error(&e, KYMO_EDATA, "1 samples of  at 0 do not fit into i16");
    kymo_writer_destroy(w);
    e = (struct kymo_err){0};
    b.span[0].digital[2] = KYMO_MISSING;                  /* of a signal that cannot miss any */
    w = create(path, &h, &e);
    assert_true(kymo_write(w, &b, &e) < 0);
    kymo_writer_destroy(w);
    e = (struct kymo_err){0};
    b.span[0].digital[2] = 0;
    w = create(path, &h, &e);
    assert_int_equal(kymo_write(w, &b, &e), 0);
    b.span[0].first = 5;
    assert_true(kymo_write(w, &b, &e) < 0);
    assert_error(&e, KYMO_EDATA, "lost on the way: sample 5 follows 3");
    kymo_writer_destroy(w);
    assert_int_equal(count_files(&f), 0);
    kymo_block_release(&b);
    kymo_header_release(&h);
    folder_remove(&f);
}

/* ---- damaged files ---- */

static struct bytes load(const char *path)
{
    struct bytes b = {0};
    unsigned char piece[4096];
    FILE *file = fopen(path, "rb");

    assert_non_null(file);
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        put_bytes(&b, piece, n);
    fclose(file);
    return b;
}

static void test_truncated(void **state)
{
    struct dice d = {8};
    struct folder f;
    struct made m;
    char path[160], cut[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    folder_path(&f, "cut.h5", cut);
    make(&m, 3, 2, 30, &d);
    write_h5(&m, path, 1000000000, &d);
    struct bytes b = load(path);
    for (size_t n = 8; n < b.n; n += 1 + roll_below(&d, b.n / 40)) {
        struct kymo_err e = {0};
        struct taken t;
        folder_put(&f, "cut.h5", b.p, n);
        assert_true(read_path(cut, NULL, &t, &e) < 0);
        assert_error(&e, KYMO_EFORMAT, "cut.h5: no usable HDF5 file");
        taken_free(&t);
    }
    struct kymo_err e = {0};
    struct taken t;
    memset(b.p + 8, 0x5a, 200);
    folder_put(&f, "cut.h5", b.p, b.n);
    assert_true(read_path(cut, NULL, &t, &e) < 0);
    assert_error(&e, KYMO_EFORMAT, "no usable HDF5 file");
    bytes_free(&b);
    made_free(&m);
    folder_remove(&f);
}

static void put_number(hid_t file, const char *on, const char *name, hid_t type, hsize_t n, double x)
{
    const hid_t space = n ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR);
    const hid_t attr = H5Acreate_by_name(file, on, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const double all[4] = {x, x, x, x};

    assert_true(attr >= 0);
    assert_true(H5Awrite(attr, H5T_NATIVE_DOUBLE, all) >= 0);
    H5Aclose(attr);
    H5Sclose(space);
}

/* Bits that flipped are found out, or were never looked at: what is read is the recording, or nothing. */
static void test_flipped(void **state)
{
    struct dice d = {12};
    struct folder f;
    struct kymo_err none = {0};
    struct taken whole;
    struct made m;
    size_t found = 0;
    char path[160], bad[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    folder_path(&f, "bad.h5", bad);
    make(&m, 3, 3, 40, &d);
    write_h5(&m, path, 1000000000, &d);
    assert_int_equal(read_path(path, NULL, &whole, &none), 0);
    struct bytes b = load(path);
    for (int i = 0; i < 400; i++) {
        struct kymo_err e = {0};
        struct taken t;
        const size_t at = i < 200 ? roll_below(&d, b.n) : roll_below(&d, 4000);
        const unsigned char bit = (unsigned char)(1 << roll_below(&d, 8));
        b.p[at] ^= bit;
        folder_put(&f, "bad.h5", b.p, b.n);
        b.p[at] ^= bit;
        if (read_path(bad, NULL, &t, &e) == 0)
            assert_same(&whole, &t);
        else
            found++;
        taken_free(&t);
    }
    assert_true(found > 100);
    taken_free(&whole);
    bytes_free(&b);
    made_free(&m);
    folder_remove(&f);
}

/* What a pair of hands can do to our own layout. */
static void spoil(const char *path, int how)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    const int64_t bad = 1000000;
    hid_t at;

    assert_true(file >= 0);
    switch (how) {
    case 0: assert_true(H5Adelete(file, "complete") >= 0); break;
    case 1:
        at = H5Aopen(file, "version", H5P_DEFAULT);
        assert_true(H5Awrite(at, H5T_NATIVE_INT64, &bad) >= 0);
        H5Aclose(at);
        break;
    case 2: assert_true(H5Ldelete(file, "signals/S1", H5P_DEFAULT) >= 0); break;
    case 3:
        assert_true(H5Adelete_by_name(file, "signals/S1", "gain", H5P_DEFAULT) >= 0);
        put_number(file, "signals/S1", "gain", H5T_STD_I32BE, 0, 0);
        break;
    case 4:
        at = H5Dopen2(file, "segments/offset", H5P_DEFAULT);
        assert_true(H5Dwrite(at, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, (int64_t[4]){-5, bad, 7, 8}) >= 0);
        H5Dclose(at);
        break;
    case 5:
        at = H5Dopen2(file, "signals/S0", H5P_DEFAULT);
        assert_true(H5Dset_extent(at, &(hsize_t){(hsize_t)1 << 40}) >= 0);
        H5Dclose(at);
        break;
    case 6: assert_true(H5Adelete_by_name(file, "signals/S0", "rate_num", H5P_DEFAULT) >= 0); break;
    default: assert_true(H5Adelete_by_name(file, "signals/S0", "index", H5P_DEFAULT) >= 0); break;
    }
    H5Fclose(file);
}

static void test_spoiled(void **state)
{
    static const char *const said[] = {
        "no end mark: writing it was interrupted", "layout version 1000000", "1 signals where 2 were written",
        "gain 0, baseline 0 are no calibration", "does not fit its samples", "were written",
        "is not two integers in 1..10^12", "attribute index is not in",
    };
    struct dice d = {9};
    struct folder f;
    struct made m;
    char path[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    make(&m, 2, 2, 3, &d);
    m.hdr.signal[0].label = "S0";
    m.hdr.signal[1].label = "S1";
    m.hdr.signal[1].baseline = 0;
    for (int how = 0; how < (int)COUNT_OF(said); how++) {
        struct kymo_err e = {0};
        struct taken t;
        write_h5(&m, path, 1000000000, &d);
        spoil(path, how);
        assert_true(read_path(path, NULL, &t, &e) < 0);
        assert_error(&e, KYMO_EFORMAT, said[how]);
        assert_error(&e, KYMO_EFORMAT, "x.h5:/");
        taken_free(&t);
    }
    made_free(&m);
    folder_remove(&f);
}

static void test_pipe(void **state)
{
    struct dice d = {10};
    struct kymo_err e = {0};
    struct bytes b = {0};
    struct taken t;

    (void)state;
    put_bytes(&b, "\x89HDF\r\n\x1a\n", 8);
    for (int i = 0; i < 600; i++)
        put_text(&b, "x");
    assert_true(read_piped(&b, 100, &d, NULL, &t, &e) < 0);
    assert_error(&e, KYMO_EUSAGE, "HDF5 cannot be read from a pipe: name the file");
    bytes_free(&b);
}

/* ---- other people's files ---- */

struct other {
    struct folder folder;
    char path[160];
    hid_t file;
};

static void other_make(struct other *o)
{
    folder_make(&o->folder);
    folder_path(&o->folder, "other.h5", o->path);
    o->file = H5Fcreate(o->path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(o->file >= 0);
}

static void other_remove(struct other *o) { folder_remove(&o->folder); }

static void put_set(hid_t at, const char *name, int rank, hsize_t n, hsize_t m, hid_t type, hid_t mem, const void *x)
{
    const hid_t space = H5Screate_simple(rank, (hsize_t[2]){n, m}, NULL), links = H5Pcreate(H5P_LINK_CREATE);

    H5Pset_create_intermediate_group(links, 1);
    const hid_t set = H5Dcreate2(at, name, type, space, links, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(set >= 0);
    assert_true(H5Dwrite(set, mem, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0);
    H5Dclose(set);
    H5Pclose(links);
    H5Sclose(space);
}

/* n 0: one text of variable length, else n texts of fixed width. */
static void put_words(hid_t file, const char *on, const char *name, hsize_t n, const char *words)
{
    const hid_t space = n ? H5Screate_simple(1, &n, NULL) : H5Screate(H5S_SCALAR), type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, n ? 8 : H5T_VARIABLE);
    const hid_t attr = H5Acreate_by_name(file, on, name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attr >= 0);
    assert_true(H5Awrite(attr, type, n ? (const void *)words : (const void *)&words) >= 0);
    H5Aclose(attr);
    H5Tclose(type);
    H5Sclose(space);
}

static int read_inside(const struct other *o, const char *inside, const struct kymo_want *want, struct taken *t,
                       struct kymo_err *e)
{
    char path[400];

    snprintf(path, sizeof path, "%s%s%s", o->path, *inside ? ":" : "", inside);
    return read_path(path, want, t, e);
}

static void assert_noted(const struct taken *t, const char *part)
{
    for (size_t i = 0; i < t->hdr.n_notes; i++)
        if (strstr(t->hdr.note[i], part))
            return;
    fail_msg("no note \"...%s...\" among %zu, first \"%s\"", part, t->hdr.n_notes, t->hdr.n_notes ? t->hdr.note[0] : "");
}

static void test_list(void **state)
{
    int16_t x[1000];
    struct other o;
    struct taken t;
    struct kymo_err e = {0};

    (void)state;
    for (int i = 0; i < 1000; i++)
        x[i] = (int16_t)(i * 37 - 20000);
    other_make(&o);
    put_set(o.file, "a/ecg", 1, 1000, 0, H5T_STD_I16BE, H5T_NATIVE_INT16, x);
    put_number(o.file, "a/ecg", "Sampling Rate", H5T_STD_I32BE, 1, 250);
    put_words(o.file, "a/ecg", "units", 0, "mV");
    put_number(o.file, "a/ecg", "scale_factor", H5T_IEEE_F64LE, 0, 0.5);
    put_number(o.file, "a/ecg", "add_offset", H5T_IEEE_F32LE, 0, 3);
    put_words(o.file, "a", "start_time", 0, "2001-02-28T23:15:00.5Z");
    H5Fclose(o.file);
    for (int named = 0; named < 2; named++) {              /* the only dataset need not be named */
        assert_int_equal(read_inside(&o, named ? "/a/ecg" : "", NULL, &t, &e), 0);
        assert_int_equal(t.hdr.n_signals, 1);
        const struct kymo_signal *s = t.hdr.signal;
        assert_string_equal(s->label, "ecg");
        assert_string_equal(s->unit, "mV");
        assert_int_equal(s->kind, KYMO_ECG);
        assert_int_equal(s->storage, KYMO_I16);
        assert_true(s->calibrated && s->rate.num == 250 && s->rate.den == 1);
        assert_int_equal(s->n_samples, 1000);
        assert_int_equal(t.hdr.duration_ns, 4 * KYMO_NS_PER_S);
        assert_int_equal(t.trace[0].n, 1000);
        for (int i = 0; i < 1000; i++) {
            assert_int_equal(t.trace[0].digital[i], x[i]);
            assert_true(t.trace[0].physical[i] == x[i] * 0.5 + 3);   /* exact: powers of two */
        }
        assert_true(t.hdr.start.has_date && t.hdr.start.year == 2001 && t.hdr.start.month == 2 && t.hdr.start.day == 28);
        assert_int_equal(t.hdr.start.time_ns, INT64_C(83700500000000));
        assert_noted(&t, "rate 250 Hz from attribute Sampling Rate of /a/ecg");
        assert_noted(&t, "unit mV from attribute units of /a/ecg");
        assert_noted(&t, "from attribute scale_factor of /a/ecg, attribute add_offset of /a/ecg");
        assert_noted(&t, "start 2001-02-28T23:15:00.5Z from attribute start_time of /a, its zone left out");
        taken_free(&t);
    }
    other_remove(&o);
}

/* Both orientations, each read in parts, give the same samples. */
static void test_table(void **state)
{
    static const char units[] = "mV\0\0\0\0\0\0mmHg\0\0\0\0%\0\0\0\0\0\0";
    static double x[5000][3], y[3][5000];
    static const char *const pick[] = {"2", "0"};
    struct other o;
    struct taken a, b;
    struct kymo_err e = {0};

    (void)state;
    for (int i = 0; i < 5000; i++)
        for (int c = 0; c < 3; c++)
            x[i][c] = y[c][i] = i == 7 ? (double)NAN : sin(i * 0.01 * (c + 1));
    other_make(&o);
    put_set(o.file, "long", 2, 5000, 3, H5T_IEEE_F64BE, H5T_NATIVE_DOUBLE, x);
    put_set(o.file, "wide", 2, 3, 5000, H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, y);
    put_words(o.file, "/", "fs", 0, "499.95 Hz");
    put_words(o.file, "long", "units", 3, units);
    put_words(o.file, "wide", "labels", 3, "I\0\0\0\0\0\0\0II\0\0\0\0\0\0III\0\0\0\0");
    H5Fclose(o.file);
    assert_int_equal(read_inside(&o, "/long", NULL, &a, &e), 0);
    assert_int_equal(read_inside(&o, "/wide", NULL, &b, &e), 0);
    assert_int_equal(a.hdr.n_signals, 3);
    assert_int_equal(b.hdr.n_signals, 3);
    assert_string_equal(a.hdr.signal[1].label, "long[1]");
    assert_string_equal(a.hdr.signal[1].unit, "mmHg");
    assert_string_equal(b.hdr.signal[2].label, "III");
    assert_true(a.hdr.signal[2].rate.num == 9999 && a.hdr.signal[2].rate.den == 20);
    assert_noted(&a, "/long is 5000 x 3: dimension 0 is time (the longer one)");
    assert_noted(&b, "/wide is 3 x 5000: dimension 1 is time (attribute labels of /wide)");
    for (int c = 0; c < 3; c++) {
        assert_int_equal(a.trace[c].n, 5000);
        assert_int_equal(b.trace[c].n, 5000);
        for (int i = 0; i < 5000; i++) {
            assert_true(a.trace[c].physical[i] == x[i][c] || (i == 7 && isnan(a.trace[c].physical[i])));
            assert_true(b.trace[c].physical[i] == (double)(float)x[i][c] || (i == 7 && isnan(b.trace[c].physical[i])));
        }
    }
    taken_free(&b);
    const struct kymo_want want = {.signal = pick, .n_signals = 2, .from_set = true, .from_ns = 2000000000, .to_set = true,
                                   .to_ns = 3000000000};
    assert_int_equal(read_inside(&o, "/wide", &want, &b, &e), 0);
    assert_int_equal(b.hdr.n_signals, 2);
    assert_int_equal(b.trace[0].index[0], 1000);
    assert_int_equal(b.trace[0].n, 500);
    assert_true(b.trace[0].physical[5] == (double)(float)x[1005][2]);
    assert_true(b.trace[1].physical[499] == (double)(float)x[1499][0]);
    taken_free(&a);
    taken_free(&b);
    other_remove(&o);
}

/* What other dimension there is, is told by attributes, not by length. */
static void test_axis(void **state)
{
    static const float x[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct other o;
    struct taken t;
    struct kymo_err e = {0};

    (void)state;
    other_make(&o);
    put_set(o.file, "x", 2, 2, 4, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, x);
    put_number(o.file, "x", "time_axis", H5T_STD_I8LE, 0, 0);
    put_number(o.file, "x", "fs", H5T_IEEE_F32LE, 0, 1.0 / 30);
    put_set(o.file, "y", 2, 2, 4, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, x);
    put_words(o.file, "y", "DIMENSION_LABELS", 2, "time\0\0\0\0channel");
    put_number(o.file, "y", "fs", H5T_IEEE_F64LE, 0, 100);
    H5Fclose(o.file);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(read_inside(&o, i ? "/y" : "/x", NULL, &t, &e), 0);
        assert_int_equal(t.hdr.n_signals, 4);
        assert_int_equal(t.trace[3].n, 2);
        assert_true(t.trace[3].physical[0] == 3 && t.trace[3].physical[1] == 7);
        if (i == 0)
            assert_true(t.hdr.signal[0].rate.num == 1 && t.hdr.signal[0].rate.den == 30);
        taken_free(&t);
    }
    other_remove(&o);
}

static void test_widths(void **state)
{
    static const struct {
        const char *name;
        enum kymo_storage storage;
    } types[] = {{"i8", KYMO_I16}, {"u8", KYMO_I16}, {"u16", KYMO_I24}, {"i32", KYMO_I32}, {"u32", KYMO_F64},
                 {"i64", KYMO_F64}, {"f64", KYMO_F64}};
    const int64_t x[] = {5, 250, 65535, -3, 4294967295, INT64_C(1) << 40};
    const hid_t held[] = {H5T_STD_I8BE, H5T_STD_U8LE, H5T_STD_U16BE, H5T_STD_I32BE, H5T_STD_U32LE, H5T_STD_I64BE,
                          H5T_IEEE_F64LE};
    struct other o;

    (void)state;
    other_make(&o);
    put_number(o.file, "/", "rate", H5T_STD_U16LE, 0, 10);
    for (size_t i = 0; i < COUNT_OF(types); i++)
        put_set(o.file, types[i].name, 1, COUNT_OF(x), 0, held[i], H5T_NATIVE_INT64, x);
    H5Fclose(o.file);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        struct kymo_err e = {0};
        struct taken t;
        char path[200];
        snprintf(path, sizeof path, "/%s", types[i].name);
        assert_int_equal(read_inside(&o, path, NULL, &t, &e), 0);
        assert_int_equal(t.hdr.signal[0].storage, types[i].storage);
        assert_int_equal(t.trace[0].n, COUNT_OF(x));
        assert_true(t.trace[0].physical[0] == 5);
        assert_true(i == 0 || t.trace[0].physical[1] == 250);
        assert_true(i != 2 || t.trace[0].digital[2] == 65535);
        assert_true(i != 3 || t.trace[0].digital[3] == -3);
        assert_true(i != 4 || t.trace[0].physical[4] == 4294967295.0);
        assert_true(i != 5 || t.trace[0].physical[5] == 1099511627776.0);
        taken_free(&t);
    }
    other_remove(&o);
}

static void test_scales(void **state)
{
    static const float x[3] = {1, -999, 3};
    static const int16_t y[3] = {100, 24, -32768};
    struct other o;
    struct taken t;
    struct kymo_err e = {0};

    (void)state;
    other_make(&o);
    put_set(o.file, "x", 1, 3, 0, H5T_IEEE_F32BE, H5T_NATIVE_FLOAT, x);
    put_number(o.file, "x", "Fs", H5T_IEEE_F64LE, 0, 2);
    put_number(o.file, "x", "conversion", H5T_IEEE_F64LE, 0, 0.25);
    put_number(o.file, "x", "offset", H5T_STD_I32LE, 1, 10);
    put_number(o.file, "x", "_FillValue", H5T_IEEE_F32LE, 0, -999);
    put_set(o.file, "y", 1, 3, 0, H5T_STD_I16LE, H5T_NATIVE_INT16, y);
    put_number(o.file, "y", "frequency", H5T_IEEE_F64LE, 0, 2);
    put_number(o.file, "y", "gain", H5T_IEEE_F64LE, 0, 8);
    put_number(o.file, "y", "baseline", H5T_STD_I32LE, 0, 20);
    put_number(o.file, "y", "missing_value", H5T_STD_I16LE, 0, -32768);
    H5Fclose(o.file);
    assert_int_equal(read_inside(&o, "/x", NULL, &t, &e), 0);
    assert_int_equal(t.hdr.signal[0].storage, KYMO_F64);
    assert_true(t.trace[0].physical[0] == 10.25 && isnan(t.trace[0].physical[1]) && t.trace[0].physical[2] == 10.75);
    taken_free(&t);
    assert_int_equal(read_inside(&o, "/y", NULL, &t, &e), 0);
    assert_true(t.trace[0].physical[0] == 10 && t.trace[0].physical[1] == 0.5 && isnan(t.trace[0].physical[2]));
    assert_int_equal(t.trace[0].digital[2], KYMO_MISSING);
    assert_true(t.hdr.signal[0].gain == 8 && t.hdr.signal[0].baseline == 20 && t.hdr.signal[0].can_miss);
    taken_free(&t);
    other_remove(&o);
}

static void test_no_rate(void **state)
{
    static const double x[4] = {1, 2, 3, 4};
    struct other o;
    struct taken t;
    struct warnings w = {0};
    struct kymo_want want = {.log = log_to(&w, false), .rate = {125, 2}, .unit = "mV"};
    struct kymo_err e = {0};

    (void)state;
    other_make(&o);
    put_set(o.file, "x", 1, 4, 0, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, x);
    H5Fclose(o.file);
    assert_true(read_inside(&o, "/x", NULL, &t, &e) < 0);
    assert_error(&e, KYMO_EUSAGE, "other.h5:/x: no rate: looked for fs, fsamp, sampling_rate, sample_rate");
    e = (struct kymo_err){0};
    assert_int_equal(read_inside(&o, "/x", &want, &t, &e), 0);
    assert_true(t.hdr.signal[0].rate.num == 125 && t.hdr.signal[0].rate.den == 2);
    assert_string_equal(t.hdr.signal[0].unit, "mV");
    assert_int_equal(t.trace[0].n, 4);
    assert_int_equal(w.n, 0);
    taken_free(&t);
    o.file = H5Fopen(o.path, H5F_ACC_RDWR, H5P_DEFAULT);
    put_words(o.file, "x", "fs", 0, "1/30");
    H5Fclose(o.file);
    assert_int_equal(read_inside(&o, "/x", &want, &t, &e), 0);
    assert_true(t.hdr.signal[0].rate.num == 1 && t.hdr.signal[0].rate.den == 30);
    assert_warned(&w, "rate 62.5 Hz is not used for /x: attribute fs of /x says 0.03333333333");
    taken_free(&t);
    other_remove(&o);
}

static void test_refused(void **state)
{
    static const struct {
        const char *name, *said;
        int code;
    } cases[] = {
        {"/record", "is a compound dataset", KYMO_EFORMAT}, {"/text", "holds texts: not samples", KYMO_EFORMAT},
        {"/deep", "more than two dimensions", KYMO_EFORMAT}, {"/one", "is a single value", KYMO_EFORMAT},
        {"/nothing", "no such group or dataset", KYMO_EUSAGE}, {"/group", "no datasets", KYMO_EDATA},
        {"/claim", "samples claimed, none stored", KYMO_EFORMAT}, {"/fast", "rate 2e+09 Hz, at most 1e+09", KYMO_EDATA},
        {"", "2 datasets (/claim, /fast): choose one, or a group", KYMO_EUSAGE},
    };
    const hid_t record = H5Tcreate(H5T_COMPOUND, 16), text = H5Tcopy(H5T_C_S1);
    const double x[8] = {0};
    struct other o;

    (void)state;
    H5Tinsert(record, "a", 0, H5T_NATIVE_DOUBLE);
    H5Tinsert(record, "b", 8, H5T_NATIVE_DOUBLE);
    H5Tset_size(text, 4);
    other_make(&o);
    put_number(o.file, "/", "fs", H5T_IEEE_F64LE, 0, 2e9);
    put_set(o.file, "record", 1, 4, 0, record, record, x);
    put_set(o.file, "text", 1, 4, 0, text, text, x);
    put_set(o.file, "one", 0, 0, 0, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, x);
    put_set(o.file, "fast", 1, 4, 0, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, x);
    hid_t space = H5Screate_simple(3, (hsize_t[3]){2, 2, 2}, NULL);
    H5Dclose(H5Dcreate2(o.file, "deep", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Sclose(space);
    space = H5Screate_simple(1, (hsize_t[1]){(hsize_t)1 << 45}, NULL);
    hid_t how = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(how, 1, (hsize_t[1]){1 << 20});
    H5Dclose(H5Dcreate2(o.file, "claim", H5T_STD_I16LE, space, H5P_DEFAULT, how, H5P_DEFAULT));
    put_number(o.file, "claim", "fs", H5T_IEEE_F64LE, 0, 100);
    H5Pclose(how);
    H5Sclose(space);
    H5Gclose(H5Gcreate2(o.file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Tclose(record);
    H5Tclose(text);
    H5Fclose(o.file);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct kymo_err e = {0};
        struct taken t;
        assert_true(read_inside(&o, cases[i].name, NULL, &t, &e) < 0);
        assert_error(&e, cases[i].code, cases[i].said);
    }
    other_remove(&o);
}

/* CCDEF: columns, units and starts in JSON; records of columns; what has its own times is left out. */
static void test_ccdef(void **state)
{
    static const char vitals[] = "{\"time_origin\": \"2116-12-24 12:35:08.5\", \"sample_rate\": 1, \"columns\": {"
                                 "\"HR\": {\"uom\": \"bpm\", \"scale\": 1}, \"SpO2\": {\"uom\": \"%\"}}}";
    static const char root[] = "{\"title\": \"x\", \"time_origin\": \"2116-12-24 12:35:06.5\"}";
    static const int16_t ecg[500] = {7, 8, 9};
    static const float numerics[8] = {60, 97, 61, 98, 62, 99, 63, 100};
    const hid_t record = H5Tcreate(H5T_COMPOUND, 8), timed = H5Tcreate(H5T_COMPOUND, 8);
    struct warnings w = {0};
    const struct kymo_want want = {.log = log_to(&w, false)};
    struct kymo_err e = {0};
    struct other o;
    struct taken t;

    (void)state;
    H5Tinsert(record, "HR", 0, H5T_NATIVE_FLOAT);
    H5Tinsert(record, "SpO2", 4, H5T_NATIVE_FLOAT);
    H5Tinsert(timed, "time", 0, H5T_NATIVE_FLOAT);
    H5Tinsert(timed, "HR", 4, H5T_NATIVE_FLOAT);
    other_make(&o);
    put_words(o.file, "/", ".meta", 0, root);
    put_set(o.file, "waveforms/ECG-II", 1, 500, 0, H5T_STD_I16LE, H5T_NATIVE_INT16, ecg);
    put_words(o.file, "waveforms/ECG-II", ".meta", 0,
              "{\"sample_rate\": 250, \"columns\": {\"II\": {\"uom\": \"mV\", \"scale\": 0.005, \"baseline\": 8}}}");
    put_set(o.file, "numerics/vitals", 1, 4, 0, record, record, numerics);
    put_words(o.file, "numerics/vitals", ".meta", 0, vitals);
    put_set(o.file, "numerics/timed", 1, 4, 0, timed, timed, numerics);
    put_words(o.file, "numerics/timed", ".meta", 0, vitals);
    put_set(o.file, "numerics/norate", 1, 4, 0, H5T_NATIVE_FLOAT, H5T_NATIVE_FLOAT, numerics);
    put_set(o.file, "clinical/x", 1, 4, 0, H5T_NATIVE_FLOAT, H5T_NATIVE_FLOAT, numerics);
    H5Tclose(record);
    H5Tclose(timed);
    H5Fclose(o.file);
    assert_int_equal(read_inside(&o, "", &want, &t, &e), 0);
    assert_int_equal(t.hdr.n_signals, 3);
    assert_string_equal(t.hdr.signal[0].label, "II");
    assert_string_equal(t.hdr.signal[0].unit, "mV");
    assert_int_equal(t.hdr.signal[0].rate.num, 250);
    assert_true(t.trace[0].physical[1] == 0 && fabs(t.trace[0].physical[2] - 0.005) < 1e-15);
    assert_string_equal(t.hdr.signal[1].label, "HR");
    assert_string_equal(t.hdr.signal[1].unit, "bpm");
    assert_string_equal(t.hdr.signal[2].label, "SpO2");
    assert_int_equal(t.hdr.signal[2].kind, KYMO_SPO2);
    assert_int_equal(t.trace[2].n, 4);
    assert_true(t.trace[1].physical[3] == 63 && t.trace[2].physical[0] == 97);
    assert_int_equal(t.trace[0].time_ns[0], 0);
    assert_int_equal(t.trace[2].time_ns[0], 2000000000);    /* its own origin is 2 s behind that of the file */
    assert_int_equal(t.hdr.start.year, 2116);
    assert_int_equal(t.hdr.start.time_ns, INT64_C(45306500000000));
    assert_noted(&t, "rate 250 Hz from sample_rate in attribute .meta of /waveforms/ECG-II");
    assert_noted(&t, "/numerics/timed is left out: has a column of times of its own");
    assert_warned(&w, "/numerics/norate is left out: no rate is told");
    taken_free(&t);
    other_remove(&o);
}

/* NWB: rate and start beside the samples, and a series named "data". */
static void test_nwb(void **state)
{
    static const int16_t x[4] = {1, 2, 3, 4};
    const double start = 1.5;
    struct kymo_err e = {0};
    struct other o;
    struct taken t;

    (void)state;
    other_make(&o);
    put_set(o.file, "acquisition/ppg/data", 1, 4, 0, H5T_STD_I16LE, H5T_NATIVE_INT16, x);
    put_number(o.file, "acquisition/ppg/data", "conversion", H5T_IEEE_F64LE, 0, 0.001);
    put_words(o.file, "acquisition/ppg/data", "unit", 0, "volts");
    put_set(o.file, "acquisition/ppg/starting_time", 0, 0, 0, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &start);
    put_number(o.file, "acquisition/ppg/starting_time", "rate", H5T_IEEE_F32LE, 0, 62.5);
    H5Fclose(o.file);
    assert_int_equal(read_inside(&o, "/acquisition", NULL, &t, &e), 0);
    assert_int_equal(t.hdr.n_signals, 1);
    assert_string_equal(t.hdr.signal[0].label, "ppg");
    assert_string_equal(t.hdr.signal[0].unit, "volts");
    assert_true(t.hdr.signal[0].rate.num == 125 && t.hdr.signal[0].rate.den == 2);
    assert_true(t.trace[0].n == 4 && t.trace[0].time_ns[0] == 1504000000 && t.trace[0].digital[3] == 4);
    assert_noted(&t, "first sample at 1.5 s from dataset /acquisition/ppg/starting_time");
    assert_noted(&t, "begins 4000000 ns later than told");    /* 1.5 s lies between samples 93 and 94 */
    taken_free(&t);
    other_remove(&o);
}

/* ---- memory ---- */

#define MEGABYTES(n) ((long)(n) * 1024)   /* in kB, as getrusage counts */

static long most_memory(void)
{
    struct rusage use;

    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}

/* 50 MB of noise, written and read. Exits with 7 if neither took much memory. */
static int use_large(const char *path)
{
    struct kymo_err e = {0};
    struct dice d = {11};
    struct kymo_header h;
    struct kymo_block b;
    int64_t seen = 0;

    kymo_header_init(&h);
    for (int i = 0; i < 5; i++) {
        struct kymo_signal *s = kymo_header_signal(&h, &e);
        s->rate = (struct kymo_ratio){1000, 1};
        s->storage = KYMO_I16;
    }
    kymo_block_init(&b, &h);
    const long before = most_memory();
    struct kymo_writer *w = create(path, &h, &e);
    for (int k = 0; w && k < 5000; k++) {
        for (size_t i = 0; i < 5; i++) {
            kymo_block_reserve(&b, i, 1000, &e);
            b.span[i].first = k * 1000;
            b.span[i].n = 1000;
            for (int j = 0; j < 1000; j++)
                b.span[i].digital[j] = (int16_t)roll(&d);
        }
        if (kymo_write(w, &b, &e) < 0)
            return 1;
    }
    if (!w || kymo_write_finish(w, &e) < 0)
        return 2;
    kymo_writer_destroy(w);
    kymo_block_release(&b);
    struct kymo_reader *r = kymo_open(path, NULL, &e);
    for (struct kymo_block *got; r && kymo_read(r, &got, &e) > 0;)
        seen += (int64_t)got->span[4].n;
    kymo_close(r);
    kymo_header_release(&h);
    const long grown = most_memory() - before;
    return seen != 5000000 ? 3 : grown > MEGABYTES(16) ? 4 : 7;
}

static void test_memory(void **state)
{
    struct folder f;
    char path[160];
    int status;

    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();   /* it keeps freed memory aside */
#endif
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(use_large(path));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_segments), cmocka_unit_test(test_any_split),
        cmocka_unit_test(test_parts), cmocka_unit_test(test_interrupted), cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_unwritable_samples), cmocka_unit_test(test_truncated), cmocka_unit_test(test_flipped),
        cmocka_unit_test(test_spoiled),
        cmocka_unit_test(test_pipe), cmocka_unit_test(test_list), cmocka_unit_test(test_table), cmocka_unit_test(test_axis),
        cmocka_unit_test(test_widths), cmocka_unit_test(test_scales), cmocka_unit_test(test_no_rate),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_ccdef), cmocka_unit_test(test_nwb),
        cmocka_unit_test(test_memory),
    };

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
