/* cli/alarm_report.c - kymo alarm: a row, and a run of the user's command, for each alarm that begins or ends. */
#include "cli/alarm.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const struct kymo_column columns[] = {
    {"time_s", 9}, {"state", 0}, {"name", 0}, {"priority", 0}, {"since_s", 9}, {"value", 6}, {"rule", 0}, {"record", 0},
};

#define N_COLUMNS (sizeof columns / sizeof *columns)

static void put_cells(const struct alarm_report *r, const struct alarm_row *row, struct kymo_table *t)
{
    kymo_cell_seconds(t, row->at_ns);
    kymo_cell_text(t, row->is_on ? "on" : "off");
    kymo_cell_text(t, row->guard->rule.name);
    kymo_cell_text(t, alarm_priority_name(row->guard->rule.priority));
    kymo_cell_seconds(t, row->began_ns);
    kymo_cell_real(t, row->value);
    kymo_cell_text(t, row->guard->text);
    kymo_cell_text(t, *r->record ? r->record : NULL);
}

int alarm_report_open(struct alarm_report *r, const char *path, enum kymo_table_form form, struct kymo_err *e)
{
    if (!(r->out = kymo_output_open(path, e)))
        return e->cause[0].code;
    kymo_output_be_live(r->out, true);
    r->table = kymo_table_create(r->out, form, columns, N_COLUMNS, e);
    return r->table ? 0 : e->cause[0].code;
}

/* The row as a line of JSON, in memory. */
static int put_line(const struct alarm_report *r, const struct alarm_row *row, struct kymo_output *line,
                    struct kymo_err *e)
{
    struct kymo_table *const t = kymo_table_create(line, KYMO_JSONL, columns, N_COLUMNS, e);
    int rc = t ? 0 : e->cause[0].code;

    if (rc == 0) {
        put_cells(r, row, t);
        rc = kymo_row_end(t, e);
    }
    if (rc == 0)
        rc = kymo_table_finish(t, e);
    if (rc == 0)
        rc = kymo_put(line, "", 1, e);   /* terminates it */
    kymo_table_destroy(t);
    return rc;
}

static int run(struct alarm_report *r, const struct alarm_row *row, const char *line, struct kymo_err *e)
{
    const char *const state = row->is_on ? "on" : "off", *const priority = alarm_priority_name(row->guard->rule.priority);
    char time[32], since[32], value[32] = "";
    char *set[8] = {NULL};
    int rc = 0;

    kymo_format_seconds(row->at_ns, time, sizeof time);
    kymo_format_seconds(row->began_ns, since, sizeof since);
    if (!isnan(row->value))
        kymo_format_real(row->value, value);
    const struct {
        const char *name, *value;
    } all[8] = {
        {"STATE", state}, {"NAME", row->guard->rule.name}, {"PRIORITY", priority}, {"TIME_S", time}, {"SINCE_S", since},
        {"VALUE", value}, {"RULE", row->guard->text}, {"RECORD", r->record},
    };
    for (size_t i = 0; rc == 0 && i < 8; i++)
        if (asprintf(&set[i], "KYMO_ALARM_%s=%s", all[i].name, all[i].value) < 0) {
            set[i] = NULL;
            rc = kymo_fail(e, KYMO_ENOMEM, "no memory to run --exec");
        }
    if (rc == 0)
        rc = alarm_exec_run(&r->exec, (const char *const *)set, 8, line, e);
    for (size_t i = 0; i < 8; i++)
        free(set[i]);
    return rc;
}

int alarm_report_put(struct alarm_report *r, const struct alarm_row *row, struct kymo_err *e)
{
    int rc;

    put_cells(r, row, r->table);
    if ((rc = kymo_row_end(r->table, e)) < 0 || !r->exec.command)
        return rc;
    struct kymo_output *const line = kymo_output_memory(e);
    size_t n;
    if (!line)
        return e->cause[0].code;
    if ((rc = put_line(r, row, line, e)) == 0)
        rc = run(r, row, (const char *)kymo_output_bytes(line, &n), e);
    kymo_output_destroy(line);
    return rc;
}

void alarm_report_release(struct alarm_report *r)
{
    kymo_table_destroy(r->table);
    kymo_output_destroy(r->out);
}
