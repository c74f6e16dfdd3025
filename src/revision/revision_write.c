/* Writing a new revision file. What was composed is read back before it is written, so that no
 * file is made that the next load would refuse. */
#include "base/clock.h"
#include "base/random.h"
#include "revision/revision_header.h"
#include "revision/revision_slug.h"

enum { RANDOM_ID_DIGITS = 12 };

static void add_names(wb_buf *text, const char *key, const char *const *names, size_t count)
{
    wb_buf_printf(text, "-- %s:", key);
    for (size_t i = 0; i < count; i++)
        wb_buf_printf(text, "%s %s", i != 0 ? "," : "", names[i]);
    wb_buf_putc(text, '\n');
}

/* The message on one line: what would end the line becomes a blank. */
static const char *one_line(const char *message, wb_arena *arena)
{
    char *line = wb_arena_strdup(arena, message != NULL ? message : "");
    for (char *c = line; *c != '\0'; c++)
        *c = (char) ((unsigned char) *c < ' ' || *c == 0x7F ? ' ' : *c);
    return wb_str_dup(arena, wb_str_trim(wb_str_from(line)));
}

static void add_section(wb_buf *text, const char *marker, const char *sql)
{
    wb_buf_printf(text, "\n%s\n", marker);
    if (sql == NULL || sql[0] == '\0')
        return;
    wb_buf_puts(text, sql);
    if (text->ptr[text->len - 1] != '\n')
        wb_buf_putc(text, '\n');
}

/* Composes the file. A message that would not be read as one gets a key of its own. */
static void compose(const wb_new_revision *revision, const char *message, bool as_key,
                    int64_t now_us, wb_buf *text)
{
    char date[WB_TIME_TEXT];
    wb_time_format(now_us, date);
    wb_buf_reset(text);
    if (message[0] != '\0')
        wb_buf_printf(text, as_key ? "-- message: %s\n" : "-- %s\n--\n", message);
    wb_buf_printf(text, "-- revision: %s\n", revision->id);
    add_names(text, "revises", revision->revises, revision->revises_count);
    add_names(text, "branch_labels", revision->branch_labels, revision->branch_label_count);
    add_names(text, "depends_on", revision->depends_on, revision->depends_on_count);
    wb_buf_printf(text, "-- create_date: %s\n", date);
    add_section(text, "-- migrate:up", revision->up_sql);
    add_section(text, "-- migrate:down", revision->down_sql);
}

/* Reads the text back: does it say what was asked for? */
static bool check(const wb_new_revision *revision, const char *message, wb_str text,
                  const char *path, wb_arena *arena, wb_error *err)
{
    wb_revision *read = NULL;
    if (!wb_revision_parse(text, path, arena, &read, err))
        return wb_while(err, "checking the text of the new revision");
    if (read->sections.count != 2) {
        (void) wb_fail(err, WB_E_REVISION, "the SQL of the new revision holds a marker line");
        return wb_hint(err, "Take the line \"-- migrate:...\" out of it.");
    }
    if (strcmp(read->message, message) != 0 || strcmp(read->id, revision->id) != 0 ||
        read->revises.count != revision->revises_count ||
        read->depends_on.count != revision->depends_on_count ||
        read->branch_labels.count != revision->branch_label_count) {
        (void) wb_fail(err, WB_E_REVISION, "the header of the new revision cannot be written");
        return wb_hint(err, "Check the ids, labels and dependencies that were given.");
    }
    return true;
}

static bool compose_checked(const wb_new_revision *revision, const char *path, int64_t now_us,
                            wb_buf *text, wb_error *err)
{
    WB_SCRATCH(tmp);
    wb_error first;
    const char *message = one_line(revision->message, tmp);
    bool as_key = message[0] == '-' || !wb_header_is_message(wb_str_from(message));
    compose(revision, message, as_key, now_us, text);
    if (check(revision, message, wb_buf_str(text), path, tmp, &first))
        return true;
    if (as_key || message[0] == '\0') {
        *err = first;
        return false;
    }
    compose(revision, message, true, now_us, text); /* it may look like a marker */
    return check(revision, message, wb_buf_str(text), path, tmp, err);
}

static bool check_given_id(const char *id, wb_error *err)
{
    if (wb_revision_id_is_valid(wb_str_from(id)))
        return true;
    (void) wb_fail(err, WB_E_USAGE, "\"%s\" is not a revision id", id);
    return wb_hint(err, "Use 1 to %d letters A to Z, digits and underscores.", WB_REVISION_ID_MAX);
}

bool wb_revision_write(const wb_new_revision *revision, wb_arena *arena, const char **ret_path,
                       const char **ret_id, wb_error *err)
{
    WB_AUTO_BUF(text, 0);
    wb_new_revision whole = *revision;
    int64_t now_us = wb_clock_now_us();
    const char *name = NULL;
    if (whole.id == NULL) {
        char *id = wb_arena_alloc(arena, RANDOM_ID_DIGITS + 1);
        wb_random_hex(id, RANDOM_ID_DIGITS);
        whole.id = id;
    }
    if (whole.file_template == NULL)
        whole.file_template = WB_REVISION_TEMPLATE;
    if (!check_given_id(whole.id, err) || !wb_revision_file_name(&whole, now_us, arena, &name, err))
        return false;
    const char *path = wb_path_join(arena, whole.folder, name);
    if (!compose_checked(&whole, path, now_us, &text, err) ||
        !wb_file_make_directory(wb_path_parent(arena, path), err))
        return false;
    if (wb_file_exists(path)) {
        (void) wb_fail(err, WB_E_IO, "the file \"%s\" exists already", path);
        return wb_hint(err, "Nothing was changed; give another message or id.");
    }
    if (!wb_file_write(path, wb_buf_str(&text), false, err))
        return false;
    *ret_path = path;
    *ret_id = wb_arena_strdup(arena, whole.id);
    return true;
}
