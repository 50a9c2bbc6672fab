#include "train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <functional>
#include <limits>

#include "base/file.h"
#include "fude/base/error.h"
#include "generate/tiny_model.h"
#include "model/safetensors.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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
  return figures;
}

void write(const std::filesystem::path& path, const RunFigures& figures, const std::vector<NamedSpan>& arrays) {
  AtomicFile file(path);
  write_checkpoint(file, fresh_model("char"), "{\"seed\": 7}", figures, arrays);
  file.commit();
}

TEST(Checkpoint, Written_ComesBackTheSame) {
  const TempDir dir;
  RunFigures figures = some_figures();
  figures.best = EvaluationRecord{.step = 10, .val_loss = 1.0 / 7};
  std::vector<float> average = {1, -2, 3.5f}, state = {0.25f};
  write(dir / "last.state", figures, {{"average", average}, {"state.h", state}});

  const Checkpoint checkpoint = read_checkpoint(dir / "last.state");
  const LanguageModel model = fresh_model("char");
  EXPECT_EQ(checkpoint.config, "{\"seed\": 7}");
  EXPECT_EQ(checkpoint.model.tokenizer().fingerprint(), model.tokenizer().fingerprint());
  EXPECT_EQ(checkpoint.model.config(), model.config());
  EXPECT_EQ(checkpoint.model.training_info(), model.training_info());
  EXPECT_THAT(checkpoint.model.network().parameters().values(),
              ::testing::ElementsAreArray(model.network().parameters().values()));
  const RunFigures& back = checkpoint.figures;
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
  std::vector<float> average_back(3), state_back(1);
  read_checkpoint_arrays(dir / "last.state", {{"average", average_back}, {"state.h", state_back}});
  EXPECT_EQ(average_back, average);
  EXPECT_EQ(state_back, state);
}

TEST(Checkpoint, ArrayMissingOrOfAnotherSize_IsAFormatError) {
  const TempDir dir;
  std::vector<float> average = {1, 2}, other(3);
  write(dir / "last.state", some_figures(), {{"average", average}});
  EXPECT_THROW(read_checkpoint_arrays(dir / "last.state", {{"average", other}}), FormatError);
  EXPECT_THROW(read_checkpoint_arrays(dir / "last.state", {{"squares", average}}), FormatError);
}

TEST(Checkpoint, ValueThatIsNoNumber_IsAFormatErrorThatNamesTheArray) {
  const TempDir dir;
  std::vector<float> average = {1, std::numeric_limits<float>::quiet_NaN()};
  write(dir / "last.state", some_figures(), {{"average", average}});
  try {
    read_checkpoint_arrays(dir / "last.state", {{"average", average}});
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("\"average\" holds a value that is not a finite number"));
  }
}

TEST(Checkpoint, CountsThatNoRunReaches_AreFormatErrors) {
  const TempDir dir;
  const auto refuses = [&](const std::function<void(RunFigures&)>& change) {
    RunFigures figures = some_figures();
    change(figures);
    write(dir / "last.state", figures, {});
    EXPECT_THROW(read_checkpoint(dir / "last.state"), FormatError);
  };
  refuses([](RunFigures& figures) { figures.step = -1; });
  refuses([](RunFigures& figures) { figures.step = std::numeric_limits<int64_t>::max(); });
  refuses([](RunFigures& figures) { figures.cursor.epoch = std::numeric_limits<int64_t>::max(); });
  refuses([](RunFigures& figures) { figures.plateau.bad = std::numeric_limits<int>::max(); });
  refuses([](RunFigures& figures) { figures.bad_evaluations = std::numeric_limits<int>::max(); });
}

TEST(Checkpoint, AnyChangedOrMissingByte_IsAFormatError) {
  const TempDir dir;
  std::vector<float> average = {1, 2, 3, 4};
  write(dir / "last.state", some_figures(), {{"average", average}});
  const std::string whole = read_file(dir / "last.state");
  for (size_t size = 0; size < whole.size(); size += 97) {
    const auto path = dir.write("cut.state", whole.substr(0, size));
    EXPECT_THROW(read_checkpoint(path), FormatError) << size << " bytes";
  }
  const size_t arrays = sizeof(float) * static_cast<size_t>(fresh_model("char").parameter_count() + 4);
  for (size_t at = 1; at <= arrays; at += at <= 64 || at > arrays - 16 ? 1 : 97) {
    std::string damaged = whole;
    damaged[damaged.size() - at] ^= 1;
    EXPECT_THROW(read_checkpoint(dir.write("damaged.state", damaged)), FormatError) << at;
  }
  const size_t figure = whole.find("3456");
  ASSERT_NE(figure, std::string::npos);
  std::string damaged = whole;
  damaged[figure] = '9';
  EXPECT_THROW(read_checkpoint(dir.write("damaged.state", damaged)), FormatError);
}

