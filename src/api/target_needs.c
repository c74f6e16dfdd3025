/* What a call needs of a target: its URL, its revisions, a connection. Files are read while the
 * server answers, since connecting is mostly waiting. */
#include "api/workspace.h"
#include "engine/cluster_lock.h"

static bool fail_no_url(const wb_target *target, wb_error *err)
{
    wb_fail(err, WB_E_CONFIG, "no URL is set for the database \"%s\"", target->config->name);
    return wb_hint(err, "Set DATABASE_URL, or `url` in whimbrel.yaml, or give --url; for example "
                        "sqlite:app.db or postgresql://user@host/name.");
}

bool wb_target_need_url(wb_target *target, wb_error *err)
{
    if (target->has_url)
        return true;
    if (target->config->url_text == NULL || target->config->url_text[0] == '\0')
        return fail_no_url(target, err);
    target->has_url =
        wb_url_parse(target->config->url_text, target->workspace->arena, &target->url, err);
    return target->has_url ||
           wb_while(err, "reading the URL of the database \"%s\"", target->config->name);
}

bool wb_target_go_direct(wb_target *target, wb_error *err)
{
    const char *text = target->config->direct_url_text;
    wb_url url;
    if (target->is_direct || text == NULL || text[0] == '\0')
        return true;
    if (!wb_target_need_url(target, err))
        return false;
    if (!wb_url_parse(text, target->workspace->arena, &url, err))
        return wb_while(err, "reading direct_url of the database \"%s\"", target->config->name);
    if (url.engine != target->url.engine) {
        wb_fail(err, WB_E_CONFIG, "url and direct_url of the database \"%s\" are of two engines",
                target->config->name);
        return wb_hint(err, "direct_url names the same database, past the pooler.");
    }
    wb_target_disconnect(target);
    target->url = url;
    target->is_direct = true;
    return true;
}

static bool load_revisions(wb_target *target, bool want_checksums, wb_error *err)
{
    wb_arena *arena = target->workspace->arena;
    const wb_database_config *config = target->config;
    wb_folder_options how = {.folders = config->migrations.items,
                             .folder_count = config->migrations.count,
                             .want_checksums = want_checksums};
    return wb_revisions_load(&how, arena, &target->set, err) &&
           wb_graph_build(target->set, arena, &target->graph, err);
}

bool wb_target_need_revisions(wb_target *target, wb_error *err)
{
    return target->graph != NULL || load_revisions(target, false, err);
}

/* Opens a session; `role` may be NULL. */
static bool open_session(wb_target *target, const char *role, wb_session **ret_session,
                         wb_error *err)
{
    const wb_workspace *workspace = target->workspace;
    WB_SCRATCH(tmp);
    wb_connect_options how = {
        .timeout_ms = target->config->connect_timeout_ms,
        .name = wb_arena_printf(tmp, "whimbrel %s%s%s", workspace->options.command,
                                role != NULL ? " " : "", role != NULL ? role : ""),
        .cancelled = &workspace->cancelled,
    };
    return wb_target_need_url(target, err) && wb_session_open(&target->url, &how, ret_session, err);
}

static bool connect_target(wb_target *target, wb_error *err)
{
    wb_workspace *workspace = target->workspace;
    wb_session *session = NULL;
    if (!open_session(target, NULL, &session, err))
        return false;
    (void) pthread_mutex_lock(&workspace->sessions);
    target->session = session;
    (void) pthread_mutex_unlock(&workspace->sessions);
    if (atomic_load(&workspace->cancelled))
        return wb_fail(err, WB_E_CANCELLED, "cancelled");
    return true;
}

bool wb_target_need_session(wb_target *target, wb_error *err)
{
    if (target->session != NULL && target->session->lost)
        wb_target_disconnect(target);
    return target->session != NULL || connect_target(target, err);
}

void wb_target_disconnect(wb_target *target)
{
    (void) pthread_mutex_lock(&target->workspace->sessions);
    wb_session *session = target->session;
    target->session = NULL;
    (void) pthread_mutex_unlock(&target->workspace->sessions);
    wb_session_close(session);
}

