/* formats/wfdb_check.c - judges a WFDB record: the words of its header, and whether the segments of one that has several fit
 * together. Source: header(5) of the WFDB Applications Guide; what the WFDB library refuses, in its lib/signal.c. */
#include "formats/wfdb_check.h"
#include "formats/wfdb_segments.h"
#include "formats/wfdb_signal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void wfdb_found(struct wfdb_checker *k, enum kymo_severity severity, const char *file, int64_t at, const char *field,
                struct wfdb_word value, const char *fmt, ...)
{
    const struct kymo_finding f = {.file = file, .offset = at, .field = field, .value = value.p ? value.p : "",
                                   .n_value = value.p ? value.n : 0, .severity = severity};
    va_list ap;

    if (k->rc < 0)
        return;
    va_start(ap, fmt);
    k->rc = kymo_vfound(k->c, &f, k->e, fmt, ap);
    va_end(ap);
}

static bool is_text(struct wfdb_word a, const char *b) { return a.n == strlen(b) && memcmp(a.p, b, a.n) == 0; }

/* What stands before the first of some characters; it goes from f with the character, *mark, 0 at the end. */
static struct wfdb_word split(struct wfdb_word *f, const char *marks, char *mark)
{
    struct wfdb_word part = {f->p, 0};

    while (part.n < f->n && !strchr(marks, f->p[part.n]))
        part.n++;
    *mark = part.n < f->n ? f->p[part.n] : '\0';
    f->p += part.n + (*mark != '\0');
    f->n -= part.n + (*mark != '\0');
    return part;
}

/* ---- the record line ---- */

static bool is_name_letter(char c)
{
    return kymo_is_digit(c) || kymo_is_letter(c) || c == '_';
}

static void check_name(struct wfdb_checker *k, const struct wfdb_words *w)
{
    const struct wfdb_word base = wfdb_record_of(w->path);
    size_t odd = 0;

    while (odd < w->record.n && is_name_letter(w->record.p[odd]))
        odd++;
    if (odd < w->record.n)
        wfdb_found(k, KYMO_NOTE, w->path, w->line, "record name", w->record, "a name has letters, digits and underscores only");
    const bool begins = w->record.n <= base.n && memcmp(w->record.p, base.p, w->record.n) == 0;   /* all that WFDB looks at */
    if (!begins || w->record.n != base.n)
        wfdb_found(k, begins ? KYMO_WARNING : KYMO_ERROR, w->path, w->line, "record name", w->record,
                   "the header file is named %.*s.hea%s", (int)base.n, base.p,
                   begins ? "" : ": WFDB refuses a record whose name is another");
}

static void check_rate(struct wfdb_checker *k, struct wfdb_words *w)
{
    struct wfdb_word rest = w->rate;
    char mark;
    double value;
    const struct wfdb_word frames = split(&rest, "/", &mark);

    w->frame_rate = (struct kymo_ratio){250, 1};
    if (w->rate.n == 0 && w->n_signals_word.n == 0)
        return;
    if (w->rate.n == 0) {
        wfdb_found(k, KYMO_NOTE, w->path, w->line, "sampling frequency", w->rate, "missing: 250 Hz is assumed");
        return;
    }
    const bool exact = kymo_parse_ratio(frames.p, frames.n, &w->frame_rate);
    const bool is_number = kymo_parse_real(frames.p, frames.n, &value) && value > 0;
    if (!is_number || !(exact || kymo_ratio_near(value, &w->frame_rate))) {
        w->frame_rate.num = 0;
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "sampling frequency", w->rate, "not a number above 0");
        return;
    }
    if (!mark)
        return;
    struct wfdb_word counter = split(&rest, "(", &mark);
    if (!kymo_parse_real(counter.p, counter.n, &value) || value <= 0)
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "counter frequency", counter, "not a number above 0");
    if (mark && (rest.n < 2 || rest.p[rest.n - 1] != ')' || !kymo_parse_real(rest.p, rest.n - 1, &value)))
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "base counter value", rest, "not a number in brackets");
}

/* A layout has none. */
static bool has_files(const struct wfdb_words *w)
{
    for (size_t i = 0; i < w->n_signal_lines; i++)
        if (!is_text(w->signal[i].file, "~"))
            return true;
    return w->n_segments != 0;
}

