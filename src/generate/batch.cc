#include "fude/generate/batch.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/json.h"
#include "base/problems.h"
#include "fude/base/error.h"
#include "generate/draft.h"

namespace fude {
namespace {

std::vector<std::string> stop_texts(const Json& line, const std::string& where) {
  if (line["stop"].is_string()) return {line["stop"].get<std::string>()};
  return require<std::vector<std::string>>(line, "stop", where);
}

void check_keys(const Json& line, const std::string& where) {
  static const std::vector<std::string> known = {"id",    "prompt",     "n",         "temperature", "top_k", "top_p",
                                                 "min_p", "max_tokens", "max_chars", "max_lines",   "stop"};
  for (const auto& [key, value] : line.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string hint = "the keys are:";
    for (const std::string& name : known) hint += " " + name;
    throw FormatError(where + ": unknown key \"" + key + "\"", hint);
  }
}

void check_values(const BatchItem& item) {
  Problems problems;
  problems.of(item.options);
  problems.unless(item.samples >= 1, "n must be 1 or more, got " + std::to_string(item.samples));
  problems.raise();
}

void check_item(const LanguageModel& model, const BatchItem& item) {
  const GenerateOptions& options = item.options;
  check_values(item);
  const bool limited = options.max_tokens >= 0 || options.max_chars >= 0 || options.max_lines >= 0;
  const bool may_end = !options.stop.empty() || (options.stop_at_eos && !model.tokenizer().splits_on_whitespace());
  if (!limited && !may_end) {
    throw ConfigError("nothing would end the text", "set max_tokens, max_chars, max_lines or a stop text");
  }
  encode_prompt(model.tokenizer(), item.prompt, options.on_unknown);
}

double round_to(double value, double steps_per_unit) { return std::round(value * steps_per_unit) / steps_per_unit; }

// null for NaN and infinity, which JSON does not have.
Json rounded(double value) { return std::isfinite(value) ? Json(round_to(value, 1e4)) : Json(nullptr); }

Json parameters(const GenerateOptions& options) {
  Json json = {{"temperature", options.sampler.temperature},
               {"top_k", options.sampler.top_k},
               {"top_p", options.sampler.top_p},
               {"min_p", options.sampler.min_p},
               {"max_tokens", options.max_tokens},
               {"max_chars", options.max_chars},
               {"max_lines", options.max_lines}};
  if (!options.stop.empty()) json["stop"] = options.stop;
  return json;
}

}  // namespace

BatchItem parse_batch_line(std::string_view json, const BatchItem& defaults, int line_number,
                           const std::string& where) {
  const Json line = parse_json(json, where);
  if (!line.is_object()) throw FormatError(where + ": expected a JSON object, got " + to_text(line).substr(0, 60));
  check_keys(line, where);

  BatchItem item = defaults;
  item.where = where;
  const bool numbered = line.contains("id") && line["id"].is_number_integer();
  item.id = numbered ? to_text(line["id"]) : get_or<std::string>(line, "id", std::to_string(line_number), where);
  item.prompt = require<std::string>(line, "prompt", where);
  item.samples = get_or(line, "n", item.samples, where);
  SamplerOptions& sampler = item.options.sampler;
  sampler.temperature = get_or(line, "temperature", sampler.temperature, where);
  sampler.top_k = get_or(line, "top_k", sampler.top_k, where);
  sampler.top_p = get_or(line, "top_p", sampler.top_p, where);
  sampler.min_p = get_or(line, "min_p", sampler.min_p, where);
  item.options.max_tokens = get_or(line, "max_tokens", item.options.max_tokens, where);
  item.options.max_chars = get_or(line, "max_chars", item.options.max_chars, where);
  item.options.max_lines = get_or(line, "max_lines", item.options.max_lines, where);
  if (line.contains("stop")) item.options.stop = stop_texts(line, where);
  try {
    check_values(item);
  } catch (const ConfigError& error) {
    throw FormatError(where + ": " + error.what(), error.hint());  // not the program's options, but a file's content
  }
  return item;
}

void check_batch(const LanguageModel& model, const BatchJob& job) {
  for (const BatchItem& item : job.items) {
    const std::string where = item.where.empty() ? "item \"" + item.id + "\"" : item.where;
    try {
      check_item(model, item);
    } catch (const ConfigError& error) {
      throw ConfigError(where + ": " + error.what(), error.hint());
    } catch (const DataError& error) {
      throw DataError(where + ": " + error.what(), error.hint());
    }
  }
}

void run_batch(const LanguageModel& model, const BatchJob& job, const std::function<void(const BatchResult&)>& sink,
               const std::atomic<bool>* stop) {
  check_batch(model, job);
  const std::string model_name = job.model_name.empty() ? fingerprint(model) : job.model_name;
  const Writer unread(model, job.seed);
  std::optional<Writer> reader;  // has read the prompt of the item in work: equal prompts in a row are read once
  OnUnknown policy{};
  for (const BatchItem& item : job.items) {
    if (!reader || reader->text() != item.prompt || policy != item.options.on_unknown) {
      reader = unread;
      reader->read(item.prompt, item.options.on_unknown);
      policy = item.options.on_unknown;
    }
    for (int sample = 0; sample < item.samples; ++sample) {
      if (stop != nullptr && stop->load(std::memory_order_relaxed)) return;
      const auto begin = std::chrono::steady_clock::now();
      BatchResult result;
      result.id = item.id;
      result.sample = sample;
      result.prompt = item.prompt;
      result.model = model_name;
      result.options = item.options;
      result.options.prompt = item.prompt;
      result.options.seed = derive_seed(derive_seed(job.seed, item.id), static_cast<uint64_t>(sample));
      Writer writer = *reader;
      writer.reseed(result.options.seed);
      result.generation = writer.write(result.options, {}, stop);
      result.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
      sink(result);
    }
  }
}

std::string to_json_line(const BatchResult& result) {
  const Generation& generation = result.generation;
  return to_text(Json{{"id", result.id},
                      {"sample", result.sample},
                      {"prompt", result.prompt},
                      {"text", generation.text},
                      {"seed", result.options.seed},
                      {"params", parameters(result.options)},
                      {"model", result.model},
                      {"n_tokens", generation.tokens},
                      {"n_chars", generation.code_points},
                      {"stop", to_string(generation.reason)},
                      {"logprob", rounded(generation.log_prob)},
                      {"bits_per_char", rounded(generation.bits_per_char())},
                      {"ms", round_to(result.milliseconds, 10)}});
}

}  // namespace fude
