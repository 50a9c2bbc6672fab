#include "fude/generate/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "generate/tiny_model.h"

namespace fude {
namespace {

using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

GenerateOptions plain(int64_t max_tokens, uint64_t seed = 1) {
  GenerateOptions options;
  options.sampler = {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0};
  options.seed = seed;
  options.max_tokens = max_tokens;
  options.stop_at_eos = false;
  return options;
}

// The writer must stand where one stands that has only read its text.
void expect_consistent(const LanguageModel& model, const Writer& writer) {
  Writer reader(model, 1);
  reader.read(writer.text());
  EXPECT_THAT(writer.next_log_probs(), Pointwise(FloatNear(1e-4f), reader.next_log_probs())) << writer.text();
}

TEST(Generate, EqualSeeds_WriteTheSame) {
  const LanguageModel model = fresh_model("char");
  const Generation first = generate(model, plain(80, 3)), again = generate(model, plain(80, 3));
  EXPECT_EQ(first.text, again.text);
  EXPECT_EQ(first.log_prob, again.log_prob);
  EXPECT_EQ(first.code_points, 80);
  EXPECT_NE(first.text, generate(model, plain(80, 4)).text);
}

TEST(Generate, Streaming_GivesTheTextOfTheResult) {
  for (const char* const kind : {"char", "byte", "word"}) {
    const LanguageModel model = fresh_model(kind);
    GenerateOptions options = plain(120);
    options.prompt = "the lamp";
    options.stop = {"zz", "th", ". q"};
    std::string streamed;
    const Generation result = generate(model, options, [&](std::string_view piece) {
      EXPECT_EQ(find_invalid_utf8(piece), kValidUtf8);
      EXPECT_FALSE(piece.empty());
      streamed += piece;
      return true;
    });
    EXPECT_EQ(streamed, result.text) << kind;
    EXPECT_EQ(static_cast<size_t>(result.code_points), count_code_points(result.text));
  }
}

TEST(Generate, Greedy_DoesNotDependOnTheSeed) {
  const LanguageModel model = fresh_model("char");
  GenerateOptions options = plain(40, 1);
  options.sampler.temperature = 0;
  const std::string text = generate(model, options).text;
  options.seed = 2;
  EXPECT_EQ(generate(model, options).text, text);
}

TEST(Generate, LogProb_IsTheModelsOwn) {
  const LanguageModel model = fresh_model("char");
  GenerateOptions options = plain(30);
  options.sampler = {.temperature = .7, .top_k = 5, .top_p = .9, .min_p = .1};
  const Generation result = generate(model, options);
  std::vector<TokenId> ids = {model.tokenizer().eos()};
  model.tokenizer().encode(result.text, ids);
  State state = model.start();
  const std::vector<double> log_probs = model.feed(ids, state, {});
  double expected = 0;
  for (size_t i = 1; i < log_probs.size(); ++i) expected += log_probs[i];
  EXPECT_NEAR(result.log_prob, expected, 1e-4);
  EXPECT_NEAR(result.bits_per_char(), -expected / std::numbers::ln2 / 30, 1e-5);
}

TEST(Generate, MaxTokens_LimitsWhatIsDrawn) {
  const LanguageModel model = fresh_model("char");
  for (const int64_t n : {0, 1, 17}) {
    const Generation result = generate(model, plain(n));
    EXPECT_EQ(result.tokens, n);
    EXPECT_EQ(result.code_points, n);
    EXPECT_EQ(result.reason, StopReason::kLimit);
  }
  EXPECT_TRUE(std::isnan(generate(model, plain(0)).bits_per_char()));
}

TEST(Writer, MaxChars_CutsExactlyThere) {
  for (const char* const kind : {"char", "word", "bpe"}) {
    const LanguageModel model = fresh_model(kind);
    const std::string whole = Writer(model, 5).write(plain(60)).text;
    ASSERT_GE(count_code_points(whole), 30u);
    for (int64_t n = 0; n <= 30; ++n) {
      GenerateOptions options = plain(-1);
      options.max_chars = n;
      Writer writer(model, 5);
      const Generation result = writer.write(options);
      EXPECT_EQ(result.text, whole.substr(0, code_point_offset(whole, static_cast<size_t>(n)))) << kind;
      EXPECT_EQ(result.code_points, n);
      EXPECT_EQ(result.reason, StopReason::kLimit);
      EXPECT_EQ(writer.text(), result.text);
    }
  }
}

TEST(Writer, MaxCharsInsideAWord_LeavesTheContextOfItsBeginning) {
  const LanguageModel model = pair_model("word", "one two three\none two three\n");
  GenerateOptions options = plain(-1);
  options.max_chars = 5;
  Writer writer(model, 1);
  EXPECT_EQ(writer.write(options).text, "one t");
  Writer reader(model, 1);
  reader.read("one");
  reader.read(" t");
  EXPECT_THAT(writer.next_log_probs(), Pointwise(FloatNear(1e-4f), reader.next_log_probs()));
}

TEST(Writer, MaxLines_EndsAfterTheNewline) {
  const LanguageModel model = pair_model("char", "ab\nabb\naab");
  GenerateOptions options = plain(-1);
  options.max_lines = 3;
  Writer writer(model, 2);
  const Generation result = writer.write(options);
  EXPECT_EQ(std::count(result.text.begin(), result.text.end(), '\n'), 3);
  EXPECT_TRUE(result.text.ends_with('\n')) << result.text;
  EXPECT_EQ(result.reason, StopReason::kLimit);
  expect_consistent(model, writer);
}

// Whatever the stop text: the text ends before the first place where it would have been written.
TEST(Writer, StopTexts_EndTheTextBeforeThem) {
  for (const char* const kind : {"char", "word", "bpe"}) {
    const LanguageModel model = fresh_model(kind);
    const std::string whole = Writer(model, 9).write(plain(60)).text;
    ASSERT_EQ(count_code_points(whole), whole.size());
    for (size_t begin = 0; begin + 8 < 40; begin += 3) {
      for (const size_t size : {1, 2, 7}) {
        GenerateOptions options = plain(60);
        options.stop = {whole.substr(begin, size), "never written"};
        Writer writer(model, 9);
        const Generation result = writer.write(options);
        EXPECT_EQ(result.text, whole.substr(0, whole.find(options.stop[0]))) << kind;
        EXPECT_EQ(result.reason, StopReason::kStop);
        if (std::string_view(kind) == "char") expect_consistent(model, writer);
      }
    }
  }
}

TEST(Writer, BeginningOfAStopTextAtTheEnd_IsReleased) {
  const LanguageModel model = pair_model("char", "abcabc");
  GenerateOptions options = plain(5);
  options.stop = {"bcx"};
  std::vector<std::string> pieces;
  const Generation result = Writer(model, 1).write(options, [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  });
  EXPECT_EQ(result.text, "abcab");
  EXPECT_THAT(pieces, testing::ElementsAre("a", "bca", "b"));
}

TEST(Writer, StopTextInThePrompt_DoesNotCount) {
  const LanguageModel model = pair_model("char", "abcabc");
  Writer writer(model, 1);
  writer.read("ab");
  GenerateOptions options = plain(10);
  options.stop = {"bc"};
  EXPECT_EQ(writer.write(options).text, "ca");
  EXPECT_EQ(writer.text(), "abca");
}

TEST(Writer, Eos_EndsTheTextAndIsNotPartOfIt) {
  const LanguageModel model = pair_model("char", "abc");
  GenerateOptions options = plain(100);
  options.stop_at_eos = true;
  Writer writer(model, 1);
  const Generation result = writer.write(options);
  EXPECT_EQ(result.text, "abc");
  EXPECT_EQ(result.reason, StopReason::kEos);
  EXPECT_EQ(result.tokens, 4);
  EXPECT_NEAR(result.log_prob, 0, 1e-3);
  expect_consistent(model, writer);
}

TEST(Writer, WithoutStopAtEos_EosIsNeverDrawn) {
  const LanguageModel model = pair_model("char", "abc");
  const Generation result = Writer(model, 1).write(plain(50));
  EXPECT_EQ(result.reason, StopReason::kLimit);
  EXPECT_EQ(result.tokens, 50);
  EXPECT_TRUE(result.text.starts_with("abc"));
}

TEST(Writer, WhitespaceEos_IsANewline) {
  const LanguageModel model = pair_model("whitespace", "one two three\none two\n");
  for (const bool stop_at_eos : {false, true}) {
    GenerateOptions options = plain(-1);
    options.stop_at_eos = stop_at_eos;
    options.max_lines = 2;
    Writer writer(model, 1);
    writer.read("one");
    const Generation result = writer.write(options);
    EXPECT_TRUE(result.text.starts_with(" two")) << result.text;
    EXPECT_EQ(std::count(result.text.begin(), result.text.end(), '\n'), 2) << result.text;
    EXPECT_EQ(result.reason, StopReason::kLimit);
    expect_consistent(model, writer);
  }
}

TEST(Writer, WhitespaceAfterASpace_WritesNoSecondOne) {
  const LanguageModel model = pair_model("whitespace", "one two three\n");
  Writer writer(model, 1);
  writer.read("one ");
  EXPECT_TRUE(writer.write(plain(1)).text.starts_with("two"));
}

TEST(Writer, ByteTokens_NeverCutACharacter) {
  const LanguageModel model = pair_model("byte", "あいうえおあえいおう");
  for (int64_t n = 0; n < 12; ++n) {
    Writer writer(model, 4);
    std::string streamed;
    const Generation result = writer.write(plain(n), [&](std::string_view piece) {
      EXPECT_EQ(find_invalid_utf8(piece), kValidUtf8);
      streamed += piece;
      return true;
    });
    EXPECT_EQ(result.tokens, n);
    EXPECT_EQ(result.code_points, n / 3);
    EXPECT_EQ(result.text.find("\uFFFD"), std::string::npos);
    EXPECT_EQ(streamed, result.text);
    expect_consistent(model, writer);
    // Going on does not leave half a character behind.
    writer.write(plain(3));
    EXPECT_EQ(count_code_points(writer.text()), static_cast<size_t>(n / 3 + 1));
    EXPECT_EQ(writer.text().find("\uFFFD"), std::string::npos);
  }
}

TEST(Writer, RandomBytes_AreWrittenAsValidText) {
  const LanguageModel model = fresh_model("byte");
  Writer writer(model, 1);
  const Generation result = writer.write(plain(400));
  EXPECT_EQ(find_invalid_utf8(result.text), kValidUtf8);
  EXPECT_GT(result.code_points, 0);
}

TEST(Writer, FallbackNeverSeen_IsNeverWritten) {
  LanguageModel model = fresh_model("char");
  const std::string known(kTinyText);
  const std::string text = Writer(model, 1).write(plain(500)).text;
  EXPECT_EQ(text.find_first_not_of(known), std::string::npos) << text;
  for (const char* const info : {"{}", R"({"fallback_seen": true})"}) {
    model.set_training_info(info);
    EXPECT_NE(Writer(model, 1).write(plain(500)).text.find_first_not_of(known), std::string::npos);
  }
}

TEST(Writer, InterruptFlag_EndsBeforeTheNextToken) {
  const LanguageModel model = fresh_model("char");
  std::atomic<bool> stop = false;
  GenerateOptions options = plain(-1);
  options.stop = {"never written"};
  Writer writer(model, 1);
  int pieces = 0;
  const Generation result = writer.write(
      options, [&](std::string_view) { return stop = ++pieces == 10, true; }, &stop);
  EXPECT_EQ(result.reason, StopReason::kInterrupt);
  EXPECT_GE(result.code_points, 10);
  EXPECT_EQ(writer.text(), result.text);
  expect_consistent(model, writer);
}

TEST(Writer, CallbackThatReturnsFalse_EndsTheTextWithWhatItGot) {
  const LanguageModel model = pair_model("char", "abcdefg");
  GenerateOptions options = plain(100);
  options.stop = {"cdX"};
  std::string streamed;
  Writer writer(model, 1);
  const Generation result = writer.write(options, [&](std::string_view piece) {
    streamed += piece;
    return streamed.size() < 5;
  });
  EXPECT_EQ(result.reason, StopReason::kInterrupt);
  EXPECT_EQ(result.text, "abcde");
  EXPECT_EQ(streamed, result.text);
  expect_consistent(model, writer);
}

TEST(Writer, CallbackThatReturnsFalse_DropsWhatIsHeldBack) {
  const LanguageModel model = pair_model("char", "aaaab");
  GenerateOptions options = plain(100);
  options.sampler.temperature = 0;  // never the b
  options.stop = {"aab"};
  Writer writer(model, 1);
  EXPECT_EQ(writer.write(options, [](std::string_view) { return false; }).text, "a");
  EXPECT_EQ(writer.text(), "a");
  expect_consistent(model, writer);
}

TEST(Writer, ExceptionInTheCallback_LeavesTheWriterAsItWas) {
  const LanguageModel model = fresh_model("char");
  Writer writer(model, 1);
  writer.read("the lamp");
  const std::string before = writer.save();
  EXPECT_THROW(writer.write(plain(20), [](std::string_view) -> bool { throw std::runtime_error("pipe"); }),
               std::runtime_error);
  EXPECT_EQ(writer.save(), before);
}

TEST(Writer, Copy_IsAWayBack) {
  const LanguageModel model = fresh_model("char");
  Writer writer(model, 1);
  writer.read("the ");
  const Writer before = writer;
  const std::string first = writer.write(plain(30)).text;
  EXPECT_EQ(writer.text(), "the " + first);
  writer = before;
  EXPECT_EQ(writer.text(), "the ");
  EXPECT_EQ(writer.write(plain(30)).text, first);
  writer = before;
  writer.reseed(2);
  EXPECT_NE(writer.write(plain(30)).text, first);
}

TEST(Writer, WritingInParts_IsWritingInOne) {
  const LanguageModel model = fresh_model("char");
  Writer whole(model, 1), parts(model, 1);
  whole.write(plain(30));
  for (int i = 0; i < 3; ++i) parts.write(plain(10));
  EXPECT_EQ(parts.text(), whole.text());
  EXPECT_EQ(parts.next_log_probs(), whole.next_log_probs());
}

TEST(Writer, NextLogProbs_AddUpToOneAndChangeNothing) {
  const LanguageModel model = fresh_model("char");
  const Writer writer(model, 1);
  double sum = 0;
  for (const float log_prob : writer.next_log_probs()) sum += std::exp(log_prob);
  EXPECT_NEAR(sum, 1, 1e-5);
  EXPECT_EQ(writer.text(), "");
}

TEST(Writer, UnknownSymbolsOfAPrompt_FollowThePolicy) {
  const LanguageModel model = fresh_model("char");
  Writer writer(model, 1);
  EXPECT_THROW(writer.read("the 筆"), DataError);
  EXPECT_EQ(writer.text(), "");
  writer.read("the 筆", OnUnknown::kSkip);
  Writer without(model, 1);
  without.read("the ");
  EXPECT_EQ(writer.next_log_probs(), without.next_log_probs());
}

TEST(GenerateOptions, Validate_NamesEveryProblem) {
  GenerateOptions options;
  EXPECT_NO_THROW(options.validate());
  options.sampler.top_k = -2;
  options.max_tokens = options.max_chars = options.max_lines = -2;
  options.stop = {"", "\xE3\x81"};
  try {
    options.validate();
    FAIL() << "must throw";
  } catch (const ConfigError& error) {
    for (const char* const name : {"top_k", "max_tokens", "max_chars", "max_lines", "empty", "UTF-8"})
      EXPECT_THAT(error.what(), HasSubstr(name));
  }
}

TEST(StopReason, ToString_IsTheWordOfTheFormat) {
  EXPECT_EQ(to_string(StopReason::kEos), "eos");
  EXPECT_EQ(to_string(StopReason::kLimit), "limit");
  EXPECT_EQ(to_string(StopReason::kStop), "stop");
  EXPECT_EQ(to_string(StopReason::kInterrupt), "interrupt");
}

TEST(Fingerprint, OneWeight_ChangesIt) {
  LanguageModel model = fresh_model("char");
  const std::string before = fingerprint(model);
  EXPECT_EQ(before, fingerprint(fresh_model("char")));
  EXPECT_EQ(before.size(), 32u);
  model.network().parameters().values().back() += 1;
  EXPECT_NE(fingerprint(model), before);
}

}  // namespace
}  // namespace fude