static void check_length(struct wfdb_checker *k, struct wfdb_words *w)
{
    int64_t n = 0;

    if (w->length.n > 0 && (!kymo_parse_int(w->length.p, w->length.n, &n) || n < 0))
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of samples", w->length, "not an integer of 0 or more");
    else if (n == 0 && w->n_signals > 0 && has_files(w))
        wfdb_found(k, KYMO_NOTE, w->path, w->line, "number of samples", w->length,
                   "not told: a file that was cut off cannot be noticed");
    w->n_frames = n > 0 && n < (INT64_C(1) << 52) ? n : 0;
}

static void check_start(struct wfdb_checker *k, const struct wfdb_words *w)
{
    struct wfdb_word d = w->date;
    char mark[2];
    int64_t ns, day = 0, month = 0, year = 0;

    if (w->time.n > 0 && memchr(w->time.p, '/', w->time.n))
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "base time", w->time,
                   "a date where the time is: HH:MM:SS, then DD/MM/YYYY");
    else if (w->time.n > 0 && (!kymo_parse_time(w->time.p, w->time.n, &ns) || ns >= INT64_C(86400000000000)))
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "base time", w->time, "not a time of day HH:MM:SS");
    if (w->date.n == 0 || (w->time.n > 0 && memchr(w->time.p, '/', w->time.n)))
        return;
    const struct wfdb_word first = split(&d, "/-.", &mark[0]), second = split(&d, "/-.", &mark[1]);
    const bool ok = kymo_parse_int(first.p, first.n, &day) && kymo_parse_int(second.p, second.n, &month) &&
                    kymo_parse_int(d.p, d.n, &year);
    if (!ok || day < 1 || day > 31 || month < 1 || month > 12 || year < 1 || year > 9999)
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "base date", w->date, "not a date DD/MM/YYYY");
    else if (mark[0] != '/' || mark[1] != '/')
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "base date", w->date, "separators other than /: DD/MM/YYYY");
}

static void check_record_line(struct wfdb_checker *k, struct wfdb_words *w)
{
    check_name(k, w);
    if (w->n_segments < 0)
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of segments", w->segments, "not an integer of 1 or more");
    if (w->n_signals < 0)
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of signals", w->n_signals_word,
                   w->n_signals_word.n ? "not an integer of 0 or more" : "missing");
    check_rate(k, w);
    check_length(k, w);
    check_start(k, w);
    if (w->more.n > 0)
        wfdb_found(k, KYMO_WARNING, w->path, w->line, "record line", w->more, "more than the record line has");
}

/* ---- signal lines ---- */

/* FORMAT[xSAMPLES][:SKEW][+OFFSET] */
static bool check_format(struct wfdb_checker *k, const struct wfdb_words *w, struct wfdb_said *s)
{
    struct wfdb_word rest = s->format;
    char mark;
    int64_t value = 0;
    const struct wfdb_word first = split(&rest, "x:+", &mark);

    s->signal.samples_per_frame = 1;
    if (!kymo_parse_int(first.p, first.n, &value) || value < 0 || value > 9999 || (value && !wfdb_packing_of((int)value))) {
        wfdb_found(k, KYMO_ERROR, w->path, s->line, "format", s->format,
                   "none of 8 16 24 32 61 80 160 212 310 311 508 516 524");
        return false;
    }
    s->signal.format = (int)value;
    while (mark) {
        const char what = mark;
        const struct wfdb_word part = split(&rest, "x:+", &mark);
        const int64_t least = what == 'x';
        const int64_t most = what == 'x' ? 1 << 20 : INT64_C(1) << 52;
        if (!kymo_parse_int(part.p, part.n, &value) || value < least || value > most) {
            const char *const field = what == 'x' ? "samples per frame" : what == ':' ? "skew" : "byte offset";
            wfdb_found(k, KYMO_ERROR, w->path, s->line, field, s->format, "not an integer of %lld or more", (long long)least);
            return false;
        }
        if (what == 'x')
            s->signal.samples_per_frame = value;
        else if (what == '+')
            s->signal.byte_offset = value;
    }
    return true;
}

