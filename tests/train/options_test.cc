#include "fude/train/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "fude/base/error.h"

namespace fude {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TrainOptions good_options() {
  TrainOptions options;
  options.corpus.inputs = {"story.txt"};
  return options;
}

std::string problems_of(const TrainOptions& options) {
  try {
    options.validate();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(TrainOptions, Defaults_AreValid) { EXPECT_EQ(problems_of(good_options()), ""); }

TEST(TrainOptions, ManyProblems_AreSaidAtOnce) {
  TrainOptions options;
  options.val_frac = 0.9;
  options.network.num_layers = 0;
  options.dropout.state = 1;
  options.batch.batch_size = 0;
  options.optimizer.kind = "adagrad";
  options.optimizer.lr = std::numeric_limits<double>::quiet_NaN();
  options.schedule.factor = 0;
  options.grad_clip = -1;
  options.epochs = -1;
  options.threads = -2;
  EXPECT_THAT(problems_of(options),
              AllOf(HasSubstr("no input"), HasSubstr("val-frac"), HasSubstr("num_layers"), HasSubstr("state"),
                    HasSubstr("batch_size"), HasSubstr("adagrad"), HasSubstr("lr must"), HasSubstr("factor"),
                    HasSubstr("grad-clip"), HasSubstr("epochs")));
  EXPECT_THAT(problems_of(options), HasSubstr("threads"));
}

TEST(TrainOptions, NothingEndsTheRun_IsAProblem) {
  TrainOptions options = good_options();
  options.epochs = 0;
  EXPECT_THAT(problems_of(options), AllOf(HasSubstr("nothing ends the run"), HasSubstr("cosine schedule")));
  options.patience = 3;
  options.schedule.kind = "constant";
  EXPECT_EQ(problems_of(options), "");
  options.val_frac = 0;
  EXPECT_THAT(problems_of(options), HasSubstr("patience needs a validation part"));
}

TEST(TrainOptions, ThroughJson_ComeBackTheSame) {
  TrainOptions options = good_options();
  options.corpus.format.doc_sep = "\n\n";
  options.valid_inputs = {"held \"out\".txt"};
  options.tokenizer.kind = "word";
  options.network.cell = CellKind::kGru;
  options.network.tied = true;
  options.initialization.forget_bias = 2;
  options.dropout = {0.1, 0.2, 0.3, 0.4, false};
  options.batch.random_length = true;
  options.optimizer.lr = 1.0 / 3;
  options.schedule.kind = "plateau";
  options.grad_clip = 0;
  options.steps = int64_t{1} << 40;
  options.seed = ~uint64_t{0};
  options.out = "runs/a";
  const std::string json = to_json(options);
  const TrainOptions back = train_options_from_json(json, "test");
  EXPECT_EQ(to_json(back), json);
  EXPECT_EQ(back.network, options.network);
  EXPECT_EQ(back.optimizer.lr, options.optimizer.lr);
  EXPECT_EQ(back.seed, options.seed);
  EXPECT_EQ(back.valid_inputs, options.valid_inputs);
  EXPECT_FALSE(back.dropout.locked);
}

TEST(TrainOptionsJson, MissingKeys_KeepTheirDefaults) {
  const TrainOptions options = train_options_from_json(R"({"epochs": 3, "batch": {"batch_size": 8}})", "test");
  EXPECT_EQ(options.epochs, 3);
  EXPECT_EQ(options.batch.batch_size, 8);
  EXPECT_EQ(options.batch.seq_length, TrainOptions().batch.seq_length);
}

TEST(TrainOptionsJson, Wrong_IsAFormatErrorThatNamesIt) {
  const auto error_of = [](const std::string& json) -> std::string {
    try {
      train_options_from_json(json, "run/config.json");
    } catch (const FormatError& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return "";
  };
  EXPECT_THAT(error_of(R"({"optimizer": {"lrr": 1}})"),
              AllOf(HasSubstr("run/config.json: optimizer"), HasSubstr("\"lrr\""), HasSubstr("did you mean \"lr\"")));
  EXPECT_THAT(error_of(R"({"epochs": "many"})"), HasSubstr("\"epochs\""));
  EXPECT_THAT(error_of(R"({"network": {"cell": "qrnn"}})"), HasSubstr("qrnn"));
  EXPECT_THAT(error_of(R"({"network": 5})"), HasSubstr("network: not a JSON object"));
  EXPECT_THAT(error_of("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of("{"), HasSubstr("not valid JSON"));
}

TEST(ApplyPreset, Names_AreValidForCharactersAndPieces) {
  for (const std::string& name : preset_names()) {
    for (const char* const kind : {"char", "bpe"}) {
      TrainOptions options = good_options();
      options.tokenizer.kind = kind;
      apply_preset(name, options);
      EXPECT_EQ(problems_of(options), "") << name << " " << kind;
      EXPECT_EQ(options.network.tied, options.tokenizer.kind == "bpe") << name;
    }
  }
}

TEST(ApplyPreset, Small_IsTheDefault) {
  TrainOptions options;
  apply_preset("small", options);
  EXPECT_EQ(to_json(options), to_json(TrainOptions()));
}

TEST(ApplyPreset, UnknownName_IsAConfigErrorWithAHint) {
  TrainOptions options;
  try {
    apply_preset("smal", options);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.hint(), HasSubstr("small"));
  }
}

}  // namespace
}  // namespace fude
