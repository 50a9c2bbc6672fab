#include "fude/model/language_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <thread>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "model/model_file.h"
#include "model/safetensors.h"
#include "support/temp_dir.h"
#include "text/tokenizer_file.h"

namespace fude {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Tokenizer> letters() {
  return train_tokenizer({}, [](const TextSink& sink) { sink("the quick brown fox jumps over the lazy dog"); });
}

LanguageModel small_model(CellKind cell = CellKind::kLstm, bool tied = false) {
  return LanguageModel({.cell = cell, .embed_size = 6, .hidden_size = 8, .num_layers = 2, .tied = tied}, letters(), 3);
}

std::vector<float> read(const LanguageModel& model, std::string_view text) {
  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.config().vocab_size));
  for (const TokenId id : model.tokenizer().encode(text)) model.step({&id, 1}, state, logits);
  return logits;
}

TEST(LanguageModel, SaveAndLoad_GiveTheSameModel) {
  const TempDir folder;
  for (const CellKind cell : {CellKind::kLstm, CellKind::kGru, CellKind::kRnn})
    for (const bool tied : {false, true}) {
      LanguageModel model = small_model(cell, tied);
      model.set_training_info(R"({"steps":7})");
      const auto path = folder.path() / "model.safetensors";
      model.save(path);
      const LanguageModel loaded = LanguageModel::load(path);
      EXPECT_EQ(loaded.config(), model.config());
      EXPECT_EQ(loaded.tokenizer().fingerprint(), model.tokenizer().fingerprint());
      EXPECT_EQ(loaded.training_info(), model.training_info());
      EXPECT_EQ(read(loaded, "lazy dog"), read(model, "lazy dog"));
      EXPECT_TRUE(LanguageModel::verify(path).passed);
    }
}

TEST(LanguageModel, AnotherTokenizer_IsRefusedForAllThatItIsAsLarge) {
  const TempDir folder;
  const auto path = folder.path() / "model.safetensors";
  const LanguageModel model = small_model();
  model.save(path);
  EXPECT_NO_THROW(LanguageModel::load(path, model.shared_tokenizer()));
  TokenizerData other = model.tokenizer().save();
  other.json.replace(other.json.find("nfc"), 3, "none");
  try {
    LanguageModel::load(path, load_tokenizer(other));
    FAIL() << "no error";
  } catch (const FormatError& error) {
    EXPECT_NE(std::string(error.what()).find("another tokenizer"), std::string::npos) << error.what();
  }
}

TEST(LanguageModel, TrainingInformationThatIsNone_IsRefusedByTheFilesName) {
  const TempDir folder;
  const auto path = folder.path() / "model.safetensors";
  const LanguageModel model = small_model();
  for (const std::string info : {"{", "[]", R"({"fallback_seen": 1})"}) {
    AtomicFile file(path);
    write_model_file(file, model.network(), model.tokenizer(), {{"training", info}});
    file.commit();
    try {
      LanguageModel::load(path);
      FAIL() << info;
    } catch (const FormatError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(path.string() + ": training")) << error.what();
    }
  }
}

TEST(LanguageModel, Load_TakesTheBestOfARun) {
  const TempDir folder;
  EXPECT_THROW(LanguageModel::load(folder.path()), IoError);
  small_model().save(folder.path() / "last.safetensors");
  EXPECT_EQ(LanguageModel::load(folder.path()).config().cell, CellKind::kLstm);
  small_model(CellKind::kGru).save(folder.path() / "best.safetensors");
  EXPECT_EQ(LanguageModel::load(folder.path()).config().cell, CellKind::kGru);
}

TEST(LanguageModel, Feed_EqualsSteps) {
  const LanguageModel model = small_model();
  const auto ids = model.tokenizer().encode("the quick brown fox jumps over the lazy dog");
  std::vector<TokenId> many;
  for (int k = 0; k < 20; ++k) many.insert(many.end(), ids.begin(), ids.end());
  State fed = model.start(), stepped = model.start();
  std::vector<float> after(static_cast<size_t>(model.config().vocab_size)), logits(after.size());
  const auto log_probs = model.feed(many, fed, {});
  ASSERT_EQ(log_probs.size(), many.size());
  EXPECT_TRUE(std::isnan(log_probs[0]));
  for (size_t k = 0; k < many.size(); ++k) {
    if (k > 0) {
      double sum = 0;
      for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
      EXPECT_NEAR(log_probs[k], logits[many[k]] - std::log(sum), 1e-5) << k;
    }
    model.step({&many[k], 1}, stepped, logits);
  }
  for (size_t k = 0; k < fed.h.size(); ++k) EXPECT_NEAR(fed.h[k], stepped.h[k], 1e-5);
  // In two calls, logits carried between them.
  State split = model.start();
  model.feed(std::span(many).first(7), split, after);
  EXPECT_NEAR(model.feed(std::span(many).subspan(7), split, after)[0], log_probs[7], 1e-5);
}

