#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/hash.h"
#include "fude/base/error.h"
#include "fude/generate/generator.h"
#include "generate/tiny_model.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

constexpr size_t kHeaderSize = 8 + 4 + 8;  // magic, version, checksum

std::string session(const LanguageModel& model) {
  Writer writer(model, 7);
  writer.read("the lamp");
  writer.write({.max_tokens = 20});
  return writer.save();
}

// A body with a checksum that fits: what a careless program could write.
std::string with_checksum(std::string bytes) {
  const uint64_t checksum = hash64(std::string_view(bytes).substr(kHeaderSize));
  bytes.replace(12, sizeof checksum, reinterpret_cast<const char*>(&checksum), sizeof checksum);
  return bytes;
}

std::string error_of(const LanguageModel& model, const std::string& bytes) {
  try {
    Writer::restore(model, bytes);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Session, Restore_GoesOnExactly) {
  for (const char* const kind : {"char", "byte", "whitespace"}) {
    const LanguageModel model = fresh_model(kind);
    Writer writer(model, 7);
    writer.read("the lamp");
    writer.write({.max_tokens = 21});
    Writer restored = Writer::restore(model, writer.save());
    EXPECT_EQ(restored.text(), writer.text());
    EXPECT_EQ(restored.seed(), 7u);
    EXPECT_EQ(restored.next_log_probs(), writer.next_log_probs());
    EXPECT_EQ(restored.write({.max_tokens = 50}).text, writer.write({.max_tokens = 50}).text) << kind;
    EXPECT_EQ(restored.save(), writer.save());
  }
}

TEST(Session, ExchangedText_LeavesTheContext) {
  const LanguageModel model = fresh_model("char");
  Writer writer(model, 7);
  writer.read("the lamp");
  const std::vector<float> before = writer.next_log_probs();
  EXPECT_EQ(writer.exchange_text("once"), "the lamp");
  EXPECT_EQ(writer.text(), "once");
  EXPECT_EQ(writer.next_log_probs(), before);
}

// Marks that make the next word a capital one are among the tokens: some drafts end behind one.
TEST(Session, LetterCaseWaits_RestoreGoesOnExactly) {
  TokenizerOptions options;
  options.kind = "word";
  options.letter_case = "factor";
  const std::shared_ptr<const Tokenizer> tokenizer =
      train_tokenizer(options, [](const TextSink& sink) { sink("the lamp burned. The lamp BURNED. the lamp"); });
  NetworkConfig config;
  config.embed_size = 8;
  config.hidden_size = 16;
  const LanguageModel model(config, tokenizer, 1);
  for (int tokens = 1; tokens < 60; ++tokens) {
    Writer writer(model, 5);
    writer.write({.max_tokens = tokens});
    Writer restored = Writer::restore(model, writer.save());
    EXPECT_EQ(restored.write({.max_tokens = 5}).text, writer.write({.max_tokens = 5}).text) << tokens;
    EXPECT_EQ(restored.save(), writer.save());
  }
}

TEST(Session, NothingReadYet_IsASessionToo) {
  const LanguageModel model = fresh_model("char");
  Writer restored = Writer::restore(model, Writer(model, 3).save());
  EXPECT_EQ(restored.text(), "");
  EXPECT_EQ(restored.write({.max_tokens = 20}).text, Writer(model, 3).write({.max_tokens = 20}).text);
}

TEST(Session, EveryTruncation_IsAFormatError) {
  const LanguageModel model = fresh_model("char");
  const std::string bytes = session(model);
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    EXPECT_THROW(Writer::restore(model, cut), FormatError) << size;
    if (size >= kHeaderSize) {
      EXPECT_THROW(Writer::restore(model, with_checksum(cut)), FormatError) << size;
    }
  }
  EXPECT_THROW(Writer::restore(model, with_checksum(bytes + '\0')), FormatError);
}

TEST(Session, EveryChangedByte_IsAFormatError) {
  const LanguageModel model = fresh_model("char");
  const std::string bytes = session(model);
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_THROW(Writer::restore(model, changed), FormatError) << i;
  }
}

TEST(Session, HugeSizes_AreRefusedBeforeTheyAreAllocated) {
  const LanguageModel model = fresh_model("char");
  const std::string bytes = session(model);
  // Every eight bytes of the body as a size that no memory holds.
  for (size_t i = kHeaderSize; i + 8 <= bytes.size(); ++i) {
    std::string changed = bytes;
    changed.replace(i, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
    try {
      Writer::restore(model, with_checksum(changed));
    } catch (const FormatError&) {
    }
  }
  std::string changed = bytes;
  changed.replace(kHeaderSize + 32 + 24 + 4 + 1 + 1, 8, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F");
  EXPECT_THAT(error_of(model, with_checksum(changed)), HasSubstr("cut off"));
}

TEST(Session, ValuesThatAreNoNumbers_AreRefused) {
  const LanguageModel model = fresh_model("char");
  std::string bytes = session(model);
  const float infinity = std::numeric_limits<float>::infinity();
  bytes.replace(bytes.size() - sizeof infinity, sizeof infinity, reinterpret_cast<const char*>(&infinity),
                sizeof infinity);
  EXPECT_THAT(error_of(model, with_checksum(bytes)), HasSubstr("c holds a value that is not a finite number"));
}

TEST(Session, AnotherModel_IsRefused) {
  const std::string bytes = session(fresh_model("char", 1));
  EXPECT_THAT(error_of(fresh_model("char", 2), bytes), HasSubstr("another model"));
  EXPECT_THAT(error_of(fresh_model("byte", 1), bytes), HasSubstr("another model"));
}

TEST(Session, OtherFiles_AreNamed) {
  const LanguageModel model = fresh_model("char");
  EXPECT_THAT(error_of(model, "Once upon a time there was a lamp."), HasSubstr("not a session"));
  std::string newer = session(model);
  newer[8] = 9;
  EXPECT_THAT(error_of(model, newer), HasSubstr("version 9"));
}

}  // namespace
}  // namespace fude
