# An importable package in the build tree: <build>/python/lazulite = links to the sources + the compiled extension.
# So the Python tests and the demo run on the same compiled core as the C++ tests, with nothing installed; every
# preset has its own tree, chosen by PYTHONPATH.
set_target_properties(_core PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/python/lazulite)
add_custom_target(lazulite_python_tree ALL
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR}/bindings/python/lazulite
          -DTREE=${PROJECT_BINARY_DIR}/python/lazulite -P ${PROJECT_SOURCE_DIR}/cmake/link_python_tree.cmake
  VERBATIM)
add_dependencies(lazulite_python_tree _core)
