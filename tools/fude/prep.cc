// fude prep: makes of texts as they are found one that a model can learn from, and counts what is in it.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/file.h"
#include "commands.h"
#include "data/input_files.h"
#include "fude/base/error.h"
#include "prep_flags.h"
#include "prep_output.h"
#include "prep_report.h"
#include "prep_statistics.h"
#include "signals.h"
#include "terminal.h"

namespace fude {
namespace {

// Ctrl-C came.
struct Interrupted {};

// Shows on a terminal how far a pass is, and ends it when Ctrl-C came.
class Progress {
 public:
  // The first pass: `share` of it is done.
  void reading(double share) {
    show(0, [&](double seconds) { return reading_line(share, seconds); });
  }
  void operator()(const PrepareProgress& progress) {
    show(progress.pass, [&](double seconds) { return progress_line(progress, seconds); });
  }

 private:
  using Clock = std::chrono::steady_clock;

  template <class Line>
  void show(int pass, const Line& line) {
    if (interrupted()) throw Interrupted{};
    if (!stderr_is_terminal_) return;
    constexpr auto kBetween = std::chrono::milliseconds(100);
    const auto now = Clock::now();
    if (pass != pass_) {
      pass_ = pass;
      pass_began_ = now;
    } else if (now - last_ < kBetween) {
      return;
    }
    last_ = now;
    show_progress(line(std::chrono::duration<double>(now - pass_began_).count()));
  }

  bool stderr_is_terminal_ = stderr_is_terminal();
  int pass_ = -1;
  Clock::time_point pass_began_;
  Clock::time_point last_;
};

// Of the files in folders and globs those that an earlier run with the same output wrote, and says so. A file that is
// named itself is read, also when the output is to replace it, which is said.
std::vector<std::string> own_outputs(const PrepFlags& flags, std::vector<std::string>& files) {
  std::vector<std::string> outputs = output_names(flags.output, 0);
  for (const std::string& part : output_names(flags.output, PrepOutput::kMostParts)) outputs.push_back(part);
  const std::vector<std::string>& named = flags.corpus.inputs;
  std::vector<std::string> own;
  std::erase_if(files, [&](const std::string& file) {
    const bool is_output = std::any_of(outputs.begin(), outputs.end(), [&](const std::string& output) {
      std::error_code missing;
      return std::filesystem::equivalent(file, output, missing);
    });
    if (!is_output) return false;
    if (std::find(named.begin(), named.end(), file) != named.end()) {
      say("note: " + file + " is to be replaced by what is made of it");
      return false;
    }
    say("note: " + file + " is not read: the output goes there, or an earlier one's parts went");
    own.push_back(file);
    return true;
  });
  if (files.empty()) throw DataError("there is nothing to read but the output itself", "name other files");
  return own;
}

// What is typed or comes through a pipe is waited for, and Ctrl-C is to end that wait.
bool waits_for_input(const std::vector<std::string>& files) {
  return std::any_of(files.begin(), files.end(), [](const std::string& file) {
    std::error_code missing;
    return !std::filesystem::is_regular_file(file, missing);
  });
}

Corpus read_corpus(const PrepFlags& flags, Progress& progress) {
  CorpusOptions options = flags.corpus;
  std::vector<std::string> files = find_input_files(options.inputs).files;
  options.not_these = own_outputs(flags, files);
  if (!waits_for_input(files)) catch_signals();
  // Later passes tell their progress themselves.
  auto is_first_pass = std::make_shared<bool>(true);
  Corpus corpus(std::move(options), [&progress, is_first_pass](double share) {
    if (*is_first_pass) progress.reading(share);
  });
  *is_first_pass = false;
  catch_signals();
  return corpus;
}

void tell_statistics(const TextStatistics& statistics, const PrepareReport& report, const CorpusInfo& corpus,
                     const PrepFlags& flags, const std::vector<std::string>& names) {
  const auto json = [&] {
    return statistics_json(statistics, corpus.files,
                           {{"sources", sources_json(corpus)},
                            {"parts", parts_json(report, names)},
                            {"changes", changes_json(report, corpus)}});
  };
  const std::string text = flags.format == "json" ? json() : statistics_table(statistics, corpus.files);
  if (flags.to_standard_output()) {
    say(std::string_view(text).substr(0, text.size() - 1));
  } else {
    put(text);
  }
}

// Parts that this run has not: their documents are in its own now.
void tell_stale_parts(const PrepFlags& flags, const std::vector<std::string>& names) {
  if (flags.prepare.split.empty()) return;
  for (const std::string& part : output_names(flags.output, PrepOutput::kMostParts)) {
    if (std::find(names.begin(), names.end(), part) == names.end() && file_exists(part))
      say("note: " + part + " is of an earlier run, and no part of this one: take it away");
  }
}

int prepare_and_tell(const PrepFlags& flags, const Flags& given) {
  Progress progress;
  const Corpus corpus = read_corpus(flags, progress);
  for (const std::string& note : flags.without_effect(given, corpus.info())) say("note: " + note);
  std::optional<StatisticsCounter> counter;
  if (flags.statistics) counter.emplace(flags.statistics_options());
  PrepOutput output(flags.output, flags.prepare.split.size(), flags.joined_by, counter ? &*counter : nullptr);
  const PrepareReport report = prepare(corpus, flags.prepare, output.parts(), std::ref(progress));
  clear_progress();
  if (report.is_empty()) {
    tell_changes(report, corpus.info(), flags, {});
    throw DataError("nothing is left of the text", "loosen the filters, or clean less: what each took is told above");
  }
  output.commit();
  tell_changes(report, corpus.info(), flags, output.names());
  tell_stale_parts(flags, output.names());
  const int64_t ambiguous = output.ambiguous_documents();
  if (ambiguous > 0 && !flags.joined_by.empty())
    say("note: " + counted(ambiguous, "document") + " held the text of --doc-sep, which will divide them");
  if (ambiguous > 0 && flags.joined_by.empty() && corpus.info().documents > corpus.info().files)
    say("note: " + counted(ambiguous, "document") +
        " of several lines, with nothing between them: --doc-sep TEXT keeps them apart");
  if (counter) tell_statistics(counter->finish(), report, corpus.info(), flags, output.names());
  return 0;
}

}  // namespace

int prep_command(const std::vector<std::string>& arguments) {
  PrepFlags options;
  Flags flags("prep", "FILE...",
              "Makes of texts as they are found one that a model can learn from: files, folders, globs, - for standard "
              "input. The steps are taken in the order below, on texts of any size; what each changed is told on "
              "standard error.");
  options.add_to(flags);
  if (!flags.read(arguments)) return 0;
  flags.apply();
  options.finish(flags);
  try {
    return prepare_and_tell(options, flags);
  } catch (const Interrupted&) {
    say(options.to_standard_output() ? "interrupted" : "interrupted: nothing was written");
    return kInterruptedExit;
  }
}

}  // namespace fude