/* GAIN[(BASELINE)][/UNITS] */
static void check_gain(struct wfdb_checker *k, const struct wfdb_words *w, const struct wfdb_said *s)
{
    struct wfdb_word rest = s->gain;
    char mark;
    double gain = 0;
    int64_t baseline;
    const struct wfdb_word number = split(&rest, "(/", &mark);
    const bool ok = kymo_parse_real(number.p, number.n, &gain);

    if (s->gain.n == 0 || (ok && gain == 0))
        wfdb_found(k, KYMO_NOTE, w->path, s->line, "gain", s->gain, "%s: uncalibrated, 200 units/mV is assumed",
                   s->gain.n ? "0" : "missing");
    else if (!ok)
        wfdb_found(k, KYMO_ERROR, w->path, s->line, "gain", s->gain, "not a number");
    if (s->gain.n == 0)
        return;
    if (mark == '(') {
        const struct wfdb_word part = split(&rest, ")", &mark);
        if (mark != ')' || !kymo_parse_int(part.p, part.n, &baseline))
            wfdb_found(k, KYMO_ERROR, w->path, s->line, "baseline", s->gain, "not an integer in brackets");
        mark = rest.n > 0 ? *rest.p : '\0';
        rest.p += rest.n > 0, rest.n -= rest.n > 0;
        if (mark && mark != '/')
            wfdb_found(k, KYMO_ERROR, w->path, s->line, "gain", s->gain, "not GAIN(BASELINE)/UNITS");
    } else if (s->number[WFDB_ZERO].n == 0 && ok && gain != 0) {
        wfdb_found(k, KYMO_NOTE, w->path, s->line, "baseline", s->gain, "missing, and no ADC zero: 0 is assumed");
    }
    if (mark == '/' && rest.n == 0)
        wfdb_found(k, KYMO_WARNING, w->path, s->line, "units", s->gain, "empty behind /");
}

/* The page gives millivolts to signals without units, as old headers have them: one note for all. */
static void check_units(struct wfdb_checker *k, const struct wfdb_words *w)
{
    const struct wfdb_said *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < w->n_signal_lines; i++) {
        struct wfdb_word gain = w->signal[i].gain;
        char mark;
        double value;
        const struct wfdb_word number = split(&gain, "(/", &mark);
        const bool missing = !mark || (mark == '(' && gain.n > 0 && gain.p[gain.n - 1] == ')');
        if (!missing || !kymo_parse_real(number.p, number.n, &value) || value == 0)
            continue;
        first = first ? first : &w->signal[i];
        n++;
    }
    if (first)
        wfdb_found(k, KYMO_NOTE, w->path, first->line, "units", first->gain, "missing of %zu signal%s: mV is assumed", n,
                   n == 1 ? "" : "s");
}

static void check_numbers(struct wfdb_checker *k, const struct wfdb_words *w, struct wfdb_said *s)
{
    static const char *const name[WFDB_NUMBERS] = {"ADC resolution", "ADC zero", "initial value", "checksum", "block size"};
    const struct wfdb_packing *packing = s->signal.format ? wfdb_packing_of(s->signal.format) : NULL;

    for (int i = 0; i < WFDB_NUMBERS; i++) {
        s->has[i] = kymo_parse_int(s->number[i].p, s->number[i].n, &s->value[i]);
        if (s->number[i].n > 0 && !s->has[i])
            wfdb_found(k, KYMO_ERROR, w->path, s->line, name[i], s->number[i], "not an integer");
    }
    if (s->has[WFDB_RESOLUTION] && s->value[WFDB_RESOLUTION] < 0)
        wfdb_found(k, KYMO_WARNING, w->path, s->line, name[WFDB_RESOLUTION], s->number[WFDB_RESOLUTION], "negative");
    else if (s->has[WFDB_RESOLUTION] && packing && !packing->differences && s->value[WFDB_RESOLUTION] > packing->bits)
        wfdb_found(k, KYMO_WARNING, w->path, s->line, name[WFDB_RESOLUTION], s->number[WFDB_RESOLUTION],
                   "format %d holds %d bits", packing->format, packing->bits);
    if (s->has[WFDB_CHECKSUM] && (s->value[WFDB_CHECKSUM] < -32768 || s->value[WFDB_CHECKSUM] > 65535))
        wfdb_found(k, KYMO_WARNING, w->path, s->line, name[WFDB_CHECKSUM], s->number[WFDB_CHECKSUM], "not of 16 bits");
}

static void check_signal_line(struct wfdb_checker *k, const struct wfdb_words *w, struct wfdb_said *s, bool is_layout)
{
    const bool has_format = s->format.n > 0;

    if (!has_format)
        wfdb_found(k, KYMO_ERROR, w->path, s->line, "format", s->format, "missing: a signal line has at least file and format");
    s->usable = has_format && check_format(k, w, s);
    if (s->usable && s->signal.format == 0 && !is_text(s->file, "~"))
        wfdb_found(k, KYMO_NOTE, w->path, s->line, "format", s->format, "0: a signal without samples");
    if (is_layout && !is_text(s->file, "~"))
        wfdb_found(k, KYMO_WARNING, w->path, s->line, "file", s->file, "of a layout it is ~: it has no samples");
    if (has_format)
        check_gain(k, w, s);
    check_numbers(k, w, s);
    s->usable = s->usable && s->signal.format != 0 && !is_text(s->file, "~") && !is_text(s->file, "-");
    if (s->usable && !(s->signal.file = strndup(s->file.p, s->file.n)))
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", w->path);
    s->signal.initial = s->value[WFDB_INITIAL];
    s->signal.line = s->line;
}

