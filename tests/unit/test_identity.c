/* tests/unit/test_identity.c - what of a header says whom it is of, and what stands there instead. */
#include "support.h"

#include "formats/hdf5_file.h"
#include "formats/hdf5_identity.h"
#include "lib/date.h"
#include "lib/identity.h"
#include "lib/plain_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct kymo_key key = {"0123456789abcdef", 16};

/* What was told, a line for each. */
struct told {
    char text[2000];
};

static int tell(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    struct told *t = to;
    const size_t n = strlen(t->text);

    (void)e;
    snprintf(t->text + n, sizeof t->text - n, "%s: %s -> %s\n", field, was, now ? now : "nothing");
    return 0;
}

static struct kymo_header header_of(const char *id, const char *birth, int64_t start_days)
{
    struct kymo_header h;

    kymo_header_init(&h);
    h.subject.id = id;
    h.subject.birth = birth;
    h.start.has_date = true;
    kymo_set_days(&h.start, start_days);
    return h;
}

/* Years between birth and start that are left of a birth on 15 June 1934 at a start so many days later. */
static int age_left(int64_t days)
{
    struct kymo_header h = header_of("a1", "15-JUN-1934", kymo_days_of(1934, 6, 15) + days);
    const struct kymo_identity_rules rules = {.key = &key, .most_days = 3650};
    struct kymo_err e = {0};
    struct kymo_deid *d = kymo_deid_create(&h, &rules, &e);
    int64_t born;

    assert_non_null(d);
    assert_int_equal(kymo_deid_header(d, &h, &e), 0);
    assert_memory_equal(h.subject.birth, "01-JAN-", 7);
    assert_true(kymo_parse_int(h.subject.birth + 7, 4, &born));
    const int age = h.start.year - (int)born;
    kymo_deid_destroy(d);
    kymo_header_release(&h);
    return age;
}

static void ages_stay_and_above_89_all_are_90(void **state)
{
    (void)state;
    const int64_t birth = kymo_days_of(1934, 6, 15);
    assert_int_equal(age_left(0), 0);
    assert_int_equal(age_left(kymo_days_of(1984, 6, 14) - birth), 49);
    assert_int_equal(age_left(kymo_days_of(1984, 6, 15) - birth), 50);
    assert_int_equal(age_left(kymo_days_of(2024, 6, 14) - birth), 89);
    assert_int_equal(age_left(kymo_days_of(2024, 6, 15) - birth), 90);
    assert_int_equal(age_left(kymo_days_of(2034, 1, 1) - birth), 90);
}

static void distances_between_recordings_of_a_subject_stay(void **state)
{
    (void)state;
    for (int weekday = 0; weekday < 2; weekday++) {
        int64_t first = 0;
        for (int64_t day = 15000; day < 15400; day += 57) {
            struct kymo_header h = header_of("b 2", "", day);
            const struct kymo_identity_rules rules = {.key = &key, .most_days = 365, .weekday = weekday};
            struct kymo_err e = {0};
            struct kymo_deid *d = kymo_deid_create(&h, &rules, &e);
            assert_non_null(d);
            assert_int_equal(kymo_deid_header(d, &h, &e), 0);
            const int64_t moved = day - kymo_days_of(h.start.year, h.start.month, h.start.day);
            first = first ? first : moved;
            assert_int_equal(moved, first);
            assert_int_equal(moved, kymo_deid_days(d));
            assert_true(moved >= 1 && moved <= 365 && (!weekday || moved % 7 == 0));
            kymo_deid_destroy(d);
            kymo_header_release(&h);
        }
    }
}

static int by_text(const void *a, const void *b) { return strcmp(a, b); }

/* 10,000 subjects: all different, and days spread over what they may be (chi-square of 100 cells, 99 degrees of freedom:
 * below 160 with a chance of 1 - 10^-4). */
