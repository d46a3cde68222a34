/* lib/bytes.h - integers and floats from and to bytes, little-endian unless named otherwise. Any alignment. */
#ifndef KYMO_BYTES_H
#define KYMO_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Through memcpy, since compilers make vector loads of it where a loop calls these. */
static inline uint16_t kymo_le16(const unsigned char *p)
{
    uint16_t v;

    memcpy(&v, p, sizeof v);
    return le16toh(v);
}

static inline int16_t kymo_le16s(const unsigned char *p) { return (int16_t)kymo_le16(p); }

static inline uint32_t kymo_le32(const unsigned char *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return le32toh(v);
}

static inline int32_t kymo_le24s(const unsigned char *p)
{
    return (int32_t)((uint32_t)p[0] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 24) >> 8;
}

static inline uint64_t kymo_le64(const unsigned char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return le64toh(v);
}

static inline double kymo_le_f64(const unsigned char *p)
{
    const uint64_t bits = kymo_le64(p);
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline void kymo_put_le32(unsigned char *p, uint32_t v)
{
    v = htole32(v);
    memcpy(p, &v, sizeof v);
}

static inline void kymo_put_le64(unsigned char *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, sizeof v);
}

static inline void kymo_put_le_f64(unsigned char *p, double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    kymo_put_le64(p, bits);
}

#endif
