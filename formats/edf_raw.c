/* formats/edf_raw.c - see edf_raw.h. */
#include "formats/edf_raw.h"

#include "lib/date.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SIGNALS 9999
#define MOST_IN_RECORD 99999999      /* eight digits */

struct part {
    const char *name;
    size_t width, at;                /* at: sum of the widths before it */
};

static const struct part fixed_part[EDF_FIXED_PARTS] = {
    [EDF_VERSION] = {"version", 8, 0}, [EDF_PATIENT] = {"patient", 80, 8}, [EDF_RECORDING] = {"recording", 80, 88},
    [EDF_DATE] = {"start date", 8, 168}, [EDF_TIME] = {"start time", 8, 176},
    [EDF_HEADER_BYTES] = {"header bytes", 8, 184}, [EDF_RESERVED] = {"reserved", 44, 192},
    [EDF_RECORDS] = {"number of data records", 8, 236}, [EDF_DURATION] = {"duration of a data record", 8, 244},
    [EDF_SIGNALS] = {"number of signals", 4, 252},
};

static const struct part column_part[EDF_COLUMNS] = {
    [EDF_LABEL] = {"label", 16, 0}, [EDF_TRANSDUCER] = {"transducer", 80, 16}, [EDF_UNIT] = {"dimension", 8, 96},
    [EDF_PHYS_MIN] = {"physical minimum", 8, 104}, [EDF_PHYS_MAX] = {"physical maximum", 8, 112},
    [EDF_DIG_MIN] = {"digital minimum", 8, 120}, [EDF_DIG_MAX] = {"digital maximum", 8, 128},
    [EDF_PREFILTER] = {"prefilter", 80, 136}, [EDF_SAMPLES] = {"samples per record", 8, 216},
    [EDF_SIGNAL_RESERVED] = {"reserved", 32, 224},
};

struct edf_text edf_raw_fixed(const struct edf_raw *r, enum edf_main part)
{
    const struct part *f = &fixed_part[part];

    return (struct edf_text){f->name, r->bytes + f->at, f->width, (int64_t)f->at, SIZE_MAX};
}

struct edf_text edf_raw_cell(const struct edf_raw *r, enum edf_cell column, size_t signal)
{
    const struct part *f = &column_part[column];
    const size_t at = EDF_FIXED_BYTES + f->at * r->n_signals + f->width * signal;

    return (struct edf_text){f->name, r->bytes + at, f->width, (int64_t)at, signal};
}

bool edf_raw_is_annotations(const struct edf_raw *r, size_t signal)
{
    return memcmp(edf_raw_cell(r, EDF_LABEL, signal).p, r->bdf ? "BDF Annotations" : "EDF Annotations", 15) == 0;
}

int64_t edf_raw_least(const struct edf_raw *r) { return r->bdf ? -8388608 : -32768; }
int64_t edf_raw_most(const struct edf_raw *r) { return r->bdf ? 8388607 : 32767; }

static int take_bytes(struct kymo_input *in, struct edf_raw *r, size_t n, struct kymo_err *e)
{
    const unsigned char *p;
    const ssize_t got = kymo_peek(in, n, &p, e);

    if (got < 0)
        return (int)got;
    free(r->bytes);
    if (!(r->bytes = malloc(n)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for a header of %zu bytes", n);
    memset(r->bytes, ' ', n);
    memcpy(r->bytes, p, (size_t)got);
    r->n = (size_t)got;
    return r->n == n;
}

static int read_samples(struct edf_raw *r, struct kymo_err *e)
{
    bool all = true;

    if (!(r->samples = calloc(r->n_signals, sizeof *r->samples)))
        return kymo_fail(e, KYMO_ENOMEM, "no memory for %zu signals", r->n_signals);
    for (size_t i = 0; i < r->n_signals; i++) {
        const struct edf_text t = edf_raw_cell(r, EDF_SAMPLES, i);
        int64_t n;
        if (kymo_parse_int(t.p, t.n, &n) && n >= 1 && n <= MOST_IN_RECORD)
            r->samples[i] = (size_t)n;
        else
            all = false;
        r->record_bytes += r->samples[i] * edf_raw_width(r);
    }
    if (!all)
        r->record_bytes = 0;
    return 0;
}

int edf_raw_read(struct kymo_input *in, struct edf_raw *r, struct kymo_err *e)
{
    int64_t n_signals;
    int rc;

    *r = (struct edf_raw){.n = 0};
    if ((rc = take_bytes(in, r, EDF_FIXED_BYTES, e)) <= 0)
        return rc;
    const struct edf_text reserved = edf_raw_fixed(r, EDF_RESERVED), records = edf_raw_fixed(r, EDF_RECORDS);
    const struct edf_text duration = edf_raw_fixed(r, EDF_DURATION), signals = edf_raw_fixed(r, EDF_SIGNALS);
    r->bdf = (unsigned char)r->bytes[0] == 0xff;
    r->plus = memcmp(reserved.p, "EDF+", 4) == 0 || memcmp(reserved.p, "BDF+", 4) == 0;   /* some BDF+ files say EDF+ */
    r->discontinuous = r->plus && reserved.p[4] == 'D';
    r->has_records = kymo_parse_int(records.p, records.n, &r->n_records) && r->n_records >= -1;
    r->has_duration = kymo_parse_ratio(duration.p, duration.n, &r->duration) && r->duration.num >= 0;
    if (!kymo_parse_int(signals.p, signals.n, &n_signals) || n_signals < 1 || n_signals > MOST_SIGNALS)
        return 0;
    const size_t n = EDF_FIXED_BYTES * (size_t)(n_signals + 1);
    if ((rc = take_bytes(in, r, n, e)) <= 0)
        return rc;
    r->n_signals = (size_t)n_signals;
    r->whole = true;
    kymo_skip(in, n);
    return read_samples(r, e);
}

void edf_raw_release(struct edf_raw *r)
{
    free(r->bytes);
    free(r->samples);
    *r = (struct edf_raw){.n = 0};
}

/* ---- dates ---- */

static int two_digits(const char *p)
{
    return p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9' ? -1 : 10 * (p[0] - '0') + p[1] - '0';
}

void edf_three_numbers(const char *p, int number[3])
{
    for (int i = 0; i < 3; i++)
        number[i] = two_digits(p + 3 * i);
}

int edf_long_date(const char *p, size_t n, int *day, int *year)
{
    int month = 0;

    if (n != 11 || p[2] != '-' || p[6] != '-' || two_digits(p + 7) < 0 || two_digits(p + 9) < 0)
        return 0;
    while (month < 12 && memcmp(kymo_months + 3 * month, p + 3, 3) != 0)
        month++;
    *day = two_digits(p);
    *year = 100 * two_digits(p + 7) + two_digits(p + 9);
    return month < 12 && kymo_is_date(*year, month + 1, *day) ? month + 1 : 0;
}
