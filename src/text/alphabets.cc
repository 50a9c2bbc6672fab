#include "text/alphabets.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fude/text/unicode.h"
#include "text/decoded_text.h"
#include "text/fitting_letters.h"

namespace fude {
namespace {

// Letters beyond ASCII, and kinds of them, that make a guess.
constexpr int64_t kLeast = 4;
constexpr size_t kLeastKinds = 3;
// Kinds of marks, where there are any: Italian ends words with letters that are two of them in windows-1258.
constexpr int64_t kLeastMarks = 3;
// Of a hundred characters beyond ASCII, at most so many that stand wrong in words.
constexpr int kMostWrong = 5;
// Per cent that a guess of many letters is worth, and the letters that make half of it.
constexpr int kTrust = 80, kHalfTrust = 10;

constexpr char32_t kReplacement = 0xFFFD;

constexpr std::array kEncodings = {"windows-1252", "windows-1250", "ISO-8859-2",  "windows-1254",
                                   "windows-1257", "ISO-8859-13",  "windows-1258"};

struct Alphabet {
  std::u32string_view letters;  // small ones beyond ASCII, and marks that are put on them
  std::array<std::string_view, 2> encodings;
};
constexpr std::array kAlphabets = {
    Alphabet{U"àâæçèéêëîïôùûüÿœ", {"windows-1252"}},                               // French
    Alphabet{U"äöüßé", {"windows-1252", "windows-1250"}},                          // German
    Alphabet{U"áéíñóúü", {"windows-1252"}},                                        // Spanish
    Alphabet{U"àáâãçéêíóôõúü", {"windows-1252"}},                                  // Portuguese
    Alphabet{U"àèéìíîòóùú", {"windows-1252"}},                                     // Italian
    Alphabet{U"àçèéíïòóúü", {"windows-1252"}},                                     // Catalan
    Alphabet{U"åæøéèêòóôâäöü", {"windows-1252"}},                                  // Danish, Norwegian
    Alphabet{U"åäöéàüšž", {"windows-1252"}},                                       // Swedish, Finnish
    Alphabet{U"áèéêëíïóöúüûç", {"windows-1252"}},                                  // Dutch
    Alphabet{U"áæéíðóöøúýþ", {"windows-1252"}},                                    // Icelandic, Faroese
    Alphabet{U"àáèéìíòóùú", {"windows-1252"}},                                     // Irish, Scottish Gaelic
    Alphabet{U"âáêéîíôóûúŵŷäëïöü", {"windows-1252"}},                              // Welsh
    Alphabet{U"äõöüšž", {"windows-1252", "windows-1257"}},                         // Estonian
    Alphabet{U"áčďéěíňóřšťúůýž", {"windows-1250", "ISO-8859-2"}},                  // Czech
    Alphabet{U"áäčďéíĺľňóôŕšťúýž", {"windows-1250", "ISO-8859-2"}},                // Slovak
    Alphabet{U"ąćęłńóśźż", {"windows-1250", "ISO-8859-2"}},                        // Polish
    Alphabet{U"čćđšž", {"windows-1250", "ISO-8859-2"}},                            // Croatian, Slovenian, Serbian
    Alphabet{U"áéíóöőúüű", {"windows-1250"}},                                      // Hungarian
    Alphabet{U"âăîşţ", {"windows-1250"}},                                          // Romanian
    Alphabet{U"çğıöşüâîû", {"windows-1254"}},                                      // Turkish
    Alphabet{U"ąčęėįšųūž", {"windows-1257", "ISO-8859-13"}},                       // Lithuanian
    Alphabet{U"āčēģīķļņšūž", {"windows-1257", "ISO-8859-13"}},                     // Latvian
    Alphabet{U"ăâđêôơưàáèéíóùú\u0300\u0301\u0303\u0309\u0323", {"windows-1258"}},  // Vietnamese
};

bool is_mark(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK; }

char32_t small(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }

struct Letters {
  std::u32string kinds;  // small ones, each once
  int64_t count = 0;
  bool all_placed = true;  // marks stand on vowels, and every byte is a character
};

// Those beyond ASCII.
Letters letters_of(std::string_view text) {
  constexpr std::u32string_view kVowels = U"aeiouyăâêôơư";
  Letters letters;
  char32_t before = ' ';
  for (size_t offset = 0; offset < text.size();) {
    const char32_t c = next_code_point(text, offset);
    const bool on_vowel = kVowels.find(small(std::exchange(before, c))) != std::u32string_view::npos;
    const int8_t type = u_charType(static_cast<UChar32>(c));
    if (c == kReplacement || (c >= 0x80 && type == U_CONTROL_CHAR)) letters.all_placed = false;
    if (c < 0x80 || !(is_mark(c) || u_isalpha(static_cast<UChar32>(c)) != 0)) continue;
    ++letters.count;
    letters.all_placed = letters.all_placed && (on_vowel || !is_mark(c));
    if (letters.kinds.find(small(c)) == std::u32string::npos) letters.kinds += small(c);
  }
  return letters;
}

bool has_marks(std::u32string_view letters) { return std::any_of(letters.begin(), letters.end(), is_mark); }

bool are_of(const std::u32string& kinds, std::u32string_view alphabet) {
  const auto marks = std::count_if(kinds.begin(), kinds.end(), is_mark);
  if (has_marks(alphabet) ? marks < kLeastMarks : marks > 0) return false;
  return std::all_of(kinds.begin(), kinds.end(),
                     [&](char32_t c) { return c < 0x80 || alphabet.find(c) != std::u32string_view::npos; });
}

bool are_of_an_alphabet(const std::u32string& kinds, std::string_view encoding) {
  return std::any_of(kAlphabets.begin(), kAlphabets.end(), [&](const Alphabet& alphabet) {
    const auto& encodings = alphabet.encodings;
    return std::find(encodings.begin(), encodings.end(), encoding) != encodings.end() &&
           are_of(kinds, alphabet.letters);
  });
}

}  // namespace

DetectedEncoding find_by_alphabet(std::string_view lines) {
  std::string found;
  Letters letters;
  DetectedEncoding guess{"", 0};
  for (const char* encoding : kEncodings) {
    std::string text = decoded_text(lines, encoding);
    Letters read = letters_of(text);
    if (!read.all_placed || !are_of_an_alphabet(read.kinds, encoding)) continue;
    // A Vietnamese word such as "để" has no letter of ASCII.
    if (!has_marks(read.kinds) && count_fitting_letters(text).wrong_share() > kMostWrong) continue;
    if (guess.name.empty()) {
      guess.name = encoding;
      found = std::move(text);
      letters = std::move(read);
    } else if (text != found) {
      return {"", 0};
    }
  }
  if (letters.count < kLeast || letters.kinds.size() < kLeastKinds) return {"", 0};
  guess.confidence = static_cast<int>(kTrust * letters.count / (letters.count + kHalfTrust));
  return guess;
}

}  // namespace fude
