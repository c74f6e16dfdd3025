/* Many statements as one text.
 *
 * The server takes several statements in one packet, runs them in order, sends a result for each,
 * and stops at the first that fails: exactly what a queue needs. Three things must hold. A
 * statement's result must be known as its own, so what may give several results (CALL, a compound
 * statement) travels alone. A text must not swallow the one behind it, so they are joined by a
 * semicolon on a line of its own, and a text with something unterminated travels alone. And where
 * arguments were put in for placeholders, an error's position must lead back into the text that the
 * caller knows. */
#ifndef WB_DRIVER_MARIADB_MARIA_PACKET_H
#define WB_DRIVER_MARIADB_MARIA_PACKET_H

#include "base/list.h"
#include "driver/driver.h"
#include "driver/mariadb/maria_text.h"

/* An argument in the place of a placeholder. */
typedef struct wb_maria_insertion {
    size_t sql_at;    /* the placeholder's offset in the statement as it was submitted */
    size_t packet_at; /* of the argument's first byte */
    size_t length;
} wb_maria_insertion;

typedef struct wb_maria_entry {
    size_t at; /* in the packet */
    size_t length;
    size_t sql_length; /* as submitted */
    size_t first_insertion;
    size_t insertion_count;
    wb_maria_traits traits;
    wb_row_fn *row;
    wb_answer_fn *answer;
    void *arg;
} wb_maria_entry;

typedef struct wb_maria_packet {
    wb_buf text;
    wb_arena *arena; /* of the lists */
    WB_LIST(wb_maria_entry) entries;
    WB_LIST(wb_maria_insertion) insertions;
} wb_maria_packet;

void wb_maria_packet_init(wb_maria_packet *packet);
void wb_maria_packet_clear(wb_maria_packet *packet);
/* Empties it and keeps its memory. */
void wb_maria_packet_reset(wb_maria_packet *packet);

/* How large a statement may become when its arguments are put in. */
size_t wb_maria_packet_estimate(const wb_request *request);

/* May a statement of that size, with these traits, join what is in the packet? An empty packet
 * takes anything. A statement that changes something does not ride behind one whose rows the caller
 * looks at: a row function that fails must still be able to prevent it. */
bool wb_maria_packet_has_room(const wb_maria_packet *packet, const wb_maria_traits *traits,
                              size_t size);
/* Is it so large that it should be sent? */
bool wb_maria_packet_is_full(const wb_maria_packet *packet);

/* Adds a statement with its arguments put in. Errors: USAGE where their number is wrong. */
bool wb_maria_packet_add(wb_maria_packet *packet, const wb_request *request,
                         const wb_maria_traits *traits, bool backslash_escapes, wb_error *err);

/* The text of an entry as it is sent. */
wb_str wb_maria_packet_text(const wb_maria_packet *packet, const wb_maria_entry *entry);
/* From an offset in the text of an entry as it is sent to one in the text as it was submitted. */
size_t wb_maria_packet_sql_offset(const wb_maria_packet *packet, const wb_maria_entry *entry,
                                  size_t offset);

#endif
