/* formats/hdf5_file.c - see hdf5_file.h. */
#include "formats/hdf5_file.h"
#include "formats/hdf5_program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROWTH_BYTES 65536
#define WITHOUT_CHUNKS 32768             /* samples in a piece of a dataset that has no chunks */
#define VALUE_BYTES ((size_t)1 << 24)   /* an attribute that claims more is not read */

/* ---- errors ---- */

void h5_quiet(struct h5_quiet *q)
{
    q->print = NULL;
    q->to = NULL;
    H5Eget_auto2(H5E_DEFAULT, &q->print, &q->to);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void h5_loud(const struct h5_quiet *q)
{
    H5Eclear2(H5E_DEFAULT);
    H5Eset_auto2(H5E_DEFAULT, q->print, q->to);
}

struct told {
    char text[160];
    bool is_system;
};

/* Of the innermost error: its own words, or those of the system that it quotes. */
static herr_t keep_message(unsigned n, const H5E_error2_t *error, void *to)
{
    static const char quote[] = "error message = '";
    struct told *told = to;

    if (n > 0 || !error->desc)
        return 0;
    const char *system = strstr(error->desc, quote);
    snprintf(told->text, sizeof told->text, "%s", system ? system + sizeof quote - 1 : error->desc);
    told->is_system = system != NULL;
    if (system)
        told->text[strcspn(told->text, "'")] = '\0';
    return 0;
}

static void name_object(const char *path, const char *object, char *name, size_t cap)
{
    snprintf(name, cap, "%s%s%s", path, object ? ":" : "", object ? object : "");
}

int h5_fail(struct kymo_err *e, const char *path, const char *object, const char *what)
{
    struct told told = {.text = ""};
    char name[400];

    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_message, &told);
    H5Eclear2(H5E_DEFAULT);
    name_object(path, object, name, sizeof name);
    return kymo_fail_at(e, told.is_system ? KYMO_EIO : KYMO_EFORMAT, name, -1, "%s%s%s", what, told.text[0] ? ": " : "",
                        told.text);
}

int h5_fail_at(struct kymo_err *e, enum kymo_code code, const char *path, const char *object, const char *fmt, ...)
{
    char name[400], text[240];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    name_object(path, object, name, sizeof name);
    return kymo_fail_at(e, code, name, -1, "%s", text);
}

hid_t h5_hold(bool ok) { return ok ? -1 : H5Eget_current_stack(); }

void h5_put_back(hid_t held)
{
    if (held >= 0)
        H5Eset_current_stack(held);
}

/* ---- files ---- */

void kymo_hdf5_leave_exit(void) { H5dont_atexit(); }

hid_t h5_open_input(struct kymo_input *in, const char *path)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    size_t n;
    const void *bytes = kymo_input_bytes(in, &n);
    bool ok = true;

    H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);   /* closing the file closes what is open in it */
    H5Pset_file_locking(access, true, true);          /* where the file system has no locks, go on without */
    if (bytes)                                        /* which the library copies */
        ok = H5Pset_fapl_core(access, GROWTH_BYTES, false) >= 0 &&
             H5Pset_file_image(access, (void *)(uintptr_t)bytes, n) >= 0;
    const hid_t file = ok ? H5Fopen(kymo_input_copy(in) ? kymo_input_copy(in) : path, H5F_ACC_RDONLY, access) : -1;
    const hid_t held = h5_hold(file >= 0);
    H5Pclose(access);
    h5_put_back(held);
    return file;
}

bool h5_is_ours(hid_t file)
{
    struct h5_value v = {0};
    const hid_t attr = H5Aexists_by_name(file, "/", "format", H5P_DEFAULT) > 0
                           ? H5Aopen_by_name(file, "/", "format", H5P_DEFAULT, H5P_DEFAULT) : -1;
    const bool ours = attr >= 0 && h5_value_read(attr, false, 1, &v) > 0 && v.is_text && strcmp(v.text[0], "kymo") == 0;

    h5_value_release(&v);
    if (attr >= 0)
        H5Aclose(attr);
    return ours;
}

