#include "fude/train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/eval/evaluate.h"
#include "fude/text/unicode.h"
#include "nn/network.h"
#include "train/log.h"
#include "train/small_run.h"

namespace fude {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<EvaluationRecord> log_of(const TrainOptions& options) {
  return parse_log(read_file(std::filesystem::path(options.out) / "log.jsonl"), "log.jsonl");
}

// What a training run says, for looking into.
struct Heard {
  TrainEvents events;
  std::vector<std::string> notes;

  Heard() {
    events.on_note = [this](std::string_view note) { notes.emplace_back(note); };
  }
};

TEST(Train, Page_IsLearnedByHeart) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  // Eight times the same document: its beginning is learned as what follows <eos>.
  std::string pages = kPage;
  for (int k = 1; k < 8; ++k) pages += std::string("\f") + kPage;
  options.corpus.inputs = {dir.write("pages.txt", pages).string()};
  options.corpus.format.doc_sep = "\f";
  options.network = {.embed_size = 32, .hidden_size = 128, .num_layers = 1};
  options.val_frac = 0;
  options.epochs = 20;
  const TrainResult result = train(options);
  EXPECT_EQ(result.end, TrainEnd::kFinished);
  EXPECT_FALSE(result.best);
  EXPECT_TRUE(std::isnan(result.last.val_loss));
  const LanguageModel model = LanguageModel::load(result.model_path);
  EXPECT_LT(evaluate(model, kPage).loss(), 0.05);
}

TEST(Train, RunDirectory_HoldsEverything) {
  const TempDir dir;
  const TrainOptions options = small_run(dir);
  TrainEvents events;
  events.sampler = [](const LanguageModel& model, uint64_t, int tokens) {
    return "<sample of " + std::to_string(tokens) + " from " + std::to_string(model.config().vocab_size) + ">";
  };
  int evaluations = 0, samples = 0;
  Preflight facts;
  events.on_start = [&](const Preflight& start) { facts = start; };
  events.on_evaluation = [&](const EvaluationRecord&) { ++evaluations; };
  events.on_sample = [&](int64_t, std::string_view) { ++samples; };
  const TrainResult result = train(options, events);

  const std::filesystem::path run = options.out;
  EXPECT_EQ(result.model_path, (run / "best.safetensors").string());
  for (const char* const name : {"last.safetensors", "last.state", "samples.txt", "report.html"})
    EXPECT_TRUE(std::filesystem::exists(run / name)) << name;
  EXPECT_GE(evaluations, 5);
  EXPECT_EQ(samples, evaluations);
  EXPECT_EQ(log_of(options).size(), static_cast<size_t>(evaluations));
  EXPECT_EQ(log_of(options).back().step, facts.total_steps);
  EXPECT_THAT(read_file(run / "samples.txt"), HasSubstr("<sample of 200 from "));
  EXPECT_THAT(read_file(run / "report.html"), HasSubstr("&lt;sample of 200"));
  const Json config = parse_json(read_file(run / "config.json"), "config.json");
  EXPECT_EQ(config["options"]["optimizer"]["lr"], 0.01);
  EXPECT_EQ(config["options"]["network"]["vocab_size"], facts.vocab_size);

  const LanguageModel best = LanguageModel::load(run);
  EXPECT_EQ(best.parameter_count(), facts.parameters);
  const Json info = parse_json(best.training_info(), "info");
  EXPECT_EQ(info["fallback_seen"], false);
  EXPECT_EQ(info["corpus"]["digest"], facts.corpus.digest);
  EXPECT_EQ(info["best"]["step"], result.best->step);
  EXPECT_EQ(info["options"]["corpus"]["inputs"][0], "page.txt");
  EXPECT_THAT(best.training_info(), Not(HasSubstr(dir.path().string())));
}

TEST(Train, ValidationLoss_IsThatOfReadingTheHeldOutText) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  const std::string held_out = "The ferryman said nothing. The river had said it all.\n";
  options.valid_inputs = {dir.write("held.txt", held_out).string()};
  const TrainResult result = train(options);
  const LanguageModel model = LanguageModel::load(result.model_path);
  const Evaluation evaluation = evaluate(model, held_out);
  EXPECT_NEAR(result.best->val_loss, evaluation.loss(), 1e-6);
  EXPECT_NEAR(result.best->val_bpc, evaluation.bits_per_char(), 1e-6);
  EXPECT_NEAR(result.best->val_bpb, evaluation.bits_per_byte(), 1e-6);
  EXPECT_NEAR(result.best->val_perplexity, std::exp(result.best->val_loss), 1e-9);
}

