/* libyaml reads a document into a table of nodes; here it becomes a tree in the arena, and what
 * libyaml lets pass is refused: double keys, keys that are no text, zero bytes, second documents.
 *
 * A first pass over the events bounds the nesting and the anchors: libyaml's time grows with the
 * square of either. */
#include "project/yaml_tree.h"

#include "base/utf8.h"
#include "project/yaml_merge.h"

#include <yaml.h>

enum { DEEPEST_NODE = 32, MOST_ANCHORS = 1000 };

typedef struct builder {
    wb_yaml_file *file;
    yaml_document_t *document;
    wb_yaml_node *nodes; /* the node with id N is nodes[N - 1] */
    size_t count;
    wb_arena *arena;
} builder;

static unsigned line_of_mark(yaml_mark_t mark)
{
    return (unsigned) mark.line + 1;
}

static unsigned column_of_mark(yaml_mark_t mark)
{
    return (unsigned) mark.column + 1;
}

static bool check_yaml_text(const wb_yaml_file *file, wb_error *err)
{
    size_t offset = 0;
    if (!wb_utf8_is_valid(file->text, &offset)) {
        (void) wb_fail(err, WB_E_CONFIG, "the project file is not valid UTF-8");
        (void) wb_hint(err, "Save it as UTF-8 text.");
        /* The line is not shown: it could not be printed. */
        unsigned line = 1;
        for (size_t i = 0; i < offset; i++)
            line += file->text.ptr[i] == '\n' ? 1 : 0;
        return wb_at(err, file->path, line, 0);
    }
    if (wb_str_find_byte(file->text, '\0', &offset)) {
        (void) wb_fail(err, WB_E_CONFIG, "the project file has a zero byte");
        return wb_yaml_show_offset(file, offset, err);
    }
    return true;
}

static bool fail_yaml(const wb_yaml_file *file, const yaml_parser_t *parser, wb_error *err)
{
    const char *problem = parser->problem != NULL ? parser->problem : "out of memory";
    if (parser->error == YAML_READER_ERROR) {
        (void) wb_fail(err, WB_E_CONFIG, "the project file is no YAML: %s", problem);
        return wb_yaml_show_offset(file, parser->problem_offset, err);
    }
    unsigned line = line_of_mark(parser->problem_mark);
    if (wb_yaml_is_indented_by_tab(file, line)) {
        (void) wb_fail(err, WB_E_CONFIG, "a tab is used for indentation");
        (void) wb_hint(err, "YAML wants blanks: replace the tab by two of them.");
    } else {
        (void) wb_fail(err, WB_E_CONFIG, "the project file is no YAML: %s", problem);
        if (parser->context != NULL)
            (void) wb_detail(err, "It happened %s that begins in line %u.", parser->context,
                             line_of_mark(parser->context_mark));
        (void) wb_hint(err, "Check the indentation, and put text that has special characters, or a "
                            "colon at its end, into quotes.");
    }
    return wb_yaml_show(file, line, column_of_mark(parser->problem_mark), err);
}

static int depth_change(yaml_event_type_t type)
{
    if (type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT)
        return 1;
    return type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT ? -1 : 0;
}

static bool has_anchor(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL;
    default:
        return false;
    }
}

static bool fail_excess(const wb_yaml_file *file, yaml_mark_t mark, const char *what,
                        const char *hint, wb_error *err)
{
    (void) wb_fail(err, WB_E_CONFIG, "the project file %s", what);
    (void) wb_hint(err, "%s", hint);
    return wb_yaml_show(file, line_of_mark(mark), column_of_mark(mark), err);
}

/* Faults of the YAML are left to the second pass, which has the better words for them. */
static bool check_events(const wb_yaml_file *file, yaml_parser_t *parser, wb_error *err)
{
    int depth = 0;
    int anchors = 0;
    for (bool at_end = false; !at_end;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return true;
        at_end = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
        depth += depth_change(event.type);
        anchors += has_anchor(&event) ? 1 : 0;
        yaml_mark_t mark = event.start_mark;
        yaml_event_delete(&event);
        if (depth > DEEPEST_NODE)
            return fail_excess(file, mark, "is nested too deeply",
                               "Nothing in it needs more than five levels.", err);
        if (anchors > MOST_ANCHORS)
            return fail_excess(file, mark, "has more than a thousand anchors",
                               "Let databases that have much in common share one anchor.", err);
    }
    return true;
}

static const wb_yaml_node *node_of(const builder *b, int id)
{
    return &b->nodes[id - 1];
}

static bool build_scalar(builder *b, const yaml_node_t *from, wb_yaml_node *node, wb_error *err)
{
    size_t length = from->data.scalar.length;
    const char *value = (const char *) from->data.scalar.value;
    node->kind = WB_YAML_SCALAR;
    node->text = wb_str_make(wb_arena_strndup(b->arena, value, length), length);
    node->is_plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (memchr(value, '\0', length) == NULL)
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "a value has a zero byte");
    return wb_yaml_show_node(b->file, node, err);
}

static bool build_list(const builder *b, const yaml_node_t *from, wb_yaml_node *node)
{
    const yaml_node_item_t *first = from->data.sequence.items.start;
    node->kind = WB_YAML_LIST;
    node->count = (size_t) (from->data.sequence.items.top - first);
    node->items = WB_NEW_ARRAY(b->arena, const wb_yaml_node *, node->count);
    for (size_t i = 0; i < node->count; i++)
        node->items[i] = node_of(b, first[i]);
    return true;
}

