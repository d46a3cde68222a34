/* tests/unit/test_command.c - option tables: every kind of value, right and wrong, and what is made of the table. */
#include "support.h"

#include "lib/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct args {
    bool flag;
    double number;
    int64_t count;
    const char *string;
    struct kymo_strings strings;
    struct kymo_time time;
    int choice;
};

static const struct kymo_opt options[] = {
    KYMO_OPT_FLAG('F', "flag", struct args, flag, "a flag"),
    KYMO_OPT_NUMBER('n', "number", struct args, number, "HZ", "2.5", "a number"),
    KYMO_OPT_COUNT('c', "count", struct args, count, "N", NULL, "a count"),
    KYMO_OPT_STRING('\0', "string", struct args, string, "TEXT", NULL, "a string"),
    KYMO_OPT_STRINGS('s', "strings", struct args, strings, "TEXT", "some strings"),
    KYMO_OPT_TIME('f', "from", struct args, time, "a time"),
    KYMO_OPT_CHOICE('O', "form", struct args, choice, "csv|tsv|text", "tsv", "a choice"),
    KYMO_OPT_LAST
};

static const struct kymo_command command = {
    .name = "try", .about = "tries things", .operands = "[RECORD]...", .least = 1, .most = 2, .options = options,
    .args_size = sizeof(struct args),
};

const struct kymo_command *const kymo_commands[] = {&command, NULL};

struct parsed {
    struct args args;
    struct kymo_shared shared;
    struct kymo_err e;
    char text[200], *argv[20];
    size_t n_operands;
    int rc;
};

/* line is split at blanks; "_" stands for an empty argument. */
static struct parsed *parse(const char *line)
{
    struct parsed *p = calloc(1, sizeof *p);
    char *rest = NULL;
    int argc = 0;

