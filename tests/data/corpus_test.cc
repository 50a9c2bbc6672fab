#include "fude/data/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "base/file.h"
#include "base/memory.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

CorpusOptions inputs(std::vector<std::string> names) {
  CorpusOptions options;
  options.inputs = std::move(names);
  return options;
}

std::vector<std::string> documents(const Corpus& corpus) {
  std::vector<std::string> all;
  corpus.for_each([&](std::string_view text) { all.emplace_back(text); });
  return all;
}

std::vector<std::string> documents(const CorpusOptions& options) { return documents(Corpus(options)); }

// What the constructor throws: message and hint.
template <class E>
std::pair<std::string, std::string> error_of(const CorpusOptions& options) {
  try {
    const Corpus corpus(options);
  } catch (const E& error) {
    return {error.what(), error.hint()};
  }
  return {"no such error", ""};
}

TEST(Corpus, Files_ComeInTheOrderGiven) {
  const TempDir folder;
  const std::string b = folder.write("b.txt", "second").string(), a = folder.write("a.log", "first\n").string();
  const Corpus corpus(inputs({b, a}));
  EXPECT_THAT(documents(corpus), ElementsAre("second", "first\n"));
  EXPECT_THAT(corpus.files(), ElementsAre(b, a));
  EXPECT_EQ(corpus.info().files, 2);
  EXPECT_EQ(corpus.info().documents, 2);
  EXPECT_EQ(corpus.info().bytes, 12);
}

TEST(Corpus, Folder_GivesItsTextFilesSortedWithoutHiddenOnes) {
  const TempDir folder;
  folder.write("b.txt", "b");
  folder.write("a/z.MD", "z\n");
  folder.write("a/deep/y.text", "y");
  folder.write("picture.png", "no");
  folder.write(".hidden.txt", "no");
  folder.write(".git/notes.txt", "no");
  fs::create_symlink("nowhere", folder / "broken.txt");
  EXPECT_THAT(documents(inputs({folder.path().string()})), ElementsAre("y", "z\n", "b"));
}

TEST(Corpus, FolderOfARun_IsNotReadForText) {
  const TempDir folder;
  folder.write("story.txt", "story");
  folder.write("runs/story/samples.txt", "sample");
  folder.write("runs/story/config.json", "{}");
  EXPECT_THAT(documents(inputs({folder.path().string()})), ElementsAre("sample", "story"));
  folder.write("runs/story/last.state", "");
  EXPECT_THAT(documents(inputs({folder.path().string()})), ElementsAre("story"));
  EXPECT_THAT(documents(inputs({(folder / "runs/story/samples.txt").string()})), ElementsAre("sample"));
  // As a kill in the middle of a save, or a person, leaves it.
  fs::rename(folder / "runs/story/last.state", folder / "runs/story/previous.state");
  fs::remove(folder / "runs/story/config.json");
  EXPECT_THAT(documents(inputs({folder.path().string()})), ElementsAre("story"));
}

TEST(Corpus, FolderWithoutText_IsAnIoErrorWithAHint) {
  const TempDir folder;
  folder.write("data.dat", "1,2");
  const auto [what, hint] = error_of<IoError>(inputs({folder.path().string()}));
  EXPECT_THAT(what, AllOf(HasSubstr(folder.path().string()), HasSubstr("no .txt, .text, .log, .md,")));
  EXPECT_FALSE(hint.empty());
}

TEST(Corpus, FolderThatCannotBeRead_IsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  const TempDir folder;
  folder.write("a.txt", "a");
  folder.write("shut/b.txt", "b");
  fs::permissions(folder / "shut", fs::perms::none);
  const auto [what, hint] = error_of<IoError>(inputs({folder.path().string()}));
  fs::permissions(folder / "shut", fs::perms::owner_all);
  EXPECT_THAT(what, HasSubstr("cannot read the folder " + (folder / "shut").string() + ": "));
}