/* Bytes that are not ASCII, in the lines before the comments. */
static void check_bytes(struct wfdb_checker *k, const struct wfdb_words *w)
{
    int line = 1;

    for (const char *p = w->text, *end = w->text + w->n_text, *from = p; p < end; p++) {
        if (*p == '\n') {
            line++;
            from = p + 1;
        } else if (*from != '#' && ((unsigned char)*p >= 127 || ((unsigned char)*p < 32 && !strchr("\t\r\f\v", *p)))) {
            const char *newline = memchr(p, '\n', (size_t)(end - p)), *stop = newline ? newline : end;
            while (stop > p + 1 && stop[-1] == '\r')
                stop--;
            wfdb_found(k, KYMO_WARNING, w->path, line, "header", (struct wfdb_word){from, (size_t)(stop - from)},
                       "byte %02X: headers are ASCII text", (unsigned char)*p);
            p = newline ? newline - 1 : end - 1;
        }
    }
}

void wfdb_check_words(struct wfdb_checker *k, struct wfdb_words *w, bool is_layout)
{
    if (w->line == 0) {
        wfdb_found(k, KYMO_ERROR, w->path, 1, "record line", (struct wfdb_word){0}, "missing: name and number of signals");
        return;
    }
    check_bytes(k, w);
    check_record_line(k, w);
    for (size_t i = 0; i < w->n_signal_lines; i++)
        check_signal_line(k, w, &w->signal[i], is_layout);
    check_units(k, w);
    if (w->n_segments == 0 && (int64_t)w->n_signal_lines < w->n_signals)
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of signals", w->n_signals_word, "%zu signal lines follow",
                   w->n_signal_lines);
    if (w->n_more_lines > 0 && w->n_signals >= 0 && w->n_segments >= 0)
        wfdb_found(k, KYMO_WARNING, w->path, w->first_more, w->n_segments ? "segment line" : "signal line",
                   (struct wfdb_word){0}, "%zu more than the record line says", w->n_more_lines);
    if (w->early_comment)
        wfdb_found(k, KYMO_NOTE, w->path, w->early_comment, "comment", (struct wfdb_word){0},
                   "before the last signal line: info strings stand behind it");
}

/* ---- records of several segments ---- */

static bool same_word(struct wfdb_word a, struct wfdb_word b) { return a.n == b.n && memcmp(a.p, b.p, a.n) == 0; }

static bool describes(const struct wfdb_words *layout, struct wfdb_word description)
{
    for (size_t i = 0; i < layout->n_signal_lines; i++)
        if (same_word(layout->signal[i].description, description))
            return true;
    return false;
}

/* Does the segment say the same as the line that names it, and the record? */
static void compare_segment(struct wfdb_checker *k, const struct wfdb_words *whole, const struct wfdb_part *part,
                            const struct wfdb_words *seg, const struct wfdb_words *layout)
{
    if (seg->n_segments != 0)
        wfdb_found(k, KYMO_ERROR, whole->path, part->line, "segment", part->name, "has segments itself");
    if (part->n_frames > 0 && seg->n_frames > 0 && part->n_frames != seg->n_frames)
        wfdb_found(k, KYMO_ERROR, whole->path, part->line, "length of a segment", part->length, "its header says %lld samples",
                   (long long)seg->n_frames);
    if (seg->frame_rate.num && whole->frame_rate.num &&
        (seg->frame_rate.num != whole->frame_rate.num || seg->frame_rate.den != whole->frame_rate.den))
        wfdb_found(k, KYMO_ERROR, whole->path, part->line, "segment", part->name,
                   "its frequency %.*s is not that of the record", (int)seg->rate.n, seg->rate.p);
    if ((!layout || seg == layout) && whole->n_signals >= 0 && seg->n_signals != whole->n_signals)
        wfdb_found(k, KYMO_ERROR, whole->path, part->line, "segment", part->name, "%lld signals, the record has %lld",
                   (long long)seg->n_signals, (long long)whole->n_signals);
    for (size_t i = 0; layout && seg != layout && i < seg->n_signal_lines; i++)
        if (!describes(layout, seg->signal[i].description))
            wfdb_found(k, KYMO_ERROR, seg->path, seg->signal[i].line, "description", seg->signal[i].description,
                       "no signal of the layout has this description: readers leave the signal out");
}

