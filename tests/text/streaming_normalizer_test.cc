#include "text/streaming_normalizer.h"

#include <gtest/gtest.h>

#include "fude/base/random.h"

namespace fude {
namespace {

std::string streamed(const std::string& text, Normalization form, uint64_t seed) {
  StreamingNormalizer normalizer(form);
  Random random(seed);
  std::string normal;
  for (std::string_view rest = text; !rest.empty();) {
    const size_t size = code_point_offset(rest, 1 + random.below(4));
    normal += normalizer.push(rest.substr(0, size)).after;
    rest.remove_prefix(size);
  }
  return normal + std::string(normalizer.finish().after);
}

TEST(StreamingNormalizer, AnyCuts_GiveWhatTheWholeTextGives) {
  // Letters, marks in and out of order, Hangul parts, compatibility forms, newlines.
  const std::u32string alphabet =
      U"ae\u0301\u0323\u0302\u0315\u1100\u1161\u11A8\uFB01\uFF21\n \u3099\u304B\u0915\u093C\u05D0\u05BC\U0001D15E";
  Random random(3);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    std::string text;
    for (int i = 0; i < 40; ++i) append_utf8(text, alphabet[random.below(alphabet.size())]);
    for (const Normalization form : {Normalization::kNone, Normalization::kNfc, Normalization::kNfkc})
      EXPECT_EQ(streamed(text, form, seed), normalize(text, form)) << seed;
  }
}

TEST(StreamingNormalizer, NormalText_IsNotCopied) {
  StreamingNormalizer normalizer(Normalization::kNfc);
  const std::string text = "one\ntwo\n";
  const StreamingNormalizer::Part part = normalizer.push(text);
  EXPECT_EQ(part.after.data(), text.data());
  EXPECT_EQ(part.after, text);
  EXPECT_TRUE(normalizer.finish().after.empty());
}

TEST(StreamingNormalizer, EndlessMarks_AreNotHeldForEver) {
  StreamingNormalizer normalizer(Normalization::kNfc);
  std::string marks;
  while (marks.size() < 10'000) marks += "\u0301";
  size_t given = 0;
  for (int i = 0; i < 20; ++i) given += normalizer.push(marks).after.size();
  EXPECT_GT(given, 100'000U);
}

}  // namespace
}  // namespace fude
