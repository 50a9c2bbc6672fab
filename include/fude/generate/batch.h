// Many texts from many prompts. An item's seed comes from (run seed, id, sample): its text never depends on what runs beside it.
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
  std::string id;
  std::string prompt;
  int samples = 1;
  GenerateOptions options;  // prompt and seed are filled in by the run
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
  std::vector<BatchItem> items;
  uint64_t seed = 1;
  std::string model_name;
};

// One input line: a JSON object {"id","prompt","n","temperature","top_k","top_p","min_p","max_tokens","max_chars","max_lines","stop"}
// over `defaults`. Unknown keys and wrong types are a FormatError that names `where` (file:line). A line without id gets `line_number`.
BatchItem parse_batch_line(std::string_view json, const GenerateOptions& defaults, int line_number, const std::string& where);

// Results in input order. An interrupted run ends after the item in work.
void run_batch(const LanguageModel& model, const BatchJob& job, const std::function<void(const BatchResult&)>& sink,
               const std::atomic<bool>* stop = nullptr);

// id, sample, prompt, text, seed, params, model, n_tokens, n_chars, stop, logprob, bits_per_char, ms.
std::string to_json_line(const BatchResult& result);

}  // namespace fude
