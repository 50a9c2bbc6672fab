# Writes a source file that tells the git commit of a checkout, and touches it only when that has changed.
#   cmake -DSOURCE=<checkout> -DOUTPUT=<commit.cc> -P WriteCommit.cmake
# A repository around the folder, which is then no checkout of its own, does not count.
cmake_path(GET SOURCE PARENT_PATH above)
set(ENV{GIT_CEILING_DIRECTORIES} ${above})
set(ENV{GIT_OPTIONAL_LOCKS} 0)  # a build never stands in the way of a commit
set(commit unknown)
find_program(GIT git)
if(GIT)
  execute_process(
    COMMAND ${GIT} -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
    RESULT_VARIABLE status OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(status EQUAL 0)
    set(commit ${described})
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#include "version.h"

const char* fude::built_from_commit() { return "@commit@"; }
]] @ONLY)
