/* Places of the project file in errors. */
#include "base/utf8.h"
#include "project/url.h"
#include "project/yaml_tree.h"

/* The line with number `line`, 1-based; empty where there is none. */
static wb_str line_of(wb_str text, unsigned line)
{
    wb_str found = {"", 0};
    for (unsigned i = 0; i < line; i++) {
        if (!wb_str_next_line(&text, &found))
            return wb_str_make("", 0);
    }
    return found;
}

/* Masks a line and shows it. It is masked before it is cut to length: a cut in the middle of a URL
 * would hide from the masking what it looks for. Behind the first *** the columns no longer fit, so
 * there is no caret. */
static bool show_line(const wb_yaml_file *file, wb_str text, unsigned line, unsigned column,
                      wb_error *err)
{
    WB_SCRATCH(tmp);
    const char *plain = wb_str_dup(tmp, text);
    const char *masked = wb_mask_secrets(plain, tmp);
    size_t same = 0;
    while (plain[same] != '\0' && plain[same] == masked[same])
        same++;
    size_t offset = wb_utf8_offset(text, column > 0 ? column - 1 : 0);
    bool is_behind = offset > same && plain[same] != masked[same];
    (void) wb_show(err, wb_str_from(masked), is_behind ? wb_utf8_floor(text, same) : offset, line,
                   1);
    if (is_behind)
        err->caret = 0;
    return wb_at(err, file->path, line, column);
}

bool wb_yaml_show(const wb_yaml_file *file, unsigned line, unsigned column, wb_error *err)
{
    return show_line(file, line_of(file->text, line), line, column, err);
}

bool wb_yaml_show_secret(const wb_yaml_file *file, const wb_yaml_node *node, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_str text = line_of(file->text, node->line);
    text.len = wb_utf8_offset(text, node->column - 1);
    text = wb_str_from(wb_arena_printf(tmp, "%.*s***", WB_STR_ARG(text)));
    return show_line(file, text, node->line, node->column, err);
}

bool wb_yaml_show_node(const wb_yaml_file *file, const wb_yaml_node *node, wb_error *err)
{
    return wb_yaml_show(file, node->line, node->column, err);
}

bool wb_yaml_is_null(const wb_yaml_node *node)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != WB_YAML_SCALAR || !node->is_plain)
        return false;
    for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
        if (wb_str_is(node->text, nulls[i]))
            return true;
    }
    return false;
}

bool wb_yaml_show_offset(const wb_yaml_file *file, size_t offset, wb_error *err)
{
    unsigned line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset && i < file->text.len; i++) {
        if (file->text.ptr[i] != '\n')
            continue;
        line++;
        start = i + 1;
    }
    size_t characters = wb_utf8_count(wb_str_sub(file->text, start, offset - start));
    return wb_yaml_show(file, line, (unsigned) characters + 1, err);
}

bool wb_yaml_is_indented_by_tab(const wb_yaml_file *file, unsigned line)
{
    wb_str text = line_of(file->text, line);
    for (size_t i = 0; i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\t'); i++) {
        if (text.ptr[i] == '\t')
            return true;
    }
    return false;
}
