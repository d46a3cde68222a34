/* tests/bench/edflib_read.c - reads all samples of an EDF file with EDFlib, for comparison: edflib_read FILE */
#include <edflib.h>
#include <stdio.h>

#define PIECE 65536

int main(int argc, char **argv)
{
    static int x[PIECE];
    struct edf_hdr_struct h;
    long long n = 0;

    if (argc != 2 || edfopen_file_readonly(argv[1], &h, EDFLIB_DO_NOT_READ_ANNOTATIONS) < 0) {
        fprintf(stderr, "usage: edflib_read FILE\n");
        return 1;
    }
    for (int s = 0; s < h.edfsignals; s++)
        for (int got; (got = edfread_digital_samples(h.handle, s, PIECE, x)) > 0;)
            n += got;
    printf("%lld samples\n", n);
    return edfclose_file(h.handle) < 0;
}
