/* formats/wfdb_signal.c - see wfdb_signal.h. */
#include "formats/wfdb_signal.h"

#include "lib/bytes.h"

static void unpack_16(const unsigned char *p, size_t n, int32_t *x)
{
    for (size_t i = 0; i < n; i++)
        x[i] = kymo_le16s(p + 2 * i);
}

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

static const struct wfdb_packing packings[] = {
    {16, 1, 2, KYMO_I16, -32768, 16, unpack_16},
    {212, 2, 3, KYMO_I16, -2048, 12, unpack_212},
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
    return (n_samples * p->bytes_unit + p->n_unit - 1) / p->n_unit;
}

int64_t wfdb_packed_samples(const struct wfdb_packing *p, int64_t n_bytes)
{
    return n_bytes / (int64_t)p->bytes_unit * (int64_t)p->n_unit +
           n_bytes % (int64_t)p->bytes_unit * (int64_t)p->n_unit / (int64_t)p->bytes_unit;
}
