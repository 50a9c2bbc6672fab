#include "data/formats/aozora_line.h"

#include <algorithm>
#include <utility>

#include "data/formats/aozora_characters.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

constexpr std::string_view kBar = "｜";
constexpr std::string_view kRubyBegin = "《";
constexpr std::string_view kRubyEnd = "》";
constexpr std::string_view kEmphasisBegin = "《《";  // of sites for novels
constexpr std::string_view kEmphasisEnd = "》》";
constexpr std::string_view kNoteBegin = "［＃";
constexpr std::string_view kBracket = "［";
constexpr std::string_view kBracketEnd = "］";
constexpr std::string_view kGaijiBegin = "※［＃";
constexpr std::string_view kAccentBegin = "〔";
constexpr std::string_view kAccentEnd = "〕";
constexpr std::string_view kRepeat = "／＼", kVoicedRepeat = "／″＼";

// Markup that is not closed within so many bytes is none.
constexpr size_t kLongestNote = 2048;
constexpr size_t kLongestReading = 512;

// The length of the note at the start of `rest`, whose first closing bracket is at `first`: to the bracket that closes
// it, as notes hold notes; where brackets do not pair, to the first one.
size_t note_size(std::string_view rest, size_t first) {
  constexpr int kDeepest = 8;
  rest = rest.substr(0, kLongestNote);
  int depth = 0;
  for (size_t at = 0; at < rest.size() && depth <= kDeepest; ++at) {
    const std::string_view here = rest.substr(at);
    if (here.starts_with(kBracket)) ++depth;
    if (here.starts_with(kBracketEnd) && --depth == 0) return at + kBracketEnd.size();
  }
  return first + kBracketEnd.size();
}

}  // namespace

AozoraLine::AozoraLine(const std::string& ruby, FormatReport& report)
    : keep_(ruby == "keep"),
      reading_(ruby == "reading"),
      report_(&report),
      ruby_end_(kRubyEnd),
      emphasis_end_(kEmphasisEnd),
      bracket_end_(kBracketEnd),
      accent_end_(kAccentEnd) {}

AozoraLine::Kind AozoraLine::kind_of(char32_t c, Kind before) {
  const auto within = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (within(0x4E00, 0x9FFF) || within(0x3400, 0x4DBF) || within(0xF900, 0xFAFF) || within(0x20000, 0x3FFFF) ||
      within(0x3005, 0x3007) || c == 0x303B || c == 0x3013)  // 々〆〇〻〓
    return Kind::kKanji;
  if ((c == 0x30F6 || c == 0x30F5) && before == Kind::kKanji) return Kind::kKanji;  // ヶヵ: 三ヶ月
  if (c == 0x30FC && before == Kind::kHiragana) return Kind::kHiragana;             // ー
  if (within(0x3041, 0x309F)) return Kind::kHiragana;
  if (within(0x30A1, 0x30FF) && c != 0x30FB) return Kind::kKatakana;  // ・ parts words
  if (within('0', '9') || within('A', 'Z') || within('a', 'z') || within(0xC0, 0x24F) || within(0x370, 0x52F) ||
      within(0xFF10, 0xFF19) || within(0xFF21, 0xFF3A) || within(0xFF41, 0xFF5A))
    return Kind::kLetter;
  return Kind::kNone;
}

bool AozoraLine::holds_kanji(std::string_view text) {
  for (size_t offset = 0; offset < text.size();)
    if (kind_of(next_code_point(text, offset), Kind::kNone) == Kind::kKanji) return true;
  return false;
}

void AozoraLine::append(std::string_view text) {
  for (size_t offset = 0; offset < text.size();) {
    const size_t begin = offset;
    const Kind kind = kind_of(next_code_point(text, offset), kind_);
    if (kind != kind_) run_ = out_.size();
    kind_ = kind;
    out_ += text.substr(begin, offset - begin);
  }
}

size_t AozoraLine::NextMark::in(std::string_view rest, size_t longest) {
  if (!known_ || from_end_ > rest.size()) {
    const size_t found = rest.find(mark_);
    from_end_ = found == std::string_view::npos ? 0 : rest.size() - found;
    known_ = true;
  }
  const size_t at = rest.size() - from_end_;
  return from_end_ == 0 || at + mark_.size() > longest ? std::string_view::npos : at;
}

size_t AozoraLine::take_gaiji(std::string_view rest) {
  const std::string_view mark = kGaijiBegin.substr(0, kGaijiBegin.size() - kNoteBegin.size());
  const size_t first = bracket_end_.in(rest.substr(mark.size()), kLongestNote);
  if (first == std::string_view::npos) return 0;
  const size_t size = note_size(rest.substr(mark.size()), first);
  const std::string_view note = rest.substr(mark.size() + kNoteBegin.size(), size - kNoteBegin.size());
  const std::string character = gaiji_character(note);
  ++(character.empty() ? report_->unknown_gaiji : report_->gaiji);
  append(character.empty() ? kUnknownGaiji : character);
  return mark.size() + size;
}

