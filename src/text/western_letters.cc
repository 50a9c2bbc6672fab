#include "text/western_letters.h"

namespace fude {
namespace {

// A character of plain text in ASCII.
bool is_plain(char byte) { return (byte >= ' ' && byte < '\x7F') || byte == '\n' || byte == '\r' || byte == '\t'; }

// Not where windows-1250, windows-1254 and ISO-8859-2 have letters that are commoner than those of windows-1252: of
// Hungarian, Romanian, Turkish, Czech and Croatian. Icelandic is not known by its own letters for that.
bool is_western_letter(unsigned char byte) {
  constexpr std::string_view kOthers = "\xD0\xDD\xDE\xF0\xFD\xFE\xD7\xF7\xD5\xF5\xDB\xFB\xC3\xE3";
  if (byte >= 0xC0) return kOthers.find(static_cast<char>(byte)) == std::string_view::npos;
  return byte == 0x8C || byte == 0x9C || byte == 0x9F;
}

bool is_western_sign(unsigned char byte) {
  constexpr std::string_view kSigns = "\x80\x8B\x9B\xA0\xA1\xA3\xA7\xA9\xAB\xB0\xB7\xBB\xBF";
  return kSigns.find(static_cast<char>(byte)) != std::string_view::npos;
}

bool is_letter(char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); }

// Whether a curly quote, dash or ellipsis stands among plain text as those do: no double quote is in a word, and no
// dash ends one before a comma or a space.
bool is_placed(char before, unsigned char byte, char after) {
  if (!is_plain(before) || !is_plain(after)) return false;
  if (byte == 0x93 || byte == 0x94) return !is_letter(before) || !is_letter(after);
  if (byte == 0x96 || byte == 0x97)
    return !is_letter(before) || std::string_view(" ,.;:!?").find(after) == std::string_view::npos;
  return true;
}

}  // namespace

WesternLetters count_western_letters(std::string_view text) {
  WesternLetters letters;
  int64_t ascii = 0, beyond = 0;  // letters of the word so far
  const auto end_word = [&] {
    (beyond > ascii + 1 ? letters.foreign : letters.western) += beyond;
    ascii = beyond = 0;
  };
  for (size_t k = 0; k < text.size(); ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    const char before = k == 0 ? ' ' : text[k - 1], after = k + 1 == text.size() ? ' ' : text[k + 1];
    if (is_letter(text[k])) {
      ++ascii;
    } else if (is_western_letter(byte)) {
      ++beyond;
    } else {
      end_word();
      if (byte < 0x80) continue;
      if (byte == 0x85 || (byte >= 0x91 && byte <= 0x97))
        ++(is_placed(before, byte, after) ? letters.quotes : letters.others);
      else
        ++(is_western_sign(byte) ? letters.western : letters.others);
    }
  }
  end_word();
  return letters;
}

bool has_only_macintosh_quotes(std::string_view text) {
  constexpr int64_t kLeast = 2;
  const auto is_small = [](char byte) { return byte >= 'a' && byte <= 'z'; };
  int64_t quotes = 0;
  for (size_t k = 0; k < text.size(); ++k) {
    if (static_cast<unsigned char>(text[k]) < 0x80) continue;
    const char before = k > 0 ? text[k - 1] : ' ', after = k + 1 < text.size() ? text[k + 1] : ' ';
    const bool ends = is_small(before) || (before >= '!' && before <= '?');
    switch (static_cast<unsigned char>(text[k])) {
      case 0xD2:
      case 0xD4:
        quotes += is_letter(after) && !is_letter(before) ? 1 : 0;
        break;
      case 0xD3:
        quotes += ends && !is_letter(after) ? 1 : 0;
        break;
      case 0xD5:
        quotes += ends ? 1 : 0;
        break;
      case 0xA5:
      case 0xC9:
      case 0xCA:
      case 0xD0:
      case 0xD1:
        break;
      default:
        return false;
    }
  }
  return quotes >= kLeast;
}

}  // namespace fude
