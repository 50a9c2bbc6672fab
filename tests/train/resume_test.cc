// Runs that were interrupted and go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/generate/generator.h"
#include "fude/train/trainer.h"
#include "text/tokenizer_file.h"
#include "train/log.h"
#include "train/small_run.h"

namespace fude {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::vector<EvaluationRecord> log_of(const TrainOptions& options) {
  return parse_log(read_file(std::filesystem::path(options.out) / "log.jsonl"), "log.jsonl");
}

// With everything on that carries something from step to step.
TrainOptions full_run(const TempDir& dir) {
  TrainOptions options = small_run(dir);
  options.network = {.embed_size = 8, .hidden_size = 16, .num_layers = 2};
  options.dropout = {0.1, 0.1, 0.1, 0.1, true};
  options.batch.random_length = true;
  options.schedule.warmup_steps = 5;
  options.epochs = 0;
  options.steps = 40;
  options.eval_every = 7;
  return options;
}

void stop_at(int64_t step, std::atomic<bool>& stop, TrainEvents& events) {
  events.stop = &stop;
  events.on_progress = [step, &stop](const TrainProgress& progress) { stop = progress.step == step; };
}

TEST(ResumeTraining, InterruptedRun_EndsAsIfItNeverStopped) {
  for (const char* const kind : {"cosine", "plateau"}) {
    for (const int64_t interrupted_at : {20, 21}) {  // 21: with an evaluation due
      const TempDir straight_dir, resumed_dir;
      TrainOptions straight = full_run(straight_dir), resumed = full_run(resumed_dir);
      straight.schedule.kind = resumed.schedule.kind = kind;
      const TrainResult expected = train(straight);

      std::atomic<bool> stop = false;
      TrainEvents events;
      stop_at(interrupted_at, stop, events);
      const TrainResult half = train(resumed, events);
      EXPECT_EQ(half.end, TrainEnd::kInterrupted);
      EXPECT_EQ(half.last.step, interrupted_at);
      const TrainResult result = resume_training(resumed.out);
      EXPECT_EQ(result.end, TrainEnd::kFinished);
      EXPECT_EQ(result.best->val_loss, expected.best->val_loss);
      for (const char* const name : {"best.safetensors", "last.safetensors"}) {
        EXPECT_TRUE(read_file(std::filesystem::path(straight.out) / name) ==
                    read_file(std::filesystem::path(resumed.out) / name))
            << kind << " " << interrupted_at << " " << name;
      }
      const auto a = log_of(straight), b = log_of(resumed);
      ASSERT_EQ(a.size(), b.size());
      for (size_t k = 0; k < a.size(); ++k) {
        EXPECT_EQ(a[k].val_loss, b[k].val_loss);
        EXPECT_EQ(a[k].train_loss, b[k].train_loss);
        EXPECT_EQ(a[k].tokens, b[k].tokens);
      }
    }
  }
}

// In bf16 too, on two threads, with a sampled softmax.
TEST(ResumeTraining, RoundedRunOnTwoThreads_EndsAsIfItNeverStopped) {
  const TempDir straight_dir, resumed_dir;
  const auto options_in = [](const TempDir& dir) {
    TrainOptions options = full_run(dir);
    options.network = {.embed_size = 64, .hidden_size = 128, .num_layers = 2};
    options.tokenizer.kind = "word";
    options.precision = bf16_available() ? "bf16" : "f32";
    options.sampled_softmax = 40;
    options.threads = 2;
    options.steps = 12;
    return options;
  };
  const TrainOptions straight = options_in(straight_dir), resumed = options_in(resumed_dir);
  train(straight);
  std::atomic<bool> stop = false;
  TrainEvents events;
  stop_at(5, stop, events);
  train(resumed, events);
  resume_training(resumed.out);
  for (const char* const name : {"best.safetensors", "last.safetensors"})
    EXPECT_TRUE(read_file(std::filesystem::path(straight.out) / name) ==
                read_file(std::filesystem::path(resumed.out) / name))
        << name;
  set_threads(0);
}

TEST(ResumeTraining, LogWrittenAfterTheSave_IsMadeAgain) {
  const TempDir dir;
  const TrainOptions options = full_run(dir);
  std::atomic<bool> stop = false;
  TrainEvents events;
  stop_at(20, stop, events);
  train(options, events);
  // As a kill between log and state leaves it.
  std::ofstream(std::filesystem::path(options.out) / "log.jsonl", std::ios::app) << "{\"step\": 21, \"half a li";
  resume_training(options.out);
  EXPECT_EQ(log_of(options).size(), 6u);
}

TEST(ResumeTraining, RaisedLimit_GoesOnFromTheEnd) {
  const TempDir dir;
  TrainOptions options = full_run(dir);
  options.steps = 10;
  train(options);
  std::vector<std::string> notes;
  TrainEvents events;
  events.on_note = [&](std::string_view note) { notes.emplace_back(note); };
  EXPECT_EQ(resume_training(options.out, {}, events).last.step, 10);
  EXPECT_THAT(notes, Contains(HasSubstr("had ended already")));
  const TrainResult result = resume_training(options.out, {.steps = 15});
  EXPECT_EQ(result.end, TrainEnd::kFinished);
  EXPECT_EQ(result.last.step, 15);
  EXPECT_EQ(resume_training(options.out).last.step, 15);  // the limit stays raised
}

TEST(ResumeTraining, ChangedText_IsADataErrorAndLeavesTheRun) {
  const TempDir dir;
  TrainOptions options = full_run(dir);
  options.steps = 5;
  train(options);
  dir.write("page.txt", std::string(kPage) + "One more line.\n");
  EXPECT_THROW(resume_training(options.out, {.steps = 10}), DataError);
  dir.write("page.txt", kPage);
  EXPECT_EQ(resume_training(options.out, {.steps = 10}).last.step, 10);
}

TEST(ResumeTraining, TokenizerFileGone_TheModelHasIt) {
  const TempDir dir;
  TrainOptions options = full_run(dir);
  options.steps = 5;
  const auto tokenizer = train_tokenizer({.kind = "word"}, [](const TextSink& sink) { sink(kPage); });
  save_tokenizer_file(*tokenizer, dir / "mine");
  const std::filesystem::path here = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  options.tokenizer.kind = "mine";  // no dot and no slash
  train(options);
  std::filesystem::current_path(here);
  std::filesystem::remove(dir / "mine");
  EXPECT_EQ(resume_training(options.out, {.steps = 10}).last.step, 10);
}

TEST(ResumeTraining, NoRun_IsAnIoError) {
  const TempDir dir;
  EXPECT_THROW(resume_training(dir.path()), IoError);
}

// Long enough for characters seen once to teach byte fallback, with such a character.
std::string long_text() {
  std::string text = "The ferryman took £1 a head.\n";
  for (int k = 0; k < 20; ++k) text += kPage;
  return text;
}

TEST(ResumeTraining, CharacterSeenOnce_IsNotWrittenAfterwardsEither) {
  const TempDir straight_dir, resumed_dir;
  std::vector<TrainOptions> runs = {full_run(straight_dir), full_run(resumed_dir)};
  for (TrainOptions& options : runs) {
    std::ofstream(options.corpus.inputs.front()) << long_text();
    options.eval_every = 4;
    options.steps = 12;
  }
  TrainEvents events;
  events.sampler = [](const LanguageModel& model, uint64_t seed, int) {
    return generate(model, {.sampler = {.temperature = 2}, .seed = seed, .max_tokens = 400, .stop_at_eos = false}).text;
  };
  train(runs[0], events);
  std::atomic<bool> stop = false;
  TrainEvents interrupted = events;
  stop_at(6, stop, interrupted);
  train(runs[1], interrupted);
  resume_training(runs[1].out, {}, events);
  for (const char* const name : {"best.safetensors", "last.safetensors", "samples.txt"})
    EXPECT_TRUE(read_file(std::filesystem::path(runs[0].out) / name) ==
                read_file(std::filesystem::path(runs[1].out) / name))
        << name;
  const LanguageModel model = LanguageModel::load(std::filesystem::path(runs[1].out) / "last.safetensors");
  EXPECT_EQ(parse_json(model.training_info(), "info")["fallback_seen"], false);
}

TEST(ResumeTraining, SampleThatWasInterrupted_IsWrittenWhenTheRunGoesOn) {
  for (const int64_t every : {0, 4}) {  // at evaluations, and between them
    const TempDir straight_dir, resumed_dir;
    TrainOptions straight = full_run(straight_dir), resumed = full_run(resumed_dir);
    for (TrainOptions* const options : {&straight, &resumed}) {
      options->sample_every = every;
      options->steps = 12;
    }
    TrainEvents events;
    events.sampler = [](const LanguageModel&, uint64_t seed, int) { return "sample " + std::to_string(seed); };
    train(straight, events);
    std::atomic<bool> stop = false;
    TrainEvents interrupted = events;
    interrupted.stop = &stop;
    interrupted.sampler = [&stop](const LanguageModel&, uint64_t, int) {
      stop = true;
      return std::string("sam");
    };
    EXPECT_EQ(train(resumed, interrupted).end, TrainEnd::kInterrupted);
    resume_training(resumed.out, {}, events);
    const auto samples = [](const TrainOptions& options) {
      return read_file(std::filesystem::path(options.out) / "samples.txt");
    };
    EXPECT_EQ(samples(resumed), samples(straight));
    EXPECT_THAT(read_file(std::filesystem::path(resumed.out) / "report.html"), HasSubstr("sample "));
  }
}

TEST(ResumeTraining, FilesOfAKilledSave_AreTakenAway) {
  const TempDir dir;
  TrainOptions options = full_run(dir);
  options.steps = 4;
  train(options);
  for (const char* const name : {"run/last.state.new-123", "run/cache/train.tokens.new-4"}) dir.write(name, "half");
  for (const char* const name : {"run/notes.new-year", "run/notes.new-2"}) dir.write(name, "mine");
  resume_training(options.out);
  EXPECT_FALSE(std::filesystem::exists(dir / "run/last.state.new-123"));
  EXPECT_FALSE(std::filesystem::exists(dir / "run/cache/train.tokens.new-4"));
  EXPECT_TRUE(std::filesystem::exists(dir / "run/notes.new-year"));
  EXPECT_TRUE(std::filesystem::exists(dir / "run/notes.new-2"));
}

}  // namespace
}  // namespace fude
