#include "engine/run_plan.h"

static wb_applied copy_applied(const wb_graph *graph, const wb_applied *applied, wb_arena *arena)
{
    wb_applied copy = wb_applied_none(graph, arena);
    copy.count = applied->count;
    if (wb_graph_count(graph) > 0)
        memcpy(copy.flags, applied->flags, wb_graph_count(graph) * sizeof(*copy.flags));
    return copy;
}

static void set_applied(wb_applied *applied, uint32_t index, bool flag)
{
    if (applied->flags[index] == flag)
        return;
    applied->flags[index] = flag;
    applied->count += flag ? 1 : (size_t) -1;
}

/* A stamp's steps: what it records, oldest first, and what it forgets. */
static bool plan_stamp(const wb_graph *graph, const char *const *targets, size_t target_count,
                       const wb_applied *applied, wb_arena *arena, wb_plan *plan, wb_error *err)
{
    if (!wb_graph_plan_stamp(graph, targets, target_count, applied, arena, &plan->after, err))
        return false;
    for (uint32_t i = 0; i < wb_graph_count(graph); i++) {
        if (plan->after.flags[i] && !applied->flags[i])
            WB_LIST_ADD(arena, &plan->steps, i);
        else if (!plan->after.flags[i] && applied->flags[i])
            WB_LIST_ADD(arena, &plan->forgotten, i);
    }
    return true;
}

bool wb_plan_make(const wb_graph *graph, const char *command, const char *const *targets,
                  size_t target_count, const wb_applied *applied, wb_arena *arena,
                  wb_plan *ret_plan, wb_error *err)
{
    wb_plan plan = {.command = command, .before = copy_applied(graph, applied, arena)};
    if (strcmp(command, "stamp") == 0) {
        if (!plan_stamp(graph, targets, target_count, applied, arena, &plan, err))
            return false;
        *ret_plan = plan;
        return true;
    }
    plan.down = strcmp(command, "downgrade") == 0;
    bool ok =
        plan.down
            ? wb_graph_plan_downgrade(graph, targets[0], applied, arena, &plan.steps, err)
            : wb_graph_plan_upgrade(graph, targets, target_count, applied, arena, &plan.steps, err);
    if (!ok)
        return false;
    plan.after = copy_applied(graph, applied, arena);
    for (size_t i = 0; i < plan.steps.count; i++)
        set_applied(&plan.after, plan.steps.items[i], !plan.down);
    *ret_plan = plan;
    return true;
}

const char *const *wb_plan_ids(const wb_graph *graph, const wb_index_list *list, wb_arena *arena)
{
    const char **ids = WB_NEW_ARRAY(arena, const char *, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        ids[i] = wb_arena_strdup(arena, wb_graph_revision(graph, list->items[i])->id);
    return ids;
}

static wb_step_info describe_step(const wb_graph *graph, uint32_t index, const char *direction,
                                  wb_arena *arena)
{
    const wb_revision *revision = wb_graph_revision(graph, index);
    return (wb_step_info){.revision = wb_arena_strdup(arena, revision->id),
                          .direction = direction,
                          .message = wb_arena_strdup(arena, revision->message),
                          .path = wb_arena_strdup(arena, revision->path)};
}

void wb_plan_describe(const wb_context *context, const wb_plan *plan, wb_arena *arena,
                      wb_plan_info *ret_info)
{
    const wb_graph *graph = context->graph;
    wb_index_list current = wb_graph_current(graph, &plan->before, arena);
    wb_index_list after = wb_graph_current(graph, &plan->after, arena);
    bool is_stamp = strcmp(plan->command, "stamp") == 0;
    const char *direction = is_stamp ? "record" : plan->down ? "down" : "up";
    size_t count = plan->steps.count + plan->forgotten.count;
    wb_step_info *steps = WB_NEW_ARRAY(arena, wb_step_info, count + 1);
    size_t used = 0;
    for (size_t i = plan->forgotten.count; i > 0; i--)
        steps[used++] = describe_step(graph, plan->forgotten.items[i - 1], "forget", arena);
    for (size_t i = 0; i < plan->steps.count; i++)
        steps[used++] = describe_step(graph, plan->steps.items[i], direction, arena);
    *ret_info = (wb_plan_info){.command = plan->command,
                               .target = wb_arena_strdup(arena, context->target),
                               .current = wb_plan_ids(graph, &current, arena),
                               .current_count = current.count,
                               .steps = steps,
                               .step_count = count,
                               .heads_after = wb_plan_ids(graph, &after, arena),
                               .heads_after_count = after.count};
}
