// Runs that cannot go on as they were: what is different is named, and nothing is touched.
#include "train/resume_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "train/small_run.h"

namespace fude {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ResumeCheck : public ::testing::Test {
 protected:
  ResumeCheck() : options_(small_run(dir_)) {
    options_.epochs = 0;
    options_.steps = 2;
  }

  std::filesystem::path file(const char* name) const { return std::filesystem::path(options_.out) / name; }
  // What resuming the run says is wrong; nothing of the run is changed by that.
  std::string refusal() const {
    const std::string state = read_file(file("last.state")), config = read_file(file("config.json"));
    std::string said;
    try {
      resume_training(options_.out, {.steps = 4});
    } catch (const Error& error) {
      said = error.what();
      EXPECT_NE(error.hint(), "");
      EXPECT_EQ(read_file(file("last.state")), state);
      EXPECT_EQ(read_file(file("config.json")), config);
    }
    return said;
  }
  // The value at `path`, such as {"options", "network", "hidden_size"}, of config.json.
  void edit(const std::vector<std::string>& path, const Json& value) const {
    Json config = parse_json(read_file(file("config.json")), "config.json");
    Json* place = &config;
    for (const std::string& key : path) place = &(*place)[key];
    *place = value;
    write_file(file("config.json"), to_pretty_text(config));
  }

  TempDir dir_;
  TrainOptions options_;
};

TEST_F(ResumeCheck, ChangedFiles_AreNamed) {
  for (const char* const name : {"a.txt", "b.txt", "c.txt"}) dir_.write(std::string("text/") + name, kPage);
  options_.corpus.inputs = {(dir_ / "text").string()};
  options_.valid_inputs = {dir_.write("held.txt", kPage).string()};
  train(options_);

  const std::string page(kPage);
  dir_.write("text/b.txt", page + "ü\n");
  const std::string length = std::to_string(page.size());
  EXPECT_THAT(refusal(), AllOf(HasSubstr("began with; " + (dir_ / "text/b.txt").string() + " has " +
                                         std::to_string(page.size() + 2) + " characters instead of " + length),
                               Not(HasSubstr("missing")), Not(HasSubstr("new: "))));
  dir_.write("text/b.txt", page);
  dir_.write("text/d.txt", "More.\n");
  dir_.write("text/e.txt", "And more.\n");
  EXPECT_THAT(refusal(), HasSubstr("; new: " + (dir_ / "text/d.txt").string() + " (and 1 more)"));
  std::filesystem::remove(dir_ / "text/d.txt");
  std::filesystem::remove(dir_ / "text/e.txt");
  std::filesystem::rename(dir_ / "text/c.txt", dir_ / "c.txt");
  EXPECT_THAT(refusal(), HasSubstr("; missing: " + (dir_ / "text/c.txt").string()));
  std::filesystem::rename(dir_ / "c.txt", dir_ / "text/c.txt");
  std::string other = page;
  std::swap(other[0], other[1]);
  dir_.write("held.txt", other);
  EXPECT_THAT(refusal(),
              HasSubstr("; held out: " + (dir_ / "held.txt").string() + " has other text of the same length"));
  dir_.write("held.txt", page);
  EXPECT_EQ(refusal(), "");
}

TEST_F(ResumeCheck, SameFilesDividedOtherwise_AreSaidToBe) {
  train(options_);
  edit({"options", "val_frac"}, 0.3);
  EXPECT_THAT(refusal(), HasSubstr("files are the same"));
}

TEST_F(ResumeCheck, ListOfFilesLostOrDamaged_LeavesTheRefusal) {
  train(options_);
  dir_.write("page.txt", std::string(kPage) + "More.\n");
  for (const char* const damage : {"{\"file\": 3}\n", "{", "\n", "", static_cast<const char*>(nullptr)}) {
    if (damage == nullptr) {
      std::filesystem::remove(file("cache/sources.jsonl"));
    } else {
      write_file(file("cache/sources.jsonl"), damage);
    }
    EXPECT_THAT(refusal(), HasSubstr("the text is not the one that the run in "));
  }
}

TEST_F(ResumeCheck, EditedConfig_IsRefusedWithWhatTheRunHas) {
  train(options_);
  const std::string before = read_file(file("config.json"));
  struct Edit {
    std::vector<std::string> path;
    Json value;
    const char* expected;
  };
  const std::vector<Edit> edits = {
      {{"options", "network", "hidden_size"}, 32, "network.hidden_size is 32, not 16"},
      {{"options", "network", "cell"}, "gru", "network.cell is \"gru\", not \"lstm\""},
      {{"options", "optimizer", "kind"}, "sgd", "optimizer.kind is \"sgd\", not \"adamw\""},
      {{"options", "optimizer", "lr"}, 0.5, "optimizer.lr is 0.5, not 0.01"},
      {{"options", "batch", "batch_size"}, 2, "batch.batch_size is 2, not 4"},
      {{"options", "tokenizer", "kind"}, "byte", "tokenizer.kind is \"byte\", not \"char\""},
      {{"options", "tokenizer", "kind"}, "/etc/passwd", "tokenizer.kind is \"a file\", not \"char\""},
      {{"options", "init_from"}, "/etc/passwd", "init_from is \"a model\", not \"\""},
      {{"options", "seed"}, 99, "seed is 99, not 1"},
      {{"options", "schedule", "kind"}, "linear", "schedule.kind is \"linear\", not \"cosine\""}};
  for (const Edit& change : edits) {
    edit(change.path, change.value);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("config.json is not as the run left it: "), HasSubstr(change.expected)));
    write_file(file("config.json"), before);
  }
  for (const char* const harmless : {"save_seconds", "sample_every", "sample_length", "threads"})
    edit({"options", harmless}, 1);
  EXPECT_EQ(refusal(), "");
}

