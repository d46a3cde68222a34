/* tests/fuzz/fuzz_hdf5.c - HDF5 files, of our own layout and of others.
 *
 * The input is no file: it tells how to make one. HDF5 files of random bytes test the HDF5 library, whose releases before 1.14
 * crash and hang inside on hostile ones; what is tested here is what Kymo makes of files that the library can read: attributes
 * and datasets that are absent, of other types, shapes and values. An input that has ended tells to do what is usual, so that
 * the empty one gives a recording without fault. Our own layout has checksums on everything but samples: there, bytes of the
 * finished file are changed, too.
 *
 * Property: fuzz.h's; and the checker comes to its end, whatever it finds. */
#include "formats/hdf5_file.h"
#include "formats/hdf5_program.h"
#include "fuzz.h"
#include "lib/check.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The library loses some of its own where the metadata of a file is damaged. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:H5FL_\nleak:H5MM_\n"; }

#define MOST_SAMPLES 96
#define LONGEST_TEXT 48

struct feed {
    const uint8_t *p;
    size_t n;
};

static uint8_t eat(struct feed *f)
{
    if (f->n == 0)
        return 0;
    f->n--;
    return *f->p++;
}

static int64_t eat_number(struct feed *f)
{
    uint64_t x = 0;

    for (int i = 0; i < 8; i++)
        x = x << 8 | eat(f);
    return (int64_t)x;
}

/* Up to LONGEST_TEXT bytes, none of them zero. */
static size_t eat_text(struct feed *f, char *text)
{
    const size_t n = eat(f) % LONGEST_TEXT;

    for (size_t i = 0; i < n; i++)
        if (!(text[i] = (char)eat(f)))
            text[i] = 'a';
    text[n] = '\0';
    return n;
}

/* ---- attributes ---- */

static void put(hid_t at, const char *name, hid_t type, hid_t mem, hsize_t n, const void *value)
{
    const hid_t space = n == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, NULL);
    const hid_t attr = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

    if (attr >= 0) {
        H5Awrite(attr, mem, value);
        H5Aclose(attr);
    }
    H5Sclose(space);
}

static void put_texts(hid_t at, const char *name, struct feed *f, bool is_long, hsize_t n)
{
    char raw[3][LONGEST_TEXT] = {{0}};
    const char *text[3] = {raw[0], raw[1], raw[2]};
    const hid_t type = h5_text_type(LONGEST_TEXT), lengthy = H5Tcopy(H5T_C_S1);

    H5Tset_size(lengthy, H5T_VARIABLE);
    for (hsize_t i = 0; i < n; i++)
        eat_text(f, raw[i]);
    if (is_long)
        put(at, name, lengthy, lengthy, n, text);
    else
        put(at, name, type, type, n, raw);
    H5Tclose(type);
    H5Tclose(lengthy);
}

/* An attribute of any type and value. */
static void put_any(hid_t at, const char *name, struct feed *f)
{
    const uint8_t how = eat(f);
    const hsize_t n = 1 + (how >> 4) % 3;
    const hid_t integers[] = {H5T_STD_I8LE, H5T_STD_I16BE, H5T_STD_I32LE, H5T_STD_U64LE, H5T_STD_I64LE};
    int64_t number[3];
    double real[3];

    if (how % 10 < 2) {
        put_texts(at, name, f, how % 10, n);
        return;
    }
    for (hsize_t i = 0; i < n; i++) {
        number[i] = eat_number(f);
        memcpy(&real[i], &number[i], sizeof real[i]);
    }
    if (how % 10 == 2)
        put(at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, n, real);
    else if (how % 10 == 3)
        put(at, name, H5T_IEEE_F32BE, H5T_NATIVE_DOUBLE, n, real);
    else if (how % 10 == 4)
        put(at, name, H5T_STD_REF_OBJ, H5T_STD_REF_OBJ, n, number);
    else
        put(at, name, integers[how % 10 - 5], H5T_NATIVE_INT64, n, number);
}

