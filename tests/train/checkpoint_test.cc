#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/file.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

RunFigures some_figures() {
  RunFigures figures;
  figures.step = 12;
  figures.tokens = 3456;
  figures.cursor = {2, 64, 12};
  figures.plateau.lr = 1e-3;
  figures.best_loss = std::numeric_limits<double>::infinity();
  figures.evaluation_pending = true;
  figures.loss_sum = 1.0 / 3;
  figures.seconds = 7.25;
  figures.files = {100, 200};
  figures.data_digest = "d";
  figures.tokenizer_fingerprint = "f";
  return figures;
}

TEST(Checkpoint, Written_ComesBackTheSame) {
  const TempDir dir;
  RunFigures figures = some_figures();
  figures.best = EvaluationRecord{.step = 10, .val_loss = 1.0 / 7};
  std::vector<float> weights = {1, -2, 3.5f}, state = {0.25f};
  write_checkpoint(dir / "last.state", figures, {{"weights", weights}, {"state.h", state}});

  const RunFigures back = read_checkpoint_figures(dir / "last.state");
  EXPECT_EQ(back.step, 12);
  EXPECT_EQ(back.cursor.epoch, 2);
  EXPECT_EQ(back.cursor.offset, 64);
  EXPECT_EQ(back.cursor.window, 12);
  EXPECT_EQ(back.plateau.lr, 1e-3);
  EXPECT_EQ(back.plateau.best, figures.plateau.best);
  EXPECT_EQ(back.best_loss, figures.best_loss);
  EXPECT_TRUE(back.evaluation_pending);
  EXPECT_EQ(back.loss_sum, 1.0 / 3);
  EXPECT_EQ(back.files.samples, 200);
  ASSERT_TRUE(back.best);
  EXPECT_EQ(back.best->val_loss, 1.0 / 7);
  std::vector<float> weights_back(3), state_back(1);
  read_checkpoint_arrays(dir / "last.state", {{"weights", weights_back}, {"state.h", state_back}});
  EXPECT_EQ(weights_back, weights);
  EXPECT_EQ(state_back, state);
}

TEST(Checkpoint, ArrayMissingOrOfAnotherSize_IsAFormatError) {
  const TempDir dir;
  std::vector<float> weights = {1, 2}, other(3);
  write_checkpoint(dir / "last.state", some_figures(), {{"weights", weights}});
  EXPECT_THROW(read_checkpoint_arrays(dir / "last.state", {{"weights", other}}), FormatError);
  EXPECT_THROW(read_checkpoint_arrays(dir / "last.state", {{"squares", weights}}), FormatError);
}

TEST(Checkpoint, AnyChangedOrMissingByte_IsAFormatError) {
  const TempDir dir;
  std::vector<float> weights = {1, 2, 3, 4};
  write_checkpoint(dir / "last.state", some_figures(), {{"weights", weights}});
  const std::string whole = read_file(dir / "last.state");
  for (size_t size = 0; size < whole.size(); size += 7) {
    const auto path = dir.write("cut.state", whole.substr(0, size));
    EXPECT_THROW(read_checkpoint_figures(path), FormatError) << size << " bytes";
  }
  for (size_t at = 1; at <= sizeof(float) * weights.size(); ++at) {
    std::string damaged = whole;
    damaged[damaged.size() - at] ^= 1;
    EXPECT_THROW(read_checkpoint_figures(dir.write("damaged.state", damaged)), FormatError) << at;
  }
  const size_t figure = whole.find("3456");
  ASSERT_NE(figure, std::string::npos);
  std::string damaged = whole;
  damaged[figure] = '9';
  EXPECT_THROW(read_checkpoint_figures(dir.write("damaged.state", damaged)), FormatError);
}

TEST(Checkpoint, AnotherFile_IsAFormatErrorThatSaysSo) {
  const std::string golden = std::string(FUDE_GOLDEN_DIR) + "/optimizers/optim_sgd.safetensors";
  try {
    read_checkpoint_figures(golden);
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("not the state of a training run"));
  }
}

}  // namespace
}  // namespace fude
