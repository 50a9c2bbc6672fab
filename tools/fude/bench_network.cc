// fude bench train, fude bench generate: how fast this machine learns and writes, and how much of it that uses.
#include <algorithm>
#include <functional>

#include "bench_actions.h"
#include "bench_report.h"
#include "fude/base/profile.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/generate/benchmark.h"
#include "fude/train/benchmark.h"
#include "fude/train/options.h"
#include "profile_report.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

// Sizes in place of those of a case; 0: the case's own.
struct SizeFlags {
  std::string cell = "lstm";
  int layers = 0, hidden = 0, vocab = 0;

  void add_to(Flags& flags) {
    flags.section("Network");
    flags.add("cell", {}, "WORD", bind_choice(cell, {"lstm", "gru", "rnn"}), "lstm | gru | rnn");
    flags.add("num-layers", {"layers", "nlayers"}, "N", bind(layers), "recurrent layers, 1 to 8; 0: the case's own");
    flags.add("hidden-size", {"rnn-size", "nhid"}, "N", bind(hidden),
              "units of a layer and of the embedding; 0: the case's own");
    flags.add("vocab-size", {}, "N", bind(vocab), "tokens to tell apart; 0: the case's own");
  }
  void apply_to(NetworkConfig& network) const {
    network.cell = parse_cell(cell);
    if (layers != 0) network.num_layers = layers;
    if (hidden != 0) network.hidden_size = network.embed_size = hidden;
    if (vocab != 0) network.vocab_size = vocab;
    network.validate();
  }
};

// The cases named, all when none is, with the sizes asked for.
std::vector<TrainingCase> chosen_cases(const std::vector<std::string>& names, const SizeFlags& sizes) {
  const auto& all = training_cases();
  std::vector<TrainingCase> cases = names.empty() ? all : std::vector<TrainingCase>{};
  for (const std::string& name : names) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const TrainingCase& one) { return one.name == name; });
    if (found == all.end()) {
      std::string known = "the cases are:";
      for (const TrainingCase& one : all) known += " " + one.name;
      throw UsageError("unknown case " + name, known);
    }
    cases.push_back(*found);
  }
  for (TrainingCase& one : cases) sizes.apply_to(one.network);
  return cases;
}

std::string network_text(const Json& row) {
  return row["cell"].get<std::string>() + " " + to_text(row["layers"]) + " x " + to_text(row["hidden"]);
}

std::vector<BenchColumn> columns() {
  return {{"case", 12, [](const Json& row) { return row["name"].get<std::string>(); }},
          {"network", 13, network_text},
          {"precision", 10, [](const Json& row) { return row["precision"].get<std::string>(); }},
          {"vocab", 8, [](const Json& row) { return with_commas(row["vocab"].get<int>()); }},
          {"batch", 10, [](const Json& row) { return to_text(row["batch"]) + " x " + to_text(row["steps"]); }},
          {"tokens/s", 12, [](const Json& row) { return with_commas(row["tokens_per_s"].get<int64_t>()); }},
          {"spread", 8, [](const Json& row) { return fixed(100 * row["spread"].get<double>(), 0) + "%"; }},
          {"ms/step", 10, [](const Json& row) { return fixed(row["ms_per_step"].get<double>(), 3); }},
          {"GFLOP/s", 9, [](const Json& row) { return fixed(row["gflops"].get<double>(), 1); }},
          {"peak", 8, [](const Json& row) { return fixed(row["peak_gflops"].get<double>(), 0); }},
          {"fraction", 10, [](const Json& row) { return fixed(row["peak_fraction"].get<double>(), 2); }}};
}

