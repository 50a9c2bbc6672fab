// fude prep: makes of texts as they are found one that a model can learn from, and counts what is in it.
#include <chrono>
#include <optional>

#include "commands.h"
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

class Progress {
 public:
  void operator()(const PrepareProgress& progress) {
    if (interrupted()) throw Interrupted{};
    if (!stderr_is_terminal_) return;
    constexpr auto kBetween = std::chrono::milliseconds(100);
    const auto now = Clock::now();
    if (progress.pass != pass_) {
      pass_ = progress.pass;
      pass_began_ = now;
    } else if (now - last_ < kBetween) {
      return;
    }
    last_ = now;
    show_progress(progress_line(progress, std::chrono::duration<double>(now - pass_began_).count()));
  }

 private:
  using Clock = std::chrono::steady_clock;
  bool stderr_is_terminal_ = stderr_is_terminal();
  int pass_ = 0;
  Clock::time_point pass_began_;
  Clock::time_point last_;
};

void tell_statistics(const TextStatistics& statistics, const PrepareReport& report, const CorpusInfo& corpus,
                     const PrepFlags& flags) {
  const std::string text = flags.format == "json"
                               ? statistics_json(statistics, corpus.files, changes_json(report, corpus))
                               : statistics_table(statistics, corpus.files);
  if (flags.to_standard_output()) {
    say(std::string_view(text).substr(0, text.size() - 1));
  } else {
    put(text);
  }
}

int prepare_and_tell(const PrepFlags& flags) {
  const Corpus corpus(flags.corpus);
  catch_signals();  // not sooner: before there is anything to clear away, Ctrl-C may simply end the program
  std::optional<StatisticsCounter> counter;
  if (flags.statistics) counter.emplace(flags.statistics_options());
  PrepOutput output(flags.output, flags.prepare.split.size(), flags.joined_by, counter ? &*counter : nullptr);
  const PrepareReport report = prepare(corpus, flags.prepare, output.parts(), Progress());
  clear_progress();
  output.commit();
  tell_changes(report, corpus.info(), flags, output.names());
  if (const int64_t documents = output.ambiguous_documents(); documents > 0)
    say("note: " + counted(documents, "document") + " held the text of --doc-sep, which will divide them");
  if (counter) tell_statistics(counter->finish(), report, corpus.info(), flags);
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
    return prepare_and_tell(options);
  } catch (const Interrupted&) {
    say(options.to_standard_output() ? "interrupted" : "interrupted: nothing was written");
    return kInterruptedExit;
  }
}

}  // namespace fude
