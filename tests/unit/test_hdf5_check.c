/* tests/unit/test_hdf5_check.c - kymo check's rules for HDF5, one by one: a clean file of our layout with exactly one defect
 * gives that finding, at its object; a repaired copy has it no longer, with the same samples; what is told of files of others.
 * */
#include "findings.h"

#include "formats/hdf5_check.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The library loses some of its own where the metadata of a file is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:H5FL_\nleak:H5MM_\n"; }

#define N 40000                       /* samples of each signal, in two segments and several chunks */
static void assert_found(const struct findings *k, enum kymo_severity severity, const char *field, const char *part)
{
    for (size_t i = 0; i < k->n; i++)
        if (k->f[i].severity == severity && strcmp(k->f[i].field, field) == 0 && strstr(k->f[i].text, part))
            return;
    print_message("not found: %s %s ... %s\n", field, kymo_severity_name(severity), part);
    show_findings(k);
    fail();
}

static struct findings check(const char *path)
{
    struct findings kept = {.n = 0};
    struct kymo_check c = {.found = keep_finding, .to = &kept};
    struct kymo_err e = {0};

    assert_int_equal(kymo_check_recording(path, &c, &e), 0);
    return kept;
}

/* ---- a clean file ---- */

/* Two signals of N samples with a gap in the middle, three events of two tracks. */
static void write_clean(const char *path)
{
    const struct kymo_log log = {0};
    struct kymo_err e = {0};
    struct kymo_header h;
    struct kymo_block b;

    kymo_header_init(&h);
    for (int i = 0; i < 2; i++) {
        struct kymo_signal *s = kymo_header_signal(&h, &e);
        s->label = i ? "PPG" : "ECG";
        s->unit = "mV";
        s->rate = (struct kymo_ratio){100, 1};
        s->storage = i ? KYMO_F32 : KYMO_I16;
        s->calibrated = true;
        s->gain = i ? 1 : 200;
        s->digital_min = i ? (double)NAN : -2048;
        s->digital_max = i ? (double)NAN : 2047;
    }
    kymo_header_add_track(&h, "atr", &e);
    kymo_header_add_track(&h, "qrs", &e);
    kymo_header_add_note(&h, "made up", 7, &e);
    h.start = (struct kymo_start){.has_date = true, .has_time = true, .year = 2001, .month = 2, .day = 28, .time_ns = 5};
    kymo_block_init(&b, &h);
    struct kymo_writer *w = kymo_create_file(kymo_format_named("hdf5"), path, &h, 0, false, &log, &e);
    assert_non_null(w);
    for (int k = 0; k < 2; k++) {
        kymo_block_clear(&b);
        b.new_segment = k > 0;
        b.segment_ns = k * 1000 * KYMO_NS_PER_S;
        for (size_t s = 0; s < 2; s++) {
            kymo_block_reserve(&b, s, N / 2, &e);
            b.span[s].n = N / 2;
            b.span[s].first = b.span[s].segment_first = k * 100000;
            for (int i = 0; i < N / 2; i++) {
                b.span[s].digital[i] = i * 7919 % 4001 - 2000;
                b.span[s].physical[i] = i * 7919 % 4001 / 8.0;
            }
        }
        const struct kymo_event ev = {.time_ns = (5 + k * 1000) * KYMO_NS_PER_S, .duration_ns = 0, .sample = KYMO_UNKNOWN,
                                      .signal = k, .track = k, .type = "N", .value = (double)NAN, .text = "text"};
        kymo_block_event(&b, &ev, &e);
        assert_int_equal(kymo_write(w, &b, &e), 0);
    }
    assert_int_equal(kymo_write_finish(w, &e), 0);
    kymo_writer_destroy(w);
    kymo_block_release(&b);
    kymo_header_release(&h);
}

/* ---- one defect ---- */

static void replace(hid_t at, const char *name, hid_t type, hid_t mem, const void *value)
{
    H5Adelete(at, name);
    const hid_t space = H5Screate(H5S_SCALAR), attr = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(attr >= 0 && H5Awrite(attr, mem, value) >= 0);
    H5Aclose(attr);
    H5Sclose(space);
}

/* Sets attribute NAME of AT to text, to the number real, or removes it where real is NaN. */
static void change(hid_t file, const char *at, const char *name, const char *text, double real)
{
    const hid_t object = H5Oopen(file, at, H5P_DEFAULT);

    assert_true(object >= 0);
    if (text) {
        const hid_t type = h5_text_type(strlen(text));
        replace(object, name, type, type, text);
        H5Tclose(type);
    } else if (isnan(real)) {
        assert_true(H5Adelete(object, name) >= 0);
    } else if (real == floor(real)) {
        replace(object, name, H5T_STD_I64LE, H5T_NATIVE_DOUBLE, &real);
    } else {
        replace(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &real);
    }
    H5Oclose(object);
}