/* The header of segment part into seg, which is released by the caller, and its own rules. Returns whether it is there. */
static bool check_segment(struct wfdb_checker *k, const struct wfdb_words *whole, const struct wfdb_part *part,
                          bool is_layout, char **path, struct wfdb_words *seg)
{
    struct kymo_err why = {0};
    char name[256];

    snprintf(name, sizeof name, "%.*s", (int)(part->name.n < 250 ? part->name.n : 250), part->name.p);
    if (!(*path = wfdb_path_beside(whole->path, name, ".hea"))) {
        k->rc = kymo_fail(k->e, KYMO_ENOMEM, "no memory to check %s", whole->path);
        return false;
    }
    struct kymo_input *in = kymo_input_open(*path, &why);
    if (!in) {
        wfdb_found(k, KYMO_ERROR, whole->path, part->line, "segment", part->name, "no header %s: %s", *path, why.cause[0].msg);
        return false;
    }
    const int rc = wfdb_words_read(in, *path, seg, k->e);
    kymo_input_close(in);
    if (rc < 0) {
        k->rc = k->rc < 0 ? k->rc : rc;
        return false;
    }
    wfdb_check_words(k, seg, is_layout);
    return true;
}

static void check_segment_lines(struct wfdb_checker *k, const struct wfdb_words *w)
{
    int64_t sum = 0;
    bool all = true;

    for (size_t i = 0; i < w->n_segment_lines; i++) {
        const struct wfdb_part *s = &w->segment[i];
        if (!s->has_length)
            wfdb_found(k, KYMO_ERROR, w->path, s->line, "length of a segment", s->length, "not an integer of 0 or more");
        else if (s->n_frames == 0 && i > 0)
            wfdb_found(k, KYMO_WARNING, w->path, s->line, "length of a segment", s->length,
                       "0: only the first, the layout, has 0");
        all = all && s->has_length && !__builtin_add_overflow(sum, s->n_frames, &sum);
    }
    if ((int64_t)w->n_segment_lines < w->n_segments)
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of segments", w->segments, "%zu segment lines follow",
                   w->n_segment_lines);
    else if (all && w->n_frames > 0 && sum != w->n_frames)
        wfdb_found(k, KYMO_ERROR, w->path, w->line, "number of samples", w->length, "the segments add up to %lld",
                   (long long)sum);
}

static void check_segments(struct wfdb_checker *k, struct wfdb_words *w)
{
    struct wfdb_words layout = {.n_measured = -1};
    char *layout_path = NULL;
    bool has_layout = false;

    check_segment_lines(k, w);
    for (size_t i = 0; k->rc == 0 && i < w->n_segment_lines; i++) {
        const struct wfdb_part *part = &w->segment[i];
        const bool is_layout = i == 0 && part->has_length && part->n_frames == 0;
        struct wfdb_words seg = {.n_measured = -1};
        char *path = NULL;
        if (is_text(part->name, "~"))
            continue;
        if (is_layout) {
            has_layout = check_segment(k, w, part, true, &layout_path, &layout);
            if (has_layout)
                compare_segment(k, w, part, &layout, &layout);
            continue;
        }
        if (check_segment(k, w, part, false, &path, &seg)) {
            compare_segment(k, w, part, &seg, has_layout ? &layout : NULL);
            wfdb_check_signals(k, &seg);
        }
        wfdb_words_release(&seg);
        free(path);
    }
    wfdb_words_release(&layout);
    free(layout_path);
}

int wfdb_check(struct kymo_input *in, const char *path, struct kymo_check *c, struct kymo_err *e)
{
    struct wfdb_checker k = {.c = c, .e = e};
    struct wfdb_words w;

    k.rc = wfdb_words_read(in, path, &w, e);
    if (k.rc == 0)
        wfdb_check_words(&k, &w, false);
    if (k.rc == 0 && w.n_segments > 0)
        check_segments(&k, &w);
    else if (k.rc == 0)
        wfdb_check_signals(&k, &w);
    if (k.rc == 0 && w.line > 0)
        wfdb_check_annotations(&k, &w);
    wfdb_words_release(&w);
    return k.rc;
}
