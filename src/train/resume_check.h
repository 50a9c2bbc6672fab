// Whether a run can go on as it was: from the same text, with the same options. What is different is named.
#pragma once

#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "fude/model/language_model.h"
#include "fude/train/options.h"

namespace fude {

// Writes what a run's text is, a line of JSON for each file: name, characters and digest.
void write_sources(const SplitCorpus& split, const std::filesystem::path& path);

// What is different from the text that write_sources() saw, for people: "; a.txt has 12 characters instead of 10; new:
// b.txt". Empty when there is no such list, or a damaged one.
std::string describe_changed_text(const SplitCorpus& split, const std::filesystem::path& path);

// IoError where the text that options name is a pipe or a device, which may never end: nobody at the terminal has named
// it, the folder of a run does. Standard input and what a shell opens (/dev/fd) are the user's own.
void refuse_endless_text(const TrainOptions& options, const std::filesystem::path& config);

// FormatError where the options read from `config` are not those that the run's `last` model was made with. Limits,
// and what changes no more than speed, rounding and what a run tells, may be different.
void refuse_changed_options(const TrainOptions& options, const LanguageModel& last,
                            const std::filesystem::path& config);

}  // namespace fude