/* ---- values ---- */

void h5_value_release(struct h5_value *v)
{
    for (size_t i = 0; v->text && i < v->n; i++)
        free(v->text[i]);
    free(v->text);
    free(v->real);
    *v = (struct h5_value){0};
}

static herr_t read_raw(hid_t id, bool is_set, hid_t mem, void *to)
{
    return is_set ? H5Dread(id, mem, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) : H5Aread(id, mem, to);
}

/* Texts that the library allocates. */
static int read_long_texts(hid_t id, bool is_set, hid_t mem, hid_t space, struct h5_value *v)
{
    char **raw = calloc(v->n, sizeof *raw);
    int rc = raw && read_raw(id, is_set, mem, raw) >= 0 ? 1 : -1;

    for (size_t i = 0; rc > 0 && i < v->n; i++)
        if (!(v->text[i] = strdup(raw[i] ? raw[i] : "")))
            rc = -1;
    const hid_t held = h5_hold(rc >= 0);
    if (raw)
        H5Dvlen_reclaim(mem, space, H5P_DEFAULT, raw);
    free(raw);
    h5_put_back(held);
    return rc;
}

static int read_short_texts(hid_t id, bool is_set, hid_t mem, size_t width, struct h5_value *v)
{
    char *raw = width < VALUE_BYTES / v->n ? calloc(v->n, width) : NULL;
    int rc = raw && read_raw(id, is_set, mem, raw) >= 0 ? 1 : -1;

    for (size_t i = 0; rc > 0 && i < v->n; i++)
        if (!(v->text[i] = strndup(raw + i * width, width)))
            rc = -1;
    free(raw);
    return rc;
}

static int read_texts(hid_t id, bool is_set, hid_t type, hid_t space, struct h5_value *v)
{
    const bool is_long = H5Tis_variable_str(type) > 0;
    const size_t width = H5Tget_size(type);
    const hid_t mem = H5Tcopy(H5T_C_S1);
    int rc = -1;

    v->is_text = true;
    if ((v->text = calloc(v->n, sizeof *v->text)) && H5Tset_size(mem, is_long ? H5T_VARIABLE : width) >= 0 &&
        H5Tset_cset(mem, H5Tget_cset(type)) >= 0 && H5Tset_strpad(mem, H5Tget_strpad(type)) >= 0)
        rc = is_long ? read_long_texts(id, is_set, mem, space, v) : read_short_texts(id, is_set, mem, width, v);
    const hid_t held = h5_hold(rc >= 0);
    H5Tclose(mem);
    h5_put_back(held);
    return rc;
}

static int read_value(hid_t id, bool is_set, hid_t type, hid_t space, size_t limit, struct h5_value *v)
{
    const H5T_class_t class = H5Tget_class(type);
    const hssize_t n = H5Sget_simple_extent_npoints(space);

    if (n <= 0 || (uint64_t)n > limit)
        return n < 0 ? -1 : 0;
    v->n = (size_t)n;
    if (class == H5T_STRING)
        return read_texts(id, is_set, type, space, v);
    if (class != H5T_INTEGER && class != H5T_FLOAT)
        return 0;
    v->is_single = class == H5T_FLOAT && H5Tget_size(type) <= 4;
    v->real = calloc(v->n, sizeof *v->real);
    return v->real && read_raw(id, is_set, H5T_NATIVE_DOUBLE, v->real) >= 0 ? 1 : -1;
}

int h5_value_read(hid_t id, bool is_set, size_t limit, struct h5_value *v)
{
    const hid_t type = is_set ? H5Dget_type(id) : H5Aget_type(id);
    const hid_t space = is_set ? H5Dget_space(id) : H5Aget_space(id);
    int rc = -1;

    *v = (struct h5_value){0};
    if (type >= 0 && space >= 0)
        rc = read_value(id, is_set, type, space, limit, v);
    const hid_t held = h5_hold(rc >= 0);
    if (rc <= 0)
        h5_value_release(v);
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    h5_put_back(held);
    return rc;
}

