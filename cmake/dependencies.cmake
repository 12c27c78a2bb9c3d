# The libraries that Lazulite builds on: the distribution's packages first, else a pinned release from its source.
#
# Debian: libhwy-dev libtbb-dev libeigen3-dev libgtest-dev libbenchmark-dev libmpfr-dev libtomlplusplus-dev.
# The pins are the releases in Debian 12, which is what the tests run with.
include(FetchContent)

# lazulite_find(package target repository tag): makes `target` exist.
function(lazulite_find package target repository tag)
  find_package(${package} CONFIG QUIET GLOBAL)
  if(TARGET ${target})
    return()
  endif()
  message(STATUS "${package} is not installed: fetching ${repository} at ${tag}")
  FetchContent_Declare(lazulite_${package} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW TRUE SYSTEM)
  FetchContent_MakeAvailable(lazulite_${package})
  set_property(DIRECTORY ${lazulite_${package}_SOURCE_DIR} PROPERTY EXCLUDE_FROM_ALL ON)  # build what we link only
  if(NOT TARGET ${target})  # Highway's own build has no namespaced alias
    string(REGEX REPLACE ".*::" "" plain ${target})
    add_library(${target} ALIAS ${plain})
  endif()
endfunction()

# Switches of the fetched builds; they do nothing for an installed package.
set(BUILD_TESTING OFF)
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # option() of a fetched build keeps the values set here
set(HWY_ENABLE_EXAMPLES OFF)
set(HWY_ENABLE_TESTS OFF)
set(HWY_ENABLE_CONTRIB OFF)
set(HWY_ENABLE_INSTALL OFF)
set(TBB_TEST OFF)
set(TBB_STRICT OFF)
set(EIGEN_BUILD_DOC OFF)
set(EIGEN_BUILD_PKGCONFIG OFF)
set(INSTALL_GTEST OFF)
set(BENCHMARK_ENABLE_TESTING OFF)
set(BENCHMARK_ENABLE_INSTALL OFF)

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
lazulite_find(hwy hwy::hwy https://github.com/google/highway.git 1.0.3)
lazulite_find(TBB TBB::tbb https://github.com/oneapi-src/oneTBB.git v2021.8.0)
lazulite_find(Eigen3 Eigen3::Eigen https://gitlab.com/libeigen/eigen.git 3.4.0)
if(LAZULITE_EXAMPLES)
  lazulite_find(tomlplusplus tomlplusplus::tomlplusplus https://github.com/marzer/tomlplusplus.git v3.3.0)
endif()
if(LAZULITE_BENCHMARKS)
  lazulite_find(benchmark benchmark::benchmark https://github.com/google/benchmark.git v1.7.1)
endif()
if(LAZULITE_TESTS)
  lazulite_find(GTest GTest::gtest_main https://github.com/google/googletest.git release-1.12.1)
  # MPFR is the judge of the elementary functions: without it the tests would only seem to pass.
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(mpfr REQUIRED IMPORTED_TARGET GLOBAL mpfr)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
endif()

if(LAZULITE_PYTHON)
  find_package(Python 3.11 REQUIRED COMPONENTS Interpreter Development.Module)
  if(NOT pybind11_DIR)
    execute_process(COMMAND ${Python_EXECUTABLE} -m pybind11 --cmakedir OUTPUT_VARIABLE dir RESULT_VARIABLE failed
                    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT failed)
      set(pybind11_DIR ${dir} CACHE PATH "Where pybind11's CMake package is" FORCE)
    endif()
  endif()
  set(PYBIND11_FINDPYTHON ON)
  find_package(pybind11 3 CONFIG REQUIRED)
endif()
