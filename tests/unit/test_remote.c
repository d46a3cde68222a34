/* tests/unit/test_remote.c - which URL a name stands for, and where its copy lies. No network: see tests/cli/remote.t. */
#include "support.h"

#include "lib/remote.h"
#include "lib/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_url(const char *name, const char *wanted)
{
    struct kymo_err e = {0};
    char *const url = kymo_remote_url(name, &e);

    assert_non_null(url);
    assert_string_equal(url, wanted);
    free(url);
}

static void assert_no_url(const char *name, int code, const char *part)
{
    struct kymo_err e = {0};

    assert_null(kymo_remote_url(name, &e));
    assert_error(&e, code, part);
}

static void names_stand_for_urls(void **state)
{
    (void)state;
    unsetenv("KYMO_PHYSIONET");
    assert_true(kymo_is_remote("http://x/y") && kymo_is_remote("https://x/y") && kymo_is_remote("physionet:x"));
    assert_false(kymo_is_remote("ftp://x/y") || kymo_is_remote("http:/x") || kymo_is_remote("file:///x"));
    assert_false(kymo_is_remote("100") || kymo_is_remote("-") || kymo_is_remote("./physionet:x") || kymo_is_remote(""));
    assert_url("https://x/y", "https://x/y");
    assert_url("physionet:mitdb/1.0.0/100", "https://physionet.org/files/mitdb/1.0.0/100");
    assert_url("physionet:mitdb/1.0.0/", "https://physionet.org/files/mitdb/1.0.0/");
    setenv("KYMO_PHYSIONET", "http://mirror:8080/physio", 1);
    assert_url("physionet:mitdb/1.0.0/x/100.hea", "http://mirror:8080/physio/mitdb/1.0.0/x/100.hea");
    setenv("KYMO_PHYSIONET", "http://mirror/", 1);
    assert_url("physionet:mitdb/1.0.0/100", "http://mirror/mitdb/1.0.0/100");
    setenv("KYMO_PHYSIONET", "/some/folder", 1);
    assert_no_url("physionet:mitdb/1.0.0/100", KYMO_EUSAGE, "KYMO_PHYSIONET=\"/some/folder\"");
    unsetenv("KYMO_PHYSIONET");
}

static void what_cannot_be_kept_is_refused(void **state)
{
    (void)state;
    assert_no_url("physionet:mitdb", KYMO_EUSAGE, "no database and version");
    assert_no_url("physionet:mitdb/100", KYMO_EUSAGE, "no database and version");
    assert_no_url("physionet:/1.0.0/100", KYMO_EUSAGE, "no database and version");
    assert_no_url("physionet:mitdb/1.0.0/../../x", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://x", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https:///x", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://../x", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://x/../y", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://x//y", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://x/a\\b", KYMO_EDATA, "is no URL of a file");
    assert_no_url("https://x/y?download", KYMO_EUSAGE, "with \"?\"");
    assert_no_url("https://x/y#z", KYMO_EUSAGE, "with \"#\"");
    assert_no_url("https://x/a b", KYMO_EUSAGE, "with \" \"");
    assert_no_url("https://me:secret@x/y", KYMO_EUSAGE, "~/.netrc");
    struct kymo_err e = {0};
    char text[300];
    kymo_remote_url("https://me:secret@x/y", &e);
    kymo_err_text(&e, 0, text, sizeof text);
    assert_null(strstr(text, "secret"));
}

static void a_database_is_a_name_and_a_version(void **state)
{
    (void)state;
    unsetenv("KYMO_PHYSIONET");
    assert_int_equal(kymo_remote_database("https://physionet.org/files/mitdb/1.0.0/x/100.dat"),
                     strlen("https://physionet.org/files/mitdb/1.0.0/"));
    assert_int_equal(kymo_remote_database("https://physionet.org/files/mitdb/1.0.0"), 0);
    assert_int_equal(kymo_remote_database("https://physionet.org/files/mitdb/x/100.dat"), 0);
    assert_int_equal(kymo_remote_database("https://physionet.org.example/files/mitdb/1.0.0/100.dat"), 0);
    assert_int_equal(kymo_remote_database("http://physionet.org/files/mitdb/1.0.0/100.dat"), 0);
    setenv("KYMO_PHYSIONET", "http://mirror", 1);
    assert_int_equal(kymo_remote_database("http://mirror/mitdb/1.0.0/100.dat"), strlen("http://mirror/mitdb/1.0.0/"));
    assert_int_equal(kymo_remote_database("http://mirrors/mitdb/1.0.0/100.dat"), 0);
    unsetenv("KYMO_PHYSIONET");
}

static void assert_copy(const char *wanted)
{
    struct kymo_err e = {0};
    char *const path = kymo_remote_copy("https://x:81/y/z.edf", &e);

    assert_non_null(path);
    assert_string_equal(path, wanted);
    free(path);
}

static void copies_lie_by_scheme_host_and_path(void **state)
{
    struct kymo_err e = {0};

    (void)state;
    setenv("HOME", "/home/me", 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("KYMO_CACHE");
    assert_copy("/home/me/.cache/kymo/https/x:81/y/z.edf");
    setenv("XDG_CACHE_HOME", "relative", 1);   /* which the specification has us pass over */
    assert_copy("/home/me/.cache/kymo/https/x:81/y/z.edf");
    setenv("XDG_CACHE_HOME", "/cache", 1);
    assert_copy("/cache/kymo/https/x:81/y/z.edf");
    setenv("KYMO_CACHE", "c", 1);
    assert_copy("c/https/x:81/y/z.edf");
    unsetenv("KYMO_CACHE");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    assert_null(kymo_remote_copy("https://x/y", &e));
    assert_error(&e, KYMO_EIO, "KYMO_CACHE");
}

static void rules_that_make_no_sense_are_refused(void **state)
{
    static const char *const wrong[][2] = {{"KYMO_TIMEOUT", "0"}, {"KYMO_TIMEOUT", "soon"}, {"KYMO_TRIES", "0"},
                                           {"KYMO_TRIES", "1e9"}, {"KYMO_PAUSE", "-1"}, {"KYMO_PAUSE", "nan"}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct kymo_err e = {0};
        setenv(wrong[i][0], wrong[i][1], 1);
        assert_null(kymo_transfer_create(&e));
        assert_error(&e, KYMO_EUSAGE, wrong[i][0]);
        unsetenv(wrong[i][0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_for_urls),
        cmocka_unit_test(what_cannot_be_kept_is_refused),
        cmocka_unit_test(a_database_is_a_name_and_a_version),
        cmocka_unit_test(copies_lie_by_scheme_host_and_path),
        cmocka_unit_test(rules_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
