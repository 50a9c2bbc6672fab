#include "text/segmenter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/rbbi.h>
#include <unicode/unistr.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fude/base/random.h"
#include "text/unicode_data.h"
#include "text/word_dictionary.h"
#include "text/word_rules.h"
#include "text/word_segmenter.h"

namespace fude {
namespace {

using testing::ElementsAre;

std::vector<std::string> segments(std::string_view text, Segments kind) {
  std::vector<std::string> parts;
  for_each_segment(text, kind, [&](std::string_view segment) { parts.emplace_back(segment); });
  return parts;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> parts;
  for_each_word(text, [&](std::string_view word) { parts.emplace_back(word); });
  return parts;
}

// "÷ 0061 × 0308 ÷ 0020 ÷" as the segments that it asks for.
std::vector<std::string> expected_segments(const std::string& line) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string word; in >> word;) {
    if (word == "÷") {
      parts.emplace_back();
    } else if (word != "×") {
      parts.back() += from_code_points(word);
    }
  }
  parts.pop_back();  // behind the last ÷
  return parts;
}

void expect_conformance(const std::string& file, Segments kind, size_t at_least) {
  const std::vector<std::string> lines = unicode_data_lines("auxiliary/" + file);
  EXPECT_GE(lines.size(), at_least);
  for (const std::string& line : lines) {
    const std::vector<std::string> expected = expected_segments(line);
    std::string text;
    for (const std::string& part : expected) text += part;
    EXPECT_EQ(segments(text, kind), expected) << line;
  }
}

TEST(UnicodeConformance, GraphemeBreakTest_EveryLine) {
  expect_conformance("GraphemeBreakTest.txt", Segments::kGraphemes, 602);
}
TEST(UnicodeConformance, WordBreakTest_EveryLine) { expect_conformance("WordBreakTest.txt", Segments::kWords, 1823); }
TEST(UnicodeConformance, SentenceBreakTest_EveryLine) {
  expect_conformance("SentenceBreakTest.txt", Segments::kSentences, 502);
}

TEST(Segments, EmptyText_None) {
  for (const Segments kind : {Segments::kGraphemes, Segments::kWords, Segments::kSentences})
    EXPECT_TRUE(segments("", kind).empty());
}

TEST(Segments, EveryEmoji_IsOneGraphemeAndOneWord) {
  for (const std::string& emoji : emoji_sequences()) {
    EXPECT_THAT(segments(emoji, Segments::kGraphemes), ElementsAre(emoji));
    EXPECT_THAT(segments(emoji, Segments::kWords), ElementsAre(emoji));
  }
}

TEST(Segments, LanguagesWithoutSpaces_WordsByDictionary) {
  EXPECT_THAT(segments("東京の図書館へ行く", Segments::kWords), ElementsAre("東京", "の", "図書館", "へ", "行く"));
  EXPECT_THAT(segments("我们在北京学习", Segments::kWords), ElementsAre("我们", "在", "北京", "学习"));
  EXPECT_THAT(segments("ภาษาไทยสวยงาม", Segments::kWords), ElementsAre("ภาษา", "ไทย", "สวยงาม"));
  EXPECT_THAT(segments("ខ្ញុំស្រឡាញ់ប្រទេសកម្ពុជា", Segments::kWords), ElementsAre("ខ្ញុំ", "ស្រឡាញ់", "ប្រទេស", "កម្ពុជា"));
  EXPECT_THAT(segments("ພາສາລາວ", Segments::kWords), ElementsAre("ພາສາ", "ລາວ"));
  EXPECT_THAT(segments("မြန်မာစာ", Segments::kWords), ElementsAre("မြန်မာ", "စာ"));
  EXPECT_THAT(segments("한국어를 배운다", Segments::kWords), ElementsAre("한국어를", " ", "배운다"));
}

