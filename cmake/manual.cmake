# Manual pages and completions are made by the program itself from its option tables, so that they
# can't fall behind. The hand-written sections of whimbrel(1) are docs/man/whimbrel.scd.
if(NOT TARGET whimbrel_program)
  return()
endif()
find_program(WB_SCDOC scdoc)
set(made "")

function(wb_made_by_program file) # the rest: NAME=VALUE for cmake/made_by_program.cmake
  set(definitions "")
  foreach(definition IN LISTS ARGN)
    list(APPEND definitions -D ${definition})
  endforeach()
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/${file}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${CMAKE_BINARY_DIR}/${file}
      -D PROGRAM=$<TARGET_FILE:whimbrel_program> ${definitions}
      -P ${PROJECT_SOURCE_DIR}/cmake/made_by_program.cmake
    DEPENDS whimbrel_program ${PROJECT_SOURCE_DIR}/cmake/made_by_program.cmake
      ${PROJECT_SOURCE_DIR}/docs/man/whimbrel.scd
    VERBATIM)
  set(made ${made} ${CMAKE_BINARY_DIR}/${file} PARENT_SCOPE)
endfunction()

if(WB_SCDOC)
  wb_made_by_program(man/whimbrel.1 SCDOC=${WB_SCDOC}
    TAIL=${PROJECT_SOURCE_DIR}/docs/man/whimbrel.scd)
  file(GLOB commands CONFIGURE_DEPENDS src/cli/cmd/cmd_*.c)
  foreach(source IN LISTS commands)
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "^cmd_" "" name ${name})
    wb_made_by_program(man/whimbrel-${name}.1 SCDOC=${WB_SCDOC} COMMAND=${name})
  endforeach()
  install(DIRECTORY ${CMAKE_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
    FILES_MATCHING PATTERN "*.1")
else()
  message(STATUS "scdoc is not installed: no manual pages")
endif()

wb_made_by_program(completion/whimbrel SHELL=bash)
wb_made_by_program(completion/_whimbrel SHELL=zsh)
wb_made_by_program(completion/whimbrel.fish SHELL=fish)
install(FILES ${CMAKE_BINARY_DIR}/completion/whimbrel
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${CMAKE_BINARY_DIR}/completion/_whimbrel
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${CMAKE_BINARY_DIR}/completion/whimbrel.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
add_custom_target(manual ALL DEPENDS ${made})
