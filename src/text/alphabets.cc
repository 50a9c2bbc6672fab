#include "text/alphabets.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fude/text/unicode.h"
#include "text/decoded_text.h"
#include "text/fitting_letters.h"

namespace fude {
namespace {

// Letters beyond ASCII, and kinds of them, that make a guess; Finnish has two, which tell something when they are many.
constexpr int64_t kLeast = 4;
constexpr size_t kLeastKinds = 3;
constexpr int64_t kManyOfTwo = 30;
// Names from abroad: of so many letters one may be of no alphabet, where each other encoding has so many times as many
// of those, and one in so many at least.
constexpr int64_t kPerOutsider = 40;
constexpr int64_t kLead = 8;
constexpr int64_t kPerOutsiderElsewhere = 20;
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
    Alphabet{U"áéíóöőúüű", {"windows-1250", "ISO-8859-2"}},                        // Hungarian
    Alphabet{U"âăîşţ", {"windows-1250", "ISO-8859-2"}},                            // Romanian
    Alphabet{U"çğıöşüâîû", {"windows-1254"}},                                      // Turkish
    Alphabet{U"ąčęėįšųūž", {"windows-1257", "ISO-8859-13"}},                       // Lithuanian
    Alphabet{U"āčēģīķļņšūž", {"windows-1257", "ISO-8859-13"}},                     // Latvian
    Alphabet{U"ăâđêôơưàáèéíóùú\u0300\u0301\u0303\u0309\u0323", {"windows-1258"}},  // Vietnamese
};

bool is_mark(char32_t c) { return u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK; }

char32_t small(char32_t c) { return static_cast<char32_t>(u_tolower(static_cast<UChar32>(c))); }

struct Letters {
  std::map<char32_t, int64_t> kinds;  // small ones, and how often each comes
  int64_t count = 0;
  int64_t misplaced = 0;       // marks that stand on no vowel
  bool are_characters = true;  // every byte is one
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
    if (c == kReplacement || (c >= 0x80 && type == U_CONTROL_CHAR)) letters.are_characters = false;
    if (c < 0x80 || !(is_mark(c) || u_isalpha(static_cast<UChar32>(c)) != 0)) continue;
    ++letters.count;
    letters.misplaced += is_mark(c) && !on_vowel ? 1 : 0;
    ++letters.kinds[small(c)];
  }
  return letters;
}

int64_t count_kinds_of_marks(const Letters& letters) {
  return std::count_if(letters.kinds.begin(), letters.kinds.end(),
                       [](const auto& kind) { return is_mark(kind.first); });
}

// How many of the letters are of another alphabet.
int64_t count_outsiders(const Letters& letters, std::u32string_view alphabet) {
  const bool has_marks = std::any_of(alphabet.begin(), alphabet.end(), is_mark);
  if (has_marks && count_kinds_of_marks(letters) < kLeastMarks) return letters.count;
  int64_t outsiders = letters.misplaced;
  for (const auto& [c, count] : letters.kinds)
    if (c >= 0x80 && alphabet.find(c) == std::u32string_view::npos) outsiders += count;
  return outsiders;
}

// The same for the alphabet of `encoding` that has the fewest.
int64_t count_outsiders(const Letters& letters, std::string_view encoding) {
  int64_t fewest = letters.count;
  for (const Alphabet& alphabet : kAlphabets)
    if (std::find(alphabet.encodings.begin(), alphabet.encodings.end(), encoding) != alphabet.encodings.end())
      fewest = std::min(fewest, count_outsiders(letters, alphabet.letters));
  return fewest;
}

struct Reading {
  const char* encoding;
  std::string text;
  Letters letters;
  int64_t outsiders;
};

// Of `lines` in each of the encodings that they may be in, the one with the fewest outsiders first.
std::vector<Reading> readings_of(std::string_view lines) {
  std::vector<Reading> readings;
  for (const char* encoding : kEncodings) {
    Reading reading{encoding, decoded_text(lines, encoding), {}, 0};
    reading.letters = letters_of(reading.text);
    if (!reading.letters.are_characters) continue;
    reading.outsiders = count_outsiders(reading.letters, encoding);
    // A Vietnamese word such as "để" has no letter of ASCII.
    const bool has_marks = count_kinds_of_marks(reading.letters) > 0;
    if (!has_marks && count_fitting_letters(reading.text).wrong_share() > kMostWrong) continue;
    readings.push_back(std::move(reading));
  }
  std::stable_sort(readings.begin(), readings.end(),
                   [](const Reading& a, const Reading& b) { return a.outsiders < b.outsiders; });
  return readings;
}

}  // namespace

DetectedEncoding find_by_alphabet(std::string_view lines) {
  const std::vector<Reading> readings = readings_of(lines);
  if (readings.empty()) return {"", 0};
  const auto& [encoding, text, letters, outsiders] = readings.front();
  const size_t kinds = letters.kinds.size() + (letters.count >= kManyOfTwo ? 1 : 0);
  if (letters.count < kLeast || kinds < kLeastKinds || outsiders * kPerOutsider > letters.count) return {"", 0};
  for (const Reading& other : readings) {
    const bool is_behind = other.outsiders > outsiders * kLead &&
                           (outsiders == 0 || other.outsiders * kPerOutsiderElsewhere >= other.letters.count);
    if (!is_behind && other.text != text) return {"", 0};
  }
  return {encoding, static_cast<int>(kTrust * letters.count / (letters.count + kHalfTrust))};
}

}  // namespace fude
