/* Target expressions and the plans they lead to, where Alembic is no oracle: errors, what differs
 * on purpose, several targets, ledgers with holes. */
#include "graph_fixture.h"

/* One tree with two branches, and a line that depends on one of them:
 *
 *     base1 - fork1 - left1 - left2 (label left)
 *                  \- right1 - right2
 *     app1 (depends on left1, label app) - app2 */
static const char tree[] = "base1\nfork1 base1\nleft1 fork1 - left\nleft2 left1\n"
                           "right1 fork1\nright2 right1\napp1 - left1 app\napp2 app1\n";

typedef enum verb { RESOLVE, UP, DOWN, STAMP, HISTORY } verb;

/* Runs one command; gives the ids, or the message of the error. */
static const char *run(const wb_graph *graph, verb command, const char *applied_ids,
                       const char *text, bool closed, wb_error *err, wb_arena *arena)
{
    wb_index_list list = {0};
    wb_applied applied = fixture_applied(graph, applied_ids, closed, arena);
    wb_applied after = {0};
    *err = (wb_error){0};
    bool ok = false;
    switch (command) {
    case RESOLVE:
        ok = wb_graph_resolve(graph, text, &applied, arena, &list, err);
        break;
    case UP:
        ok = wb_graph_plan_upgrade(graph, &text, 1, &applied, arena, &list, err);
        break;
    case DOWN:
        ok = wb_graph_plan_downgrade(graph, text, &applied, arena, &list, err);
        break;
    case STAMP:
        ok = wb_graph_plan_stamp(graph, &text, 1, &applied, arena, &after, err);
        for (uint32_t i = 0; ok && i < wb_graph_count(graph); i++) {
            if (after.flags[i])
                WB_LIST_ADD(arena, &list, i);
        }
        break;
    case HISTORY:
        ok = wb_graph_history(graph, text, &applied, arena, &list, err);
        break;
    }
    return ok ? fixture_ids(graph, &list, arena) : err->message;
}

typedef struct question {
    verb command;
    const char *rows;
    const char *text;
    const char *answer;
} question;

static void check(const question *questions, size_t count, bool closed, bool are_errors)
{
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph(tree, arena);
    for (size_t i = 0; i < count; i++) {
        const question *q = &questions[i];
        wb_error err;
        const char *answer = run(graph, q->command, q->rows, q->text, closed, &err, arena);
        if (strcmp(answer, q->answer) != 0 || (err.status != WB_E_OK) != are_errors)
            fail_msg("%d \"%s\" from \"%s\": %s; expected: %s", (int) q->command, q->text, q->rows,
                     answer, q->answer);
        if (are_errors)
            assert_true(err.hint[0] != '\0');
    }
}

static void resolves_names_prefixes_labels_and_counts(void **state)
{
    (void) state;
    static const question fits[] = {
        {RESOLVE, "", "left1", "left1"},
        {RESOLVE, "", "left", "left1"},
        {RESOLVE, "", "b", "base1"},
        {RESOLVE, "", "left@head", "left2"},
        {RESOLVE, "", "app@heads", "app2"},
        {RESOLVE, "", "heads", "left2 right2 app2"},
        {RESOLVE, "", "base", ""},
        {RESOLVE, "", "left@base", ""},
        {RESOLVE, "", "app@base+2", "app2"},
        {RESOLVE, "", "left2-2", "fork1"},
        {RESOLVE, "", "left2-4", ""},
        {RESOLVE, "", "left1+1", "left2"},
        {RESOLVE, "", "left2-0", "left2"},
        {RESOLVE, "", "right2@fork1+2", "right2"},
        {RESOLVE, "left1", "current", "left1"},
        {RESOLVE, "", "current", ""},
        {RESOLVE, "left2 right2", "current", "left2 right2"},
        {RESOLVE, "left2 right2", "left@current", "left2"},
        {RESOLVE, "left1", "current+1", "left2"},
        {RESOLVE, "left1", "current-1", "fork1"},
        {RESOLVE, "left2 right2", "left@current-1", "left1"},
    };
    check(fits, COUNT_OF(fits), true, false);
}

