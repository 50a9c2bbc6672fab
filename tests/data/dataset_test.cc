#include "data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/fake_tokenizer.h"
#include "fude/base/error.h"
#include "fude/base/threads.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

CorpusOptions inputs(std::vector<std::string> names) {
  CorpusOptions options;
  options.inputs = std::move(names);
  return options;
}

std::vector<std::string> pieces(const TextSource& source) {
  std::vector<std::string> all;
  source([&](std::string_view text) { all.emplace_back(text); });
  return all;
}

// The store's text; "|" where a document ends.
std::string text_of(const TokenStore& store, const Tokenizer& tokenizer) {
  std::string text;
  DecodeState state;
  for (int64_t i = 0; i < store.size(); ++i) {
    tokenizer.decode_step(store[i], state, text);
    if (store[i] == tokenizer.eos()) text += '|';
  }
  return text;
}

TEST(SplitCorpus, Fraction_CutsAtTheCodePoint) {
  const TempDir folder;
  // 4 + 6 = 10 code points.
  const CorpusOptions options =
      inputs({folder.write("a.txt", "白い猫だ").string(), folder.write("b.txt", "é🙂abcd").string()});
  struct Case {
    double fraction;
    std::vector<std::string> train, valid;
  };
  const std::vector<Case> cases = {{0, {"白い猫だ", "é🙂abcd"}, {}},
                                   {0.1, {"白い猫だ", "é🙂abc"}, {"d"}},
                                   {0.25, {"白い猫だ", "é🙂a"}, {"bcd"}},
                                   {0.41, {"白い猫だ", "é"}, {"🙂abcd"}},
                                   {0.5, {"白い猫だ", "é"}, {"🙂abcd"}}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.fraction);
    const SplitCorpus split(options, c.fraction, {});
    EXPECT_EQ(pieces(split.train()), c.train);
    EXPECT_EQ(pieces(split.valid()), c.valid);
    EXPECT_EQ(split.has_valid(), !c.valid.empty());
  }
}

TEST(SplitCorpus, CutBetweenDocuments_LeavesBothWhole) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "abcd").string(), folder.write("b.txt", "efgh").string()}), 0.5,
                          {});
  EXPECT_THAT(pieces(split.train()), ElementsAre("abcd"));
  EXPECT_THAT(pieces(split.valid()), ElementsAre("efgh"));
}

TEST(SplitCorpus, ValidInputs_WinOverTheFraction) {
  const TempDir folder;
  const CorpusOptions options = inputs({folder.write("a.txt", "training").string()});
  const SplitCorpus split(options, 0.5, {folder.write("v.txt", "validation").string()});
  EXPECT_THAT(pieces(split.train()), ElementsAre("training"));
  EXPECT_THAT(pieces(split.valid()), ElementsAre("validation"));
}

TEST(SplitCorpus, Digest_FollowsTextAndSplit) {
  const TempDir folder;
  const CorpusOptions a = inputs({folder.write("a.txt", "some text here").string()});
  const CorpusOptions b = inputs({folder.write("b.txt", "some text there").string()});
  const std::string digest = SplitCorpus(a, 0.1, {}).digest();
  EXPECT_EQ(digest, SplitCorpus(a, 0.1, {}).digest());
  EXPECT_NE(digest, SplitCorpus(a, 0.3, {}).digest());
  EXPECT_NE(digest, SplitCorpus(b, 0.1, {}).digest());
  EXPECT_NE(SplitCorpus(a, 0, {}).digest(), SplitCorpus(a, 0, b.inputs).digest());
}

TEST(SplitCorpus, FractionOutOfRange_IsAConfigError) {
  const TempDir folder;
  const CorpusOptions options = inputs({folder.write("a.txt", "text").string()});
  for (const double fraction : {-0.1, 0.51, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW(SplitCorpus(options, fraction, {}), ConfigError) << fraction;
}

TEST(MakeDataset, Parts_AreEncodedWithEosAfterEachDocument) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "白い猫").string(), folder.write("b.txt", "abcdefg").string()}),
                          0.2, {});
  const FakeTokenizer tokenizer;
  const Dataset dataset = make_dataset(split, tokenizer, folder / "new" / "cache");
  EXPECT_TRUE(dataset.encoded);
  EXPECT_EQ(dataset.cache_note, "");
  EXPECT_EQ(text_of(dataset.train, tokenizer), "白い猫|abcde|");
  EXPECT_THAT(dataset.train.document_ends(), ElementsAre(4, 10));
  EXPECT_EQ(dataset.train.vocab_size(), tokenizer.vocab_size());
  ASSERT_TRUE(dataset.valid.has_value());
  EXPECT_EQ(text_of(*dataset.valid, tokenizer), "fg|");
}

