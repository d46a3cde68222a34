/* formats/wfdb_signal.c - see wfdb_signal.h. */
#include "formats/wfdb_signal.h"

#include "lib/bytes.h"

static void unpack_8(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (signed char)p[i];
}

static void unpack_16(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = kymo_le16s(p + 2 * i);
}

static void unpack_24(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = kymo_le24s(p + 3 * i);
}

static void unpack_32(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (int32_t)kymo_le32(p + 4 * i);
}

/* 16 bits, high byte first. */
static void unpack_61(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (int16_t)(p[2 * i] << 8 | p[2 * i + 1]);
}

/* 8 and 16 bits with an offset instead of a sign. */
static void unpack_80(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = p[i] - 128;
}

static void unpack_160(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = kymo_le16(p + 2 * i) - 32768;
}

static int32_t sign_10(uint32_t v) { return (int32_t)(v << 22) >> 22; }

/* Two samples of 12 bits in three bytes: low 8 bits of the first, high 4 bits of the first (low nibble) and of the
 * second (high nibble), low 8 bits of the second. */
static void unpack_212(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i + 1 < n; i += 2, p += 3) {
        const uint32_t high = p[1];
        x[i] = (int32_t)((p[0] | high << 8) << 20) >> 20;
        x[i + 1] = (int32_t)((p[2] | (high & 0xf0) << 4) << 20) >> 20;
    }
    if (n % 2)
        x[n - 1] = (int32_t)((p[0] | (uint32_t)p[1] << 8) << 20) >> 20;
}

/* Three samples of 10 bits in two words of 16: bits 1-10 of each word are the first two, bits 11-15 of the first and of
 * the second word the low and the high half of the third. */
static void unpack_310(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i += 3, p += 4) {
        const uint32_t a = kymo_le16(p), b = n - i > 1 ? kymo_le16(p + 2) : 0;
        x[i] = sign_10(a >> 1);
        if (n - i > 1)
            x[i + 1] = sign_10(b >> 1);
        if (n - i > 2)
            x[i + 2] = sign_10(a >> 11 | b >> 11 << 5);
    }
}

/* Three samples of 10 bits in a word of 32, from the lowest bit on. */
static void unpack_311(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i += 3, p += 4) {
        const size_t left = n - i;
        const uint32_t w = left > 2 ? kymo_le32(p) : kymo_le16(p) | (left > 1 ? (uint32_t)p[2] << 16 : 0);
        x[i] = sign_10(w);
        if (left > 1)
            x[i + 1] = sign_10(w >> 10);
        if (left > 2)
            x[i + 2] = sign_10(w >> 20);
    }
}

static const struct wfdb_packing packings[] = {
    {8, 1, 1, {1, 1}, KYMO_I16, INT32_MIN, 16, true, unpack_8},
    {16, 1, 2, {2, 2}, KYMO_I16, -32768, 16, false, unpack_16},
    {24, 1, 3, {3, 3}, KYMO_I24, -8388608, 24, false, unpack_24},
    {32, 1, 4, {4, 4}, KYMO_I32, INT32_MIN, 32, false, unpack_32},
    {61, 1, 2, {2, 2}, KYMO_I16, -32768, 16, false, unpack_61},
    {80, 1, 1, {1, 1}, KYMO_I16, -128, 8, false, unpack_80},
    {160, 1, 2, {2, 2}, KYMO_I16, -32768, 16, false, unpack_160},
    {212, 2, 3, {2, 2}, KYMO_I16, -2048, 12, false, unpack_212},
    {310, 3, 4, {2, 4}, KYMO_I16, -512, 10, false, unpack_310},
    {311, 3, 4, {2, 3}, KYMO_I16, -512, 10, false, unpack_311},
    {508, 1, 0, {0, 0}, KYMO_I16, -128, 8, false, NULL},
    {516, 1, 0, {0, 0}, KYMO_I16, -32768, 16, false, NULL},
    {524, 1, 0, {0, 0}, KYMO_I24, -8388608, 24, false, NULL},
};

const struct wfdb_packing *wfdb_packing_of(int format)
{
    for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
        if (packings[i].format == format)
            return &packings[i];
    return NULL;
}

size_t wfdb_packed_bytes(const struct wfdb_packing *p, size_t n_samples)
{
    const size_t rest = n_samples % p->n_unit;

    return n_samples / p->n_unit * p->bytes_unit + (rest ? p->tail[rest - 1] : 0);
}

int64_t wfdb_packed_samples(const struct wfdb_packing *p, int64_t n_bytes)
{
    const int64_t unit = (int64_t)p->bytes_unit, rest = n_bytes % unit;
    int64_t n = n_bytes / unit * (int64_t)p->n_unit;

    for (size_t k = 0; k + 1 < p->n_unit; k++)
        n += rest >= (int64_t)p->tail[k];
    return n;
}
