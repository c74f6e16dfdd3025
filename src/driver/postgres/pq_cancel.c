/* Asking the server to cancel what runs.
 *
 * libpq asks over a second connection and waits for it, which can take minutes where the network
 * hangs, and a hanging network is when people press Ctrl-C. So a thread asks. Its memory is shared
 * with the session; whoever of the two is done last frees it. */
#include "driver/postgres/pq_session.h"

#include <pthread.h>
#include <stdlib.h>

typedef enum canceller_state { ASKING, ASKED, ABANDONED } canceller_state;

struct wb_pq_canceller {
    const wb_pq_library *pq;
    PGcancel *cancel;
    pthread_t thread;
    _Atomic canceller_state state;
};

static void canceller_free(wb_pq_canceller *canceller)
{
    canceller->pq->free_cancel(canceller->cancel);
    free(canceller);
}

static void *ask_server(void *arg)
{
    wb_pq_canceller *canceller = arg;
    char reason[256] = "";
    /* A failure shows by the statement's not ending; the waiting side asks again. */
    (void) canceller->pq->cancel(canceller->cancel, reason, (int) sizeof(reason));
    if (atomic_exchange(&canceller->state, ASKED) == ABANDONED)
        canceller_free(canceller);
    return NULL;
}

void wb_pq_cancel_send(wb_pq_session *session)
{
    if (session->canceller != NULL) {
        if (atomic_load(&session->canceller->state) == ASKING)
            return;
        wb_pq_cancel_settle(session);
    }
    PGcancel *cancel = session->pq->get_cancel(session->conn);
    if (cancel == NULL) /* the connection is gone */
        return;
    wb_pq_canceller *canceller = wb_alloc(sizeof(*canceller));
    *canceller = (wb_pq_canceller){.pq = session->pq, .cancel = cancel, .state = ASKING};
    if (pthread_create(&canceller->thread, NULL, ask_server, canceller) != 0)
        canceller_free(canceller);
    else
        session->canceller = canceller;
}

void wb_pq_cancel_settle(wb_pq_session *session)
{
    if (session->canceller == NULL)
        return;
    (void) pthread_join(session->canceller->thread, NULL);
    canceller_free(session->canceller);
    session->canceller = NULL;
}

void wb_pq_cancel_abandon(wb_pq_session *session)
{
    wb_pq_canceller *canceller = session->canceller;
    if (canceller == NULL)
        return;
    session->canceller = NULL;
    (void) pthread_detach(canceller->thread);
    if (atomic_exchange(&canceller->state, ABANDONED) == ASKED)
        canceller_free(canceller);
}
