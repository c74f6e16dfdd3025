# Benchmarks: the floors, the proxy that makes a link slow, and the runner. They are built by the
# target `bench` only; tests/bench/README.md says how to run them. The proxy's parts are tested with
# all else.
set(WB_BENCH_DIR ${CMAKE_CURRENT_SOURCE_DIR}/bench)

foreach(name delay_line delay_link)
  add_executable(test_${name} ${WB_BENCH_DIR}/test_${name}.c ${WB_BENCH_DIR}/delay_link.c
                              ${WB_BENCH_DIR}/delay_line.c)
  target_link_libraries(test_${name} PRIVATE wb_settings PkgConfig::CMOCKA)
  add_test(NAME bench/test_${name} COMMAND test_${name})
  set_tests_properties(bench/test_${name} PROPERTIES LABELS unit TIMEOUT 60)
endforeach()

add_custom_target(bench)

# wb_bench(NAME SOURCES FILE... [LIBRARIES TARGET...]): a program of the target `bench`.
function(wb_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  list(TRANSFORM arg_SOURCES PREPEND ${WB_BENCH_DIR}/)
  add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE wb_settings ${arg_LIBRARIES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  add_dependencies(bench ${name})
endfunction()

wb_bench(measure SOURCES measure.c)
wb_bench(delay_proxy SOURCES delay_proxy.c ../support/proxy_socket.c delay_link.c delay_line.c)
wb_bench(floor_sqlite SOURCES floor_sqlite.c bench_chain.c LIBRARIES wb_dependencies)
wb_bench(floor_noop_sqlite SOURCES floor_noop_sqlite.c LIBRARIES wb_dependencies)

# The floor of PostgreSQL is linked with libpq itself, unlike the program.
pkg_check_modules(PQ_LINKED IMPORTED_TARGET libpq)
if(PQ_LINKED_FOUND)
  wb_bench(floor_postgres SOURCES floor_postgres.c bench_chain.c LIBRARIES PkgConfig::PQ_LINKED)
  wb_bench(floor_noop_postgres SOURCES floor_noop_postgres.c LIBRARIES PkgConfig::PQ_LINKED)
endif()

if(DEFINED WB_UP_TO_revision)
  wb_objects(objects revision)
  add_executable(bench_graph EXCLUDE_FROM_ALL ${WB_BENCH_DIR}/bench_graph.c ${objects})
  target_link_libraries(bench_graph PRIVATE wb_settings wb_dependencies)
  set_target_properties(bench_graph PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  add_dependencies(bench bench_graph)
endif()
