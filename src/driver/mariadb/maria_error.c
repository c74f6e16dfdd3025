#include "driver/mariadb/maria_error.h"

#include "base/utf8.h"

#include <stdio.h>

typedef struct meaning {
    unsigned number;
    wb_status connecting; /* WB_E_OK: as where nothing is known, CONNECT */
    wb_status running;
} meaning;

/* Sorted by number, for reading; below 2000 and from 3000 on the server's, between the client
 * library's. What is not here is CONNECT while connecting and QUERY afterwards. */
static const meaning meanings[] = {
    {1021, WB_E_OK, WB_E_NO_SPACE},      /* disk full */
    {1022, WB_E_OK, WB_E_CONSTRAINT},    /* duplicate key on write */
    {1044, WB_E_AUTH, WB_E_PERMISSION},  /* access denied to the database */
    {1045, WB_E_AUTH, WB_E_PERMISSION},  /* access denied */
    {1048, WB_E_OK, WB_E_CONSTRAINT},    /* column cannot be null */
    {1053, WB_E_OK, WB_E_LOST},          /* server shutdown in progress */
    {1062, WB_E_OK, WB_E_CONSTRAINT},    /* duplicate entry */
    {1095, WB_E_OK, WB_E_PERMISSION},    /* not the owner of the connection */
    {1114, WB_E_OK, WB_E_NO_SPACE},      /* table is full */
    {1130, WB_E_AUTH, WB_E_PERMISSION},  /* host is not allowed */
    {1138, WB_E_OK, WB_E_CONSTRAINT},    /* invalid use of NULL */
    {1142, WB_E_OK, WB_E_PERMISSION},    /* command denied on the table */
    {1143, WB_E_OK, WB_E_PERMISSION},    /* command denied on the column */
    {1152, WB_E_OK, WB_E_LOST},          /* aborted connection */
    {1153, WB_E_OK, WB_E_LOST},          /* packet too large: the server hangs up */
    {1158, WB_E_OK, WB_E_LOST},          /* read error */
    {1159, WB_E_OK, WB_E_LOST},          /* read timeout */
    {1160, WB_E_OK, WB_E_LOST},          /* write error */
    {1161, WB_E_OK, WB_E_LOST},          /* write timeout */
    {1205, WB_E_OK, WB_E_LOCK_TIMEOUT},  /* lock wait timeout */
    {1213, WB_E_OK, WB_E_SERIALIZATION}, /* deadlock */
    {1216, WB_E_OK, WB_E_CONSTRAINT},    /* no referenced row */
    {1217, WB_E_OK, WB_E_CONSTRAINT},    /* row is referenced */
    {1227, WB_E_OK, WB_E_PERMISSION},    /* a privilege is needed */
    {1264, WB_E_OK, WB_E_CONSTRAINT},    /* out of range */
    {1265, WB_E_OK, WB_E_CONSTRAINT},    /* data truncated */
    {1290, WB_E_OK, WB_E_READ_ONLY},     /* the server runs with --read-only or the like */
    {1292, WB_E_OK, WB_E_CONSTRAINT},    /* truncated incorrect value */
    {1364, WB_E_OK, WB_E_CONSTRAINT},    /* no default value */
    {1366, WB_E_OK, WB_E_CONSTRAINT},    /* incorrect value */
    {1370, WB_E_OK, WB_E_PERMISSION},    /* command denied on the routine */
    {1406, WB_E_OK, WB_E_CONSTRAINT},    /* data too long */
    {1410, WB_E_OK, WB_E_PERMISSION},    /* may not create a user with GRANT */
    {1419, WB_E_OK, WB_E_PERMISSION},    /* SUPER is needed with binary logging */
    {1451, WB_E_OK, WB_E_CONSTRAINT},    /* row is referenced */
    {1452, WB_E_OK, WB_E_CONSTRAINT},    /* no referenced row */
    {1557, WB_E_OK, WB_E_CONSTRAINT},    /* duplicate through a foreign key */
    {1586, WB_E_OK, WB_E_CONSTRAINT},    /* duplicate entry, key named */
    {1614, WB_E_OK, WB_E_SERIALIZATION}, /* XA deadlock */
    {1690, WB_E_OK, WB_E_CONSTRAINT},    /* value out of range in an expression */
    {1698, WB_E_AUTH, WB_E_PERMISSION},  /* access denied, without a password */
    {1761, WB_E_OK, WB_E_CONSTRAINT},    /* duplicate through a foreign key */
    {1762, WB_E_OK, WB_E_CONSTRAINT},    /* the same, details unknown */
    {1792, WB_E_OK, WB_E_READ_ONLY},     /* transaction is read-only */
    {1820, WB_E_AUTH, WB_E_PERMISSION},  /* the password must be changed */
    {1836, WB_E_OK, WB_E_READ_ONLY},     /* the server is read-only */
    {1862, WB_E_AUTH, WB_E_PERMISSION},  /* the password has expired */
    {1927, WB_E_OK, WB_E_LOST},          /* connection was killed */
    {2002, WB_E_OK, WB_E_LOST},          /* cannot connect */
    {2003, WB_E_OK, WB_E_LOST},          /* cannot connect */
    {2005, WB_E_OK, WB_E_LOST},          /* unknown host */
    {2006, WB_E_OK, WB_E_LOST},          /* server has gone away */
    {2013, WB_E_OK, WB_E_LOST},          /* lost connection */
    {2014, WB_E_OK, WB_E_INTERNAL},      /* commands out of sync */
    {2026, WB_E_OK, WB_E_LOST},          /* TLS */
    {2027, WB_E_OK, WB_E_LOST},          /* malformed packet */
    {2055, WB_E_OK, WB_E_LOST},          /* lost connection, with the system's error */
    {2059, WB_E_AUTH, WB_E_PERMISSION},  /* authentication plugin is missing */
    {3572, WB_E_OK, WB_E_LOCK_TIMEOUT},  /* MySQL: NOWAIT is set and a lock is held */
    {3819, WB_E_OK, WB_E_CONSTRAINT},    /* MySQL: check constraint */
    {4025, WB_E_OK, WB_E_CONSTRAINT},    /* MariaDB: check constraint */
    {4031, WB_E_OK, WB_E_LOST},          /* MySQL: disconnected for inactivity */
};

