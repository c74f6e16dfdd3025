#include "revision/revision_header.h"

#include "base/suggest.h"

/* A key and its value within a line. */
typedef struct field {
    const wb_header_line *at;
    wb_str key;
    wb_str value;
} header_field;

static bool fail_part(const wb_header *header, const wb_header_line *at, wb_str part, wb_error *err)
{
    (void) wb_at(err, header->path, at->number, 0);
    size_t offset = part.ptr != NULL ? (size_t) (part.ptr - at->line.ptr) : 0;
    return wb_show(err, at->line, offset, at->number, 1);
}

static bool is_reserved(wb_str id)
{
    return wb_str_is(id, "head") || wb_str_is(id, "heads") || wb_str_is(id, "base") ||
           wb_str_is(id, "current");
}

bool wb_revision_id_is_valid(wb_str id)
{
    if (id.len == 0 || id.len > WB_REVISION_ID_MAX)
        return false;
    for (size_t i = 0; i < id.len; i++) {
        if (!wb_is_alnum(id.ptr[i]) && id.ptr[i] != '_')
            return false;
    }
    return true;
}

static bool check_id(const wb_header *header, const header_field *field, wb_str id,
                     const char *what, wb_error *err)
{
    if (wb_revision_id_is_valid(id) && !is_reserved(id))
        return true;
    if (id.len > WB_REVISION_ID_MAX) {
        (void) wb_fail(err, WB_E_REVISION, "the %s is %zu characters long, the limit is %d", what,
                       id.len, WB_REVISION_ID_MAX);
        (void) wb_hint(err, "Shorten it.");
    } else if (is_reserved(id)) {
        (void) wb_fail(err, WB_E_REVISION, "\"%.*s\" cannot be used as %s", WB_STR_ARG(id), what);
        (void) wb_hint(err, "The words head, heads, base and current have a meaning in targets%s.",
                       wb_str_is(id, "base") ? "; leave the value empty to begin at base" : "");
    } else {
        (void) wb_fail(err, WB_E_REVISION, "\"%.*s\" is not a %s", WB_STR_ARG(id), what);
        (void) wb_hint(err, "Use letters A to Z, digits and the underscore only.");
    }
    return fail_part(header, field->at, id, err);
}

/* depends_on may name a revision of another database of the project as database@id. */
static bool check_dependency(const wb_header *header, const header_field *field, wb_str name,
                             const char *what, wb_error *err)
{
    size_t at = 0;
    if (!wb_str_find_byte(name, '@', &at))
        return check_id(header, field, name, what, err);
    return check_id(header, field, wb_str_sub(name, 0, at), "database name", err) &&
           check_id(header, field, wb_str_from_offset(name, at + 1), what, err);
}

/* Takes the next name of a list that is separated by commas, blanks or both. */
static bool next_name(wb_str *rest, wb_str *ret_name)
{
    size_t start = 0;
    while (start < rest->len && (wb_is_space(rest->ptr[start]) || rest->ptr[start] == ','))
        start++;
    size_t end = start;
    while (end < rest->len && !wb_is_space(rest->ptr[end]) && rest->ptr[end] != ',')
        end++;
    *ret_name = wb_str_sub(*rest, start, end - start);
    *rest = wb_str_from_offset(*rest, end);
    return ret_name->len != 0;
}

typedef bool check_fn(const wb_header *header, const header_field *field, wb_str name,
                      const char *what, wb_error *err);

static bool fail_twice(const wb_header *header, const header_field *field, wb_str name,
                       wb_error *err)
{
    (void) wb_fail(err, WB_E_REVISION, "%.*s names \"%.*s\" twice", WB_STR_ARG(field->key),
                   WB_STR_ARG(name));
    (void) wb_hint(err, "Name it once.");
    return fail_part(header, field->at, name, err);
}

typedef bool check_fn(const wb_header *header, const header_field *field, wb_str name,
                      const char *what, wb_error *err);