TEST(Corpus, DocumentsThatAreNoText_AreRefused) {
  const TempDir folder;
  using Pair = std::pair<std::string, std::string>;
  for (const auto& [start, what] : {Pair{"{\\rtf1\\ansi x}", "an RTF document"}, Pair{"%PDF-1.7\nx", "a PDF document"},
                                    Pair{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"}}) {
    const auto [error, hint] = error_of<DataError>(inputs({folder.write("a.txt", start).string()}));
    EXPECT_THAT(error, HasSubstr("a.txt is " + what));
    EXPECT_THAT(hint, HasSubstr("plain text"));
  }
}

TEST(Corpus, EndingOfNoText_IsToldOfWhereTheFileIsNamed) {
  const TempDir folder;
  const std::string file = folder.write("a.json", "{}\n").string();
  const Corpus corpus(inputs({file}));
  EXPECT_THAT(describe_sources(corpus.info()),
              ElementsAre(file + ": UTF-8, plain (taken as it is, though its name ends in .json)"));
}

TEST(Corpus, Format_IsFoundOutFarFromTheStart) {
  const TempDir folder;
  std::string header =
      "The Project Gutenberg EBook of caf\xE9 na\xEFve! \xFC"
      "ber\n";
  while (header.size() < 20000) header += "About this eBook: it is for the use of anyone anywhere.\n";
  header += "*** START OF THE PROJECT GUTENBERG EBOOK TIDES ***\n";
  const std::string book = "The tide turned.\n";
  CorpusOptions options = inputs({folder.write("a.txt", header + book).string()});
  options.invalid = "replace";
  for (const char* encoding : {"windows-1252", "utf-8"}) {
    options.encoding = encoding;
    const Corpus corpus(options);
    EXPECT_EQ(corpus.info().sources[0].format, "gutenberg") << encoding;
    EXPECT_THAT(documents(corpus), ElementsAre(book)) << encoding;
  }
}

TEST(Corpus, DocSepThatIsNowhere_IsTold) {
  const TempDir folder;
  CorpusOptions options = inputs({folder.write("a.txt", "one\r\n--\r\ntwo").string()});
  options.format.doc_sep = "\n--\n";
  EXPECT_TRUE(describe_sources(Corpus(options).info()).empty());
  options.format.doc_sep = "==";
  const std::vector<std::string> lines = describe_sources(Corpus(options).info());
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_THAT(lines[0], HasSubstr("separator of documents is in none of the files"));
}

TEST(CorpusInfo, WhatFormsHadBesideTheText_IsDescribed) {
  const TempDir folder;
  EXPECT_EQ(describe_found(Corpus(inputs({folder.write("a.txt", "text").string()})).info()), "");
  const Corpus corpus(inputs({folder.write("a.html", "<script>x</script>text<img>").string()}));
  EXPECT_EQ(describe_found(corpus.info()),
            "in it: 1 element removed (scripts, titles, menus and the like), 1 image removed");
  const Corpus two(inputs({(folder / "a.txt").string(), (folder / "a.html").string()}));
  EXPECT_THAT(describe_found(two.info()), testing::StartsWith("in them: 1 element"));
}

TEST(Corpus, Glob_IsExpandedAndSorted) {
  const TempDir folder;
  folder.write("b1.txt", "b1");
  folder.write("b2.log", "b2");
  folder.write("a.txt", "a");
  fs::create_directories(folder / "bfolder");
  folder.write("bfolder/inside.md", "inside");
  EXPECT_THAT(documents(inputs({(folder / "b*").string()})), ElementsAre("b1", "b2", "inside\n"));
  EXPECT_THAT(documents(inputs({(folder / "[ab]?.txt").string()})), ElementsAre("b1"));
  const auto [what, hint] = error_of<IoError>(inputs({(folder / "c*").string()}));
  EXPECT_THAT(what, HasSubstr("no file matches"));
  EXPECT_FALSE(hint.empty());
}

TEST(Corpus, NameWithGlobCharacters_IsTakenLiterallyWhenItExists) {
  const TempDir folder;
  folder.write("a[1]*.txt", "literal");
  folder.write("a1.txt", "pattern");
  EXPECT_THAT(documents(inputs({(folder / "a[1]*.txt").string()})), ElementsAre("literal"));
}

TEST(Corpus, FileFoundTwice_IsReadOnce) {
  const TempDir folder;
  const std::string file = folder.write("a.txt", "a").string();
  folder.write("b.txt", "b");
  fs::create_symlink("a.txt", folder / "link.txt");
  const std::string path = folder.path().string();
  EXPECT_THAT(documents(inputs({file, path, path + "/*.txt", path + "/./b.txt"})), ElementsAre("a", "b"));
}

TEST(Corpus, MissingFile_IsAnIoErrorThatNamesASimilarOne) {
  const TempDir folder;
  folder.write("stories.txt", "text");
  const auto [what, hint] = error_of<IoError>(inputs({(folder / "storys.txt").string()}));
  EXPECT_THAT(what, HasSubstr("storys.txt: no such file"));
  EXPECT_EQ(hint, "did you mean " + (folder / "stories.txt").string() + "?");
  EXPECT_EQ(error_of<IoError>(inputs({(folder / "other").string()})).second, "check the path");
  EXPECT_THAT(error_of<IoError>(inputs({(folder / "no" / "a.txt").string()})).second, HasSubstr("there is no folder"));
}

TEST(Corpus, LinkToNowhere_IsNotTakenForATypingError) {
  const TempDir folder;
  fs::create_symlink("nowhere.txt", folder / "link.txt");
  EXPECT_EQ(error_of<IoError>(inputs({(folder / "link.txt").string()})).second,
            "it is a link to nowhere.txt, which is not there");
}

TEST(Corpus, ByteOrderMark_IsDroppedAndCrLfKept) {
  const TempDir folder;
  const std::string marked = folder.write("bom.txt", "\xEF\xBB\xBFone\r\ntwo\r\n").string();
  EXPECT_THAT(documents(inputs({marked})), ElementsAre("one\r\ntwo\r\n"));
  EXPECT_EQ(Corpus(inputs({marked})).info().byte_order_marks, 1);
}

TEST(Corpus, InvalidUtf8_NamesFileLineAndByteOffset) {
  const TempDir folder;
  const std::string file = folder.write("bad.txt", "fine\ncaf\xE9!\n").string();
  const auto [what, hint] = error_of<DataError>(inputs({file}));
  EXPECT_EQ(what, file + ":2: not valid UTF-8 at byte offset 8: 0xE9");
  EXPECT_THAT(hint, HasSubstr("--invalid replace"));
}

TEST(Corpus, InvalidUtf8_IsReplacedAndCountedWhenAsked) {
  const TempDir folder;
  CorpusOptions options =
      inputs({folder.write("bad.txt", "caf\xE9!\xFF").string(), folder.write("b.txt", "b").string()});
  options.invalid = "replace";
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("caf\uFFFD!\uFFFD", "b"));
  EXPECT_EQ(corpus.info().replaced, 2);
  EXPECT_EQ(corpus.info().code_points, 7);
}

TEST(Corpus, DocSep_SplitsFilesAndDropsEmptyDocuments) {
  const TempDir folder;
  CorpusOptions options = inputs({folder.write("a.txt", "--one--two----three").string()});
  options.format.doc_sep = "--";
  EXPECT_THAT(documents(options), ElementsAre("one", "two", "three"));
  options.format.doc_sep = "\n";
  options.inputs = {folder.write("b.txt", "\xEF\xBB\xBF\nfirst\n\nsecond\n").string()};
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("first", "second"));
  EXPECT_EQ(corpus.info().documents, 2);
  EXPECT_EQ(corpus.info().bytes, 11);
}