static bool build_map(const builder *b, const yaml_node_t *from, wb_yaml_node *node)
{
    const yaml_node_pair_t *first = from->data.mapping.pairs.start;
    node->kind = WB_YAML_MAP;
    node->count = (size_t) (from->data.mapping.pairs.top - first);
    node->pairs = WB_NEW_ARRAY(b->arena, wb_yaml_pair, node->count);
    for (size_t i = 0; i < node->count; i++) {
        node->pairs[i].key = node_of(b, first[i].key);
        node->pairs[i].value = node_of(b, first[i].value);
    }
    return true;
}

static bool build_nodes(builder *b, wb_error *err)
{
    b->count = (size_t) (b->document->nodes.top - b->document->nodes.start);
    b->nodes = WB_NEW_ARRAY(b->arena, wb_yaml_node, b->count);
    for (size_t i = 0; i < b->count; i++) {
        const yaml_node_t *from = &b->document->nodes.start[i];
        wb_yaml_node *node = &b->nodes[i];
        node->line = line_of_mark(from->start_mark);
        node->column = column_of_mark(from->start_mark);
        bool ok = true;
        if (from->type == YAML_SCALAR_NODE)
            ok = build_scalar(b, from, node, err);
        else if (from->type == YAML_SEQUENCE_NODE)
            ok = build_list(b, from, node);
        else
            ok = build_map(b, from, node);
        if (!ok)
            return false;
    }
    return true;
}

/* A list, or an empty document, is a misunderstanding that deserves its own words. */
static bool check_root(const wb_yaml_file *file, const wb_yaml_node *root, wb_error *err)
{
    if (root->kind == WB_YAML_MAP && root->count > 0)
        return true;
    if (root->kind == WB_YAML_MAP || wb_yaml_is_null(root)) {
        (void) wb_fail(err, WB_E_CONFIG, "the project file sets nothing");
        (void) wb_at(err, file->path, root->line, 0);
        return wb_hint(err,
                       "Write at least \"url: sqlite:app.db\", or remove the file to work with "
                       "the defaults.");
    }
    (void) wb_fail(err, WB_E_CONFIG, "the project file is a %s, not keys with values",
                   root->kind == WB_YAML_LIST ? "list" : "text");
    (void) wb_hint(err, "Write \"key: value\" in each line, with a blank behind the colon.");
    return wb_yaml_show_node(file, root, err);
}

static bool build_tree(wb_yaml_file *file, yaml_document_t *document, wb_arena *arena,
                       wb_error *err)
{
    builder b = {.file = file, .document = document, .arena = arena};
    if (yaml_document_get_root_node(document) == NULL) {
        static const wb_yaml_node nothing = {.text = {"", 0}, .is_plain = true, .line = 1};
        return check_root(file, &nothing, err);
    }
    if (!build_nodes(&b, err) || !wb_yaml_settle_keys(file, b.nodes, b.count, arena, err) ||
        !check_root(file, b.nodes, err))
        return false;
    file->root = b.nodes;
    return true;
}

/* Is the document in `parser` the last one? */
static bool check_end(const wb_yaml_file *file, yaml_parser_t *parser, wb_error *err)
{
    yaml_document_t document;
    if (!yaml_parser_load(parser, &document))
        return fail_yaml(file, parser, err);
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    yaml_mark_t mark = document.start_mark;
    yaml_document_delete(&document);
    if (root == NULL)
        return true;
    (void) wb_fail(err, WB_E_CONFIG, "the project file has a second document");
    (void) wb_hint(err, "Remove the line \"---\" between them.");
    return wb_yaml_show(file, line_of_mark(mark), column_of_mark(mark), err);
}

static bool load(wb_yaml_file *file, yaml_parser_t *parser, wb_arena *arena, wb_error *err)
{
    yaml_document_t document;
    if (!yaml_parser_load(parser, &document))
        return fail_yaml(file, parser, err);
    bool ok = build_tree(file, &document, arena, err);
    yaml_document_delete(&document);
    return ok && check_end(file, parser, err);
}

static bool start_parser(const wb_yaml_file *file, yaml_parser_t *parser, wb_error *err)
{
    if (yaml_parser_initialize(parser) == 0)
        return wb_fail(err, WB_E_INTERNAL, "the YAML parser does not start");
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *) file->text.ptr, file->text.len);
    return true;
}

bool wb_yaml_parse(const char *path, wb_str text, wb_arena *arena, wb_yaml_file **ret_file,
                   wb_error *err)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    if (wb_str_has_prefix(text, wb_str_from(byte_order_mark)))
        text = wb_str_from_offset(text, 3);
    wb_yaml_file *file = WB_NEW(arena, wb_yaml_file);
    file->path = path;
    file->text = text;
    yaml_parser_t parser;
    if (!check_yaml_text(file, err) || !start_parser(file, &parser, err))
        return false;
    bool ok = check_events(file, &parser, err);
    yaml_parser_delete(&parser);
    if (!ok || !start_parser(file, &parser, err))
        return false;
    ok = load(file, &parser, arena, err);
    yaml_parser_delete(&parser);
    if (ok)
        *ret_file = file;
    return ok;
}
