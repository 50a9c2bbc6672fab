#include "fude/text/benchmark.h"

#include <gtest/gtest.h>

#include "fude/base/error.h"
#include "fude/text/unicode.h"

namespace fude {
namespace {

TEST(MadeUpText, EqualSeeds_EqualTexts) {
  const std::string text = made_up_text(5000, 1);
  EXPECT_EQ(text, made_up_text(5000, 1));
  EXPECT_NE(text, made_up_text(5000, 2));
  EXPECT_GE(text.size(), 5000U);
  EXPECT_LT(text.size(), 5500U);
  EXPECT_EQ(find_invalid_utf8(text), kValidUtf8);
}

TEST(MadeUpText, IsLikeWrittenLanguage) {
  const std::string text = made_up_text(20'000, 1);
  EXPECT_GT(count_code_points(text), 0U);
  EXPECT_LT(count_code_points(text), text.size());  // accents
  for (const char* const part : {". ", ".\n", ", "}) EXPECT_NE(text.find(part), std::string::npos);
}

TEST(MeasureTokenizing, FiguresAgree) {
  const std::string text = "To be, or not to be";
  const auto tokenizer = train_tokenizer({.kind = "char"}, [&](const TextSink& sink) { sink(text); });
  const TokenizingSpeed speed = measure_tokenizing(*tokenizer, text, 0);
  EXPECT_GT(speed.seconds, 0);
  EXPECT_NEAR(speed.bytes_per_second * speed.seconds, 19, 1e-9);
  EXPECT_NEAR(speed.tokens_per_second * speed.seconds, 19, 1e-9);
}

TEST(MeasureTokenizing, NoText_IsADataError) {
  const auto tokenizer = train_tokenizer({.kind = "byte"}, [](const TextSink& sink) { sink("a"); });
  EXPECT_THROW(measure_tokenizing(*tokenizer, "", 0), DataError);
}

}  // namespace
}  // namespace fude