TEST(Corpus, Model_IsADataErrorThatSaysSo) {
  const TempDir folder;
  const std::string header = R"({"__metadata__":{"format":"fude"}})";
  const uint64_t size = header.size();
  const std::string content(reinterpret_cast<const char*>(&size), sizeof size);
  for (const char* name : {"story.safetensors", "renamed.txt"}) {
    const auto [what, hint] = error_of<DataError>(inputs({folder.write(name, content + header).string()}));
    EXPECT_THAT(what, AllOf(HasSubstr(name), HasSubstr("is a model, not text")));
    EXPECT_THAT(hint, HasSubstr("generate"));
  }
}

TEST(Corpus, BinaryFile_IsADataError) {
  const TempDir folder;
  const auto [what, hint] = error_of<DataError>(inputs({folder.write("a.txt", std::string("text\0text", 9)).string()}));
  EXPECT_THAT(what, HasSubstr("binary, not text: a zero byte at byte offset 4"));
  EXPECT_FALSE(hint.empty());
  const std::string_view unguessable("\x83\xDC\x8C\x01\0\0", 6);
  EXPECT_THAT(error_of<DataError>(inputs({folder.write("b.txt", unguessable).string()})).first,
              HasSubstr("b.txt is binary, not text: a zero byte at byte offset 4"));
}

