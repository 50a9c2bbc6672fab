// What a run leaves about itself in its models and in config.json.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fude/train/trainer.h"
#include "train/setup.h"

namespace fude {

// Where the weights come from, as JSON text for LanguageModel::set_training_info: version, options, corpus digest,
// step, best figures. Holds no time and no folder, so equal runs make equal files and no private path travels with a
// model.
std::string training_info(const Setup& setup, const EvaluationRecord& now, const std::optional<EvaluationRecord>& best);

// config.json: the options as they run, input paths absolute so that a run can be resumed from any folder, and the
// facts of its start.
std::string run_config(const Setup& setup);
// An input's path as config.json has it; "-" and "" stay.
std::string absolute_input(const std::string& path);
// IoError when the path of an input is none that config.json, which is UTF-8, can hold: the run could not be resumed.
void require_paths_in_utf8(const TrainOptions& options);
// The options of a config.json. FormatError naming `where` when it is damaged or asks for what cannot be.
TrainOptions options_of_run(std::string_view config, const std::string& where);

}  // namespace fude
