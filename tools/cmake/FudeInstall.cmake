# `cmake --install`: the command, the library, the public headers and the package that find_package(fude) reads.
include(CMakePackageConfigHelpers)

set(FUDE_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/fude)
install(TARGETS fude EXPORT fudeTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS fude_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/fude DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES LICENSE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(EXPORT fudeTargets NAMESPACE fude:: DESTINATION ${FUDE_PACKAGE_DIR})
configure_package_config_file(
  ${CMAKE_CURRENT_LIST_DIR}/fudeConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/fudeConfig.cmake
  INSTALL_DESTINATION ${FUDE_PACKAGE_DIR})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/fudeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES ${CMAKE_CURRENT_BINARY_DIR}/fudeConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/fudeConfigVersion.cmake
        ${CMAKE_CURRENT_LIST_DIR}/FudeLibraries.cmake
  DESTINATION ${FUDE_PACKAGE_DIR})
