#include "bench_report.h"

#include <algorithm>

#include "base/median.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "model_flags.h"
#include "terminal.h"
#include "usage_error.h"
#include "version.h"

namespace fude {
namespace {

std::string csv_field(const Json& value) {
  if (value.is_null()) return "";
  if (!value.is_string()) return to_text(value);
  std::string field = "\"";
  for (const char c : value.get<std::string>()) field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + "\"";
}

// Values of one line, or its names when `names`.
std::string csv_line(const Json& row, bool names) {
  std::string line;
  for (const auto& [name, value] : row.items()) line += (line.empty() ? "" : ",") + (names ? name : csv_field(value));
  return line + "\n";
}

// What holds for the whole table.
std::string machine_line(const Json& row) {
  std::string line;
  for (const char* const key : {"cpu", "isa", "backend", "precision"})
    if (!row[key].is_null()) line += row[key].get<std::string>() + ", ";
  return line + counted(row["threads"].get<int>(), "thread") + ", commit " + row["commit"].get<std::string>() + "\n";
}

}  // namespace

void BenchFlags::add_to(Flags& flags) {
  flags.section("Measuring");
  flags.add("rounds", {}, "N", bind(rounds), "measures of each row, 1 to 1000; the figures are their medians");
  flags.add("seconds", {}, "S", bind(seconds), "time of a measure; 0: three steps");
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"table", "csv", "json"}), "table | csv | json");
}

void BenchFlags::add_products_to(Flags& flags) {
  flags.section("Machine");
  flags.add("threads", {}, "N", bind(threads), "0: one a core");
  flags.add("backend", {}, "WORD", bind(backend), kBackendHelp);
}

void BenchFlags::apply(Work work) const {
  if (rounds < 1 || rounds > 1000) throw UsageError("--rounds must be 1 to 1000, got " + std::to_string(rounds), "");
  if (!(seconds >= 0 && seconds <= 3600)) throw UsageError("--seconds must be 0 to 3600, got " + fixed(seconds, 3), "");
  set_threads(threads);
  set_backend(backend, work);
  say_backend_hint();
}

Json bench_row(const std::string& name, int threads) {
  return {{"name", name},
          {"commit", built_from_commit()},
          {"cpu", processor_name()},
          {"isa", instruction_set()},
          {"threads", threads},
          {"backend", nullptr},
          {"precision", nullptr}};
}

void BenchRounds::add_to(Json& row) const {
  const auto [slowest, fastest] = std::minmax_element(tokens_per_second.begin(), tokens_per_second.end());
  std::vector<double> fractions;  // each of the peak of its own round
  for (size_t round = 0; round < gflops.size(); ++round) fractions.push_back(gflops[round] / peak_gflops[round]);
  row["tokens_per_s"] = median(tokens_per_second);
  row["gflops"] = gflops.empty() ? Json(nullptr) : Json(median(gflops));
  row["peak_gflops"] = peak_gflops.empty() ? Json(nullptr) : Json(median(peak_gflops));
  row["peak_fraction"] = fractions.empty() ? Json(nullptr) : Json(median(fractions));
  row["ms_per_step"] = 1e3 * median(seconds);
  row["spread"] = (*fastest - *slowest) / median(tokens_per_second);
}

std::string BenchReport::table_line(const Json* row) const {
  std::string line;
  for (const BenchColumn& column : columns_) {
    const std::string text = row == nullptr ? column.title : column.text(*row);
    line += line.empty() ? pad_right(text, column.width) : pad_left(text, column.width);
  }
  return line + "\n";
}

void BenchReport::add(const Json& row) {
  const bool first = rows_.empty();
  rows_.push_back(row);
  if (format_ == "table") put((first ? machine_line(row) + "\n" + table_line(nullptr) : "") + table_line(&row));
  if (format_ == "csv") put((first ? csv_line(row, true) : "") + csv_line(row, false));
}

void BenchReport::finish() const {
  if (format_ == "json") put(to_pretty_text(rows_));
}

}  // namespace fude
