/* The checksum that ignores line ends, comments and white space. */
#include "base/hash.h"
#include "split_support.h"

static void hash_script(wb_dialect_id id, const char *script, size_t piece, char *ret_hex)
{
    wb_splitter_options options = options_for(id);
    piecewise source = {.text = {wb_str_from(script)}, .piece = piece};
    wb_sha256 hash;
    wb_error err;
    wb_sha256_init(&hash);
    if (!wb_sql_hash_tokens(&options, read_piecewise, &source, &hash, &err))
        fail_msg("%s: %s", err.message, script);
    wb_sha256_hex(&hash, ret_hex);
}

typedef struct pair {
    wb_dialect_id dialect;
    const char *left;
    const char *right;
} pair;

static void check_pairs(const pair *pairs, size_t count, bool equal)
{
    static const size_t pieces[] = {1, 1000000};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < COUNT_OF(pieces); j++) {
            char left[WB_SHA256_HEX];
            char right[WB_SHA256_HEX];
            hash_script(pairs[i].dialect, pairs[i].left, pieces[j], left);
            hash_script(pairs[i].dialect, pairs[i].right, 1000, right);
            if ((strcmp(left, right) == 0) != equal)
                fail_msg("%s: \"%s\" and \"%s\"", equal ? "differ" : "are equal", pairs[i].left,
                         pairs[i].right);
        }
    }
}

static void cosmetic_edits_do_not_change_it(void **state)
{
    (void) state;
    static const pair pairs[] = {
        {WB_POSTGRES, "SELECT 1", "SELECT\n\t 1"},
        {WB_POSTGRES, "SELECT 1", "SELECT 1;"},
        {WB_POSTGRES, "SELECT 1", "-- c\nSELECT /* d */ 1 -- e\n;;\n"},
        {WB_POSTGRES, "SELECT 1",
         "\xEF\xBB\xBF"
         "SELECT 1"},
        {WB_POSTGRES, "SELECT 1;\nSELECT 2;\n", "SELECT 1;\r\nSELECT 2;\r\n"},
        {WB_POSTGRES, "SELECT (a+b)*c,d::int", "SELECT ( a + b ) * c , d :: int"},
        {WB_POSTGRES, "SELECT a=-1, b<=+2", "SELECT a = -1, b <= + 2"},
        {WB_POSTGRES, "SELECT $$a\nb$$", "SELECT $$a\r\nb$$"},
        {WB_POSTGRES, "SELECT 'a\nb'", "SELECT 'a\r\nb'"},
        {WB_POSTGRES, "COPY t FROM stdin;\na\nb\n\\.\n",
         "COPY t FROM stdin; -- x\r\na\r\nb\r\n\\.\r\n"},
        {WB_POSTGRES, "COPY t FROM stdin;\na\n\\.\n", "COPY t FROM stdin;\na\n"},
        {WB_POSTGRES, "\\restrict x\nSELECT 1;\n\\unrestrict x\n", "SELECT 1"},
        {WB_MARIADB, "SET @a=@b, c:=1", "SET @a = @b , c := 1"},
        {WB_MARIADB, "SELECT 1 # c\n", "SELECT 1 -- d\n"},
        {WB_MARIADB, "CREATE PROCEDURE p() BEGIN SELECT 1; END;",
         "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\n"},
        {WB_SQLITE, "SELECT [a],1<>2", "SELECT [a] , 1 <> 2"},
        {WB_SQLITE, "", "-- nothing\n;"},
    };
    check_pairs(pairs, COUNT_OF(pairs), true);
}

