/* formats/device_layout.c - see device_layout.h. */
#include "formats/device_layout.h"

#include "formats/csv_header.h"
#include "formats/device_time.h"

#include <stdio.h>
#include <string.h>

#define LEN(a) (sizeof(a) / sizeof *(a))
#define NAME_LINES 4             /* the line of names is among so many */
#define FACT_LINES 64            /* the first row of an export is among so many */
#define FIRST_UNIX_S 1e9         /* 2001; a file of Empatica's begins with a time since 1970, */
#define LAST_UNIX_S 4e9          /* before 2096 */
#define LEAST_ECG_HZ 100         /* of a rate that is told by its form alone */

/* ---- the layouts ---- */

static const struct device_column viatom_columns[] = {
    {"time", DEVICE_TIME, true, NULL, NULL},
    {"oxygen level|spo2(%)|spo2", DEVICE_VALUE, true, "SpO2", "%"},
    {"pulse rate|pulse rate(bpm)", DEVICE_VALUE, true, "Pulse rate", "bpm"},
    {"motion", DEVICE_VALUE, true, "Motion", ""},
    {"o2 reminder|spo2 reminder|oxygen level reminder", DEVICE_MARK, false, NULL, NULL},
    {"pr reminder", DEVICE_MARK, false, NULL, NULL},
};

/* Written while the ring is taken off. */
static const double viatom_none[LEN(viatom_columns)] = {[1] = 255, [2] = 65535};

static const struct device_column dexcom_columns[] = {
    {"index", DEVICE_SKIP, false, NULL, NULL},
    {"timestamp (yyyy-mm-ddthh:mm:ss)|timestamp", DEVICE_TIME, true, NULL, NULL},
    {"event type", DEVICE_TYPE, true, NULL, NULL},
    {"event subtype", DEVICE_NOTE, false, NULL, NULL},
    {"patient info", DEVICE_WHO, true, NULL, NULL},
    {"device info|source device id|transmitter id", DEVICE_MAKER, false, NULL, NULL},
    {"glucose value*", DEVICE_VALUE, true, "Glucose", NULL},
    {"glucose rate of change*|transmitter time*", DEVICE_SKIP, false, NULL, NULL},
};

static const struct device_column libre_columns[] = {
    {"device", DEVICE_MAKER, false, NULL, NULL},
    {"serial number", DEVICE_MAKER, true, NULL, NULL},
    {"device timestamp", DEVICE_TIME, true, NULL, NULL},
    {"record type", DEVICE_TYPE, true, NULL, NULL},
    {"historic glucose*", DEVICE_VALUE, true, "Glucose", NULL},
};

/* A file _gd.csv. The state of the sensor and the limits of alarms in its other columns are left out. */
static const struct device_column lifesense_columns[] = {
    {"date", DEVICE_TIME, true, NULL, NULL},
    {"time", DEVICE_TIME, true, NULL, NULL},
    {"spo2", DEVICE_VALUE, true, "SpO2", "%"},
    {"pr", DEVICE_VALUE, true, "Pulse rate", "bpm"},
    {"pulseox_status", DEVICE_SKIP, true, NULL, NULL},
    {"etco2", DEVICE_VALUE, false, "EtCO2", ""},
    {"rr", DEVICE_VALUE, false, "Breath rate", "/min"},
};

static const struct device_column nvision_columns[] = {
    {"number", DEVICE_SKIP, true, NULL, NULL},
    {"year", DEVICE_TIME, true, NULL, NULL},
    {"month", DEVICE_TIME, true, NULL, NULL},
    {"day", DEVICE_TIME, true, NULL, NULL},
    {"hour", DEVICE_TIME, true, NULL, NULL},
    {"minute", DEVICE_TIME, true, NULL, NULL},
    {"second", DEVICE_TIME, true, NULL, NULL},
    {"pulse", DEVICE_VALUE, true, "Pulse rate", "bpm"},
    {"spo2", DEVICE_VALUE, true, "SpO2", "%"},
};

#define MIN_NS (60 * KYMO_NS_PER_S)
#define EMPATICA(word, base, called, of) \
    {.name = "empatica-" word, .about = "Empatica E4 " base ".csv", .form = DEVICE_RATED, .file = base, .label = {called}, \
     .unit = of, .n_values = 1, .per_unit = 1}

