# Faults: the program is killed, cut off, raced and starved, and has to be right afterwards.
# tests/fault/README.md says what is tried.

# The n-th call fails, for every n, on drivers and files that a test pretends. These link with what
# they replace, so they go with every sanitizer.
wb_objects(objects api)
function(wb_nth_program name)
  cmake_parse_arguments(PARSE_ARGV 1 nth "" "" "WRAP;FILES")
  add_executable(test_${name} fault/test_${name}.c ${nth_FILES} ${objects})
  target_link_libraries(test_${name} PRIVATE wb_settings wb_dependencies PkgConfig::CMOCKA)
  foreach(call IN LISTS nth_WRAP)
    target_link_options(test_${name} PRIVATE LINKER:--wrap=${call})
  endforeach()
endfunction()
function(wb_nth_test test)
  add_test(NAME fault/${test} COMMAND ${ARGN})
  set_tests_properties(fault/${test} PROPERTIES LABELS fault TIMEOUT 900)
endfunction()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
  wb_nth_program(nth_failure FILES fault/failing_driver.c fault/nth_world.c
    WRAP wb_driver_find wb_ledger_query_text wb_clock_monotonic_us wb_context_sleep_ms)
  wb_nth_program(nth_file FILES fault/failing_calls.c fault/nth_world.c
    WRAP read write pread pwrite lseek fstat stat fstatat fsync fchmod ftruncate flock rename link
         mkdir mkostemp realpath fdopendir readdir close open openat)
  wb_nth_test(nth_file test_nth_file)
  if(NOT WB_SANITIZE) # sanitizers have allocations of their own
    wb_nth_program(nth_allocation FILES fault/failing_memory.c fault/nth_world.c)
    wb_nth_test(nth_allocation test_nth_allocation)
  endif()
  foreach(part shared each one server)
    wb_nth_test(nth_${part} test_nth_failure *_${part}*)
  endforeach()
endif()

# Here stands the bounded form of the experiments with the program; `tests/fault/run full` is the
# other. A sanitizer wants to be loaded before everything else, so there this is left out.
if(NOT TARGET whimbrel_program OR WB_SANITIZE OR WB_COVERAGE OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  return()
endif()
set(WB_FAULT_DIR ${CMAKE_BINARY_DIR}/fault)

add_library(fault_preload MODULE fault/fault_preload.c)
target_link_libraries(fault_preload PRIVATE wb_settings ${CMAKE_DL_LIBS})
add_executable(cut_proxy fault/cut_proxy.c support/proxy_socket.c)
target_link_libraries(cut_proxy PRIVATE wb_settings)
set_target_properties(fault_preload cut_proxy PROPERTIES PREFIX ""
  LIBRARY_OUTPUT_DIRECTORY ${WB_FAULT_DIR} RUNTIME_OUTPUT_DIRECTORY ${WB_FAULT_DIR})

# One test for each group, so that they show and can be left out one by one. Each starts what servers
# it needs beyond those of the environment. The one that mostly waits comes first, beside the others.
find_package(Python3 COMPONENTS Interpreter)
if(NOT Python3_FOUND)
  message(STATUS "python3 is not installed: no faults are tried")
  return()
endif()
foreach(group hole kill moment twice orphan server cut crowd widow pooled galera stop files network
        clock locked failover)
  add_test(NAME fault/${group}
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fault/run bounded ${group} --jobs 1
            --build ${CMAKE_BINARY_DIR})
  set_tests_properties(fault/${group} PROPERTIES LABELS fault SKIP_RETURN_CODE 77 TIMEOUT 900)
endforeach()
add_test(NAME fault/comparison
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/fault/test_databases.py)
set_tests_properties(fault/comparison PROPERTIES LABELS unit TIMEOUT 60)