// In each round first the peak of the machine, then what is to be measured.
Json measured_row(const TrainingCase& which, const BenchFlags& bench, const std::function<Speed()>& measure) {
  constexpr double kPeakSeconds = 0.3;
  BenchRounds rounds;
  for (int round = 1; round <= bench.rounds; ++round) {
    show_progress(which.name + ": round " + std::to_string(round) + " of " + std::to_string(bench.rounds));
    rounds.peak_gflops.push_back(measure_product_peak(std::min(kPeakSeconds, bench.seconds)));
    const Speed speed = measure();
    rounds.tokens_per_second.push_back(speed.tokens_per_second);
    rounds.seconds.push_back(speed.seconds);
    rounds.gflops.push_back(speed.gflops);
  }
  clear_progress();
  Json row = bench_row(which.name, threads());
  row["backend"] = backend_description(which.precision == "bf16");
  row["precision"] = which.precision;
  rounds.add_to(row);
  const NetworkConfig& network = which.network;
  row["cell"] = to_string(network.cell);
  row["layers"] = network.num_layers;
  row["hidden"] = network.hidden_size;
  row["vocab"] = network.vocab_size;
  row["batch"] = which.batch_size;
  row["steps"] = which.steps;
  return row;
}

}  // namespace

int bench_train(const std::vector<std::string>& arguments) {
  BenchFlags bench;
  SizeFlags sizes;
  int batch = 0, steps = 0;
  bool profiled = false;
  std::string precision = "auto";
  Flags flags(
      "bench train", "[CASE...]",
      "Measures how fast this machine trains, beside the fastest matrix products it can compute, in turn: whole "
      "updates on random tokens, drawn by Zipf's law as a text repeats its words. A machine with other work gives "
      "figures without worth.");
  sizes.add_to(flags);
  flags.add("batch-size", {}, "N", bind(batch), "streams read side by side; 0: the case's own");
  flags.add("seq-length", {"bptt", "block-size"}, "N", bind(steps), "tokens of a window; 0: the case's own");
  bench.add_products_to(flags);
  flags.add("precision", {}, "WORD", bind_choice(precision, {"auto", "f32", "bf16"}), "auto | f32 | bf16");
  flags.add("profile", {}, "", bind(profiled), "tell where the time of each case's last round went");
  bench.add_to(flags);
  flags.example("fude bench train char-small");
  flags.example("fude bench train char-tiny --seq-length 100 --format csv");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  std::vector<TrainingCase> cases = chosen_cases(flags.positionals(), sizes);
  bench.apply(Work::kTraining);
  BenchReport report(bench.format, columns());
  for (TrainingCase& which : cases) {
    if (batch != 0) which.batch_size = batch;
    if (steps != 0) which.steps = steps;
    which.precision = resolve_precision(precision, which.network);
    report.add(measured_row(which, bench, [&] {
      set_profiling(profiled);
      return measure_training(which, bench.seconds);
    }));
    if (profiled) say_profile();
  }
  report.finish();
  return 0;
}

int bench_generate(const std::vector<std::string>& arguments) {
  BenchFlags bench;
  SizeFlags sizes;
  int streams = 0;
  Flags flags(
      "bench generate", "[CASE...]",
      "Measures how fast this machine writes, one text and 64 side by side, each token drawn at temperature 0.8. A "
      "machine with other work gives figures without worth.");
  sizes.add_to(flags);
  flags.add("batch-size", {}, "N", bind(streams), "texts written side by side; 0: once 1 and once 64");
  bench.add_products_to(flags);
  bench.add_to(flags);
  flags.example("fude bench generate char-small");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  std::vector<TrainingCase> cases = chosen_cases(flags.positionals(), sizes);
  bench.apply();
  BenchReport report(bench.format, columns());
  for (TrainingCase& which : cases) {
    which.steps = 1;
    for (const int count : streams == 0 ? std::vector<int>{1, 64} : std::vector<int>{streams}) {
      which.batch_size = count;
      report.add(measured_row(which, bench, [&] { return measure_writing(which.network, count, bench.seconds); }));
    }
  }
  report.finish();
  return 0;
}

}  // namespace fude
