#include <unicode/uchar.h>
#include <unicode/ucnv.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "fude/base/error.h"
#include "fude/text/encoding.h"
#include "fude/text/unicode.h"
#include "text/alphabets.h"
#include "text/decoded_text.h"
#include "text/elder_encoding.h"
#include "text/fitting_letters.h"
#include "text/icu_guesses.h"
#include "text/utf8.h"
#include "text/western_letters.h"

namespace fude {
namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 6> kMarks = {{{{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                                                                             {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                                                                             {"\xEF\xBB\xBF", "UTF-8"},
                                                                             {"\xFF\xFE", "UTF-16LE"},
                                                                             {"\xFE\xFF", "UTF-16BE"},
                                                                             {"\x84\x31\x95\x33", "GB18030"}}};

// Big5 with characters that it leaves to private use.
constexpr char kHongKong[] = "Big5-HKSCS";

// ICU's names of what may be guessed, and the encoding that is taken for it: where two agree on what ICU saw, the one
// that holds more.
struct Guess {
  std::string_view icu;
  const char* name;
  bool single_byte;
  bool latin = false;
};
constexpr std::array<Guess, 23> kGuesses = {{{"Shift_JIS", "Shift_JIS", false},
                                             {"EUC-JP", "EUC-JP", false},
                                             {"GB18030", "GB18030", false},
                                             {"Big5", "Big5", false},
                                             {"", kHongKong, false},
                                             {"EUC-KR", "EUC-KR", false},
                                             {"ISO-8859-1", "windows-1252", true, true},
                                             {"ISO-8859-2", "ISO-8859-2", true, true},
                                             {"ISO-8859-5", "ISO-8859-5", true},
                                             {"ISO-8859-6", "ISO-8859-6", true},
                                             {"ISO-8859-7", "ISO-8859-7", true},
                                             {"ISO-8859-8", "windows-1255", true},
                                             {"ISO-8859-8-I", "windows-1255", true},
                                             {"ISO-8859-9", "windows-1254", true, true},
                                             {"windows-1250", "windows-1250", true, true},
                                             {"windows-1251", "windows-1251", true},
                                             {"windows-1252", "windows-1252", true, true},
                                             {"windows-1253", "windows-1253", true},
                                             {"windows-1254", "windows-1254", true, true},
                                             {"windows-1255", "windows-1255", true},
                                             {"windows-1256", "windows-1256", true},
                                             {"windows-1257", "windows-1257", true, true},
                                             {"KOI8-R", "KOI8-R", true}}};

// What is declared, and what browsers take it for (the WHATWG's Encoding Standard): those hold more.
constexpr std::array<std::pair<std::string_view, const char*>, 11> kDeclared = {{{"iso-8859-1", "windows-1252"},
                                                                                 {"latin1", "windows-1252"},
                                                                                 {"us-ascii", "windows-1252"},
                                                                                 {"ascii", "windows-1252"},
                                                                                 {"iso-8859-9", "windows-1254"},
                                                                                 {"latin5", "windows-1254"},
                                                                                 {"iso-8859-11", "windows-874"},
                                                                                 {"tis-620", "windows-874"},
                                                                                 {"gb2312", "GB18030"},
                                                                                 {"gbk", "GB18030"},
                                                                                 {"x-gbk", "GB18030"}}};

// Percent below which a guess is none.
constexpr int kLeastConfidence = 20;
// Bytes beyond ASCII, or characters in many bytes, each counted once, that make frequencies worth half of what ICU
// thinks of them: it is sure of itself after two.
constexpr int kHalfTrust = 10;
// What is taken for Western European: where ICU gives another Latin writing no more than so many per cent above it,
// and, up to so many per cent, where ICU knows of no better.
constexpr char kWestern[] = "windows-1252";
constexpr char kMacintosh[] = "macintosh";
constexpr int kWesternLead = 15;
constexpr int kWesternTrust = 60;
// Bytes looked at where a guess is needed.
constexpr size_t kEvidence = size_t{1} << 16;
// Bytes below which the other lines are looked at, too, and of those so many.
constexpr size_t kFewLines = 128, kOtherLines = 1024;
// A mistake or two in a hundred characters is damage, more is another encoding.
constexpr int64_t kEachMistake = 50;
// Kana among what is beyond ASCII that only Japanese has.
constexpr double kKanaShare = 0.15;

bool is_ascii(char byte) { return (byte & 0x80) == 0; }

int64_t count_beyond_ascii(std::string_view bytes) {
  return std::count_if(bytes.begin(), bytes.end(), [](char byte) { return !is_ascii(byte); });
}

// The lines that hold anything but ASCII, which all encodings here share.
std::string telling_lines(std::string_view sample) {
  std::string lines;
  while (!sample.empty() && lines.size() < kEvidence) {
    const size_t newline = sample.find('\n');
    const std::string_view line = sample.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    const auto high = static_cast<size_t>(std::find_if_not(line.begin(), line.end(), is_ascii) - line.begin());
    if (high < line.size()) lines += line.substr(line.size() > kEvidence ? high : 0, kEvidence);
    sample.remove_prefix(line.size());
  }
  return lines;
}

// Those that differ in more than ASCII: what is repeated tells nothing more.
std::string distinct_lines(std::string_view lines) {
  std::string distinct;
  std::unordered_set<std::string> known;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
    std::string high(line);
    std::erase_if(high, is_ascii);
    if (known.insert(std::move(high)).second) distinct += line;
    lines.remove_prefix(line.size());
  }
  return distinct;
}

// What comes of decoding.
struct Trial {
  int64_t beyond_ascii = 0;
  int64_t kana = 0;      // hiragana and full-width katakana
  int64_t odd = 0;       // undecodable, unassigned, private, a control beyond ASCII, or a katakana in a Latin word
  int64_t controls = 0;  // those of ASCII that no text has: what writes ASCII alike has them alike
};

bool is_ascii_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z'); }
bool is_katakana(char32_t c) { return (c >= 0x30A1 && c <= 0x30FA) || (c >= 0xFF66 && c <= 0xFF9F); }

Trial try_decoding(std::string_view bytes, const char* encoding, bool whole) {
  Trial trial;
  char32_t before_last = U' ', last = U' ';
  const auto look = [&](std::string_view text) {
    for (size_t offset = 0; offset < text.size();) {
      const char32_t c = next_code_point(text, offset);
      // One katakana in a Latin word is none.
      trial.odd += is_ascii_letter(before_last) && is_katakana(last) && is_ascii_letter(c) ? 1 : 0;
      before_last = std::exchange(last, c);
      const bool space = c == U'\t' || c == U'\n' || c == U'\r' || c == U'\f' || c == U'\x1B' || c == U'\x1A';
      const int8_t type = u_charType(static_cast<UChar32>(c));
      if (c >= 0x80) ++trial.beyond_ascii;
      if ((c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FC)) ++trial.kana;
      if (space || (type != U_CONTROL_CHAR && type != U_UNASSIGNED && type != U_PRIVATE_USE_CHAR)) continue;
      ++(c < 0x80 ? trial.controls : trial.odd);
    }
  };
  TextDecoder decoder(encoding, OnInvalid::kSkip, "");
  decoder.push(bytes, look);
  if (whole) decoder.finish(look);
  trial.odd += decoder.invalid();
  return trial;
}

// UTF-16 or UTF-32 without a mark: spaces and line ends, whose units begin or end with zero bytes, tell which, or else
// the space and the commas of Japanese.
const char* wide_encoding(std::string_view sample, bool whole) {
  constexpr size_t kLooked = size_t{1} << 14;
  constexpr int64_t kEachSpace = 100;  // units, at most, where there are mistakes: what is no text may have one
  if (sample.find('\0') == std::string_view::npos) return nullptr;
  whole = whole && sample.size() <= kLooked;
  sample = sample.substr(0, kLooked);
  struct Wide {
    const char* name;
    size_t width;
    bool big;
    int64_t spaces = 0, wide_spaces = 0;
  };
  std::array<Wide, 4> all = {
      {{"UTF-32LE", 4, false}, {"UTF-32BE", 4, true}, {"UTF-16LE", 2, false}, {"UTF-16BE", 2, true}}};
  for (Wide& wide : all) {
    for (size_t at = 0; at + wide.width <= sample.size(); at += wide.width) {
      char32_t unit = 0;
      for (size_t k = 0; k < wide.width; ++k)
        unit |= static_cast<char32_t>(static_cast<unsigned char>(sample[at + k]))
                << 8 * (wide.big ? wide.width - 1 - k : k);
      wide.spaces += unit == U' ' || unit == U'\n' ? 1 : 0;
      wide.wide_spaces += unit >= 0x3000 && unit <= 0x3002 ? 1 : 0;
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Wide& a, const Wide& b) {
    return std::pair(a.spaces, a.wide_spaces) > std::pair(b.spaces, b.wide_spaces);
  });
  for (const Wide& wide : all) {
    const int64_t spaces = wide.spaces + wide.wide_spaces;
    if (spaces == 0) continue;
    const auto units = static_cast<int64_t>(sample.size() / wide.width);
    const Trial trial = try_decoding(sample, wide.name, whole);
    const int64_t mistakes = trial.odd + trial.controls;
    if (mistakes == 0 || (mistakes * kEachMistake <= units && spaces * kEachSpace >= units)) return wide.name;
  }
  return nullptr;
}

// Escapes to other sets, and nothing but ASCII bytes, save for a mistake or two in a hundred characters. What cannot be
// decoded of it would be no text in UTF-8 either, which is valid all the same: it has to be the larger part to speak
// for UTF-8.
const char* escaped_encoding(std::string_view sample, bool whole) {
  constexpr std::array<std::pair<std::string_view, const char*>, 4> kEscapes = {
      {{"\x1B$B", "ISO-2022-JP"}, {"\x1B$@", "ISO-2022-JP"}, {"\x1B(I", "ISO-2022-JP"}, {"\x1B$)C", "ISO-2022-KR"}}};
  const int64_t mistakes = count_beyond_ascii(sample);
  for (const auto& [escape, name] : kEscapes) {
    if (sample.find(escape) == std::string_view::npos) continue;
    const Trial trial = try_decoding(sample, name, whole);
    if (trial.beyond_ascii > trial.odd && mistakes * kEachMistake <= trial.beyond_ascii) return name;
  }
  return nullptr;
}

// Mistakes among more well-formed characters: none but UTF-8 looks like that, with lines in another encoding maybe.
// A few characters of Chinese may be well formed by chance.
bool is_damaged_utf8(std::string_view sample) {
  constexpr int64_t kMostEach = 10, kManyEach = 2, kMany = 30;
  int64_t well_formed = 0, mistakes = 0;
  for (size_t offset = 0; offset < sample.size();) {
    const Utf8Sequence sequence = read_utf8_sequence(sample.substr(offset));
    if (!sequence.complete()) ++mistakes;
    if (sequence.complete() && sequence.length > 1) ++well_formed;
    offset += std::max<size_t>(1, sequence.valid);
  }
  return well_formed >= mistakes * (well_formed >= kMany ? kManyEach : kMostEach);
}

bool fits(const Trial& trial) { return trial.beyond_ascii > 0 && trial.odd * kEachMistake <= trial.beyond_ascii; }

// UTF-8 that was cut inside its last character.
bool is_cut_utf8(std::string_view sample) {
  const std::string_view complete = sample.substr(0, complete_utf8_prefix(sample));
  return complete.size() < sample.size() && !std::all_of(complete.begin(), complete.end(), is_ascii) &&
         find_invalid_utf8(complete) == kValidUtf8;
}

// What the head of an HTML or XML file says that it is written in, unless its bytes say otherwise: <meta charset=big5>.
std::optional<DetectedEncoding> declared_encoding(std::string_view sample, std::string_view lines) {
  constexpr size_t kLooked = 1024;  // HTML wants it there
  const std::string_view head = sample.substr(0, kLooked);
  if (head.find('<') == std::string_view::npos) return std::nullopt;
  std::string lowered(head);
  for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view key : {"charset=", "encoding="}) {
    const size_t found = lowered.find(key);
    if (found == std::string::npos) continue;
    const size_t begin = std::min(lowered.find_first_not_of("\"' ", found + key.size()), lowered.size());
    const size_t end = std::min(lowered.find_first_of("\"' ;/>?\r\n", begin), lowered.size());
    std::string name = lowered.substr(begin, end - begin);
    const auto meant = std::find_if(kDeclared.begin(), kDeclared.end(), [&](const auto& d) { return d.first == name; });
    if (meant != kDeclared.end()) name = meant->second;
    if (name.starts_with("utf") || !is_known_encoding(name) || has_wide_units(name)) continue;
    if (!fits(try_decoding(lines, name.c_str(), false))) continue;
    const auto usual = std::find_if(kGuesses.begin(), kGuesses.end(), [&](const Guess& guess) {
      return ucnv_compareNames(guess.name, name.c_str()) == 0;
    });
    return DetectedEncoding{usual == kGuesses.end() ? name : usual->name, 95};
  }
  return std::nullopt;
}

// Names and poems may have no kana. Their bytes pair up as no other encoding's do: the first begins one of the common
// kanji, which leaves out what Chinese, Korean and half-width kana begin with, and the second is mostly no ASCII, as it
// would be behind a Western quotation mark.
std::optional<DetectedEncoding> kanji_in_shift_jis(std::string_view lines) {
  constexpr int64_t kLeast = 4;
  int64_t common = 0, rare = 0, high_second = 0;
  for (size_t k = 0; k < lines.size(); ++k) {
    if (is_ascii(lines[k])) continue;
    const int first = static_cast<unsigned char>(lines[k]);
    const int second = k + 1 < lines.size() ? static_cast<unsigned char>(lines[k + 1]) : 0;
    if (first < 0x81 || (first > 0x9F && first < 0xE0) || second < 0x40) return std::nullopt;
    ++(first <= 0x83 || (first >= 0x88 && first <= 0x98) ? common : rare);
    high_second += second >= 0x80 ? 1 : 0;
    ++k;
  }
  const int64_t pairs = common + rare;
  if (pairs < kLeast || rare * 10 > pairs || high_second * 2 < pairs) return std::nullopt;
  if (!fits(try_decoding(lines, "Shift_JIS", false))) return std::nullopt;
  return DetectedEncoding{"Shift_JIS", static_cast<int>(std::min<int64_t>(95, 30 + 5 * pairs))};
}

// Japanese shows by its kana, also where a text is too short for frequencies, and, where they are many, among mistakes.
std::optional<DetectedEncoding> japanese(std::string_view lines) {
  const bool is_chinese = try_decoding(lines, "GB18030", false).odd == 0;  // with kana, at the same places
  for (const char* name : {"Shift_JIS", "EUC-JP"}) {
    const Trial trial = try_decoding(lines, name, false);
    const bool much_kana = trial.kana > trial.beyond_ascii / 3 && trial.odd * 8 <= trial.beyond_ascii && !is_chinese;
    const bool some_kana =
        fits(trial) && static_cast<double>(trial.kana) >= kKanaShare * static_cast<double>(trial.beyond_ascii);
    if (!much_kana && !some_kana) continue;
    return DetectedEncoding{name, static_cast<int>(std::min<int64_t>(100, 50 + 5 * trial.kana))};
  }
  return kanji_in_shift_jis(lines);
}

// Thai shows by its marks, which stand on consonants, and by its vowels that stand before them. So do, by chance, the
// pairs of bytes of Chinese and Korean, which Thai in turn is soon none of.
std::optional<DetectedEncoding> thai(std::string_view lines) {
  constexpr char kName[] = "windows-874";
  constexpr int64_t kLeast = 5;
  constexpr int64_t kEach = 8;  // of the bytes beyond ASCII, at least one so many
  const auto between = [](char c, int first, int last) {
    const int byte = static_cast<unsigned char>(c);
    return byte >= first && byte <= last;
  };
  const auto is_consonant = [&](char c) { return between(c, 0xA1, 0xCE); };
  const auto is_mark = [&](char c) { return c == '\xD1' || between(c, 0xD4, 0xDA) || between(c, 0xE7, 0xEE); };
  int64_t right = 0, wrong = 0;
  for (size_t k = 0; k < lines.size(); ++k) {
    const char before = k > 0 ? lines[k - 1] : ' ', after = k + 1 < lines.size() ? lines[k + 1] : ' ';
    if (is_mark(lines[k])) ++(is_consonant(before) || is_mark(before) ? right : wrong);
    if (between(lines[k], 0xE0, 0xE4)) ++(is_consonant(after) ? right : wrong);
  }
  if (right < kLeast || wrong * 50 > right || !fits(try_decoding(lines, kName, false))) return std::nullopt;
  if (right * kEach < count_beyond_ascii(lines)) return std::nullopt;
  for (const char* pairs : {"EUC-KR", "GB18030", "Big5"})
    if (fits(try_decoding(lines, pairs, false))) return std::nullopt;
  return DetectedEncoding{kName, static_cast<int>(std::min<int64_t>(100, 50 + 5 * right))};
}

// Greek is written alike in both, but for Ά, which begins many words and is 0xA2 in windows-1253, an apostrophe in
// ISO-8859-7, and 0xB6 there.
const char* greek_encoding(std::string_view lines) {
  const auto is_letter = [](char c) { return static_cast<unsigned char>(c) >= 0xB8 && c != '\xBB' && c != '\xBD'; };
  int64_t begun_in_windows = 0;
  for (size_t k = 0; k + 1 < lines.size(); ++k) {
    if ((k > 0 && is_letter(lines[k - 1])) || !is_letter(lines[k + 1])) continue;
    begun_in_windows += lines[k] == '\xA2' ? 1 : lines[k] == '\xB6' ? -1 : 0;
  }
  return begun_in_windows > 0 ? "windows-1253" : "ISO-8859-7";
}

int64_t wrong_in_words(std::string_view lines, const char* encoding) {
  return count_fitting_letters(decoded_text(lines, encoding)).wrong;
}

// `usual`, unless several letters stand better in words as the `other` has them. The encodings share most of their
// letters.
const char* better_in_words(std::string_view lines, const char* usual, const char* other) {
  return wrong_in_words(lines, usual) > wrong_in_words(lines, other) + 1 ? other : usual;
}

// Characters of which `lines` hold one at least, that are beyond ASCII.
int64_t count_distinct(std::string_view lines, const char* encoding) {
  std::unordered_set<char32_t> distinct;
  TextDecoder(encoding, OnInvalid::kSkip, "").push(lines, [&](std::string_view text) {
    for (size_t offset = 0; offset < text.size();)
      if (const char32_t c = next_code_point(text, offset); c >= 0x80) distinct.insert(c);
  });
  return static_cast<int64_t>(distinct.size());
}

// One of ICU's guesses, for as much as ICU thinks of it.
struct Match {
  const Guess* guess;
  int sure;
};

// Those of `text` that are of Latin letters, or those that are not.
std::vector<Match> matches_of(std::string_view text, bool latin) {
  std::vector<Match> matches;
  for (const IcuGuess& icu : icu_guesses(text)) {
    const auto guess =
        std::find_if(kGuesses.begin(), kGuesses.end(), [&](const Guess& g) { return g.icu == icu.name; });
    if (guess != kGuesses.end() && guess->latin == latin) matches.push_back({&*guess, icu.sure});
  }
  return matches;
}

// ICU's guesses, each for as much as it is worth; `distinct` are those of the lines that differ.
DetectedEncoding best_guess(std::string_view lines, std::string_view distinct, std::string_view sample) {
  const int64_t high = count_beyond_ascii(lines), high_in_distinct = count_beyond_ascii(distinct);
  const WesternLetters letters = count_western_letters(lines);
  // Characters in many bytes, which it is never sure of when they are few, are shown to ICU twice.
  std::string text(lines);
  if (text.size() < kOtherLines) text += lines;
  std::vector<Match> matches = matches_of(text, false);
  if (letters.latin()) {  // such a language shows in its ASCII letters, too, which would hide others
    text = lines;
    if (text.size() < kFewLines) text += sample.substr(0, kOtherLines);
    const std::vector<Match> latin = matches_of(text, true);
    matches.insert(matches.end(), latin.begin(), latin.end());
  }
  const auto odd_in = [&](const char* encoding) { return try_decoding(lines, encoding, false).odd; };
  DetectedEncoding best{"", 0};
  bool best_is_latin = false;
  for (const auto& [guess, sure_of_it] : matches) {
    const char* name = guess->name;
    if (name == std::string_view("Big5") && odd_in(name) > odd_in(kHongKong)) name = kHongKong;
    if (!fits(try_decoding(lines, name, false))) continue;
    // Most short texts of Latin letters are Western European.
    const bool usual = letters.all_western() && guess->name == std::string_view(kWestern);
    const int sure = std::min(100, sure_of_it + (usual ? kWesternLead : 0));
    const int64_t evidence = !guess->single_byte ? count_distinct(lines, guess->name)
                             : guess->latin      ? high
                                                 : high_in_distinct;
    const auto confidence = static_cast<int>(sure * evidence / (evidence + kHalfTrust));
    if (confidence <= best.confidence) continue;
    best = {name, confidence};
    best_is_latin = guess->latin;
  }
  if (best.name == "ISO-8859-7") best.name = greek_encoding(lines);
  if (best.name == "KOI8-R") best.name = better_in_words(lines, "KOI8-R", "KOI8-U");
  if (best.name == "windows-1251") best.name = better_in_words(lines, "windows-1251", "x-mac-cyrillic");
  if (has_only_macintosh_quotes(lines)) return {kMacintosh, kWesternTrust};
  if (letters.all_quotes()) return {kWestern, std::max(kWesternTrust, best.confidence)};
  if (letters.all_western() && best.confidence <= kWesternTrust && (!best_is_latin || best.name == kWestern)) {
    const auto trust = static_cast<int>(kWesternTrust * high / (high + kHalfTrust));
    best = {kWestern, std::max(trust, best.name == kWestern ? best.confidence : 0)};
  }
  return best;
}

// ISO-8859-15 has ž š œ where windows-1252 has ¸ ¨ ½, and € for ¤, which nobody writes. It has no curly quotes.
DetectedEncoding with_latin_9(DetectedEncoding guess, std::string_view lines) {
  constexpr char kLatin9[] = "ISO-8859-15";
  if (guess.name != kWestern || try_decoding(lines, kLatin9, false).odd > 0) return guess;
  const bool has_euro = lines.find('\xA4') != std::string_view::npos;
  if (has_euro || wrong_in_words(lines, kLatin9) < wrong_in_words(lines, kWestern)) guess.name = kLatin9;
  return guess;
}

// Whether the letters of `guess` look like words; of encodings in pairs, whose bytes have their own reasons, always.
bool looks_like_words(const DetectedEncoding& guess, std::string_view lines) {
  constexpr int kTooWrong = 7;   // per cent of all that is beyond ASCII
  constexpr int kManySigns = 5;  // kinds of them, and no letter among them: ¤ ¥ ¯ ° ¶
  const auto known =
      std::find_if(kGuesses.begin(), kGuesses.end(), [&](const Guess& g) { return g.name == guess.name; });
  if (known != kGuesses.end() && !known->single_byte) return true;
  if (guess.name.empty()) return false;
  const FittingLetters letters = count_fitting_letters(decoded_text(lines, guess.name));
  if (letters.letters == 0 && letters.kinds >= kManySigns) return false;
  return letters.wrong == 0 || letters.wrong * 100 < (letters.anywhere + letters.all) * kTooWrong;
}

// "EUC-JP or GB18030": those in which all bytes beyond ASCII come in pairs, and there are some. A writing in single
// bytes has words of odd lengths.
std::string encodings_in_pairs(std::string_view lines) {
  constexpr int64_t kLeast = 6;
  std::string names;
  for (const char* name : {"EUC-JP", "EUC-KR", "GB18030", "Big5"}) {
    const Trial trial = try_decoding(lines, name, false);
    if (trial.odd > 0 || trial.beyond_ascii < kLeast || trial.beyond_ascii * 2 != count_beyond_ascii(lines)) continue;
    names += (names.empty() ? "" : " or ") + std::string(name);
  }
  return names;
}

}  // namespace

DetectedEncoding detect_encoding(std::string_view sample, bool whole) {
  for (const auto& [mark, name] : kMarks) {
    if (sample.starts_with(mark)) return {name};
  }
  if (const char* escaped = escaped_encoding(sample, whole)) return {escaped};
  if (find_invalid_utf8(whole ? sample : sample.substr(0, complete_utf8_prefix(sample))) == kValidUtf8 &&
      sample.find('\0') == std::string_view::npos)
    return {"UTF-8"};
  if (const char* wide = wide_encoding(sample, whole)) return {wide, 90};
  const std::string lines = telling_lines(sample);
  if (lines.empty()) return {"UTF-8"};
  if (is_damaged_utf8(lines) || (whole && is_cut_utf8(sample))) return {"UTF-8", 90};
  if (const auto declared = declared_encoding(sample, lines)) return *declared;
  const std::string distinct = distinct_lines(lines);
  if (const auto found = japanese(distinct)) return *found;
  if (const auto found = thai(distinct)) return *found;
  if (DetectedEncoding found = find_by_alphabet(distinct); found.confidence >= kLeastConfidence)
    return with_latin_9(std::move(found), lines);
  DetectedEncoding guess = best_guess(lines, distinct, sample);
  const bool in_words = looks_like_words(guess, lines);
  if (in_words && guess.confidence >= kLeastConfidence) return with_latin_9(std::move(guess), lines);
  if (!in_words) guess = {"", 0};
  if (const DetectedEncoding elder = find_elder_encoding(lines); !elder.name.empty() || !elder.perhaps.empty())
    guess = elder;
  if (guess.confidence >= kLeastConfidence) return guess;
  if (const std::string in_pairs = encodings_in_pairs(lines); !in_pairs.empty()) guess.name = in_pairs;
  return {"UTF-8", 0, guess.name.empty() ? guess.perhaps : guess.name};
}

}  // namespace fude
