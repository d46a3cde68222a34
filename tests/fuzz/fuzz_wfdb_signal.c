/* tests/fuzz/fuzz_wfdb_signal.c - signal files of WFDB records, through a whole record in memory.
 *
 * The first four bytes choose format, signals, samples per frame, and offset; the rest is the signal file. Property:
 * fuzz.h's, and of the formats 16 and 212 every sample is what its bits say, unpacked here one by one. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

struct shape {
    int format;
    size_t n_signals, per_frame, offset;
    bool tells_length;
};

/* Sample k of a file: 16 bits little-endian, or 12 bits, two of them in three bytes. */
static int stored(const unsigned char *p, int format, size_t k)
{
    int v;

    if (format == 16) {
        v = p[2 * k] | p[2 * k + 1] << 8;
        return v >= 32768 ? v - 65536 : v;
    }
    p += k / 2 * 3;
    v = k % 2 == 0 ? p[0] | (p[1] & 15) << 8 : p[2] | (p[1] >> 4) << 8;
    return v >= 2048 ? v - 4096 : v;
}

static size_t put_header(const struct shape *f, int fd, size_t frames, char *text, size_t cap)
{
    size_t n = (size_t)snprintf(text, cap, "x %zu 360 %zu\n", f->n_signals, f->tells_length ? frames : 0);

    for (size_t i = 0; i < f->n_signals; i++)
        n += (size_t)snprintf(text + n, cap - n, "/proc/self/fd/%d %dx%zu+%zu 1(0)\n", fd, f->format, f->per_frame, f->offset);
    return n;
}

static void check_block(const struct shape *f, const unsigned char *p, const struct kymo_block *b)
{
    const int missing = f->format == 16 ? -32768 : -2048;

    for (size_t s = 0; s < f->n_signals; s++)
        for (size_t i = 0; i < b->span[s].n; i++) {
            const size_t at = (size_t)b->span[s].first + i, frame = at / f->per_frame;
            const int v = stored(p, f->format, (frame * f->n_signals + s) * f->per_frame + at % f->per_frame);
            must(b->span[s].digital[i] == (v == missing ? KYMO_MISSING : v), "samples are what their bits say");
        }
}

static const int formats[] = {16, 212, 8, 24, 32, 61, 80, 160, 310, 311, 508, 516, 524};
#define N_FORMATS (sizeof formats / sizeof *formats)

static void check_samples(const struct shape *f, const char *header, size_t n_header, const unsigned char *p, size_t frames)
{
    struct kymo_err e = {0};
    struct kymo_reader *r = kymo_open_input(kymo_input_memory("x.hea", header, n_header, &e), "x.hea", NULL, &e);
    struct kymo_block *b;
    size_t got = 0;

    must(r, "a record opens");
    while (kymo_read(r, &b, &e) > 0) {
        check_block(f, p, b);
        got += b->span[0].n;
    }
    must(e.n == 0 && got == frames * f->per_frame, "a record has all its samples");
    kymo_close(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char header[512];

    if (n < 4)
        return 0;
    const struct shape f = {formats[(data[0] >> 1) % N_FORMATS], 1 + data[1] % 4, 1 + data[2] % 3, data[3] % 8, data[0] & 1};
    const int fd = memfd_create("signals", MFD_CLOEXEC);
    data += 4;
    n -= 4;
    if (fd < 0 || n < f.offset || write(fd, data, n) != (ssize_t)n) {
        close(fd);
        return 0;
    }
    const size_t bits = f.format == 212 ? 12 : 16;
    const size_t frames = 8 * (n - f.offset) / bits / (f.n_signals * f.per_frame);
    const size_t n_header = put_header(&f, fd, frames, header, sizeof header);
    if (f.format == 16 || f.format == 212)
        check_samples(&f, header, n_header, data + f.offset, frames);
    recording_holds(header, n_header, "x.hea");
    close(fd);
    return 0;
}
