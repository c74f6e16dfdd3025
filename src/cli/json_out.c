#include "cli/json_out.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <stdlib.h>

json_t *wb_json_text(const char *text)
{
    if (text == NULL)
        return json_null();
    wb_str rest = wb_str_from(text);
    size_t bad = 0;
    if (wb_utf8_is_valid(rest, &bad))
        return json_stringn(rest.ptr, rest.len);
    WB_AUTO_BUF(whole, 0);
    while (!wb_utf8_is_valid(rest, &bad)) {
        wb_buf_add(&whole, rest.ptr, bad);
        wb_buf_puts(&whole, "\xef\xbf\xbd");
        rest = wb_str_from_offset(rest, bad + 1);
    }
    wb_buf_add_str(&whole, rest);
    return json_stringn(wb_buf_text(&whole), whole.len);
}

json_t *wb_json_text_or_null(const char *text)
{
    return wb_json_text(text != NULL && text[0] != '\0' ? text : NULL);
}

json_t *wb_json_place(unsigned number)
{
    return number != 0 ? json_integer(number) : json_null();
}

json_t *wb_json_texts(const char *const *texts, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        wb_json_add(array, wb_json_text(texts[i]));
    return array;
}

json_t *wb_json_time(int64_t time_us)
{
    char text[WB_TIME_TEXT];
    if (time_us == 0)
        return json_null();
    wb_time_format(time_us, text);
    return json_string(text);
}

/* jansson's calls fail only where memory is out, or on text that is no UTF-8, which
 * wb_json_text has ruled out. */
void wb_json_set(json_t *object, const char *key, json_t *value)
{
    (void) json_object_set_new(object, key, value);
}

void wb_json_add(json_t *array, json_t *value)
{
    (void) json_array_append_new(array, value);
}

void wb_json_print(wb_term *term, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text != NULL) {
        wb_put_bytes(term, text, strlen(text));
        wb_put_bytes(term, "\n", 1);
    }
    free(text);
    json_decref(value);
}

/* What the ledger knows of a revision. */
static json_t *ledger_row(const wb_revision_info *info)
{
    if (!info->is_applied)
        return json_null();
    json_t *row = json_object();
    wb_json_set(row, "at", wb_json_time(info->applied_at_us));
    wb_json_set(row, "by", wb_json_text(info->applied_by));
    wb_json_set(row, "host", wb_json_text(info->host));
    wb_json_set(row, "duration_ms", json_integer(info->duration_ms));
    wb_json_set(row, "tool_version", wb_json_text(info->tool_version));
    wb_json_set(row, "run", wb_json_text(info->run));
    wb_json_set(row, "stamped", json_boolean(info->is_stamped));
    return row;
}

json_t *wb_json_revision(const char *target, const wb_revision_info *info)
{
    const struct {
        const char *key;
        bool value;
    } marks[] = {{"head", info->is_head},         {"effective_head", info->is_effective_head},
                 {"base", info->is_base},         {"branch_point", info->is_branch_point},
                 {"merge_point", info->is_merge}, {"missing", info->is_missing},
                 {"current", info->is_current},   {"edited", info->is_edited}};
    json_t *object = json_object();
    wb_json_set(object, "target", wb_json_text(target));
    wb_json_set(object, "revision", wb_json_text(info->id));
    wb_json_set(object, "message", wb_json_text(info->message));
    wb_json_set(object, "path", wb_json_text(info->path));
    wb_json_set(object, "create_date", wb_json_text(info->create_date));
    wb_json_set(object, "revises", wb_json_texts(info->revises, info->revises_count));
    wb_json_set(object, "depends_on", wb_json_texts(info->depends_on, info->depends_on_count));
    wb_json_set(object, "branch_labels", wb_json_texts(info->labels, info->label_count));
    wb_json_set(object, "children", wb_json_texts(info->children, info->child_count));
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        wb_json_set(object, marks[i].key, json_boolean(marks[i].value));
    wb_json_set(object, "applied", ledger_row(info));
    return object;
}

json_t *wb_json_plan(const wb_plan_info *plan)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < plan->step_count; i++) {
        json_t *step = json_object();
        wb_json_set(step, "revision", wb_json_text(plan->steps[i].revision));
        wb_json_set(step, "direction", wb_json_text(plan->steps[i].direction));
        wb_json_add(steps, step);
    }
    json_t *object = json_object();
    wb_json_set(object, "command", wb_json_text(plan->command));
    wb_json_set(object, "target", wb_json_text(plan->target));
    wb_json_set(object, "current", wb_json_texts(plan->current, plan->current_count));
    wb_json_set(object, "steps", steps);
    wb_json_set(object, "heads_after", wb_json_texts(plan->heads_after, plan->heads_after_count));
    return object;
}

static const char *event_name(wb_event_kind kind)
{
    switch (kind) {
    case WB_EVENT_RUN_BEGIN:
        return "run_begin";
    case WB_EVENT_STEP_BEGIN:
        return "step_begin";
    case WB_EVENT_STATEMENT:
        return "statement";
    case WB_EVENT_STEP_END:
        return "step_end";
    case WB_EVENT_RUN_END:
        return "run_end";
    case WB_EVENT_LOCK_WAIT:
        return "lock_wait";
    case WB_EVENT_RETRY:
        return "retry";
    case WB_EVENT_PROGRESS:
        return "progress";
    case WB_EVENT_CONNECT_WAIT:
        return "connect_wait";
    case WB_EVENT_WARNING:
        return "warning";
    }
    return "unknown";
}

json_t *wb_json_event(const wb_event *event)
{
    json_t *object = json_object();
    wb_json_set(object, "event", wb_json_text(event_name(event->kind)));
    wb_json_set(object, "target", wb_json_text(event->target));
    wb_json_set(object, "command", wb_json_text(event->command));
    wb_json_set(object, "direction", wb_json_text(event->direction));
    wb_json_set(object, "revision", wb_json_text(event->revision));
    wb_json_set(object, "message", wb_json_text(event->message));
    wb_json_set(object, "step", json_integer((json_int_t) event->step));
    wb_json_set(object, "steps", json_integer((json_int_t) event->steps));
    wb_json_set(object, "statement", json_integer(event->statement));
    wb_json_set(object, "elapsed_us", json_integer(event->elapsed_us));
    wb_json_set(object, "text", wb_json_text(event->text));
    return object;
}
