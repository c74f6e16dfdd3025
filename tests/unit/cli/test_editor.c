#include "../../support/test.h"
#include "cli/editor.h"

static void splits_words_as_a_shell_does(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        const char *words; /* each followed by '|' */
    } cases[] = {
        {"vi", true, "vi|"},
        {"  code   --wait\t", true, "code|--wait|"},
        {"'my editor' -x", true, "my editor|-x|"},
        {"a\"b c\"d", true, "ab cd|"},
        {"a\\ b", true, "a b|"},
        {"'a\\b'", true, "a\\b|"},
        {"\"a\\\"b\"", true, "a\"b|"},
        {"x ''", true, "x||"},
        {"", true, ""},
        {"'open", false, ""},
        {"end\\", true, "end\\|"},
    };
    (void) state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        char **words = NULL;
        size_t count = 0;
        assert_int_equal(wb_editor_split(cases[i].text, arena, &words, &count), cases[i].ok);
        const char *joined = "";
        for (size_t k = 0; k < count && cases[i].ok; k++)
            joined = wb_arena_printf(arena, "%s%s|", joined, words[k]);
        assert_string_equal(joined, cases[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(splits_words_as_a_shell_does)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