TEST(Train, PatienceExhausted_KeepsTheBestModel) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.valid_inputs = {dir.write("held.txt", "Zebras hum. " + std::string("Quiz! ") + "Six jays vex Pu.").string()};
  options.network.hidden_size = 64;
  options.epochs = 200;
  options.patience = 3;
  options.schedule.kind = "constant";
  const TrainResult result = train(options);
  EXPECT_EQ(result.end, TrainEnd::kPatience);
  const std::vector<EvaluationRecord> records = log_of(options);
  ASSERT_TRUE(result.best);
  EXPECT_EQ(records.size() - 1,
            static_cast<size_t>(3 + std::distance(records.begin(),
                                                  std::find_if(records.begin(), records.end(), [&](const auto& record) {
                                                    return record.step == result.best->step;
                                                  }))));
  for (const EvaluationRecord& record : records) EXPECT_GE(record.val_loss, result.best->val_loss);
  const Json info = parse_json(LanguageModel::load(result.model_path).training_info(), "info");
  EXPECT_EQ(info["step"], result.best->step);
  EXPECT_LT(result.best->step, result.last.step);
}

TEST(Train, Precision_IsResolvedAndRecorded) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  Preflight facts;
  TrainEvents events;
  events.on_start = [&](const Preflight& start) { facts = start; };
  train(options, events);
  EXPECT_EQ(facts.precision, "f32");  // its layers are too small to gain by bf16
  const Json config = parse_json(read_file(std::filesystem::path(options.out) / "config.json"), "config.json");
  EXPECT_EQ(config["options"]["precision"], "f32");
}

TEST(ResolvePrecision, WhatCannotBeHad_IsAConfigError) {
  const NetworkConfig small{.embed_size = 8, .hidden_size = 16}, large{.embed_size = 64, .hidden_size = 64};
  EXPECT_EQ(resolve_precision("f32", large), "f32");
  EXPECT_EQ(resolve_precision("auto", small), "f32");
  EXPECT_EQ(resolve_precision("auto", large), bf16_available() ? "bf16" : "f32");
  EXPECT_THROW(resolve_precision("bf16", small), ConfigError);
  EXPECT_THROW(resolve_precision("f16", large), ConfigError);
  set_backend("openblas");
  EXPECT_EQ(resolve_precision("auto", large), "f32");
  EXPECT_THROW(resolve_precision("bf16", large), ConfigError);
  set_backend("auto");
}

TEST(Train, FolderWithARun_IsRefusedUntouched) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  train(options);
  const std::string before = read_file(std::filesystem::path(options.out) / "last.state");
  EXPECT_THROW(train(options), ConfigError);
  EXPECT_THROW(preflight(options), ConfigError);
  EXPECT_EQ(read_file(std::filesystem::path(options.out) / "last.state"), before);
}

TEST(Train, InitFrom_StartsWhereTheModelEnded) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.epochs = 10;
  const TrainResult first = train(options);

  TrainOptions tuning = small_run(dir);
  tuning.out = (dir / "tuned").string();
  tuning.init_from = options.out;
  tuning.network.hidden_size = 99;
  tuning.tokenizer.kind = "byte";
  tuning.optimizer.lr = 0;
  Heard heard;
  const TrainResult result = train(tuning, heard.events);
  EXPECT_THAT(heard.notes, Contains(HasSubstr("lstm, 1 x 16, char")));
  const LanguageModel start = LanguageModel::load(first.model_path), end = LanguageModel::load(result.model_path);
  EXPECT_EQ(end.config(), start.config());
  const auto a = start.network().parameters().values(), b = end.network().parameters().values();
  EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  EXPECT_EQ(result.best->val_loss, first.best->val_loss);
}

TEST(Train, InitFromOnAnotherScript_SaysThatSymbolsAreSpelledOut) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  train(options);
  TrainOptions tuning = small_run(dir);
  tuning.corpus.inputs = {dir.write("ja.txt", "ある夕方、川の渡し守は二冊の帳面を閉じた。").string()};
  tuning.out = (dir / "tuned").string();
  tuning.init_from = options.out;
  Heard heard;
  const TrainResult result = train(tuning, heard.events);
  EXPECT_THAT(heard.notes, Contains(HasSubstr("vocabulary lacks some of this text")));
  const Json info = parse_json(LanguageModel::load(result.model_path).training_info(), "info");
  EXPECT_EQ(info["fallback_seen"], true);
}

TEST(Train, TinyTexts_TrainWithSmallBatches) {
  for (const char* const text : {"ab", "abcdefghij"}) {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    options.corpus.inputs = {dir.write("tiny.txt", text).string()};
    options.val_frac = std::string_view(text).size() > 2 ? 0.1 : 0;
    options.batch = {};
    Heard heard;
    Preflight facts;
    heard.events.on_start = [&](const Preflight& start) { facts = start; };
    EXPECT_EQ(train(options, heard.events).end, TrainEnd::kFinished) << text;
    EXPECT_THAT(heard.notes, Contains(HasSubstr("the text is short"))) << text;
    EXPECT_EQ(facts.batch_size, 1) << text;
    EXPECT_EQ(facts.seq_length, 1) << text;
  }
}

TEST(Train, NothingToLearn_IsADataError) {
  for (const char* const text : {"aaaaaaaaaaaaaaaaaaaa", "ああああああああああああ", "a", "ab"}) {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    options.corpus.inputs = {dir.write("same.txt", text).string()};
    try {
      train(options);
      FAIL() << text;
    } catch (const DataError& error) {
      EXPECT_FALSE(error.hint().empty()) << text;
    }
    EXPECT_FALSE(std::filesystem::exists(options.out)) << text;
  }
}