TEST(LanguageModel, BatchOfTwo_EqualsEachAlone) {
  const LanguageModel model = small_model();
  const auto vocab = static_cast<size_t>(model.config().vocab_size);
  State both = model.start(2), one = model.start(), two = model.start();
  std::vector<float> logits(2 * vocab), first(vocab), second(vocab);
  for (int k = 1; k < 6; ++k) {
    const TokenId ids[2] = {k, k + 7};
    model.step(ids, both, logits);
    model.step({ids, 1}, one, first);
    model.step({ids + 1, 1}, two, second);
  }
  for (size_t k = 0; k < vocab; ++k) {
    EXPECT_NEAR(logits[k], first[k], 1e-6);
    EXPECT_NEAR(logits[vocab + k], second[k], 1e-6);
  }
}

TEST(LanguageModel, Step_FromManyThreads) {
  const LanguageModel model = small_model();
  const auto expected = read(model, "brown fox");
  std::vector<std::vector<float>> results(4);
  std::vector<std::thread> threads;
  for (auto& result : results)
    threads.emplace_back([&] {
      for (int k = 0; k < 20; ++k) result = read(model, "brown fox");
    });
  for (auto& thread : threads) thread.join();
  for (const auto& result : results) EXPECT_EQ(result, expected);
}

TEST(LanguageModel, BadArguments_AreRefused) {
  const LanguageModel model = small_model();
  State state = model.start();
  std::vector<float> logits(static_cast<size_t>(model.config().vocab_size));
  for (const TokenId id : {-1, model.config().vocab_size, 1 << 30})
    EXPECT_THROW(model.step({&id, 1}, state, logits), DataError);
  State wrong = small_model(CellKind::kGru).start();
  const TokenId id = 1;
  EXPECT_THROW(model.step({&id, 1}, wrong, logits), DataError);
  EXPECT_THROW(model.step({&id, 1}, state, std::span(logits).first(3)), DataError);
}

TEST(LanguageModel, DamagedFiles_AreRefused) {
  const TempDir folder;
  const auto path = folder.path() / "model.safetensors", damaged = folder.path() / "damaged.safetensors";
  small_model().save(path);
  std::string bytes = read_file(path);
  bytes.replace(bytes.find("checksum"), 8, "nochecks");  // as a program that knows of none would write it
  EXPECT_NO_THROW((write_file(damaged, bytes), LanguageModel::load(damaged)));
  for (const size_t size : {size_t{0}, size_t{7}, size_t{100}, bytes.size() / 2, bytes.size() - 1}) {
    write_file(damaged, bytes.substr(0, size));
    EXPECT_THROW(LanguageModel::load(damaged), FormatError) << size;
  }
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string changed = bytes;
    const size_t at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return changed.replace(at, from.size(), to);
  };
  // Equal lengths, so that the header stays where it is.
  for (const auto& [from, to] :
       {std::pair<std::string_view, std::string_view>{R"("format_version":"1")", R"("format_version":"9")"},
        {R"(\"hidden_size\":8)", R"(\"hidden_size\":9)"},
        {R"(\"cell\":\"lstm\")", R"(\"cell\":\"last\")"},
        {R"("format_version":"1")", R"("format_version":"0")"},
        {"decoder.bias", "decoder.bins"}}) {
    write_file(damaged, replaced(from, to));
    EXPECT_THROW(LanguageModel::load(damaged), FormatError) << to;
  }
  write_file(damaged, replaced(R"("dtype":"F32")", R"("dtype":"I32")"));
  try {
    LanguageModel::load(damaged);
    ADD_FAILURE() << "whole numbers for weights";
  } catch (const FormatError& error) {
    EXPECT_EQ(std::string(error.what()).find(damaged.string() + ": tensor "), 0U) << error.what();
  }
  std::string infinite = bytes;
  infinite.replace(infinite.size() - 4, 4, std::string("\x00\x00\x80\x7f", 4));
  write_file(damaged, infinite);
  EXPECT_THROW(LanguageModel::load(damaged), FormatError);
  EXPECT_THROW(LanguageModel::load(folder.path() / "missing.safetensors"), IoError);
}

