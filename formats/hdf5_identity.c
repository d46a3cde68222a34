/* formats/hdf5_identity.c - see hdf5_identity.h. */
#include "formats/hdf5_identity.h"

#include "formats/hdf5_file.h"
#include "lib/plain_words.h"

#include <stdio.h>
#include <string.h>

#define MOST_TEXTS 4096          /* of an attribute or a dataset; more are no description */
#define LONGEST_PATH 256

struct search {
    const struct kymo_identity_rules *rules;
    struct kymo_err *e;
    hid_t file;
    bool is_ours;
    const char *object;          /* path of the one at hand */
    int rc;
};

/* What our own layout means by an attribute of that name comes with the recording's header. */
static bool is_known(const struct search *s, const char *name)
{
    static const char *const known[] = {
        "format", "record", "source_format", "start", "start_date", "subject_id", "subject_name", "subject_sex",
        "subject_birth", "recording", "label", "unit", "transducer", "prefilter", "kind", "storage", "missing",
    };

    for (size_t i = 0; s->is_ours && i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], name) == 0)
            return true;
    return false;
}

static void tell_texts(struct search *s, hid_t id, bool is_set, const char *place)
{
    struct h5_value v = {0};

    if (h5_value_read(id, is_set, MOST_TEXTS, &v) > 0 && v.is_text)
        for (size_t i = 0; s->rc == 0 && i < v.n; i++)
            if (!kymo_is_technical_text(v.text[i]))
                s->rc = s->rules->found(s->rules->to, place, v.text[i], NULL, s->e);
    h5_value_release(&v);
}

static herr_t each_attribute(hid_t object, const char *name, const H5A_info_t *info, void *to)
{
    struct search *s = to;
    char place[2 * LONGEST_PATH];

    (void)info;
    if (is_known(s, name))
        return 0;
    const hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    snprintf(place, sizeof place, "attribute %s of %s", name, s->object);
    if (attribute >= 0) {
        tell_texts(s, attribute, false, place);
        H5Aclose(attribute);
    }
    return s->rc < 0 ? -1 : 0;
}

/* Our own texts are the recording's: notes, history, tracks, those of events. */
static bool is_own_set(const struct search *s)
{
    static const char *const own[] = {"/tracks", "/history", "/notes", "/events", "/event_texts", "/segments"};

    for (size_t i = 0; s->is_ours && i < sizeof own / sizeof *own; i++)
        if (strcmp(own[i], s->object) == 0)
            return true;
    return false;
}

static herr_t each_object(hid_t root, const char *name, const H5O_info_t *info, void *to)
{
    struct search *s = to;
    char path[LONGEST_PATH];

    snprintf(path, sizeof path, "/%s", strcmp(name, ".") == 0 ? "" : name);
    s->object = path;
    const hid_t object = H5Oopen(root, name, H5P_DEFAULT);
    if (object < 0)
        return 0;
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, each_attribute, s);
    if (s->rc == 0 && info->type == H5O_TYPE_DATASET && !is_own_set(s))
        tell_texts(s, object, true, path);
    H5Oclose(object);
    return s->rc < 0 ? -1 : 0;
}

int hdf5_hidden(struct kymo_input *in, const char *path, const struct kymo_identity_rules *rules, struct kymo_err *e)
{
    struct search s = {.rules = rules, .e = e};
    struct h5_quiet quiet;

    h5_quiet(&quiet);
    s.file = h5_open_input(in, path);
    if (s.file < 0) {
        s.rc = h5_fail(e, path, "/", "cannot be opened");
    } else {
        s.is_ours = h5_is_ours(s.file);
        if (H5Ovisit2(s.file, H5_INDEX_NAME, H5_ITER_INC, each_object, &s, H5O_INFO_BASIC) < 0 && s.rc == 0)
            s.rc = h5_fail(e, path, "/", "cannot be read");
        H5Fclose(s.file);
    }
    h5_loud(&quiet);
    return s.rc;
}
