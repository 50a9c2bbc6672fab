#include "prep_flags.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <span>

#include "fude/base/error.h"
#include "prep_output.h"
#include "text_flags.h"
#include "usage_error.h"

namespace fude {
namespace {

// "0.8,0.1,0.1"
Binding bind_shares(std::vector<double>& shares) {
  const auto set = [&shares](const std::string& text) {
    shares.clear();
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.find(',', begin), text.size());
      double share = 0;
      const auto [stopped, error] = std::from_chars(text.data() + begin, text.data() + end, share);
      if (error != std::errc{} || stopped != text.data() + end)
        throw UsageError("expected shares such as 0.8,0.1,0.1, got " + text);
      shares.push_back(share);
      begin = end + 1;
    }
  };
  const auto get = [&shares] {
    std::string text;
    for (double share : shares) text += (text.empty() ? "" : ",") + bind(share).get();
    return text;
  };
  return {.set = set, .get = get};
}

// What is wrong with options in the words of the flags that set them.
struct Spelling {
  const char* option;
  const char* flag;
};
constexpr Spelling kReadingFlags[] = {
    {"doc_sep", "--read-doc-sep"}, {"blank_lines", "--doc-by blank-lines"}, {"record_template", "--template"}};
constexpr Spelling kPrepareFlags[] = {{"min_line", "--min-line"},       {"max_line", "--max-line"},
                                      {"min_document", "--min-doc"},    {"max_document", "--max-doc"},
                                      {"blank_lines", "--blank-lines"}, {"script_share", "--script-share"},
                                      {"max_chars", "--max-chars"},     {"split", "--split"}};

std::string in_words_of_flags(const std::string& message, std::span<const Spelling> spellings) {
  constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz_-";
  std::string text;
  for (size_t begin = 0; begin < message.size();) {
    size_t end = std::min(message.find_first_not_of(kNameCharacters, begin), message.size());
    const std::string word = message.substr(begin, std::max<size_t>(1, end - begin));
    const auto known = std::find_if(spellings.begin(), spellings.end(), [&](auto& s) { return word == s.option; });
    text += known == spellings.end() ? word : known->flag;
    begin += word.size();
  }
  return text;
}

void validate(const auto& options, std::span<const Spelling> spellings) {
  try {
    options.validate();
  } catch (const ConfigError& error) {
    throw UsageError(in_words_of_flags(error.what(), spellings), in_words_of_flags(error.hint(), spellings));
  }
}

// A whole number, or "keep" for -1.
Binding bind_blank_lines(int& lines) {
  const auto set = [number = bind(lines), &lines](const std::string& text) {
    if (text == "keep") {
      lines = -1;
    } else {
      number.set(text);
      if (lines < 0) throw UsageError("expected a whole number from 0 on, or keep, got " + text);
    }
  };
  return {.set = set, .get = [&lines] { return lines < 0 ? std::string("keep") : std::to_string(lines); }};
}

// Room for temporary files is more likely where the output goes than in the system's folder for them.
std::string folder_for_temporaries(const PrepFlags& options) {
  if (std::getenv("TMPDIR") != nullptr || options.to_standard_output()) return {};
  const std::filesystem::path path(options.output);
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return path.string();
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  return std::filesystem::is_directory(folder, error) ? folder.string() : std::string();
}

void add_cleaning(CleanOptions& clean, Flags& flags) {
  flags.section("Cleaning");
  flags.add("newlines", {}, "", bind(clean.newlines),
            "make every kind of line end LF: CRLF, CR, form feed, vertical tab, U+0085, U+2028, U+2029");
  flags.add("strip-bom", {}, "", bind(clean.byte_order_marks),
            "remove byte order marks inside a file; the one at its start, which tells how it is written, always goes");
  flags.add(
      "controls", {}, "WORD", bind_choice(clean.controls, {"keep", "remove"}),
      "control characters but tab and line ends, with what steers a terminal (colours, titles, links): keep | remove");
  flags.add("invisible", {}, "WORD", bind_choice(clean.invisible, {"keep", "remove"}),
            "soft hyphens, zero-width spaces and marks of direction: keep | remove");
  flags.add("normalize", {}, "FORM", bind_choice(clean.normalize, {"nfc", "nfkc", "none"}),
            "Unicode normalization: nfc | nfkc | none");
  flags.add("spaces", {}, "WORD", bind_choice(clean.spaces, {"keep", "collapse"}),
            "runs of white space within a line: keep | collapse to one");
  flags.add("trim", {}, "", bind(clean.trim), "remove white space at the ends of lines");
  flags.add("blank-lines", {}, "N", bind_blank_lines(clean.blank_lines),
            "leave at most N empty lines in a row; keep: off");
}

void add_filters(FilterOptions& filter, Flags& flags) {
  flags.section("Filters (lengths in characters; 0: off)");
  flags.add("min-line", {}, "N", bind(filter.min_line), "drop shorter lines; empty ones stay");
  flags.add("max-line", {}, "N", bind(filter.max_line), "drop longer lines");
  flags.add("min-doc", {}, "N", bind(filter.min_document), "drop shorter documents");
  flags.add("max-doc", {}, "N", bind(filter.max_document), "drop longer documents");
  flags.add("scripts", {}, "LIST", bind(filter.scripts),
            "drop documents in other scripts than these, such as latin,han or ja; empty: off");
  flags.add("script-share", {}, "SHARE", bind(filter.script_share),
            "of a document's letters that are to be in --scripts");
}

