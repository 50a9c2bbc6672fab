#include "actions.h"

#include "base/closest.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

std::string overview(const std::string& command, const std::string& summary, std::span<const Action> actions) {
  std::string text = summary + "\n\nusage: fude " + command + " ACTION [arguments]\n\n";
  for (const Action& action : actions) text += "  " + pad_right(action.name, 10) + action.summary + "\n";
  return text + "\n`fude " + command + " ACTION --help` explains an action and its flags.\n";
}

}  // namespace

int run_action(const std::string& command, const std::string& summary, std::span<const Action> actions,
               const std::vector<std::string>& arguments) {
  if (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h")) {
    put(overview(command, summary, actions));
    return 0;
  }
  std::vector<std::string> names;
  std::string known = "one of:";
  for (const Action& action : actions) {
    if (!arguments.empty() && arguments[0] == action.name) return action.run({arguments.begin() + 1, arguments.end()});
    names.emplace_back(action.name);
    known += std::string(" ") + action.name;
  }
  if (arguments.empty()) throw UsageError("no action given", known);
  const std::string near = closest(arguments[0], names);
  throw UsageError("unknown action " + arguments[0],
                   near.empty() ? known : "did you mean fude " + command + " " + near + "?");
}

}  // namespace fude
