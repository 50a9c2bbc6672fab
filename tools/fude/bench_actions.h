// The parts of `fude bench`.
#pragma once

#include <string>
#include <vector>

namespace fude {

int bench_train(const std::vector<std::string>& arguments);
int bench_generate(const std::vector<std::string>& arguments);
int bench_tokenize(const std::vector<std::string>& arguments);

}  // namespace fude
