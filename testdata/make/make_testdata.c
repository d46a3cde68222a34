/* make_testdata.c - makes every recording in testdata/: make_testdata DIR
 *
 * Nobody was recorded. The ECGs come from algorithms/ecgsyn, noise and drift from algorithms/random, both seeded; samples
 * are rounded to the steps of the file's converter, so every run writes the same bytes. The files are written here, byte
 * by byte and not with the readers' code, so that reader and writer cannot share a mistake. testdata/ORIGIN says what each
 * file is for, and how to run this. */
#include "algorithms/ecgsyn.h"
#include "algorithms/random.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PI 3.14159265358979323846
#define MISSING NAN                  /* "no sample", in formats that know it */
#define LONGEST_SIGNAL 100000

enum { NOISE_STREAM = 100, DRIFT_STREAM = 200 };   /* of random numbers, plus the number of the lead */

static const char *folder;

static void die(const char *what)
{
    fprintf(stderr, "make_testdata: %s\n", what);
    exit(1);
}

/* ---- signals ---- */

struct signal {
    size_t n;
    double x[LONGEST_SIGNAL];
};

/* Waves of lead V5 beside the synthesiser's own, which look like lead II: taller R, deeper S, taller T; ventricular beats
 * point down. Columns: angle (rad), strength, width (rad). */
static const struct ecgsyn_wave v5_normal[ECGSYN_WAVES] = {
    {-PI / 3, 0.8, 0.25}, {-PI / 12, -4, 0.1}, {0, 34, 0.1}, {PI / 12, -12, 0.1}, {1.7, 0.8, 0.42},
};
static const struct ecgsyn_wave v5_ventricular[ECGSYN_WAVES] = {
    {-PI / 3, 0, 0.25}, {-PI / 12, 3, 0.12}, {0, -8, 0.25}, {0.7, 2, 0.25}, {2.1, 1.3, 0.4},
};

/* A heart at rest; every recording changes what it wants. */
static struct ecgsyn_options heart(double fs_hz, double duration_s, uint64_t seed)
{
    struct ecgsyn_options o = ecgsyn_defaults;

    o.fs_hz = fs_hz;
    o.duration_s = duration_s;
    o.heart_rate_per_min = 72;
    o.heart_rate_sd_per_min = 3;
    o.lf_hf = 1.2;
    o.wander_mv = 0.1;
    o.seed = seed;
    return o;
}

/* Samples in mV. Returns the synthesiser, for its beats: ecgsyn_destroy. */
static struct ecgsyn *make_ecg(const struct ecgsyn_options *o, struct signal *s)
{
    struct kymo_err e = {0};
    struct ecgsyn *syn = ecgsyn_create(o, &e);

    if (!syn || ecgsyn_n_samples(syn) > LONGEST_SIGNAL)
        die("no ECG with these options");
    s->n = 0;
    for (size_t n; (n = ecgsyn_next(syn, s->x + s->n, LONGEST_SIGNAL - s->n)) > 0;)
        s->n += n;
    return syn;
}

static void make_plain_ecg(const struct ecgsyn_options *o, struct signal *s) { ecgsyn_destroy(make_ecg(o, s)); }

/* What an electrode adds: white noise, and a drift of a few seconds (noise through a first-order low-pass, twice). Each
 * lead has its own, as the synthesiser's noise would be the same in all leads of one seed. */
static void add_noise(struct signal *s, double fs_hz, double noise_mv, double drift_mv, uint64_t seed, uint64_t lead)
{
    struct random noise, drift;
    const double keep = exp(-1 / (fs_hz * 2.0)), gain = drift_mv * sqrt(4 * (1 - keep));
    double first = 0, second = 0;

    random_init(&noise, seed, NOISE_STREAM + lead);
    random_init(&drift, seed, DRIFT_STREAM + lead);
    for (size_t i = 0; i < s->n; i++) {
        first = keep * first + (1 - keep) * random_normal(&drift) / sqrt(1 - keep);
        second = keep * second + (1 - keep) * first / sqrt(1 - keep);
        s->x[i] += noise_mv * random_normal(&noise) + gain * second;
    }
}

/* Breathing 15 times a minute, still from still_from_s to still_to_s. */
static void make_breathing(struct signal *s, double fs_hz, double duration_s, double amplitude, double still_from_s,
                           double still_to_s)
{
    s->n = (size_t)(fs_hz * duration_s);
    for (size_t i = 0; i < s->n; i++) {
        const double t = (double)i / fs_hz;
        s->x[i] = amplitude * sin(2 * PI * 0.25 * t) * (t >= still_from_s && t < still_to_s ? 0.02 : 1);
    }
}

/* Oxygen saturation of 97 %, falling from from_s on by up to depth within 15 s and back within 10 s; whole per cents. */
static void make_spo2(struct signal *s, double fs_hz, double duration_s, double from_s, double depth)
{
    s->n = (size_t)(fs_hz * duration_s);
    for (size_t i = 0; i < s->n; i++) {
        const double t = (double)i / fs_hz - from_s;
        const double down = t <= 0 ? 0 : t < 15 ? t / 15 : t < 25 ? (25 - t) / 10 : 0;
        s->x[i] = round(97 - depth * down);
    }
}

/* ---- files ---- */

static FILE *open_file(const char *name)
{
    char path[1000];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        die(path);
    return f;
}

static void close_file(FILE *f)
{
    if (ferror(f) || fclose(f) != 0)
        die("cannot write");
}

__attribute__((format(printf, 2, 3))) static void write_text(const char *name, const char *fmt, ...)
{
    FILE *f = open_file(name);
    va_list ap;

    va_start(ap, fmt);
    vfprintf(f, fmt, ap);
    va_end(ap);
    close_file(f);
}

/* Little-endian, two's complement. */
static void put_int(FILE *f, int32_t v, int bytes)
{
    for (int k = 0; k < bytes; k++)
        fputc((uint32_t)v >> 8 * k & 0xff, f);
}

/* The converter: nearest step, held to its limits. */
static int32_t to_digital(double x, double gain, double baseline, int32_t least, int32_t most)
{
    const double v = nearbyint(x * gain + baseline);

    return v < least ? least : v > most ? most : (int32_t)v;
}

