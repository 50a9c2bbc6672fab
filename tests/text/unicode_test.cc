#include "fude/text/unicode.h"

#include <gtest/gtest.h>

#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

using std::string_literals::operator""s;

struct Utf8Case {
  std::string bytes;
  size_t invalid;        // find_invalid_utf8
  std::string replaced;  // replace_invalid_utf8
  size_t complete;       // complete_utf8_prefix
};

const std::string kR = "\uFFFD";

const std::vector<Utf8Case> kUtf8Cases = {
    {"", kValidUtf8, "", 0},
    {"abc", kValidUtf8, "abc", 3},
    {"a\0b"s, kValidUtf8, "a\0b"s, 3},
    {"\u007F\u0080\u07FF\u0800\uFFFF", kValidUtf8, "\u007F\u0080\u07FF\u0800\uFFFF", 11},
    {"\U00010000\U0010FFFF", kValidUtf8, "\U00010000\U0010FFFF", 8},
    {"\uD7FF\uE000\uFEFF", kValidUtf8, "\uD7FF\uE000\uFEFF", 9},
    // Continuation bytes alone, and leads that begin nothing.
    {"a\x80", 1, "a" + kR, 2},
    {"\x80\xBF", 0, kR + kR, 2},
    {"\xC0\xAF", 0, kR + kR, 2},
    {"\xC1\xBF", 0, kR + kR, 2},
    {"\xF5\x80\x80\x80", 0, kR + kR + kR + kR, 4},
    {"\xFE\xFF", 0, kR + kR, 2},
    // Overlong forms, surrogates, beyond U+10FFFF: the second byte is not part of a sequence.
    {"\xE0\x80\x80", 0, kR + kR + kR, 3},
    {"\xE0\x9F\xBF", 0, kR + kR + kR, 3},
    {"\xED\xA0\x80", 0, kR + kR + kR, 3},
    {"\xED\xBF\xBF", 0, kR + kR + kR, 3},
    {"\xF0\x80\x80\x80", 0, kR + kR + kR + kR, 4},
    {"\xF0\x8F\xBF\xBF", 0, kR + kR + kR + kR, 4},
    {"\xF4\x90\x80\x80", 0, kR + kR + kR + kR, 4},
    // Sequences that are cut by another character: one replacement for the part that was well formed.
    {"\xC3"
     "A",
     0, kR + "A", 2},
    {"\xE3\x81"
     "A",
     0, kR + "A", 3},
    {"\xF0\x9F\x98"
     "A",
     0, kR + "A", 4},
    {"\xE3\x81\xE3\x81\x82", 0, kR + "\u3042", 5},
    {"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", 1, "a" + kR + kR + kR + "b" + kR + "c" + kR + kR + "d",
     13},
    // Sequences that are cut by the end: what may still become a character is held back.
    {"a\xC3", 1, "a" + kR, 1},
    {"a\xE3", 1, "a" + kR, 1},
    {"a\xE3\x81", 1, "a" + kR, 1},
    {"a\xF0\x9F\x98", 1, "a" + kR, 1},
    {"a\xED\x9F", 1, "a" + kR, 1},
    {"a\xED\xA0", 1, "a" + kR + kR, 3},
    {"a\xF4\x90", 1, "a" + kR + kR, 3},
    {"12345678\xE3\x81\x82"
     "1234567\xFF",
     18,
     "12345678\u3042"
     "1234567" +
         kR,
     19},
};

TEST(FindInvalidUtf8, MalformedPartsAnywhere_AreFoundWhereTheyBegin) {
  for (const char* unit : {"a", "\u00E9", "\u3042", "\U0001F431", "a\u00E9\u3042"}) {
    std::string before;
    while (before.size() < 300) {
      for (const char* bad : {"\x80", "\xC1\x80", "\xE0\x9F\x80", "\xED\xA0\x80", "\xF0\x8F\x80\x80",
                              "\xF4\x90\x80\x80", "\xF5", "\xE3\x81", "\xF0\x9F\x90"}) {
        EXPECT_EQ(find_invalid_utf8(before + bad), before.size());
        EXPECT_EQ(find_invalid_utf8(before + bad + "zz" + before), before.size());
      }
      EXPECT_EQ(find_invalid_utf8(before), kValidUtf8);
      before += unit;
    }
  }
}

TEST(Utf8, Table_FindsReplacesAndHoldsBackAsUnicodeSays) {
  for (const Utf8Case& c : kUtf8Cases) {
    EXPECT_EQ(find_invalid_utf8(c.bytes), c.invalid) << c.replaced;
    EXPECT_EQ(replace_invalid_utf8(c.bytes), c.replaced);
    EXPECT_EQ(complete_utf8_prefix(c.bytes), c.complete) << c.replaced;
  }
}

TEST(Utf8, Replaced_IsAddedToTheCount) {
  size_t replaced = 5;
  replace_invalid_utf8(
      "a\xFF"
      "b\xE3\x81",
      &replaced);
  EXPECT_EQ(replaced, 7U);
}

TEST(Utf8, EveryCodePoint_SurvivesEncodingAndDecoding) {
  std::string text;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    text.clear();
    append_utf8(text, c);
    size_t offset = 0;
    ASSERT_EQ(next_code_point(text, offset), c);
    ASSERT_EQ(offset, text.size());
    ASSERT_EQ(find_invalid_utf8(text), kValidUtf8) << code_point_name(c);
    ASSERT_EQ(count_code_points(text), 1U);
  }
}

