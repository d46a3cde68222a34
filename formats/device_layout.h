/* formats/device_layout.h - the text files that wearables and their apps give out: what each looks like, in tables.
 *
 * Where each fact is from stands in man/kymo-devices.7. A new device is a new entry here, unless its form is new. */
#ifndef KYMO_DEVICE_LAYOUT_H
#define KYMO_DEVICE_LAYOUT_H

#include "lib/record.h"

enum device_form {
    DEVICE_ECG,          /* lines "key,value", then a sample a line */
    DEVICE_RATED,        /* a line of starts, a line of rates, then a row of samples a line */
    DEVICE_TAGS,         /* a time a line */
    DEVICE_PRINTED,      /* "SPO2=097 HR=072" a line, one a second */
    DEVICE_TABLE,        /* a line of names, then rows with a time each */
    DEVICE_EXPORT        /* lines of facts, a fact each, then rows of numbers in the order of the layout's columns */
};

enum device_role {
    DEVICE_TIME, DEVICE_TYPE,    /* when a row was, in one column or more, and of what sort it is */
    DEVICE_VALUE,                /* samples */
    DEVICE_MARK,                 /* a note where it is neither empty nor 0 */
    DEVICE_NOTE,                 /* a note, of rows that hold no samples */
    DEVICE_MAKER,                /* what recorded it; serial numbers too */
    DEVICE_WHO,                  /* of whom */
    DEVICE_SKIP                  /* says nothing of its own */
};

struct device_column {
    const char *names;           /* as the file has them, whatever their case, | between; a * at the end: and what follows */
    enum device_role role;
    bool needed;                 /* without it, it is not this layout */
    const char *label, *unit;    /* of samples; unit NULL: the name tells it */
};

#define DEVICE_MOST_COLUMNS 64
#define DEVICE_MOST_VALUES 4

struct device_layout {
    const char *name, *about;
    enum device_form form;

    /* RATED */
    const char *file;            /* how the file is called, "BVP"; NULL: not to be told */
    const char *label[DEVICE_MOST_VALUES];
    const char *unit;
    size_t n_values;
    double per_unit;             /* the file's numbers in one of the unit */

    /* TABLE, EXPORT */
    const struct device_column *column;
    size_t n_columns;
    const double *none;          /* for each column the number that stands for no reading, or 0; NULL: there are none */
    const char *sample_type;     /* what the column of types says of rows with samples; NULL: all have some */
    int64_t round_ns, usual_ns;  /* between samples: whole multiples of that; this, where too few rows tell */
    bool in_order;               /* rows stand in order of time */
    bool month_first;            /* 05/06 is of May, whatever the rows say */
};

extern const char *const device_layouts[];   /* their names; ends with NULL */

const struct device_layout *device_layout_named(const char *name);   /* or NULL */

/* The layout of a text that begins with head[n], of a file so called; NULL where it is none. "empatica": it is one of
 * Empatica's, but what it holds is not to be told. */
const struct device_layout *device_look(const unsigned char *head, size_t n, const char *path);

/* The line of names of a table of that layout among the first of head[n]: its number from 0, or -1. */
int device_find_names(const struct device_layout *layout, const unsigned char *head, size_t n);

/* The first row of an EXPORT among the lines of head[n]: its number from 0, or -1. */
int device_find_row(const struct device_layout *layout, const unsigned char *head, size_t n);

/* Which entry of layout->column a cell of the line of names names, or -1. */
int device_column_of(const struct device_layout *layout, const char *name, size_t n);

/* The next line of *p..end without its end; false at the end. A last line without one counts. */
bool device_line(const char **p, const char *end, const char **line, size_t *n);

/* text[n], trimmed, as a number; a comma may stand for the point. */
bool device_number(const char *text, size_t n, double *value);

/* What stands before the samples of an ECG, as the file has it. */
enum device_fact {
    DEVICE_NAME, DEVICE_BIRTH, DEVICE_DATE, DEVICE_CLASS, DEVICE_SYMPTOMS, DEVICE_SOFTWARE, DEVICE_MODEL, DEVICE_RATE,
    DEVICE_LEAD, DEVICE_UNIT, DEVICE_FACTS
};

struct device_preamble {
    struct {
        const char *text;        /* in the head; NULL: not there */
        size_t n;
    } fact[DEVICE_FACTS];
    size_t bytes;                /* up to the first sample */
    int64_t lines;
    bool ended;                  /* there is a sample */
};

/* Whether head[n] begins as such an ECG does. Keys are English, or facts are told by their form and place. */
bool device_look_at_ecg(const char *head, size_t n, struct device_preamble *p);

#endif