/* ---- WFDB: header(5), signal(5), annot(5) of the WFDB Applications Guide ---- */

/* The header's checksum: the sum of all samples in 16 bits, signed. */
static int checksum(const int32_t *x, size_t n)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (uint32_t)x[i];
    return (int16_t)sum;
}

/* Format 212: two samples a, b of 12 bits in three bytes: low 8 bits of a; high 4 bits of b and of a; low 8 bits of b. */
static void write_212(const char *name, const int32_t *x, size_t n)
{
    FILE *f = open_file(name);

    for (size_t i = 0; i + 1 < n; i += 2) {
        put_int(f, x[i] & 0xff, 1);
        put_int(f, (x[i] >> 8 & 0x0f) | (x[i + 1] >> 4 & 0xf0), 1);
        put_int(f, x[i + 1] & 0xff, 1);
    }
    close_file(f);
}

/* Format 16: 16 bits, low byte first. */
static void write_16(const char *name, const int32_t *x, size_t n)
{
    FILE *f = open_file(name);

    for (size_t i = 0; i < n; i++)
        put_int(f, x[i], 2);
    close_file(f);
}

/* An annotation is a word of 6 bits of type and 10 bits of distance, in samples, from the one before; distances that do
 * not fit stand in a SKIP (59) before it, four bytes, high half first. AUX (63) brings a text: its length in the low 10
 * bits, then the text, here with the 0 at its end as PhysioNet's files have it, padded to an even length. */
static void put_annotation(FILE *f, int type, int64_t distance, const char *text)
{
    const int n = text ? (int)strlen(text) + 1 : 0;

    if (distance > 1023) {
        put_int(f, 59 << 10, 2);
        put_int(f, (int32_t)(distance >> 16), 2);
        put_int(f, (int32_t)distance, 2);
        distance = 0;
    }
    put_int(f, type << 10 | (int32_t)distance, 2);
    if (n > 0) {
        put_int(f, 63 << 10 | n, 2);
        fwrite(text, 1, (size_t)n, f);
        put_int(f, 0, n & 1);
    }
}

/* Rhythm "(N" at the start, then the beats; two zero bytes end the file. */
static void write_beats(const char *name, const struct ecgsyn_beat *beat, size_t n)
{
    enum { NORMAL = 1, PVC = 5, RHYTHM = 28 };
    FILE *f = open_file(name);
    int64_t last = 0;

    put_annotation(f, RHYTHM, 0, "(N");
    for (size_t i = 0; i < n; i++) {
        put_annotation(f, beat[i].type == 'V' ? PVC : NORMAL, beat[i].sample - last, NULL);
        last = beat[i].sample;
    }
    put_int(f, 0, 2);
    close_file(f);
}

/* Two leads of a Holter recorder of 11 bits, with the beats that were put in. */
static void make_demo(void)
{
    enum { N = 300 * 250, SEED = 2, MOST = 2047, ZERO = 1024 };
    static struct signal lead[2];
    static int32_t digital[2][N], frames[2 * N];
    struct ecgsyn_options o = heart(250, 300, SEED);
    size_t n_beats;

    o.pvc_probability = 0.02;
    struct ecgsyn *syn = make_ecg(&o, &lead[0]);
    memcpy(o.normal, v5_normal, sizeof o.normal);
    memcpy(o.ventricular, v5_ventricular, sizeof o.ventricular);
    make_plain_ecg(&o, &lead[1]);
    for (size_t k = 0; k < 2; k++) {
        add_noise(&lead[k], 250, 0.02, 0.12, SEED, k);
        for (size_t i = 0; i < N; i++)
            frames[2 * i + k] = digital[k][i] = to_digital(lead[k].x[i] * (k ? 1.25 : 1), 200, ZERO, 0, MOST);
    }
    write_212("demo.dat", frames, 2 * N);
    write_text("demo.hea",
               "demo 2 250 %d 08:15:30 14/03/2024\n"
               "demo.dat 212 200(1024)/mV 11 1024 %d %d 0 II\n"
               "demo.dat 212 200(1024)/mV 11 1024 %d %d 0 V5\n"
               "# 58 F\n"
               "# synthetic: testdata/make/make_testdata.c, seed %d\n",
               N, digital[0][0], checksum(digital[0], N), digital[1][0], checksum(digital[1], N), SEED);
    const struct ecgsyn_beat *beat = ecgsyn_beats(syn, &n_beats);
    write_beats("demo.atr", beat, n_beats);
    ecgsyn_destroy(syn);
}

/* Frames of 4 ms: two samples of ECG, one of breathing, one of saturation. A probe off for 1 s: no SpO2 samples there. */
static void make_demo16(void)
{
    enum { FRAMES = 30 * 250, SEED = 16, NO_SAMPLE = -32768 };
    static struct signal ecg, resp, spo2;
    static int32_t digital[3][2 * FRAMES], frames[4 * FRAMES];
    const struct ecgsyn_options o = heart(500, 30, SEED);

    make_plain_ecg(&o, &ecg);
    add_noise(&ecg, 500, 0.01, 0.05, SEED, 0);
    make_breathing(&resp, 250, 30, 0.6, 30, 30);
    make_spo2(&spo2, 250, 30, 5, 4);
    for (size_t i = 0; i < 2 * FRAMES; i++)
        digital[0][i] = to_digital(ecg.x[i], 1000, 0, -32767, 32767);
    for (size_t i = 0; i < FRAMES; i++) {
        digital[1][i] = to_digital(resp.x[i], 2000, -100, -32767, 32767);
        digital[2][i] = i >= 12 * 250 && i < 13 * 250 ? NO_SAMPLE : to_digital(spo2.x[i], 100, 0, -32767, 32767);
        frames[4 * i] = digital[0][2 * i];
        frames[4 * i + 1] = digital[0][2 * i + 1];
        frames[4 * i + 2] = digital[1][i];
        frames[4 * i + 3] = digital[2][i];
    }
    write_16("demo16.dat", frames, 4 * FRAMES);
    write_text("demo16.hea",
               "demo16 3 250 %d 22:00:00 01/12/2023\n"
               "demo16.dat 16x2 1000/mV 16 0 %d %d 0 ECG\n"
               "demo16.dat 16 2000(-100)/Ohm 16 0 %d %d 0 resp\n"
               "demo16.dat 16 100/%% 16 0 %d %d 0 SpO2\n",
               FRAMES, digital[0][0], checksum(digital[0], 2 * FRAMES), digital[1][0], checksum(digital[1], FRAMES),
               digital[2][0], checksum(digital[2], FRAMES));
}