/* Attributes of our layout: as they should be, or absent, of another value or of another type. */
static void put_int(hid_t at, const char *name, int64_t usual, struct feed *f)
{
    const uint8_t how = eat(f);

    if (how < 200)
        h5_put_int(at, name, usual);
    else if (how < 220)
        h5_put_int(at, name, (int8_t)eat(f));
    else if (how < 235)
        h5_put_int(at, name, eat_number(f));
    else if (how < 250)
        put_any(at, name, f);
}

static void put_real(hid_t at, const char *name, double usual, struct feed *f)
{
    const uint8_t how = eat(f);

    if (how < 200)
        h5_put_real(at, name, usual);
    else if (how < 220)
        h5_put_real(at, name, (int8_t)eat(f) / 4.0);
    else if (how < 250)
        put_any(at, name, f);
}

static void put_text(hid_t at, const char *name, const char *usual, struct feed *f)
{
    const uint8_t how = eat(f);
    char text[LONGEST_TEXT];

    if (how < 200) {
        h5_put_text(at, name, usual);
    } else if (how < 230) {
        eat_text(f, text);
        h5_put_text(at, name, text);
    } else if (how < 250) {
        put_any(at, name, f);
    }
}

/* ---- datasets ---- */

/* A dataset of rank dimensions; its values are the next bytes of the input, each at every tenth byte. */
static hid_t put_set(hid_t file, const char *path, hid_t type, int rank, const hsize_t *size, bool packed, struct feed *f)
{
    const hid_t links = H5Pcreate(H5P_LINK_CREATE), how = H5Pcreate(H5P_DATASET_CREATE);
    hsize_t chunk[4] = {0};
    size_t n = 1;

    for (int i = 0; i < rank; i++) {
        n *= (size_t)size[i];
        chunk[i] = size[i] < 4 ? size[i] : 4;
    }
    H5Pset_create_intermediate_group(links, 1);
    if (packed && rank > 0 && n > 0) {
        H5Pset_chunk(how, rank, chunk);
        H5Pset_shuffle(how);
        H5Pset_deflate(how, 1);
    }
    const hid_t space = rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, size, NULL);
    const hid_t set = H5Dcreate2(file, path, type, space, links, how, H5P_DEFAULT);
    unsigned char *values = calloc(n + 1, H5Tget_size(type) + 1);
    if (set >= 0 && values && H5Tdetect_class(type, H5T_VLEN) <= 0 && H5Tis_variable_str(type) <= 0) {
        for (size_t i = 0; i < n * H5Tget_size(type); i += 10)
            values[i] = eat(f);
        if (n > 0)
            H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    }
    free(values);
    H5Sclose(space);
    H5Pclose(how);
    H5Pclose(links);
    return set;
}

static hid_t number_type(uint8_t which)
{
    const hid_t all[] = {H5T_STD_I16LE, H5T_STD_I32LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_STD_I8BE, H5T_STD_U8LE,
                         H5T_STD_U16BE, H5T_STD_U32LE, H5T_STD_I64BE, H5T_STD_U64LE, H5T_IEEE_F64BE, H5T_STD_B8LE,
                         H5T_STD_REF_OBJ};

    return H5Tcopy(all[which % (sizeof all / sizeof *all)]);
}

/* Numbers, or now and then texts, lists, words or records. */
static hid_t any_type(struct feed *f)
{
    const uint8_t which = eat(f);
    hid_t type;

    if (which < 200)
        return number_type(which);
    if (which < 220) {
        type = H5Tcreate(H5T_COMPOUND, 12);
        H5Tinsert(type, which % 2 ? "HR" : "time", 0, H5T_IEEE_F32LE);
        H5Tinsert(type, "b", 4, which % 3 ? H5T_STD_I16LE : H5T_STD_I64LE);
        return type;
    }
    if (which < 230)
        return h5_text_type(1 + which % 8);
    if (which < 240)
        return H5Tvlen_create(H5T_STD_I32LE);
    if (which < 245)
        return H5Tenum_create(H5T_STD_I8LE);
    type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    return type;
}

static void close_set(hid_t set)
{
    if (set >= 0)
        H5Dclose(set);
}

/* ---- our own layout ---- */

struct plan {
    size_t n_signals, n_segments, n_samples, n_events;   /* samples: of each signal */
};

