// The flags of `fude train`, bound to TrainOptions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "flags.h"
#include "fude/train/options.h"

namespace fude {

struct TrainFlags {
  TrainOptions options;
  std::optional<uint64_t> seed;
  std::string preset = "small";
  std::string resume;  // a run to go on with; empty: off
  bool dry_run = false;
  bool profile = false;

  void add_to(Flags& flags);
  // After Flags::read: applies preset and flags and settles what depends on what was given (seed, limits, folder).
  void finish(Flags& flags);
  // What a resumed run may be told; UsageError that names every other flag that was given, unless it says what the run
  // has.
  ResumeOptions resume_options(Flags& flags);

 private:
  // The flags given that say otherwise than the run to be resumed, each with both values; those that it does not know
  // of without.
  std::string contradictions(const Flags& flags) const;
  void add_text(Flags& flags);
  void add_network(Flags& flags);
  void add_optimization(Flags& flags);
  void add_limits(Flags& flags);
  void add_run(Flags& flags);
};

}  // namespace fude
