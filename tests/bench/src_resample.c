/* tests/bench/src_resample.c - 16-bit samples of two channels from 360 to 250 Hz by libsamplerate at its best quality (145 dB),
 * where it is installed.
 *
 *     src_resample FILE      writes 16-bit samples to standard output; status 2 without the library
 *
 * Loaded while running, since its header may not be there: the struct is SRC_DATA of samplerate.h 0.2. */
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define CHANNELS 2
#define FRAMES 4096
#define BEST 0

struct src_data {
    const float *in;
    float *out;
    long n_in, n_out, n_used, n_made;
    int end_of_input;
    double ratio;
};

struct converter {
    void *state;
    int (*process)(void *state, struct src_data *data);
};

static int open_converter(struct converter *c)
{
    void *library = dlopen("libsamplerate.so.0", RTLD_NOW);
    void *(*create)(int quality, int channels, int *error) = NULL;
    int error;

    if (!library)
        return 0;
    *(void **)&create = dlsym(library, "src_new");
    *(void **)&c->process = dlsym(library, "src_process");
    return create && c->process && (c->state = create(BEST, CHANNELS, &error));
}

static int write_samples(const float *y, size_t n)
{
    static int16_t samples[CHANNELS * FRAMES];

    for (size_t i = 0; i < n; i++)
        samples[i] = (int16_t)lrintf(32768 * fmaxf(-1, fminf(0.99996F, y[i])));
    return fwrite(samples, sizeof *samples, n, stdout) == n;
}

int main(int argc, char **argv)
{
    static int16_t samples[CHANNELS * FRAMES];
    static float x[CHANNELS * FRAMES], y[CHANNELS * FRAMES];
    struct src_data data = {.ratio = 250.0 / 360, .out = y, .n_out = FRAMES};
    struct converter c;
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    int ok = 1;

    if (!open_converter(&c))
        return 2;
    while (ok && file && !data.end_of_input) {
        const size_t n = fread(samples, sizeof *samples, CHANNELS * FRAMES, file);
        for (size_t i = 0; i < n; i++)
            x[i] = (float)samples[i] / 32768;
        data.in = x;
        data.n_in = (long)(n / CHANNELS);
        data.end_of_input = n < CHANNELS * FRAMES;
        do {
            ok = c.process(c.state, &data) == 0 && write_samples(y, CHANNELS * (size_t)data.n_made);
            data.in += CHANNELS * data.n_used;
            data.n_in -= data.n_used;
        } while (ok && (data.n_in > 0 || (data.end_of_input && data.n_made > 0)));
    }
    return !(ok && file);
}
