#include "delay_line.h"

#include <assert.h>
#include <stdlib.h>

static size_t min_size(size_t left, size_t right)
{
    return left < right ? left : right;
}

static wb_delay_mark *mark_at(const wb_delay_line *line, size_t place)
{
    return &line->marks[(line->first_mark + place) % WB_DELAY_LINE_MARKS];
}

bool wb_delay_line_init(wb_delay_line *line)
{
    *line = (wb_delay_line){
        .bytes = malloc(WB_DELAY_LINE_BYTES),
        .marks = malloc(WB_DELAY_LINE_MARKS * sizeof(wb_delay_mark)),
    };
    if (line->bytes != NULL && line->marks != NULL)
        return true;
    wb_delay_line_clear(line);
    return false;
}

void wb_delay_line_clear(wb_delay_line *line)
{
    free(line->bytes);
    free(line->marks);
    *line = (wb_delay_line){0};
}

char *wb_delay_line_room(const wb_delay_line *line, size_t *ret_size)
{
    size_t end = (line->start + line->length) % WB_DELAY_LINE_BYTES;
    size_t space = WB_DELAY_LINE_BYTES - line->length;

    if (line->mark_count == WB_DELAY_LINE_MARKS)
        space = 0;
    *ret_size = min_size(space, WB_DELAY_LINE_BYTES - end);
    return line->bytes + end;
}

void wb_delay_line_put(wb_delay_line *line, size_t size, int64_t due_ns)
{
    assert(size > 0 && size <= WB_DELAY_LINE_BYTES - line->length);
    assert(line->mark_count < WB_DELAY_LINE_MARKS);

    if (line->mark_count > 0) {
        int64_t last_due_ns = mark_at(line, line->mark_count - 1)->due_ns;
        if (due_ns < last_due_ns)
            due_ns = last_due_ns;
    }
    line->mark_count++;
    *mark_at(line, line->mark_count - 1) = (wb_delay_mark){.due_ns = due_ns, .size = size};
    line->length += size;
}

const char *wb_delay_line_due(const wb_delay_line *line, int64_t now_ns, size_t *ret_size)
{
    size_t size = 0;

    for (size_t i = 0; i < line->mark_count && mark_at(line, i)->due_ns <= now_ns; i++)
        size += mark_at(line, i)->size;
    *ret_size = min_size(size, WB_DELAY_LINE_BYTES - line->start);
    return line->bytes + line->start;
}

void wb_delay_line_take(wb_delay_line *line, size_t size)
{
    assert(size <= line->length);

    line->start = (line->start + size) % WB_DELAY_LINE_BYTES;
    line->length -= size;
    while (size > 0) {
        wb_delay_mark *mark = mark_at(line, 0);
        size_t taken = min_size(size, mark->size);
        mark->size -= taken;
        size -= taken;
        if (mark->size == 0) {
            line->first_mark = (line->first_mark + 1) % WB_DELAY_LINE_MARKS;
            line->mark_count--;
        }
    }
}

int64_t wb_delay_line_next_due(const wb_delay_line *line)
{
    return line->mark_count > 0 ? mark_at(line, 0)->due_ns : INT64_MAX;
}