/* Reads the names of a value into an array of just their number: most headers name one. */
static bool read_names(const wb_header *header, const header_field *field, const char *what,
                       check_fn *check, wb_name **ret_names, size_t *ret_count, wb_error *err)
{
    wb_str rest = field->value;
    wb_str name;
    size_t count = 0;
    while (next_name(&rest, &name))
        count++;
    if (count == 0 || wb_str_is_nocase(field->value, "none"))
        return true;
    wb_name *names = WB_NEW_ARRAY(header->arena, wb_name, count);
    count = 0;
    rest = field->value;
    while (next_name(&rest, &name)) {
        if (!check(header, field, name, what, err))
            return false;
        for (size_t i = 0; i < count; i++) {
            if (wb_str_is(name, names[i].text))
                return fail_twice(header, field, name, err);
        }
        /* All before a name is ASCII or the line would have failed: bytes are characters. */
        unsigned column = (unsigned) (name.ptr - field->at->line.ptr) + 1;
        names[count++] = (wb_name){wb_str_dup(header->arena, name), field->at->number, column};
    }
    *ret_names = names;
    *ret_count = count;
    return true;
}

static bool set_revises(wb_header *header, const header_field *field, wb_error *err)
{
    wb_revision *revision = header->revision;
    return read_names(header, field, "revision id", check_id, &revision->revises.items,
                      &revision->revises.count, err);
}

static bool set_depends_on(wb_header *header, const header_field *field, wb_error *err)
{
    wb_revision *revision = header->revision;
    return read_names(header, field, "revision id or branch label", check_dependency,
                      &revision->depends_on.items, &revision->depends_on.count, err);
}

static bool set_branch_labels(wb_header *header, const header_field *field, wb_error *err)
{
    wb_revision *revision = header->revision;
    return read_names(header, field, "branch label", check_id, &revision->branch_labels.items,
                      &revision->branch_labels.count, err);
}

static bool set_variables(wb_header *header, const header_field *field, wb_error *err)
{
    wb_revision *revision = header->revision;
    if (!read_names(header, field, "variable name", check_id, &revision->variables.items,
                    &revision->variables.count, err))
        return false;
    revision->has_variables = revision->variables.count != 0;
    return true;
}

static bool set_revision(wb_header *header, const header_field *field, wb_error *err)
{
    if (field->value.len == 0) {
        (void) wb_fail(err, WB_E_REVISION, "the key \"revision\" has no value");
        (void) wb_hint(err, "Give the file an id of its own, such as 12 random hex digits.");
        return fail_part(header, field->at, field->key, err);
    }
    if (!check_id(header, field, field->value, "revision id", err))
        return false;
    header->revision->id = wb_str_dup(header->arena, field->value);
    header->revision->id_line = field->at->number;
    return true;
}

static bool set_create_date(wb_header *header, const header_field *field, wb_error *err)
{
    (void) err;
    if (field->value.len != 0)
        header->revision->create_date = wb_str_dup(header->arena, field->value);
    return true;
}

static bool set_message(wb_header *header, const header_field *field, wb_error *err)
{
    (void) err;
    header->revision->message = wb_str_dup(header->arena, field->value);
    return true;
}

typedef struct header_key {
    const char *name;
    bool (*set)(wb_header *header, const header_field *field, wb_error *err);
} header_key;

static const header_key keys[] = {
    {"revision", set_revision},
    {"revises", set_revises},
    {"branch_labels", set_branch_labels},
    {"depends_on", set_depends_on},
    {"create_date", set_create_date},
    {"variables", set_variables},
    {"message", set_message},
};
enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static const header_key *find_key(wb_str name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (wb_str_is(name, keys[i].name))
            return &keys[i];
    }
    return NULL;
}

/* Splits `word: value`. */
static bool split_field(const wb_header_line *at, header_field *ret_field)
{
    size_t end = 0;
    wb_str text = at->text;
    while (end < text.len &&
           ((text.ptr[end] >= 'a' && text.ptr[end] <= 'z') || text.ptr[end] == '_'))
        end++;
    if (end == 0 || end == text.len || text.ptr[end] != ':')
        return false;
    *ret_field = (header_field){at, wb_str_sub(text, 0, end),
                                wb_str_trim(wb_str_from_offset(text, end + 1))};
    return true;
}

static bool is_known_field(const wb_header_line *at)
{
    header_field found;
    return split_field(at, &found) && find_key(found.key) != NULL;
}

bool wb_header_is_message(wb_str text)
{
    wb_header_line line = {.text = wb_str_trim(text), .line = text};
    return line.text.len != 0 && !is_known_field(&line);
}

void wb_header_init(wb_header *header, const char *path, wb_revision *revision, wb_arena *arena,
                    wb_arena *scratch)
{
    *header = (wb_header){.path = path, .revision = revision, .arena = arena, .scratch = scratch};
    revision->path = path;
    revision->message = "";
}