static void real_edits_change_it(void **state)
{
    (void) state;
    static const pair pairs[] = {
        {WB_POSTGRES, "SELECT a b", "SELECT ab"},
        {WB_POSTGRES, "SELECT a", "SELECT A"},
        {WB_POSTGRES, "SELECT a", "select a"},
        {WB_POSTGRES, "SELECT a", "SELECT \"a\""},
        {WB_POSTGRES, "SELECT 'a b'", "SELECT 'a  b'"},
        {WB_POSTGRES, "SELECT 'a' 'b'", "SELECT 'a'' ''b'"},
        {WB_POSTGRES, "SELECT 1; SELECT 2", "SELECT 1 SELECT 2"},
        {WB_POSTGRES, "SELECT 1 2", "SELECT 12"},
        {WB_POSTGRES, "SELECT 1 . 5", "SELECT 1.5"},
        {WB_POSTGRES, "SELECT a < = b", "SELECT a <= b"},
        {WB_POSTGRES, "SELECT @ -1", "SELECT @-1"},
        {WB_POSTGRES, "SELECT N 'a'", "SELECT N'a'"},
        {WB_POSTGRES, "SELECT $$a b$$", "SELECT $$a  b$$"},
        {WB_POSTGRES, "SELECT $$a\rb$$", "SELECT $$a\nb$$"},
        {WB_POSTGRES, "SELECT $$a\r$$", "SELECT $$a$$"},
        {WB_POSTGRES, "SELECT /* 1 */", "SELECT 1"},
        {WB_POSTGRES, "COPY t FROM stdin;\na\n\\.\n", "COPY t FROM stdin;\nb\n\\.\n"},
        {WB_POSTGRES, "COPY t FROM stdin;\na b\n\\.\n", "COPY t FROM stdin;\na  b\n\\.\n"},
        {WB_POSTGRES, "COPY t FROM stdin;\n\\.\na", "COPY t FROM stdin;\na\n\\.\n"},
        {WB_POSTGRES, "COPY t FROM stdin;\na\n", "COPY t FROM stdin;\na"},
        {WB_MARIADB, "SELECT /*! 1 */", "SELECT /* 1 */"},
        {WB_MARIADB, "SELECT /*!50000 1 */", "SELECT /*!60000 1 */"},
        {WB_MARIADB, "SELECT /*+ a */ 1", "SELECT /*+ b */ 1"},
        {WB_MARIADB, "SELECT a&&b", "SELECT a& &b"},
        {WB_SQLITE, "SELECT a->>b", "SELECT a-> >b"},
        {WB_SQLITE, "", "SELECT 1"},
    };
    check_pairs(pairs, COUNT_OF(pairs), false);
}

static void long_scripts_are_hashed_whole(void **state)
{
    (void) state;
    WB_AUTO_BUF(script, 0);
    for (unsigned i = 0; i < 5000; i++)
        wb_buf_printf(&script, "INSERT INTO t VALUES (%u);\n", i);
    char first[WB_SHA256_HEX];
    char second[WB_SHA256_HEX];
    hash_script(WB_SQLITE, wb_buf_text(&script), 17, first);
    hash_script(WB_SQLITE, wb_buf_text(&script), 100000, second);
    assert_string_equal(first, second);
    script.ptr[script.len - 4] = 'x';
    hash_script(WB_SQLITE, wb_buf_text(&script), 17, second);
    assert_string_not_equal(first, second);
}

static void the_value_stays_the_same_in_later_releases(void **state)
{
    (void) state;
    /* stored in the ledgers of users: a change of the token stream must not happen unnoticed */
    char hex[WB_SHA256_HEX];
    hash_script(WB_POSTGRES, "CREATE TABLE \"t\" (a int DEFAULT 1.5, b text DEFAULT 'x');", 1000,
                hex);
    assert_string_equal(hex, "b8e0f0a2ef6265a35050824af8de6bcd455a3cc085f6a2c2ffee4e2e94821eee");
}

static void what_cannot_be_split_is_refused(void **state)
{
    (void) state;
    static const char *const scripts[] = {"SELECT 'a", "COPY t FROM stdin;\n\xFF\n", "\\i x"};
    wb_splitter_options options = options_for(WB_POSTGRES);
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        wb_text_source source = {wb_str_from(scripts[i])};
        wb_sha256 hash;
        wb_error err;
        wb_sha256_init(&hash);
        assert_false(wb_sql_hash_tokens(&options, wb_read_text, &source, &hash, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosmetic_edits_do_not_change_it),
        cmocka_unit_test(real_edits_change_it),
        cmocka_unit_test(long_scripts_are_hashed_whole),
        cmocka_unit_test(the_value_stays_the_same_in_later_releases),
        cmocka_unit_test(what_cannot_be_split_is_refused),
    };
    return RUN_TESTS(tests);
}
