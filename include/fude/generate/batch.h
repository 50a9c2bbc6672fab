// Many texts from many prompts. An item's seed comes from (run seed, id, sample): its text does not depend on what runs
// beside it.
//
//   fude::BatchJob job{.items = {{.id = "a1", .prompt = "The lamp "}}, .seed = 7};
//   fude::run_batch(model, job, [](const fude::BatchResult& r) { std::cout << fude::to_json_line(r) << "\n"; });
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fude/generate/generator.h"

namespace fude {

struct BatchItem {
  std::string id = {};  // items of the same id draw the same random numbers
  std::string prompt = {};
  int samples = 1;
  GenerateOptions options = {};  // prompt and seed are filled in by the run
  std::string where = {};        // file:line, for errors; empty: they name the id
};

struct BatchResult {
  std::string id;
  int sample = 0;  // from 0
  std::string prompt;
  GenerateOptions options;
  Generation generation;
  std::string model;  // fingerprint or name
  double milliseconds = 0;
};

struct BatchJob {
  std::vector<BatchItem> items = {};
  uint64_t seed = 1;
  std::string model_name = {};  // empty: the model's fingerprint
};

// One input line: a JSON object over `defaults` with the keys
//   id prompt n temperature top_k top_p min_p max_tokens max_chars max_lines stop
// of which only prompt is required. A line without id gets `line_number`; stop is a text or a list of texts. Unknown
// keys, wrong types and values out of range are a FormatError that names `where` (file:line).
BatchItem parse_batch_line(std::string_view json, const BatchItem& defaults, int line_number, const std::string& where);

// Checks every item before the first is written: options, prompts (on_unknown), and that each has an end. ConfigError
// and DataError name the item.
void check_batch(const LanguageModel& model, const BatchJob& job);

// Results in input order, after check_batch. An interrupted run ends after the sample in work (reason kInterrupt).
void run_batch(const LanguageModel& model, const BatchJob& job, const std::function<void(const BatchResult&)>& sink,
               const std::atomic<bool>* stop = nullptr);

// id, sample, prompt, text, seed, params, model, n_tokens, n_chars, stop, logprob, bits_per_char, ms.
std::string to_json_line(const BatchResult& result);

}  // namespace fude
