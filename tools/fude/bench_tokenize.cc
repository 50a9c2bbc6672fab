// fude bench tokenize: how fast this machine turns text into tokens.
#include "bench_actions.h"
#include "bench_report.h"
#include "fude/data/corpus.h"
#include "fude/text/benchmark.h"
#include "terminal.h"
#include "text/tokenizer_kinds.h"
#include "text_flags.h"

namespace fude {
namespace {

std::vector<BenchColumn> columns() {
  return {{"tokenizer", 12, [](const Json& row) { return row["name"].get<std::string>(); }},
          {"vocab", 10, [](const Json& row) { return with_commas(row["vocab"].get<int>()); }},
          {"MB/s", 10, [](const Json& row) { return fixed(row["bytes_per_s"].get<double>() / 1e6, 1); }},
          {"tokens/s", 14, [](const Json& row) { return with_commas(row["tokens_per_s"].get<int64_t>()); }},
          {"spread", 8, [](const Json& row) { return fixed(100 * row["spread"].get<double>(), 0) + "%"; }},
          {"ms/text", 10, [](const Json& row) { return fixed(row["ms_per_step"].get<double>(), 2); }}};
}

std::string text_of(const std::vector<std::string>& inputs) {
  constexpr size_t kBytes = 1 << 20;
  constexpr uint64_t kSeed = 1;
  if (inputs.empty()) return made_up_text(kBytes, kSeed);
  CorpusOptions options;
  options.inputs = inputs;
  std::string text;
  const Corpus corpus(options);
  say_sources(corpus.info());
  corpus.for_each([&](std::string_view document) { text += document; });
  return text;
}

Json measured_row(const std::string& kind, const std::string& text, const BenchFlags& bench) {
  show_progress(kind + ": learning");
  TokenizerOptions options;
  options.kind = kind;
  const auto tokenizer = train_tokenizer(options, [&](const TextSink& sink) { sink(text); });
  BenchRounds rounds;
  for (int round = 1; round <= bench.rounds; ++round) {
    show_progress(kind + ": round " + std::to_string(round) + " of " + std::to_string(bench.rounds));
    const TokenizingSpeed speed = measure_tokenizing(*tokenizer, text, bench.seconds);
    rounds.tokens_per_second.push_back(speed.tokens_per_second);
    rounds.seconds.push_back(speed.seconds);
  }
  clear_progress();
  Json row = bench_row(kind, 1);
  rounds.add_to(row);
  row["bytes_per_s"] = 1e3 * static_cast<double>(text.size()) / row["ms_per_step"].get<double>();
  row["vocab"] = tokenizer->vocab_size();
  row["bytes"] = text.size();
  return row;
}

}  // namespace

int bench_tokenize(const std::vector<std::string>& arguments) {
  BenchFlags bench;
  std::vector<std::string> kinds;
  Flags flags(
      "bench tokenize", "[TEXT...]",
      "Measures how fast each kind of tokenizer encodes a text that it has learned from, on one thread; learning "
      "does not count. TEXT are files, folders, or - for standard input; without it a text of 1 MiB is made up, "
      "always the same.");
  flags.section("Tokenizer");
  flags.add("tokenizer", {}, "KIND", bind(kinds), tokenizer_kind_names() + "; may be repeated; empty: all");
  bench.add_to(flags);
  flags.example("fude bench tokenize corpora/en");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  bench.apply();
  const std::string text = text_of(flags.positionals());
  BenchReport report(bench.format, columns());
  if (kinds.empty())
    for (const TokenizerKind& kind : tokenizer_kinds()) kinds.emplace_back(kind.name);
  for (const std::string& kind : kinds) report.add(measured_row(kind, text, bench));
  report.finish();
  return 0;
}

}  // namespace fude
