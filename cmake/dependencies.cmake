# Libraries from the system, and the SQLite that the builder chose.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(YAML REQUIRED IMPORTED_TARGET yaml-0.1)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)

add_library(wb_dependencies INTERFACE)
target_link_libraries(wb_dependencies INTERFACE
  PkgConfig::YAML PkgConfig::JANSSON PkgConfig::SODIUM Threads::Threads ${CMAKE_DL_LIBS})

if(WB_SQLITE_AMALGAMATION)
  add_library(wb_sqlite STATIC ${WB_SQLITE_AMALGAMATION}/sqlite3.c)
  target_include_directories(wb_sqlite SYSTEM PUBLIC ${WB_SQLITE_AMALGAMATION})
  target_compile_options(wb_sqlite PRIVATE -w)
  target_compile_definitions(wb_sqlite PRIVATE SQLITE_ENABLE_FTS5 SQLITE_ENABLE_RTREE
    SQLITE_ENABLE_COLUMN_METADATA SQLITE_DQS=0 SQLITE_THREADSAFE=1)
  target_link_libraries(wb_sqlite PUBLIC m)
  target_link_libraries(wb_dependencies INTERFACE wb_sqlite)
elseif(WB_SQLITE_PREFIX)
  find_library(WB_SQLITE_LIBRARY sqlite3 PATHS ${WB_SQLITE_PREFIX}/lib NO_DEFAULT_PATH REQUIRED)
  target_include_directories(wb_dependencies SYSTEM INTERFACE ${WB_SQLITE_PREFIX}/include)
  target_link_libraries(wb_dependencies INTERFACE ${WB_SQLITE_LIBRARY})
else()
  pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
  target_link_libraries(wb_dependencies INTERFACE PkgConfig::SQLITE)
endif()

# libpq and libmariadb are loaded at run time, so only their headers are needed here.
if(WB_WITH_POSTGRES)
  pkg_check_modules(PQ REQUIRED libpq)
  target_include_directories(wb_dependencies SYSTEM INTERFACE ${PQ_INCLUDE_DIRS})
endif()
if(WB_WITH_MARIADB)
  pkg_check_modules(MARIADB REQUIRED libmariadb)
  target_include_directories(wb_dependencies SYSTEM INTERFACE ${MARIADB_INCLUDE_DIRS})
endif()
