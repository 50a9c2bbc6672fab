#include "data/formats/aozora_page.h"

#include <algorithm>

#include "data/formats/aozora_characters.h"

namespace fude {
namespace {

constexpr std::string_view kNoteBegin = "<span class=\"notes\">［＃", kNoteEnd = "］</span>";
constexpr size_t kLongestNote = 1 << 12;

// Where the note that goes on at `from` ends; npos: nowhere near.
size_t find_note_end(std::string_view page, size_t from) {
  const std::string_view near = page.substr(0, std::min(page.size(), from + kLongestNote));
  size_t end = near.find(kNoteEnd, from);
  for (size_t inner = near.find(kNoteBegin, from); inner < end && end != std::string_view::npos;
       inner = near.find(kNoteBegin, inner + kNoteBegin.size()))
    end = near.find(kNoteEnd, end + kNoteEnd.size());
  return end;
}

}  // namespace

bool is_aozora_page(std::string_view html) {
  const size_t work = html.find("<div class=\"main_text\""), header = html.find("<div class=\"metadata\"");
  const bool header_ends = header > work || html.find("</div>", header) < work;  // it would take the work with it
  return work != std::string_view::npos && header_ends &&
         html.find("<div class=\"bibliographical_information\"") != std::string_view::npos;
}

std::string without_notes(std::string_view page, FormatReport& report) {
  std::string text;
  text.reserve(page.size());
  size_t at = 0;
  for (size_t begin; (begin = page.find(kNoteBegin, at)) != std::string_view::npos;) {
    text += page.substr(at, begin - at);
    at = begin + kNoteBegin.size();
    const size_t end = find_note_end(page, at);
    if (end == std::string_view::npos) {
      ++report.open_notes;
      text += kNoteBegin;
      continue;
    }
    const std::string_view note = page.substr(at, end - at);
    at = end + kNoteEnd.size();
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
  const bool behind = div_class == "bibliographical_information" || div_class == "notation_notes" || div_id == "card";
  return behind ? PagePart::kFooter : PagePart::kWork;
}

}  // namespace fude
