// fude prep: cleans a text before a model learns from it, and counts what is in it.
#include "base/file.h"
#include "base/json.h"
#include "commands.h"
#include "flags.h"
#include "fude/data/clean.h"
#include "fude/data/corpus.h"
#include "fude/data/statistics.h"
#include "fude/text/unicode.h"
#include "terminal.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

constexpr size_t kMostFrequentShown = 20;

struct PrepFlags {
  CorpusOptions corpus;
  CleanOptions clean;
  std::string joined_by;
  std::string output;
  bool statistics = false;
  std::string format = "text";
};

double share(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

// A code point so that it can be seen: controls, spaces and combining marks by name.
std::string shown(char32_t code_point) {
  std::string text;
  append_utf8(text, code_point);
  const bool visible =
      code_point > 0x20 && code_point != 0x7F && !is_white_space(code_point) && display_width(text) > 0;
  return visible ? text : code_point == U'\n' ? "\\n" : code_point == U' ' ? "space" : code_point_name(code_point);
}

std::string statistics_table(const TextStatistics& counted, int files) {
  const auto characters = counted.by_count();
  std::string text;
  const auto row = [&text](const char* name, const std::string& value) {
    text += pad_right(name, 22) + pad_left(value, 14) + "\n";
  };
  row("files", with_commas(files));
  row("bytes", with_commas(counted.bytes()));
  row("characters", with_commas(counted.code_points()));
  row("words (by spaces)", with_commas(counted.words()));
  row("lines", with_commas(counted.lines()));
  row("longest line", with_commas(counted.longest_line()));
  row("distinct characters", with_commas(static_cast<int64_t>(characters.size())));
  row("beyond ASCII", fixed(100 * share(counted.non_ascii(), counted.code_points()), 2) + " %");
  text += "most frequent ";
  for (size_t i = 0; i < std::min(characters.size(), kMostFrequentShown); ++i) {
    text += " " + shown(characters[i].first) + " " +
            fixed(100 * share(characters[i].second, counted.code_points()), 1) + "%";
  }
  return text + "\n";
}

std::string statistics_json(const TextStatistics& counted, int files, const CorpusInfo& corpus,
                            const CleanReport& report) {
  Json frequent = Json::array();
  for (const auto& [code_point, count] : counted.by_count()) {
    if (frequent.size() == kMostFrequentShown) break;
    std::string character;
    append_utf8(character, code_point);
    frequent.push_back({{"character", character}, {"code_point", code_point_name(code_point)}, {"count", count}});
  }
  return to_pretty_text({{"files", files},
                         {"bytes", counted.bytes()},
                         {"characters", counted.code_points()},
                         {"words", counted.words()},
                         {"lines", counted.lines()},
                         {"longest_line", counted.longest_line()},
                         {"distinct_characters", counted.by_count().size()},
                         {"non_ascii_share", share(counted.non_ascii(), counted.code_points())},
                         {"most_frequent", frequent},
                         {"changes",
                          {{"crlf", report.crlf},
                           {"lone_cr", report.lone_cr},
                           {"byte_order_marks", corpus.byte_order_marks + report.byte_order_marks},
                           {"invalid_utf8", corpus.replaced},
                           {"normalized_lines", report.normalized_lines},
                           {"trimmed_lines", report.trimmed_lines}}}});
}

void tell_changes(const CleanReport& report, const CorpusInfo& corpus, const CleanOptions& options) {
  const auto tell = [](int64_t count, const char* thing, const std::string& change) {
    if (count > 0) say(counted(count, thing) + " " + change);
  };
  say_sources(corpus);
  tell(corpus.byte_order_marks + report.byte_order_marks, "byte order mark", "removed");
  tell(report.crlf, "CRLF line end", "became LF");
  tell(report.lone_cr, "CR line end", "became LF");
  tell(report.normalized_lines, "line", "brought to " + options.normalize);
  tell(report.trimmed_lines, "line", "lost white space at the end");
}

}  // namespace

int prep_command(const std::vector<std::string>& arguments) {
  PrepFlags options;
  Flags flags("prep", "FILE...",
              "Cleans texts and joins them into one: files, folders, globs, - for standard input. What was changed is "
              "told on standard error.");
  flags.section("Cleaning");
  flags.add("newlines", {}, "", bind(options.clean.newlines), "make CRLF and CR line ends LF");
  flags.add("strip-bom", {}, "", bind(options.clean.byte_order_marks), "remove byte order marks, also inside");
  flags.add("normalize", {}, "FORM", bind_choice(options.clean.normalize, {"nfc", "nfkc", "none"}),
            "Unicode normalization: nfc | nfkc | none");
  flags.add("trim", {}, "", bind(options.clean.trim), "remove white space at the ends of lines");
  add_text_flags(flags, options.corpus);
  flags.section("Output");
  flags.add("output", {"o"}, "FILE", bind(options.output), "where the text goes; empty: standard output");
  flags.add("doc-sep", {}, "TEXT", bind_escaped(options.joined_by),
            "text put between files (\\n and \\t understood); empty: each just ends with a newline");
  flags.add("stats", {}, "", bind(options.statistics),
            "count the cleaned text: to standard output when --output is given, else to standard error");
  flags.add("format", {}, "WORD", bind_choice(options.format, {"text", "json"}), "of the statistics: text | json");
  flags.example("fude prep drafts/ -o story.txt --stats");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  options.corpus.inputs = flags.positionals();
  if (options.corpus.inputs.empty())
    throw UsageError("no text given", "name files or folders, or - for standard input");

  const Corpus corpus(options.corpus);
  TextStatistics counted;
  CleanReport report;
  std::string cleaned;
  corpus.for_each([&](std::string_view document) {
    const std::string text = clean(document, options.clean, &report);
    counted.add(text);
    if (!cleaned.empty()) cleaned += cleaned.ends_with('\n') ? options.joined_by : "\n" + options.joined_by;
    cleaned += text;
  });
  if (options.output.empty() || options.output == "-") {
    put(cleaned);
  } else {
    write_file(options.output, cleaned);
  }
  tell_changes(report, corpus.info(), options.clean);
  if (options.statistics) {
    const int files = corpus.info().files;
    const std::string text = options.format == "json" ? statistics_json(counted, files, corpus.info(), report)
                                                      : statistics_table(counted, files);
    if (options.output.empty() || options.output == "-") {
      say(text.substr(0, text.size() - 1));
    } else {
      put(text);
    }
  }
  return 0;
}

}  // namespace fude
