// The lines of log.jsonl, one an evaluation.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "fude/train/trainer.h"

namespace fude {

// The record under the log's keys; figures that are not known (not finite) are null.
Json to_json(const EvaluationRecord& record);
// `best` stays false.
EvaluationRecord record_from_json(const Json& json, const std::string& where);

// Line by line: records, with `best` worked out.
class LogReader {
 public:
  // FormatError, and nothing is added, for what is no record; `where` names the line.
  void add(std::string_view line, const std::string& where);
  std::vector<EvaluationRecord> records;

 private:
  double best_ = std::numeric_limits<double>::infinity();
};

// A whole log. Total: records (with `best` worked out) or a FormatError that names `where` and the line.
std::vector<EvaluationRecord> parse_log(std::string_view text, const std::string& where);

// A number that may be unknown: null stands for every value that is not finite.
Json number_or_null(double value);
// `unknown` for null.
double number_or(const Json& object, const char* key, double unknown, const std::string& where);

}  // namespace fude