static void put_number(hid_t file, const char *path, int rank, hsize_t row, hsize_t column, int64_t value)
{
    const hid_t set = H5Dopen2(file, path, H5P_DEFAULT), to = H5Dget_space(set);
    const hsize_t first[2] = {row, column}, one[2] = {1, 1};
    const hid_t from = H5Screate_simple(rank, one, NULL);

    H5Sselect_hyperslab(to, H5S_SELECT_SET, first, NULL, one, NULL);
    assert_true(H5Dwrite(set, H5T_NATIVE_INT64, from, to, H5P_DEFAULT, &value) >= 0);
    H5Sclose(from);
    H5Sclose(to);
    H5Dclose(set);
}

/* Event i gets that time, signal, track or place of its text. */
static void change_event(hid_t file, hsize_t i, const char *what, int64_t value)
{
    const hid_t set = H5Dopen2(file, "/events", H5P_DEFAULT), mem = h5_event_type(false);
    struct h5_event ev;

    assert_true(h5_read_items(set, mem, i, 1, &ev));
    if (strcmp(what, "time_ns") == 0)
        ev.time_ns = value;
    else if (strcmp(what, "signal") == 0)
        ev.signal = (int32_t)value;
    else if (strcmp(what, "track") == 0)
        ev.track = (int32_t)value;
    else if (strcmp(what, "text_at") == 0)
        ev.text_at = value;
    else
        ev.type[0] = '\0';
    assert_true(h5_append_items(set, mem, i, 1, &ev));    /* shrinks the list to i + 1 events */
    H5Tclose(mem);
    H5Dclose(set);
}

struct defect {
    const char *object, *name, *text;       /* attribute; or what of an event; or NULL: a number of a table */
    double real;
    hsize_t row, column;
    enum kymo_severity severity;
    const char *field, *part;
};

#define GONE (double)NAN
static const struct defect attributes[] = {
    {"/", "version", NULL, 2, 0, 0, KYMO_ERROR, "/: version", "not 1"},
    {"/", "complete", NULL, GONE, 0, 0, KYMO_ERROR, "/: complete", "missing"},
    {"/", "n_signals", NULL, 3, 0, 0, KYMO_ERROR, "/: n_signals", "/signals holds 2"},
    {"/", "n_samples", NULL, 1, 0, 0, KYMO_ERROR, "/: n_samples", "the signals hold 80000"},
    {"/", "n_segments", NULL, 5, 0, 0, KYMO_ERROR, "/: n_segments", "/segments/time_ns holds 2"},
    {"/", "n_events", NULL, 5, 0, 0, KYMO_ERROR, "/: n_events", "/events holds 2"},
    {"/", "n_events", NULL, -1, 0, 0, KYMO_ERROR, "/: n_events", "not a number of 0 or more"},
    {"/", "n_events", "two", 0, 0, 0, KYMO_ERROR, "/: n_events", "is not one integer"},
    {"/", "duration_ns", NULL, 1e9, 0, 0, KYMO_WARNING, "/: duration_ns", "the last sample ends at 1200000000000 ns"},
    {"/", "start_date", "2001-13-01", 0, 0, 0, KYMO_ERROR, "/: start_date", "not YYYY-MM-DD"},
    {"/", "start_time_ns", NULL, 1e15, 0, 0, KYMO_ERROR, "/: start_time_ns", "not 0 to 8639"},
    {"/", "color", "red", 0, 0, 0, KYMO_NOTE, "/: color", "not of this layout"},
    {"/signals/ECG", "index", NULL, 1, 0, 0, KYMO_ERROR, "/signals/PPG: index", "that of /signals/ECG, too"},
    {"/signals/ECG", "index", NULL, 9, 0, 0, KYMO_ERROR, "/signals/ECG: index", "there are 2 signals"},
    {"/signals/ECG", "rate_num", NULL, 0, 0, 0, KYMO_ERROR, "/signals/ECG: rate_num", "not 1 to 1000000000000"},
    {"/signals/ECG", "rate_den", NULL, GONE, 0, 0, KYMO_ERROR, "/signals/ECG: rate_den", "missing"},
    {"/signals/ECG", "rate", NULL, 250.5, 0, 0, KYMO_WARNING, "/signals/ECG: rate", "rate_num / rate_den is 100"},
    {"/signals/ECG", "storage", "i12", 0, 0, 0, KYMO_ERROR, "/signals/ECG: storage", "none of i16 i24 i32 f32 f64"},
    {"/signals/ECG", "storage", "i32", 0, 0, 0, KYMO_ERROR, "/signals/ECG: storage", "of another type"},
    {"/signals/ECG", "kind", "tides", 0, 0, 0, KYMO_WARNING, "/signals/ECG: kind", "no kind of signal"},
    {"/signals/ECG", "gain", NULL, 0, 0, 0, KYMO_ERROR, "/signals/ECG: gain", "no calibration"},
    {"/signals/ECG", "calibrated", NULL, 2, 0, 0, KYMO_ERROR, "/signals/ECG: calibrated", "not 0 to 1"},
    {"/signals/ECG", "digital_min", NULL, 3000, 0, 0, KYMO_WARNING, "/signals/ECG: digital_min", "not below digital_max"},
    {"/signals/ECG", "digital_max", NULL, 1999, 0, 0, KYMO_WARNING, "/signals/ECG: samples", "outside -2048..1999: "},
    {"/signals/ECG", "missing", NULL, 1e10, 0, 0, KYMO_ERROR, "/signals/ECG: missing", "not -2147483648 to"},
    {"/signals/PPG", "gain", NULL, 2, 0, 0, KYMO_WARNING, "/signals/PPG: gain", "floats are values already"},
};

