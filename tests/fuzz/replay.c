/* tests/fuzz/replay.c - feeds every file of the folders named on its command line to one fuzz target, without libFuzzer.
 *
 * For the corpora in testdata/fuzz, under any compiler and sanitizer; prints "ok - FOLDER N inputs" for each folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define LONGEST_INPUT (1 << 20)

/* One file to the target; false where it cannot be read. */
static int feed(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(LONGEST_INPUT), *exact = NULL;
    const size_t n = file && data ? fread(data, 1, LONGEST_INPUT, file) : 0;
    const int read_well = file && data && !ferror(file) && (exact = realloc(data, n ? n : 1));

    if (file)
        fclose(file);
    if (read_well)
        LLVMFuzzerTestOneInput(exact, n);   /* of its exact size, so that a sanitizer sees a read behind it */
    free(exact ? exact : data);
    return read_well;
}

static int feed_folder(const char *folder)
{
    struct dirent **entry;
    const int n = scandir(folder, &entry, NULL, alphasort);
    int fed = 0, failed = n < 0;
    char path[1024];

    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.') {
            if (feed(path))
                fed++;
            else
                failed = 1;
        }
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
    printf("%s - %s %d inputs\n", failed || fed == 0 ? "not ok" : "ok", folder, fed);
    return failed || fed == 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;

    for (int i = 1; i < argc; i++)
        failed |= feed_folder(argv[i]);
    return failed;
}