    snprintf(p->text, sizeof p->text, "try %s", line);
    for (char *word = strtok_r(p->text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        p->argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
    p->rc = kymo_parse_options(&command, argc, p->argv, &p->shared, &p->args, &p->n_operands, &p->e);
    return p;
}

static void parsed_free(struct parsed *p)
{
    kymo_options_free(&command, &p->args);
    free(p);
}

static void each_kind_takes_its_values(void **state)
{
    struct parsed *p = parse("-F -n 1e3 --count=-7 --string x,y -s a -s b --strings c -f 1:30 -O text rec1 rec2");
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_true(p->args.flag && p->args.number == 1000 && p->args.count == -7);
    assert_string_equal(p->args.string, "x,y");
    assert_int_equal(p->args.strings.n, 3);
    assert_string_equal(p->args.strings.text[2], "c");
    assert_true(p->args.time.set);
    assert_int_equal(p->args.time.ns, 90 * KYMO_NS_PER_S);
    assert_int_equal(p->args.choice, 2);
    assert_int_equal(p->n_operands, 2);
    assert_string_equal(p->argv[0], "rec1");
    assert_string_equal(p->argv[1], "rec2");
    parsed_free(p);
}

static void presets_hold_where_nothing_is_given(void **state)
{
    struct parsed *p = parse("rec");
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_true(!p->args.flag && p->args.number == 2.5 && p->args.count == 0 && !p->args.string && !p->args.time.set);
    assert_int_equal(p->args.choice, 1);
    parsed_free(p);
}

static void abbreviations_joined_letters_and_order_are_free(void **state)
{
    struct parsed *p = parse("rec --num=3 -Fc5 --fr 2 -q --str"), *q = parse("rec --num=3 -Fc5 --fr 2 -q -- -x");
    (void)state;

    assert_int_equal(p->rc, KYMO_EUSAGE);    /* --str may be two options */
    assert_error(&p->e, KYMO_EUSAGE, "no option --str");
    assert_int_equal(q->rc, 0);
    assert_true(q->args.number == 3 && q->args.flag && q->args.count == 5 && q->args.time.ns == 2 * KYMO_NS_PER_S);
    assert_true(q->shared.quiet && !q->shared.strict);
    assert_string_equal(q->argv[1], "-x");
    parsed_free(p);
    parsed_free(q);
}

static void wrong_use_names_the_option(void **state)
{
    static const struct { const char *line, *part; } wrong[] = {
        {"-n abc r", "--number \"abc\" is not a number"}, {"-n _ r", "--number \"\" is not a number"},
        {"--number=nan r", "is not a number"}, {"-c 1.5 r", "--count \"1.5\" is not an integer"},
        {"-c 99999999999999999999 r", "is not an integer"}, {"-f -1 r", "--from \"-1\" is not a time"},
        {"-f 1:99 r", "is not a time (seconds, M:S or H:M:S)"}, {"-O xml r", "--form \"xml\" is none of csv|tsv|text"},
        {"-O cs r", "is none of"}, {"-O csv|tsv r", "is none of"}, {"-O _ r", "is none of"},
        {"r --number", "--number needs a value"}, {"r -n", "--number needs a value"}, {"r --string", "--string needs a value"},
        {"r -x", "no option -x"}, {"r --nonsense", "no option --nonsense"}, {"r --flag=1", "--flag takes no value"},
        {"r --quiet=1", "--quiet takes no value"}, {"", "0 of at least 1 operands"}, {"a b c", "one operand too many: c"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct parsed *p = parse(wrong[i].line);
        assert_int_equal(p->rc, KYMO_EUSAGE);
        assert_error(&p->e, KYMO_EUSAGE, wrong[i].part);
        parsed_free(p);
    }
}

static void help_needs_no_operands(void **state)
{
    struct parsed *p = parse("--help"), *q = parse("--help=mdoc");
    (void)state;

    assert_int_equal(p->rc, 0);
    assert_true(p->shared.help && !p->shared.help_mdoc);
    assert_true(q->rc == 0 && q->shared.help && q->shared.help_mdoc);
    parsed_free(p);
    parsed_free(q);
}

static void assert_has(struct kymo_output *out, const char *part)
{
    size_t n;
    const unsigned char *p = kymo_output_bytes(out, &n);

    if (!memmem(p, n, part, strlen(part)))
        fail_msg("no \"%s\" in \"%.*s\"", part, (int)n, (const char *)p);
}

static void help_names_every_option_with_its_preset(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    (void)state;

    assert_int_equal(kymo_put_help(out, &command, &e), 0);
    assert_has(out, "usage: kymo try [OPTION]... [RECORD]...\ntries things\n\n");
    assert_has(out, "  -n, --number HZ                   a number [2.5]\n");
    assert_has(out, "      --string TEXT                 a string\n");
    assert_has(out, "  -O, --form csv|tsv|text           a choice [tsv]\n");
    assert_has(out, "      --strict                      a warning is a failure\n");
    kymo_output_destroy(out);
}

static void mdoc_and_completion_come_from_the_same_table(void **state)
{
    struct kymo_err e = {0};
    struct kymo_output *mdoc = kymo_output_memory(&e), *bash = kymo_output_memory(&e);
    (void)state;

    assert_int_equal(kymo_put_mdoc(mdoc, &command, &e), 0);
    assert_has(mdoc, ".It Fl n , Fl \\-number Ar HZ\na number;\n.Cm 2.5\nunless told otherwise.\n");
    assert_has(mdoc, ".It Fl O , Fl \\-form Cm csv | Cm tsv | Cm text\n");
    assert_int_equal(kymo_put_bash(bash, kymo_commands, &e), 0);
    assert_has(bash, "try) options=\"--flag --number --count");
    assert_has(bash, "in --form|-O) words=\"csv tsv text\"");
    kymo_output_destroy(mdoc);
    kymo_output_destroy(bash);
}

static void commands_are_found_by_their_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(kymo_command_named(kymo_commands, "try"), &command);
    assert_null(kymo_command_named(kymo_commands, "tr"));
}

static void the_operand_of_a_call_is_the_first_or_standard_input(void **state)
{
    static const char *const operands[] = {"rec"};
    const struct kymo_call one = {.operand = operands, .n_operands = 1}, none = {.n_operands = 0};
    (void)state;

    assert_string_equal(kymo_operand(&one), "rec");
    assert_string_equal(kymo_operand(&none), "-");
}

static void an_end_before_the_beginning_is_wrong_use(void **state)
{
    static const char *const operands[] = {"rec"};
    const struct kymo_call call = {.operand = operands, .n_operands = 1};
    const struct kymo_input_args in = {.from = {true, 5}, .to = {true, 5}};
    struct kymo_err e = {0};
    (void)state;

    assert_null(kymo_call_open(&call, &in, false, &e));
    assert_error(&e, KYMO_EUSAGE, "--to is not after --from");
}

static void a_stream_carries_the_line_that_made_it(void **state)
{
    const struct kymo_call call = {.history = "kymo 0 try"};
    struct kymo_err e = {0};
    struct kymo_output *out = kymo_output_memory(&e);
    struct kymo_header h;
    (void)state;

    kymo_header_init(&h);
    kymo_header_add_history(&h, "first", &e);
    struct kymo_writer *w = kymo_call_stream(&call, out, &h, 0, &e);
    assert_non_null(w);
    assert_int_equal(w->hdr.n_history, 2);
    assert_string_equal(w->hdr.history[1], "kymo 0 try");
    assert_int_equal(h.n_history, 1);
    kymo_writer_destroy(w);
    kymo_output_destroy(out);
    kymo_header_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_takes_its_values),
        cmocka_unit_test(presets_hold_where_nothing_is_given),
        cmocka_unit_test(abbreviations_joined_letters_and_order_are_free),
        cmocka_unit_test(wrong_use_names_the_option),
        cmocka_unit_test(help_needs_no_operands),
        cmocka_unit_test(help_names_every_option_with_its_preset),
        cmocka_unit_test(mdoc_and_completion_come_from_the_same_table),
        cmocka_unit_test(commands_are_found_by_their_whole_name),
        cmocka_unit_test(the_operand_of_a_call_is_the_first_or_standard_input),
        cmocka_unit_test(an_end_before_the_beginning_is_wrong_use),
        cmocka_unit_test(a_stream_carries_the_line_that_made_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