/* Headers that say as little as they may, or what they must not. */
static void make_odd_headers(void)
{
    enum { N = 10 * 250, SEED = 7 };
    static struct signal ecg;
    static int32_t frames[2 * N];
    const struct ecgsyn_options o = heart(250, 10, SEED);

    make_plain_ecg(&o, &ecg);
    for (size_t i = 0; i < N; i++) {
        frames[2 * i] = to_digital(ecg.x[i], 200, 0, -32767, 32767);
        frames[2 * i + 1] = to_digital(-ecg.x[i], 100, 50, -32767, 32767);
    }
    write_16("no_length.dat", frames, 2 * N);
    write_text("no_length.hea", "no_length 2\n"
                                "no_length.dat 16\n"
                                "no_length.dat 16 0 0 0 0 0 0 V5\n");
    write_text("missing.hea", "missing 1 250 2500\n"
                              "not_there.dat 16 200/mV 12 0 0 0 0 II\n");
    write_text("bad_gain.hea", "bad_gain 2 250 2500\n"
                               "no_length.dat 16 200/mV 12 0 0 0 0 II\n"
                               "no_length.dat 16 abc/mV 12 0 0 0 0 V5\n");
}

/* ---- EDF, EDF+, BDF: edfplus.info, and BioSemi's page on BDF ---- */

struct edf_signal {
    const char *label, *transducer, *unit, *prefilter;
    const char *phys_min, *phys_max;      /* as the header gives them */
    int32_t dig_min, dig_max;
    size_t per_record;
    const struct signal *source;          /* in the unit; NULL: the annotation signal */
    size_t first;                         /* sample of the source that comes first */
};

struct edf_note {
    size_t record;                        /* in which it is written */
    const char *onset, *duration, *text;  /* "+20.25", "18" or NULL */
};

struct edf_file {
    bool bdf;
    const char *patient, *recording, *date, *time, *reserved, *duration_s;
    int announced;                        /* data records, as the header says */
    size_t n_records, n_signals, n_notes;
    size_t bytes_cut;                     /* off the end of the last record */
    const struct edf_signal *signal;
    const struct edf_note *note;
    const int *onset_ms;                  /* of each record, for its time-keeper */
    const size_t *at;                     /* each record's place in the sources, in records; NULL: one behind another */
};

static void put_field(FILE *f, const char *text, int width) { fprintf(f, "%-*.*s", width, width, text); }

static void put_field_int(FILE *f, long v, int width)
{
    char text[32];

    snprintf(text, sizeof text, "%ld", v);
    put_field(f, text, width);
}

/* 256 bytes about the recording, then one field of all signals after another. ASCII, blanks behind. */
static void put_edf_header(FILE *f, const struct edf_file *d)
{
    const struct edf_signal *s = d->signal;
    const size_t n = d->n_signals;

    fwrite(d->bdf ? "\377BIOSEMI" : "0       ", 1, 8, f);
    put_field(f, d->patient, 80);
    put_field(f, d->recording, 80);
    put_field(f, d->date, 8);
    put_field(f, d->time, 8);
    put_field_int(f, 256 * ((long)n + 1), 8);
    put_field(f, d->reserved, 44);
    put_field_int(f, d->announced, 8);
    put_field(f, d->duration_s, 8);
    put_field_int(f, (long)n, 4);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].label, 16);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].transducer, 80);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].unit, 8);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].phys_min, 8);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].phys_max, 8);
    for (size_t i = 0; i < n; i++) put_field_int(f, s[i].dig_min, 8);
    for (size_t i = 0; i < n; i++) put_field_int(f, s[i].dig_max, 8);
    for (size_t i = 0; i < n; i++) put_field(f, s[i].prefilter, 80);
    for (size_t i = 0; i < n; i++) put_field_int(f, (long)s[i].per_record, 8);
    for (size_t i = 0; i < n; i++) put_field(f, "", 32);
}

/* Time-stamped annotation lists: onset, 0x15 and duration, 0x14, text, 0x14, 0. The record's first one has an empty text
 * and tells when the record begins. Zeros fill what is left. */
static void put_annotations(FILE *f, const struct edf_file *d, size_t record, size_t room)
{
    char tal[1000];
    size_t n = 0;
    const int ms = d->onset_ms[record];

    n += (size_t)sprintf(tal, "+%d", ms / 1000);
    if (ms % 1000)
        n += (size_t)sprintf(tal + n, ".%03d", ms % 1000);
    n += (size_t)sprintf(tal + n, "\x14\x14") + 1;
    for (size_t i = 0; i < d->n_notes; i++) {
        const struct edf_note *note = &d->note[i];
        if (note->record == record)
            n += (size_t)sprintf(tal + n, "%s%s%s\x14%s\x14", note->onset, note->duration ? "\x15" : "",
                                 note->duration ? note->duration : "", note->text) + 1;
    }
    if (n > room)
        die("annotations do not fit");
    fwrite(tal, 1, n, f);
    for (; n < room; n++)
        fputc(0, f);
}

static void put_samples(FILE *f, const struct edf_signal *s, size_t record, int bytes)
{
    const double least = atof(s->phys_min), most = atof(s->phys_max);
    const double gain = (s->dig_max - s->dig_min) / (most - least), baseline = s->dig_min - least * gain;

    for (size_t i = 0; i < s->per_record; i++)
        put_int(f, to_digital(s->source->x[s->first + record * s->per_record + i], gain, baseline, s->dig_min, s->dig_max),
                bytes);
}

static void write_edf(const char *name, const struct edf_file *d)
{
    const int bytes = d->bdf ? 3 : 2;
    FILE *f = open_file(name);

    put_edf_header(f, d);
    for (size_t k = 0; k < d->n_records; k++)
        for (size_t i = 0; i < d->n_signals; i++)
            if (d->signal[i].source)
                put_samples(f, &d->signal[i], d->at ? d->at[k] : k, bytes);
            else
                put_annotations(f, d, k, d->signal[i].per_record * (size_t)bytes);
    if (d->bytes_cut && (fflush(f) != 0 || ftruncate(fileno(f), ftell(f) - (long)d->bytes_cut) != 0))
        die("cannot truncate");
    close_file(f);
}

