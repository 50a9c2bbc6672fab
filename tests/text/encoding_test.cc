#include "fude/text/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "text/coded_text.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

std::string error_of(std::string_view bytes, const std::string& encoding) {
  try {
    decode(bytes, encoding);
  } catch (const DataError& error) {
    return error.what();
  }
  return "no error";
}

TEST(TextDecoder, ShiftJis_IsThatOfWindows) {
  EXPECT_EQ(decode("\x81\x60\x87\x40\xFB\xFC\\\x1A", "Shift_JIS").text, "\uFF5E\u2460\u9AD9\\\x1A");
  EXPECT_EQ(decode("\x81\x60", "cp932").text, "\uFF5E");
}

TEST(TextDecoder, CodePagesByNumber_AreThoseOfWindows) {
  EXPECT_EQ(decode("\x8C\x63", "cp949").text, decode("\x8C\x63", "windows-949").text);
  EXPECT_EQ(decode("\xA1\x56", "cp950").text, "\u2013");
}

struct Malformed {
  std::string_view bytes;
  const char* replaced;
  const char* skipped;
  int64_t count;
};

TEST(TextDecoder, MalformedUtf8_LosesEachMaximalPart) {
  const std::vector<Malformed> cases = {
      {"a\xFF"
       "b",
       "a\uFFFDb", "ab", 1},
      {"\xC0\xAF", "\uFFFD\uFFFD", "", 2},            // overlong
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", "", 3},  // a surrogate
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", "", 4},
      {"\xF0\x9F\x90"
       "x",
       "\uFFFDx", "x", 1},  // cut short
      {"\xE3\x81\xE3\x81\x82", "\uFFFDあ", "あ", 1},
      {"x\xE3\x81", "x\uFFFD", "x", 1},  // at the end
      {"\xF0\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD", "", 4},
      {"\x80\xC3\xA9\xC3", "\uFFFDé\uFFFD", "é", 2},
  };
  for (const Malformed& c : cases) {
    for (const size_t step : {size_t{1}, size_t{2}, size_t{9}}) {
      const Decoded replaced = decode(c.bytes, "UTF-8", OnInvalid::kReplace, step);
      EXPECT_EQ(replaced.text, c.replaced);
      EXPECT_EQ(replaced.text, replace_invalid_utf8(c.bytes));
      EXPECT_EQ(replaced.invalid, c.count);
      const Decoded skipped = decode(c.bytes, "UTF-8", OnInvalid::kSkip, step);
      EXPECT_EQ(skipped.text, c.skipped);
      EXPECT_EQ(skipped.invalid, c.count);
    }
  }
}

TEST(TextDecoder, UndecodableBytes_AreNamedWithLineAndOffset) {
  EXPECT_EQ(error_of("fine\ncaf\xE9!\n", "UTF-8"), "a.txt:2: not valid UTF-8 at byte offset 8: 0xE9");
  EXPECT_EQ(error_of("\x82\xA0\n\x82\xA0\x85\xEC\n", "Shift_JIS"),
            "a.txt:2: not valid Shift_JIS at byte offset 5: 0x85 0xEC");
  EXPECT_EQ(error_of("ab\n\x82", "Shift_JIS"), "a.txt:2: not valid Shift_JIS at byte offset 3: 0x82");
  EXPECT_EQ(error_of({"a\0\0\xD8"
                      "b\0",
                      6},
                     "UTF-16LE"),
            "a.txt:1: not valid UTF-16LE at byte offset 2: 0x00 0xD8");
  EXPECT_EQ(error_of("a\n\n\x81\x30\x81\x20", "GB18030").substr(0, 47),
            "a.txt:3: not valid GB18030 at byte offset 3: 0x");
}

TEST(TextDecoder, UndecodableBytesOfOtherEncodings_AreReplacedOrSkipped) {
  const std::string_view bytes = "\x82\xA0\x85\xEC\x82\xA2";
  for (const size_t step : {size_t{1}, size_t{6}}) {
    EXPECT_EQ(decode(bytes, "Shift_JIS", OnInvalid::kReplace, step).text, "あ\uFFFDい");
    EXPECT_EQ(decode(bytes, "Shift_JIS", OnInvalid::kSkip, step).text, "あい");
    EXPECT_EQ(decode(bytes, "Shift_JIS", OnInvalid::kSkip, step).invalid, 1);
  }
}