TEST(Train, StopBeforeTheFirstStep_LeavesARunThatResumes) {
  const TempDir dir;
  const TrainOptions options = small_run(dir);
  const std::atomic<bool> stop = true;
  TrainEvents events;
  events.stop = &stop;
  const TrainResult result = train(options, events);
  EXPECT_EQ(result.end, TrainEnd::kInterrupted);
  EXPECT_EQ(result.last.step, 0);
  EXPECT_NO_THROW(LanguageModel::load(result.model_path));
  EXPECT_EQ(resume_training(options.out).end, TrainEnd::kFinished);
}

TEST(Train, Divergence_IsANumericErrorAndKeepsWhatWasSaved) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.optimizer.kind = "sgd";
  options.optimizer.lr = 1e38;
  options.grad_clip = 0;
  options.schedule.kind = "constant";
  EXPECT_THROW(train(options), NumericError);
  EXPECT_NO_THROW(LanguageModel::load(std::filesystem::path(options.out) / "last.safetensors"));
}

TEST(Train, TimeLimitAlone_EndsTheRun) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.epochs = 0;
  options.max_seconds = 1;
  options.schedule.warmup_steps = 0;
  Preflight facts;
  std::vector<double> left, rates;
  TrainEvents events;
  events.on_start = [&](const Preflight& start) { facts = start; };
  events.on_progress = [&](const TrainProgress& progress) {
    left.push_back(progress.seconds_left);
    rates.push_back(progress.lr);
  };
  const auto begin = std::chrono::steady_clock::now();
  const TrainResult result = train(options, events);
  EXPECT_EQ(result.end, TrainEnd::kFinished);
  EXPECT_EQ(facts.total_steps, 0);
  EXPECT_GE(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 1);
  // A step may take any part of the time on a machine that does other work, too.
  ASSERT_FALSE(left.empty());
  EXPECT_LT(left.back(), 1);
  EXPECT_TRUE(std::is_sorted(left.rbegin(), left.rend()));
  EXPECT_TRUE(std::is_sorted(rates.rbegin(), rates.rend()));
  EXPECT_TRUE(rates.size() == 1 || rates.back() < rates.front());
}

TEST(Train, ManyCharacters_AreLearnedAtALowerRate) {
  const TempDir dir;
  std::string text;
  for (int repeat = 0; repeat < 4; ++repeat)
    for (char32_t c = 0x4E00; c < 0x4E00 + kManyCharacters; ++c) append_utf8(text, c);
  TrainOptions options = small_run(dir);
  options.corpus.inputs = {dir.write("han.txt", text).string()};
  options.many_characters_lr = options.optimizer.lr / 2;
  options.steps = 1;
  std::string notes;
  TrainEvents events;
  events.on_note = [&](std::string_view note) { notes += note; };
  EXPECT_LE(train(options, events).last.lr, options.optimizer.lr / 2);
  EXPECT_THAT(notes, ::testing::HasSubstr("characters: learning rate"));
}

TEST(Train, EveryTokenizerAndCell_Trains) {
  for (const char* const kind : {"char", "byte", "word", "whitespace", "bpe", "unigram"}) {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    options.tokenizer.kind = kind;
    options.tokenizer.vocab_size = std::string_view(kind) == "byte" || std::string_view(kind) == "whitespace" ? 0 : 340;
    options.network.cell = std::string_view(kind) == "word" ? CellKind::kGru : CellKind::kLstm;
    options.network.tied = true;
    options.epochs = 1;
    EXPECT_TRUE(std::isfinite(train(options).best->val_bpc)) << kind;
  }
}

TEST(Train, NoFolder_IsAConfigError) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.out.clear();
  EXPECT_THROW(train(options), ConfigError);
}

TEST(Train, FolderThatCannotBeMade_IsAnIoError) {
  const TempDir dir;
  TrainOptions options = small_run(dir);
  options.out = (dir.write("file", "") / "run").string();
  EXPECT_THROW(train(options), IoError);
}

TEST(Preflight, Figures_AreThoseOfTheRunAndNothingIsWritten) {
  const TempDir dir;
  const TrainOptions options = small_run(dir);
  const Preflight planned = preflight(options);
  EXPECT_FALSE(std::filesystem::exists(options.out));
  EXPECT_GT(planned.tokens_per_second, 0);
  EXPECT_GT(planned.seconds, 0);
  Preflight facts;
  TrainEvents events;
  events.on_start = [&](const Preflight& start) { facts = start; };
  train(options, events);
  EXPECT_EQ(planned.total_steps, facts.total_steps);
  EXPECT_EQ(planned.parameters, facts.parameters);
  EXPECT_EQ(planned.valid_tokens, facts.valid_tokens);
  EXPECT_GT(planned.memory_bytes, 0);
}

}  // namespace
}  // namespace fude
