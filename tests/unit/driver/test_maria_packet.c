/* Joining statements into one text. No server. */
#include "../../support/test.h"
#include "driver/mariadb/maria_packet.h"

#include <stdlib.h>

static const wb_maria_traits plain = {.can_share = true};
static const wb_maria_traits reads = {.can_share = true, .is_read = true};
static const wb_maria_traits alone = {.can_share = false};

static void add(wb_maria_packet *packet, const wb_request *request, const wb_maria_traits *traits)
{
    wb_error err = {0};
    if (!wb_maria_packet_add(packet, request, traits, true, &err))
        fail_msg("%s", err.message);
}

static bool ignore_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) arg;
    (void) row;
    (void) err;
    return true;
}

static void statements_stand_on_lines_of_their_own(void **state)
{
    (void) state;
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    add(&packet, &(wb_request){.sql = WB_STR("SELECT 1 -- one")}, &plain);
    add(&packet, &(wb_request){.sql = WB_STR("SELECT 2")}, &plain);
    assert_string_equal(wb_buf_text(&packet.text), "SELECT 1 -- one\n;\nSELECT 2");
    assert_int_equal(packet.entries.count, 2);
    assert_true(wb_str_is(wb_maria_packet_text(&packet, &packet.entries.items[1]), "SELECT 2"));
    wb_maria_packet_reset(&packet);
    assert_int_equal(packet.entries.count, 0);
    assert_string_equal(wb_buf_text(&packet.text), "");
    wb_maria_packet_clear(&packet);
}

static void arguments_stand_for_placeholders(void **state)
{
    (void) state;
    const wb_value args[] = {wb_value_int(-1), wb_value_null(), wb_value_text("it's"),
                             wb_value_text("\\")};
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    add(&packet, &(wb_request){.sql = WB_STR("a-?,?,'?',?,? -- ?"), .args = args, .arg_count = 4},
        &plain);
    assert_string_equal(wb_buf_text(&packet.text), "a- -1,NULL,'?','it''s',_utf8mb4 X'5C' -- ?");
    wb_maria_packet_clear(&packet);
}

static void a_wrong_number_of_arguments_leaves_the_packet_as_it_was(void **state)
{
    (void) state;
    const wb_value args[] = {wb_value_int(1), wb_value_int(2), wb_value_int(3)};
    wb_maria_packet packet;
    wb_error err = {0};
    wb_maria_packet_init(&packet);
    add(&packet, &(wb_request){.sql = WB_STR("DO ?"), .args = args, .arg_count = 1}, &plain);
    wb_request request = {.sql = WB_STR("DO ?, ?"), .args = args, .arg_count = 1};
    assert_false(wb_maria_packet_add(&packet, &request, &plain, true, &err));
    assert_int_equal(err.status, WB_E_USAGE);
    assert_string_equal(err.message, "the statement has 2 placeholders but 1 arguments");
    request.arg_count = 3;
    assert_false(wb_maria_packet_add(&packet, &request, &plain, true, &err));
    assert_int_equal(packet.entries.count, 1);
    assert_int_equal(packet.insertions.count, 1);
    assert_string_equal(wb_buf_text(&packet.text), "DO  1");
    wb_maria_packet_clear(&packet);
}

static void offsets_lead_back_to_the_submitted_text(void **state)
{
    (void) state;
    const wb_value args[] = {wb_value_text("twelve bytes"), wb_value_int(7)};
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    add(&packet, &(wb_request){.sql = WB_STR("DO ?"), .args = args, .arg_count = 1}, &plain);
    add(&packet, &(wb_request){.sql = WB_STR("A ? B ? C"), .args = args, .arg_count = 2}, &plain);
    const wb_maria_entry *entry = &packet.entries.items[1];
    /* sent as: A 'twelve bytes' B  7 C */
    static const struct {
        size_t sent;
        size_t submitted;
    } cases[] = {{0, 0},  {1, 1},  {2, 2},  {9, 2},  {15, 2}, {16, 3}, {17, 4},
                 {18, 5}, {19, 6}, {20, 6}, {21, 7}, {22, 8}, {23, 9}, {99, 9}};
    assert_true(wb_str_is(wb_maria_packet_text(&packet, entry), "A 'twelve bytes' B  7 C"));
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(wb_maria_packet_sql_offset(&packet, entry, cases[i].sent),
                         cases[i].submitted);
    wb_maria_packet_clear(&packet);
}

static void only_what_is_sure_rides_together(void **state)
{
    (void) state;
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    assert_true(wb_maria_packet_has_room(&packet, &alone, 10));
    assert_true(wb_maria_packet_has_room(&packet, &plain, 100000000));
    add(&packet, &(wb_request){.sql = WB_STR("DO 1")}, &plain);
    assert_true(wb_maria_packet_has_room(&packet, &plain, 10));
    assert_false(wb_maria_packet_has_room(&packet, &alone, 10));
    assert_false(wb_maria_packet_has_room(&packet, &plain, 300000));
    add(&packet, &(wb_request){.sql = WB_STR("SELECT 1"), .row = ignore_row}, &reads);
    assert_true(wb_maria_packet_has_room(&packet, &reads, 10));
    assert_false(wb_maria_packet_has_room(&packet, &plain, 10));
    wb_maria_packet_reset(&packet);
    add(&packet, &(wb_request){.sql = WB_STR("CALL p()")}, &alone);
    assert_false(wb_maria_packet_has_room(&packet, &plain, 10));
    wb_maria_packet_clear(&packet);
}

static void a_packet_is_full_by_its_size_and_by_its_number(void **state)
{
    (void) state;
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    size_t count = 0;
    while (!wb_maria_packet_is_full(&packet) && count < 10000) {
        add(&packet, &(wb_request){.sql = WB_STR("DO 1")}, &plain);
        count++;
    }
    assert_int_equal(count, 512);
    wb_maria_packet_reset(&packet);
    size_t length = (size_t) 2 * 1024 * 1024;
    char *large = wb_calloc(1, length);
    memset(large, 'x', length);
    add(&packet, &(wb_request){.sql = wb_str_make(large, length)}, &plain);
    assert_true(wb_maria_packet_is_full(&packet));
    wb_maria_packet_reset(&packet);
    assert_int_equal(packet.text.capacity, 0);
    free(large);
    wb_maria_packet_clear(&packet);
}

static void an_estimate_is_never_too_small(void **state)
{
    (void) state;
    const wb_value args[] = {wb_value_int(INT64_MIN), wb_value_null(), wb_value_text("''''''"),
                             wb_value_text("\\\\\\\\"), wb_value_text("")};
    const wb_request request = {.sql = WB_STR("?,?,?,?,?"), .args = args, .arg_count = 5};
    wb_maria_packet packet;
    wb_maria_packet_init(&packet);
    add(&packet, &request, &plain);
    assert_true(packet.text.len <= wb_maria_packet_estimate(&request));
    wb_maria_packet_clear(&packet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_stand_on_lines_of_their_own),
        cmocka_unit_test(arguments_stand_for_placeholders),
        cmocka_unit_test(a_wrong_number_of_arguments_leaves_the_packet_as_it_was),
        cmocka_unit_test(offsets_lead_back_to_the_submitted_text),
        cmocka_unit_test(only_what_is_sure_rides_together),
        cmocka_unit_test(a_packet_is_full_by_its_size_and_by_its_number),
        cmocka_unit_test(an_estimate_is_never_too_small),
    };
    return RUN_TESTS(tests);
}
