#include "fude/data/clean.h"

#include "base/problems.h"
#include "data/clean_stages.h"
#include "data/piece_writer.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

struct TextInMemory : DocumentSink {
  std::string all;
  void text(std::string_view piece) override { all += piece; }
  void end_document() override {}
};

void add(const CleanReport& changes, CleanReport& sum) {
  for (int64_t CleanReport::*const field :
       {&CleanReport::crlf, &CleanReport::lone_cr, &CleanReport::other_breaks, &CleanReport::byte_order_marks,
        &CleanReport::controls, &CleanReport::terminal_sequences, &CleanReport::invisible,
        &CleanReport::normalized_lines, &CleanReport::collapsed_spaces, &CleanReport::trimmed_lines,
        &CleanReport::blank_lines, &CleanReport::empty_documents})
    sum.*field += changes.*field;
}

}  // namespace

void CleanOptions::validate() const {
  Problems problems;
  try {
    parse_normalization(normalize);
  } catch (const ConfigError& error) {
    problems.add(error.what());
  }
  problems.unless(controls == "keep" || controls == "remove", "controls must be keep or remove, got " + controls);
  problems.unless(invisible == "keep" || invisible == "remove", "invisible must be keep or remove, got " + invisible);
  problems.unless(spaces == "keep" || spaces == "collapse", "spaces must be keep or collapse, got " + spaces);
  problems.unless(blank_lines >= -1, "blank_lines must be 0 or more, or -1 (off)" + got(blank_lines));
  problems.raise();
}

// Last to first, as each hands on to the one behind it.
struct Cleaner::Stages {
  CleanOptions options;
  WhiteSpaceStage white_space;
  NormalizationStage normalization;
  CharacterStage characters;

  Stages(const CleanOptions& wanted, CleanReport& report, DocumentSink& next)
      : options(wanted),
        white_space(options, report, next),
        normalization(options, report, white_space),
        characters(options, report, normalization) {}
};

Cleaner::Cleaner(const CleanOptions& options, DocumentSink& next)
    : stages_(std::make_unique<Stages>(options, report_, next)) {}

Cleaner::~Cleaner() = default;

void Cleaner::text(std::string_view piece) { stages_->characters.text(piece); }

void Cleaner::end_document() { stages_->characters.end_document(); }

std::string clean(std::string_view text, const CleanOptions& options, CleanReport* report) {
  options.validate();
  TextInMemory cleaned;
  Cleaner cleaner(options, cleaned);
  hand_on(text, cleaner);
  if (report != nullptr) add(cleaner.report(), *report);
  return cleaned.all;
}

}  // namespace fude
