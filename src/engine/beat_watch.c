#include "engine/beat_watch.h"

bool wb_beat_watch_see(wb_beat_watch *watch, int64_t token, int64_t beat, int64_t asked_us,
                       int64_t answered_us)
{
    const int64_t blind_us = (int64_t) WB_BEAT_BLIND_MS * 1000;
    bool goes_on = watch->is_watching && watch->token == token && watch->beat == beat &&
                   answered_us - asked_us <= blind_us && answered_us - watch->last_us <= blind_us;
    if (!goes_on)
        *watch = (wb_beat_watch){
            .is_watching = true, .token = token, .beat = beat, .since_us = answered_us};
    watch->last_us = answered_us;
    return answered_us - watch->since_us >= (int64_t) WB_BEAT_TTL_MS * 1000;
}

void wb_beat_watch_lose(wb_beat_watch *watch)
{
    watch->is_watching = false;
}