TEST(Utf8, RandomBytes_RepairedTextIsValidAndSoRepairedOnce) {
  Random random(1);
  constexpr std::string_view kBytes = "a\x80\xBF\xC3\xE0\xE3\xED\xF0\xF4\xFF\x9F\x90";
  for (int i = 0; i < 5000; ++i) {
    std::string bytes;
    for (uint64_t n = random.below(12); n > 0; --n) bytes += kBytes[random.below(kBytes.size())];
    const std::string repaired = replace_invalid_utf8(bytes);
    ASSERT_EQ(find_invalid_utf8(repaired), kValidUtf8);
    ASSERT_EQ(replace_invalid_utf8(repaired), repaired);
    // Cutting at the complete prefix changes nothing.
    const size_t cut = complete_utf8_prefix(bytes);
    ASSERT_EQ(replace_invalid_utf8(bytes.substr(0, cut)) + replace_invalid_utf8(bytes.substr(cut)), repaired);
  }
}

TEST(CodePointOffset, InsideAndBeyond_ByteOffsets) {
  const std::string text = "aé筆😀b";
  EXPECT_EQ(count_code_points(text), 5U);
  EXPECT_EQ(code_point_offset(text, 0), 0U);
  EXPECT_EQ(code_point_offset(text, 2), 3U);
  EXPECT_EQ(code_point_offset(text, 4), 10U);
  EXPECT_EQ(code_point_offset(text, 5), 11U);
  EXPECT_EQ(code_point_offset(text, 99), 11U);
}

TEST(CodePointName, AnyCodePoint_FourDigitsOrMore) {
  EXPECT_EQ(code_point_name(0), "U+0000");
  EXPECT_EQ(code_point_name(U'é'), "U+00E9");
  EXPECT_EQ(code_point_name(U'😀'), "U+1F600");
  EXPECT_EQ(code_point_name(0x10FFFF), "U+10FFFF");
}

TEST(Normalization, Names_ThereAndBack) {
  for (const char* name : {"nfc", "nfkc", "none"}) EXPECT_EQ(to_string(parse_normalization(name)), name);
  EXPECT_THROW(parse_normalization("nfd"), ConfigError);
}

TEST(Normalize, Forms_ComposeAndFold) {
  struct Case {
    std::string text, nfc, nfkc;
  };
  const std::vector<Case> cases = {
      {"", "", ""},
      {"plain", "plain", "plain"},
      {"e\u0301", "é", "é"},
      {"a\u0323\u0302", "ậ", "ậ"},
      {"\u304B\u3099", "が", "が"},
      {"ﬁ ＡＢＣ １ ㌔ …", "ﬁ ＡＢＣ １ ㌔ …", "fi ABC 1 キロ ..."},
      {"\u212B", "Å", "Å"},
      {"\u1112\u1161\u11AB", "한", "한"},
      {"a\0e\u0301\n"s, "a\0é\n"s, "a\0é\n"s},
      {"long enough to be copied before e\u0301 and after", "long enough to be copied before é and after",
       "long enough to be copied before é and after"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(normalize(c.text, Normalization::kNone), c.text);
    EXPECT_EQ(normalize(c.text, Normalization::kNfc), c.nfc);
    EXPECT_EQ(normalize(c.text, Normalization::kNfkc), c.nfkc);
  }
}

TEST(DisplayWidth, Scripts_ColumnsOnATerminal) {
  EXPECT_EQ(display_width(""), 0);
  EXPECT_EQ(display_width("abc"), 3);
  EXPECT_EQ(display_width("筆と墨"), 6);
  EXPECT_EQ(display_width("ﾌﾃﾞ"), 3);
  EXPECT_EQ(display_width("Ａ"), 2);
  EXPECT_EQ(display_width("e\u0301"), 1);
  EXPECT_EQ(display_width("한"), 2);
  EXPECT_EQ(display_width("\u1112\u1161\u11AB"), 2);
  EXPECT_EQ(display_width("😀"), 2);
  EXPECT_EQ(display_width("👍🏽"), 2);
  EXPECT_EQ(display_width("👩‍👩‍👧a"), 3);
  EXPECT_EQ(display_width("❤️"), 2);
  EXPECT_EQ(display_width("🇯🇵"), 2);
  EXPECT_EQ(display_width("שלום"), 4);
  EXPECT_EQ(display_width("a\tb\u200Bc"), 3);
}

TEST(NameInvisible, WhatNobodySees_IsNumbered) {
  EXPECT_EQ(name_invisible("a\u202Eb\u2066\u2028"), "a\\u{202E}b\\u{2066}\\u{2028}");
  EXPECT_EQ(name_invisible("\u200B\uFEFF\u00AD"), "\\u{200B}\\u{FEFF}\\u{AD}");
  EXPECT_EQ(name_invisible("\u200D"), "\\u{200D}");
  EXPECT_EQ(name_invisible("👩\u200D🚀 \u2764\uFE0F é 筆\n"), "👩\u200D🚀 \u2764\uFE0F é 筆\n");
}

TEST(IsWhiteSpace, SpacesOfOtherScripts_AreWhiteSpace) {
  for (const char32_t c : {U' ', U'\t', U'\u00A0', U'\u2003', U'\u3000'}) EXPECT_TRUE(is_white_space(c)) << uint32_t{c};
  for (const char32_t c : {U'a', U'\u200B', U'\u200D', U'\uFEFF', U'\0'})
    EXPECT_FALSE(is_white_space(c)) << uint32_t{c};
}

}  // namespace
}  // namespace fude
