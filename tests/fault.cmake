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
