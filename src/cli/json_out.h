/* JSON for programs, made by jansson. A value given to a container belongs to it. */
#ifndef WB_CLI_JSON_OUT_H
#define WB_CLI_JSON_OUT_H

#include "cli/term.h"

#include <whimbrel/whimbrel.h>

#include <jansson.h>

/* A string; NULL is null. Bytes that are not UTF-8 become U+FFFD. */
json_t *wb_json_text(const char *text);
/* The same, with null for an empty text. */
json_t *wb_json_text_or_null(const char *text);
/* A line or column; null for 0. */
json_t *wb_json_place(unsigned number);
json_t *wb_json_texts(const char *const *texts, size_t count);
/* A time as "2025-10-24T18:07:12Z"; null for 0. */
json_t *wb_json_time(int64_t time_us);
void wb_json_set(json_t *object, const char *key, json_t *value);
void wb_json_add(json_t *array, json_t *value);
/* Prints one line and releases the value. */
void wb_json_print(wb_term *term, json_t *value);

json_t *wb_json_revision(const char *target, const wb_revision_info *info);
json_t *wb_json_plan(const wb_plan_info *plan);
json_t *wb_json_event(const wb_event *event);

#endif