size_t AozoraLine::take_note(std::string_view rest) {
  const size_t first = bracket_end_.in(rest, kLongestNote);
  if (first == std::string_view::npos) {
    ++report_->open_notes;
    return 0;
  }
  ++report_->notes;
  return note_size(rest, first);
}

bool AozoraLine::is_behind_bar() const { return bar_ != std::string::npos && bar_ + kBar.size() == out_.size(); }

size_t AozoraLine::take_ruby(std::string_view rest) {
  const bool barred = bar_ != std::string::npos;
  // 《 without a base is a bracket of the text; ｜ says so where readers would take what is before it for one.
  if (is_behind_bar()) {
    if (!keep_) out_.resize(bar_);
    run_ = std::min(run_, out_.size());
    bar_ = std::string::npos;
    return 0;
  }
  if (!barred && (kind_ == Kind::kNone || run_ == out_.size())) return 0;
  const size_t end = ruby_end_.in(rest, kLongestReading);
  if (end == std::string_view::npos) return 0;
  const std::string_view written = rest.substr(kRubyBegin.size(), end - kRubyBegin.size());
  if (!barred && kind_ != Kind::kKanji && holds_kanji(written)) return 0;  // スキル《火球》 has a name in brackets
  ++report_->ruby;
  report_->ruby_kept += keep_ ? 1 : 0;
  report_->ruby_in_place += reading_ ? 1 : 0;
  const size_t base = barred ? bar_ : run_;
  if (barred && !keep_) out_.erase(bar_, kBar.size());
  bar_ = std::string::npos;
  if (keep_ || reading_) {
    // A reading may hold gaiji and notes itself.
    AozoraLine inner("keep", *report_);
    const std::string reading = inner.reduce(written);
    if (keep_)
      out_.append(kRubyBegin).append(reading).append(kRubyEnd);
    else if (!reading.empty())
      out_.replace(base, std::string::npos, reading);
  }
  kind_ = Kind::kNone;
  return end + kRubyEnd.size();
}

// The words stay, and what marks them is a note; they may hold readings and notes of their own.
size_t AozoraLine::take_emphasis(std::string_view rest) {
  if (in_emphasis_ || emphasis_end_.in(rest, kLongestNote) == std::string_view::npos) return 0;
  ++report_->notes;
  in_emphasis_ = true;
  kind_ = Kind::kNone;
  bar_ = std::string::npos;
  return kEmphasisBegin.size();
}

size_t AozoraLine::take_accents(std::string_view rest) {
  const size_t end = accent_end_.in(rest, kLongestNote);
  if (end == std::string_view::npos) return 0;
  std::string text;
  int64_t found = 0;
  for (std::string_view inner = rest.substr(kAccentBegin.size(), end - kAccentBegin.size()); !inner.empty();) {
    const auto letter = accented_letter(inner);
    found += letter ? 1 : 0;
    letter ? text += letter->first : text += inner.front();
    inner.remove_prefix(letter ? letter->second : 1);
  }
  // Without an accent the brackets are the text's own, and markup inside them is still to be read.
  if (found == 0 || text.find(kNoteBegin) != std::string::npos || text.find(kRubyBegin) != std::string::npos) return 0;
  report_->accents += found;
  append(text);
  return end + kAccentEnd.size();
}

size_t AozoraLine::take_repeat(std::string_view rest) {
  for (const auto& [written, mark] : {std::pair{kRepeat, "〳〵"}, {kVoicedRepeat, "〴〵"}}) {
    if (!rest.starts_with(written)) continue;
    ++report_->repeat_marks;
    append(mark);
    return written.size();
  }
  return 0;
}

std::string AozoraLine::reduce(std::string_view line) {
  out_.clear();
  for (NextMark* const mark : {&ruby_end_, &emphasis_end_, &bracket_end_, &accent_end_}) mark->forget();
  bar_ = std::string::npos;
  run_ = 0;
  kind_ = Kind::kNone;
  in_emphasis_ = false;
  while (!line.empty()) {
    size_t taken = 0;
    if (in_emphasis_ && line.starts_with(kEmphasisEnd)) {
      taken = kEmphasisEnd.size();
      in_emphasis_ = false;
      kind_ = Kind::kNone;
    } else if (line.starts_with(kGaijiBegin)) {
      taken = take_gaiji(line);
    } else if (line.starts_with(kNoteBegin)) {
      taken = take_note(line);
    } else if (line.starts_with(kEmphasisBegin) && !is_behind_bar()) {
      taken = take_emphasis(line);
    } else if (line.starts_with(kRubyBegin)) {
      taken = take_ruby(line);
    } else if (accents_ && line.starts_with(kAccentBegin)) {
      taken = take_accents(line);
    } else if (repeats_ && line.starts_with(kRepeat.substr(0, 3))) {
      taken = take_repeat(line);
    } else if (line.starts_with(kBar)) {
      bar_ = out_.size();
    }
    if (taken == 0) {
      next_code_point(line, taken);
      append(line.substr(0, taken));
    }
    line.remove_prefix(taken);
  }
  return std::move(out_);
}

}  // namespace fude