/* ---- attributes of our own ---- */

/* Opens the attribute if it is there and of one item. Returns 1, 0 where it is absent, or a negative code. */
static int open_one(hid_t at, const char *name, H5T_class_t wanted, hid_t *attr, struct kymo_err *e)
{
    const htri_t there = H5Aexists(at, name);

    if (there == 0)
        return 0;
    *attr = there > 0 ? H5Aopen(at, name, H5P_DEFAULT) : -1;
    const hid_t type = *attr >= 0 ? H5Aget_type(*attr) : -1, space = *attr >= 0 ? H5Aget_space(*attr) : -1;
    const bool fits = type >= 0 && space >= 0 && H5Sget_simple_extent_npoints(space) == 1 &&
                      (H5Tget_class(type) == wanted || (wanted == H5T_FLOAT && H5Tget_class(type) == H5T_INTEGER));
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (fits)
        return 1;
    if (*attr >= 0)
        H5Aclose(*attr);
    return kymo_fail(e, KYMO_EFORMAT, "attribute \"%s\" is not %s", name,
                     wanted == H5T_STRING ? "one text" : wanted == H5T_INTEGER ? "one integer" : "one number");
}

static int get_number(hid_t at, const char *name, H5T_class_t class, hid_t mem, void *value, struct kymo_err *e)
{
    hid_t attr;
    int rc = open_one(at, name, class, &attr, e);

    if (rc <= 0)
        return rc;
    rc = H5Aread(attr, mem, value) < 0 ? kymo_fail(e, KYMO_EFORMAT, "attribute \"%s\" cannot be read", name) : 0;
    H5Aclose(attr);
    return rc;
}

int h5_get_int(hid_t at, const char *name, int64_t *value, struct kymo_err *e)
{
    return get_number(at, name, H5T_INTEGER, H5T_NATIVE_INT64, value, e);
}

int h5_get_real(hid_t at, const char *name, double *value, struct kymo_err *e)
{
    return get_number(at, name, H5T_FLOAT, H5T_NATIVE_DOUBLE, value, e);
}

int h5_get_text(hid_t at, const char *name, const char **text, struct kymo_header *h, struct kymo_err *e)
{
    struct h5_value v;
    hid_t attr;
    int rc = open_one(at, name, H5T_STRING, &attr, e);

    if (rc <= 0)
        return rc;
    rc = h5_value_read(attr, false, 1, &v) > 0 ? 0 : kymo_fail(e, KYMO_EFORMAT, "attribute \"%s\" cannot be read", name);
    if (rc == 0 && !(*text = kymo_header_text(h, v.text[0], strlen(v.text[0]), e)))
        rc = KYMO_ENOMEM;
    h5_value_release(&v);
    H5Aclose(attr);
    return rc;
}

static bool put_one(hid_t at, const char *name, hid_t type, hid_t mem, const void *value)
{
    const hid_t space = H5Screate(H5S_SCALAR), attr = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    const bool ok = attr >= 0 && H5Awrite(attr, mem, value) >= 0;
    const hid_t held = h5_hold(ok);

    if (attr >= 0)
        H5Aclose(attr);
    if (space >= 0)
        H5Sclose(space);
    h5_put_back(held);
    return ok;
}

