# Finds what the library is built from and gives each an imported target. Debian's packages are enough; see tools/packages.

find_package(Threads REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(ICU 70 REQUIRED COMPONENTS uc i18n data)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(cxxopts 3 REQUIRED)
find_package(PkgConfig REQUIRED)

function(fude_pkg_config name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  add_library(${name}::${name} ALIAS PkgConfig::${name})
endfunction()

fude_pkg_config(openblas openblas)
fude_pkg_config(sentencepiece sentencepiece)
fude_pkg_config(edit libedit)
fude_pkg_config(xxhash libxxhash)