TEST(LanguageModel, AnyChangedByteOfWeightsAndMetadata_IsTold) {
  const TempDir folder;
  const auto path = folder.path() / "model.safetensors", damaged = folder.path() / "damaged.safetensors";
  small_model().save(path);
  const std::string bytes = read_file(path);
  const auto expect_damaged = [&](size_t at, char value) {
    std::string changed = bytes;
    ASSERT_NE(std::exchange(changed[at], value), value);
    write_file(damaged, changed);
    try {
      LanguageModel::load(damaged);
      ADD_FAILURE() << "byte " << at;
    } catch (const FormatError& error) {
      EXPECT_NE(std::string(error.what()).find("damaged"), std::string::npos) << error.what();
      EXPECT_FALSE(error.hint().empty());
    }
  };
  // Low bits of weights, which stay finite numbers.
  const size_t weights = 4 * static_cast<size_t>(small_model().parameter_count());
  for (size_t at = bytes.size() - weights; at < bytes.size(); at += 4 * 17)
    expect_damaged(at, static_cast<char>(bytes[at] ^ 1));
  expect_damaged(bytes.find("nfc") + 2, 'd');  // of the tokenizer
  expect_damaged(bytes.find("log_prob") + 10, '1');
}

void write_metadata(const std::filesystem::path& path, const std::map<std::string, std::string>& metadata) {
  AtomicFile file(path);
  write_safetensors(file, metadata, {});
  file.commit();
}

std::string load_error(const std::filesystem::path& path) {
  try {
    LanguageModel::load(path);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

// Whatever a file's configuration asks for is held against its tensors before anything of that size is made.
TEST(LanguageModel, AbsurdConfigurations_AreRefused) {
  const TempDir folder;
  const TokenizerData tokenizer = small_model().tokenizer().save();
  const auto error_of = [&](const std::string& config, const std::string& version) {
    const auto path = folder / "model.safetensors";
    write_metadata(path, {{"config", config}, {"tokenizer", tokenizer.json}, {"format_version", version}});
    return load_error(path);
  };
  const int vocab = small_model().config().vocab_size;
  const auto config = [&](int64_t vocab_size, int64_t embed, int64_t hidden, int64_t layers) {
    return R"({"cell":"lstm","vocab_size":)" + std::to_string(vocab_size) + R"(,"embed_size":)" +
           std::to_string(embed) + R"(,"hidden_size":)" + std::to_string(hidden) + R"(,"num_layers":)" +
           std::to_string(layers) + R"(,"tied":false})";
  };
  EXPECT_THAT(error_of(config(vocab, 8, int64_t{1} << 31, 1), "1"), HasSubstr("\"hidden_size\""));
  EXPECT_THAT(error_of(config(vocab, 8, 2'000'000'000, 1), "1"), HasSubstr("hidden_size must be 1 to 1048576"));
  EXPECT_THAT(error_of(config(vocab, 8, 8, 1'000'000'000), "1"), HasSubstr("num_layers must be 1 to 8"));
  EXPECT_THAT(error_of(config(vocab, -8, 8, 1), "1"), HasSubstr("embed_size must be"));
  EXPECT_THAT(error_of(config(vocab + 1, 8, 8, 1), "1"), HasSubstr("output symbols, the tokenizer"));
  EXPECT_THAT(error_of(config(vocab, 1 << 20, 1 << 20, 8), "1"), HasSubstr("tensor \"encoder.weight\" is missing"));
  EXPECT_THAT(error_of(config(vocab, 8, 8, 1), "4294967297"), HasSubstr("format version 4294967297"));
  EXPECT_THAT(error_of(config(vocab, 8, 8, 1), "-1"), HasSubstr("format_version must be"));
}

TEST(LanguageModel, SelfTestOfVeryManyTokensOrUnknownOnes_IsRefusedByTheFilesName) {
  const TempDir folder;
  const auto path = folder / "model.safetensors";
  const LanguageModel model = small_model();
  for (const std::vector<int>& tokens : {std::vector<int>(10'001), {0, 99'999}, {-1}}) {
    const Json test = {{"tokens", tokens}, {"log_prob", -1.0}};
    AtomicFile file(path);
    write_model_file(file, model.network(), model.tokenizer(), {{"self_test", to_text(test)}});
    file.commit();
    EXPECT_NO_THROW(LanguageModel::load(path));
    try {
      LanguageModel::verify(path);
      FAIL() << "no error";
    } catch (const FormatError& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
    }
  }
}

// No path in a file is ever followed: a tokenizer is what it holds, not where it came from.
TEST(LanguageModel, PathForATokenizer_IsNotFollowed) {
  const TempDir folder;
  const auto tokenizer = folder / "tokenizer.json", path = folder / "model.safetensors";
  save_tokenizer_file(small_model().tokenizer(), tokenizer);
  write_metadata(path, {{"tokenizer", R"({"kind":")" + tokenizer.string() + R"("})"}});
  EXPECT_THAT(load_error(path), HasSubstr("is unknown"));
}

}  // namespace
}  // namespace fude
