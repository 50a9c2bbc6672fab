# Finds what the project is built from. Debian's packages are enough: tools/packages lists them.
include(FudeLibraries)

# Headers only: nothing of these is left for whoever links the library.
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(nlohmann_json 3.11 REQUIRED)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET GLOBAL libxxhash)

# The command's own.
find_package(cxxopts 3 REQUIRED)
pkg_check_modules(edit REQUIRED IMPORTED_TARGET GLOBAL libedit)