/* One minute of a night: breathing stops from 20 to 38 s, the saturation follows. The first record begins 0.25 s after
 * the full second of the header; onsets of annotations count from that second. */
static void make_night(void)
{
    enum { SECONDS = 60, SEED = 42 };
    static struct signal ecg, spo2, flow;
    const struct ecgsyn_options o = heart(256, SECONDS, SEED);
    int onset_ms[SECONDS];

    make_plain_ecg(&o, &ecg);
    add_noise(&ecg, 256, 0.015, 0.08, SEED, 0);
    make_spo2(&spo2, 1, SECONDS, 27, 11);
    make_breathing(&flow, 32, SECONDS, 40, 20, 38);
    for (int i = 0; i < SECONDS; i++)
        onset_ms[i] = 1000 * i + 250;
    const struct edf_signal signals[] = {
        {"ECG II", "Ag/AgCl electrodes", "mV", "HP:0.05Hz LP:100Hz", "-3.2768", "3.2767", -32768, 32767, 256, &ecg, 0},
        {"SpO2", "finger probe", "%", "", "0", "102.3", 0, 1023, 1, &spo2, 0},
        {"Flow", "nasal pressure", "L/min", "LP:10Hz", "-102.4", "102.35", -2048, 2047, 32, &flow, 0},
        {"EDF Annotations", "", "", "", "-1", "1", -32768, 32767, 48, NULL, 0},
    };
    const struct edf_note notes[] = {
        {0, "+0.25", NULL, "Lights off"},
        {20, "+20.25", "18", "Apn\xc3\xa9" "e obstructive"},
        {27, "+27.25", "25", "D\xc3\xa9saturation"},
        {38, "+38.5", "3.2", "Arousal"},
    };
    const struct edf_file d = {
        .patient = "K-0042 F 17-SEP-1966 Nobody_Real", .recording = "Startdate 11-FEB-2023 N-118 KY make_testdata",
        .date = "11.02.23", .time = "23.10.04", .reserved = "EDF+C", .duration_s = "1", .announced = SECONDS,
        .n_records = SECONDS, .signal = signals, .n_signals = 4, .note = notes, .n_notes = 4, .onset_ms = onset_ms,
    };
    write_edf("night.edf", &d);
}

/* 20 records of 1 s, with nothing for 7.3 s behind the 8th and for 2.0 s behind the 14th. The heart beats on meanwhile. */
static void make_gap(void)
{
    enum { RECORDS = 20, RATE = 200, SEED = 8 };
    static struct signal ecg, kept;
    const struct ecgsyn_options o = heart(RATE, 30, SEED);
    int onset_ms[RECORDS];

    make_plain_ecg(&o, &ecg);
    add_noise(&ecg, RATE, 0.01, 0.05, SEED, 0);
    for (int k = 0; k < RECORDS; k++) {
        onset_ms[k] = 1000 * k + (k >= 8 ? 7300 : 0) + (k >= 14 ? 2000 : 0);
        memcpy(kept.x + k * RATE, ecg.x + onset_ms[k] * RATE / 1000, RATE * sizeof *kept.x);
    }
    const struct edf_signal signals[] = {
        {"ECG", "", "mV", "", "-3.2768", "3.2767", -32768, 32767, RATE, &kept, 0},
        {"EDF Annotations", "", "", "", "-1", "1", -32768, 32767, 32, NULL, 0},
    };
    const struct edf_note note = {8, "+8", "7.3", "Electrode off"};
    const struct edf_file d = {
        .patient = "X X X X", .recording = "Startdate 30-JUN-2024 X X X", .date = "30.06.24", .time = "12.00.00",
        .reserved = "EDF+D", .duration_s = "1", .announced = RECORDS, .n_records = RECORDS, .signal = signals,
        .n_signals = 2, .note = &note, .n_notes = 1, .onset_ms = onset_ms,
    };
    write_edf("gap.edf", &d);
}

/* EDF of 1992. The ECG's physical minimum is above its maximum: negative gain, and R waves upright only for those who
 * calibrate. */
static void make_plain(void)
{
    enum { RECORDS = 40, SEED = 1992 };
    static struct signal ecg, resp;
    const struct ecgsyn_options o = heart(128, RECORDS / 2, SEED);

    make_plain_ecg(&o, &ecg);
    for (size_t i = 0; i < ecg.n; i++)
        ecg.x[i] *= 1000;   /* uV */
    make_breathing(&resp, 16, RECORDS / 2, 300, 100, 100);
    const struct edf_signal signals[] = {
        {"ECG", "", "uV", "", "5000", "-5000", -2048, 2047, 64, &ecg, 0},
        {"Resp thorax", "belt", "mV", "", "-512", "511", -512, 511, 8, &resp, 0},
    };
    const struct edf_file d = {
        .patient = "M 45 years, ward 3", .recording = "routine", .date = "02.08.92", .time = "09.05.00", .reserved = "",
        .duration_s = "0.5", .announced = RECORDS, .n_records = RECORDS, .signal = signals, .n_signals = 2,
    };
    write_edf("plain.edf", &d);
}

/* A copy that stopped: 10 records announced, 7 and a half there. */
static void make_short(void)
{
    enum { RATE = 200, SEED = 5 };
    static struct signal ecg;
    const struct ecgsyn_options o = heart(RATE, 10, SEED);

    make_plain_ecg(&o, &ecg);
    const struct edf_signal signal = {"ECG", "", "mV", "", "-3.2768", "3.2767", -32768, 32767, RATE, &ecg, 0};
    const struct edf_file d = {
        .patient = "X", .recording = "X", .date = "01.04.23", .time = "10.00.00", .reserved = "", .duration_s = "1",
        .announced = 10, .n_records = 8, .bytes_cut = RATE, .signal = &signal, .n_signals = 1,
    };
    write_edf("short.edf", &d);
}

/* 24 bits: an ECG on the offset of its electrode, which 16 bits would not hold, and BioSemi's Status word: bit 20 (common
 * mode in range) always, trigger 1 in the first 100 ms of every second. */