TEST(MakeDataset, WhitespaceTokenizer_GetsNoFurtherEos) {
  const TempDir folder;
  const SplitCorpus split(
      inputs({folder.write("a.txt", "one\ntwo\n").string(), folder.write("b.txt", "three").string()}), 0, {});
  const FakeTokenizer tokenizer("a", "whitespace");
  const Dataset dataset = make_dataset(split, tokenizer, folder.path());
  EXPECT_EQ(text_of(dataset.train, tokenizer), "one|two|three|");
  EXPECT_THAT(dataset.train.document_ends(), ElementsAre(8, 14));
}

TEST(MakeDataset, NothingHeldOut_HasNoValidPart) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "text").string()}), 0, {});
  EXPECT_FALSE(make_dataset(split, FakeTokenizer(), folder.path()).valid.has_value());
  EXPECT_FALSE(fs::exists(folder / "valid.tokens"));
}

TEST(MakeDataset, SecondTime_TakesTheCache) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "some text to cache").string()}), 0.2, {});
  const FakeTokenizer tokenizer;
  const std::string before = text_of(make_dataset(split, tokenizer, folder.path()).train, tokenizer);
  const Dataset again = make_dataset(split, tokenizer, folder.path());
  EXPECT_FALSE(again.encoded);
  EXPECT_EQ(again.cache_note, "");
  EXPECT_EQ(text_of(again.train, tokenizer), before);
  EXPECT_TRUE(again.valid.has_value());
}

TEST(MakeDataset, StaleCache_IsWrittenAnewAndSaysWhy) {
  const TempDir folder;
  const CorpusOptions options = inputs({folder.write("a.txt", "the old text of it").string()});
  const FakeTokenizer tokenizer;
  make_dataset(SplitCorpus(options, 0.2, {}), tokenizer, folder.path());

  folder.write("a.txt", "the new text of it");
  const Dataset changed = make_dataset(SplitCorpus(options, 0.2, {}), tokenizer, folder.path());
  EXPECT_TRUE(changed.encoded);
  EXPECT_THAT(changed.cache_note, HasSubstr("made from another text"));
  EXPECT_EQ(text_of(changed.train, tokenizer), "the new text o|");

  EXPECT_TRUE(make_dataset(SplitCorpus(options, 0.2, {}), FakeTokenizer("b"), folder.path()).encoded);
  EXPECT_FALSE(make_dataset(SplitCorpus(options, 0.2, {}), FakeTokenizer("b"), folder.path()).encoded);
  EXPECT_TRUE(make_dataset(SplitCorpus(options, 0.4, {}), FakeTokenizer("b"), folder.path()).encoded);
}

TEST(MakeDataset, DamagedCache_IsWrittenAnewAndSaysWhy) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "some text to cache").string()}), 0.2, {});
  const FakeTokenizer tokenizer;
  const std::string expected = text_of(make_dataset(split, tokenizer, folder.path()).train, tokenizer);
  for (const char* part : {"train.tokens", "valid.tokens"}) {
    const std::string whole = read_file(folder / part);
    std::string flipped = whole;
    flipped[70] ^= 1;
    for (const std::string& damaged : {flipped, whole.substr(0, 90), std::string()}) {
      folder.write(part, damaged);
      const Dataset dataset = make_dataset(split, tokenizer, folder.path());
      EXPECT_TRUE(dataset.encoded);
      EXPECT_THAT(dataset.cache_note, HasSubstr(part));
      EXPECT_EQ(text_of(dataset.train, tokenizer), expected);
      EXPECT_EQ(read_file(folder / part), whole);
    }
    fs::remove(folder / part);
    const Dataset dataset = make_dataset(split, tokenizer, folder.path());
    EXPECT_TRUE(dataset.encoded);
    EXPECT_EQ(dataset.cache_note, "");
  }
}

TEST(MakeDataset, PartsSwapped_AreNoticed) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "abcd").string()}), 0.5, {});
  const FakeTokenizer tokenizer;
  make_dataset(split, tokenizer, folder.path());
  fs::copy_file(folder / "valid.tokens", folder / "train.tokens", fs::copy_options::overwrite_existing);
  const Dataset dataset = make_dataset(split, tokenizer, folder.path());
  EXPECT_TRUE(dataset.encoded);
  EXPECT_EQ(text_of(dataset.train, tokenizer), "ab|");
}

TEST(MakeDataset, TooLittleText_IsADataErrorWithAHint) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "x").string()}), 0.1, {});
  try {
    make_dataset(split, FakeTokenizer(), folder.path());
    FAIL() << "no error";
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has 0 tokens, at least 2"));
    EXPECT_THAT(error.hint(), HasSubstr("more text"));
  }
}

TEST(MakeDataset, TooLittleHeldOut_HasNoValidPart) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "abcdefghi\n").string()}), 0.1, {});
  const Dataset dataset = make_dataset(split, FakeTokenizer("a", "whitespace"), folder.path());
  EXPECT_FALSE(dataset.valid.has_value());
}

