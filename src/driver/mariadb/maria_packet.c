#include "driver/mariadb/maria_packet.h"

/* Large enough to make round trips cheap, small enough for any max_allowed_packet in use. */
enum { FULL_BYTES = 256 * 1024, FULL_ENTRIES = 512 };

/* On a line of its own, so that a comment at the end of a statement does not take it along. */
static const char separator[] = "\n;\n";

void wb_maria_packet_init(wb_maria_packet *packet)
{
    *packet = (wb_maria_packet){.arena = wb_arena_new()};
    wb_buf_init(&packet->text, 0);
}

void wb_maria_packet_clear(wb_maria_packet *packet)
{
    wb_buf_clear(&packet->text);
    wb_arena_free(packet->arena);
    packet->arena = NULL;
}

void wb_maria_packet_reset(wb_maria_packet *packet)
{
    /* One huge statement should not hold its memory for as long as the session lives. */
    if (packet->text.capacity > (size_t) 4 * FULL_BYTES)
        wb_buf_clear(&packet->text);
    else
        wb_buf_reset(&packet->text);
    wb_arena_clear(packet->arena);
    packet->entries.items = NULL;
    packet->entries.count = packet->entries.capacity = 0;
    packet->insertions.items = NULL;
    packet->insertions.count = packet->insertions.capacity = 0;
}

size_t wb_maria_packet_estimate(const wb_request *request)
{
    enum { AROUND_VALUE = 24 }; /* quotes, or a number */
    size_t size = request->sql.len;
    for (size_t i = 0; i < request->arg_count; i++) {
        bool is_text = request->args[i].kind == WB_TEXT;
        size += AROUND_VALUE + (is_text ? 2 * request->args[i].text.len : 0);
    }
    return size;
}

bool wb_maria_packet_has_room(const wb_maria_packet *packet, const wb_maria_traits *traits,
                              size_t size)
{
    size_t count = packet->entries.count;
    if (count == 0)
        return true;
    if (packet->text.len + size > FULL_BYTES)
        return false;
    const wb_maria_entry *last = &packet->entries.items[count - 1];
    return traits->can_share && last->traits.can_share && (last->row == NULL || traits->is_read);
}

bool wb_maria_packet_is_full(const wb_maria_packet *packet)
{
    return packet->text.len >= FULL_BYTES || packet->entries.count >= FULL_ENTRIES;
}

/* A blank before a number keeps "1-?" from becoming a comment. */
static void add_value(wb_buf *text, const wb_value *value)
{
    switch (value->kind) {
    case WB_NULL:
        wb_buf_puts(text, "NULL");
        return;
    case WB_INT:
        wb_buf_printf(text, " %lld", (long long) value->number);
        return;
    case WB_TEXT:
        wb_sql_literal(text, wb_dialect_of(WB_MARIADB), value->text);
        return;
    }
}

static bool fail_count(size_t wanted, size_t given, wb_error *err)
{
    wb_fail(err, WB_E_USAGE, "the statement has %zu placeholders but %zu arguments", wanted, given);
    return wb_hint(err, "Give one argument for each ? outside of quotes and comments.");
}

/* Copies the statement with each placeholder replaced. Where the number is wrong, the packet is
 * left with half a statement, which the caller takes away. */
static bool add_with_args(wb_maria_packet *packet, const wb_request *request,
                          bool backslash_escapes, wb_error *err)
{
    wb_maria_lexer lexer = wb_maria_lexer_make(request->sql, backslash_escapes);
    wb_maria_token token;
    size_t copied = 0;
    size_t used = 0;
    while ((token = wb_maria_lexer_next(&lexer)).kind != WB_MARIA_END) {
        if (token.kind != WB_MARIA_PLACEHOLDER)
            continue;
        if (used++ >= request->arg_count)
            continue;
        wb_buf_add(&packet->text, request->sql.ptr + copied, token.at - copied);
        copied = token.at + token.length;
        wb_maria_insertion place = {.sql_at = token.at, .packet_at = packet->text.len};
        add_value(&packet->text, &request->args[used - 1]);
        place.length = packet->text.len - place.packet_at;
        WB_LIST_ADD(packet->arena, &packet->insertions, place);
    }
    if (used != request->arg_count)
        return fail_count(used, request->arg_count, err);
    wb_buf_add_str(&packet->text, wb_str_from_offset(request->sql, copied));
    return true;
}

bool wb_maria_packet_add(wb_maria_packet *packet, const wb_request *request,
                         const wb_maria_traits *traits, bool backslash_escapes, wb_error *err)
{
    size_t old_length = packet->text.len;
    size_t old_insertions = packet->insertions.count;
    if (packet->entries.count > 0)
        wb_buf_puts(&packet->text, separator);
    wb_maria_entry entry = {.at = packet->text.len,
                            .sql_length = request->sql.len,
                            .first_insertion = old_insertions,
                            .traits = *traits,
                            .row = request->row,
                            .answer = request->answer,
                            .arg = request->arg};
    if (request->arg_count == 0) {
        wb_buf_add_str(&packet->text, request->sql);
    } else if (!add_with_args(packet, request, backslash_escapes, err)) {
        packet->text.len = old_length;
        if (packet->text.ptr != NULL)
            packet->text.ptr[old_length] = '\0';
        packet->insertions.count = old_insertions;
        return false;
    }
    entry.length = packet->text.len - entry.at;
    entry.insertion_count = packet->insertions.count - old_insertions;
    WB_LIST_ADD(packet->arena, &packet->entries, entry);
    return true;
}

wb_str wb_maria_packet_text(const wb_maria_packet *packet, const wb_maria_entry *entry)
{
    return wb_str_sub(wb_buf_str(&packet->text), entry->at, entry->length);
}

size_t wb_maria_packet_sql_offset(const wb_maria_packet *packet, const wb_maria_entry *entry,
                                  size_t offset)
{
    size_t at = entry->at + offset;
    size_t shift = entry->at; /* what to take away to get from `at` to the submitted text */
    for (size_t i = 0; i < entry->insertion_count; i++) {
        const wb_maria_insertion *place = &packet->insertions.items[entry->first_insertion + i];
        if (at < place->packet_at)
            break;
        if (at < place->packet_at + place->length)
            return place->sql_at;
        shift = place->packet_at + place->length - (place->sql_at + 1);
    }
    size_t result = at - shift;
    return result < entry->sql_length ? result : entry->sql_length;
}