static void make_bdf(void)
{
    enum { RECORDS = 5, RATE = 256, SEED = 24 };
    static struct signal ecg, status;
    const struct ecgsyn_options o = heart(RATE, RECORDS, SEED);

    make_plain_ecg(&o, &ecg);
    status.n = ecg.n;
    for (size_t i = 0; i < ecg.n; i++) {
        ecg.x[i] = 1000 * ecg.x[i] + 12000;   /* uV */
        status.x[i] = (1 << 20) + (i % RATE < RATE / 10);
    }
    const struct edf_signal signals[] = {
        {"ECG", "active electrode", "uV", "HP: DC; LP: 113 Hz", "-262144", "262143", -8388608, 8388607, RATE, &ecg, 0},
        {"Status", "triggers and status", "Boolean", "No filtering", "-8388608", "8388607", -8388608, 8388607, RATE, &status,
         0},
    };
    const struct edf_file d = {
        .bdf = true, .patient = "X", .recording = "X", .date = "15.05.22", .time = "14.30.00", .reserved = "24BIT",
        .duration_s = "1", .announced = RECORDS, .n_records = RECORDS, .signal = signals, .n_signals = 2,
    };
    write_edf("demo.bdf", &d);
}

/* ---- a table of events ---- */

/* 20 beats, about one a 0.8 s, one of them ventricular; between the 12th and the 13th nothing was recorded for 5 s. */
static void make_events(void)
{
    enum { BEATS = 20, RATE = 250, SEED = 3 };
    FILE *f = open_file("events.csv");
    struct random r;
    int sample = 100;

    random_init(&r, SEED, 0);
    fprintf(f, "time_s,sample,signal,type,duration_s,value,text\n");
    for (int i = 0; i < BEATS; i++) {
        if (i == 12) {
            fprintf(f, "%d.%03d,,,gap,5,,electrode off\n", sample / RATE, sample % RATE * 4);
            sample += 5 * RATE + 100;
        }
        fprintf(f, "%d.%03d,%d,II,%s,,,\n", sample / RATE, sample % RATE * 4, sample, i == 6 ? "V" : "N");
        sample += 190 + (int)random_below(&r, 21);
    }
    close_file(f);
}

/* ---- what wearables and their apps give out: kymo-devices(7) ----
 *
 * Beside each table stands a file of the truth, NAME.truth: seconds since the first row, the samples' values, - for none. */

#define DAY_S 86400

/* A time of day from seconds since the midnight before the first of two days in May 2031, the 8th and the 9th. */
struct moment {
    int day, hour, minute, second;
};

static struct moment moment_of(int seconds)
{
    return (struct moment){8 + seconds / DAY_S, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60};
}

static void put_apple(const char *name, const struct signal *s, bool portuguese)
{
    FILE *f = open_file(name);
    char value[32];

    fprintf(f, portuguese ? "Nome,Pessoa Teste\nData de nascimento,\"1961-02-05\"\nData da gravação,2031-05-08 07:21:39 +0100\n"
                            "Classificação,Ritmo sinusal\nSintomas,Nenhum\nVersão do software,2.0\nDispositivo,\"Watch9,1\"\n"
                            "Taxa de amostragem,\"512,25 hertz\"\n\n\nDerivação,Derivação I\nUnidade,\u00b5V\n\n"
                          : "Name,Test Person\nDate of Birth,\"Feb 5, 1961\"\nRecorded Date,2031-05-08 07:21:39 -0700\n"
                            "Classification,Sinus Rhythm\nSymptoms,\"Fatigue, Dizziness\"\nSoftware Version,2.0\n"
                            "Device,\"Watch9,1\"\nSample Rate,512.25 hertz\n\n\nLead,Lead I\nUnit,\u00b5V\n\n");
    for (size_t i = 0; i < s->n; i++) {
        snprintf(value, sizeof value, "%.3f", 1000 * s->x[i]);
        if (portuguese)
            *strchr(value, '.') = ',';
        fprintf(f, "%s\n", value);
    }
    close_file(f);
}

static void make_apple(void)
{
    static struct signal ecg;
    const struct ecgsyn_options o = heart(512, 6, 512);
    FILE *f;

    make_plain_ecg(&o, &ecg);
    put_apple("devices/apple-ecg.csv", &ecg, false);
    put_apple("devices/apple-ecg-pt.csv", &ecg, true);
    f = open_file("devices/apple-ecg.truth");
    for (size_t i = 0; i < ecg.n; i++)
        fprintf(f, "%.6f,%.3f\n", (double)i / 512.25, 1000 * ecg.x[i]);
    close_file(f);
}

/* 200 readings each 4 s over midnight; the finger was out for 5 of them, the ring was off for a minute; one reminder. */
static void make_viatom(void)
{
    enum { ROWS = 200, BEGIN = DAY_S - 400, SEED = 6 };
    FILE *const ring = open_file("devices/viatom-o2ring.csv"), *const checkme = open_file("devices/viatom-checkme.csv"),
         *const vihealth = open_file("devices/viatom-vihealth.csv"), *const truth = open_file("devices/viatom.truth");
    struct random r;

    random_init(&r, SEED, 0);
    fprintf(ring, "Time,SpO2(%%),Pulse Rate(bpm),Motion,SpO2 Reminder,PR Reminder,\r\n");
    fprintf(checkme, "Time,Oxygen Level,Pulse Rate,Motion,O2 Reminder,PR Reminder\r\n");
    fprintf(vihealth, "Time,Oxygen Level,Pulse Rate,Motion\n");
    for (int i = 0; i < ROWS; i++) {
        const int at = BEGIN + 4 * i + (i >= 150 ? 60 : 0);
        const int spo2 = 97 - (i > 60 && i < 80 ? (i - 60) / 2 : (int)random_below(&r, 2));
        const int pulse = 56 + (int)random_below(&r, 9), motion = (int)random_below(&r, 4), reminder = i == 75;
        const bool out = i >= 100 && i < 105;
        const struct moment m = moment_of(at);
        char values[40];
        if (out)
            snprintf(values, sizeof values, "--,--,%d", motion);
        else
            snprintf(values, sizeof values, "%d,%d,%d", spo2, pulse, motion);
        fprintf(ring, "\"%02d:%02d:%02d%s May %02d, 2031\",%s,%d,0,\r\n", (m.hour + 11) % 12 + 1, m.minute, m.second,
                m.hour < 12 ? "AM" : "PM", m.day, values, reminder);
        fprintf(checkme, "%02d:%02d:%02d May %02d 2031,%s,%d,0\r\n", m.hour, m.minute, m.second, m.day, values, reminder);
        fprintf(vihealth, "%02d:%02d:%02d %02d/05/2031,%s\n", m.hour, m.minute, m.second, m.day, values);
        fprintf(truth, "%d,%s\n", at - BEGIN, values);
    }
    close_file(ring);
    close_file(checkme);
    close_file(vihealth);
    close_file(truth);
}

