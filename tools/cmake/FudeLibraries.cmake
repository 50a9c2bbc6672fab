# What the library links: used by its own build and, installed, by every find_package(fude).
find_package(Threads REQUIRED)
find_package(ICU 70 REQUIRED COMPONENTS uc i18n data)
find_package(PkgConfig REQUIRED)
foreach(library openblas sentencepiece)
  if(NOT TARGET PkgConfig::fude_${library})
    pkg_check_modules(fude_${library} REQUIRED IMPORTED_TARGET GLOBAL ${library})
  endif()
endforeach()