TEST(Corpus, EachFile_IsReadInItsOwnEncodingAndSaysSo) {
  const TempDir folder;
  const std::string ascii(kPieceBytes + 10, 'a');
  const std::vector<std::string> files = {
      folder.write("a.txt", std::string_view("\xFF\xFEh\0i\0", 6)).string(),
      folder.write("b.txt", "\x94\x92\x82\xA2\x94\x4C\x82\xAA\x82\xA2\x82\xE9\x81\x42").string(),
      folder.write("c.txt", "plain").string(),
      folder.write("d.txt", ascii + "\n\x94\x92\x82\xA2\x94\x4C\x82\xAA\x82\xA2\x82\xE9").string()};
  const Corpus corpus(inputs(files));
  EXPECT_THAT(documents(corpus), ElementsAre("hi", "白い猫がいる。", "plain", ascii + "\n白い猫がいる"));
  const CorpusInfo& info = corpus.info();
  ASSERT_EQ(info.sources.size(), 4u);
  EXPECT_EQ(info.sources[0].encoding, "UTF-16LE");
  EXPECT_TRUE(info.sources[0].byte_order_mark);
  EXPECT_EQ(info.sources[1].encoding, "Shift_JIS");
  EXPECT_EQ(info.sources[2].encoding, "UTF-8");
  EXPECT_EQ(info.sources[3].encoding, "Shift_JIS");
  const std::vector<std::string> lines = describe_sources(info);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], files[0] + ": UTF-16LE");
  EXPECT_THAT(lines[1], AllOf(HasSubstr(files[1] + ": Shift_JIS ("), HasSubstr(" % sure)")));
  ASSERT_LT(info.sources[3].confidence, 100);
  EXPECT_THAT(describe_sources(info, 1), ElementsAre(lines[1], "and 2 more files: Shift_JIS, UTF-16LE"));
}

TEST(Corpus, EncodingGiven_IsTaken) {
  const TempDir folder;
  CorpusOptions options = inputs({folder.write("a.txt", "caf\xE9 \x94!\n").string()});
  options.encoding = "windows-1252";
  EXPECT_THAT(documents(options), ElementsAre("café ”!\n"));
  options.encoding = "utf-8";
  const auto [what, hint] = error_of<DataError>(options);
  EXPECT_THAT(what, HasSubstr("not valid UTF-8 at byte offset 3"));
  EXPECT_THAT(hint, HasSubstr("--encoding auto"));
  options.encoding = "klingon";
  EXPECT_THAT(error_of<ConfigError>(options).first, HasSubstr("unknown encoding klingon"));
}

TEST(Corpus, UndecodableBytesBehindAscii_AreNamedWithTheirPlaceInTheFile) {
  const TempDir folder;
  std::string text;
  while (text.size() <= kPieceBytes) text += "a line of sixty bytes, more or less, and then the next one.\n";
  const auto offset = text.size();
  const auto lines = std::count(text.begin(), text.end(), '\n');
  const std::string file = folder.write("a.txt", text + "caf\xE9!\n").string();
  const auto [what, hint] = error_of<DataError>(inputs({file}));
  EXPECT_EQ(what, file + ":" + std::to_string(lines + 1) + ": not valid UTF-8 at byte offset " +
                      std::to_string(offset + 3) + ": 0xE9");
  EXPECT_THAT(hint, HasSubstr("--encoding"));
}

TEST(Corpus, InvalidBytes_AreLeftOutAndCountedWhenAsked) {
  const TempDir folder;
  CorpusOptions options = inputs({folder.write("bad.txt", "caf\xE9!\xFF").string()});
  options.invalid = "skip";
  const Corpus corpus(options);
  EXPECT_THAT(documents(corpus), ElementsAre("caf!"));
  EXPECT_EQ(corpus.info().skipped, 2);
  EXPECT_EQ(corpus.info().replaced, 0);
  EXPECT_EQ(describe_invalid(corpus.info()), "2 undecodable byte sequences were left out");
}

