/* The parameters of URLs, as data. Internal to this folder. */
#ifndef WB_PROJECT_URL_RULES_H
#define WB_PROJECT_URL_RULES_H

#include "project/url.h"

/* What becomes of a parameter's value. */
typedef enum wb_url_action {
    WB_URL_PASS,    /* any text */
    WB_URL_COUNT,   /* a whole number */
    WB_URL_MILLIS,  /* a whole number of milliseconds, passed as seconds */
    WB_URL_BUSY,    /* SQLite's timeout, passed as milliseconds */
    WB_URL_CHOICE,  /* one of the words in `choices` */
    WB_URL_OPTIONS, /* a setting of the server: joins libpq's `options` */
    WB_URL_SCHEMA,  /* as OPTIONS, the name of one schema */
    WB_URL_USER,    /* from here on: fields of wb_url */
    WB_URL_PASSWORD,
    WB_URL_HOST,
    WB_URL_PORT,
    WB_URL_DATABASE,
    WB_URL_SOCKET,
    WB_URL_IGNORE /* known, and of no concern to a migration */
} wb_url_action;

/* A word that a parameter may be, and what the driver is told; NULL means nothing. */
typedef struct wb_url_choice {
    const char *word;
    const char *told;
    bool is_switch; /* counts only where no other parameter says it in more detail: ssl=true */
} wb_url_choice;

typedef struct wb_url_rule {
    const char *name; /* compared as wb_url_is_same_word does */
    const char *told; /* the driver's name for it; for OPTIONS the server's */
    wb_url_action action;
    const wb_url_choice *choices; /* ends with a NULL word */
} wb_url_rule;

typedef struct wb_url_rule_set {
    const wb_url_rule *rules;
    size_t count;
    const char *engine; /* as people write it: "PostgreSQL" */
} wb_url_rule_set;

/* The parameters that URLs of an engine may have. */
const wb_url_rule_set *wb_url_rules(wb_engine engine);
/* The rule of a name; NULL where there is none. */
const wb_url_rule *wb_url_find_rule(const wb_url_rule_set *set, const char *name);
/* Are two names the same but for the case of letters and '-' for '_'? */
bool wb_url_is_same_word(const char *a, const char *b);

#endif