static void every_wrong_target_says_what_is_wrong_and_what_to_do(void **state)
{
    (void) state;
    static const question questions[] = {
        {RESOLVE, "", "", "the target is empty"},
        {RESOLVE, "", "nowhere", "no revision or branch label is called \"nowhere\""},
        {RESOLVE, "", "le", "\"le\" begins the names of 2 revisions"},
        {RESOLVE, "", "head", "\"head\" is not unique: there are 3 heads"},
        {RESOLVE, "", "nowhere@head", "no branch is called \"nowhere\""},
        {RESOLVE, "", "head@left1", "\"head\" cannot stand for a branch"},
        {RESOLVE, "", "le@head", "\"le\" begins the names of 2 revisions"},
        {RESOLVE, "", "left@right1", "revision \"right1\" does not belong to the branch \"left\""},
        {RESOLVE, "", "a:b", "\"a:b\" is a range, but one revision is asked for"},
        {RESOLVE, "", "left1 ", "\"left1 \" is not a target"},
        {RESOLVE, "", "left1+1x", "\"left1+1x\" is not a target"},
        {RESOLVE, "", "le-ft@head", "\"le-ft@head\" is not a target"},
        {UP, "", "left 1", "\"left 1\" is not a target"},
        {STAMP, "", "nowhere-1", "no revision or branch label is called \"nowhere\""},
        {HISTORY, "", "nowhere:", "no revision or branch label is called \"nowhere\""},
        {HISTORY, "", "nowhere-1:", "no revision or branch label is called \"nowhere\""},
        {HISTORY, "", "nowhere@-1:", "no branch is called \"nowhere\""},
        {RESOLVE, "", "@head", "\"@head\" is not a target"},
        {RESOLVE, "", "a@b@c", "\"a@b@c\" is not a target"},
        {RESOLVE, "", "left@", "\"left@\" is not a target"},
        {RESOLVE, "", "+", "\"+\" is not a target"},
        {RESOLVE, "", "+1", "\"+1\" does not say from where it counts"},
        {RESOLVE, "", "left@-1", "\"left@-1\" does not say from where it counts"},
        {RESOLVE, "", "heads-1", "\"heads-1\" is not unique: there are 3 heads"},
        {RESOLVE, "left2 right2", "current-1",
         "\"current-1\" is not unique: there are 2 current revisions"},
        {RESOLVE, "", "base-1", "\"base-1\" goes too far: only 0 revisions are there"},
        {RESOLVE, "", "left2-5", "\"left2-5\" goes too far: from \"left2\" it is 4 steps to base"},
        {RESOLVE, "", "left1+99999999999999999999",
         "\"left1+99999999999999999999\" goes too far: from \"left1\" it is 1 step to the head"},
        {RESOLVE, "", "fork1+1", "\"fork1+1\" is ambiguous: 2 revisions follow \"fork1\""},
        {RESOLVE, "", "base+1", "\"base+1\" is ambiguous: 2 revisions follow \"base\""},
        {UP, "", "-1", "\"-1\" leads down, not up"},
        {UP, "", "+0", "\"+0\" counts no steps"},
        {UP, "left2 right2", "+1", "\"+1\" is not unique: there are 2 revisions to count from"},
        {UP, "left1", "+2", "\"+2\" goes too far: from \"left1\" it is 1 step to the head"},
        {UP, "", "left2+1", "\"left2+1\" goes too far: from \"left2\" it is 0 steps to the head"},
        {DOWN, "left2", "+1", "\"+1\" does not lead down"},
        {DOWN, "left2", "-0", "\"-0\" does not lead down"},
        {DOWN, "", "-1", "\"-1\" goes too far: nothing is applied"},
        {DOWN, "right2", "app@-1", "\"app@-1\" goes too far: nothing is applied in this branch"},
        {DOWN, "left1", "-5", "\"-5\" goes too far: from \"left1\" it is 3 steps to base"},
        {DOWN, "left2", "right1",
         "revision \"right1\" is not applied, so that there is no going "
         "back to it"},
        {DOWN, "app1", "left1", "nothing that follows revision \"left1\" is applied"},
        {DOWN, "left2", "nowhere@base", "no branch is called \"nowhere\""},
        {DOWN, "left2", "left@right2",
         "revision \"right2\" does not belong to the branch \"left\""},
        /* Alembic takes a random one of the rows here */
        {DOWN, "left2 right2", "-1", "\"-1\" is not unique: there are 2 revisions to count from"},
        {STAMP, "left2", "+1", "\"+1\" does not say from where it counts"},
        {HISTORY, "", "left1", "\"left1\" is not a range"},
        {HISTORY, "", "a:b:c", "\"a:b:c\" is not a range"},
        {HISTORY, "", "+1:", "\"+1\" does not say from where it counts"},
        {HISTORY, "", ":-1", "\"-1\" leads down, not up"},
        {HISTORY, "", "right1:left2", "\"right1\" does not lie behind the end of the range"},
    };
    check(questions, COUNT_OF(questions), true, true);
}

