# Faults: the program is killed, cut off, raced and starved, and has to be right afterwards.
# tests/fault/README.md says what is tried. Here stands the bounded form; `tests/fault/run full` is
# the other. A sanitizer wants to be loaded before everything else, so there this is left out.
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
