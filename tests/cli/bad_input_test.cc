// Input that cannot be used: one line that says what and where, one that says what to do, and the right exit code.
#include <gtest/gtest.h>

#include "base/file.h"
#include "cli/fude.h"

namespace fude {
namespace {

struct Row {
  std::string name;
  std::vector<std::string> arguments;
  int exit_code;
  std::string message;
  std::string hint;
};

void make_folder(const Fude& fude) {
  const TempDir& folder = fude.folder();
  folder.write("story.txt", sea_story());
  folder.write("empty.txt", "");
  folder.write("mark.txt", "\xEF\xBB\xBF");
  folder.write("same.txt", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  folder.write("one.txt", "a");
  folder.write("bad.txt", "The sea was calm.\ncaf\xE9!\n");
  folder.write("cut.gz", std::string_view("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10));
  folder.write("binary.txt", std::string_view("text\0text", 9));
  folder.write("pictures/a.png", "no text");
  folder.write("fake.safetensors", "The sea");
  folder.write("norun/readme", "no run");
  std::filesystem::create_symlink("loop", folder / "loop");  // what no one may look into, not even root
}

class BadInput : public testing::TestWithParam<Row> {};

TEST_P(BadInput, IsOneErrorWithAHint) {
  const Fude fude;
  make_folder(fude);
  expect_complaint(fude.run(GetParam().arguments), GetParam().exit_code, GetParam().message, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(
    Corpus, BadInput,
    testing::Values(
        Row{"MissingFile", {"train", "storry.txt"}, 1, "storry.txt: no such file", "did you mean story.txt?"},
        Row{"MissingGlob", {"train", "x*.txt"}, 1, "no file matches x*.txt", "pattern"},
        Row{"FolderWithoutText", {"train", "pictures"}, 1, "no text in the folder pictures", "names end"},
        Row{"EmptyFile", {"train", "empty.txt"}, 1, "empty.txt is empty", "some text"},
        Row{"OnlyAMark", {"train", "mark.txt"}, 1, "mark.txt is empty", "some text"},
        Row{"OneCharacter", {"train", "one.txt", "--out", "r"}, 1, "", ""},
        Row{"OneDistinctCharacter", {"train", "same.txt", "--out", "r"}, 1, "one", ""},
        Row{"InvalidUtf8",
            {"train", "bad.txt"},
            1,
            "bad.txt:2: not valid UTF-8 at byte offset 21",
            "--invalid replace"},
        Row{"Truncated", {"prep", "cut.gz"}, 1, "cut.gz: the gzip archive is cut short", "again"},
        Row{"UnknownEncoding", {"prep", "story.txt", "--encoding", "klingon"}, 2, "unknown encoding klingon", ""},
        Row{"Binary", {"train", "binary.txt"}, 1, "zero byte at byte offset 4", "plain text"},
        Row{"ModelAsCorpus", {"train", "fake.safetensors"}, 1, "is a model, not text", "fude generate -m"},
        Row{"MissingValidation", {"train", "story.txt", "--val", "v.txt"}, 1, "v.txt: no such file", ""},
        Row{"MissingStart", {"train", "story.txt", "--init-from", "nothing"}, 1, "no model at nothing", ""},
        Row{"MissingRun", {"train", "--resume", "nothing"}, 1, "nothing", ""},
        Row{"ClosedStart", {"train", "story.txt", "--init-from", "loop/x"}, 1, "cannot open loop/x: ", "path"},
        Row{"ClosedRun", {"train", "--resume", "loop/x"}, 1, "cannot open loop/x/", "path"},
        Row{"EmptyPrep", {"prep", "empty.txt"}, 1, "empty.txt is empty", "some text"},
        Row{"MissingConfig", {"train", "story.txt", "--config", "c.json"}, 1, "c.json", ""}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Model, BadInput,
    testing::Values(Row{"Missing", {"generate", "-m", "nothing"}, 1, "no model at nothing", ".safetensors"},
                    Row{"FolderWithoutModel", {"eval", "norun", "story.txt"}, 1, "no model in folder norun", ""},
                    Row{"Closed", {"generate", "-m", "loop/x"}, 1, "cannot open loop/x: ", "path"},
                    Row{"Text", {"generate", "-m", "story.txt"}, 1, "story.txt: not a model file", "safetensors"},
                    Row{"Empty", {"inspect", "empty.txt"}, 1, "empty.txt", ""},
                    Row{"OneByte", {"inspect", "one.txt"}, 1, "one.txt", ""},
                    Row{"TextAsSafetensors", {"repl", "-m", "fake.safetensors"}, 1, "not a model file", ""}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Output, BadInput,
    testing::Values(
        Row{"RunBelowAFile", {"train", "story.txt", "--out", "story.txt/run", "--steps", "1"}, 1, "story.txt/run", ""},
        Row{"RunInAClosedFolder", {"train", "story.txt", "--out", "loop/x"}, 1, "cannot open loop/x: ", "path"},
        Row{"TextBelowAFile", {"prep", "story.txt", "-o", "story.txt/x"}, 1, "cannot write story.txt/x", ""},
        Row{"TextIntoNowhere", {"prep", "story.txt", "-o", "no/x"}, 1, "cannot write no/x", "folder"},
        Row{"TextOverAFolder", {"prep", "story.txt", "-o", "pictures"}, 1, "it is a folder", ""},
        Row{"TextOntoAFullDisk", {"prep", "story.txt", "-o", "/dev/full"}, 1, "No space left", "disk space"},
        Row{"Tokenizer",
            {"tokenizer", "train", "story.txt", "--tokenizer", "char", "-o", "story.txt/t"},
            1,
            "cannot write story.txt/t",
            ""}),
    [](const auto& row) { return row.param.name; });

TEST(BadInputStandardOutput, FullDisk_IsAnError) {
  const Fude fude;
  make_folder(fude);
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"prep", "story.txt"}, {"--help"}, {"train", "--help"}, {"--version"}})
    expect_complaint(fude.run(arguments, {.output_file = "/dev/full"}), 1,
                     "cannot write standard output: No space left", "disk space");
}

TEST(BadInputText, InvalidUtf8Replaced_IsLearned) {
  const Fude fude;
  fude.folder().write("bad.txt", sea_story() + "\xE9\n");
  const ProcessResult result = fude.run({"train", "bad.txt", "--invalid", "replace", "--preset", "tiny",
                                         "--hidden-size", "8", "--steps", "2", "--out", "r"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST(BadInputOutput, OntoAFileThatIsRead_IsRefusedAndNothingLost) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const std::string model = "runs/story/best.safetensors";
  const std::string bytes = read_file(fude.folder() / model);
  const auto run = [&](std::vector<std::string> arguments, const std::string& output) {
    arguments.insert(arguments.end(), {"-o", output});
    expect_complaint(fude.run(arguments), 2, output + " is read, and would be lost", "another file");
  };
  std::filesystem::create_symlink("story.txt", fude.folder() / "link");
  for (const std::string& output : {std::string("story.txt"), std::string("link"), model})
    run({"batch", "-m", "runs/story", "story.txt"}, output);
  run({"tokenizer", "train", ".", "--tokenizer", "char"}, "link");
  EXPECT_EQ(fude.run({"tokenizer", "train", "story.txt", "--tokenizer", "char", "-o", "t"}).exit_code, 0);
  run({"tokenizer", "export", "-t", "t"}, "./t");
  run({"tokenizer", "train", "story.txt", "--tokenizer", "t"}, "t");
  run({"tokenizer", "export", "-m", "runs/story"}, model);
  EXPECT_EQ(read_file(fude.folder() / model), bytes);
  EXPECT_EQ(read_file(fude.folder() / "story.txt"), sea_story());
}

TEST(BadInputOutput, OntoAModelOrState_IsRefusedAndNothingLost) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const std::vector<std::vector<std::string>> commands = {
      {"batch", "-m", "runs/story", "prompts"},
      {"prep", "story.txt"},
      {"tokenizer", "train", "story.txt", "--tokenizer", "char"},
  };
  fude.folder().write("prompts", "The sea\n");
  std::filesystem::copy_file(fude.folder() / "runs/story/best.safetensors", fude.folder() / "other.safetensors");
  for (std::vector<std::string> arguments : commands) {
    arguments.insert(arguments.end(), {"-o", "runs/story/log.jsonl"});
    expect_complaint(fude.run(arguments), 1, "log.jsonl is the record of a training run", "another file");
  }
  for (std::vector<std::string> arguments : commands)
    for (const std::string output : {"other.safetensors", "runs/story/last.state"}) {
      const std::string bytes = read_file(fude.folder() / output);
      arguments.insert(arguments.end(), {"-o", output});
      expect_complaint(fude.run(arguments), 1, output + " is a model, a run's state", "another file");
      EXPECT_EQ(read_file(fude.folder() / output), bytes);
      arguments.resize(arguments.size() - 2);
    }
}

TEST(BadInputOutput, OntoWhatIsNoText_IsRefusedAndNothingLost) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const auto learn = [&](const std::string& kind) {
    return fude.run({"tokenizer", "train", "story.txt", "--tokenizer", kind, "--vocab-size", "0", "-o", kind});
  };
  ASSERT_EQ(learn("bpe").exit_code, 0);
  ASSERT_EQ(learn("bpe").exit_code, 0);  // one in place of another
  ASSERT_EQ(fude.run({"tokenizer", "export", "-t", "bpe", "-o", "sentencepiece"}).exit_code, 0);
  for (const std::string output : {"bpe", "sentencepiece", "runs/story/config.json"}) {
    const std::string bytes = read_file(fude.folder() / output);
    expect_complaint(fude.run({"prep", "story.txt", "-o", output}), 1, output + " is ", "another file");
    EXPECT_EQ(read_file(fude.folder() / output), bytes);
  }
  // Other text goes, however a character lies across the part that is looked at.
  fude.folder().write("old.txt", std::string(65535, 'a') + "\u732B");
  EXPECT_EQ(fude.run({"prep", "story.txt", "-o", "old.txt"}).exit_code, 0);
}

TEST(BadInputModel, CutAnywhere_IsAFormatError) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const std::string whole = read_file(fude.folder() / "runs/story/best.safetensors");
  for (const size_t size : {size_t{4}, size_t{100}, whole.size() / 2, whole.size() - 1}) {
    fude.folder().write("cut.safetensors", whole.substr(0, size));
    expect_complaint(fude.run({"generate", "-m", "cut.safetensors"}), 1, "cut.safetensors");
  }
}

TEST(BadInputModel, ModelInPlaceOfText_IsRefusedByEachCommand) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  const std::string model = "runs/story/best.safetensors";
  expect_complaint(fude.run({"train", model}), 1, "is a model, not text");
  expect_complaint(fude.run({"prep", model}), 1, "is a model, not text");
  expect_complaint(fude.run({"eval", "runs/story", model}), 1, "is a model, not text");
}

TEST(BadInputModel, OutputOntoAFullDisk_IsAnError) {
  const Fude fude;
  ASSERT_NO_FATAL_FAILURE(fude.train_story());
  fude.folder().write("prompts.txt", "The\n");
  const ProcessResult text = fude.run({"generate", "runs/story", "-p", "The"}, {.output_file = "/dev/full"});
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_NE(text.err.find("error: cannot write standard output"), std::string::npos) << text.err;
  const ProcessResult lines = fude.run({"batch", "runs/story", "prompts.txt", "-o", "/dev/full"});
  EXPECT_EQ(lines.exit_code, 1);
  EXPECT_NE(lines.err.find("error: cannot write /dev/full"), std::string::npos) << lines.err;
}

}  // namespace
}  // namespace fude
