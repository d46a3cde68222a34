/* tests/fuzz/fuzz_sums.c - the lists of a database: sums and names.
 *
 * Property: each entry is taken or refused with a cause; a name that is taken stays in its folder, a sum is 64 hexadecimal digits,
 * and an entry of sums, written again as sha256sum does, reads the same. */
#include "fuzz.h"

#include "lib/sums.h"

static void must_stay_inside(const char *name, size_t n)
{
    must(kymo_is_safe_path(name, n) && name[0] != '/' && strchr(name, '\\') == NULL, "a name stays in its folder");
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        must(strncmp(part, "../", 3) != 0 && strcmp(part, "..") != 0, "a name goes nowhere up");
}

static void must_read_again(const struct kymo_sum *sum)
{
    char line[sizeof sum->name + 100];
    struct kymo_err e = {0};
    struct kymo_sum back;
    int64_t number = 0;
    const int n = snprintf(line, sizeof line, "%s  %s\n", sum->sha256, sum->name);
    struct kymo_input *const in = kymo_input_memory("again", line, (size_t)n, &e);

    must(kymo_sums_next(in, &number, &back, &e) == 1, "an entry reads again");
    must(strcmp(back.name, sum->name) == 0 && strcmp(back.sha256, sum->sha256) == 0, "an entry reads the same");
    kymo_input_close(in);
}

static void read_list(const uint8_t *data, size_t n, int (*next)(struct kymo_input *, int64_t *, struct kymo_sum *, struct kymo_err *),
                      bool sums)
{
    struct kymo_err e = {0};
    struct kymo_input *const in = kymo_input_memory("list", data, n, &e);
    struct kymo_sum sum;
    int64_t line = 0, before = 0;
    int rc;

    while ((rc = next(in, &line, &sum, &e)) > 0) {
        const size_t len = strlen(sum.name), folder = !sums && len > 1 && sum.name[len - 1] == '/';
        must(line > before, "lines count up");
        must_stay_inside(sum.name, len - folder);
        must(strlen(sum.sha256) == (sums ? 64 : 0) && strspn(sum.sha256, "0123456789abcdef") == strlen(sum.sha256), "a sum is one");
        if (sums && sum.name[0] != ' ' && sum.name[0] != '*')
            must_read_again(&sum);
        before = line;
    }
    must(rc == 0 || e.n > 0, "a failure has a cause");
    kymo_input_close(in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    read_list(data, n, kymo_sums_next, true);
    read_list(data, n, kymo_names_next, false);
    return 0;
}
