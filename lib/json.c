/* lib/json.c - see json.h. */
#include "lib/json.h"

#include "lib/text.h"

#include <stdlib.h>
#include <string.h>

static int wrong_type(const char *name, const char *wanted, struct kymo_err *e)
{
    return kymo_fail(e, KYMO_EFORMAT, "\"%s\" is not %s", name, wanted);
}

int kymo_json_text(const json_t *object, const char *name, const char **value, struct kymo_err *e)
{
    const json_t *v = json_object_get(object, name);

    if (v && !json_is_string(v))
        return wrong_type(name, "a text", e);
    if (v)
        *value = json_string_value(v);
    return 0;
}

int kymo_json_real(const json_t *object, const char *name, double *value, struct kymo_err *e)
{
    const json_t *v = json_object_get(object, name);

    if (v && !json_is_number(v))
        return wrong_type(name, "a number", e);
    if (v)
        *value = json_number_value(v);
    return 0;
}

int kymo_json_int(const json_t *object, const char *name, int64_t *value, struct kymo_err *e)
{
    const json_t *v = json_object_get(object, name);

    if (v && !json_is_integer(v))
        return wrong_type(name, "an integer", e);
    if (v)
        *value = json_integer_value(v);
    return 0;
}

int kymo_json_bool(const json_t *object, const char *name, bool *value, struct kymo_err *e)
{
    const json_t *v = json_object_get(object, name);

    if (v && !json_is_boolean(v))
        return wrong_type(name, "true or false", e);
    if (v)
        *value = json_is_true(v);
    return 0;
}

int kymo_json_array(const json_t *object, const char *name, const json_t **array, size_t *n, struct kymo_err *e)
{
    const json_t *v = json_object_get(object, name);

    if (v && !json_is_array(v))
        return wrong_type(name, "an array", e);
    *array = v;
    *n = v ? json_array_size(v) : 0;
    return 0;
}

bool kymo_json_put(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

json_t *kymo_json_string(const char *text)
{
    const size_t n = strlen(text), cap = 3 * n + 8;
    json_t *value = json_string(text);
    char *clean = value ? NULL : malloc(cap);

    if (clean) {
        kymo_utf8(text, n, clean, cap);
        value = json_string(clean);
    }
    free(clean);
    return value;
}