TEST(Checkpoint, AnotherFile_IsAFormatErrorThatSaysSo) {
  const std::string golden = std::string(FUDE_GOLDEN_DIR) + "/optimizers/optim_sgd.safetensors";
  try {
    read_checkpoint(golden);
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), HasSubstr("not the state of a training run"));
  }
}

class NewestCheckpoint : public ::testing::Test {
 protected:
  // Two saves, of steps 12 and 20.
  void SetUp() override {
    RunFigures figures = some_figures();
    write(run_.previous_state(), figures, {});
    figures.step = 20;
    write(run_.state(), figures, {});
  }
  Checkpoint read() {
    return read_newest_checkpoint(run_, [this](std::string_view note) { notes_ += note; });
  }
  static void damage(const std::filesystem::path& path) {
    std::string bytes = read_file(path);
    bytes.back() ^= 1;
    write_file(path, bytes);
  }

  TempDir dir_;
  RunDirectory run_{dir_.path()};
  std::string notes_;
};

TEST_F(NewestCheckpoint, BothGood_IsTheLast) {
  EXPECT_EQ(read().figures.step, 20);
  EXPECT_EQ(notes_, "");
}

TEST_F(NewestCheckpoint, LastDamagedCutOrMissing_IsTheOneBeforeAndIsTold) {
  damage(run_.state());
  Checkpoint checkpoint = read();
  EXPECT_EQ(checkpoint.figures.step, 12);
  EXPECT_EQ(checkpoint.path, run_.previous_state());
  EXPECT_THAT(notes_, AllOf(HasSubstr("last.state: damaged"), HasSubstr("of step 12")));
  write_file(run_.state(), "");
  EXPECT_EQ(read().figures.step, 12);
  std::filesystem::remove(run_.state());
  notes_.clear();
  EXPECT_EQ(read().figures.step, 12);
  EXPECT_THAT(notes_, HasSubstr("last.state is missing"));
}

TEST_F(NewestCheckpoint, LastDamagedAndAGoodOneThatIsNewer_IsThatOne) {
  RunFigures figures = some_figures();
  damage(run_.state());
  for (const int64_t step : {11, 12, 13}) {
    figures.step = step;
    write(run_.good_state(), figures, {});
    EXPECT_EQ(read().path, step > 12 ? run_.good_state() : run_.previous_state()) << step;
  }
  EXPECT_THAT(notes_, HasSubstr("going on from good.state, of step 13"));
  damage(run_.previous_state());
  EXPECT_EQ(read().path, run_.good_state());
  std::filesystem::remove(run_.state());
  std::filesystem::remove(run_.previous_state());
  EXPECT_EQ(read().path, run_.good_state());
}

TEST_F(NewestCheckpoint, OnlyTheOneBeforeDamaged_IsNotLookedAt) {
  damage(run_.previous_state());
  EXPECT_EQ(read().figures.step, 20);
  EXPECT_EQ(notes_, "");
}

TEST_F(NewestCheckpoint, NeitherGood_IsAFormatErrorThatNamesBoth) {
  damage(run_.state());
  damage(run_.previous_state());
  try {
    read();
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("last.state: damaged"), HasSubstr("previous.state: damaged")));
    EXPECT_THAT(error.hint(), HasSubstr("--init-from"));
  }
  std::filesystem::remove(run_.previous_state());
  EXPECT_THROW(read(), FormatError);
}

// Going back from it would push it out.
TEST_F(NewestCheckpoint, LastOfAnotherVersion_IsNotPassedOver) {
  AtomicFile file(run_.state());
  write_safetensors(file, {{"state_version", "3"}}, {});
  file.commit();
  try {
    read();
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), HasSubstr("state of version 3"));
  }
  EXPECT_EQ(notes_, "");
}

TEST_F(NewestCheckpoint, LastThatMayNotBeRead_IsNotPassedOver) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  std::filesystem::permissions(run_.state(), std::filesystem::perms::none);
  EXPECT_THROW(read(), IoError);
}

}  // namespace
}  // namespace fude
