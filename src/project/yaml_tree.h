/* A YAML file as a tree in which every value knows its place. Aliases and merge keys (<<) are
 * resolved; a tree may therefore share parts, and even contain itself: walk it to a fixed depth. */
#ifndef WB_PROJECT_YAML_TREE_H
#define WB_PROJECT_YAML_TREE_H

#include "base/fail.h"
#include "base/list.h"

typedef enum wb_yaml_kind { WB_YAML_SCALAR, WB_YAML_LIST, WB_YAML_MAP } wb_yaml_kind;

typedef struct wb_yaml_node wb_yaml_node;

typedef struct wb_yaml_pair {
    const wb_yaml_node *key; /* a scalar; unique in its map */
    const wb_yaml_node *value;
} wb_yaml_pair;

struct wb_yaml_node {
    wb_yaml_kind kind;
    wb_str text;   /* WB_YAML_SCALAR: zero-terminated, without zeros inside */
    bool is_plain; /* WB_YAML_SCALAR: not quoted */
    unsigned line; /* 1-based, also the column, in characters */
    unsigned column;
    const wb_yaml_node **items; /* WB_YAML_LIST */
    wb_yaml_pair *pairs;        /* WB_YAML_MAP */
    size_t count;               /* of items or pairs */
};

typedef struct wb_yaml_file {
    const char *path;
    wb_str text;
    const wb_yaml_node *root;
} wb_yaml_file;

/* Reads `text`, one YAML document that is not empty; `path` is for errors. Fails with CONFIG and
 * the place on bad YAML, a key that is there twice or is no text, a value with a zero byte, a
 * second document, text that is not UTF-8. */
bool wb_yaml_parse(const char *path, wb_str text, wb_arena *arena, wb_yaml_file **ret_file,
                   wb_error *err);
/* Puts a place of the file, and its line with secrets hidden, into an error that is filled. Returns
 * false. */
bool wb_yaml_show(const wb_yaml_file *file, unsigned line, unsigned column, wb_error *err);
/* As wb_yaml_show, for the place of a node. */
bool wb_yaml_show_node(const wb_yaml_file *file, const wb_yaml_node *node, wb_error *err);
/* As wb_yaml_show_node, but of the line only what stands before the node. */
bool wb_yaml_show_secret(const wb_yaml_file *file, const wb_yaml_node *node, wb_error *err);
/* As wb_yaml_show, for the place of a byte of the text. */
bool wb_yaml_show_offset(const wb_yaml_file *file, size_t offset, wb_error *err);
/* Does the line begin with blanks among which there is a tab? */
bool wb_yaml_is_indented_by_tab(const wb_yaml_file *file, unsigned line);
/* Is it the null of YAML: nothing at all, ~, or null? */
bool wb_yaml_is_null(const wb_yaml_node *node);

#endif
