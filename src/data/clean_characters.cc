#include "data/clean_stages.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr char32_t kNextLine = 0x85;
constexpr char32_t kLineSeparator = 0x2028;
constexpr char32_t kParagraphSeparator = 0x2029;
constexpr char32_t kByteOrderMark = 0xFEFF;
constexpr char32_t kEscape = 0x1B;

// Line ends of Unicode that are neither LF nor CR.
bool is_other_break(char32_t c) {
  return c == '\v' || c == '\f' || c == kNextLine || c == kLineSeparator || c == kParagraphSeparator;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F); }

bool is_invisible(char32_t c) {
  return c == 0xAD || c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

CharacterStage::CharacterStage(const CleanOptions& options, CleanReport& report, DocumentSink& next)
    : options_(options), report_(report), out_(next) {
  const bool controls = options.controls == "remove";
  const bool invisible = options.invisible == "remove";
  for (unsigned char byte = 0; byte < 0x20; ++byte) special_bytes_[byte] = controls && byte != '\t' && byte != '\n';
  special_bytes_[0x7F] = controls;
  for (const unsigned char line_end : {'\r', '\v', '\f'}) special_bytes_[line_end] = options.newlines;
  special_bytes_[0xC2] = controls || invisible || options.newlines;  // U+0080 to U+00BF
  special_bytes_[0xE2] = invisible || options.newlines;              // U+2000 to U+2FFF
  special_bytes_[0xEF] = options.byte_order_marks;                   // U+F000 to U+FFFF
}

void CharacterStage::text(std::string_view piece) {
  any_ = true;
  while (!piece.empty()) {
    take_sequence(piece);
    piece.remove_prefix(plain_text(piece));
  }
}

size_t CharacterStage::plain_text(std::string_view piece) {
  size_t offset = 0;
  while (offset < piece.size()) {
    const size_t begin = offset;
    while (offset < piece.size() && !special_bytes_[static_cast<unsigned char>(piece[offset])]) ++offset;
    if (offset > begin) {
      std::string_view plain = piece.substr(begin, offset - begin);
      if (waiting_cr_ && plain.front() == '\n') {
        ++report_.crlf;
        waiting_cr_ = false;
      }
      end_lone_cr();
      out_.append(plain);
    }
    if (offset == piece.size()) break;
    const size_t at = offset;
    const char32_t c = next_code_point(piece, offset);
    special(c, piece.substr(at, offset - at));
    if (c == kEscape) break;
  }
  return offset;
}

void CharacterStage::take_sequence(std::string_view& piece) {
  while (sequence_.is_open() && !piece.empty()) {
    const TerminalSequence::Taken taken = sequence_.take(piece);
    report_.controls += taken.controls;
    report_.terminal_sequences += taken.whole ? 1 : 0;
    if (const std::string kept = sequence_.left_over(); !kept.empty()) plain_text(kept);
  }
}

void CharacterStage::special(char32_t c, std::string_view itself) {
  if (options_.byte_order_marks && c == kByteOrderMark) {
    ++report_.byte_order_marks;
    return;
  }
  if (options_.invisible == "remove" && is_invisible(c)) {
    ++report_.invisible;
    return;
  }
  if (c == '\r' && options_.newlines) {
    end_lone_cr();
    waiting_cr_ = true;
    return;
  }
  if (options_.controls == "remove" && is_control(c) && !is_other_break(c)) {
    ++report_.controls;
    if (c == kEscape) sequence_.begin();
    return;
  }
  end_lone_cr();
  if (is_other_break(c) && options_.newlines) {
    ++report_.other_breaks;
    out_.append("\n");
  } else {
    out_.append(itself);
  }
}

void CharacterStage::end_lone_cr() {
  if (!waiting_cr_) return;
  waiting_cr_ = false;
  ++report_.lone_cr;
  out_.append("\n");
}

void CharacterStage::end_document() {
  sequence_.end();
  if (const std::string kept = sequence_.left_over(); !kept.empty()) plain_text(kept);
  end_lone_cr();
  const bool left = out_.end_document();
  report_.empty_documents += any_ && !left ? 1 : 0;
  any_ = false;
}

}  // namespace fude
