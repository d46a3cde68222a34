/* tests/fuzz/fuzz_identity.c - lines of text as all that a header and an event say.
 *
 * Property: what kymo_deid_header and kymo_deid_event leave, they would not change again, with a key or without; nothing that
 * is left has the name among its words. The first lines are id, name, sex, birth, recording and the day of the start; the
 * others are a note, a label, a transducer, an event's text in turn. */
#include "fuzz.h"

#include "lib/date.h"
#include "lib/identity.h"

#define NAME "Qwertzuiop"        /* is put behind the name, and into some of the texts */

static int count(void *to, const char *field, const char *was, const char *now, struct kymo_err *e)
{
    (void)field;
    (void)was;
    (void)now;
    (void)e;
    ++*(size_t *)to;
    return 0;
}

static void add_line(struct kymo_header *h, size_t number, const char *line, size_t n, struct kymo_err *e)
{
    const char **const field[] = {&h->subject.id, &h->subject.name, &h->subject.sex, &h->subject.birth, &h->recording};
    const char *text = kymo_header_text(h, line, n, e);
    int64_t days;

    must(text, "there is memory");
    if (number < 5)
        *field[number] = text;
    else if (number == 5 && kymo_parse_int(text, strlen(text), &days) && days > -700000 && days < 700000)
        kymo_set_days(&h->start, days), h->start.has_date = true;
    else if (number % 3 == 0)
        kymo_header_add_note(h, text, strlen(text), e);
    else if (number % 3 == 1)
        kymo_header_signal(h, e)->label = text;
    else
        kymo_header_signal(h, e)->transducer = text;
}

static void fill(struct kymo_header *h, const char *text, struct kymo_err *e)
{
    size_t number = 0;

    for (const char *p = text; number < 200; p++, number++) {
        const size_t n = strcspn(p, "\n");
        add_line(h, number, p, n, e);
        p += n;
        if (!*p)
            break;
    }
    char *name;
    must(asprintf(&name, "%s " NAME, h->subject.name) >= 0, "there is memory");
    h->subject.name = kymo_header_text(h, name, strlen(name), e);
    free(name);
}

static void no_name_in(const char *text) { must(!strstr(text, NAME), "the name is gone"); }

/* Number of changes to h that a run with these rules makes. */
static size_t changes(struct kymo_header *h, const char *event_text, struct kymo_identity_rules rules, struct kymo_err *e)
{
    struct kymo_event ev = {.type = "note", .text = event_text};
    size_t n = 0;

    rules.found = count;
    rules.to = &n;
    struct kymo_deid *d = kymo_deid_create(h, &rules, e);
    must(d, "it can begin");
    const int rc = kymo_deid_header(d, h, e);
    must(rc == 0 || e->cause[0].code == KYMO_EDATA, "it is done, or dates lie too early");
    if (kymo_deid_event(d, &ev, e) == 1)
        no_name_in(ev.text);
    kymo_deid_destroy(d);
    return rc < 0 ? SIZE_MAX : n;
}

static void check_names(const struct kymo_header *h)
{
    no_name_in(h->subject.id);
    no_name_in(h->subject.name);
    no_name_in(h->recording);
    for (size_t i = 0; i < h->n_notes; i++)
        no_name_in(h->note[i]);
    for (size_t i = 0; i < h->n_signals; i++) {
        no_name_in(h->signal[i].label);
        no_name_in(h->signal[i].transducer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct kymo_key key = {"0123456789abcdef", 16};
    char *text = strndup((const char *)data, n);

    for (int with_key = 0; text && with_key < 2; with_key++) {
        struct kymo_err e = {0};
        struct kymo_identity_rules rules = {.key = with_key ? &key : NULL, .most_days = 3650};
        struct kymo_header h;
        kymo_header_init(&h);
        fill(&h, text, &e);
        if (changes(&h, text, rules, &e) != SIZE_MAX) {
            check_names(&h);
            rules.key = NULL;
            rules.audit = true;
            must(changes(&h, "Lights off", rules, &e) == 0, "what is left is no identity");
        }
        kymo_header_release(&h);
    }
    free(text);
    return 0;
}