static const struct defect numbers[] = {
    {"/segments/time_ns", NULL, NULL, 7, 0, 1, KYMO_ERROR, "/segments/time_ns", "segment 0 begins at time 0"},
    {"/segments/time_ns", NULL, NULL, -5, 1, 1, KYMO_WARNING, "/segments/time_ns", "segment 1 begins before"},
    {"/segments/offset", NULL, NULL, 99999, 1, 0, KYMO_ERROR, "/segments/offset", "does not fit its 40000 samples"},
    {"/segments/first", NULL, NULL, 5, 1, 1, KYMO_ERROR, "/segments/first", "the first sample lies before index 100000"},
    {"/events", "signal", NULL, 2, 1, 0, KYMO_ERROR, "/events: signal", "no signal of that index"},
    {"/events", "track", NULL, 2, 1, 0, KYMO_ERROR, "/events: track", "no track of that index"},
    {"/events", "time_ns", NULL, 9e18, 1, 0, KYMO_ERROR, "/events: time_ns", "no possible time"},
    {"/events", "time_ns", NULL, 9e15, 1, 0, KYMO_WARNING, "/events: time_ns", "outside the recording"},
    {"/events", "time_ns", NULL, 1, 1, 0, KYMO_NOTE, "/events: time_ns", "before the event in front"},
    {"/events", "text_at", NULL, 100, 1, 0, KYMO_ERROR, "/events: text_at", "outside /event_texts"},
    {"/events", "type", NULL, 0, 1, 0, KYMO_WARNING, "/events: type", "no type"},
};

static void spoil(const char *path, const struct defect *d, bool is_attribute)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);

    assert_true(file >= 0);
    if (is_attribute)
        change(file, d->object, d->name, d->text, d->real);
    else if (d->name)
        change_event(file, d->row, d->name, (int64_t)d->real);
    else
        put_number(file, d->object, strcmp(d->object, "/segments/time_ns") == 0 ? 1 : 2, d->row, d->column, (int64_t)d->real);
    H5Fclose(file);
}

static void test_clean(void **state)
{
    struct folder f;
    char path[160];

    (void)state;
    folder_make(&f);
    write_clean(folder_path(&f, "x.h5", path));
    const struct findings k = check(path);
    show_findings(&k);
    assert_int_equal(k.n, 0);
    folder_remove(&f);
}

static void check_defects(const struct defect *d, size_t n, bool is_attribute)
{
    struct folder f;
    char path[160];

    folder_make(&f);
    folder_path(&f, "x.h5", path);
    for (size_t i = 0; i < n; i++) {
        write_clean(path);
        spoil(path, &d[i], is_attribute);
        const struct findings k = check(path);
        assert_found(&k, d[i].severity, d[i].field, d[i].part);
        if (k.n != 1) {
            show_findings(&k);
            fail();
        }
        assert_true(k.f[0].offset > 0);
    }
    folder_remove(&f);
}

static void test_attributes(void **state)
{
    (void)state;
    check_defects(attributes, COUNT_OF(attributes), true);
}

