/* tests/bench/make_large.c - writes the files that bench.sh measures size with: make_large DIR
 *
 * Sparse, all samples 0 but for the last second, a ramp: large.edf and large.dat with large.hea, one signal of 20 kHz, more than
 * 4.5 GiB each; giga.edf, the same of 1 GB. And wide.edf, 3000 signals of 256 Hz, a minute of zeros (92 MB). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RATE 20000
#define SECOND_BYTES (2 * RATE)
#define LARGE_S ((INT64_C(9) << 29) / SECOND_BYTES + 1)
#define GIGA_S (1000000000 / SECOND_BYTES)

static FILE *create(const char *dir, const char *name)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    return fopen(path, "wb");
}

/* One field of n signals. */
static void put(FILE *f, size_t n, int width, const char *text)
{
    for (size_t i = 0; i < n; i++)
        fprintf(f, "%-*s", width, text);
}

static void put_edf_header(FILE *f, size_t n, int64_t records, const char *samples)
{
    fprintf(f, "%-8s%-80s%-80s%-8s%-8s%-8zu%-44s%-8lld%-8s%-4zu", "0", "X", "X", "01.01.00", "00.00.00", 256 * (n + 1), "",
            (long long)records, "1", n);
    put(f, n, 16, "A");
    put(f, n, 80, "");
    put(f, n, 8, "uV");
    put(f, n, 8, "-32768");
    put(f, n, 8, "32767");
    put(f, n, 8, "-32768");
    put(f, n, 8, "32767");
    put(f, n, 80, "");
    put(f, n, 8, samples);
    put(f, n, 32, "");
}

/* Up to seconds behind offset, with the ramp as the last; f is closed. */
static int end_with_ramp(FILE *f, int64_t offset, int64_t seconds)
{
    static int16_t ramp[RATE];       /* a little-endian machine's own order */

    for (int i = 0; i < RATE; i++)
        ramp[i] = (int16_t)i;
    const int rc = fseeko(f, (off_t)(offset + (seconds - 1) * SECOND_BYTES), SEEK_SET);
    fwrite(ramp, 2, RATE, f);
    return fclose(f) | rc;
}

static int write_edf(const char *dir, const char *name, int64_t seconds)
{
    FILE *f = create(dir, name);

    if (!f)
        return -1;
    put_edf_header(f, 1, seconds, "20000");
    return end_with_ramp(f, 512, seconds);
}

static int write_wfdb(const char *dir)
{
    FILE *hea = create(dir, "large.hea"), *dat = create(dir, "large.dat");

    if (!hea || !dat)
        return -1;
    fprintf(hea, "large 1 %d %lld\nlarge.dat 16\n", RATE, (long long)LARGE_S * RATE);
    return fclose(hea) | end_with_ramp(dat, 0, LARGE_S);
}

static int write_wide(const char *dir)
{
    FILE *f = create(dir, "wide.edf");

    if (!f)
        return -1;
    put_edf_header(f, 3000, 60, "256");
    const int rc = fflush(f) | ftruncate(fileno(f), 256 * 3001 + 60 * INT64_C(3000) * 256 * 2);
    return fclose(f) | rc;
}

int main(int argc, char **argv)
{
    if (argc == 2 && write_edf(argv[1], "large.edf", LARGE_S) == 0 && write_edf(argv[1], "giga.edf", GIGA_S) == 0 &&
        write_wfdb(argv[1]) == 0 && write_wide(argv[1]) == 0)
        return 0;
    fprintf(stderr, "usage: make_large DIR\n");
    return 1;
}
