#include "text/elder_encoding.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "text/decoded_text.h"
#include "text/fitting_letters.h"
#include "text/icu_guesses.h"

namespace fude {
namespace {

// Of the characters beyond ASCII: those that make a guess, kinds of them, letters in a hundred, and in a hundred at
// most so many that stand wrong.
constexpr int64_t kLeast = 4, kLeastKinds = 3, kLeastLetters = 75;
constexpr int kMostWrong = 5;
// What one wrong in a hundred takes from ICU's per cent, and how far the best has to be ahead.
constexpr int kWrongWeight = 10, kLead = 5;
// Per cent that a guess of many characters is worth, and the characters that make half of it.
constexpr int kTrust = 60, kHalfTrust = 10;

// An encoding, and one that ICU knows by the words of the languages that are written in both.
struct Elder {
  const char* name;
  const char* known;
};
constexpr std::array<Elder, 10> kElders = {{{"CP850", "ISO-8859-1"},
                                            {"macintosh", "ISO-8859-1"},
                                            {"CP852", "ISO-8859-2"},
                                            {"CP857", "ISO-8859-9"},
                                            {"CP737", "ISO-8859-7"},
                                            {"CP862", "ISO-8859-8"},
                                            {"CP866", "windows-1251"},
                                            {"x-mac-cyrillic", "windows-1251"},
                                            {"windows-1251", "windows-1251"},  // shares half of the two before
                                            {"KOI8-U", "windows-1251"}}};

// One byte, "?" if need be, for each character.
std::string encoded(std::string_view text, const char* encoding) {
  const auto units = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  std::string bytes(text.size(), '\0');
  const int32_t size = units.extract(0, units.length(), bytes.data(), static_cast<uint32_t>(bytes.size()), encoding);
  bytes.resize(static_cast<size_t>(std::max(size, 0)));
  return bytes;
}

// How sure ICU is, in per cent, that `bytes` are words in `encoding`.
int sure_of(std::string_view bytes, std::string_view encoding) {
  int sure = 0;
  for (const IcuGuess& guess : icu_guesses(bytes))  // Hebrew from the right is ISO-8859-8-I
    if (guess.name.starts_with(encoding)) sure = std::max(sure, guess.sure);
  return sure;
}

struct Candidate {
  const char* name;
  std::string text;
  int64_t evidence;
  int score;
};

bool fits(const FittingLetters& letters) {
  return letters.all >= kLeast && letters.kinds >= kLeastKinds &&
         letters.letters * 100 >= letters.all * kLeastLetters && letters.wrong_share() <= kMostWrong;
}

}  // namespace

DetectedEncoding find_elder_encoding(std::string_view lines) {
  std::vector<Candidate> candidates;
  for (const Elder& elder : kElders) {
    std::string text = decoded_text(lines, elder.name);
    const FittingLetters letters = count_fitting_letters(text);
    if (!fits(letters)) continue;
    const int sure = sure_of(encoded(text, elder.known), elder.known);
    if (sure == 0) continue;
    candidates.push_back({elder.name, std::move(text), letters.all, sure - kWrongWeight * letters.wrong_share()});
  }
  if (candidates.empty()) return {"", 0};
  const auto best = std::max_element(candidates.begin(), candidates.end(),
                                     [](const Candidate& a, const Candidate& b) { return a.score < b.score; });
  const bool is_close = std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
    return other.text != best->text && other.score + kLead > best->score;
  });
  if (is_close) return {"", 0, best->name};
  return {best->name, static_cast<int>(kTrust * best->evidence / (best->evidence + kHalfTrust))};
}

}  // namespace fude
