#include "train/log.h"

#include <cmath>
#include <utility>

#include "fude/base/error.h"

namespace fude {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// The figures of a record with their keys, in the log's order.
struct Figure {
  const char* key;
  double EvaluationRecord::*value;
};
constexpr Figure kFigures[] = {
    {"seconds", &EvaluationRecord::seconds},
    {"tokens_per_s", &EvaluationRecord::tokens_per_second},
    {"lr", &EvaluationRecord::lr},
    {"train_loss", &EvaluationRecord::train_loss},
    {"val_loss", &EvaluationRecord::val_loss},
    {"val_ppl", &EvaluationRecord::val_perplexity},
    {"val_bpc", &EvaluationRecord::val_bpc},
    {"val_bpb", &EvaluationRecord::val_bpb},
    {"grad_norm", &EvaluationRecord::grad_norm},
};

}  // namespace

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double number_or(const Json& object, const char* key, double unknown, const std::string& where) {
  if (object.is_object() && object.contains(key) && object[key].is_null()) return unknown;
  return require<double>(object, key, where);
}

Json to_json(const EvaluationRecord& record) {
  Json json = {{"step", record.step}, {"epoch", record.epoch}, {"tokens", record.tokens}};
  for (const Figure& figure : kFigures) json[figure.key] = number_or_null(record.*figure.value);
  json["skipped"] = record.skipped;
  json["rollbacks"] = record.rollbacks;
  return json;
}

EvaluationRecord record_from_json(const Json& json, const std::string& where) {
  EvaluationRecord record;
  record.step = require<int64_t>(json, "step", where);
  record.epoch = require<double>(json, "epoch", where);
  record.tokens = require<int64_t>(json, "tokens", where);
  for (const Figure& figure : kFigures) record.*figure.value = number_or(json, figure.key, kUnknown, where);
  record.skipped = get_or<int64_t>(json, "skipped", 0, where);  // earlier versions had neither
  record.rollbacks = get_or<int>(json, "rollbacks", 0, where);
  return record;
}

void LogReader::add(std::string_view line, const std::string& where) {
  EvaluationRecord record = record_from_json(parse_json(line, where), where);
  record.best = record.val_loss < best_;
  if (record.best) best_ = record.val_loss;
  records.push_back(record);
}

std::vector<EvaluationRecord> parse_log(std::string_view text, const std::string& where) {
  LogReader reader;
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = text.find('\n');
    reader.add(text.substr(0, end), where + ":" + std::to_string(line));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return std::move(reader.records);
}

}  // namespace fude
