#include "prep_report.h"

#include <algorithm>

#include "terminal.h"
#include "text_flags.h"

namespace fude {
namespace {

constexpr double kSpeedKnown = 1;  // after so many seconds

struct Step {
  const char* key;  // in JSON
  int64_t count;
  const char* thing;   // that was counted, or kOfThese
  std::string change;  // what became of it
};

// Some of what the step before counted.
constexpr const char* kOfThese = nullptr;

// In the order of the road.
std::vector<Step> steps_of(const PrepareReport& report, const CorpusInfo& corpus, const std::string& normalize) {
  const CleanReport& clean = report.clean;
  const FilterReport& filter = report.filter;
  const DedupReport& dedup = report.dedup;
  const CharacterSetReport& characters = report.characters;
  return {
      {"byte_order_marks", corpus.byte_order_marks + clean.byte_order_marks, "byte order mark", "removed"},
      {"crlf", clean.crlf, "CRLF line end", "became LF"},
      {"lone_cr", clean.lone_cr, "CR line end", "became LF"},
      {"other_line_ends", clean.other_breaks, "other line end", "became LF"},
      {"controls", clean.controls, "control character", "removed"},
      {"terminal_sequences", clean.terminal_sequences, "sequence", "for a terminal (colour, title, link) removed"},
      {"invisible", clean.invisible, "invisible character", "removed"},
      {"normalized_lines", clean.normalized_lines, "line", "brought to " + normalize},
      {"collapsed_spaces", clean.collapsed_spaces, "run", "of white space collapsed"},
      {"trimmed_lines", clean.trimmed_lines, "line", "lost white space at the end"},
      {"blank_lines", clean.blank_lines, "empty line", "removed"},
      {"empty_documents", clean.empty_documents, "document", "dropped: nothing was left after cleaning"},
      {"short_lines", filter.short_lines, "line", "dropped: shorter than --min-line"},
      {"long_lines", filter.long_lines, "line", "dropped: longer than --max-line"},
      {"documents_without_lines", filter.emptied_documents, "document", "dropped: no line was left"},
      {"short_documents", filter.short_documents, "document", "dropped: shorter than --min-doc"},
      {"long_documents", filter.long_documents, "document", "dropped: longer than --max-doc"},
      {"foreign_documents", filter.foreign_documents, "document", "dropped: not in --scripts"},
      {"duplicate_documents", dedup.documents, "document", "dropped: the same came earlier"},
      {"near_duplicate_documents", dedup.near_documents, "document", "dropped: almost the same came earlier"},
      {"duplicate_lines", dedup.lines, "line", "dropped: the same came earlier"},
      {"documents_of_duplicate_lines", dedup.emptied_documents, "document", "dropped: all of its lines came earlier"},
      {"rare_characters", characters.rare_characters, "character",
       "of the alphabet are rarer than --max-chars allows:"},
      {"folded", characters.folded, kOfThese, "in the text became a near relative"},
      {"dropped", characters.dropped, kOfThese, "in the text dropped"},
      {"replaced", characters.replaced, kOfThese, "in the text became U+FFFD"},
      {"documents_of_rare_characters", characters.emptied_documents, "document",
       "dropped: all of its characters were rare"},
      {"shuffled_documents", report.shuffled_documents, "document", "shuffled"},
  };
}

}  // namespace

void tell_changes(const PrepareReport& report, const CorpusInfo& corpus, const PrepFlags& flags,
                  const std::vector<std::string>& names) {
  say_sources(corpus);
  for (const Step& step : steps_of(report, corpus, flags.prepare.clean.normalize)) {
    if (step.count == 0) continue;
    const std::string counts =
        step.thing == kOfThese ? "  " + with_commas(step.count) + " of them" : counted(step.count, step.thing);
    say(counts + " " + step.change);
  }
  if (names.size() < 2) return;
  for (size_t part = 0; part < names.size(); ++part)
    say(counted(report.documents[part], "document") + " written to " + names[part]);
}

Json changes_json(const PrepareReport& report, const CorpusInfo& corpus) {
  Json changes = {{"invalid_replaced", corpus.replaced}, {"invalid_skipped", corpus.skipped}};
  for (const auto& [what, count] : corpus.format.counts()) changes[std::string(what)] = count;
  for (const Step& step : steps_of(report, corpus, "")) changes[step.key] = step.count;
  return changes;
}

Json sources_json(const CorpusInfo& corpus) {
  Json sources = Json::array();
  for (const FileInfo& file : corpus.sources) {
    sources.push_back({{"file", file.name},
                       {"encoding", file.encoding},
                       {"confidence", file.confidence},
                       {"compression", file.compression.empty() ? "none" : file.compression},
                       {"format", file.format.empty() ? "plain" : file.format},
                       {"byte_order_mark", file.byte_order_mark},
                       {"invalid", file.invalid}});
  }
  return sources;
}

Json parts_json(const PrepareReport& report, const std::vector<std::string>& names) {
  Json parts = Json::array();
  for (size_t part = 0; part < report.documents.size(); ++part)
    parts.push_back({{"file", part < names.size() ? names[part] : "-"}, {"documents", report.documents[part]}});
  return parts;
}

std::string reading_line(double share, double seconds) {
  std::string line = "reading  " + fixed(100 * share, 0) + " %";
  if (seconds >= kSpeedKnown && share > 0) line += "  " + short_duration(seconds * (1 - share) / share) + " left";
  return line;
}

std::string progress_line(const PrepareProgress& progress, double seconds) {
  std::string line = std::string(progress.step);
  if (progress.passes > 1)
    line += " (" + std::to_string(progress.pass) + " of " + std::to_string(progress.passes) + ")";
  if (progress.total <= 0) return line;
  const double done = std::min(1.0, static_cast<double>(progress.done) / static_cast<double>(progress.total));
  line += "  " + fixed(100 * done, 0) + " % of " + short_bytes(static_cast<double>(progress.total));
  if (seconds >= kSpeedKnown && done > 0) {
    line += "  " + short_bytes(static_cast<double>(progress.done) / seconds) + "/s  " +
            short_duration(seconds * (1 - done) / done) + " left";
  }
  return line;
}

}  // namespace fude