// "packed\n" by gzip -n and by zstd.
constexpr std::string_view kGzip(
    "\037\213\010\000\000\000\000\000\000\003\053\110\114\316\116\115\341\002\000\103\340\101\057\007\000\000\000", 27);
constexpr std::string_view kZstd("\050\265\057\375\004\130\071\000\000\160\141\143\153\145\144\012\341\336\005\104",
                                 20);

TEST(Corpus, PackedFiles_AreUnpackedAlsoInFolders) {
  const TempDir folder;
  folder.write("a.txt.gz", kGzip);
  folder.write("b.MD.zst", kZstd);
  folder.write("c.png.gz", kGzip);
  folder.write("d.jsonl", R"({"text": "one"})");
  folder.write("e.csv", "text\ntwo\n");
  folder.write("f.tsv", "text\nthree\n");
  folder.write("g.htm", "<p>four");
  folder.write("h.html", "<i>five");
  const Corpus corpus(inputs({folder.path().string()}));
  EXPECT_THAT(documents(corpus), ElementsAre("packed\n", "packed\n", "one", "two", "three", "four\n", "five\n"));
  EXPECT_EQ(corpus.info().sources[0].compression, "gzip");
  EXPECT_EQ(describe_sources(corpus.info())[1],
            (folder / "b.MD.zst").string() + ": UTF-8, zstd, markdown (its name ends in .md)");
  const std::string cut = folder.write("cut.gz", kGzip.substr(0, kGzip.size() - 3)).string();
  EXPECT_THAT(error_of<DataError>(inputs({cut})).first, HasSubstr("cut.gz: the gzip archive is cut short"));
}

TEST(Corpus, Separators_AreFoundAcrossPieces) {
  const TempDir folder;
  const std::string a(kPieceBytes - 2, 'a');
  CorpusOptions options = inputs({folder.write("a.txt", a + "-==-b-=").string()});
  options.format.doc_sep = "-==-";
  EXPECT_THAT(documents(options), ElementsAre(a, "b-="));
  options.format.doc_sep = "==";
  EXPECT_THAT(documents(options), ElementsAre(a + "-", "-b-="));
}

TEST(Corpus, NothingButEmptyFiles_IsADataError) {
  const TempDir folder;
  const std::string empty = folder.write("empty.txt", "").string();
  const std::string mark = folder.write("mark.txt", "\xEF\xBB\xBF").string();
  EXPECT_THAT(error_of<DataError>(inputs({empty})).first, HasSubstr("empty.txt is empty"));
  CorpusOptions rows = inputs({folder.write("h.csv", "title,body\n").string()});
  rows.format.record_template = "{body}";
  EXPECT_THAT(error_of<DataError>(rows).first, HasSubstr("h.csv has no row beside the one that names the columns"));
  EXPECT_THAT(error_of<DataError>(inputs({mark, empty})).first, HasSubstr("all input files are empty"));
  EXPECT_FALSE(error_of<DataError>(inputs({empty})).second.empty());
  const std::string script = folder.write("script.md", "<script>\nlet x = 1;\n").string();
  EXPECT_THAT(error_of<DataError>(inputs({script, empty})).first,
              HasSubstr("nothing is left of the input files: 1 script"));
  EXPECT_THAT(error_of<DataError>(inputs({script})).first, HasSubstr("nothing is left of " + script + ": 1 script"));
  EXPECT_THAT(error_of<DataError>(inputs({script})).second, HasSubstr("--input-format plain"));
  EXPECT_THAT(documents(inputs({empty, folder.write("full.txt", "x").string()})), ElementsAre("x"));
}

TEST(Corpus, Pipe_IsReadOnceAndKept) {
  const TempDir folder;
  const std::string pipe = (folder / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { write_file(pipe, "through a pipe"); });
  const Corpus corpus(inputs({pipe}));
  writer.join();
  EXPECT_THAT(documents(corpus), ElementsAre("through a pipe"));
  EXPECT_THAT(documents(corpus), ElementsAre("through a pipe"));
}

