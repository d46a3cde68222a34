/* tests/bench/make_big.c - writes the large files that bench.sh reads: make_big DIR
 *
 * 24 h of two leads at 360 Hz, the shape of the longest Holter records: big.dat (WFDB format 212, 93.3 MB) with big.hea, and
 * big.edf (EDF, 124.4 MB). The signal is our synthetic ECG, one minute of it over and over. */
#include "algorithms/ecgsyn.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 360
#define MINUTE (60 * RATE)
#define MINUTES (24 * 60)

static int16_t lead[2][MINUTE];

static int synthesise(void)
{
    static double x[MINUTE];
    struct kymo_err e = {0};

    for (int k = 0; k < 2; k++) {
        struct ecgsyn_options o = ecgsyn_defaults;
        o.fs_hz = RATE;
        o.duration_s = 60;
        o.noise_mv = 0.02;
        o.seed = (uint64_t)k + 1;
        struct ecgsyn *s = ecgsyn_create(&o, &e);
        if (!s || ecgsyn_next(s, x, MINUTE) != MINUTE)
            return -1;
        for (int i = 0; i < MINUTE; i++)
            lead[k][i] = (int16_t)lrint(200 * x[i]);
        ecgsyn_destroy(s);
    }
    return 0;
}

/* Of the whole record: 16 bits of the sum. */
static int checksum(const int16_t *x)
{
    uint32_t sum = 0;

    for (int i = 0; i < MINUTE; i++)
        sum += (uint32_t)x[i] * MINUTES;
    return (int16_t)sum;
}

static FILE *create(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return fopen(path, "wb");
}

static void write_212(FILE *f)
{
    static unsigned char packed[3 * MINUTE];

    for (int i = 0; i < MINUTE; i++) {
        const unsigned a = (uint16_t)lead[0][i] & 0xfff, b = (uint16_t)lead[1][i] & 0xfff;
        packed[3 * i] = (unsigned char)a;
        packed[3 * i + 1] = (unsigned char)((a >> 8) | (b >> 8) << 4);
        packed[3 * i + 2] = (unsigned char)b;
    }
    for (int m = 0; m < MINUTES; m++)
        fwrite(packed, 1, sizeof packed, f);
}

/* One field of two signals, each of width characters. */
static void put(FILE *f, int width, const char *a, const char *b) { fprintf(f, "%-*s%-*s", width, a, width, b); }

static void write_edf(FILE *f)
{
    fprintf(f, "%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8s%-4d", "0", "X", "X", "01.01.00", "00.00.00", 768, "", MINUTES * 60,
            "1", 2);
    put(f, 16, "ECG I", "ECG II");
    put(f, 80, "", "");
    put(f, 8, "mV", "mV");
    put(f, 8, "-10", "-10");
    put(f, 8, "10", "10");
    put(f, 8, "-2000", "-2000");
    put(f, 8, "2000", "2000");
    put(f, 80, "", "");
    put(f, 8, "360", "360");
    put(f, 32, "", "");
    for (int s = 0; s < MINUTES * 60; s++)
        for (int k = 0; k < 2; k++)
            fwrite(&lead[k][s % 60 * RATE], 2, RATE, f);   /* a little-endian machine's own order */
}

int main(int argc, char **argv)
{
    FILE *hea, *dat, *edf;

    if (argc != 2 || synthesise() < 0 || !(hea = create(argv[1], "big.hea")) || !(dat = create(argv[1], "big.dat")) ||
        !(edf = create(argv[1], "big.edf"))) {
        fprintf(stderr, "usage: make_big DIR\n");
        return 1;
    }
    fprintf(hea, "big 2 %d %d\n", RATE, MINUTE * MINUTES);
    for (int k = 0; k < 2; k++)
        fprintf(hea, "big.dat 212 200 12 0 %d %d 0 %s\n", lead[k][0], checksum(lead[k]), k ? "II" : "I");
    write_212(dat);
    write_edf(edf);
    return fclose(hea) | fclose(dat) | fclose(edf) ? 1 : 0;
}
