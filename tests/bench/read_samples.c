/* tests/bench/read_samples.c - reads all samples of a recording through libkymo and does nothing with them: the same work as
 * edflib_read. read_samples RECORD */
#include "lib/reader.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct kymo_err e = {0};
    struct kymo_reader *r = argc == 2 ? kymo_open(argv[1], NULL, &e) : NULL;
    struct kymo_block *b;
    long long n = 0;

    if (!r) {
        fprintf(stderr, "usage: read_samples RECORD\n");
        return 1;
    }
    while (kymo_read(r, &b, &e) > 0)
        for (size_t s = 0; s < r->hdr.n_signals; s++)
            n += (long long)b->span[s].n;
    kymo_close(r);
    printf("%lld samples\n", n);
    return e.n > 0;
}