static void put_signal(hid_t file, const struct plan *plan, size_t i, struct feed *f)
{
    static const char *const storages[] = {"i16", "i24", "i32", "f32", "f64"};
    static const uint8_t types[] = {0, 1, 1, 2, 3};
    const uint8_t storage = eat(f) % 5, odd = eat(f);
    const hsize_t size[2] = {odd < 240 ? plan->n_samples : odd % 8, 3};
    const hid_t type = number_type(odd == 230 ? eat(f) : types[storage]);
    char path[40];

    snprintf(path, sizeof path, "/signals/ECG %zu", i);
    const hid_t set = put_set(file, path, type, odd == 231 ? 2 : 1, size, odd % 2, f);
    if (set >= 0) {
        put_int(set, "index", (int64_t)i, f);
        put_text(set, "label", path + 9, f);
        put_text(set, "unit", "mV", f);
        put_text(set, "kind", "ecg", f);
        put_int(set, "rate_num", 4, f);
        put_int(set, "rate_den", 1, f);
        put_real(set, "rate", 4, f);
        put_text(set, "storage", storages[storage], f);
        put_int(set, storage < 3 ? "missing" : "can_miss", storage < 3 ? -32768 : 1, f);
        put_int(set, "calibrated", 1, f);
        put_real(set, "gain", storage < 3 ? 200 : 1, f);
        put_real(set, "baseline", 0, f);
        put_real(set, "digital_min", -2048, f);
        put_text(set, "transducer", "", f);
    }
    H5Tclose(type);
    close_set(set);
}

/* A table of numbers, number k of row r usually first + r * step. */
static void put_table(hid_t file, const char *path, size_t rows, size_t columns, int64_t step, struct feed *f)
{
    const uint8_t odd = eat(f);
    const hsize_t size[2] = {odd < 245 ? rows : odd % 5, columns ? columns : 1};
    const hid_t set = put_set(file, path, odd == 240 ? H5T_IEEE_F32LE : H5T_STD_I64LE, columns ? 2 : 1, size, odd % 2, f);
    int64_t number[64] = {0};

    for (size_t i = 0; i < size[0] * size[1]; i++) {
        const uint8_t how = eat(f);
        number[i] = (int64_t)(i / size[1]) * step + (how < 200 ? 0 : (int8_t)eat(f));
        if (how >= 240)
            number[i] = eat_number(f);
    }
    if (set >= 0 && odd != 241)
        H5Dwrite(set, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, number);
    close_set(set);
}

static void put_events(hid_t file, const struct plan *plan, struct feed *f)
{
    const hid_t type = h5_event_type(true), mem = h5_event_type(false), bytes = H5Tcopy(H5T_STD_U8LE);
    const hsize_t size = plan->n_events, n_text = 16;
    struct h5_event ev[8] = {{.time_ns = 0}};

    for (size_t i = 0; i < plan->n_events; i++) {
        const uint8_t how = eat(f);
        ev[i] = (struct h5_event){.time_ns = (int64_t)i * 1000, .duration_ns = i % 2 ? KYMO_UNKNOWN : 5, .sample = (int64_t)i,
                                  .value = (double)NAN, .signal = -1, .type = "N", .text_at = (int64_t)i, .text_bytes = 1};
        if (how & 1)
            ev[i].time_ns = eat_number(f);
        if (how & 2)
            ev[i].signal = (int8_t)eat(f);
        if (how & 4)
            ev[i].track = (int8_t)eat(f);
        if (how & 8)
            ev[i].text_at = how & 16 ? eat_number(f) : (int8_t)eat(f);
        if (how & 32)
            ev[i].text_bytes = (int8_t)eat(f);
        if (how & 64)
            for (size_t k = 0; k < sizeof ev[i].type; k++)
                ev[i].type[k] = (char)eat(f);
        if (how & 128)
            ev[i].duration_ns = eat_number(f);
    }
    const hid_t set = put_set(file, "/events", eat(f) == 255 ? bytes : type, 1, &size, true, f);
    if (set >= 0 && size > 0)
        H5Dwrite(set, mem, H5S_ALL, H5S_ALL, H5P_DEFAULT, ev);
    close_set(set);
    close_set(put_set(file, "/event_texts", bytes, 1, &n_text, true, f));
    H5Tclose(type);
    H5Tclose(mem);
    H5Tclose(bytes);
}