static int glucose_at(int seconds) { return (int)round(120 + 70 * sin(seconds / 6000.0)); }

/* A row of Clarity's, each cell in quotation marks; rows without a transmitter's id lack the cell. */
static void put_clarity(FILE *f, int index, const char *const *cell)
{
    fprintf(f, "\"%d\"", index);
    for (int i = 0; i < 13 && cell[i]; i++)
        fprintf(f, ",\"%s\"", cell[i]);
    fprintf(f, "\r\n");
}

/* 90 readings each 300 s, or a second or two more or less; none for 40 minutes; one too low and one too high to tell. */
static void make_dexcom(void)
{
    enum { ROWS = 90, BEGIN = 20 * 3600 + 13, SEED = 7 };
    /* When, type, subtype, who, device, source, glucose, insulin, carbohydrates, duration, change, ticks, transmitter. */
    static const char *const facts[][14] = {
        {"", "FirstName", "", "Test", "", "", "", "", "", "", "", ""}, {"", "LastName", "", "Person", "", "", "", "", "", "", "", ""},
        {"", "DateOfBirth", "", "1961-02-05", "", "", "", "", "", "", "", ""},
        {"", "Device", "", "", "Dexcom G6 Mobile App", "android G6", "", "", "", "", "", ""},
        {"", "Alert", "Fall", "", "", "android G6", "", "", "", "", "", ""},
        {"", "Alert", "High", "", "", "android G6", "200", "", "", "", "", ""},
        {"", "Alert", "Low", "", "", "android G6", "70", "", "", "", "", ""},
        {"", "Alert", "Signal Loss", "", "", "android G6", "", "", "", "00:20:00", "", ""},
    };
    FILE *f = open_file("devices/dexcom.csv"), *truth = open_file("devices/dexcom.truth");
    struct random r;
    int index = 1, at = BEGIN;

    random_init(&r, SEED, 0);
    fprintf(f, "\xef\xbb\xbf\"Index\",\"Timestamp (YYYY-MM-DDThh:mm:ss)\",\"Event Type\",\"Event Subtype\",\"Patient Info\","
               "\"Device Info\",\"Source Device ID\",\"Glucose Value (mg/dL)\",\"Insulin Value (u)\",\"Carb Value (grams)\","
               "\"Duration (hh:mm:ss)\",\"Glucose Rate of Change (mg/dL/min)\",\"Transmitter Time (Long Integer)\","
               "\"Transmitter ID\"\r\n");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        put_clarity(f, index++, facts[i]);
    for (int i = 0; i < ROWS; i++, at += 300 + (int)random_below(&r, 5) - 2 + (i == 50 ? 2400 : 0)) {
        const struct moment m = moment_of(at);
        const char *const word = i == 20 ? "Low" : i == 21 ? "High" : "";
        char value[16], when[32], ticks[16];
        snprintf(value, sizeof value, "%d", glucose_at(at));
        snprintf(when, sizeof when, "2031-05-%02dT%02d:%02d:%02d", m.day, m.hour, m.minute, m.second);
        snprintf(ticks, sizeof ticks, "%d", 4000000 + at);
        const char *const shown = *word ? word : value, *const source = "android G6", *const id = "8TEST1";
        const char *const meal[14] = {when, "Carbs", "", "", "", source, "", "", "45", "", "", ""};
        const char *const finger[14] = {when, "Calibration", "", "", "", source, "118", "", "", "", "", "", id};
        const char *const egv[14] = {when, "EGV", word, "", "", source, shown, "", "", "", "", ticks, id};
        if (i == 10)
            put_clarity(f, index++, meal);
        if (i == 30)
            put_clarity(f, index++, finger);
        put_clarity(f, index++, egv);
        fprintf(truth, "%d,%s\n", at - BEGIN, *word ? "-" : value);
    }
    close_file(f);
    close_file(truth);
}

/* 40 readings each 15 min to the minute, a scan each 5th of them, a meal and a note; sorted by type, as the site does. */
static void put_libre(const char *name, bool mmol)
{
    enum { ROWS = 40, BEGIN = 20 * 3600 };
    FILE *f = open_file(name);
    const char *const unit = mmol ? "mmol/L" : "mg/dL", *const who = mmol ? "FreeStyle Libre 3" : "FreeStyle LibreLink";

    fprintf(f, "Glucose Data,Generated on,%s UTC,Generated by,Test Person\r\n",
            mmol ? "09-05-2031 11:00" : "05-09-2031 11:00 AM");
    fprintf(f, "Device,Serial Number,Device Timestamp,Record Type,Historic Glucose %s,Scan Glucose %s,"
               "Non-numeric Rapid-Acting Insulin,Rapid-Acting Insulin (units),Non-numeric Food,Carbohydrates (grams),Carbohydrates (servings),"
               "Non-numeric Long-Acting Insulin,Long-Acting Insulin (units),Notes,Strip Glucose %s,Ketone mmol/L,"
               "Meal Insulin (units),Correction Insulin (units),User Change Insulin (units)\r\n", unit, unit, unit);
    for (int type = 0; type < 2; type++)
        for (int i = 0; i < ROWS; i++) {
            const int at = BEGIN + 900 * i + (type ? 120 : 0);
            const struct moment m = moment_of(at);
            char value[16], when[32];
            if (type == 1 && i % 5 != 2)
                continue;
            /* Not converted: the same digits. */
            snprintf(value, sizeof value, mmol ? "\"%d,%d\"" : "%d%d", glucose_at(at) / 10, glucose_at(at) % 10);
            if (mmol)
                snprintf(when, sizeof when, "%02d-05-2031 %02d:%02d", m.day, m.hour, m.minute);
            else
                snprintf(when, sizeof when, "05-%02d-2031 %02d:%02d %s", m.day, (m.hour + 11) % 12 + 1, m.minute,
                         m.hour < 12 ? "AM" : "PM");
            fprintf(f, "%s,0TEST-1,%s,%d,%s,%s,,,,,,,,,,,,,\r\n", who, when, type, type ? "" : value, type ? value : "");
        }
    fprintf(f, "%s,0TEST-1,%s,5,,,,,,30,,,,,,,,,\r\n", who, mmol ? "08-05-2031 22:10" : "05-08-2031 10:10 PM");
    fprintf(f, "%s,0TEST-1,%s,6,,,,,,,,,,a long walk,,,,,\r\n", who, mmol ? "09-05-2031 00:40" : "05-09-2031 12:40 AM");
    fprintf(f, "%s,0TEST-1,%s,6,,,,,,,,,,,,,,,\r\n", who, mmol ? "08-05-2031 20:00" : "05-08-2031 08:00 PM");
    close_file(f);
    f = open_file(mmol ? "devices/libre-mmol.truth" : "devices/libre.truth");
    for (int i = 0; i < ROWS; i++) {
        const int at = 900 * i, mg = glucose_at(BEGIN + at);
        fprintf(f, mmol ? "%d,%d.%d\n" : "%d,%d%d\n", at, mg / 10, mg % 10);
    }
    close_file(f);
}

