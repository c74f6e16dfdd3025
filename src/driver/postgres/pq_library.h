/* libpq, loaded when the first PostgreSQL session is opened: a program that never talks to
 * PostgreSQL does not need the library installed. The table holds what the driver calls, by the
 * names of the library without "PQ". */
#ifndef WB_DRIVER_POSTGRES_PQ_LIBRARY_H
#define WB_DRIVER_POSTGRES_PQ_LIBRARY_H

#include "base/fail.h"

#include <libpq-fe.h>

/* F(member, name in the library) */
#define WB_PQ_FUNCTIONS(F)                                  \
    F(backend_pid, PQbackendPID)                            \
    F(cancel, PQcancel)                                     \
    F(clear, PQclear)                                       \
    F(cmd_status, PQcmdStatus)                              \
    F(cmd_tuples, PQcmdTuples)                              \
    F(conndefaults, PQconndefaults)                         \
    F(conninfo_free, PQconninfoFree)                        \
    F(connect_poll, PQconnectPoll)                          \
    F(connect_start, PQconnectStartParams)                  \
    F(connection_needs_password, PQconnectionNeedsPassword) \
    F(consume_input, PQconsumeInput)                        \
    F(enter_pipeline_mode, PQenterPipelineMode)             \
    F(error_message, PQerrorMessage)                        \
    F(exit_pipeline_mode, PQexitPipelineMode)               \
    F(finish, PQfinish)                                     \
    F(flush, PQflush)                                       \
    F(fname, PQfname)                                       \
    F(free_cancel, PQfreeCancel)                            \
    F(freemem, PQfreemem)                                   \
    F(get_cancel, PQgetCancel)                              \
    F(get_copy_data, PQgetCopyData)                         \
    F(get_is_null, PQgetisnull)                             \
    F(get_length, PQgetlength)                              \
    F(get_result, PQgetResult)                              \
    F(get_value, PQgetvalue)                                \
    F(host, PQhost)                                         \
    F(is_busy, PQisBusy)                                    \
    F(is_nonblocking, PQisnonblocking)                      \
    F(nfields, PQnfields)                                   \
    F(ntuples, PQntuples)                                   \
    F(parameter_status, PQparameterStatus)                  \
    F(pipeline_status, PQpipelineStatus)                    \
    F(pipeline_sync, PQpipelineSync)                        \
    F(port, PQport)                                         \
    F(put_copy_data, PQputCopyData)                         \
    F(put_copy_end, PQputCopyEnd)                           \
    F(result_error_field, PQresultErrorField)               \
    F(result_status, PQresultStatus)                        \
    F(send_flush_request, PQsendFlushRequest)               \
    F(send_prepare, PQsendPrepare)                          \
    F(send_query_params, PQsendQueryParams)                 \
    F(send_query_prepared, PQsendQueryPrepared)             \
    F(server_version, PQserverVersion)                      \
    F(set_error_verbosity, PQsetErrorVerbosity)             \
    F(set_nonblocking, PQsetnonblocking)                    \
    F(set_notice_receiver, PQsetNoticeReceiver)             \
    F(set_single_row_mode, PQsetSingleRowMode)              \
    F(socket, PQsocket)                                     \
    F(status, PQstatus)                                     \
    F(transaction_status, PQtransactionStatus)

typedef struct wb_pq_library {
#define WB_PQ_MEMBER(member, name) __typeof__(name) *(member);
    WB_PQ_FUNCTIONS(WB_PQ_MEMBER)
#undef WB_PQ_MEMBER
} wb_pq_library;

/* The library, loaded by the first call; later calls, from any thread, give the same table. It
 * stays loaded as long as the process lives. Errors: UNSUPPORTED where it is not installed or is
 * older than version 14, the first with pipelines. */
bool wb_pq_library_load(const wb_pq_library **ret_library, wb_error *err);

#endif
