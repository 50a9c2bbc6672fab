// What all of `fude bench` has in common: how it measures, and its rows as table, CSV or JSON.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "flags.h"
#include "fude/compute/backend.h"

namespace fude {

struct BenchFlags {
  int rounds = 5;
  double seconds = 1;
  int threads = 0;
  std::string backend = "auto";
  std::string format = "table";

  void add_to(Flags& flags);
  // What only matrix products need.
  void add_products_to(Flags& flags);
  // UsageError for values out of range; sets threads and backend.
  void apply(Work work = Work::kWriting) const;
};

// Keys of every row, in this order: name commit cpu isa threads backend precision tokens_per_s gflops peak_gflops
// peak_fraction ms_per_step spread; further ones may follow. null where one means nothing, as a tokenizer's precision.
// This makes the first seven.
Json bench_row(const std::string& name, int threads);

// Adds tokens_per_s to spread from the figures of each round; `gflops` and `peak_gflops` are empty where there are
// none.
struct BenchRounds {
  std::vector<double> tokens_per_second, seconds, gflops, peak_gflops;

  void add_to(Json& row) const;
};

// A column of the table; the first is set left, the others right.
struct BenchColumn {
  std::string title;
  int width;
  std::string (*text)(const Json& row);
};

// Prints rows as they come; JSON all together at the end.
class BenchReport {
 public:
  BenchReport(std::string format, std::vector<BenchColumn> columns)
      : format_(std::move(format)), columns_(std::move(columns)) {}

  void add(const Json& row);
  void finish() const;

 private:
  std::string table_line(const Json* row) const;  // nullptr: the titles

  std::string format_;
  std::vector<BenchColumn> columns_;
  Json rows_ = Json::array();
};

}  // namespace fude