TEST(MakeDataset, UnusableFolder_IsAnIoError) {
  const TempDir folder;
  const SplitCorpus split(inputs({folder.write("a.txt", "text").string()}), 0, {});
  EXPECT_THROW(make_dataset(split, FakeTokenizer(), folder / "a.txt"), IoError);
}

TEST(MakeDataset, LargeDocument_GivesTheTokensOfTheWhole) {
  const TempDir folder;
  std::string lines, words, unbroken;
  while (lines.size() < 5'000'000) lines += "白い猫が歩く。 It walks\r\n\r\n  on.\n";
  while (words.size() < 5'000'000) words += "word and word ";
  while (unbroken.size() < 5'000'000) unbroken += "長";
  for (const std::string& text : {lines, words, unbroken}) {
    const SplitCorpus split(inputs({folder.write("a.txt", text).string()}), 0, {});
    for (const char* kind : {"char", "whitespace"}) {
      const FakeTokenizer tokenizer("a", kind);
      const Dataset dataset = make_dataset(split, tokenizer, folder / kind);
      std::vector<TokenId> expected = tokenizer.encode(text);
      if (tokenizer.kind() == "char") expected.push_back(tokenizer.eos());
      std::vector<TokenId> actual(static_cast<size_t>(dataset.train.size()));
      dataset.train.read(0, actual);
      EXPECT_TRUE(actual == expected) << kind << " " << text.substr(0, 20);
      EXPECT_EQ(dataset.train.document_ends().size(), 1u);
    }
  }
}

TEST(MakeDataset, Tokens_DoNotDependOnTheNumberOfThreads) {
  const TempDir folder;
  std::string text;
  while (text.size() < 6'000'000) text += "白い猫が歩く。 It walks\r\n--on.\n";
  CorpusOptions options = inputs({folder.write("a.txt", text).string(), folder.write("b.txt", "short").string()});
  for (const char* separator : {"", "--"}) {
    options.format.doc_sep = separator;
    const SplitCorpus split(options, 0.3, {});
    std::vector<std::string> stores;
    for (const int count : {1, 3}) {
      set_threads(count);
      make_dataset(split, FakeTokenizer(), folder / std::to_string(count));
      stores.push_back(read_file(folder / std::to_string(count) / "train.tokens") +
                       read_file(folder / std::to_string(count) / "valid.tokens"));
      fs::remove_all(folder / std::to_string(count));
    }
    set_threads(0);
    EXPECT_TRUE(stores[0] == stores[1]) << separator;
  }
}

TEST(MakeDataset, ManyDocuments_EndWhereTheyEnd) {
  const TempDir folder;
  std::string text;
  for (int k = 0; k < 300'000; ++k) text += "ab\n";
  CorpusOptions options = inputs({folder.write("a.txt", text).string()});
  options.format.doc_sep = "\n";
  const Dataset dataset = make_dataset(SplitCorpus(options, 0, {}), FakeTokenizer(), folder.path());
  const auto ends = dataset.train.document_ends();
  ASSERT_EQ(ends.size(), 300'000u);
  for (size_t k = 0; k < ends.size(); ++k) ASSERT_EQ(ends[k], 3 * (k + 1));
}

TEST(MeasureText, AdjoiningRanges_AddUpToTheWhole) {
  const TempDir folder;
  const std::string text = "白い猫 and 🙂é";
  const SplitCorpus split(inputs({folder.write("a.txt", text).string()}), 0, {});
  const FakeTokenizer tokenizer;
  const TokenStore store = make_dataset(split, tokenizer, folder.path()).train;
  const TextSize whole = measure_text(tokenizer, store, 0, store.size());
  EXPECT_EQ(whole.code_points, 10);
  EXPECT_EQ(whole.bytes, static_cast<int64_t>(text.size()));
  for (int64_t cut = 0; cut <= store.size(); ++cut) {
    const TextSize left = measure_text(tokenizer, store, 0, cut);
    const TextSize right = measure_text(tokenizer, store, cut, store.size());
    EXPECT_EQ(left.code_points + right.code_points, whole.code_points);
    EXPECT_EQ(left.bytes + right.bytes, whole.bytes);
  }
}

TEST(MeasureText, LongStore_IsMeasuredInChunks) {
  const TempDir folder;
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "aé";
  const SplitCorpus split(inputs({folder.write("a.txt", text).string()}), 0, {});
  const FakeTokenizer tokenizer;
  const TokenStore store = make_dataset(split, tokenizer, folder.path()).train;
  const TextSize size = measure_text(tokenizer, store, 1, store.size());
  EXPECT_EQ(size.code_points, 199999);
  EXPECT_EQ(size.bytes, 299999);
}

}  // namespace
}  // namespace fude