static bool fail_not_a_key(const wb_header *header, const wb_header_line *at, wb_error *err)
{
    WB_SCRATCH(tmp);
    const char *names[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++)
        names[i] = keys[i].name;
    wb_str word = at->text;
    size_t colon = word.len;
    bool has_colon = wb_str_find_byte(word, ':', &colon);
    word = wb_str_sub(wb_str_trim(wb_str_sub(word, 0, colon)), 0, 40);
    const char *suggestion = wb_suggest(tmp, word, names, KEY_COUNT);
    if (has_colon)
        (void) wb_fail(err, WB_E_REVISION, "unknown key \"%.*s\"", WB_STR_ARG(word));
    else
        (void) wb_fail(err, WB_E_REVISION, "this line stands among the keys but is none");
    (void) wb_detail(err, "The first comment line of a file is its message; lines that touch a "
                          "key must be keys too.");
    (void) wb_hint(err,
                   "%s%sKeys are written as \"-- key: value\"; set other words apart by an "
                   "empty line.",
                   suggestion != NULL ? suggestion : "", suggestion != NULL ? " " : "");
    return fail_part(header, at, at->text, err);
}

static bool set_field(wb_header *header, const header_field *field, wb_error *err)
{
    const header_key *key = find_key(field->key);
    unsigned bit = (unsigned) (key - keys);
    if ((header->seen & 1U << bit) != 0) {
        (void) wb_fail(err, WB_E_REVISION, "the key \"%s\" stands twice in the header", key->name);
        (void) wb_detail(err, "It stands in line %u already.", header->lines[bit]);
        (void) wb_hint(err, "Keep one of them; several names go on one line.");
        return fail_part(header, field->at, field->key, err);
    }
    header->seen |= 1U << bit;
    header->lines[bit] = field->at->number;
    return key->set(header, field, err);
}

static bool is_near_revision(wb_str text)
{
    size_t end = 0;
    while (end < text.len && !wb_is_space(text.ptr[end]) && text.ptr[end] != ':')
        end++;
    return end >= 6 && end <= 10 &&
           wb_suggest_distance(wb_str_sub(text, 0, end), WB_STR("revision")) <= 2;
}

/* Reads the lines since the last empty one. Words around the keys are free, but between keys a
 * line that is none is a fault: a slip in `revises` would make a new base. */
static bool end_block(wb_header *header, wb_error *err)
{
    bool has_key = false;
    for (size_t i = 0; i < header->block.count; i++)
        has_key = has_key || is_known_field(&header->block.items[i]);
    for (size_t i = 0; i < header->block.count; i++) {
        const wb_header_line *at = &header->block.items[i];
        header_field found;
        bool is_field = split_field(at, &found);
        bool is_first = !header->has_first;
        header->has_first = true;
        if (is_field && find_key(found.key) != NULL) {
            if (!set_field(header, &found, err))
                return false;
            continue;
        }
        if (header->near_miss.number == 0 && is_near_revision(at->text))
            header->near_miss = *at;
        if (is_first)
            header->revision->message = wb_str_dup(header->arena, at->text);
        else if (has_key)
            return fail_not_a_key(header, at, err);
    }
    header->block.count = 0;
    return true;
}

bool wb_header_add(wb_header *header, wb_str line, unsigned number, wb_error *err)
{
    wb_str text = wb_str_trim(line);
    while (text.len > 0 && text.ptr[0] == '-')
        text = wb_str_from_offset(text, 1);
    text = wb_str_trim(text);
    if (text.len == 0)
        return end_block(header, err);
    WB_LIST_ADD(header->scratch, &header->block, ((wb_header_line){text, line, number}));
    return true;
}

bool wb_header_finish(wb_header *header, unsigned number, wb_error *err)
{
    if (!end_block(header, err))
        return false;
    if (header->revision->id != NULL)
        return true;
    (void) wb_fail(err, WB_E_REVISION, "the header has no \"revision\" key");
    (void) wb_at(err, header->path, number, 0);
    (void) wb_hint(err,
                   "Write the id above the first marker, as in \"-- revision: 2963c4558295\".");
    if (header->near_miss.number == 0)
        return false;
    (void) wb_hint(err, "This line may be meant; write it as \"-- revision: id\".");
    return fail_part(header, &header->near_miss, header->near_miss.text, err);
}
