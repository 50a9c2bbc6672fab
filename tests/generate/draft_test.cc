#include "generate/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fude/text/unicode.h"
#include "generate/tiny_model.h"

namespace fude {
namespace {

using ::testing::FloatNear;
using ::testing::Pointwise;

TextContext begun(const LanguageModel& model) {
  TextContext context;
  begin_context(model, context);
  return context;
}

TextContext after_reading(const LanguageModel& model, std::string_view text) {
  TextContext context;
  read_context(model, text, OnUnknown::kError, "the text", context);
  return context;
}

// Tokens that stand for one symbol, cut after any of them: what is left is the context of the shorter text.
TEST(Draft, FinishAtEveryCharacter_LeavesTheContextOfTheTextKept) {
  for (const char* const kind : {"char", "byte"}) {
    const std::string text = "あいう lamp\n";
    const LanguageModel model = fresh_model(kind, 1, text);
    for (size_t n = 0; n <= count_code_points(text); ++n) {
      Draft draft(model, begun(model));
      std::string written;
      for (const TokenId id : model.tokenizer().encode(text)) written += draft.push(id);
      ASSERT_EQ(written, text);
      const size_t size = code_point_offset(text, n);
      const TextContext context = draft.finish(size);
      const TextContext expected = after_reading(model, text.substr(0, size));
      EXPECT_THAT(context.logits, Pointwise(FloatNear(1e-5f), expected.logits)) << kind << " " << n;
      EXPECT_THAT(context.state.h, Pointwise(FloatNear(1e-5f), expected.state.h)) << kind << " " << n;
      EXPECT_THAT(context.state.c, Pointwise(FloatNear(1e-5f), expected.state.c)) << kind << " " << n;
    }
  }
}

TEST(Draft, FinishInsideAWord_ReadsThePartThatWasKept) {
  const LanguageModel model = fresh_model("word");
  Draft draft(model, begun(model));
  std::string written;
  for (const TokenId id : model.tokenizer().encode("the lamp")) written += draft.push(id);
  ASSERT_EQ(written, "the lamp");
  const TextContext context = draft.finish(std::string("the la").size());
  TextContext expected = after_reading(model, "the");
  read_context(model, " la", OnUnknown::kError, "the text", expected);
  EXPECT_THAT(context.logits, Pointwise(FloatNear(1e-5f), expected.logits));
}

TEST(Draft, Settle_KeepsWhatCameBefore) {
  const LanguageModel model = fresh_model("char");
  Draft draft(model, begun(model));
  for (const TokenId id : model.tokenizer().encode("the lamp")) {
    draft.push(id);
    draft.settle();
  }
  for (const TokenId id : model.tokenizer().encode(" on the hill")) draft.push(id);
  const TextContext context = draft.finish(std::string("the lamp on").size());
  EXPECT_THAT(context.logits, Pointwise(FloatNear(1e-5f), after_reading(model, "the lamp on").logits));
}

TEST(Draft, UnfinishedCharacter_IsDropped) {
  const std::string text = "あい";
  const LanguageModel model = fresh_model("byte", 1, text);
  std::vector<TokenId> ids = model.tokenizer().encode(text);
  ids.pop_back();
  Draft draft(model, begun(model));
  std::string written;
  for (const TokenId id : ids) {
    written += draft.push(id);
    draft.settle();
  }
  EXPECT_EQ(written, "あ");
  EXPECT_THAT(draft.finish(written.size()).logits, Pointwise(FloatNear(1e-5f), after_reading(model, "あ").logits));
}

TEST(ReadContext, EmptyText_IsBegunWithEos) {
  const LanguageModel model = fresh_model("char");
  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.tokenizer().vocab_size()));
  const TokenId eos = model.tokenizer().eos();
  model.step({&eos, 1}, state, logits);
  EXPECT_EQ(begun(model).logits, logits);
  EXPECT_EQ(after_reading(model, "").logits, logits);
}

TEST(ReadContext, PiecesOfAText_LeadToTheSameContext) {
  const LanguageModel model = fresh_model("char");
  TextContext context;
  for (const char* const piece : {"the ", "", "lam", "p"}) read_context(model, piece, OnUnknown::kError, "the text", context);
  EXPECT_THAT(context.logits, Pointwise(FloatNear(1e-5f), after_reading(model, "the lamp").logits));
}

}  // namespace
}  // namespace fude