bool h5_put_int(hid_t at, const char *name, int64_t value)
{
    return put_one(at, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

bool h5_put_real(hid_t at, const char *name, double value)
{
    return put_one(at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

bool h5_put_text(hid_t at, const char *name, const char *text)
{
    if (!*text)
        return true;
    const hid_t type = h5_text_type(strlen(text));
    const bool ok = put_one(at, name, type, type, text);
    const hid_t held = h5_hold(ok);

    H5Tclose(type);
    h5_put_back(held);
    return ok;
}

/* ---- types ---- */

hid_t h5_text_type(size_t width)
{
    const hid_t type = H5Tcopy(H5T_C_S1);

    H5Tset_size(type, width);
    H5Tset_strpad(type, H5T_STR_NULLPAD);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

hid_t h5_event_type(bool in_file)
{
    const hid_t i64 = in_file ? H5T_STD_I64LE : H5T_NATIVE_INT64, i32 = in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32;
    const hid_t word = h5_text_type(sizeof((struct h5_event *)0)->type);
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(struct h5_event));

    H5Tinsert(type, "time_ns", HOFFSET(struct h5_event, time_ns), i64);
    H5Tinsert(type, "duration_ns", HOFFSET(struct h5_event, duration_ns), i64);
    H5Tinsert(type, "sample", HOFFSET(struct h5_event, sample), i64);
    H5Tinsert(type, "value", HOFFSET(struct h5_event, value), in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "signal", HOFFSET(struct h5_event, signal), i32);
    H5Tinsert(type, "track", HOFFSET(struct h5_event, track), i32);
    H5Tinsert(type, "subtype", HOFFSET(struct h5_event, subtype), i32);
    H5Tinsert(type, "num", HOFFSET(struct h5_event, num), i32);
    H5Tinsert(type, "type", HOFFSET(struct h5_event, type), word);
    H5Tinsert(type, "text_at", HOFFSET(struct h5_event, text_at), i64);
    H5Tinsert(type, "text_bytes", HOFFSET(struct h5_event, text_bytes), i32);
    if (in_file)
        H5Tpack(type);
    H5Tclose(word);
    return type;
}

/* ---- items ---- */

/* Reads or writes the rectangle of RANK dimensions that begins at first and has count items. */
static bool transfer(hid_t set, hid_t mem, int rank, const hsize_t *first, const hsize_t *count, void *to, const void *from)
{
    const hid_t file_space = H5Dget_space(set), mem_space = H5Screate_simple(rank, count, NULL);
    bool ok = file_space >= 0 && mem_space >= 0 &&
              H5Sselect_hyperslab(file_space, H5S_SELECT_SET, first, NULL, count, NULL) >= 0;

    if (ok && to)
        ok = H5Dread(set, mem, mem_space, file_space, H5P_DEFAULT, to) >= 0;
    else if (ok)
        ok = H5Dwrite(set, mem, mem_space, file_space, H5P_DEFAULT, from) >= 0;
    const hid_t held = h5_hold(ok);
    if (mem_space >= 0)
        H5Sclose(mem_space);
    if (file_space >= 0)
        H5Sclose(file_space);
    h5_put_back(held);
    return ok;
}

bool h5_read_part(hid_t set, hid_t mem, int rank, const hsize_t *first, const hsize_t *count, void *items)
{
    return transfer(set, mem, rank, first, count, items, NULL);
}

bool h5_read_items(hid_t set, hid_t mem, hsize_t first, hsize_t n, void *items)
{
    return transfer(set, mem, 1, &first, &n, items, NULL);
}

bool h5_append_items(hid_t set, hid_t mem, hsize_t at, hsize_t n, const void *items)
{
    const hsize_t size = at + n;

    if (n == 0)
        return true;
    return H5Dset_extent(set, &size) >= 0 && transfer(set, mem, 1, &at, &n, NULL, items);
}

size_t h5_piece_of(hid_t set)
{
    const hid_t how = H5Dget_create_plist(set), type = H5Dget_type(set);
    hsize_t chunk = WITHOUT_CHUNKS;

    if (how >= 0 && H5Pget_layout(how) == H5D_CHUNKED && H5Pget_chunk(how, 1, &chunk) != 1)
        chunk = 0;
    const uint64_t width = type >= 0 ? H5Tget_size(type) : 0;
    if (type >= 0)
        H5Tclose(type);
    if (how >= 0)
        H5Pclose(how);
    return width > 0 && chunk <= H5_CHUNK_LIMIT / width ? (size_t)chunk : 0;
}
