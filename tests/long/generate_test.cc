// A text without end: memory is that of the text, which stays what the model writes.
#include <cmath>

#include "base/memory.h"
#include "fude/generate/generator.h"
#include "fude/text/unicode.h"
#include "generate/tiny_model.h"
#include "long/long_run.h"

namespace fude {
namespace {

constexpr int64_t kMebibyte = int64_t{1} << 20;
// A text is held by the writer and by what it returns, each with as much room again at most.
constexpr int64_t kPerByte = 4;

// Nats a token of some tokens more.
double nats(Writer& writer, int64_t tokens) {
  const Generation generation = writer.write({.max_tokens = tokens, .stop_at_eos = false});
  EXPECT_EQ(generation.tokens, tokens);
  EXPECT_EQ(find_invalid_utf8(generation.text), kValidUtf8);
  return -generation.log_prob / static_cast<double>(tokens);
}

class LongWriting : public testing::TestWithParam<const char*> {};

TEST_P(LongWriting, ManyTokens_AreTextToTheEnd) {
  const int64_t tokens = length(100'000, 10'000'000), part = tokens / 10;
  const LanguageModel model = fresh_model(GetParam());
  Writer writer(model, 5);
  const double first = nats(writer, part);
  const int64_t before = resident_bytes();
  int64_t most = before, pieces = 0;
  GenerateOptions options{.max_tokens = 8 * part, .stop_at_eos = false};
  const Generation middle = writer.write(options, [&](std::string_view) {
    if (++pieces % 1000 == 0) most = std::max(most, resident_bytes());
    return true;
  });
  EXPECT_EQ(find_invalid_utf8(middle.text), kValidUtf8);
  expect_less_memory(most - before, kPerByte * static_cast<int64_t>(writer.text().size()) + kMebibyte);
  EXPECT_NEAR(nats(writer, part), first, 0.02 * first);
  for (const float log_prob : writer.next_log_probs()) EXPECT_TRUE(std::isfinite(log_prob));
}

INSTANTIATE_TEST_SUITE_P(Kinds, LongWriting, testing::Values("char", "byte", "word"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace fude
