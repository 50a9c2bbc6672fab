#include "data/character_set.h"

#include <algorithm>

#include "fude/text/unicode.h"
#include "text/near_relative.h"

namespace fude {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

}  // namespace

CharacterFolder::CharacterFolder(const CharacterCounts& counts, const CharacterSetOptions& options,
                                 CharacterSetReport& report, DocumentSink& next)
    : replace_(options.rare == "replace"), report_(report), out_(next, PieceWriter::Blank::kNothing) {
  const auto limit = static_cast<size_t>(options.max_chars);
  const auto by_count = counts.by_count();
  kept_.insert(U'\n');
  if (replace_ && by_count.size() > limit) kept_.insert(kReplacement);
  for (const auto& [code_point, count] : by_count) {
    if (kept_.size() >= limit) break;
    kept_.insert(code_point);
  }
}

void CharacterFolder::text(std::string_view piece) {
  size_t begin = 0;
  for (size_t offset = 0; offset < piece.size();) {
    const size_t at = offset;
    const char32_t c = next_code_point(piece, offset);
    if (kept_.contains(c)) continue;
    const Stand& stand = stand_in(c);
    out_.append(piece.substr(begin, at - begin));
    out_.append(stand.text);
    begin = offset;
    ++(stand.is_relative ? report_.folded : stand.text.empty() ? report_.dropped : report_.replaced);
  }
  out_.append(piece.substr(begin));
}

const CharacterFolder::Stand& CharacterFolder::stand_in(char32_t code_point) {
  const auto [place, is_new] = stand_ins_.try_emplace(code_point);
  Stand& stand = place->second;
  if (!is_new) return stand;
  ++report_.rare_characters;
  std::string itself;
  append_utf8(itself, code_point);
  const auto can_be_written = [&](const std::string& text) {
    for (size_t offset = 0; offset < text.size();) {
      if (!kept_.contains(next_code_point(text, offset))) return false;
    }
    return true;
  };
  const auto relatives = near_relatives(itself);
  const auto found = std::find_if(relatives.begin(), relatives.end(), can_be_written);
  if (found != relatives.end()) {
    stand = {*found, true};
  } else if (replace_) {
    append_utf8(stand.text, kReplacement);
  }
  return stand;
}

void CharacterFolder::end_document() { report_.emptied_documents += out_.end_document() ? 0 : 1; }

}  // namespace fude