/* A folder as the E4 leaves it: a start since 1970, a rate, samples. */
static void make_empatica(void)
{
    static const struct {
        const char *name;
        double rate;
        int columns, seconds, start, decimals;
        double mean, size;
    } files[] = {
        {"BVP", 64, 1, 20, 0, 2, 0, 60}, {"EDA", 4, 1, 20, 0, 6, 0.4, 0.05}, {"TEMP", 4, 1, 20, 0, 2, 33.2, 0.3},
        {"HR", 1, 1, 10, 10, 2, 71, 4}, {"ACC", 32, 3, 20, 0, 0, 20, 30},
    };
    enum { START = 1935991299 };     /* 2031-05-08 07:21:39 */
    char name[40];

    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        snprintf(name, sizeof name, "devices/empatica/%s.csv", files[k].name);
        FILE *f = open_file(name);
        snprintf(name, sizeof name, "devices/empatica/%s.truth", files[k].name);
        FILE *truth = open_file(name);
        for (int row = -2; row < files[k].rate * files[k].seconds; row++) {
            if (row >= 0)
                fprintf(truth, "%.6f", (double)row / files[k].rate);
            for (int c = 0; c < files[k].columns; c++) {
                const double x = files[k].mean + files[k].size * sin(2 * PI * 1.2 * (row + 7 * c) / files[k].rate);
                const char *const comma = c == 0 ? "" : row < 0 ? ", " : ",";
                if (row < 0)
                    fprintf(f, "%s%.6f", comma, row == -2 ? START + files[k].start : files[k].rate);
                else
                    fprintf(f, "%s%.*f", comma, files[k].decimals, x);
                if (row >= 0 && files[k].columns == 3)
                    fprintf(truth, ",%.9g", nearbyint(x) / 64);   /* in g */
                else if (row >= 0)
                    fprintf(truth, ",%.*f", files[k].decimals, x);
            }
            fprintf(f, "\n");
            if (row >= 0)
                fprintf(truth, "\n");
        }
        close_file(f);
        close_file(truth);
    }
    write_text("devices/empatica/IBI.csv", "%d.000000, IBI\n3.437500,0.843750\n4.265625,0.828125\n5.125000,0.859375\n"
               "11.000000,0.875000\n11.890625,0.890625\n", START);
    write_text("devices/empatica/tags.csv", "%d.25\n%d.50\n", START + 4, START + 16);
}

static void make_nonin(void)
{
    enum { SECONDS = 60, SEED = 9 };
    FILE *f = open_file("devices/nonin.txt"), *truth = open_file("devices/nonin.truth");
    struct random r;

    random_init(&r, SEED, 0);
    fprintf(f, "\r\n");
    for (int i = 0; i < SECONDS; i++) {
        const int spo2 = 95 + (int)random_below(&r, 3), hr = 60 + (int)random_below(&r, 5);
        const bool out = i >= 20 && i < 24;
        if (out) {
            fprintf(f, "SPO2=--- HR=---\r\n");
            fprintf(truth, "%d,-,-\n", i);
        } else {
            fprintf(f, "SPO2=%03d HR=%03d%s\r\n", spo2, hr, i == 40 ? "*" : "");
            fprintf(truth, "%d,%d,%d\n", i, spo2, hr);
        }
    }
    close_file(f);
    close_file(truth);
}

/* 100 readings each 4 s before and behind midnight, as nVISION writes them out, with patient and notes. */
static void make_nvision(void)
{
    enum { ROWS = 100, BEGIN = DAY_S - 200, SEED = 10 };
    static const char *const facts[] = {
        "nVision=3,0", "Ada", "Example", "", "Dr. Nobody", "170", "65.5", "A-17", "1961-02-05", "70", "2", "", "a note", "", "", "", "",
    };
    FILE *const f = open_file("devices/nonin-nvision.asc"), *const truth = open_file("devices/nonin-nvision.truth");
    struct random r;

    random_init(&r, SEED, 0);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        fprintf(f, "\"%s\"\r\n", facts[i]);
    for (int i = 0; i < ROWS; i++) {
        const int pulse = 60 + (int)random_below(&r, 5), spo2 = 95 + (int)random_below(&r, 3);
        const struct moment m = moment_of(BEGIN + 4 * i);
        fprintf(f, "%d,2031,5,%d,%d,%d,%d,%d,%d\r\n", i + 1, m.day, m.hour, m.minute, m.second, pulse, spo2);
        fprintf(truth, "%d,%d,%d\n", 4 * i, pulse, spo2);
    }
    close_file(f);
    close_file(truth);
}

