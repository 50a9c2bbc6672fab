// The command line itself is wrong.
#pragma once

#include "fude/base/error.h"

namespace fude {

// Ends the command with exit code 2.
class UsageError : public Error {
  using Error::Error;
};

}  // namespace fude
