/* The one table of the settings: parsing, defaults, variables of the environment, `whimbrel config`
 * and the documentation all come from it. */
#ifndef WB_PROJECT_KEY_TABLE_H
#define WB_PROJECT_KEY_TABLE_H

#include "base/str.h"

typedef enum wb_key_type {
    WB_KEY_TEXT,     /* const char *; not empty */
    WB_KEY_NAME,     /* const char *; letters, digits and '_', not beginning with a digit */
    WB_KEY_CHOICE,   /* const char *; one of `choices` */
    WB_KEY_PATH,     /* const char *; resolved against the project's folder */
    WB_KEY_URL,      /* const char *; so is the path of a SQLite file in it */
    WB_KEY_NUMBER,   /* unsigned */
    WB_KEY_DURATION, /* unsigned, milliseconds */
    WB_KEY_LIST,     /* wb_text_list; a single text is a list of one */
    WB_KEY_PATHS     /* wb_text_list, of paths */
} wb_key_type;

typedef struct wb_config_key {
    const char *name;    /* as in the file; "ledger.schema" is `schema` below `ledger` */
    bool is_of_database; /* below `databases.<name>`, or at the top where there is one database */
    bool is_of_one;      /* without a database's name it means nothing where there are several */
    bool is_secret;      /* shown masked */
    wb_key_type type;
    const char *fallback; /* as one would write it; NULL where there is none */
    const char *variable; /* of the environment; NULL where there is none */
    const char *choices;  /* "each|all"; NULL where the type is no choice */
    unsigned min;         /* of numbers and durations */
    unsigned max;
    size_t offset; /* of its field in wb_project or wb_database_config */
    const char *help;
} wb_config_key;

/* All keys, in the order in which they are documented. */
const wb_config_key *wb_config_keys(size_t *ret_count);
/* The key of a full name without a database, such as "ledger.schema"; NULL where there is none. */
const wb_config_key *wb_config_key_find(const char *name);
/* What a value of the key looks like, for people: "a duration such as 2s". */
const char *wb_config_key_type_text(const wb_config_key *key, wb_arena *arena);

/* A name as variables of the environment spell it: MY_DB for "my-db". */
const char *wb_config_variable_form(wb_str name, wb_arena *arena);

enum { WB_CONFIG_KEY_MAX = 32 }; /* no more keys than this; for tables indexed by key */

#endif
