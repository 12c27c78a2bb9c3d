# Compiler flags of our own code. The SIMD targets add theirs in core/kernels/CMakeLists.txt.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
# The runner's and the benchmarks' -O2: GCC's -O3 unrolls the stages and gains nothing.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

include_directories(${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
add_compile_options(-Wall -Wextra -Wconversion -Wshadow)
if(LAZULITE_WERROR)
  add_compile_options(-Werror)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  add_compile_options(-Wno-psabi)  # notes that GCC 10 changed how pairs of doubles are passed
endif()

# NumPy rounds after the multiplication; GCC's default contracts a * b + c, intrinsics included, into one rounding.
add_compile_options(-ffp-contract=off)

# Stages chain by tail calls, which the compiler makes only when it optimises and no sanitizer watches the frames;
# elsewhere the driver runs the chain one stage at a time.
set(tail_calls ON)
if(LAZULITE_SANITIZE)
  set(sanitize -fsanitize=${LAZULITE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
  set(tail_calls OFF)
  if(LAZULITE_SANITIZE MATCHES address)
    add_compile_definitions(LAZULITE_ASAN)
  elseif(LAZULITE_SANITIZE MATCHES thread)
    add_compile_definitions(LAZULITE_TSAN)
  endif()
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(tail_calls OFF)
endif()
option(LAZULITE_TAIL_CALLS "Chain the stages by tail calls" ${tail_calls})
add_compile_definitions(LAZULITE_TAIL_CALLS=$<BOOL:${LAZULITE_TAIL_CALLS}>)
