// The three stages that a Cleaner is made of, each a sink that hands on to the next one and counts what it changed.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "data/piece_writer.h"
#include "data/terminal_sequence.h"
#include "fude/data/clean.h"
#include "text/streaming_normalizer.h"

namespace fude {

// Line ends, byte order marks, control and invisible characters.
class CharacterStage : public DocumentSink {
 public:
  CharacterStage(const CleanOptions& options, CleanReport& report, DocumentSink& next);
  void text(std::string_view piece) override;
  void end_document() override;

 private:
  // Up to the end or to behind an ESC, which begins sequence_; returns the size of that.
  size_t plain_text(std::string_view piece);
  void special(char32_t code_point, std::string_view itself);
  // Takes off `piece` what is left of a terminal's sequence whose ESC was removed.
  void take_sequence(std::string_view& piece);
  // The CR that came last, if one is waiting for an LF, is a line end by itself.
  void end_lone_cr();

  const CleanOptions& options_;
  CleanReport& report_;
  PieceWriter out_;
  std::array<bool, 256> special_bytes_{};  // a character that begins with one may have to change
  bool waiting_cr_ = false;
  TerminalSequence sequence_;
  bool any_ = false;  // the document has some text
};

// Unicode normalization.
class NormalizationStage : public DocumentSink {
 public:
  NormalizationStage(const CleanOptions& options, CleanReport& report, DocumentSink& next);
  void text(std::string_view piece) override;
  void end_document() override;

 private:
  void take(const StreamingNormalizer::Part& part);
  // Counts the lines of a part that are not what they were; one that goes on in the next part counts once.
  void count_lines(std::string_view before, std::string_view after);

  CleanReport& report_;
  StreamingNormalizer normalizer_;
  PieceWriter out_;
  bool line_is_counted_ = false;
};

// White space within lines and at their ends, and runs of empty lines.
class WhiteSpaceStage : public DocumentSink {
 public:
  WhiteSpaceStage(const CleanOptions& options, CleanReport& report, DocumentSink& next);
  void text(std::string_view piece) override;
  void end_document() override;

 private:
  // A part of a line, without its newline.
  void line_part(std::string_view part);
  void line_end();
  // Writes the white space that was held back, and what follows it in the line.
  void write(std::string_view part);
  void write_space();
  void drop_trailing_space();

  const CleanOptions& options_;
  CleanReport& report_;
  PieceWriter out_;
  std::string space_;  // the line's white space that nothing has followed yet
  bool line_has_text_ = false;
  int64_t empty_lines_ = 0;  // on end, up to here
};

}  // namespace fude
