# Splits core/ops.def into fragments, <build>/generated/core/ops/*.def, so that the edit of a row recompiles only what
# its change can reach: a file of the core includes the least fragment that it can do with. CMake runs again when the
# table changes, and a fragment whose text stays the same is not written.
#
#   ids.def         every row, id only: what enumerators and function names are made of
#   simple.def      the rows of LZ_UNARY, LZ_BINARY, LZ_TEST and LZ_COMPARE, without docs: vector stages
#   elementary.def  the rows of LZ_ELEMENTARY, without docs
#   large.def       the rows of LZ_LARGE, without docs
#   ternary.def     the rows of LZ_TERNARY, without docs
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/ops.def)
file(READ ${PROJECT_SOURCE_DIR}/core/ops.def op_table)
string(REGEX REPLACE "(^|\n)//[^\n]*" "" op_table "${op_table}")
string(REGEX REPLACE "\n(LZ_[A-Z]+) +\\(" "\n\\1(" op_table "${op_table}")
string(REGEX REPLACE "\n\n+" "\n" op_table "${op_table}")
if(op_table MATCHES "\n(LZ_[^\n]*[^)\n]|[^#L\n][^\n]*)\n")
  message(FATAL_ERROR "core/ops.def: a row is one line, and this is none: ${CMAKE_MATCH_1}")
endif()

# lazulite_op_fragment(name kinds pattern replacement): the rows of some kinds, edited, between the table's `#` lines.
function(lazulite_op_fragment name kinds pattern replacement)
  string(REGEX REPLACE "\nLZ_(${kinds})\\(" "\n+LZ_\\1(" text "${op_table}")
  string(REGEX REPLACE "\nLZ_[^\n]*" "" text "${text}")
  string(REGEX REPLACE "\n\\+(LZ_[A-Z]+)${pattern}" "\n\\1${replacement}" text "${text}")
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/core/ops/${name}.def
       CONTENT "// The part of core/ops.def that cmake/op_table.cmake calls ${name}.\n${text}" @ONLY)
endfunction()
lazulite_op_fragment(ids "[A-Z]+" "(\\([a-z0-9_]+)[^\n]*" "\\2)")
lazulite_op_fragment(simple "UNARY|BINARY|TEST|COMPARE" "([^\n]*), *\"[^\"\n]*\"\\)" "\\2)")
lazulite_op_fragment(elementary "ELEMENTARY" "([^\n]*), *\"[^\"\n]*\"\\)" "\\2)")
lazulite_op_fragment(large "LARGE" "([^\n]*), *\"[^\"\n]*\"\\)" "\\2)")
lazulite_op_fragment(ternary "TERNARY" "([^\n]*), *\"[^\"\n]*\"\\)" "\\2)")