TEST_F(ResumeCheck, OtherRounding_IsTold) {
  train(options_);
  edit({"options", "backend"}, "openblas");
  std::string told;
  TrainEvents events;
  events.on_note = [&](std::string_view note) { told += std::string(note) + "\n"; };
  resume_training(options_.out, {.steps = 4}, events);
  EXPECT_THAT(told, HasSubstr("config.json: backend is openblas, not auto, so that the run goes on with other "
                              "rounding\n"));
}

TEST_F(ResumeCheck, WhatTheMachineLacks_IsNamedWithTheFile) {
  train(options_);
  edit({"options", "threads"}, 2'000'000'000);
  EXPECT_THAT(refusal(), HasSubstr("config.json: "));
}

TEST_F(ResumeCheck, TextThatIsAPipeOrADevice_IsRefused) {
  train(options_);
  const std::string config = read_file(file("config.json"));
  const std::string pipe = dir_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& text : {pipe, std::string("/dev/zero")}) {
    for (const std::vector<std::string>& path :
         {std::vector<std::string>{"options", "corpus", "inputs"}, {"options", "valid_inputs"}}) {
      edit(path, Json::array({text}));
      EXPECT_THAT(refusal(), AllOf(HasSubstr(text), HasSubstr("a pipe or a device"))) << path.back();
      write_file(file("config.json"), config);
    }
  }
}

TEST_F(ResumeCheck, TextThatWasMoved_IsNamedWithWhereToSayIt) {
  train(options_);
  const std::string text = options_.corpus.inputs[0];
  std::filesystem::rename(text, dir_ / "moved.txt");
  EXPECT_THAT(refusal(), AllOf(HasSubstr(text), HasSubstr("is not there")));
  edit({"options", "corpus", "inputs"}, Json::array({(dir_ / "moved.txt").string()}));
  EXPECT_EQ(refusal(), "");
}

TEST_F(ResumeCheck, ListOfFilesLostWithTheCache_IsMadeAgain) {
  train(options_);
  std::filesystem::remove_all(file("cache"));
  EXPECT_EQ(refusal(), "");
  dir_.write("page.txt", std::string(kPage) + "More.\n");
  EXPECT_THAT(refusal(), HasSubstr("page.txt has "));
}

TEST_F(ResumeCheck, TextFoundInTheFolderOfTheRun_IsRefusedBeforeTheRun) {
  const std::string folder = dir_ / "folder";
  dir_.write("folder/below/a.txt", kPage);
  options_.out = folder;
  for (const std::string& input : {folder, folder + "/*/*.txt", dir_.path().string()}) {
    options_.corpus.inputs = {input};
    EXPECT_THROW(train(options_), ConfigError) << input;
    EXPECT_THROW(preflight(options_), ConfigError) << input;
    EXPECT_FALSE(file_exists(folder + "/last.state"));
  }
  options_.corpus.inputs = {folder + "/below/a.txt"};
  EXPECT_NO_THROW(train(options_));
  EXPECT_EQ(resume_training(options_.out, {.steps = 4}).last.step, 4);
}

TEST_F(ResumeCheck, CacheOfARun_IsNoFolderForAnother) {
  train(options_);
  options_.out += "/cache";
  EXPECT_THROW(train(options_), ConfigError);
  options_.out += "/";
  EXPECT_THROW(train(options_), ConfigError);
}

TEST_F(ResumeCheck, TextOfANameThatIsNoUtf8_IsRefusedBeforeTheRun) {
  options_.corpus.inputs = {dir_.write("caf\xE9.txt", kPage).string()};
  EXPECT_THROW(train(options_), IoError);
  EXPECT_FALSE(file_exists(options_.out));
  options_.corpus.inputs = {dir_.path().string()};
  EXPECT_NO_THROW(train(options_));
  EXPECT_EQ(refusal(), "");
}

TEST_F(ResumeCheck, HugeConfig_IsNotRead) {
  train(options_);
  std::filesystem::resize_file(file("config.json"), uint64_t{1} << 37);
  std::string told;
  TrainEvents events;
  events.on_note = [&](std::string_view note) { told += std::string(note) + "\n"; };
  resume_training(options_.out, {.steps = 4}, events);
  EXPECT_THAT(told, HasSubstr("config.json is too large; the options are those saved"));
}

TEST_F(ResumeCheck, StateOfAnotherRun_IsRefused) {
  train(options_);
  TrainOptions other = options_;
  other.out = (dir_ / "other").string();
  other.network.hidden_size = 24;
  train(other);
  std::filesystem::copy_file(dir_ / "other/last.state", file("last.state"),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(refusal(), HasSubstr("network.hidden_size is 16, not 24"));
}

}  // namespace
}  // namespace fude