TEST(CorpusInfo, CodePoints_AreCountedOverAllDocuments) {
  const TempDir folder;
  const Corpus corpus(inputs({folder.write("a.txt", "白い猫").string(), folder.write("b.txt", "é🙂").string()}));
  EXPECT_EQ(corpus.info().code_points, 5);
  EXPECT_EQ(corpus.info().bytes, 15);
}

TEST(CorpusInfo, Digest_FollowsTextAndDocumentsOnly) {
  const TempDir folder;
  const std::string one = folder.write("one.txt", "alpha|beta").string();
  const std::string a = folder.write("a.txt", "alpha").string(), b = folder.write("b.txt", "beta").string();
  const auto digest = [](CorpusOptions options, const std::string& separator = "") {
    options.format.doc_sep = separator;
    return Corpus(options).info().digest;
  };
  EXPECT_EQ(digest(inputs({one}), "|"), digest(inputs({a, b})));
  EXPECT_NE(digest(inputs({a, b})), digest(inputs({b, a})));
  EXPECT_NE(digest(inputs({one})), digest(inputs({a, b})));
  const std::string ab = folder.write("ab.txt", "al").string(), c = folder.write("c.txt", "phabeta").string();
  EXPECT_NE(digest(inputs({ab, c})), digest(inputs({a, b})));
  EXPECT_EQ(digest(inputs({a})).size(), 32u);
}

// Pieces and "." where a document ends.
struct Pieces : DocumentSink {
  void text(std::string_view piece) override { all.emplace_back(piece); }
  void end_document() override { all.emplace_back("."); }
  std::vector<std::string> all;
};

TEST(Corpus, Visit_CutsDocumentsAtLinesAndLongLinesBetweenCharacters) {
  const TempDir folder;
  const std::string lines(kPieceBytes - 2, 'a'), wide = "\xE3\x81\x82";
  std::string long_line;
  while (long_line.size() < kPieceBytes + 10) long_line += wide;
  const std::string a = folder.write("a.txt", lines + "\n" + "bcd\n").string(),
                    b = folder.write("b.txt", long_line).string();
  Pieces pieces;
  Corpus(inputs({a, b})).visit(pieces);
  ASSERT_EQ(pieces.all.size(), 6u);
  EXPECT_EQ(pieces.all[0], lines + "\n");
  EXPECT_EQ(pieces.all[1], "bcd\n");
  EXPECT_EQ(pieces.all[2], ".");
  EXPECT_EQ(pieces.all[3] + pieces.all[4], long_line);
  EXPECT_EQ(pieces.all[3].size() % wide.size(), 0u);
  EXPECT_EQ(pieces.all[5], ".");
}

// The most memory that the program has while documents come.
struct Memory : DocumentSink {
  void text(std::string_view piece) override {
    bytes += static_cast<int64_t>(piece.size());
    most = std::max(most, resident_bytes());
  }
  void end_document() override {}
  int64_t bytes = 0;
  int64_t most = 0;
};

TEST(Corpus, OneLongLine_TakesLittleMemory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer takes memory of its own";
#endif
  constexpr int64_t kSize = 100'000'000;
  const TempDir folder;
  const std::string file = folder.write("a.txt", std::string(kSize, 'a')).string();
  for (const char* separator : {"", "b"}) {
    CorpusOptions options = inputs({file});
    options.format.doc_sep = separator;
    const Corpus corpus(options);
    Memory memory;
    const int64_t before = resident_bytes();
    corpus.visit(memory);
    EXPECT_EQ(memory.bytes, kSize);
    EXPECT_LT(memory.most - before, int64_t{20} << 20);
  }
}

TEST(CorpusOptions, Validate_NamesEveryProblem) {
  CorpusOptions options;
  options.invalid = "ignore";
  options.format.doc_sep = "\xFF";
  const auto [what, hint] = error_of<ConfigError>(options);
  EXPECT_THAT(what, AllOf(HasSubstr("no input"), HasSubstr("got ignore"), HasSubstr("doc_sep")));
  EXPECT_THAT(error_of<ConfigError>(inputs({""})).first, HasSubstr("empty name"));
}

}  // namespace
}  // namespace fude
