// Runs that go wrong: what is left out, how they go back, and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "base/file.h"
#include "fude/base/error.h"
#include "fude/model/language_model.h"
#include "fude/train/trainer.h"
#include "nn/network.h"
#include "train/checkpoint.h"
#include "train/log.h"
#include "train/small_run.h"

namespace fude {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Divergence : public ::testing::Test {
 protected:
  Divergence() : options_(small_run(dir_)) {
    events_.on_note = [this](std::string_view note) { notes_.emplace_back(note); };
    options_.epochs = 0;
    options_.steps = 60;
    options_.eval_every = 10;
  }

  std::filesystem::path file(const char* name) const { return std::filesystem::path(options_.out) / name; }
  std::vector<EvaluationRecord> log() const { return parse_log(read_file(file("log.jsonl")), "log.jsonl"); }
  void expect_finite_models() const {
    for (const char* const name : {"best.safetensors", "last.safetensors"}) {
      if (!file_exists(file(name))) continue;
      const LanguageModel model = LanguageModel::load(file(name));
      for (const float weight : model.network().parameters().values()) ASSERT_TRUE(std::isfinite(weight)) << name;
    }
  }

  TempDir dir_;
  TrainOptions options_;
  TrainEvents events_;
  std::vector<std::string> notes_;
};

TEST_F(Divergence, HealthyRuns_LeaveNothingOut) {
  for (const char* const optimizer : {"adamw", "sgd", "rmsprop"}) {
    for (const CellKind cell : {CellKind::kLstm, CellKind::kGru, CellKind::kRnn}) {
      options_.out = (dir_ / (std::string(optimizer) + std::string(to_string(cell)))).string();
      options_.network.cell = cell;
      options_.optimizer.kind = optimizer;
      options_.optimizer.lr = options_.optimizer.kind == "sgd" ? 1 : 0.03;
      options_.grad_clip = 0;
      const TrainResult result = train(options_, events_);
      EXPECT_EQ(result.last.skipped, 0);
      EXPECT_EQ(result.last.rollbacks, 0);
    }
  }
  EXPECT_THAT(notes_, Not(Contains(HasSubstr("left out"))));
}

TEST_F(Divergence, RateFarTooHigh_GoesBackAsOftenAsItMayAndEndsClearly) {
  options_.optimizer.lr = 1e5;
  options_.rollbacks = 3;
  try {
    train(options_, events_);
    FAIL() << "it learned at a rate of 1e5";
  } catch (const NumericError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the run diverged at step "));
    EXPECT_THAT(error.what(), HasSubstr("it had gone back 3 times"));
    EXPECT_THAT(error.hint(), HasSubstr("--lr"));
  }
  EXPECT_THAT(notes_, Contains(HasSubstr("is left out: the loss of ")));
  EXPECT_THAT(notes_, Contains(HasSubstr("at half the learning rate (3 of 3 times)")));
  expect_finite_models();
  // It is saved where it was good, and there goes on.
  EXPECT_THROW(resume_training(options_.out), NumericError);
  EXPECT_EQ(log().back().rollbacks, 3);
  EXPECT_THROW(resume_training(options_.out, {.steps = 1}), NumericError);
  EXPECT_GT(resume_training(options_.out, {.steps = 60, .rollbacks = 20}).last.rollbacks, 3);
}

TEST_F(Divergence, RateThatIsTooHigh_RecoversAtALowerOne) {
  options_.optimizer.lr = 40;
  options_.schedule.kind = "constant";
  options_.schedule.warmup_steps = 0;
  options_.rollbacks = 12;
  const TrainResult result = train(options_, events_);
  EXPECT_GT(result.last.rollbacks, 0);
  EXPECT_EQ(result.last.lr, 40 * std::pow(0.5, result.last.rollbacks));
  EXPECT_GE(result.last.skipped, 10);
  EXPECT_EQ(log().back().rollbacks, result.last.rollbacks);
  EXPECT_THAT(read_file(file("report.html")), HasSubstr("Steps left out"));
}

TEST_F(Divergence, ValidationLossFarAboveTheBest_GoesBackToo) {
  options_.valid_inputs = {dir_.write("held.txt", "Zebras hum. Quiz! Six jays vex Pu.").string()};
  options_.network.hidden_size = 64;
  options_.schedule.kind = "constant";
  options_.steps = 2000;
  options_.loss_spike = 0.5;
  options_.rollbacks = 1;
  try {
    train(options_, events_);
    FAIL() << "it learned a page by heart and lost nothing";
  } catch (const NumericError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the validation loss of "));
  }
  EXPECT_THAT(notes_, Contains(HasSubstr("at half the learning rate (1 of 1 times)")));
  const std::vector<EvaluationRecord> records = log();
  const SpikeGuard::State spikes = read_checkpoint(file("last.state")).figures.spikes;
  EXPECT_EQ(spikes.rollbacks, 1);
  EXPECT_EQ(read_checkpoint(file("last.state")).figures.step, records.back().step);
}

TEST_F(Divergence, GoingBack_LeavesTheBestModelThatIsTold) {
  options_.optimizer.kind = "sgd";
  options_.optimizer.lr = 6;
  options_.schedule.warmup_steps = 0;
  options_.grad_clip = 0;
  options_.loss_spike = 0.15;
  options_.rollbacks = 3;
  options_.eval_every = 13;
  options_.steps = 200;
  options_.seed = 1;
  int skipped_before_a_best = 0;
  events_.on_evaluation = [&](const EvaluationRecord& record) {
    skipped_before_a_best += record.best ? record.skipped : 0;
  };
  events_.on_note = [&](std::string_view note) {
    if (note.find("Back to step") == std::string_view::npos) return;
    const std::vector<EvaluationRecord> records = log();
    const auto best = std::find_if(records.rbegin(), records.rend(), [](const auto& record) { return record.best; });
    const std::string told = LanguageModel::load(file("best.safetensors")).training_info();
    ASSERT_NE(best, records.rend());
    EXPECT_THAT(told, HasSubstr("\"step\":" + std::to_string(best->step) + ","));
    notes_.emplace_back(note);
  };
  try {
    train(options_, events_);
  } catch (const NumericError&) {
  }
  EXPECT_THAT(notes_, Not(IsEmpty()));
  EXPECT_GT(skipped_before_a_best, 0);
}

TEST_F(Divergence, Off_WhatIsNotFiniteEndsTheRun) {
  options_.optimizer.kind = "sgd";
  options_.optimizer.lr = 1e38;
  options_.grad_clip = 0;
  options_.schedule.kind = "constant";
  options_.loss_spike = 0;
  std::vector<int64_t> steps;
  events_.on_progress = [&](const TrainProgress& progress) { steps.push_back(progress.step); };
  try {
    train(options_, events_);
    FAIL() << "it learned at a rate of 1e38";
  } catch (const NumericError& error) {
    const bool saved = read_checkpoint(file("last.state")).figures.step > 0;
    EXPECT_EQ(saved, error.hint().ends_with("it is saved without this step")) << error.hint();
  }
  EXPECT_THAT(notes_, Not(Contains(HasSubstr("left out"))));
  EXPECT_FALSE(file_exists(file("good.state")));
  expect_finite_models();
}

// Averages that overflow while weights and loss do not: what was saved with them could not be read again.
TEST_F(Divergence, AveragesThatOverflow_AreNotSaved) {
  options_.optimizer.kind = "adam";
  options_.optimizer.weight_decay = 1e30;
  for (const double loss_spike : {0.0, 10.0}) {
    options_.loss_spike = loss_spike;
    options_.rollbacks = 1;
    options_.out = (dir_ / ("spike" + std::to_string(static_cast<int>(loss_spike)))).string();
    try {
      train(options_, events_);
      FAIL();
    } catch (const NumericError& error) {
      EXPECT_THAT(error.what(), HasSubstr("averages are no longer finite numbers"));
    }
    EXPECT_EQ(read_checkpoint(file("last.state")).figures.step, 0);
    EXPECT_THROW(resume_training(options_.out), NumericError);
  }
}

// The update itself overflows: weights that are not finite are never saved, wherever the run is stopped.
TEST_F(Divergence, WeightsThatOverflow_ReachNoFile) {
  options_.optimizer.kind = "sgd";
  options_.optimizer.lr = 1e38;
  options_.optimizer.weight_decay = 1e30;
  options_.grad_clip = 0;
  options_.schedule.kind = "constant";
  options_.rollbacks = 1;
  for (const double val_frac : {0.1, 0.0}) {
    for (const int64_t stopped_at : {1, 3, 100}) {
      options_.val_frac = val_frac;
      options_.out = (dir_ / ("run" + std::to_string(stopped_at) + (val_frac > 0 ? "v" : ""))).string();
      std::atomic<bool> stop = false;
      events_.stop = &stop;
      events_.on_progress = [&](const TrainProgress& progress) { stop = progress.step == stopped_at; };
      try {
        EXPECT_EQ(train(options_, events_).end, TrainEnd::kInterrupted);
      } catch (const NumericError&) {
      }
      expect_finite_models();
    }
  }
}

TEST_F(Divergence, KilledAndResumed_EndsAsIfItNeverStopped) {
  options_.optimizer.lr = 40;
  options_.schedule.warmup_steps = 0;
  options_.rollbacks = 12;
  options_.save_seconds = 1e-9;
  train(options_);
  std::vector<std::string> expected;
  for (const char* const name : {"best.safetensors", "last.safetensors"}) expected.push_back(read_file(file(name)));
  const std::vector<EvaluationRecord> records = log();
  ASSERT_GT(records.back().rollbacks, 0);

  struct Killed {};
  for (const int steps : {3, 14, 25}) {
    options_.out = (dir_ / ("killed" + std::to_string(steps))).string();
    std::optional<TrainResult> result;
    for (int part = 0; !result; ++part) {
      int made = 0;
      TrainEvents events;
      // What is thrown between two saves ends the run as a kill does: nothing more is written.
      events.on_progress = [&](const TrainProgress&) {
        if (++made == steps) throw Killed{};
      };
      try {
        result = part == 0 ? train(options_, events) : resume_training(options_.out, {}, events);
      } catch (const Killed&) {
        ASSERT_LT(part, 1000);
      }
    }
    EXPECT_EQ(read_file(file("best.safetensors")), expected[0]);
    EXPECT_EQ(read_file(file("last.safetensors")), expected[1]);
    const std::vector<EvaluationRecord> resumed = log();
    ASSERT_EQ(resumed.size(), records.size());
    for (size_t k = 0; k < records.size(); ++k) {
      EXPECT_EQ(resumed[k].step, records[k].step);
      EXPECT_EQ(resumed[k].train_loss, records[k].train_loss);
      EXPECT_EQ(resumed[k].skipped, records[k].skipped);
      EXPECT_EQ(resumed[k].rollbacks, records[k].rollbacks);
    }
  }
}

TEST_F(Divergence, GoodStateLostOrFromFurtherOn_IsMadeAnewWhenResumed) {
  options_.steps = 20;
  train(options_);
  const std::string later = read_file(file("good.state"));
  TrainOptions other = options_;
  other.out = (dir_ / "other").string();
  std::atomic<bool> stop = false;
  events_.stop = &stop;
  events_.on_progress = [&](const TrainProgress& progress) { stop = progress.step == 15; };
  train(other, events_);
  const std::filesystem::path good = std::filesystem::path(other.out) / "good.state";
  for (const std::string& content : {later, later.substr(0, 100), std::string()}) {
    write_file(good, content);
    if (content.empty()) std::filesystem::remove(good);
    std::vector<int64_t> steps;
    TrainEvents events;
    events.on_start = [&](const Preflight&) { steps.push_back(read_checkpoint(good).figures.step); };
    events.stop = &stop;
    stop = true;
    resume_training(other.out, {}, events);
    EXPECT_EQ(steps, std::vector<int64_t>{15});
  }
}

// A folder from elsewhere can hold any: one of another shape would be written over the weights and beyond.
TEST_F(Divergence, GoodStateOfAnotherRun_IsNotTaken) {
  options_.steps = 20;
  train(options_);
  TrainOptions wide = options_, plain = options_, elsewhere = options_, seeded = options_;
  wide.network.hidden_size = 64;
  plain.optimizer.kind = "sgd";
  elsewhere.corpus.inputs = {dir_.write("other.txt", std::string(kPage).substr(1)).string()};
  seeded.seed += 1;
  for (TrainOptions* const other : {&wide, &plain, &elsewhere, &seeded}) {
    other->out = (dir_ / "other").string();
    other->steps = 5;
    train(*other);
    std::filesystem::rename(other->out + "/good.state", file("good.state"));
    std::filesystem::remove_all(other->out);
    int64_t step = 0;
    TrainEvents events;
    events.on_start = [&](const Preflight&) { step = read_checkpoint(file("good.state")).figures.step; };
    resume_training(options_.out, {}, events);
    EXPECT_EQ(step, 20) << "made anew";
  }

  train(wide);
  options_.out = (dir_ / "wild").string();
  options_.optimizer.lr = 1e5;
  events_.on_progress = [&](const TrainProgress&) {
    std::filesystem::copy_file(wide.out + "/good.state", file("good.state"),
                               std::filesystem::copy_options::overwrite_existing);
  };
  try {
    train(options_, events_);
    FAIL() << "it went back to another run's state";
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), HasSubstr("good.state is the state of another run"));
  }
}

}  // namespace
}  // namespace fude