static void test_tables(void **state)
{
    (void)state;
    check_defects(numbers, COUNT_OF(numbers), false);
}

/* ---- bytes ---- */

/* The byte of the file where the second chunk of a signal begins, and how many samples are before it. */
static off_t second_chunk(const char *path, const char *object, hsize_t *samples)
{
    const hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT), set = H5Dopen2(file, object, H5P_DEFAULT);
    unsigned mask;
    haddr_t at = 0;
    hsize_t size;

    *samples = h5_piece_of(set);
    assert_true(H5Dget_chunk_info_by_coord(set, samples, &mask, &at, &size) >= 0);
    H5Dclose(set);
    H5Fclose(file);
    return (off_t)at;
}

static void flip(const char *path, off_t at)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    unsigned char byte;

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0xff;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static struct findings fix(const char *path, const char *copy)
{
    struct findings kept = {.n = 0};
    struct kymo_check c = {.found = keep_finding, .to = &kept};
    struct kymo_err e = {0};

    assert_int_equal(kymo_fix_recording(path, copy, &c, &e), 0);
    return kept;
}

/* A damaged chunk of each storage is found at its byte; in the copy its samples are missing, the others as they were. */
static void test_damaged_chunk(void **state)
{
    static const char *const objects[] = {"/signals/ECG", "/signals/PPG"};
    struct kymo_err e = {0};
    struct taken was, is;
    struct folder f;
    char path[160], copy[160], field[40];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    folder_path(&f, "y.h5", copy);
    write_clean(path);
    assert_int_equal(read_path(path, NULL, &was, &e), 0);
    for (size_t s = 0; s < 2; s++) {
        hsize_t n;
        write_clean(path);
        const off_t at = second_chunk(path, objects[s], &n);
        assert_in_range(n, 1024, N / 2);
        flip(path, at + 20);
        snprintf(field, sizeof field, "%s: samples", objects[s]);
        const struct findings k = check(path);
        assert_found(&k, KYMO_ERROR, field, "1 chunk of samples damaged");
        assert_int_equal(k.f[0].offset, at);
        const struct findings done = fix(path, copy);
        assert_found(&done, KYMO_FIXED, field, "no longer so: 1 chunk");
        assert_int_equal(check(copy).n, 0);
        assert_int_equal(read_path(copy, NULL, &is, &e), 0);
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(is.trace[i].n, N);
            for (size_t j = 0; j < N; j++) {
                const bool gone = i == s && j >= n && j < 2 * n;
                assert_int_equal(is.trace[i].time_ns[j], was.trace[i].time_ns[j]);
                assert_true(gone ? isnan(is.trace[i].physical[j]) : is.trace[i].physical[j] == was.trace[i].physical[j]);
            }
        }
        assert_same_events(&was, &is);
        taken_free(&is);
    }
    taken_free(&was);
    folder_remove(&f);
}

/* Bytes behind the end, a file cut off, one still open for writing, one without a beginning. */
static void test_whole_file(void **state)
{
    struct folder f;
    char path[160], copy[160];
    struct kymo_check c = {.n = {0}};
    struct kymo_err e = {0};
    struct findings k;

    (void)state;
    folder_make(&f);
    folder_path(&f, "y.h5", copy);
    write_clean(folder_path(&f, "x.h5", path));
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    const off_t size = lseek(fd, 0, SEEK_END);
    assert_int_equal(pwrite(fd, "more", 4, size), 4);
    k = check(path);
    assert_found(&k, KYMO_WARNING, "end of file address", "4 bytes behind the end");
    assert_int_equal(k.f[0].offset, size);
    k = fix(path, copy);
    assert_int_equal(check(copy).n, 0);
    assert_int_equal(ftruncate(fd, size - 10), 0);
    k = check(path);
    assert_int_equal(k.n, 1);
    assert_found(&k, KYMO_ERROR, "end of file address", "10 bytes too early");
    assert_int_equal(k.f[0].offset, 28);
    assert_true(kymo_fix_recording(path, copy, &c, &e) < 0);
    assert_int_equal(ftruncate(fd, 20), 0);
    k = check(path);
    assert_found(&k, KYMO_ERROR, "superblock", "the file ends inside it");
    close(fd);
    write_clean(path);
    flip(path, 8);
    k = check(path);
    assert_found(&k, KYMO_ERROR, "superblock version", "not 0 to 3");
    write_clean(path);
    flip(path, 11);
    k = check(path);
    assert_found(&k, KYMO_ERROR, "consistency flags", "still open for writing");
    folder_remove(&f);
}