static const struct device_layout layouts[] = {
    {.name = "apple-ecg", .about = "ECG of the Apple Health export", .form = DEVICE_ECG},
    {.name = "dexcom", .about = "Dexcom Clarity export", .form = DEVICE_TABLE, .column = dexcom_columns,
     .n_columns = LEN(dexcom_columns), .sample_type = "EGV", .round_ns = MIN_NS, .usual_ns = 5 * MIN_NS, .in_order = true},
    {.name = "empatica", .about = "Empatica E4, by the name of the file or its rate", .form = DEVICE_RATED},
    {.name = "empatica-acc", .about = "Empatica E4 ACC.csv", .form = DEVICE_RATED, .file = "ACC",
     .label = {"ACC X", "ACC Y", "ACC Z"}, .unit = "g", .n_values = 3, .per_unit = 64},
    EMPATICA("bvp", "BVP", "BVP", ""),
    EMPATICA("eda", "EDA", "EDA", "uS"),
    EMPATICA("hr", "HR", "HR", "bpm"),
    {.name = "empatica-tags", .about = "Empatica E4 tags.csv", .form = DEVICE_TAGS},
    EMPATICA("temp", "TEMP", "Temp", "degC"),
    {.name = "libre", .about = "LibreView export", .form = DEVICE_TABLE, .column = libre_columns,
     .n_columns = LEN(libre_columns), .sample_type = "0", .round_ns = MIN_NS, .usual_ns = 15 * MIN_NS},
    {.name = "nonin", .about = "real-time output of Nonin Avant oximeters", .form = DEVICE_PRINTED},
    {.name = "nonin-lifesense", .about = "patient data of Nonin LifeSense II", .form = DEVICE_TABLE,
     .column = lifesense_columns, .n_columns = LEN(lifesense_columns),
     .round_ns = KYMO_NS_PER_S, .usual_ns = KYMO_NS_PER_S, .in_order = true, .month_first = true},
    {.name = "nonin-nvision", .about = "ASCII export of Nonin nVISION", .form = DEVICE_EXPORT, .column = nvision_columns,
     .n_columns = LEN(nvision_columns), .round_ns = KYMO_NS_PER_S, .usual_ns = 4 * KYMO_NS_PER_S, .in_order = true},
    {.name = "viatom", .about = "O2Ring, Checkme O2 and other Viatom oximeters", .form = DEVICE_TABLE,
     .column = viatom_columns, .n_columns = LEN(viatom_columns), .none = viatom_none, .round_ns = KYMO_NS_PER_S,
     .usual_ns = 4 * KYMO_NS_PER_S, .in_order = true},
};

const char *const device_layouts[] = {
    "apple-ecg", "dexcom", "empatica", "empatica-acc", "empatica-bvp", "empatica-eda", "empatica-hr", "empatica-tags",
    "empatica-temp", "libre", "nonin", "nonin-lifesense", "nonin-nvision", "viatom", NULL,
};

const struct device_layout *device_layout_named(const char *name)
{
    for (size_t i = 0; i < LEN(layouts); i++)
        if (strcmp(layouts[i].name, name) == 0)
            return &layouts[i];
    return NULL;
}

/* ---- lines and numbers ---- */

bool device_line(const char **p, const char *end, const char **line, size_t *n)
{
    const char *const stop = *p < end ? memchr(*p, '\n', (size_t)(end - *p)) : NULL;

    if (*p >= end)
        return false;
    *line = *p;
    *n = (size_t)((stop ? stop : end) - *p);
    while (*n > 0 && (*line)[*n - 1] == '\r')
        (*n)--;
    *p = stop ? stop + 1 : end;
    return true;
}

bool device_number(const char *text, size_t n, double *value)
{
    char copy[40];

    n = kymo_trim(&text, n);
    if (n >= 2 && text[0] == '"' && text[n - 1] == '"')
        text++, n -= 2;
    const char *const comma = memchr(text, ',', n);
    if (!comma)
        return kymo_parse_real(text, n, value);
    if (n >= sizeof copy || memchr(text, '.', n) || memchr(comma + 1, ',', n - (size_t)(comma + 1 - text)))
        return false;
    memcpy(copy, text, n);
    copy[comma - text] = '.';
    return kymo_parse_real(copy, n, value);
}

