// What a corpus makes of lines that end with CR alone, of halves of characters, of records that nothing divides, and of
// files that change.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "fude/base/error.h"
#include "fude/data/corpus.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

CorpusOptions input(const std::filesystem::path& file) {
  CorpusOptions options;
  options.inputs = {file.string()};
  return options;
}

std::vector<std::string> documents(const Corpus& corpus) {
  std::vector<std::string> all;
  corpus.for_each([&](std::string_view text) { all.emplace_back(text); });
  return all;
}

std::string with_cr(std::string text) {
  std::replace(text.begin(), text.end(), '\n', '\r');
  return text;
}

TEST(CorpusLines, CarriageReturnsAlone_EndLinesWhereFormsAskForThem) {
  const TempDir folder;
  CorpusOptions options = input(folder.write("a.txt", "a\r\rb\r"));
  EXPECT_THAT(documents(Corpus(options)), ElementsAre("a\r\rb\r"));
  options.format.blank_lines = true;
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("a\n", "b\n"));
  EXPECT_EQ(describe_found(corpus.info()), "in it: 3 line ends CR read as LF");
  EXPECT_THAT(documents(Corpus(input(folder.write("a.jsonl", "\"one\"\r\"two\"\r")))), ElementsAre("one", "two"));
  EXPECT_THAT(documents(Corpus(input(folder.write("a.csv", "a\r\"x\ry\"\r")))), ElementsAre("x\ry"));
  const std::string book = "The Project Gutenberg EBook of A\n*** START OF THIS PROJECT GUTENBERG EBOOK A ***\nText.\n";
  EXPECT_THAT(documents(Corpus(input(folder.write("b.txt", with_cr(book))))), ElementsAre("Text.\n"));
}

TEST(CorpusLines, OtherLineEnds_StayAsTheyAre) {
  const TempDir folder;
  for (const std::string text : {"a\r\rb\n", "a\r\n\r\nb", "a\n\rb"}) {
    CorpusOptions options = input(folder.write("a.txt", text));
    options.format.doc_sep = "no\n";
    EXPECT_THAT(documents(Corpus(options)), ElementsAre(text));
  }
  // CR LF that comes far behind CR alone is one line end.
  const std::string text = with_cr(std::string(size_t{1} << 17, '\n')) + "a\r\nb";
  CorpusOptions options = input(folder.write("a.txt", text));
  options.format.blank_lines = true;
  EXPECT_THAT(documents(Corpus(options)), ElementsAre("a\nb"));
}

TEST(CorpusLines, HalvesOfCharactersInJson_AreCountedWithUndecodableBytes) {
  const TempDir folder;
  CorpusOptions options = input(folder.write("a.jsonl", "\"a\\ud83d\"\n\"\\ude00b\"\n"));
  EXPECT_THROW(Corpus{options}, FormatError);
  options.invalid = "replace";
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("a\uFFFD", "\uFFFDb"));
  EXPECT_EQ(corpus.info().replaced, 2);
  EXPECT_EQ(corpus.info().sources[0].invalid, 2);
}

TEST(CorpusLines, RecordsAndSeparators_AreToldNotToGoTogether) {
  const TempDir folder;
  CorpusOptions options = input(folder.write("a.csv", "text\n\"one\n\ntwo\"\n"));
  EXPECT_THAT(describe_sources(Corpus(options).info()), Not(Contains(HasSubstr("each record"))));
  options.format.blank_lines = true;
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("one\n\ntwo"));
  EXPECT_THAT(describe_sources(corpus.info()), Contains(HasSubstr("each record of csv, tsv and jsonl is a document")));
}

TEST(CorpusLines, NothingBetweenSeparators_IsCounted) {
  const TempDir folder;
  CorpusOptions options = input(folder.write("a.txt", "a<s><s>b<s>"));
  options.format.doc_sep = "<s>";
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("a", "b"));
  EXPECT_EQ(describe_found(corpus.info()), "in it: 1 empty document between separators left out");
}

TEST(Corpus, FileThatIsChangedMeanwhile_IsNoticedAndNamed) {
  const TempDir folder;
  const std::string file = folder.write("b.txt", "No one on the shore.\n").string();
  const Corpus corpus(input(file));
  EXPECT_EQ(documents(corpus).size(), 1U);
  for (const std::string text : {"No one on the chore.\n", "No one on the shore.\nNo one.\n", "No one", ""}) {
    folder.write("b.txt", text);
    try {
      documents(corpus);
      FAIL() << text;
    } catch (const DataError& error) {
      EXPECT_EQ(std::string(error.what()), file + " was changed while it was read");
    }
  }
  folder.write("b.txt", "No one on the shore.\n");
  EXPECT_EQ(documents(corpus).size(), 1U);
}

}  // namespace
}  // namespace fude