/* What is wrong beside the samples is right in the copy: counts, end mark, an impossible event, the order of events. */
static void test_fix(void **state)
{
    static const struct defect all[] = {
        {"/", "complete", NULL, GONE, 0, 0, KYMO_FIXED, "/: complete", "no longer so: missing"},
        {"/", "n_samples", NULL, 1, 0, 0, KYMO_FIXED, "/: n_samples", "no longer so: the signals hold 80000"},
        {"/", "color", "red", 0, 0, 0, KYMO_FIXED, "/: color", "no longer so: not of this layout"},
        {"/signals/ECG", "rate", NULL, 250.5, 0, 0, KYMO_FIXED, "/signals/ECG: rate", "no longer so"},
    };
    struct kymo_err e = {0};
    struct taken was, is;
    struct folder f;
    char path[160], copy[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "x.h5", path);
    folder_path(&f, "y.h5", copy);
    write_clean(path);
    assert_int_equal(read_path(path, NULL, &was, &e), 0);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        spoil(path, &all[i], true);
    const struct findings k = fix(path, copy);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        assert_found(&k, all[i].severity, all[i].field, all[i].part);
    assert_int_equal(check(copy).n, 0);
    assert_int_equal(read_path(copy, NULL, &is, &e), 0);
    assert_same_samples(&was, &is);
    assert_same_events(&was, &is);
    taken_free(&is);
    spoil(path, &numbers[4], false);                       /* an event of no signal: left out */
    const struct findings left_out = fix(path, copy);
    assert_found(&left_out, KYMO_FIXED, "/events: signal", "no longer so");
    assert_int_equal(read_path(copy, NULL, &is, &e), 0);
    assert_int_equal(is.n_events, 1);
    taken_free(&is);
    taken_free(&was);
    folder_remove(&f);
}

/* ---- files of others ---- */

static void put_set(hid_t file, const char *path, hsize_t n, const double *x)
{
    const hid_t space = H5Screate_simple(1, &n, NULL);
    const hid_t set = H5Dcreate2(file, path, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(set >= 0 && H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x) >= 0);
    H5Dclose(set);
    H5Sclose(space);
}

static void test_others(void **state)
{
    const double x[8] = {1, 2, (double)NAN, 4, (double)NAN, 6, 7, 8}, even[4] = {0, 0.004, 0.008, 0.012};
    const double uneven[4] = {0, 1, 5, 6}, back[4] = {0, 2, 1, 3};
    struct kymo_check c = {.n = {0}};
    struct kymo_err e = {0};
    struct folder f;
    char path[160], copy[160];

    (void)state;
    folder_make(&f);
    folder_path(&f, "y.h5", copy);
    hid_t file = H5Fcreate(folder_path(&f, "x.h5", path), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    put_set(file, "ecg", 8, x);
    change(file, "ecg", "fs", "250 Hz", 0);
    put_set(file, "other", 8, x);
    put_set(file, "time", 4, even);
    put_set(file, "Time_Stamps", 4, uneven);
    put_set(file, "t", 4, back);
    H5Fclose(file);
    const struct findings k = check(path);
    assert_found(&k, KYMO_NOTE, "", "not of Kymo's own layout");
    assert_found(&k, KYMO_NOTE, "", "rate 250 Hz from attribute fs of /ecg");
    assert_found(&k, KYMO_WARNING, "", "/other is left out: no rate is told");
    assert_found(&k, KYMO_NOTE, "ecg", "no unit");
    assert_found(&k, KYMO_NOTE, "ecg", "2 of 8 samples are missing, 25 %");
    assert_found(&k, KYMO_NOTE, "/time", "even times, 250 steps");
    assert_found(&k, KYMO_NOTE, "/Time_Stamps", "uneven times, steps of 1 to 4");
    assert_found(&k, KYMO_WARNING, "/t", "1 of 4 times are not later");
    assert_int_equal(kymo_fix_recording(path, copy, &c, &e), KYMO_EUSAGE);
    assert_error(&e, KYMO_EUSAGE, "is not of Kymo's own layout");
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    put_set(file, "ecg", 8, x);
    H5Fclose(file);
    const struct findings rateless = check(path);
    assert_found(&rateless, KYMO_ERROR, "/ecg", "no rate: looked for");
    folder_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean), cmocka_unit_test(test_attributes), cmocka_unit_test(test_tables),
        cmocka_unit_test(test_damaged_chunk), cmocka_unit_test(test_whole_file), cmocka_unit_test(test_fix),
        cmocka_unit_test(test_others),
    };

    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
