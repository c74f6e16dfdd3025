#include "sql/maria_words.h"

/* Ordered by the first letter. */
static const struct {
    const char *text;
    wb_maria_word id;
} maria_words[] = {
    {"AGGREGATE", WB_W_HEAD},
    {"ALTER", WB_W_ALTER},
    {"AND", WB_W_AND},
    {"AS", WB_W_AS},
    {"ATOMIC", WB_W_ATOMIC},
    {"BEGIN", WB_W_BEGIN},
    {"BETWEEN", WB_W_OPERATOR},
    {"BODY", WB_W_HEAD},
    {"CALL", WB_W_VERB},
    {"CASE", WB_W_CASE},
    {"CHARACTER", WB_W_CHARACTER},
    {"CLOSE", WB_W_VERB},
    {"COMMIT", WB_W_VERB},
    {"CONTINUE", WB_W_HANDLER_TYPE},
    {"CREATE", WB_W_CREATE},
    {"CURRENT_ROLE", WB_W_HEAD},
    {"CURRENT_USER", WB_W_HEAD},
    {"DECLARE", WB_W_DECLARE},
    {"DEFINER", WB_W_HEAD},
    {"DELETE", WB_W_VERB},
    {"DIV", WB_W_OPERATOR},
    {"DO", WB_W_DO},
    {"DROP", WB_W_VERB},
    {"EACH", WB_W_EACH},
    {"ELSE", WB_W_ELSE},
    {"ELSEIF", WB_W_ELSEIF},
    {"ELSIF", WB_W_ELSEIF},
    {"END", WB_W_END},
    {"EVENT", WB_W_EVENT},
    {"EXCEPTION", WB_W_EXCEPTION},
    {"EXECUTE", WB_W_VERB},
    {"EXIT", WB_W_HANDLER_TYPE},
    {"FETCH", WB_W_VERB},
    {"FOLLOWS", WB_W_FOLLOWS},
    {"FOR", WB_W_FOR},
    {"FUNCTION", WB_W_FUNCTION},
    {"GET", WB_W_VERB},
    {"HANDLER", WB_W_HANDLER},
    {"IF", WB_W_IF},
    {"IN", WB_W_OPERATOR},
    {"INSERT", WB_W_VERB},
    {"IS", WB_W_IS},
    {"LIKE", WB_W_OPERATOR},
    {"LOOP", WB_W_LOOP},
    {"MOD", WB_W_OPERATOR},
    {"NOT", WB_W_NOT},
    {"OPEN", WB_W_VERB},
    {"OR", WB_W_OPERATOR},
    {"PACKAGE", WB_W_PACKAGE},
    {"PRECEDES", WB_W_FOLLOWS},
    {"PREPARE", WB_W_VERB},
    {"PROCEDURE", WB_W_FUNCTION},
    {"REGEXP", WB_W_OPERATOR},
    {"REPEAT", WB_W_REPEAT},
    {"REPLACE", WB_W_HEAD},
    {"RESIGNAL", WB_W_VERB},
    {"RETURN", WB_W_RETURN},
    {"RETURNS", WB_W_RETURNS},
    {"RLIKE", WB_W_OPERATOR},
    {"ROLLBACK", WB_W_VERB},
    {"ROW", WB_W_ROW},
    {"SELECT", WB_W_VERB},
    {"SET", WB_W_VERB},
    {"SIGNAL", WB_W_VERB},
    {"START", WB_W_VERB},
    {"THEN", WB_W_THEN},
    {"TRIGGER", WB_W_TRIGGER},
    {"TRUNCATE", WB_W_VERB},
    {"UNDO", WB_W_HANDLER_TYPE},
    {"UNTIL", WB_W_UNTIL},
    {"UPDATE", WB_W_VERB},
    {"VALUES", WB_W_VERB},
    {"WHEN", WB_W_WHEN},
    {"WHILE", WB_W_WHILE},
    {"WITH", WB_W_VERB},
    {"XOR", WB_W_OPERATOR},
};

wb_maria_word wb_maria_word_of(wb_str text)
{
    size_t low = 0;
    size_t high = sizeof(maria_words) / sizeof(maria_words[0]);
    char first = wb_to_upper(text.ptr[0]);
    while (low < high) { /* the first word with this letter */
        size_t middle = (low + high) / 2;
        if (maria_words[middle].text[0] < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < sizeof(maria_words) / sizeof(maria_words[0]) && maria_words[low].text[0] == first;
         low++) {
        if (wb_str_is_nocase(text, maria_words[low].text))
            return maria_words[low].id;
    }
    return WB_W_NONE;
}
