/* tests/fuzz/fuzz_wfdb_annot.c - WFDB annotation files.
 *
 * Property: a file gives at most one annotation for each two bytes, each with a type of 1..58, a text that ends within
 * its room and a time that can be counted with; then it ends or fails with a cause. */
#include "fuzz.h"

#include "formats/wfdb_annot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct kymo_err e = {0};
    struct kymo_input *in = kymo_input_memory("x.atr", data, n, &e);
    struct wfdb_annotations s;
    struct wfdb_annotation a;
    size_t found = 0;
    int rc;

    wfdb_annotations_init(&s, in, (struct kymo_ratio){360, 1});
    for (; (rc = wfdb_annotation_next(&s, &a, &e)) > 0; found++) {
        must(a.type >= 1 && a.type <= 58, "types are annotations");
        must(a.n_aux < sizeof a.aux && a.aux[a.n_aux] == '\0', "texts end");
        must(kymo_time_of(s.rate, a.time) <= INT64_MAX / 4, "times can be counted with");
    }
    must(found <= n / 2, "no more annotations than words");
    must(rc == 0 || e.n > 0, "a failure has a cause");
    must(rc < 0 || wfdb_annotation_next(&s, &a, &e) == 0, "the end stays the end");
    kymo_input_close(in);
    return 0;
}
