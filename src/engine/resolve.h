/* Settling by hand how an interrupted statement ended. */
#ifndef WB_ENGINE_RESOLVE_H
#define WB_ENGINE_RESOLVE_H

#include "engine/ledger.h"

/* As wb_resolve says. Fails where the journal knows of no such statement. */
bool wb_resolve_command(const wb_context *context, const char *revision, unsigned statement,
                        bool done, wb_error *err);

#endif