static void hints_name_what_could_have_been_meant(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph(tree, arena);
    static const struct {
        verb command;
        const char *rows;
        const char *text;
        const char *detail;
        const char *hint;
    } cases[] = {
        {RESOLVE, "", "rigth1", "", "Did you mean \"right1\" (right1.sql)?"},
        {RESOLVE, "", "lfet", "",
         "Did you mean the label \"left\" (declared by revision \"left1\")?"},
        {RESOLVE, "", "xyz", "", "\"whimbrel history\" lists all revisions."},
        {RESOLVE, "", "le", "They are \"left1\", \"left2\".", "Give more of its characters."},
        {UP, "left2 right2", "+1", "They are \"left2\", \"right2\".",
         "Name the start, as in left2+1, or a branch: branch@+N."},
        {DOWN, "left2 right2", "-1", "They are \"left2\", \"right2\".",
         "Name the branch to take back, as in left2@-1."},
        {RESOLVE, "", "fork1+1", "They are \"left1\", \"right1\".",
         "Name the revision to go to, or a branch: branch@+N."},
        {RESOLVE, "", "-3", "", "Name a start, such as head-3 or current-3."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err;
        (void) run(graph, cases[i].command, cases[i].rows, cases[i].text, true, &err, arena);
        assert_string_equal(err.detail, cases[i].detail);
        assert_string_equal(err.hint, cases[i].hint);
    }
}

static void statuses_tell_the_kinds_of_errors_apart(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph(tree, arena);
    static const struct {
        const char *text;
        wb_status status;
    } cases[] = {{"nowhere", WB_E_UNKNOWN_REVISION}, {"le", WB_E_AMBIGUOUS},
                 {"head", WB_E_MULTIPLE_HEADS},      {"left2-9", WB_E_TARGET},
                 {"fork1+1", WB_E_AMBIGUOUS},        {"left@right1", WB_E_UNKNOWN_REVISION}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err;
        (void) run(graph, RESOLVE, "", cases[i].text, true, &err, arena);
        assert_int_equal(err.status, cases[i].status);
    }
    wb_index_list list = {0};
    wb_error err = {0};
    assert_false(wb_graph_resolve(graph, "current", NULL, arena, &list, &err));
    assert_string_equal(err.message, "\"current\" needs a database to ask");
}

static void plans_where_whimbrel_goes_beyond_alembic(void **state)
{
    (void) state;
    static const question questions[] = {
        {UP, "left1", "current", ""},
        {UP, "left1", "left2-4", ""}, /* Alembic: an assertion */
        {DOWN, "left2", "current", ""},
        {DOWN, "left2 right2", "left@-1", "left2"},
        {DOWN, "left2 right2", "left@-2", "left2 left1"},
        /* the target forks, and the branch is named by what lies below it: Alembic refuses */
        {DOWN, "left1", "base1@-1", "left1"},
        {DOWN, "app2 right1", "app@-1", "app2"},
        {DOWN, "app2 left2", "left@left1", "left2"},
        {DOWN, "app2 left2", "fork1", "left2 app2 app1 left1"},
        {STAMP, "left2", "left2", "base1 fork1 left1 left2"},
        {STAMP, "left2", "current-1", "base1 fork1 left1"},
        {HISTORY, "", "-9:", "left2 app2 app1 right2 right1 left1 fork1 base1"},
        {HISTORY, "right1", "current:right2", "right2 right1"},
        {HISTORY, "right1", ":current", "right1 fork1 base1"},
        {HISTORY, "", ":current", ""},
        {HISTORY, "", "left1:left2", "left2 left1"},
        {HISTORY, "", "left2-1:left2", "left2 left1"},
        {HISTORY, "", "left2-9:left1", "left1 fork1 base1"},
        {HISTORY, "", "right1@base:", "right2 right1 fork1 base1"},
        {HISTORY, "", "left@base:", "left2 left1 fork1 base1"},
        {HISTORY, "", " left1 : ", "left2 left1"},
    };
    check(questions, COUNT_OF(questions), true, false);
}

static void errors_show_messages_whole_or_cut_between_characters(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_revision_set *set = fixture_set("base\na1 base\na2 base\n", arena);
    set->revisions.items[1]->message = "Add users";
    set->revisions.items[2]->message =
        "Change the name of everything to the new n\xC3\xA4m\xC3\xA4\xC3\xA4s";
    set->revisions.items[0]->id = "r0";
    set->revisions.items[1]->revises.items[0].text = "r0";
    set->revisions.items[2]->revises.items[0].text = "r0";
    wb_graph *graph = NULL;
    wb_error err = {0};
    assert_true(wb_graph_build(set, arena, &graph, &err));
    (void) run(graph, RESOLVE, "", "head", true, &err, arena);
    assert_string_equal(err.detail, "They are \"a1\" (Add users), \"a2\" (Change the name of "
                                    "everything to the new n\xC3\xA4m\xC3\xA4...).");
}

static void a_walk_down_to_a_merge_is_ambiguous(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph("base1\na base1\nb base1\nm a,b\n", arena);
    static const struct {
        verb verb;
        const char *text;
    } cases[] = {{DOWN, "-1"}, {RESOLVE, "head-1"}, {HISTORY, "-1:"}, {DOWN, "m-2"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wb_error err;
        (void) run(graph, cases[i].verb, "m", cases[i].text, true, &err, arena);
        assert_int_equal(err.status, WB_E_AMBIGUOUS);
        assert_string_equal(err.detail, "They are \"a\", \"b\".");
        assert_string_equal(err.hint, "Name the revision to go to.");
    }
    graph = fixture_graph("", arena);
    wb_error err;
    (void) run(graph, RESOLVE, "", "x", true, &err, arena);
    assert_string_equal(err.hint,
                        "There are no revisions yet; make one with \"whimbrel revision\".");
}

static void several_targets_are_planned_as_one(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph(tree, arena);
    wb_applied applied = wb_applied_none(graph, arena);
    wb_index_list steps = {0};
    wb_error err = {0};
    const char *targets[] = {"left2", "right1", "left1", "fork1"}; /* the last two are contained */
    assert_true(wb_graph_plan_upgrade(graph, targets, 4, &applied, arena, &steps, &err));
    assert_string_equal(fixture_ids(graph, &steps, arena), "base1 fork1 right1 left1 left2");
    assert_false(wb_graph_plan_upgrade(graph, targets, 0, &applied, arena, &steps, &err));
    assert_int_equal(err.status, WB_E_USAGE);
    targets[3] = "nowhere";
    assert_false(wb_graph_plan_upgrade(graph, targets, 4, &applied, arena, &steps, &err));
    assert_int_equal(err.status, WB_E_UNKNOWN_REVISION);
}

static void stamping_several_marks_all_of_them(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_graph *graph = fixture_graph(tree, arena);
    wb_applied applied = fixture_applied(graph, "left1 right2", true, arena);
    wb_applied after = {0};
    wb_error err = {0};
    /* right2 is a row already and left2 moves left1: Alembic loses right2 here */
    const char *targets[] = {"right2", "left2"};
    assert_true(wb_graph_plan_stamp(graph, targets, 2, &applied, arena, &after, &err));
    wb_index_list rows = wb_graph_current(graph, &after, arena);
    assert_string_equal(fixture_ids(graph, &rows, arena), "left2 right2");
    targets[0] = "base";
    assert_false(wb_graph_plan_stamp(graph, targets, 2, &applied, arena, &after, &err));
    assert_string_equal(err.message, "base cannot be stamped together with other targets");
    assert_false(wb_graph_plan_stamp(graph, targets, 0, &applied, arena, &after, &err));
    assert_int_equal(err.status, WB_E_USAGE);
}

static void holes_in_the_ledger_are_filled_by_upgrade_and_kept_by_an_unrelated_stamp(void **state)
{
    (void) state;
    static const question questions[] = {
        {UP, "base1 left1", "left2", "fork1 left2"},
        {UP, "base1 left1", "current", "fork1"},
        {DOWN, "base1 left1", "-1", "left1"},
        {DOWN, "base1 left2", "base", "left2 base1"},
        {DOWN, "left2 fork1", "fork1", "left2"},
        {STAMP, "left1 right2", "left1", "base1 fork1 left1 right2"},
        {STAMP, "base1 left2", "right1", "base1 fork1 left2 right1"},
    };
    check(questions, COUNT_OF(questions), false, false);
}

static void ranges_split_at_one_colon(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    const char *from = NULL;
    const char *to = NULL;
    assert_true(wb_range_split("a:b", arena, &from, &to));
    assert_string_equal(from, "a");
    assert_string_equal(to, "b");
    assert_true(wb_range_split(":", arena, &from, &to));
    assert_null(from);
    assert_null(to);
    assert_false(wb_range_split("a", arena, &from, &to));
    assert_false(wb_range_split("a:b:c", arena, &from, &to));
    assert_false(wb_range_split(NULL, arena, &from, &to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolves_names_prefixes_labels_and_counts),
        cmocka_unit_test(every_wrong_target_says_what_is_wrong_and_what_to_do),
        cmocka_unit_test(hints_name_what_could_have_been_meant),
        cmocka_unit_test(statuses_tell_the_kinds_of_errors_apart),
        cmocka_unit_test(plans_where_whimbrel_goes_beyond_alembic),
        cmocka_unit_test(errors_show_messages_whole_or_cut_between_characters),
        cmocka_unit_test(a_walk_down_to_a_merge_is_ambiguous),
        cmocka_unit_test(several_targets_are_planned_as_one),
        cmocka_unit_test(stamping_several_marks_all_of_them),
        cmocka_unit_test(holes_in_the_ledger_are_filled_by_upgrade_and_kept_by_an_unrelated_stamp),
        cmocka_unit_test(ranges_split_at_one_colon),
    };
    return RUN_TESTS(tests);
}