static bool same(const char *text, size_t n, const char *word)
{
    char copy[64];

    if (n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return kymo_same_text(copy, word);
}

/* The text of a file, without the mark of UTF-8. */
static const char *begin_of(const unsigned char *head, size_t n)
{
    return (const char *)head + (n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
}

/* ---- tables ---- */

static bool is_named(const char *names, const char *text, size_t n)
{
    char word[64];

    for (const char *p = names; *p; p += strcspn(p, "|") + (p[strcspn(p, "|")] == '|')) {
        size_t len = strcspn(p, "|");
        const bool open = len > 0 && p[len - 1] == '*';
        len -= open;
        if (n < len || (!open && n != len) || len >= sizeof word)
            continue;
        memcpy(word, p, len);
        word[len] = '\0';
        if (same(text, len, word))
            return true;
    }
    return false;
}

int device_column_of(const struct device_layout *layout, const char *name, size_t n)
{
    for (size_t i = 0; i < layout->n_columns; i++)
        if (is_named(layout->column[i].names, name, n))
            return (int)i;
    return -1;
}

static bool has_needed(const struct device_layout *layout, const char *line, size_t n)
{
    const char separator = csv_separator(line, n), *cell;
    size_t n_cell, missing = 0;
    bool found[DEVICE_MOST_COLUMNS] = {false};

    for (const char *p = line;; p++) {
        csv_cell(&p, line + n, separator, &cell, &n_cell);
        const int i = device_column_of(layout, cell, n_cell);
        if (i >= 0)
            found[i] = true;
        if (p >= line + n)
            break;
    }
    for (size_t i = 0; i < layout->n_columns; i++)
        missing += layout->column[i].needed && !found[i];
    return missing == 0;
}

int device_find_names(const struct device_layout *layout, const unsigned char *head, size_t n)
{
    const char *p = begin_of(head, n), *const end = (const char *)head + n, *line;
    size_t n_line;

    for (int i = 0; i < NAME_LINES && device_line(&p, end, &line, &n_line); i++)
        if (has_needed(layout, line, n_line))
            return i;
    return -1;
}

/* ---- exports ---- */

/* Whole numbers, as many as there are columns. */
static bool is_row(const struct device_layout *layout, const char *line, size_t n)
{
    const char *cell;
    size_t n_cell, cells = 0;
    int64_t x;

    for (const char *p = line;; p++) {
        csv_cell(&p, line + n, ',', &cell, &n_cell);
        if (!kymo_parse_int(cell, n_cell, &x))
            return false;
        cells++;
        if (p >= line + n)
            return cells == layout->n_columns;
    }
}

int device_find_row(const struct device_layout *layout, const unsigned char *head, size_t n)
{
    const char *p = begin_of(head, n), *const end = (const char *)head + n, *line;
    size_t n_line;

    for (int i = 0; i < FACT_LINES && device_line(&p, end, &line, &n_line); i++)
        if (i > 0 && is_row(layout, line, n_line))
            return i;
    return -1;
}

/* Its first line tells the version of the layout, "...=3,...". Where the first row lies beyond the head, the name does. */
static bool is_export(const struct device_layout *layout, const unsigned char *head, size_t n, const char *path)
{
    const char *p = begin_of(head, n), *line;
    size_t n_line;

    if (!device_line(&p, (const char *)head + n, &line, &n_line))
        return false;
    const char *const equals = memchr(line, '=', n_line), *const dot = strrchr(path, '.');
    return equals && equals + 1 < line + n_line && equals[1] >= '0' && equals[1] <= '9' &&
           ((dot && kymo_same_text(dot, ".asc")) || device_find_row(layout, head, n) > 0);
}

/* ---- ECG ---- */

static const char *const ecg_keys[DEVICE_FACTS] = {
    "Name", "Date of Birth", "Recorded Date", "Classification", "Symptoms", "Software Version", "Device", "Sample Rate", "Lead",
    "Unit",
};

/* A sample, or nothing: no letters. */
static bool is_data(const char *line, size_t n)
{
    bool digit = false;

    for (size_t i = 0; i < n; i++) {
        if (!strchr("0123456789+-.,\"eE \t", line[i]))
            return false;
        digit |= line[i] >= '0' && line[i] <= '9';
    }
    return digit;
}

static bool is_voltage(const char *text, size_t n)
{
    static const char *const units[] = {"\u00b5V", "\u03bcV", "uV", "mV", "V"};
    bool found = false;

    for (size_t i = 0; i < LEN(units) && !found; i++)
        found = same(text, n, units[i]);
    return found;
}

/* "512.5 hertz": a number of LEAST_ECG_HZ and more, a blank, a word. */
static bool is_rate(const char *text, size_t n)
{
    const char *const blank = memchr(text, ' ', n);
    double hz;

    return blank && blank + 1 < text + n && device_number(text, (size_t)(blank - text), &hz) && hz >= LEAST_ECG_HZ &&
           !memchr(blank + 1, ' ', (size_t)(text + n - blank - 1));
}

static bool is_moment(const char *text, size_t n)
{
    struct device_time t;

    return device_parse_time(text, n, &t) && t.has_clock;
}

struct pair {
    const char *key, *value;
    size_t n_key, n_value;
};

static void put_fact(struct device_preamble *p, enum device_fact f, const struct pair *pair)
{
    p->fact[f].text = pair->value;
    p->fact[f].n = pair->n_value;
}

/* Keys in another language: what has a form of its own is known by it, what has not by its place beside that. */
static void tell_by_form(const struct pair *pair, int n, struct device_preamble *p)
{
    for (int i = 0; i < n; i++) {
        const char *const v = pair[i].value;
        if (!p->fact[DEVICE_DATE].text && is_moment(v, pair[i].n_value))
            for (int f = DEVICE_NAME; f <= DEVICE_MODEL; f++) {
                const int at = i + f - DEVICE_DATE;
                if (at >= 0 && at < n)
                    put_fact(p, (enum device_fact)f, &pair[at]);
            }
        else if (p->fact[DEVICE_DATE].text && !p->fact[DEVICE_RATE].text && is_rate(v, pair[i].n_value))
            put_fact(p, DEVICE_RATE, &pair[i]);
        else if (p->fact[DEVICE_RATE].text && !p->fact[DEVICE_UNIT].text && is_voltage(v, pair[i].n_value)) {
            put_fact(p, DEVICE_UNIT, &pair[i]);
            put_fact(p, DEVICE_LEAD, &pair[i - 1]);
        }
    }
}

static void tell_by_key(const struct pair *pair, int n, struct device_preamble *p)
{
    for (int i = 0; i < n; i++)
        for (int f = 0; f < DEVICE_FACTS; f++)
            if (!p->fact[f].text && same(pair[i].key, pair[i].n_key, ecg_keys[f]))
                put_fact(p, (enum device_fact)f, &pair[i]);
}

static bool take_pair(const char *line, size_t n, struct pair *pair)
{
    const char *const comma = memchr(line, ',', n);

    if (!comma)
        return false;
    *pair = (struct pair){line, comma + 1, (size_t)(comma - line), (size_t)(line + n - comma - 1)};
    pair->n_key = kymo_trim(&pair->key, pair->n_key);
    pair->n_value = kymo_trim(&pair->value, pair->n_value);
    if (pair->n_value >= 2 && pair->value[0] == '"' && pair->value[pair->n_value - 1] == '"')
        pair->value++, pair->n_value -= 2;
    return pair->n_key > 0;
}

bool device_look_at_ecg(const char *head, size_t n, struct device_preamble *p)
{
    const char *const begin = begin_of((const unsigned char *)head, n), *const end = head + n, *at = begin, *line = head;
    struct pair pair[24];
    size_t n_line;
    int pairs = 0;

    *p = (struct device_preamble){.lines = 0};
    while (!p->ended && device_line(&at, end, &line, &n_line)) {
        if (is_data(line, n_line)) {
            p->ended = true;
        } else {
            p->lines++;
            const bool whole = at < end || (size_t)(end - line) > n_line;   /* a head may be cut anywhere */
            if (n_line > 0 && (pairs == (int)LEN(pair) || (!take_pair(line, n_line, &pair[pairs]) && whole)))
                return false;
            pairs += n_line > 0 && memchr(line, ',', n_line) && whole;
        }
    }
    p->bytes = (size_t)((p->ended ? line : end) - head);
    tell_by_key(pair, pairs, p);
    if (!p->fact[DEVICE_DATE].text)
        tell_by_form(pair, pairs, p);
    return p->fact[DEVICE_DATE].text && (p->fact[DEVICE_CLASS].text || p->fact[DEVICE_RATE].text) &&
           (p->fact[DEVICE_UNIT].text || p->fact[DEVICE_RATE].text) &&
           is_moment(p->fact[DEVICE_DATE].text, p->fact[DEVICE_DATE].n);
}

/* ---- Empatica ---- */

/* The numbers of a line: all of them equal, in *value; how many, or 0. */
static int equal_numbers(const char *line, size_t n, double *value)
{
    const char *cell;
    size_t n_cell;
    int found = 0;
    double x;

    for (const char *p = line;; p++) {
        csv_cell(&p, line + n, ',', &cell, &n_cell);
        if (!kymo_parse_real(cell, n_cell, &x) || (found > 0 && x != *value))
            return 0;
        *value = x;
        found++;
        if (p >= line + n)
            return found;
    }
}

static bool is_unix(double s) { return s >= FIRST_UNIX_S && s < LAST_UNIX_S; }

/* "/a/BVP.csv" is called BVP, and so is "s1_BVP.csv". */
static bool is_called(const char *path, const char *name)
{
    const char *const slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *const dot = strrchr(base, '.');
    const size_t n = dot ? (size_t)(dot - base) : strlen(base), n_name = strlen(name);

    return n >= n_name && same(base + n - n_name, n_name, name) &&
           (n == n_name || !((base[n - n_name - 1] | 32) >= 'a' && (base[n - n_name - 1] | 32) <= 'z'));
}

/* By name, else by what only one of them has: three columns, 64 Hz, 1 Hz. */
static const struct device_layout *which_rated(const char *path, int columns, double hz)
{
    for (size_t i = 0; i < LEN(layouts); i++)
        if (layouts[i].file && layouts[i].n_values == (size_t)columns && is_called(path, layouts[i].file))
            return &layouts[i];
    return device_layout_named(columns == 3 ? "empatica-acc" : hz == 64 ? "empatica-bvp" : hz == 1 ? "empatica-hr"
                                                                                               : "empatica");
}

static const struct device_layout *look_at_rated(const char *p, const char *end, const char *path)
{
    double start = 0, hz = 0, x = 0;
    const char *line;
    size_t n;
    int more = 0;

    if (!device_line(&p, end, &line, &n))
        return NULL;
    const int columns = equal_numbers(line, n, &start);
    if ((columns != 1 && columns != 3) || !is_unix(start) || !device_line(&p, end, &line, &n))
        return columns == 1 && is_unix(start) && is_called(path, "tags") ? device_layout_named("empatica-tags") : NULL;
    if (equal_numbers(line, n, &hz) == columns && hz > 0 && hz <= 1000)
        return which_rated(path, columns, hz);
    for (p = line; columns == 1 && device_line(&p, end, &line, &n); more++)
        if (n > 0 && p < end && (equal_numbers(line, n, &x) != 1 || !is_unix(x)))
            return NULL;
    return more > 0 && columns == 1 ? device_layout_named("empatica-tags") : NULL;
}

/* ---- all ---- */

static bool is_printed(const char *p, const char *end)
{
    const char *line;
    size_t n;

    for (int i = 0; i < NAME_LINES && device_line(&p, end, &line, &n); i++)
        if (n >= 15 && memcmp(line, "SPO2=", 5) == 0 && memcmp(line + 8, " HR=", 4) == 0)
            return true;
    return false;
}

const struct device_layout *device_look(const unsigned char *head, size_t n, const char *path)
{
    const char *const begin = begin_of(head, n), *const end = (const char *)head + n;
    struct device_preamble preamble;

    if (!csv_is_text(head, n))
        return NULL;
    for (size_t i = 0; i < LEN(layouts); i++)
        if (layouts[i].form == DEVICE_TABLE && device_find_names(&layouts[i], head, n) >= 0)
            return &layouts[i];
    for (size_t i = 0; i < LEN(layouts); i++)
        if (layouts[i].form == DEVICE_EXPORT && is_export(&layouts[i], head, n, path))
            return &layouts[i];
    if (is_printed(begin, end))
        return device_layout_named("nonin");
    if (device_look_at_ecg((const char *)head, n, &preamble))
        return device_layout_named("apple-ecg");
    return look_at_rated(begin, end, path);
}