TEST(TextDecoder, ByteThatBeginsNoCharacter_IsUndecodable) {
  for (const char* const encoding : {"Big5", "EUC-KR", "GB18030", "EUC-JP", "CP932", "windows-874"}) {
    for (const auto& [bytes, text] : {std::pair("a\xFF"
                                                "b",
                                                "a\uFFFDb"),
                                      std::pair("\xFF", "\uFFFD")})
      for (const size_t portion : std::array<size_t, 3>{1, 2, 9})
        EXPECT_EQ(decode(bytes, encoding, OnInvalid::kReplace, portion).text, text) << encoding;
  }
  for (const size_t portion : std::array<size_t, 3>{1, 2, 9})
    EXPECT_EQ(decode("\xA4\xFF"
                     "b\xFF",
                     "Big5", OnInvalid::kReplace, portion)
                  .text,
              "\uFFFD\uFFFDb\uFFFD");
}

TEST(TextDecoder, RandomBytes_GiveValidUtf8InEveryEncoding) {
  uint32_t state = 1;
  for (const char* const name :
       {"Shift_JIS", "EUC-JP",       "ISO-2022-JP", "GB18030",      "Big5-HKSCS",     "Big5",         "ISO-2022-KR",
        "EUC-KR",    "windows-1251", "KOI8-R",      "windows-1252", "KOI8-U",         "CP850",        "macintosh",
        "CP852",     "CP857",        "CP737",       "CP862",        "x-mac-cyrillic", "CP866",        "UTF-16LE",
        "UTF-16BE",  "UTF-32LE",     "UTF-32BE",    "UTF-8",        "windows-1257",   "windows-1258", "ISO-8859-13"}) {
    std::string bytes;
    for (int k = 0; k < 30000; ++k) {
      state = state * 1664525 + 1013904223;
      bytes.push_back(static_cast<char>(state >> 24));
    }
    const Decoded whole = decode(bytes, name, OnInvalid::kReplace);
    EXPECT_EQ(find_invalid_utf8(whole.text), kValidUtf8) << name;
    EXPECT_TRUE(whole.text == decode(bytes, name, OnInvalid::kReplace, 1).text) << name;
    EXPECT_EQ(whole.invalid, decode(bytes, name, OnInvalid::kSkip, 5).invalid) << name;
  }
}

TEST(TextDecoder, UnknownEncoding_IsAConfigErrorWithAHint) {
  try {
    TextDecoder("klingon", OnInvalid::kError, "a.txt");
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("klingon"));
    EXPECT_THAT(error.hint(), HasSubstr("Shift_JIS"));
  }
  EXPECT_FALSE(is_known_encoding("klingon"));
  EXPECT_FALSE(is_known_encoding(""));
  EXPECT_TRUE(is_known_encoding("latin1"));
  EXPECT_THROW(parse_on_invalid("ignore"), ConfigError);
}

// SCSU writes any UTF-16 unit, which a page may declare and a file may hold.
TEST(TextDecoder, HalvesOfCharacters_AreUndecodable) {
  const auto unit = [](const char* bytes) { return "\x0E" + std::string(bytes, 2); };  // "quote Unicode"
  const std::string lead = unit("\xD8\x3D"), trail = unit("\xDC\x26");
  const struct {
    std::string bytes, text;
    int64_t invalid;
  } cases[] = {{lead + trail + "a", "\U0001F426a", 0},
               {lead + "a", "\uFFFDa", 1},
               {"a" + trail + "a", "a\uFFFDa", 1},
               {lead + lead + trail, "\uFFFD\U0001F426", 1},
               {lead + trail + trail, "\U0001F426\uFFFD", 1},
               {"a" + lead, "a\uFFFD", 1}};
  for (const auto& test : cases) {
    for (const size_t step : {size_t{1}, size_t{2}, size_t{3}, std::string::npos}) {
      const Decoded decoded = decode(test.bytes, "SCSU", OnInvalid::kReplace, step);
      EXPECT_EQ(decoded.text, test.text);
      EXPECT_EQ(decoded.invalid, test.invalid);
    }
  }
  const std::string cut_off = "a+2D3cJ\xFF";
  EXPECT_EQ(decode(cut_off, "UTF-7", OnInvalid::kReplace).text, decode(cut_off, "UTF-7", OnInvalid::kReplace, 1).text);
  EXPECT_THAT(error_of("a\n" + lead + "a", "SCSU"), HasSubstr("a.txt:2: not valid SCSU at byte offset"));
}

}  // namespace
}  // namespace fude
