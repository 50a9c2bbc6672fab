// fude bench: how fast this machine trains, writes and tokenizes.
#include "actions.h"
#include "bench_actions.h"
#include "commands.h"

namespace fude {

int bench_command(const std::vector<std::string>& arguments) {
  static constexpr Action kActions[] = {
      {"train", "tokens learned from a second, beside the machine's own peak", bench_train},
      {"generate", "tokens written a second, one text and 64 side by side", bench_generate},
      {"tokenize", "bytes encoded a second, for each kind of tokenizer", bench_tokenize}};
  return run_action("bench", "Measures this machine. Figures are medians of some rounds.", kActions, arguments);
}

}  // namespace fude
