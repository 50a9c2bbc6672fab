#include "text/scripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fude/base/error.h"
#include "text/words.h"

namespace fude {
namespace {

using testing::ElementsAre;

std::vector<std::string> names_of(std::string_view list) {
  std::vector<std::string> names;
  for (const Script script : parse_scripts(list)) names.push_back(script_name(script));
  std::sort(names.begin(), names.end());
  return names;
}

TEST(ScriptOf, Letters_HaveOneAndOthersHaveNone) {
  EXPECT_EQ(script_name(script_of(U'a').value()), "Latin");
  EXPECT_EQ(script_name(script_of(U'\u732B').value()), "Han");
  EXPECT_EQ(script_name(script_of(U'\u0E01').value()), "Thai");
  for (const char32_t c : {U'1', U' ', U'!', U'\u30FC', U'\u0301', U'\U0010FFFF'})
    EXPECT_FALSE(script_of(c).has_value()) << uint32_t{c};
}

TEST(ParseScripts, NamesCodesAndLanguages_AreTaken) {
  EXPECT_TRUE(parse_scripts("").empty());
  EXPECT_THAT(names_of("latin, Cyrl,LATIN"), ElementsAre("Cyrillic", "Latin"));
  EXPECT_THAT(names_of("ja"), ElementsAre("Han", "Hiragana", "Katakana"));
}

TEST(ParseScripts, UnknownScript_IsConfigErrorWithAHint) {
  for (const std::string list : {"cyrilic", "latin,,han", "common"})
    EXPECT_THROW(parse_scripts(list), ConfigError) << list;
  try {
    parse_scripts("cyrilic");
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.hint(), "did you mean cyrillic?");
  }
}

TEST(CountSentences, WrappedLines_BelongTogether) {
  EXPECT_EQ(count_sentences(""), 0);
  EXPECT_EQ(count_sentences(" \n\n "), 0);
  EXPECT_EQ(count_sentences("The sea was calm\nand wide. No one saw it!"), 2);
  EXPECT_EQ(count_sentences("A title\n\nA text\n\n\nAn end"), 3);
  EXPECT_EQ(count_sentences("\u732B\u3002\u72AC\u3002\n"), 2);
}

TEST(ForEachPlainWord, SpaceAndPunctuation_AreNoWords) {
  std::vector<std::string> words;
  for_each_plain_word("To be, or -- not 2 be? \u732B\u304C\u3002",
                      [&](std::string_view word) { words.emplace_back(word); });
  EXPECT_THAT(words, ElementsAre("To", "be", "or", "not", "2", "be", "\u732B", "\u304C"));
}

}  // namespace
}  // namespace fude
