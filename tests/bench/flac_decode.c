/* tests/bench/flac_decode.c - decodes a FLAC file with libFLAC alone, for comparison: flac_decode FILE */
#include <FLAC/stream_decoder.h>
#include <stdio.h>

static FLAC__StreamDecoderWriteStatus count(const FLAC__StreamDecoder *d, const FLAC__Frame *frame,
                                            const FLAC__int32 *const x[], void *n)
{
    (void)d;
    (void)x;
    *(unsigned long long *)n += frame->header.blocksize * frame->header.channels;
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void ignore(const FLAC__StreamDecoder *d, FLAC__StreamDecoderErrorStatus status, void *n)
{
    (void)d;
    (void)status;
    (void)n;
}

int main(int argc, char **argv)
{
    FLAC__StreamDecoder *d = FLAC__stream_decoder_new();
    unsigned long long n = 0;

    if (argc != 2 || !d ||
        FLAC__stream_decoder_init_file(d, argv[1], count, NULL, ignore, &n) != FLAC__STREAM_DECODER_INIT_STATUS_OK ||
        !FLAC__stream_decoder_process_until_end_of_stream(d)) {
        fprintf(stderr, "usage: flac_decode FILE\n");
        return 1;
    }
    printf("%llu samples\n", n);
    FLAC__stream_decoder_delete(d);
    return 0;
}
