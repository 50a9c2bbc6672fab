// The flags of `fude prep`.
#pragma once

#include <string>
#include <vector>

#include "flags.h"
#include "fude/data/corpus.h"
#include "fude/data/prepare.h"
#include "fude/data/statistics.h"

namespace fude {

struct PrepFlags {
  CorpusOptions corpus;
  PrepareOptions prepare;
  std::string joined_by;  // between documents
  std::string output;     // empty or "-": standard output
  bool statistics = false;
  std::string format = "text";

  void add_to(Flags& flags);
  // After Flags::apply(): inputs and what follows from several flags. UsageError when something is missing.
  void finish(const Flags& flags);

  // What was given, but does nothing for these texts and with these flags, and why: "--seed has no effect: ...".
  std::vector<std::string> without_effect(const Flags& flags, const CorpusInfo& info) const;

  bool to_standard_output() const { return output.empty() || output == "-"; }
  StatisticsOptions statistics_options() const { return {prepare.memory, prepare.temporary_folder}; }

 private:
  int64_t megabytes_ = 256;
};

}  // namespace fude
