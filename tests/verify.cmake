# How statements are found to be done or undone after a crash: its pure parts, and on real servers
# from a journal that ends with an intent.
wb_objects(objects api)
file(GLOB tests CONFIGURE_DEPENDS verify/test_maria_*.c)
foreach(source IN LISTS tests)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source} ${objects})
  target_link_libraries(${name} PRIVATE wb_settings wb_dependencies PkgConfig::CMOCKA)
  add_test(NAME verify/${name} COMMAND ${name})
  set_tests_properties(verify/${name} PROPERTIES LABELS unit TIMEOUT 300)
endforeach()

if(WB_WITH_MARIADB)
  add_executable(test_verify_mariadb verify/test_verify_mariadb.c run/world.c ${objects})
  target_link_libraries(test_verify_mariadb PRIVATE wb_settings wb_dependencies PkgConfig::CMOCKA)
  target_include_directories(test_verify_mariadb PRIVATE run)
  add_test(NAME verify/mariadb COMMAND test_verify_mariadb mariadb)
  set_tests_properties(verify/mariadb PROPERTIES LABELS "run;mariadb" SKIP_RETURN_CODE 77 TIMEOUT 300
    RESOURCE_LOCK scratch)
endif()