static void put_list(hid_t file, const char *path, struct feed *f)
{
    const uint8_t odd = eat(f);
    const hsize_t n = odd < 128 ? 1 : odd % 4;
    const hid_t type = odd == 250 ? any_type(f) : h5_text_type(11);

    if (odd != 251)
        close_set(put_set(file, path, type, odd == 252 ? 0 : 1, &n, odd % 2, f));
    H5Tclose(type);
}

static void put_own(hid_t file, struct feed *f)
{
    const uint8_t shape = eat(f);
    const struct plan plan = {.n_signals = 1 + shape % 3, .n_segments = 1 + (shape >> 2) % 3,
                              .n_samples = 8 + shape / 32U * 2, .n_events = (shape >> 4) % 4};
    const hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);

    h5_put_text(root, "format", "kymo");
    for (size_t i = 0; i < plan.n_signals; i++)
        put_signal(file, &plan, i, f);
    put_table(file, "/segments/time_ns", plan.n_segments, 0, 60 * KYMO_NS_PER_S, f);
    put_table(file, "/segments/index", plan.n_segments, plan.n_signals, 240, f);
    put_table(file, "/segments/first", plan.n_segments, plan.n_signals, 240, f);
    put_table(file, "/segments/offset", plan.n_segments, plan.n_signals, 2, f);
    put_events(file, &plan, f);
    put_list(file, "/tracks", f);
    put_list(file, "/history", f);
    put_list(file, "/notes", f);
    put_int(root, "version", 1, f);
    put_int(root, "complete", 1, f);
    put_int(root, "n_signals", (int64_t)plan.n_signals, f);
    put_int(root, "n_segments", (int64_t)plan.n_segments, f);
    put_int(root, "n_samples", (int64_t)(plan.n_signals * plan.n_samples), f);
    put_int(root, "n_events", (int64_t)plan.n_events, f);
    put_int(root, "duration_ns", 2 * KYMO_NS_PER_S, f);
    put_text(root, "start_date", "2001-02-28", f);
    put_int(root, "start_time_ns", 5 * KYMO_NS_PER_S, f);
    put_text(root, "subject_id", "X", f);
    put_text(root, "record", "r", f);
    H5Gclose(root);
}

/* ---- files of others ---- */

static const char *const facts[] = {
    "fs", "Sampling Rate", "unit", "units", "scale_factor", "gain", "offset", "baseline", "_FillValue", "start_time", "labels",
    "time_axis", "DIMENSION_LABELS", ".meta", "rate", "starting_time", "missing", "conversion", "columns", "other",
};

static void put_fact(hid_t at, struct feed *f)
{
    static const char *const metas[] = {
        "{\"fs\": 250, \"unit\": \"mV\", \"columns\": {\"HR\": {\"unit\": \"1/min\", \"scale\": 2}, \"b\": {}}}",
        "{\"fs\": \"125 Hz\", \"columns\": {\"time\": 0}}", "{\"units\": 1, \"columns\": []}", "[]",
    };
    const char *name = facts[eat(f) % (sizeof facts / sizeof *facts)];
    const uint8_t how = eat(f);

    if (strcmp(name, ".meta") == 0 && how < 200)
        h5_put_text(at, name, metas[how % 4]);
    else if (how < 80)
        h5_put_real(at, name, how * 2.5);
    else if (how < 110)
        h5_put_text(at, name, how % 2 ? "2001-02-28T23:15:00.5" : "mV");
    else
        put_any(at, name, f);
}