void add_duplicates(DedupOptions& dedup, int64_t& megabytes, Flags& flags) {
  flags.section("Duplicates (the first one stays)");
  flags.add("dedup", {}, "WHAT", bind_choice(dedup.exact, {"none", "documents", "lines", "both"}),
            "drop what comes again: none | documents | lines | both");
  flags.add("near-dup", {}, "SHARE", bind(dedup.near),
            "drop documents that share so much with an earlier one, such as 0.8 (MinHash); 0: off");
  flags.add("near-dup-by", {}, "UNIT", bind_choice(dedup.near_unit, {"char", "word"}),
            "what is compared: char (runs of 10, any language) | word (runs of 5)");
  flags.add("memory", {}, "MB", bind(megabytes),
            "for finding duplicates and shuffling; beyond it they go on in temporary files");
}

void add_characters(CharacterSetOptions& characters, Flags& flags) {
  flags.section("Characters");
  flags.add(
      "max-chars", {}, "N", bind(characters.max_chars),
      "leave the N most frequent characters; a rare one becomes a near relative (\u201C to \", \u00E9 to e); 0: off");
  flags.add("rare", {}, "WORD", bind_choice(characters.rare, {"drop", "replace"}),
            "a rare character without such a relative: drop | replace (by U+FFFD)");
}

}  // namespace

void PrepFlags::add_to(Flags& flags) {
  flags.section("Reading");
  add_text_flags(flags, corpus, "read-doc-sep");
  add_cleaning(prepare.clean, flags);
  add_filters(prepare.filter, flags);
  add_duplicates(prepare.dedup, megabytes_, flags);
  add_characters(prepare.characters, flags);
  flags.section("Order and parts");
  flags.add("shuffle", {}, "", bind(prepare.shuffle), "bring the documents into a random order");
  flags.add("split", {}, "SHARES", bind_shares(prepare.split),
            "divide the documents by chance: 0.9,0.1 into train and valid, 0.8,0.1,0.1 into train, valid and test; "
            "empty: off");
  flags.add(
      "seed", {}, "N", bind(prepare.seed),
      "of --shuffle and --split: the same seed, the same result; with or without --shuffle each part gets the same "
      "documents");
  flags.section("Output");
  flags.add("output", {"o"}, "FILE", bind(output),
            "where the text goes; empty: standard output. With --split story.txt means story.train.txt and so on, a "
            "folder train.txt and so on in it");
  flags.add(
      "doc-sep", {}, "TEXT", bind_escaped(joined_by),
      "text put between documents (\\n and \\t understood); empty: nothing but a newline where a document lacks it");
  flags.add("stats", {}, "", bind(statistics),
            "count the prepared text: to standard output when --output is given, else to standard error");
  flags.add("format", {}, "WORD", bind_choice(format, {"text", "json"}), "of the statistics: text | json");
  flags.example("fude prep drafts/ -o story.txt --stats");
  flags.example("fude prep drafts/ -o /dev/null --stats   (the statistics alone)");
  flags.example(
      "fude prep poems/ -o poems.txt --read-doc-sep '\\n\\n\\n' --doc-sep '\\n\\n' --dedup documents --shuffle");
  flags.example("fude prep mails/ -o mails.txt --near-dup 0.8 --max-chars 200 --split 0.9,0.1 --doc-sep '<end>\\n'");
}

void PrepFlags::finish(const Flags& flags) {
  corpus.inputs = flags.positionals();
  if (corpus.inputs.empty()) throw UsageError("no text given", "name files or folders, or - for standard input");
  if (prepare.split.size() > PrepOutput::kMostParts)
    throw UsageError("--split takes two or three shares, got " + std::to_string(prepare.split.size()),
                     "0.8,0.1,0.1 is train, valid and test");
  if (!prepare.split.empty() && to_standard_output())
    throw UsageError("--split needs --output", "say where the parts go: --output story.txt");
  constexpr int64_t kMostMegabytes = int64_t{1} << 40;
  if (megabytes_ < 1 || megabytes_ > kMostMegabytes)
    throw UsageError("--memory must be 1 to " + std::to_string(kMostMegabytes) + " MB, got " +
                     std::to_string(megabytes_));
  prepare.memory = megabytes_ << 20;
  prepare.temporary_folder = folder_for_temporaries(*this);
  corpus.temporary_folder = prepare.temporary_folder;
  validate(corpus, kReadingFlags);
  validate(prepare, kPrepareFlags);
}

std::vector<std::string> PrepFlags::without_effect(const Flags& flags, const CorpusInfo& info) const {
  struct Rule {
    const char* flag;
    bool has_effect;
    const char* why_not;
  };
  const Rule rules[] = {
      {"script-share", !prepare.filter.scripts.empty(), "it needs --scripts"},
      {"near-dup-by", prepare.dedup.near > 0, "it needs --near-dup"},
      {"rare", prepare.characters.max_chars > 0, "it needs --max-chars"},
      {"shuffle", !prepare.shuffle || info.documents > 1, "there is only one document; --read-doc-sep can divide it"},
      {"seed", prepare.shuffle || !prepare.split.empty(), "it needs --shuffle or --split"},
      {"format", statistics, "it needs --stats"}};
  std::vector<std::string> notes;
  const auto given = flags.all_given();
  for (const Rule& rule : rules) {
    const auto found =
        std::find_if(given.begin(), given.end(), [&](const auto& flag) { return flag.first == rule.flag; });
    if (found != given.end() && !rule.has_effect) notes.push_back(found->second + " has no effect: " + rule.why_not);
  }
  return notes;
}

}  // namespace fude
