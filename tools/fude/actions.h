// Commands that have commands of their own: `fude tokenizer train`, `fude bench train`.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace fude {

struct Action {
  const char* name;
  const char* summary;
  int (*run)(const std::vector<std::string>& arguments);
};

// Runs the action that the first argument names, with the rest. --help shows `summary` and all of them; UsageError for
// another name and for none.
int run_action(const std::string& command, const std::string& summary, std::span<const Action> actions,
               const std::vector<std::string>& arguments);

}  // namespace fude