/* 1317 interrupted, 1969 and 3024 over the time limit: by a cancel only if one was asked for. */
static bool is_interruption(unsigned number)
{
    return number == 1317 || number == 1969 || number == 3024;
}

/* Several errors wrap the operating system's, 28 is ENOSPC, or the engine's, 135 is a full file. */
static bool tells_full_disk(const char *text)
{
    static const char *const forms[] = {"No space left on device", "rror 28 ", "rrno: 28 ",
                                        "rrno: 135 "};
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strstr(text, forms[i]) != NULL)
            return true;
    }
    return false;
}

wb_status wb_maria_error_status(unsigned number, const char *text, wb_maria_stage stage)
{
    wb_status fallback = stage == WB_MARIA_CONNECTING ? WB_E_CONNECT : WB_E_QUERY;
    if (stage == WB_MARIA_RUNNING_CANCELLED && is_interruption(number))
        return WB_E_CANCELLED;
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
        if (meanings[i].number != number)
            continue;
        if (stage != WB_MARIA_CONNECTING)
            return meanings[i].running;
        return meanings[i].connecting != WB_E_OK ? meanings[i].connecting : fallback;
    }
    return stage != WB_MARIA_CONNECTING && tells_full_disk(text) ? WB_E_NO_SPACE : fallback;
}

static void add_hint(wb_error *err)
{
    switch (err->native_code) {
    case 1153:
        wb_hint(err, "A statement is larger than the server's max_allowed_packet.");
        break;
    case 1290:
    case 1836:
        wb_hint(err, "Connect to the server that takes writes.");
        break;
    case 1419:
        wb_hint(err, "Set log_bin_trust_function_creators on the server, or give the user the "
                     "privilege.");
        break;
    default:
        break;
    }
}

bool wb_maria_fail(const wb_maria_library *library, MYSQL *handle, wb_maria_stage stage,
                   wb_error *err)
{
    unsigned number = library->error_number(handle);
    const char *text = library->error_text(handle);
    wb_status status = wb_maria_error_status(number, text, stage);
    if (status == WB_E_CANCELLED)
        wb_fail(err, status, "the work was cancelled");
    else
        wb_fail(err, status, "%s", text[0] != '\0' ? text : "the server gave no reason");
    /* Ours begin lower case; a name or an abbreviation stays as it is. */
    if (err->message[0] != '\0' && wb_to_upper(err->message[1]) != err->message[1])
        err->message[0] = wb_to_lower(err->message[0]);
    size_t length = strlen(err->message);
    if (length > 0 && err->message[length - 1] == '.')
        err->message[length - 1] = '\0';
    err->native_code = number;
    (void) snprintf(err->sqlstate, sizeof(err->sqlstate), "%s", library->sqlstate(handle));
    add_hint(err);
    return false;
}