static void pseudonyms_differ_and_days_are_spread(void **state)
{
    static char seen[10000][KYMO_PSEUDONYM_TEXT];
    double cell[100] = {0}, chi = 0;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        char id[16];
        snprintf(id, sizeof id, "s%zu", i);
        struct kymo_header h = header_of(id, "", 15000);
        const struct kymo_identity_rules rules = {.key = &key, .most_days = 1000};
        struct kymo_err e = {0};
        struct kymo_deid *d = kymo_deid_create(&h, &rules, &e);
        assert_non_null(d);
        assert_true(kymo_is_pseudonym(kymo_deid_pseudonym(d)));
        memcpy(seen[i], kymo_deid_pseudonym(d), sizeof seen[i]);
        cell[(kymo_deid_days(d) - 1) / 10]++;
        kymo_deid_destroy(d);
        kymo_header_release(&h);
    }
    qsort(seen, COUNT_OF(seen), sizeof *seen, by_text);
    for (size_t i = 1; i < COUNT_OF(seen); i++)
        assert_string_not_equal(seen[i - 1], seen[i]);
    for (size_t k = 0; k < 100; k++)
        chi += (cell[k] - 100) * (cell[k] - 100) / 100;
    assert_true(chi < 160);
}

static void plain_words_are_the_fields_own(void **state)
{
    (void)state;
    static const char *const plain[] = {"AgAgCl electrode", "HP:0.1Hz LP:75Hz N:50Hz", "", "thermistor", "0.05-100 Hz"};
    static const char *const not_plain[] = {"AgAgCl by Smith", "4711", "HP 123456", "Sony", "tel 555 1234 99 1", "M\xc3\xbcller"};
    static const char *const standard[] = {"(AFIB", "sleep stage w", "Lights off@@SpO2", " Obstructive apnea "};
    static const char *const free_texts[] = {"(SMITH", "Sleep stage", "Lights off by Jane", "x"};

    for (size_t i = 0; i < COUNT_OF(plain); i++)
        assert_true(kymo_is_technical_text(plain[i]));
    for (size_t i = 0; i < COUNT_OF(not_plain); i++)
        assert_false(kymo_is_technical_text(not_plain[i]));
    for (size_t i = 0; i < COUNT_OF(standard); i++)
        assert_true(kymo_is_standard_text(standard[i]));
    for (size_t i = 0; i < COUNT_OF(free_texts); i++)
        assert_false(kymo_is_standard_text(free_texts[i]));
}

static void put_attribute(hid_t at, const char *name, const char *text)
{
    const hid_t type = h5_text_type(strlen(text)), space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);

    assert_true(H5Awrite(attribute, type, text) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

static void texts_anywhere_in_hdf5_are_told_of(void **state)
{
    struct told told = {""};
    const struct kymo_identity_rules rules = {.found = tell, .to = &told};
    struct kymo_err e = {0};
    char path[64];
    (void)state;

    snprintf(path, sizeof path, "/tmp/kymo-test-identity-%d.h5", (int)getpid());
    const hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t group = H5Gcreate2(file, "ward", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t type = h5_text_type(8), space = H5Screate(H5S_SCALAR);
    const hid_t set = H5Dcreate2(group, "doctor", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, "Miller\0") >= 0);
    put_attribute(file, "patient", "Jane Doe");
    put_attribute(group, "unit", "mV");
    put_attribute(set, "telephone", "555-123456");
    H5Dclose(set);
    H5Sclose(space);
    H5Tclose(type);
    H5Gclose(group);
    H5Fclose(file);
    struct kymo_input *in = kymo_input_open(path, &e);
    assert_non_null(in);
    assert_int_equal(hdf5_hidden(in, path, &rules, &e), 0);
    kymo_input_close(in);
    unlink(path);
    assert_string_equal(told.text, "attribute patient of /: Jane Doe -> nothing\n"
                                   "attribute telephone of /ward/doctor: 555-123456 -> nothing\n/ward/doctor: Miller -> nothing\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_stay_and_above_89_all_are_90),
        cmocka_unit_test(distances_between_recordings_of_a_subject_stay),
        cmocka_unit_test(pseudonyms_differ_and_days_are_spread),
        cmocka_unit_test(plain_words_are_the_fields_own),
        cmocka_unit_test(texts_anywhere_in_hdf5_are_told_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
