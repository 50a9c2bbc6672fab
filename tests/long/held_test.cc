// Files and threads are given back, also by what fails.
#include <string>

#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "fude/data/corpus.h"
#include "fude/data/prepare.h"
#include "fude/generate/generator.h"
#include "long/long_run.h"
#include "train/small_run.h"

namespace fude {
namespace {

// Twice what `use` does, which may be to throw: whatever is made once, as threads are, is there after the first time.
template <class Use>
void expect_given_back(const Use& use) {
  Held before{};
  for (int time = 0; time < 3; ++time) {
    if (time == 1) before = held();
    try {
      use();
    } catch (const std::exception&) {
    }
  }
  EXPECT_EQ(held(), before);
}

TEST(Held, Training_GivesBackFilesAndThreads) {
  for (const int threads : {1, 3}) {
    expect_given_back([&] {
      const TempDir dir;
      TrainOptions options = small_run(dir);
      options.threads = threads;
      options.steps = 3;
      const TrainResult result = train(options);
      resume_training(options.out, {.steps = 6});
      generate(LanguageModel::load(result.model_path), {.prompt = "The ", .max_tokens = 20});
      preflight(options);  // throws: there is a run
    });
  }
  set_threads(1);
}

TEST(Held, TrainingThatFails_GivesThemBack) {
  expect_given_back([] {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    TrainEvents events;
    events.on_evaluation = [](const EvaluationRecord&) { throw DataError("enough"); };
    train(options, events);
  });
  expect_given_back([] {
    const TempDir dir;
    TrainOptions options = small_run(dir);
    options.optimizer.lr = 1e30;
    train(options);
  });
}

class LostSink : public DocumentSink {
 public:
  void text(std::string_view) override { throw DataError("enough"); }
  void end_document() override {}
};

class NoSink : public DocumentSink {
 public:
  void text(std::string_view) override {}
  void end_document() override {}
};

void corpus_of(const TempDir& dir, std::string_view name, std::string_view bytes) {
  const Corpus corpus({.inputs = {dir.write(name, bytes).string()}});
  LostSink sink;
  corpus.visit(sink);
}

TEST(Held, CorporaAndArchives_GiveThemBack) {
  const std::string text(3'000'000, 'x');
  expect_given_back([&] {
    const TempDir dir;
    corpus_of(dir, "a.txt", text);
  });
  expect_given_back([&] {
    const TempDir dir;
    // The header of an archive and a block of 65,535 bytes, most of which are not there.
    corpus_of(dir, "a.txt.gz", std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03\0\xFF\xFF\0\0", 15) + text.substr(0, 1000));
  });
  expect_given_back([&] {
    const TempDir dir;
    corpus_of(dir, "a.txt.zst", std::string("\x28\xB5\x2F\xFD", 4) + text);  // damaged
  });
  expect_given_back([&] {
    const TempDir dir;
    corpus_of(dir, "a.txt", text + "\xFF" + text);
  });
}

TEST(Held, Preparing_GivesThemBack) {
  std::string text;
  for (int line = 0; line < 20'000; ++line) text += "line " + std::to_string(line % 999) + "\n\n";
  for (const bool fails : {false, true}) {
    expect_given_back([&] {
      const TempDir dir;
      PrepareOptions options;
      options.dedup.exact = "both";
      options.shuffle = true;
      options.memory = 1 << 16;
      NoSink rest;
      LostSink lost;
      DocumentSink* const sink = fails ? static_cast<DocumentSink*>(&lost) : &rest;
      prepare(Corpus({.inputs = {dir.write("a.txt", text).string()}}), options, {&sink, 1});
    });
  }
}

}  // namespace
}  // namespace fude