/* ---- files and connection at the same time ---- */

typedef struct connecting {
    wb_target *target;
    bool ok;
    wb_error err;
} connecting;

static void *connect_in_thread(void *arg)
{
    connecting *work = arg;
    work->ok = wb_target_need_session(work->target, &work->err);
    return NULL;
}

/* The URL must be known before, since both sides allocate from the workspace's arena. */
static bool load_and_connect(wb_target *target, wb_error *err)
{
    pthread_t thread;
    connecting work = {.target = target};
    bool is_remote = target->url.engine != WB_ENGINE_SQLITE;
    bool is_threaded = is_remote && pthread_create(&thread, NULL, connect_in_thread, &work) == 0;
    bool loaded = load_revisions(target, true, err);
    if (is_threaded)
        (void) pthread_join(thread, NULL);
    else if (loaded)
        (void) connect_in_thread(&work);
    if (!loaded)
        return false;
    if (!work.ok)
        *err = work.err;
    return work.ok;
}

/* ---- further sessions ---- */

static bool open_another(void *arg, const char *role, wb_session **ret_session, wb_error *err)
{
    return open_session(arg, role, ret_session, err);
}

/* The old session is lost, but the run looks at it until there is another. */
static bool open_anew(void *arg, wb_session **ret_session, wb_error *err)
{
    wb_target *target = arg;
    wb_workspace *workspace = target->workspace;
    wb_session *fresh = NULL;
    if (!open_session(target, NULL, &fresh, err))
        return false;
    (void) pthread_mutex_lock(&workspace->sessions);
    wb_session *old = target->session;
    target->session = fresh;
    *ret_session = fresh;
    (void) pthread_mutex_unlock(&workspace->sessions);
    wb_session_close(old);
    if (atomic_load(&workspace->cancelled))
        return wb_fail(err, WB_E_CANCELLED, "cancelled");
    return true;
}

static void cancel_session(void *arg)
{
    wb_target *target = arg;
    (void) pthread_mutex_lock(&target->workspace->sessions);
    if (target->session != NULL)
        wb_session_cancel(target->session);
    (void) pthread_mutex_unlock(&target->workspace->sessions);
}

void wb_target_context(wb_target *target, const char *command, wb_context *ret_context)
{
    static const wb_dialect_id dialects[] = {
        [WB_ENGINE_SQLITE] = WB_SQLITE,
        [WB_ENGINE_POSTGRES] = WB_POSTGRES,
        [WB_ENGINE_MARIADB] = WB_MARIADB,
    };
    wb_workspace *workspace = target->workspace;
    wb_engine engine = target->has_url ? target->url.engine : WB_ENGINE_SQLITE;
    *ret_context = (wb_context){
        .target = target->config->name,
        .command = command,
        .config = target->config,
        .dialect = wb_dialect_of(dialects[engine]),
        .set = target->set,
        .graph = target->graph,
        .session = target->session,
        .connector = {.open = open_another,
                      .reopen = open_anew,
                      .cancel = cancel_session,
                      .arg = target},
        .cluster = wb_cluster_lock_new(workspace->arena),
        .events = &workspace->events,
        .arena = target->workspace->arena,
        .who = workspace->options.who,
        .host = workspace->options.host,
        .cancelled = &workspace->cancelled,
        .event = workspace->options.event,
        .event_arg = workspace->options.event_arg,
    };
}

bool wb_target_need_all(wb_target *target, const char *command, wb_context *ret_context,
                        wb_error *err)
{
    if (!wb_target_need_url(target, err))
        return false;
    bool ok = target->graph == NULL && target->session == NULL
                  ? load_and_connect(target, err)
                  : wb_target_need_revisions(target, err) && wb_target_need_session(target, err);
    if (ok)
        wb_target_context(target, command, ret_context);
    return ok;
}

const char *wb_target_url(const wb_target *target)
{
    if (target->has_url)
        return target->url.masked;
    const char *text = target->config->url_text;
    return text == NULL ? NULL : wb_mask_secrets(text, target->workspace->arena);
}
