#include "fude/data/suggest.h"

#include <gtest/gtest.h>

namespace fude {
namespace {

TextStatistics text_of(int64_t characters, size_t distinct) {
  TextStatistics text;
  text.code_points = characters;
  text.lines = characters / 50;
  text.words = characters / 6;
  text.distinct_words = 1000;
  text.words_seen_once = 400;
  const auto one = characters / static_cast<int64_t>(distinct);
  for (size_t c = 0; c < distinct; ++c) text.characters.emplace_back(static_cast<char32_t>(0x4E00 + c), one);
  text.characters[0].second += characters - one * static_cast<int64_t>(distinct);
  return text;
}

std::string value_of(const TextStatistics& text, const std::string& flag) {
  for (const Suggestion& suggestion : suggest(text)) {
    EXPECT_FALSE(suggestion.reason.empty());
    if (suggestion.flag == flag) return suggestion.value;
  }
  return "";
}

TEST(Suggest, ShortText_IsLearnedByCharacter) {
  const TextStatistics text = text_of(100'000, 65);
  EXPECT_EQ(value_of(text, "--tokenizer"), "char");
  EXPECT_EQ(value_of(text, "--vocab-size"), "") << "without a limit it would be the same";
  EXPECT_EQ(value_of(text, "--preset"), "tiny");
  EXPECT_EQ(value_of(text, "--dedup"), "");
}

TEST(Suggest, LongText_IsLearnedByPieces) {
  EXPECT_EQ(value_of(text_of(30'000'000, 100), "--tokenizer"), "unigram");
  EXPECT_EQ(value_of(text_of(30'000'000, 100), "--vocab-size"), "4000");
  EXPECT_EQ(value_of(text_of(30'000'000, 100), "--preset"), "medium");
  EXPECT_EQ(value_of(text_of(2'000'000'000, 100), "--vocab-size"), "16000");
  EXPECT_EQ(value_of(text_of(2'000'000'000, 100), "--preset"), "large");
}

TEST(Suggest, ManyCharacters_AreLimitedToThoseThatMakeUpTheText) {
  TextStatistics text = text_of(1'000'000, 1000);
  for (int c = 0; c < 100; ++c) text.characters.emplace_back(static_cast<char32_t>(0x3400 + c), 2);
  EXPECT_EQ(value_of(text, "--vocab-size"), std::to_string(1000 + 17));
}

TEST(Suggest, CharactersSeenOnce_AreLeftOutWithoutALimit) {
  TextStatistics text = text_of(1'000'000, 1000);
  for (int c = 0; c < 100; ++c) text.characters.emplace_back(static_cast<char32_t>(0x3400 + c), 1);
  EXPECT_EQ(value_of(text, "--vocab-size"), "");
}

TEST(Suggest, Numbers_AreRoundedToTheNearest) {
  const auto reason = [](int64_t characters) { return suggest(text_of(characters, 65)).back().reason; };
  EXPECT_EQ(reason(1).substr(0, 12), "1 character:");
  EXPECT_EQ(reason(4'795).substr(0, 17), "4,795 characters:");
  EXPECT_EQ(reason(88'999).substr(0, 18), "89,000 characters:");
  EXPECT_EQ(reason(999'600).substr(0, 23), "1.0 million characters:");
  EXPECT_EQ(reason(149'960'000).substr(0, 23), "150 million characters:");
}

TEST(Suggest, TinyText_IsSaidToBeTooShort) {
  const std::vector<Suggestion> suggestions = suggest(text_of(2, 2));
  EXPECT_EQ(suggestions[0].reason, "2 characters: too short a text for anything larger");
}

TEST(Suggest, Repetitions_AreToBeDropped) {
  TextStatistics text = text_of(1'000'000, 65);
  text.duplicate_lines = text.lines / 4;
  EXPECT_EQ(value_of(text, "--dedup"), "lines");
  text.duplicate_documents = 1;
  EXPECT_EQ(value_of(text, "--dedup"), "documents");
}

TEST(Suggest, NoText_GetsNone) { EXPECT_TRUE(suggest({}).empty()); }

}  // namespace
}  // namespace fude
