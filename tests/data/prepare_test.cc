#include "fude/data/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "data/documents.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using Texts = std::vector<std::string>;

class Prepare : public testing::Test {
 protected:
  // Documents are lines.
  Texts prepared(const std::string& lines, const PrepareOptions& options) {
    const Corpus corpus({.inputs = {folder_.write("lines.txt", lines).string()}, .format = {.doc_sep = "\n"}});
    parts_.assign(std::max<size_t>(1, options.split.size()), {});
    std::vector<DocumentSink*> sinks;
    for (Documents& part : parts_) sinks.push_back(&part);
    report_ = prepare(corpus, options, sinks, [&](const PrepareProgress& progress) { passes_.push_back(progress); });
    return parts_[0].all;
  }

  TempDir folder_;
  std::vector<Documents> parts_;
  PrepareReport report_;
  std::vector<PrepareProgress> passes_;
};

TEST_F(Prepare, DefaultOptions_CleanInOnePass) {
  EXPECT_EQ(prepared("one \ntwo\n \n", {}), (Texts{"one", "two"}));
  EXPECT_EQ(report_.clean.trimmed_lines, 2);
  EXPECT_EQ(report_.clean.empty_documents, 1);
  EXPECT_EQ(report_.documents, std::vector<int64_t>{2});
  EXPECT_EQ(passes_.back().passes, 1);
}

TEST_F(Prepare, EveryStep_SeesWhatTheOnesBeforeLeave) {
  PrepareOptions options;
  options.filter = {.min_document = 3, .scripts = "latin"};
  options.dedup = {.exact = "both", .near = 0.9};
  options.characters = {.max_chars = 9};
  // Alike only after cleaning; too short; Russian; in all eight characters with newline, of which é is the rarest.
  EXPECT_EQ(prepared("aabbcc \naabbcc\nab\n\u0434\u0434\u0434\u0434\nddeeff\n\u00E9eaabb\n", options),
            (Texts{"aabbcc", "ddeeff", "\u00E9eaabb"}));
  EXPECT_EQ(report_.clean.trimmed_lines, 1);
  EXPECT_EQ(report_.filter.short_documents, 1);
  EXPECT_EQ(report_.filter.foreign_documents, 1);
  EXPECT_EQ(report_.dedup.documents, 1);
  EXPECT_EQ(report_.dedup.near_documents + report_.dedup.lines, 0);
  EXPECT_EQ(report_.characters.folded, 0);
  options.characters.max_chars = 7;
  EXPECT_EQ(prepared("aabbcc\nddeeff\n\u00E9eaabb\n", options), (Texts{"aabbcc", "ddeeff", "eeaabb"}));
  EXPECT_EQ(report_.characters.folded, 1);
}

TEST_F(Prepare, Passes_AreCountedAhead) {
  PrepareOptions options;
  options.dedup = {.exact = "both", .near = 0.9};
  options.characters.max_chars = 50;
  prepared("one\ntwo\n", options);
  EXPECT_EQ(passes_.front().pass, 1);
  EXPECT_EQ(passes_.back().pass, passes_.back().passes);
  EXPECT_EQ(passes_.back().passes, 7);
  EXPECT_EQ(passes_.back().done, passes_.back().total);
}

TEST_F(Prepare, TinyMemory_GivesTheSame) {
  std::string lines;
  for (int i = 0; i < 3'000; ++i) lines += "this is line " + std::to_string(i * i % 1'000) + "\n";
  PrepareOptions options;
  options.dedup = {.exact = "both", .near = 0.95};
  options.shuffle = true;
  const Texts expected = prepared(lines, options);
  EXPECT_GT(report_.dedup.documents, 100);
  EXPECT_GT(report_.dedup.near_documents, 0);
  options.memory = 200;
  EXPECT_EQ(prepared(lines, options), expected);
}

TEST_F(Prepare, Split_DividesDocumentsAndSeedDecides) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += std::to_string(1000 + i) + "\n";
  PrepareOptions options;
  options.split = {0.8, 0.1, 0.1};
  const Texts train = prepared(lines, options);
  EXPECT_EQ(report_.documents, (std::vector<int64_t>{80, 10, 10}));
  EXPECT_EQ(parts_[1].all.size() + parts_[2].all.size(), 20U);
  EXPECT_TRUE(std::is_sorted(train.begin(), train.end()));
  EXPECT_EQ(prepared(lines, options), train);
  options.seed = 2;
  EXPECT_NE(prepared(lines, options), train);
}

TEST_F(Prepare, Shuffling_LeavesEachDocumentInItsPart) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += std::to_string(1000 + i) + "\n";
  PrepareOptions options;
  options.split = {0.8, 0.1, 0.1};
  prepared(lines, options);
  const std::vector<Documents> in_order = parts_;
  options.shuffle = true;
  prepared(lines, options);
  EXPECT_EQ(report_.shuffled_documents, 100);
  EXPECT_EQ(report_.documents, (std::vector<int64_t>{80, 10, 10}));
  for (size_t part = 0; part < parts_.size(); ++part) {
    EXPECT_NE(parts_[part].all, in_order[part].all);
    EXPECT_THAT(parts_[part].all, testing::UnorderedElementsAreArray(in_order[part].all));
  }
}

TEST_F(Prepare, NothingLeft_IsToldByTheReport) {
  PrepareOptions options;
  options.filter.min_document = 100;
  prepared("one\ntwo\n", options);
  EXPECT_TRUE(report_.is_empty());
  EXPECT_EQ(report_.filter.short_documents, 2);
  prepared(" \n\t\n", {});
  EXPECT_TRUE(report_.is_empty());
  EXPECT_EQ(report_.clean.empty_documents, 2);
}

TEST_F(Prepare, FewerDocumentsThanParts_AreADataError) {
  PrepareOptions options;
  options.split = {0.5, 0.5};
  EXPECT_THROW(prepared("one\n", options), DataError);
  options.filter.min_document = 100;
  prepared("one\ntwo\n", options);
  EXPECT_TRUE(report_.is_empty());
}

TEST_F(Prepare, ProgressThatThrows_EndsTheWork) {
  const Corpus corpus({.inputs = {folder_.write("a.txt", "text").string()}});
  Documents part;
  const std::vector<DocumentSink*> sinks = {&part};
  struct Stop {};
  EXPECT_THROW(prepare(corpus, {}, sinks, [](const PrepareProgress&) { throw Stop{}; }), Stop);
  EXPECT_TRUE(part.all.empty());
}

TEST(PrepareOptions, BadOptions_AreAllNamedAtOnce) {
  PrepareOptions options;
  options.dedup = {.exact = "words", .near = 2};
  options.characters = {.max_chars = 1, .rare = "eat"};
  options.split = {0.5, 0.6};
  options.memory = 0;
  try {
    options.validate();
    FAIL();
  } catch (const ConfigError& error) {
    for (const std::string word : {"words", "got 2", "max_chars", "eat", "sum to 1", "memory"})
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace fude