static void put_foreign_set(hid_t file, struct feed *f)
{
    static const char *const paths[] = {
        "/ecg", "/waveforms/ecg", "/waveforms/pleth/data", "/numerics/vitals", "/fs", "/g/starting_time", "/g/data", "/time",
        "/waveforms/time", "/session_start_time", "/annotations/x",
    };
    const char *path = paths[eat(f) % (sizeof paths / sizeof *paths)];
    const hid_t type = any_type(f);
    const uint8_t shape = eat(f), n_facts = eat(f) % 5;
    const hsize_t size[4] = {(shape >> 2) % 24, 1 + shape % 5, 2, 1};
    const hid_t set = put_set(file, path, type, shape % 16 < 12 ? 1 + shape % 2 : shape % 4, size, shape & 128, f);

    for (uint8_t i = 0; set >= 0 && i < n_facts; i++)
        put_fact(set, f);
    close_set(set);
    H5Tclose(type);
}

static void put_foreign(hid_t file, struct feed *f)
{
    const uint8_t shape = eat(f);
    const hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);

    for (int i = 0; i < 1 + shape % 4; i++)
        put_foreign_set(file, f);
    for (int i = 0; i < shape >> 6; i++)
        put_fact(root, f);
    H5Gclose(root);
}

/* ---- the whole ---- */

/* In the form of HDF5 1.10, through our own driver: the image that the library itself gives of such a file has a wrong
 * checksum. */
static unsigned char *make_new(struct feed *f, bool own, size_t *n)
{
    struct h5_disk disk = {.fd = memfd_create("fuzz_hdf5", MFD_CLOEXEC)};
    unsigned char *bytes = NULL;
    struct stat st;
    const hid_t file = disk.fd >= 0 ? h5_disk_create(&disk, "made") : -1;

    must(file >= 0, "a file can be made");
    if (own)
        put_own(file, f);
    else
        put_foreign(file, f);
    if (H5Fclose(file) >= 0 && fstat(disk.fd, &st) == 0 && st.st_size > 0) {
        *n = (size_t)st.st_size;
        bytes = malloc(*n);
        must(bytes && pread(disk.fd, bytes, *n, 0) == st.st_size, "what was made can be read");
    }
    close(disk.fd);
    return bytes;
}

/* In the form of HDF5 1.0, without checksums. */
static unsigned char *make_old(struct feed *f, size_t *n)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    unsigned char *bytes = NULL;

    H5Pset_fapl_core(access, 4096, false);
    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
    const hid_t file = H5Fcreate("made", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    H5Pclose(access);
    must(file >= 0, "a file can be made");
    put_foreign(file, f);
    H5Fflush(file, H5F_SCOPE_LOCAL);
    const ssize_t size = H5Fget_file_image(file, NULL, 0);
    if (size > 0 && (bytes = malloc((size_t)size)))
        H5Fget_file_image(file, bytes, *n = (size_t)size);
    H5Fclose(file);
    return bytes;
}

static int count(void *to, const struct kymo_finding *found, struct kymo_err *e)
{
    (void)e;
    must(found->file && found->field && found->text && found->text[0], "a finding has all its words");
    *(size_t *)to += 1;
    return 0;
}

static void check_holds(const unsigned char *bytes, size_t n)
{
    const struct kymo_format *format = kymo_format_named("hdf5");
    struct kymo_err e = {0};
    size_t told = 0;
    struct kymo_check c = {.found = count, .to = &told};
    struct kymo_input *in = kymo_input_memory("x.h5", bytes, n, &e);
    const int rc = in && format->check ? format->check(in, "x.h5", &c, &e) : 0;

    must(rc == 0 || e.n > 0, "a failure to check has a cause");
    kymo_input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct feed f = {data, n};
    struct h5_quiet q;
    size_t size;

    kymo_hdf5_leave_exit();
    h5_quiet(&q);
    const uint8_t kind = eat(&f);
    unsigned char *bytes = kind % 4 == 1 ? make_old(&f, &size) : make_new(&f, kind % 2 == 0, &size);
    h5_loud(&q);
    for (int i = 0; bytes && kind % 2 == 0 && i < kind >> 6; i++) {
        const size_t at = (size_t)eat(&f) << 8 | eat(&f);
        bytes[at % size] = eat(&f);
    }
    if (bytes) {
        recording_holds(bytes, size, "x.h5");
        check_holds(bytes, size);
    }
    free(bytes);
    return 0;
}
