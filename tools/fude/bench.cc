// fude bench: how fast this machine trains, and how much of it that uses.
#include <algorithm>
#include <fstream>

#include "base/json.h"
#include "commands.h"
#include "flags.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/train/benchmark.h"
#include "model_flags.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

// What one case came to: medians over rounds, each a measure of training and one of the machine's peak.
struct Row {
  TrainingCase which;
  double tokens_per_second = 0;
  double spread = 0;  // (fastest - slowest) / median
  double gflops = 0;
  double peak = 0;
  double fraction = 0;  // of the peak of the same round
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

Row measure(const TrainingCase& which, int rounds, double seconds) {
  constexpr double kPeakSeconds = 0.3;
  std::vector<double> speeds, gflops, peaks, fractions;
  for (int round = 1; round <= rounds; ++round) {
    show_progress(which.name + ": round " + std::to_string(round) + " of " + std::to_string(rounds));
    peaks.push_back(measure_product_peak(std::min(kPeakSeconds, seconds)));
    const TrainingSpeed speed = measure_training(which, seconds);
    speeds.push_back(speed.tokens_per_second);
    gflops.push_back(speed.gflops);
    fractions.push_back(speed.gflops / peaks.back());
  }
  clear_progress();
  const auto [slowest, fastest] = std::minmax_element(speeds.begin(), speeds.end());
  return {which,          median(speeds), (*fastest - *slowest) / median(speeds),
          median(gflops), median(peaks),  median(fractions)};
}

// "model name" of the first processor, as Linux tells it.
std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::vector<TrainingCase> chosen_cases(const std::vector<std::string>& names) {
  if (names.empty()) return training_cases();
  std::vector<TrainingCase> cases;
  for (const std::string& name : names) {
    const auto& all = training_cases();
    const auto found = std::find_if(all.begin(), all.end(), [&](const TrainingCase& one) { return one.name == name; });
    if (found == all.end()) {
      std::string known = "the cases are:";
      for (const TrainingCase& one : all) known += " " + one.name;
      throw UsageError("unknown case " + name, known);
    }
    cases.push_back(*found);
  }
  return cases;
}

std::string table_head() {
  return pad_right("case", 12) + pad_left("network", 13) + pad_left("batch", 10) + pad_left("tokens/s", 12) +
         pad_left("spread", 8) + pad_left("GFLOP/s", 9) + pad_left("peak", 8) + pad_left("fraction", 10) + "\n";
}

std::string table_row(const Row& row) {
  const NetworkConfig& network = row.which.network;
  return pad_right(row.which.name, 12) +
         pad_left(std::string(to_string(network.cell)) + " " + std::to_string(network.num_layers) + " x " +
                      std::to_string(network.hidden_size),
                  13) +
         pad_left(std::to_string(row.which.batch_size) + " x " + std::to_string(row.which.steps), 10) +
         pad_left(with_commas(static_cast<int64_t>(row.tokens_per_second)), 12) +
         pad_left(fixed(100 * row.spread, 0) + "%", 8) + pad_left(fixed(row.gflops, 0), 9) +
         pad_left(fixed(row.peak, 0), 8) + pad_left(fixed(row.fraction, 2), 10) + "\n";
}

Json json_row(const Row& row) {
  const NetworkConfig& network = row.which.network;
  return {{"case", row.which.name},
          {"cell", to_string(network.cell)},
          {"num_layers", network.num_layers},
          {"hidden_size", network.hidden_size},
          {"vocab_size", network.vocab_size},
          {"batch_size", row.which.batch_size},
          {"seq_length", row.which.steps},
          {"tokens_per_second", row.tokens_per_second},
          {"spread", row.spread},
          {"gflops", row.gflops},
          {"peak_gflops", row.peak},
          {"fraction_of_peak", row.fraction},
          {"precision", "f32"},
          {"backend", backend_description()},
          {"threads", threads()},
          {"processor", processor()},
          {"version", FUDE_VERSION}};
}

// Values of one line, or its names when `names`.
std::string csv_line(const Json& row, bool names) {
  std::string line;
  for (const auto& [name, value] : row.items()) line += (line.empty() ? "" : ",") + (names ? name : to_text(value));
  return line + "\n";
}

}  // namespace

int bench_command(const std::vector<std::string>& arguments) {
  int thread_count = 0, rounds = 5;
  double seconds = 1;
  std::string backend_name = "auto", format = "text", cell = "lstm";
  Flags flags("bench", "train [CASE...]",
              "Measures how fast this machine trains, beside the fastest matrix products it can compute, in turn. Each "
              "figure is the median of some rounds. A machine with other work gives figures without worth.");
  flags.section("What");
  flags.add("cell", {}, "WORD", bind_choice(cell, {"lstm", "gru", "rnn"}), "lstm | gru | rnn");
  flags.add("rounds", {}, "N", bind(rounds), "measures of each case, 1 to 1000");
  flags.add("seconds", {}, "S", bind(seconds), "training time of a measure; 0: three updates");
  flags.add("threads", {}, "N", bind(thread_count), "0: one a core");
  flags.add("backend", {}, "WORD", bind(backend_name), kBackendHelp);
  flags.section("Output");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "csv", "json"}), "text | csv | json");
  flags.example("fude bench train char-small");
  if (!flags.read(arguments)) return 0;
  flags.apply();

  std::vector<std::string> names = flags.positionals();
  if (names.empty() || names.front() != "train")
    throw UsageError(names.empty() ? "nothing to measure" : "cannot measure " + names.front(), "fude bench train");
  names.erase(names.begin());
  if (rounds < 1 || rounds > 1000) throw UsageError("--rounds must be 1 to 1000, got " + std::to_string(rounds), "");
  if (!(seconds >= 0 && seconds <= 3600)) throw UsageError("--seconds must be 0 to 3600, got " + fixed(seconds, 3), "");
  std::vector<TrainingCase> cases = chosen_cases(names);
  set_threads(thread_count);
  set_backend(backend_name);

  Json rows = Json::array();
  if (format == "text")
    put(processor() + ", " + backend_description() + ", f32, " + counted(threads(), "thread") + "\n\n" + table_head());
  for (TrainingCase& which : cases) {
    which.network.cell = parse_cell(cell);
    const Row row = measure(which, rounds, seconds);
    if (format == "text") {
      put(table_row(row));
    } else if (format == "csv") {
      if (&which == &cases.front()) put(csv_line(json_row(row), true));
      put(csv_line(json_row(row), false));
    } else {
      rows.push_back(json_row(row));
    }
  }
  if (format == "json") put(to_pretty_text(rows));
  return 0;
}

}  // namespace fude
