/* tests/fuzz/fuzz_expression.c - expressions for signals.
 *
 * Property: a text is refused with a cause, or made of signals that there are, and gives numbers or NaN, the same ones in
 * pieces of any length. */
#include "fuzz.h"

#include "algorithms/expression.h"

#define N_SAMPLES 300

static const char *const labels[] = {"I", "II", "V1", "V2", "V3", "ECG II", "a \"b\"", "twice", "twice", "i"};

#define N_LABELS (sizeof labels / sizeof *labels)

static double sample_of(size_t signal, size_t i)
{
    static const double odd[] = {0, -1, NAN, 1e300, 0.5, -1e-300, 3};

    return odd[(signal * 5 + i) % (sizeof odd / sizeof *odd)];
}

static void run(struct expression *s)
{
    static double x[N_LABELS][N_SAMPLES];
    const double *whole_of[N_LABELS], *part_of[N_LABELS];
    double whole[N_SAMPLES], cut[N_SAMPLES];
    const size_t *of, n_of = expression_signals(s, &of);
    size_t undefined = 0;

    must(n_of > 0 && n_of <= N_LABELS, "an expression is made of signals");
    must(expression_name(s) && *expression_name(s), "it has a name");
    for (size_t k = 0; k < n_of; k++) {
        must(of[k] < N_LABELS, "of those that there are");
        for (size_t i = 0; i < N_SAMPLES; i++)
            x[k][i] = sample_of(of[k], i);
        whole_of[k] = x[k];
    }
    const size_t expected = expression_run(s, whole_of, N_SAMPLES, whole);
    for (size_t at = 0, n = 1; at < N_SAMPLES; at += n, n = n * 3 % 101) {
        n = n < N_SAMPLES - at ? n : N_SAMPLES - at;
        for (size_t k = 0; k < n_of; k++)
            part_of[k] = x[k] + at;
        undefined += expression_run(s, part_of, n, cut + at);
    }
    must(undefined == expected, "what is undefined is so in any pieces");
    for (size_t i = 0; i < N_SAMPLES; i++) {
        must(!isinf(whole[i]), "a value is a number or NaN");
        must(whole[i] == cut[i] || (isnan(whole[i]) && isnan(cut[i])), "values do not depend on pieces");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    char *text = strndup((const char *)data, n);
    struct expression *s = text ? expression_compile(text, labels, N_LABELS, &e) : NULL;

    if (s)
        run(s);
    else
        must(!text || e.n > 0, "a text that is refused has a cause");
    expression_destroy(s);
    free(text);
    return 0;
}
