#include "data/formats/aozora_page.h"

#include "data/formats/aozora_characters.h"

namespace fude {

bool is_aozora_page(std::string_view html) {
  return html.find("class=\"main_text\"") != std::string_view::npos &&
         html.find("class=\"bibliographical_information\"") != std::string_view::npos;
}

std::string without_notes(std::string_view page, FormatReport& report) {
  constexpr std::string_view kBegin = "<span class=\"notes\">［＃", kSpanEnd = "</span>", kNoteEnd = "］";
  std::string text;
  text.reserve(page.size());
  size_t at = 0;
  for (size_t begin; (begin = page.find(kBegin, at)) != std::string_view::npos;) {
    const size_t end = page.find(kSpanEnd, begin);
    if (end == std::string_view::npos) break;
    text += page.substr(at, begin - at);
    at = end + kSpanEnd.size();
    std::string_view note = page.substr(begin + kBegin.size(), end - begin - kBegin.size());
    if (!note.ends_with(kNoteEnd)) {
      text += page.substr(begin, at - begin);
      continue;
    }
    note.remove_suffix(kNoteEnd.size());
    if (!text.ends_with(kGaijiMark)) {
      ++report.notes;
      continue;
    }
    text.resize(text.size() - kGaijiMark.size());
    const std::string character = gaiji_character(note);
    ++(character.empty() ? report.unknown_gaiji : report.gaiji);
    text += character.empty() ? kUnknownGaiji : character;
  }
  return text += page.substr(at);
}

PagePart page_part(std::string_view div_class, std::string_view div_id) {
  if (div_class == "metadata") return PagePart::kHeader;
  if (div_class == "bibliographical_information") return PagePart::kColophon;
  return div_class == "notation_notes" || div_id == "card" ? PagePart::kBehindColophon : PagePart::kWork;
}

}  // namespace fude
