// The commands of `fude tokenizer` that have files of their own.
#pragma once

#include <string>
#include <vector>

namespace fude {

int tokenizer_show(const std::vector<std::string>& arguments);
int tokenizer_compare(const std::vector<std::string>& arguments);

}  // namespace fude
