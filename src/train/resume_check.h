// Whether a run can go on as it was: from the same text, with the same options. What is different is named.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "data/dataset.h"
#include "fude/model/language_model.h"
#include "fude/train/options.h"
#include "train/run_directory.h"

namespace fude {

// Writes what a run's text is, a line of JSON for each file: name, characters and digest.
void write_sources(const SplitCorpus& split, const std::filesystem::path& path);

// What is different from the text that write_sources() saw, for people: "; a.txt has 12 characters instead of 10; new:
// b.txt". Empty when there is no such list, or a damaged one.
std::string describe_changed_text(const SplitCorpus& split, const std::filesystem::path& path);

// IoError where the text that options name is not there, or is a pipe or a device, which may never end: nobody at the
// terminal has named it, the folder of a run does. Standard input and what a shell opens (/dev/fd) are the user's own.
void require_text_there(const TrainOptions& options, const std::filesystem::path& config);

// ConfigError where a folder or a pattern finds text in the folder of the run, which exists: when the run goes on, that
// is a run's and no folder of text. Files that are named one by one may be there.
void require_text_outside(const TrainOptions& options);

// What is different in `options` from those that a model was made with, as its training information has them: "dropout
// is 0.5, not 0.1". Limits, and what changes no more than speed, rounding and what a run tells, may be different.
// FormatError that begins with `where` when the information is damaged.
std::string describe_changed_options(const TrainOptions& options, std::string_view training_info,
                                     const NetworkConfig& network, const std::string& where);

// FormatError where the options read from `config` are others than those of the run's `last` model. `note` hears what
// changes the rounding.
void refuse_changed_options(const TrainOptions& options, const LanguageModel& last, const std::filesystem::path& config,
                            const Note& note);

}  // namespace fude