TEST(Segments, Sentences_KeepWhatFollowsThem) {
  EXPECT_THAT(segments("It rains. Does it? 雨だ。本当だ。", Segments::kSentences),
              ElementsAre("It rains. ", "Does it? ", "雨だ。", "本当だ。"));
}

// Longer than what is divided at once, so that lines are cut.
TEST(Segments, VeryLongLine_IsDividedAsAShortOne) {
  std::string flags, sentences, japanese;
  while (flags.size() < 600'000) flags += "🇯🇵";
  while (sentences.size() < 600'000) sentences += "The brush waits. ";
  for (const std::string& flag : segments(flags, Segments::kGraphemes)) ASSERT_EQ(flag, "🇯🇵");
  for (const std::string& sentence : segments(sentences, Segments::kSentences))
    ASSERT_EQ(sentence, "The brush waits. ");
  const std::vector<std::string> words = segments(sentences, Segments::kWords);
  const std::vector<std::string> repeated = {"The", " ", "brush", " ", "waits", ".", " "};
  for (size_t i = 0; i < words.size(); ++i) ASSERT_EQ(words[i], repeated[i % repeated.size()]) << i;
  const std::string sentence = "東京の図書館へ行く。か\u3099がある。";
  while (japanese.size() < 600'000) japanese += sentence;
  const std::vector<std::string> short_division = segments(sentence, Segments::kWords);
  const std::vector<std::string> division = segments(japanese, Segments::kWords);
  for (size_t i = 0; i < division.size(); ++i) ASSERT_EQ(division[i], short_division[i % short_division.size()]) << i;
}

TEST(Segments, OneEndlessSegment_IsGivenInParts) {
  const std::string text(1'000'000, 'a');
  std::string together;
  for (const std::string& part : segments(text, Segments::kWords)) together += part;
  EXPECT_EQ(together, text);
}

TEST(Segments, SeveralThreads_DivideAlike) {
  const std::string text = "One. 東京の図書館 two 👩‍👩‍👧 three.";
  const std::vector<std::string> expected = segments(text, Segments::kWords);
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  for (auto& mine : found) threads.emplace_back([&] { mine = segments(text, Segments::kWords); });
  for (std::thread& thread : threads) thread.join();
  for (const auto& mine : found) EXPECT_EQ(mine, expected);
}

std::vector<std::string> segments_of_icu(const std::string& text, icu::BreakIterator& iterator) {
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8(text);
  iterator.setText(units);
  std::vector<std::string> parts;
  int32_t begin = iterator.first();
  for (int32_t end = iterator.next(); end != icu::BreakIterator::DONE; end = iterator.next()) {
    units.tempSubStringBetween(begin, end).toUTF8String(parts.emplace_back());
    begin = end;
  }
  return parts;
}

class WordRules : public testing::Test {
 protected:
  void expect_as_the_rules_say(const std::string& text) {
    ASSERT_EQ(segments(text, Segments::kWords), segments_of_icu(text, *iterator_)) << text;
  }

 private:
  static std::unique_ptr<icu::BreakIterator> compile() {
    UErrorCode status = U_ZERO_ERROR;
    UParseError place;
    auto iterator =
        std::make_unique<icu::RuleBasedBreakIterator>(icu::UnicodeString::fromUTF8(kWordRules), place, status);
    EXPECT_TRUE(U_SUCCESS(status)) << u_errorName(status) << " in line " << place.line;
    return iterator;
  }

  const std::unique_ptr<icu::BreakIterator> iterator_ = compile();
};

// ASCII, letters, Chinese and Japanese are divided without ICU: in every neighbourhood as its rules would.
TEST_F(WordRules, PlainTextAmongOthers_IsDividedAsTheySay) {
  std::vector<std::string> symbols = {
      "\u0301", "\u200D", "é",      "筆", "カ",     "א",        "\"", "\u2019",  "\u2003", "🇯🇵",     "\u00AD",
      "ไ",      "𠮟",     "\u0600", "٣",  "\u2028", "👩\u200D👧", "_",  "々",      "〻",     "〆",     "ー",
      "\u3099", "｡",      "\u3000", "：", "．",     "，",       "〱", "゜",      "゠",     "\uFF9E", "㍿",
      "㐂",     "\u202F", "が",     "1",  "’",      "\u0085",   "©",  "☀\uFE0F", "한"};
  for (char c = 0; c >= 0; ++c) {
    symbols.emplace_back(1, c);
    if (c == 127) break;
  }
  const std::vector<std::vector<std::string>> common = {
      {"a", "Z", "7", " ", " ", ".", ",", ":", "'", "\n", "\r", "_", "word", "3.14"},
      {"é", "слово", " ", ".", "’", "7", "٣", "\u2003", "_", "：", "，", "．", "\n"},
      {"の", "図書館", "は", "、", "。", "行く", "カ", "コーヒー", "々", "ー", "一", "\u3000", "\n", "北京", "的"},
      {"時々", "カ", "_", "a", "7", "：", "．", "'", "が", "〻", "ー", "・", " ", "\r\n"}};
  Random random(5);
  for (int i = 0; i < 30000; ++i) {
    std::string text;
    for (uint64_t runs = 1 + random.below(3); runs > 0; --runs) {
      const auto& some = common[random.below(common.size())];
      for (uint64_t n = random.below(120); n > 0; --n) text += some[random.below(some.size())];
      for (uint64_t n = random.below(4); n > 0; --n) text += symbols[random.below(symbols.size())];
    }
    ASSERT_NO_FATAL_FAILURE(expect_as_the_rules_say(text));
  }
}

TEST_F(WordRules, EveryCharacter_IsDividedFromItsNeighboursAsTheySay) {
  constexpr size_t kTogether = 64;
  std::string text;
  size_t characters = 0;
  for (char32_t c = 1; c <= 0xFFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string symbol;
    append_utf8(symbol, c);
    for (const std::string neighbour : {"a", "7", "の", "カ", "々", "_", "。"})
      text += neighbour + symbol + neighbour + symbol + symbol + "\n";
    if (++characters % kTogether != 0) continue;
    ASSERT_NO_FATAL_FAILURE(expect_as_the_rules_say(text));
    text.clear();
  }
  expect_as_the_rules_say(text);
}

// Longer words than any, runs of Katakana of every length, and all the ways that frequent characters can stand
// together.
TEST_F(WordRules, StretchesOfChineseAndJapanese_AreDividedAsIcuDoes) {
  const std::vector<std::pair<char32_t, char32_t>> ranges = {{0x3041, 0x3097}, {0x30A1, 0x30FB}, {0x30FC, 0x30FF},
                                                             {0x4E00, 0x4E80}, {0x4E00, 0x9FFF}, {0x3400, 0x4DC0}};
  Random random(9);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    while (text.size() < 600) {
      const auto [first, limit] = ranges[random.below(ranges.size())];
      for (uint64_t n = 1 + random.below(random.below(8) == 0 ? 25 : 4); n > 0; --n)
        append_utf8(text, first + static_cast<char32_t>(random.below(limit - first)));
      if (random.below(10) == 0) text += "。";
    }
    ASSERT_NO_FATAL_FAILURE(expect_as_the_rules_say(text));
  }
}

// Otherwise the comparisons with ICU compare it with itself.
TEST_F(WordRules, DictionaryOfIcu72_IsFound) {
  if (U_ICU_VERSION_MAJOR_NUM != 72) GTEST_SKIP() << "the dictionary of this ICU is not known";
  EXPECT_NE(WordDictionary::shared(), nullptr);
}

TEST_F(WordRules, RunsOfKatakana_AreDividedAsIcuDoes) {
  constexpr char32_t kFirst = 0x30A1;
  constexpr char32_t kLimit = 0x30FB;
  Random random(10);
  std::string text;
  for (char32_t a = kFirst; a < kLimit; ++a) {
    for (char32_t b = kFirst; b < kLimit; ++b) {
      append_utf8(text, a);
      append_utf8(text, b);
      text += "。";
    }
    for (int runs = 0; runs < 200; ++runs) {
      for (uint64_t n = 3 + random.below(8); n > 0; --n)
        append_utf8(text, kFirst + static_cast<char32_t>(random.below(kLimit - kFirst)));
      text += "。";
    }
    ASSERT_NO_FATAL_FAILURE(expect_as_the_rules_say(text));
    text.clear();
  }
}

TEST_F(WordRules, DictionariesAmongOthers_DivideAsTheySay) {
  const std::vector<std::string> languages = {"東京の図書館へ行くことにした。",
                                              "我们在北京大学学习中文，",
                                              "コンピューターｶﾞｷﾞﾊﾟ㌔㍿ｱｲｳー",
                                              "ภาษาไทยสวยงามมากและน่าเรียน",
                                              "ខ្ញុំស្រឡាញ់ប្រទេសកម្ពុជា",
                                              "ພາສາລາວສວຍງາມ",
                                              "မြန်မာစာသည်လှပသည်",
                                              "한국어를 배운다"};
  const std::vector<std::string> others = {"𠮟", "𠀋", "か\u3099", "は\u309A", "👩\u200D👧", "é", "я", "\u0301",
                                           "々", "〆", "\uFE0F",   "e\u0301",  "a",        "7", " ", "\n"};
  Random random(7);
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (uint64_t runs = 1 + random.below(4); runs > 0; --runs) {
      const std::string& language = languages[random.below(languages.size())];
      const size_t characters = count_code_points(language);
      std::vector<std::string> letters;
      for (size_t offset = 0; letters.size() < characters;) {
        const size_t begin = offset;
        next_code_point(language, offset);
        letters.push_back(language.substr(begin, offset - begin));
      }
      const size_t first = random.below(characters);
      if (random.below(2) == 0) {
        for (size_t k = first; k < characters; ++k) text += letters[k];
      } else {
        for (uint64_t n = random.below(20); n > 0; --n) text += letters[random.below(characters)];
      }
      for (uint64_t n = random.below(4); n > 0; --n) text += others[random.below(others.size())];
    }
    if (text.empty()) continue;
    ASSERT_NO_FATAL_FAILURE(expect_as_the_rules_say(text));
  }
}

// Characters that join nothing are divided without ICU.
TEST(Segments, PlainCharactersAmongOthers_AsIcuSays) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> iterator(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  ASSERT_TRUE(U_SUCCESS(status)) << u_errorName(status);
  const std::vector<std::string> joined = {"\u0301", "\u200D", "\r",      "\n",       "\u0600", "👍🏽",
                                           "🇯🇵",     "\u094D", "ा",       "ำ",        "각",     "\u1100",
                                           "\u1161", "\u11A8", "❤\uFE0F", "👩\u200D👧", "\uFE0F"};
  Random random(6);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (uint64_t runs = 1 + random.below(3); runs > 0; --runs) {
      for (uint64_t n = random.below(60); n > 0; --n)
        append_utf8(text, static_cast<char32_t>(random.below(3) == 0 ? random.below(0x3200) : random.below(0x80)));
      for (uint64_t n = random.below(60); n > 0; --n) text += static_cast<char>('a' + random.below(26));
      for (uint64_t n = random.below(4); n > 0; --n) text += joined[random.below(joined.size())];
    }
    ASSERT_EQ(segments(text, Segments::kGraphemes), segments_of_icu(text, *iterator)) << text;
  }
}

TEST(Words, SingleSpace_JoinsTheWordBehindIt) {
  EXPECT_THAT(words("to be  or \n not "), ElementsAre("to", " be", "  ", "or", " ", "\n", " not", " "));
  EXPECT_THAT(words(" "), ElementsAre(" "));
}

}  // namespace
}  // namespace fude