/* Takes "near '...' at line N" apart. The text may hold quotes itself, so the last "at line"
 * counts. */
static bool parse_place(const char *message, wb_str *ret_near, uint64_t *ret_line)
{
    static const char opens[] = "near '";
    static const char closes[] = "' at line ";
    const char *near = strstr(message, opens);
    if (near == NULL)
        return false;
    near += sizeof(opens) - 1;
    const char *end = NULL;
    const char *from = near;
    while ((from = strstr(from, closes)) != NULL)
        end = from++;
    if (end == NULL)
        return false;
    *ret_near = wb_str_make(near, (size_t) (end - near));
    return wb_str_to_u64(wb_str_from(end + sizeof(closes) - 1), ret_line);
}

/* The end without the blanks and semicolons behind it: what the server takes as the end. */
static size_t trimmed_end(wb_str packet, size_t start, size_t end)
{
    while (end > start && (wb_is_space(packet.ptr[end - 1]) || packet.ptr[end - 1] == ';'))
        end--;
    return end;
}

/* The server counts lines from the first byte that is not blank. */
static size_t find_line(wb_str packet, size_t start, size_t end, uint64_t line)
{
    while (start < end && wb_is_space(packet.ptr[start]))
        start++;
    for (size_t i = start; line > 1 && i < end; i++) {
        if (packet.ptr[i] == '\n') {
            line--;
            start = i + 1;
        }
    }
    return start;
}

/* Finds `near` in the packet. What is not cut off reaches to the packet's end; else it is looked
 * for from the line on, and then, because the line is where the faulty token ends, from the start.
 */
static bool find_near(wb_str packet, size_t start, size_t line_start, wb_str near, size_t *ret_at)
{
    size_t end = trimmed_end(packet, start, packet.len);
    if (wb_str_has_suffix(wb_str_sub(packet, start, end - start), near)) {
        *ret_at = end - near.len;
        return true;
    }
    if (wb_str_find(wb_str_from_offset(packet, line_start), near, ret_at)) {
        *ret_at += line_start;
        return true;
    }
    if (!wb_str_find(wb_str_from_offset(packet, start), near, ret_at))
        return false;
    *ret_at += start;
    return true;
}

size_t wb_maria_error_offset(const char *message, wb_str packet, size_t start, size_t length)
{
    wb_str near;
    uint64_t line = 0;
    if (!parse_place(message, &near, &line))
        return SIZE_MAX;
    size_t end = trimmed_end(packet, start, start + length);
    size_t at = end;
    size_t line_start = find_line(packet, start, end, line);
    if (near.len == 0) {
        /* Not this text's end if another line follows, but that of a text run by this one. */
        bool is_last = memchr(packet.ptr + line_start, '\n', end - line_start) == NULL;
        return is_last ? end - start : SIZE_MAX;
    }
    if (!find_near(packet, start, line_start, near, &at)) {
        /* A long text is cut off, and newer servers show that by dots. */
        if (!wb_str_has_suffix(near, WB_STR("...")))
            return SIZE_MAX;
        near.len -= 3;
        if (near.len == 0 || !find_near(packet, start, line_start, near, &at))
            return SIZE_MAX;
    }
    return (at < end ? at : end) - start;
}

enum { SHOWN_BYTES = 40 };

void wb_maria_shorten_syntax_error(wb_error *err, wb_str rest)
{
    size_t length = 0;
    while (length < rest.len && rest.ptr[length] != '\n' && rest.ptr[length] != '\r')
        length++;
    wb_str shown = wb_str_trim(wb_str_sub(rest, 0, length));
    if (shown.len > SHOWN_BYTES)
        shown.len = wb_utf8_floor(shown, SHOWN_BYTES);
    if (shown.len == 0)
        (void) snprintf(err->message, sizeof(err->message), "syntax error at the end");
    else
        (void) snprintf(err->message, sizeof(err->message), "syntax error near \"%.*s\"",
                        WB_STR_ARG(shown));
}
