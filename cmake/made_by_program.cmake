# Writes one file that the program prints: a completion script (SHELL), or a manual page (SCDOC,
# with COMMAND for a command's page and TAIL for hand-written sections behind it).
get_filename_component(folder ${OUTPUT} DIRECTORY)
file(MAKE_DIRECTORY ${folder})
if(SHELL)
  execute_process(COMMAND ${PROGRAM} completion ${SHELL} OUTPUT_FILE ${OUTPUT}
    COMMAND_ERROR_IS_FATAL ANY)
  return()
endif()
execute_process(COMMAND ${PROGRAM} help --manual ${COMMAND} OUTPUT_FILE ${OUTPUT}.scd
  COMMAND_ERROR_IS_FATAL ANY)
if(TAIL)
  file(READ ${TAIL} tail)
  file(APPEND ${OUTPUT}.scd "${tail}")
endif()
execute_process(COMMAND ${SCDOC} INPUT_FILE ${OUTPUT}.scd OUTPUT_FILE ${OUTPUT}
  COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE ${OUTPUT}.scd)
