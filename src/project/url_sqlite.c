/* The path of a SQLite database. Two conventions share the scheme, told apart by the slashes:
 *
 *   sqlite:a.db  sqlite:/tmp/a.db              the path is what stands behind the colon
 *   sqlite:///a.db  sqlite:////tmp/a.db        SQLAlchemy: it is what stands behind three slashes
 *   sqlite://a.db                              the path is what stands behind two
 *   sqlite://  sqlite:///  sqlite::memory:     no file at all
 *   file:a.db  file:/tmp/a.db  file:///tmp/a.db    SQLite's own URIs
 *
 * The last kind may also stand where a path does: sqlite:///file:a.db?mode=ro&uri=true. */
#include "base/file.h"
#include "project/url_reader.h"

static const char memory[] = ":memory:";

static bool fail_no_path(const wb_url_reader *reader, const char *at, wb_error *err)
{
    (void) wb_url_fail_at(reader, at, err, "the URL lacks the path of the SQLite file");
    return wb_hint(err, "Write sqlite:app.db for a file, or sqlite::memory: for none.");
}

/* Takes "//" or "//localhost" from the path of a file: URI. */
static bool strip_authority(const wb_url_reader *reader, wb_str *path, wb_error *err)
{
    if (!wb_str_has_prefix(*path, WB_STR("//")))
        return true;
    wb_str rest = wb_str_from_offset(*path, 2);
    size_t slash = rest.len;
    (void) wb_str_find_byte(rest, '/', &slash);
    wb_str authority = wb_str_sub(rest, 0, slash);
    if (authority.len > 0 && !wb_str_is_nocase(authority, "localhost")) {
        (void) wb_url_fail_at(reader, rest.ptr, err, "a file: URI names a host");
        return wb_hint(err, "Write file:app.db for a relative path, file:/folder/app.db for an "
                            "absolute one.");
    }
    *path = wb_str_from_offset(rest, slash);
    return true;
}

/* Behind two slashes other URLs have a host; whoever gives one for SQLite meant another engine. */
static bool check_no_host(const wb_url_reader *reader, wb_str path, wb_error *err)
{
    size_t at = 0;
    size_t slash = path.len;
    (void) wb_str_find_byte(path, '/', &slash);
    wb_str first = wb_str_sub(path, 0, slash);
    if (!wb_str_find_byte(first, '@', &at) && !wb_str_is_nocase(first, "localhost"))
        return true;
    (void) wb_url_fail_at(reader, path.ptr, err, "a SQLite URL has no user and no host");
    return wb_hint(err, "Write sqlite:app.db for a relative path, sqlite:/folder/app.db for an "
                        "absolute one.");
}

static bool strip_slashes(const wb_url_reader *reader, wb_str *path, bool *ret_may_be_empty,
                          wb_error *err)
{
    *ret_may_be_empty = wb_str_has_prefix(*path, WB_STR("//"));
    if (!*ret_may_be_empty)
        return true;
    *path = wb_str_from_offset(*path, 2);
    if (path->len == 0 || path->ptr[0] != '/')
        return check_no_host(reader, *path, err);
    *path = wb_str_from_offset(*path, 1);
    return true;
}

static bool check_file_path(const wb_url_reader *reader, const char *path, const char *at,
                            wb_error *err)
{
    if (path[0] == '~' && path[1] == '/') {
        (void) wb_url_fail_at(reader, at, err, "the path of the SQLite file begins with \"~\"");
        return wb_hint(err, "Only a shell knows \"~\". In the project file write ${HOME}.");
    }
    size_t length = strlen(path);
    if (length > 0 && path[length - 1] == '/')
        return wb_url_fail_at(reader, at, err, "the path of the SQLite file ends with \"/\"");
    return true;
}

bool wb_url_read_sqlite(wb_url_reader *reader, wb_str rest, bool is_file_uri, wb_error *err)
{
    size_t mark = rest.len;
    (void) wb_str_find_byte(rest, '?', &mark);
    wb_str path = wb_str_sub(rest, 0, mark);
    bool may_be_empty = false;
    if (!is_file_uri && !strip_slashes(reader, &path, &may_be_empty, err))
        return false;
    if (!is_file_uri && wb_str_has_prefix(path, WB_STR("file:"))) {
        path = wb_str_from_offset(path, 5);
        is_file_uri = true;
        may_be_empty = false;
    }
    if (is_file_uri && !strip_authority(reader, &path, err))
        return false;
    const char *decoded = NULL;
    if (!wb_url_decode(reader, path, "path", &decoded, err) ||
        !check_file_path(reader, decoded, path.ptr, err))
        return false;
    reader->url->database = decoded[0] == '\0' && may_be_empty ? memory : decoded;
    if (!wb_url_read_query(reader, wb_str_from_offset(rest, mark + 1), err))
        return false;
    if (reader->url->database[0] == '\0')
        return fail_no_path(reader, path.ptr, err);
    return true;
}

/* The bytes that would be read as something else than a part of the path. */
static void add_encoded(wb_buf *text, const char *path)
{
    for (const char *c = path; *c != '\0'; c++) {
        bool is_plain = (unsigned char) *c > ' ' && *c != 0x7f && strchr("%?#:", *c) == NULL;
        if (is_plain)
            wb_buf_putc(text, *c);
        else
            wb_buf_printf(text, "%%%02X", (unsigned) (unsigned char) *c);
    }
}

bool wb_url_resolve(const char *text, const char *folder, wb_arena *arena, const char **ret_text,
                    wb_error *err)
{
    wb_url url;
    if (!wb_url_parse(text, arena, &url, err))
        return false;
    *ret_text = text;
    if (url.engine != WB_ENGINE_SQLITE || strcmp(url.database, memory) == 0 ||
        url.database[0] == '/')
        return true;
    const char *path = wb_path_join(arena, folder, url.database);
    if (strcmp(path, url.database) == 0)
        return true;
    WB_AUTO_BUF(resolved, 0);
    wb_buf_printf(&resolved, "%s:", url.scheme);
    add_encoded(&resolved, path[0] == '/' ? path + strspn(path, "/") - 1 : path);
    const char *query = strchr(text, '?');
    if (query != NULL)
        wb_buf_add_str(&resolved, wb_str_trim(wb_str_from(query)));
    *ret_text = wb_str_dup(arena, wb_buf_str(&resolved));
    return true;
}
