/* tests/unit/test_vocabulary.c - WFDB mnemonics: names and codes are each other's inverse; which are beats. */
#include "support.h"

#include "lib/vocabulary.h"

#include <string.h>

static void every_code_has_a_name_that_leads_back(void **state)
{
    char text[8];
    (void)state;

    for (int code = 0; code <= KYMO_LAST_CODE; code++)
        assert_int_equal(kymo_code_of(kymo_code_name(code, text)), code);
}

static void names_are_those_of_ecgcodes(void **state)
{
    char text[8];
    (void)state;

    assert_string_equal(kymo_code_name(1, text), "N");
    assert_string_equal(kymo_code_name(5, text), "V");
    assert_string_equal(kymo_code_name(12, text), "/");
    assert_string_equal(kymo_code_name(22, text), "note");
    assert_true(kymo_code_of("note") == 22 && kymo_code_of("\"") == 22);   /* one type, two names */
    assert_string_equal(kymo_code_name(28, text), "+");
    assert_string_equal(kymo_code_name(41, text), "r");
    assert_string_equal(kymo_code_name(42, text), "[42]");
}

static void what_is_no_mnemonic_has_no_code(void **state)
{
    static const char *const wrong[] = {"", "NN", "b", "gap", "[50]", "[-1]", "[1", "[15]x", "[]", "[123]", "15"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(kymo_code_of(wrong[i]), -1);
}

static void beats_are_qrs_complexes(void **state)
{
    static const char beats[] = "NLRaVFJASEj/Q?Benfr", others[] = "~|sT*D\"=p^t+u![]@x()";
    char type[2] = "";
    (void)state;

    for (const char *c = beats; *c; c++)
        assert_true(kymo_is_beat((type[0] = *c, type)));
    for (const char *c = others; *c; c++)
        assert_false(kymo_is_beat((type[0] = *c, type)));
    assert_false(kymo_is_beat("[15]") || kymo_is_beat("") || kymo_is_beat("gap"));
}

static void normal_beats_are_conducted_from_the_sinus(void **state)
{
    (void)state;
    assert_true(kymo_is_normal_beat("N") && kymo_is_normal_beat("L") && kymo_is_normal_beat("R") && kymo_is_normal_beat("B"));
    assert_false(kymo_is_normal_beat("V") || kymo_is_normal_beat("/") || kymo_is_normal_beat("+") || kymo_is_normal_beat("e"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_name_that_leads_back),
        cmocka_unit_test(names_are_those_of_ecgcodes),
        cmocka_unit_test(what_is_no_mnemonic_has_no_code),
        cmocka_unit_test(beats_are_qrs_complexes),
        cmocka_unit_test(normal_beats_are_conducted_from_the_sinus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
