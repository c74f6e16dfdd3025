#include "cli/revision_out.h"

#include "base/clock.h"

static void add_list(wb_buf *buf, const char *const *texts, size_t count, wb_arena *arena)
{
    for (size_t i = 0; i < count; i++)
        wb_buf_printf(buf, "%s%s", i > 0 ? ", " : "", wb_clean(arena, texts[i]));
}

void wb_revision_name(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf)
{
    WB_SCRATCH(arena);
    const struct {
        const char *text;
        wb_paint paint;
        bool is_set;
    } marks[] = {
        {"head", WB_PAINT_GOOD, info->is_head && !info->is_effective_head},
        {"effective head", WB_PAINT_GOOD, info->is_effective_head},
        {"branchpoint", WB_PAINT_DIM, info->is_branch_point},
        {"mergepoint", WB_PAINT_DIM, info->is_merge},
        {"current", WB_PAINT_HEADING, info->is_current},
        {"edited", WB_PAINT_WARN, info->is_edited},
        {"missing", WB_PAINT_BAD, info->is_missing},
    };
    const char *none = wb_paint_begin(&cli->out, WB_PAINT_NONE);
    wb_buf_printf(buf, "%s%s%s", wb_paint_begin(&cli->out, WB_PAINT_ID), wb_clean(arena, info->id),
                  none);
    if (info->label_count > 0) {
        wb_buf_puts(buf, " (");
        add_list(buf, info->labels, info->label_count, arena);
        wb_buf_putc(buf, ')');
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (marks[i].is_set)
            wb_buf_printf(buf, " %s(%s)%s", wb_paint_begin(&cli->out, marks[i].paint),
                          marks[i].text, none);
    }
}

void wb_revision_line(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf)
{
    WB_SCRATCH(arena);
    if (info->revises_count == 0)
        wb_buf_puts(buf, info->is_missing ? "?" : "<base>");
    add_list(buf, info->revises, info->revises_count, arena);
    if (info->depends_on_count > 0) {
        wb_buf_puts(buf, " (");
        add_list(buf, info->depends_on, info->depends_on_count, arena);
        wb_buf_putc(buf, ')');
    }
    wb_buf_puts(buf, " -> ");
    wb_revision_name(cli, info, buf);
    if (info->message != NULL && info->message[0] != '\0')
        wb_buf_printf(buf, ", %s", wb_clean(arena, info->message));
}

static void add_field(wb_buf *buf, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0')
        wb_buf_printf(buf, "%-12s%s\n", name, text);
}

static void add_list_field(wb_buf *buf, const char *name, const char *const *texts, size_t count,
                           wb_arena *arena)
{
    WB_AUTO_BUF(list, 0);
    add_list(&list, texts, count, arena);
    add_field(buf, name, wb_buf_text(&list));
}

static void add_applied(wb_buf *buf, const wb_revision_info *info, wb_arena *arena)
{
    char at[WB_TIME_TEXT] = "at a time not recorded";
    if (!info->is_applied)
        return;
    if (info->applied_at_us != 0)
        wb_time_format(info->applied_at_us, at);
    WB_AUTO_BUF(line, 0);
    wb_buf_puts(&line, at);
    if (info->applied_by != NULL)
        wb_buf_printf(&line, " by %s", wb_clean(arena, info->applied_by));
    if (info->host != NULL)
        wb_buf_printf(&line, " on %s", wb_clean(arena, info->host));
    if (!info->is_stamped)
        wb_buf_printf(&line, ", %s", wb_duration_text(arena, info->duration_ms * 1000));
    if (info->tool_version != NULL)
        wb_buf_printf(&line, ", version %s", wb_clean(arena, info->tool_version));
    add_field(buf, info->is_stamped ? "Stamped" : "Applied", wb_buf_text(&line));
    add_field(buf, "Run", wb_clean(arena, info->run));
}

void wb_revision_details(const wb_cli *cli, const wb_revision_info *info, wb_buf *buf)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(name, 0);
    wb_revision_name(cli, info, &name);
    add_field(buf, "Revision", wb_buf_text(&name));
    add_field(buf, "Message", wb_clean(arena, info->message));
    if (info->revises_count == 0 && !info->is_missing)
        add_field(buf, "Revises", "<base>");
    add_list_field(buf, "Revises", info->revises, info->revises_count, arena);
    add_list_field(buf, "Depends on", info->depends_on, info->depends_on_count, arena);
    add_list_field(buf, "Revised by", info->children, info->child_count, arena);
    add_field(buf, "Created", wb_clean(arena, info->create_date));
    add_field(buf, "File", wb_clean(arena, info->path));
    add_applied(buf, info, arena);
}

void wb_revision_out_add(wb_cli *cli, wb_revision_out *out, wb_target *target,
                         const wb_revision_list *list)
{
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < list->count; i++) {
        const wb_revision_info *info = &list->items[i];
        if (out->array != NULL) {
            wb_json_add(out->array, wb_json_revision(wb_target_name(target), info));
        } else if (cli->is_verbose) {
            wb_buf_puts(&text, i > 0 ? "\n" : "");
            wb_revision_details(cli, info, &text);
        } else {
            wb_revision_line(cli, info, &text);
            wb_buf_putc(&text, '\n');
        }
    }
    wb_put_bytes(&cli->out, wb_buf_text(&text), text.len);
}

bool wb_revision_out_run(wb_cli *cli, wb_target_fn *show, wb_error *err)
{
    wb_revision_out out = {.array = cli->is_json ? json_array() : NULL};
    bool ok = wb_cli_each_headed(cli, show, &out, err);
    /* Where the only database failed, an empty list would be taken for the answer. */
    if (out.array != NULL && ok)
        wb_json_print(&cli->out, out.array);
    else
        json_decref(out.array);
    return ok;
}
