# Installs the header library and the core from BUILD, then configures, builds and runs this project against them, all
# below WORK:
#   cmake -DBUILD=... -DWORK=... -DCOMPILER=... -DFLAGS=... -DGENERATOR=Ninja [-DSANITIZE=...] -P run.cmake
# SANITIZE: what the core was built with, and what links it must be linked with.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "failed: ${ARGV}")
  endif()
endfunction()
if(SANITIZE)
  set(sanitize "-fsanitize=${SANITIZE}")
endif()
set(here ${CMAKE_CURRENT_LIST_DIR})
set(expression ${here}/../corpus/saved/black_scholes)
file(REMOVE_RECURSE ${WORK})
foreach(component cpp core)
  run(${CMAKE_COMMAND} --install ${BUILD} --component ${component} --prefix ${WORK}/prefix)
endforeach()
run(${CMAKE_COMMAND} -S ${here} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${WORK}/prefix
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS=${sanitize}"
    "-DCONSUMER_FLAGS=${FLAGS}")
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
run(${WORK}/build/saved ${expression} ${WORK}/again.lz)

# The same by pkg-config, with a user's own flags.
find_program(pkg_config pkg-config)
if(NOT pkg_config)
  return()
endif()
set(ENV{PKG_CONFIG_PATH} ${WORK}/prefix/lib/pkgconfig:${WORK}/prefix/lib/x86_64-linux-gnu/pkgconfig)
# by_pkg_config(package flags source...): sets `program`.
function(by_pkg_config package own_flags)
  list(TRANSFORM ARGN PREPEND ${here}/)
  execute_process(COMMAND ${pkg_config} --define-variable=prefix=${WORK}/prefix --cflags --libs ${package}
                  OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "pkg-config does not find ${package}")
  endif()
  separate_arguments(flags UNIX_COMMAND "${own_flags} ${flags}")
  set(program ${WORK}/${package}_by_pkg_config)
  list(FILTER flags EXCLUDE REGEX "^$")
  run(${COMPILER} -std=c++17 -O1 ${ARGN} ${flags} -o ${program})
  set(program ${program} PARENT_SCOPE)
endfunction()
by_pkg_config(lazulite "${FLAGS}" main.cpp other.cpp)
run(${program})
by_pkg_config(lazulite-core "${sanitize}" saved.cpp)
run(${program} ${expression} ${WORK}/again.lz)