/* 100 s of a LifeSense II; ten without a finger. */
static void make_lifesense(void)
{
    enum { ROWS = 100, BEGIN = DAY_S / 2, SEED = 12 };
    FILE *const f = open_file("devices/nonin-lifesense.csv"), *const truth = open_file("devices/nonin-lifesense.truth");
    struct random r;

    random_init(&r, SEED, 0);
    fprintf(f, "Date,Time,SpO2,PR,PulseOx_Status,EtCO2,RR,LAL_SpO2,UAL_SpO2,LAL_PR,UAL_PR\r\n");
    for (int i = 0; i < ROWS; i++) {
        const int spo2 = 95 + (int)random_below(&r, 3), pulse = 60 + (int)random_below(&r, 5), co2 = 36 + (int)random_below(&r, 3);
        const struct moment m = moment_of(BEGIN + i);
        const bool out = i >= 40 && i < 50;
        char values[24];
        snprintf(values, sizeof values, "%d,%d", spo2, pulse);
        fprintf(f, "05/%02d/2031,%02d:%02d:%02d,%s,%d,%d,14,85,100,40,140\r\n", m.day, m.hour, m.minute, m.second, out ? "," : values,
                out, co2);
        fprintf(truth, "%d,%s,%d,14\n", i, out ? "-,-" : values, co2);
    }
    close_file(f);
    close_file(truth);
}

static void make_intervals(void)
{
    enum { BEATS = 40, SEED = 11 };
    FILE *const kubios = open_file("devices/kubios-rr.txt"), *const polar = open_file("devices/polar-rr.txt"),
         *const hrm = open_file("devices/polar.hrm"), *const phone = open_file("devices/polar-phone.txt"),
         *const truth = open_file("devices/rr.truth");
    struct random r;
    int at_ms = 0;

    random_init(&r, SEED, 0);
    fprintf(hrm, "[Params]\r\nVersion=106\r\nMonitor=22\r\nSMode=000000000\r\nDate=20310508\r\nStartTime=07:21:39.0\r\n"
                 "Length=00:00:33.0\r\nInterval=238\r\n\r\n[HRData]\r\n");
    fprintf(phone, "Phone timestamp;RR-interval [ms]\n");
    fprintf(truth, "0\n");
    for (int i = 0; i < BEATS; i++) {
        const int rr = 780 + (int)random_below(&r, 90);
        at_ms += rr;
        fprintf(kubios, "%d.%03d\n", rr / 1000, rr % 1000);
        fprintf(polar, "%d\n", rr);
        fprintf(hrm, "%d\r\n", rr);
        fprintf(phone, "2031-05-08T07:21:%02d.%03d;%d\n", 20 + at_ms / 1000, at_ms % 1000, rr);
        fprintf(truth, "%d.%03d\n", at_ms / 1000, at_ms % 1000);
    }
    close_file(kubios);
    close_file(polar);
    close_file(hrm);
    close_file(phone);
    close_file(truth);
}

/* Three of the files of a night with an AirSense: flow and pressure, oximetry, events. The sum of each record's bytes stands in
 * a signal of its own; here it is a pattern. */
static void make_resmed(void)
{
    enum { RECORDS = 2 };
    static struct signal flow, pressure, spo2, pulse, crc;
    static const int onset_ms[] = {0, 60000};

    make_breathing(&flow, 25, 60 * RECORDS, 0.5, 40, 55);
    make_breathing(&pressure, 25, 60 * RECORDS, 0.4, 200, 200);
    make_spo2(&spo2, 1, 60 * RECORDS, 50, 6);
    pulse.n = spo2.n;
    crc.n = RECORDS;
    for (size_t i = 0; i < pressure.n; i++)
        pressure.x[i] += 9;
    for (size_t i = 0; i < spo2.n; i++) {
        pulse.x[i] = 58 + (double)(i % 5);
        if (i < 6)
            spo2.x[i] = pulse.x[i] = -1;   /* no finger in it yet */
    }
    crc.x[0] = -12345;
    crc.x[1] = 23456;
    const struct edf_signal brp[] = {
        {"Flow.40ms", "", "L/s", "", "-2", "3", -1000, 1500, 1500, &flow, 0},
        {"Press.40ms", "", "cmH2O", "", "0", "40", 0, 2000, 1500, &pressure, 0},
        {"Crc16", "", "", "", "-32768", "32767", -32768, 32767, 1, &crc, 0},
    };
    const struct edf_signal sad[] = {
        {"Pulse.1s", "", "bpm", "", "-1", "300", -1, 300, 60, &pulse, 0},
        {"SpO2.1s", "", "%", "", "-1", "100", -1, 100, 60, &spo2, 0},
        {"Crc16", "", "", "", "-32768", "32767", -32768, 32767, 1, &crc, 0},
    };
    const struct edf_signal eve[] = {{"EDF Annotations", "", "", "", "-1", "1", -32768, 32767, 40, NULL, 0}};
    const struct edf_note notes[] = {{0, "+0", "0", "Recording starts"}, {1, "+52", "13", "Obstructive Apnea"}};
    struct edf_file d = {
        .patient = "X X X X", .recording = "Startdate 08-MAY-2031 X X X_SRN=00000000000_MID=36_VID=39",
        .date = "08.05.31", .time = "22.15.00", .reserved = "EDF", .duration_s = "60", .announced = RECORDS, .n_records = RECORDS, .signal = brp, .n_signals = 3,
    };
    write_edf("devices/resmed_BRP.edf", &d);
    d.signal = sad;
    write_edf("devices/resmed_SAD.edf", &d);
    d.signal = eve;
    d.n_signals = 1;
    d.reserved = "EDF+D";
    d.duration_s = "0";
    d.note = notes;
    d.n_notes = 2;
    d.onset_ms = onset_ms;
    write_edf("devices/resmed_EVE.edf", &d);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: make_testdata DIR\n");
        return 2;
    }
    folder = argv[1];
    make_demo();
    make_demo16();
    make_odd_headers();
    make_night();
    make_gap();
    make_plain();
    make_short();
    make_bdf();
    make_events();
    make_apple();
    make_viatom();
    make_dexcom();
    put_libre("devices/libre.csv", false);
    put_libre("devices/libre-mmol.csv", true);
    make_empatica();
    make_nonin();
    make_nvision();
    make_lifesense();
    make_intervals();
    make_resmed();
    return 0;
}
