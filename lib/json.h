/* lib/json.h - the one place that includes jansson, with reading that checks and says what was wrong. */
#ifndef KYMO_JSON_H
#define KYMO_JSON_H

#include "lib/err.h"

#include <jansson.h>
#include <stdbool.h>

/* The member NAME of an object. Absent: *value stays. Present but of another type: KYMO_EFORMAT. The text is a view. */
int kymo_json_text(const json_t *object, const char *name, const char **value, struct kymo_err *e);
int kymo_json_real(const json_t *object, const char *name, double *value, struct kymo_err *e);
int kymo_json_int(const json_t *object, const char *name, int64_t *value, struct kymo_err *e);
int kymo_json_bool(const json_t *object, const char *name, bool *value, struct kymo_err *e);

/* The member NAME as an array; *n 0 and NULL where it is absent. A view. */
int kymo_json_array(const json_t *object, const char *name, const json_t **array, size_t *n, struct kymo_err *e);

/* Puts value, which it takes over, into object; returns false where either is NULL or memory ends. */
bool kymo_json_put(json_t *object, const char *name, json_t *value);

/* A text. JSON is UTF-8: a file name in anything else is taken as latin-1. NULL where memory ends. */
json_t *kymo_json_string(const char *text);

#endif
