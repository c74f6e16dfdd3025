/* Any bytes as a URL, as a password in one, and as a text in which a URL is to be masked. */
#include "base/buf.h"
#include "project/url.h"

#include <stdlib.h>

/* NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_true)
{
    if (!is_true)
        abort();
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What is shown must say the same as the URL, but for the secrets. */
static void check_masked(const wb_url *url, wb_arena *arena)
{
    wb_url shown;
    wb_error err;
    require(wb_url_parse(url->masked, arena, &shown, &err));
    require(shown.engine == url->engine);
    require(is_same(shown.user, url->user));
    require(is_same(shown.host, url->host));
    require(is_same(shown.ports, url->ports));
    require(is_same(shown.socket, url->socket));
    require(is_same(shown.database, url->database));
    require(shown.parameters.count == url->parameters.count);
    bool has_password = url->password != NULL && url->password[0] != '\0';
    require(!has_password || is_same(shown.password, "***"));
}

static void check_parsed(const char *text, wb_arena *arena)
{
    wb_url url;
    wb_error err = {0};
    const char *resolved = NULL;
    if (!wb_url_parse(text, arena, &url, &err)) {
        require(err.status == WB_E_CONFIG && err.message[0] != '\0');
        return;
    }
    check_masked(&url, arena);
    for (size_t i = 0; i < url.parameters.count; i++)
        require(url.parameters.items[i].value[0] != '\0');
    require(wb_url_resolve(text, "/folder", arena, &resolved, &err));
    require(wb_url_parse(resolved, arena, &url, &err));
    require(url.engine != WB_ENGINE_SQLITE || url.database[0] == '/' ||
            strcmp(url.database, ":memory:") == 0);
}

/* Whatever a password is, encoded it comes back as it was, and is not shown. */
static void check_password(wb_str password, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "postgresql://u:");
    for (size_t i = 0; i < password.len && i < 1000; i++)
        wb_buf_printf(&text, "%%%02x", (unsigned) (unsigned char) password.ptr[i]);
    wb_buf_puts(&text, "@h:1/d?sslmode=require");
    wb_url url;
    wb_error err;
    bool has_zero = memchr(password.ptr, '\0', password.len) != NULL;
    bool ok = wb_url_parse(wb_buf_text(&text), arena, &url, &err);
    require(ok || has_zero);
    if (!ok || password.len > 1000)
        return;
    require(strcmp(url.password, password.ptr) == 0);
    require(strcmp(url.host, "h") == 0 && strcmp(url.database, "d") == 0);
    const char *shown = password.len > 0 ? "postgresql://u:***@h:1/d?sslmode=require"
                                         : "postgresql://u:@h:1/d?sslmode=require";
    require(strcmp(url.masked, shown) == 0);
}

static void check_text(const char *text, wb_arena *arena)
{
    const char *whole = wb_arena_printf(arena, "%s postgresql://u:Canary7@h/d", text);
    bool was_there = strstr(text, "Canary7") != NULL;
    require(was_there || strstr(wb_mask_secrets(whole, arena), "Canary7") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    WB_SCRATCH(arena);
    const char *text = wb_arena_strndup(arena, (const char *) data, size);
    check_parsed(text, arena);
    check_password(wb_str_make(text, size), arena);
    check_text(text, arena);
    return 0;
}
