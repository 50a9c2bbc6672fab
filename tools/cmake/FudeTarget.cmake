# What every target of this project is compiled with. Flags belong to targets, none are global.
function(fude_target target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
    # GCC 12 sees overlapping copies inside std::string that are not there (gcc.gnu.org/PR105651).
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
  # Outside Release the standard library checks its indices, as assert() does its conditions.
  target_compile_definitions(${target} PRIVATE $<$<NOT:$<CONFIG:Release>>:_GLIBCXX_ASSERTIONS>)
  if(FUDE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(FUDE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${FUDE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PRIVATE -fsanitize=${FUDE_SANITIZE})
    # With sanitizers GCC 12 takes std::regex's own variables for uninitialized (gcc.gnu.org/PR105562).
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  endif()
  if(FUDE_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage -O0)
    target_link_options(${target} PRIVATE --coverage)
  endif()
endfunction()
