// Help, names of flags, and where values come from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/fude.h"

namespace fude {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct HelpRow {
  std::vector<std::string> command;
  std::vector<std::string> flags;
};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const std::vector<std::string> kBenchNetwork = {"--cell",       "--num-layers", "--hidden-size",
                                                "--vocab-size", "--threads",    "--backend"};
const std::vector<std::string> kModel = {"-m,", "--model", "--threads", "--tokenizer"};
const std::vector<std::string> kWriting = {
    "-n,",    "--n-predict", "--length", "--max-new-tokens", "--chars", "--lines", "--stop",       "--temperature",
    "--temp", "--top-k",     "--top-p",  "--min-p",          "--seed",  "-s,",     "--on-unknown", "--[no-]eos"};

class HelpTable : public testing::TestWithParam<HelpRow> {};

TEST_P(HelpTable, Help_NamesEveryFlagAndExitsWithZero) {
  const ProcessResult result = Fude().run(joined(GetParam().command, {"--help"}));
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
  std::string command = "usage: fude";
  for (const std::string& word : GetParam().command) command += " " + word;
  EXPECT_THAT(result.out, HasSubstr(command));
  for (const std::string& flag : joined(GetParam().flags, {"--config", "--help"}))
    EXPECT_THAT(result.out, HasSubstr(flag));
}

INSTANTIATE_TEST_SUITE_P(
    Commands, HelpTable,
    testing::Values(
        HelpRow{{"prep"},
                {"--[no-]newlines", "--[no-]strip-bom", "--controls",  "--invisible",    "--normalize",    "--spaces",
                 "--[no-]trim",     "--blank-lines",    "--invalid",   "--read-doc-sep", "--min-line",     "--max-line",
                 "--min-doc",       "--max-doc",        "--scripts",   "--script-share", "--dedup",        "--near-dup",
                 "--near-dup-by",   "--memory",         "--max-chars", "--rare",         "--[no-]shuffle", "--split",
                 "--seed",          "--output",         "-o,",         "--doc-sep",      "--[no-]stats",   "--format"}},
        HelpRow{{"tokenizer", "train"},
                {"--tokenizer", "--vocab-size", "--normalize", "--seed", "--invalid", "--doc-sep", "--output"}},
        HelpRow{{"tokenizer", "encode"}, {"--tokenizer", "--model", "--text", "--[no-]pieces"}},
        HelpRow{{"tokenizer", "decode"}, {"--tokenizer", "--model", "--ids"}},
        HelpRow{{"tokenizer", "show"}, {"--tokenizer", "--model", "--pieces", "--format"}},
        HelpRow{{"train"},
                {"--val-frac",
                 "--val",
                 "--doc-sep",
                 "--invalid",
                 "--tokenizer",
                 "--vocab-size",
                 "--normalize",
                 "--preset",
                 "--cell",
                 "--hidden-size",
                 "--rnn-size",
                 "--nhid",
                 "--num-layers",
                 "--nlayers",
                 "--embed-size",
                 "--emsize",
                 "--wordvec-size",
                 "--[no-]tied",
                 "--[no-]orthogonal",
                 "--forget-bias",
                 "--dropout",
                 "--dropout-input",
                 "--dropout-layer",
                 "--dropout-state",
                 "--dropout-output",
                 "--[no-]dropout-locked",
                 "--state-reset",
                 "--seq-length",
                 "--bptt",
                 "--block-size",
                 "--batch-size",
                 "--stride",
                 "--[no-]random-length",
                 "--[no-]reset-at-documents",
                 "--optimizer",
                 "--lr",
                 "--learning-rate",
                 "--momentum",
                 "--beta1",
                 "--beta2",
                 "--alpha",
                 "--eps",
                 "--weight-decay",
                 "--grad-clip",
                 "--loss-spike",
                 "--rollbacks",
                 "--lr-schedule",
                 "--warmup",
                 "--lr-final",
                 "--lr-step",
                 "--lr-factor",
                 "--lr-patience",
                 "--lr-threshold",
                 "--lr-min",
                 "--epochs",
                 "--steps",
                 "--max-time",
                 "--patience",
                 "--eval-every",
                 "--sample-every",
                 "--sample-length",
                 "--save-every",
                 "--out",
                 "--init-from",
                 "--resume",
                 "--[no-]dry-run",
                 "--seed",
                 "--sampled-softmax",
                 "--backend",
                 "--precision",
                 "--[no-]profile",
                 "--threads"}},
        HelpRow{{"generate"},
                joined(joined(kModel, kWriting), {"-p,", "--prompt", "--prime", "--primetext", "--start", "--prefix",
                                                  "-f,", "--file", "--num-samples", "--[no-]stream", "--[no-]echo"})},
        HelpRow{{"repl"}, joined(joined(kModel, kWriting), {"--script", "--[no-]echo"})},
        HelpRow{{"batch"}, joined(joined(kModel, kWriting), {"--format", "--num-samples", "--output", "-o,"})},
        HelpRow{{"eval"}, joined(kModel, {"--invalid", "--doc-sep", "--format"})},
        HelpRow{{"score"}, joined(kModel, {"--text", "--invalid", "--format", "--[no-]color"})},
        HelpRow{{"inspect"}, joined(kModel, {"--format", "--pieces", "--[no-]verify"})},
        HelpRow{{"bench", "train"},
                joined(kBenchNetwork, {"--batch-size", "--seq-length", "--precision", "--[no-]profile", "--rounds",
                                       "--seconds", "--format"})},
        HelpRow{{"bench", "generate"}, joined(kBenchNetwork, {"--batch-size", "--rounds", "--seconds", "--format"})},
        HelpRow{{"bench", "tokenize"}, {"--tokenizer", "--rounds", "--seconds", "--format"}}),
    [](const auto& row) {
      std::string name;
      for (const std::string& word : row.param.command) name += word;
      return name;
    });

TEST(Overview, NoCommand_IsShownOnStandardErrorAsMisuse) {
  const ProcessResult result = Fude().run({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  for (const char* const command :
       {"prep", "tokenizer", "train", "generate", "repl", "batch", "eval", "score", "inspect", "bench"})
    EXPECT_THAT(result.err, HasSubstr("\n  " + std::string(command) + " "));
}

TEST(Overview, HelpFlag_IsTheSameOnStandardOutput) {
  const Fude fude;
  const ProcessResult result = fude.run({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, fude.run({}).err);
}

TEST(Overview, HelpCommand_IsTheCommandsHelp) {
  const Fude fude;
  EXPECT_EQ(fude.run({"help", "eval"}).out, fude.run({"eval", "--help"}).out);
  EXPECT_EQ(fude.run({"sample", "-h"}).out, fude.run({"generate", "--help"}).out);
}

TEST(Scripts, HelpFlag_OnlyExplains) {
  for (const char* const script : {"quickstart", "check", "fetch_corpora"}) {
    const ProcessResult result = run_process({FUDE_SOURCE_DIR "/tools/" + std::string(script), "--help"}, {});
    EXPECT_EQ(result.exit_code, 0) << script;
    EXPECT_THAT(result.out, HasSubstr("\n  tools/" + std::string(script)));
  }
  EXPECT_EQ(run_process({FUDE_SOURCE_DIR "/tools/quickstart", "please"}, {}).exit_code, 2);
}

TEST(Version, Flag_TellsBuildAndMachine) {
  const ProcessResult result = Fude().run({"--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("fude "));
  for (const char* const part : {"\ncommit ", "\ncompiler ", "\nprocessor ", "\nmatrices ", "\nthreads "})
    EXPECT_THAT(result.out, HasSubstr(part));
}

struct MisuseRow {
  std::string name;
  std::vector<std::string> arguments;
  std::string message;
  std::string hint;
};

class MisuseTable : public testing::TestWithParam<MisuseRow> {};

TEST_P(MisuseTable, ExitsWithTwoAndOneHint) {
  const MisuseRow& row = GetParam();
  expect_complaint(Fude().run(row.arguments), 2, row.message, row.hint);
}

INSTANTIATE_TEST_SUITE_P(
    Misuse, MisuseTable,
    testing::Values(
        MisuseRow{"UnknownCommand", {"generat"}, "unknown command generat", "did you mean fude generate?"},
        MisuseRow{"FarCommand", {"xyzzy"}, "unknown command xyzzy", "the commands are: prep tokenizer train"},
        MisuseRow{
            "UnknownFlag", {"train", "a.txt", "--hiden-size", "3"}, "--hiden-size", "did you mean --hidden-size?"},
        MisuseRow{"UnderscoreTypo", {"train", "--hiden_size=3"}, "--hiden_size", "did you mean --hidden-size?"},
        MisuseRow{"NegatedTypo", {"generate", "--no-strem"}, "--no-strem", "did you mean --no-stream?"},
        MisuseRow{"OneDash", {"train", "-rnn_size", "3"}, "unknown flag -rnn_size", "did you mean --hidden-size?"},
        MisuseRow{"UnknownShort", {"generate", "-z"}, "unknown flag -z", "fude generate --help"},
        MisuseRow{"NoValue", {"train", "a.txt", "--lr"}, "--lr needs a value", "learning rate"},
        MisuseRow{
            "NoNumber", {"train", "a.txt", "--lr", "abc"}, "--lr: expected a number, got abc", "lr: learning rate"},
        MisuseRow{"HalfANumber", {"train", "a.txt", "--steps", "10k"}, "expected a whole number, got 10k", "steps"},
        MisuseRow{"EmptyNumber", {"train", "a.txt", "--steps="}, "expected a whole number, got nothing", "steps"},
        MisuseRow{
            "HugeNumber", {"train", "a.txt", "--hidden-size", "99999999999"}, "expected a whole number", "hidden-size"},
        MisuseRow{"NotFinite", {"train", "a.txt", "--lr", "nan"}, "expected a number, got nan", "lr"},
        MisuseRow{"NegativeSeed", {"generate", "m", "--seed", "-1"}, "from 0 to 18446744073709551615", "seed"},
        MisuseRow{"BadDuration", {"train", "a.txt", "--max-time", "5x"}, "expected a duration", "max-time"},
        MisuseRow{"BackwardDuration", {"train", "a.txt", "--max-time", "5s3m"}, "expected a duration", "max-time"},
        MisuseRow{
            "BadWord", {"train", "a.txt", "--optimizer", "lion"}, "expected adamw|adam|sgd|rmsprop, got lion", ""},
        MisuseRow{"BadCell", {"train", "a.txt", "--cell", "lstn"}, "lstn", ""},
        MisuseRow{"BadPreset", {"train", "a.txt", "--preset", "smal"}, "smal", "did you mean \"small\"?"},
        MisuseRow{"BadEscape", {"generate", "m", "--stop", "\\q"}, "expected \\n, \\t, \\r, \\xNN or \\\\", "stop"},
        MisuseRow{"SwitchWithWord", {"generate", "--stream=perhaps"}, "expected true or false, got perhaps", "stream"},
        MisuseRow{"NegativeSize", {"train", "a.txt", "--hidden-size", "-3"}, "hidden_size", ""},
        MisuseRow{"NegativeTemperature", {"generate", "m", "--temperature", "-1"}, "temperature", ""},
        MisuseRow{"TooManyThreads", {"generate", "m", "--threads", "100000"}, "threads must be 0", ""},
        MisuseRow{"NoSamples", {"generate", "m", "--num-samples", "0"}, "--num-samples must be 1 or more", ""},
        MisuseRow{"NoLimit", {"train", "a.txt", "--epochs", "0"}, "nothing ends the run", ""},
        MisuseRow{"NoCorpus", {"train"}, "no text to learn from", "name a text file"},
        MisuseRow{"NoModel", {"generate"}, "no model given", "fude train"},
        MisuseRow{"NoPrompts", {"batch"}, "no file of prompts given", ""},
        MisuseRow{"NoOutput", {"tokenizer", "train", "a.txt"}, "no output given", "-o"},
        MisuseRow{"NoAction", {"tokenizer"}, "no action given", "train encode decode show"},
        MisuseRow{"NothingToMeasure", {"bench"}, "no action given", "train generate tokenize"},
        MisuseRow{"UnknownMeasure", {"bench", "tran"}, "unknown action tran", "did you mean fude bench train?"},
        MisuseRow{
            "UnknownAction", {"tokenizer", "encod"}, "unknown action encod", "did you mean fude tokenizer encode?"},
        MisuseRow{"TwoTokenizers", {"tokenizer", "show", "-t", "a", "-m", "b"}, "two tokenizers", ""},
        MisuseRow{"ColourInJson", {"score", "m", "--color", "--format", "jsonl"}, "contradict", ""},
        MisuseRow{"StartAndSize",
                  {"train", "a.txt", "--init-from", "m", "--nhid", "3"},
                  "--hidden-size and --init-from contradict each other",
                  "leave it out"},
        MisuseRow{"FileAndShare",
                  {"train", "a.txt", "--val", "v.txt", "--val-frac", "0.2"},
                  "--val-frac and --val contradict each other",
                  "not both"},
        MisuseRow{"ResumeAndCorpus", {"train", "a.txt", "--resume", "r"}, "does not take: a.txt", "--init-from"},
        MisuseRow{"ResumeAndFlag",
                  {"train", "--resume", "r", "--lr", "1", "--nhid", "2"},
                  "does not take: --hidden-size, --lr",
                  "--init-from"}),
    [](const auto& row) { return row.param.name; });

// `fude prep` shows what a flag's value became without needing a model.
std::string prepared(const Fude& fude, std::vector<std::string> arguments, ProcessOptions options = {}) {
  arguments.insert(arguments.begin(), {"prep", "-"});
  options.input = "A\uFF22 \n";
  const ProcessResult result = fude.run(arguments, options);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return result.out;
}

TEST(FlagForms, ValueBesideOrBehindEqualsSign_AreTheSame) {
  const Fude fude;
  for (const std::vector<std::string>& form :
       std::vector<std::vector<std::string>>{{"--normalize", "nfkc"}, {"--normalize=nfkc"}})
    EXPECT_EQ(prepared(fude, form), "AB\n");
}

TEST(FlagForms, LastOfTwoValues_Wins) {
  EXPECT_EQ(prepared(Fude(), {"--normalize", "nfc", "--normalize", "nfkc"}), "AB\n");
}

TEST(FlagForms, Switches_GoOnAndOff) {
  const Fude fude;
  for (const char* const form : {"--no-trim", "--no_trim", "--trim=false", "--trim=0"})
    EXPECT_EQ(prepared(fude, {form}), "A\uFF22 \n") << form;
  EXPECT_EQ(prepared(fude, {"--no-trim", "--trim"}), "A\uFF22\n");
}

TEST(FlagForms, UnderscoreInName_IsADash) {
  EXPECT_EQ(prepared(Fude(), {"--no-strip_bom", "--strip_bom"}), "A\uFF22\n");
}

TEST(FlagForms, ValueThatLooksLikeAFlag_IsAValue) {
  const Fude fude;
  fude.folder().write("b.txt", "b");
  const ProcessResult result = fude.run({"prep", "b.txt", "b.txt", "--doc-sep", "--trim", "-o", "-"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
}

TEST(FlagForms, AfterTwoDashes_NothingIsAFlag) {
  const Fude fude;
  fude.folder().write("--trim", "text\n");
  EXPECT_EQ(fude.run({"prep", "--", "--trim"}).out, "text\n");
}

TEST(FlagForms, ShortFlag_TakesItsValueBesideItOrNext) {
  const Fude fude;
  fude.folder().write("a.txt", "text\n");
  EXPECT_EQ(fude.run({"prep", "a.txt", "-oone.txt"}).exit_code, 0);
  EXPECT_EQ(fude.run({"prep", "a.txt", "-o", "two.txt"}).exit_code, 0);
  EXPECT_EQ(fude.run({"prep", "a.txt", "-o=three.txt"}).exit_code, 0);
  EXPECT_EQ(fude.run({"prep", "one.txt"}).out, fude.run({"prep", "two.txt"}).out);
  EXPECT_EQ(fude.run({"prep", "one.txt"}).out, fude.run({"prep", "three.txt"}).out);
}

TEST(Sources, StrongerOne_Wins) {
  const Fude fude;
  fude.folder().write("c.json", R"({"normalize": "nfkc", "trim": false})");
  EXPECT_EQ(prepared(fude, {"--config", "c.json"}), "AB \n");
  const ProcessOptions with_variable{.environment = {{"FUDE_NORMALIZE", "none"}}};
  EXPECT_EQ(prepared(fude, {"--config", "c.json"}, with_variable), "A\uFF22 \n");
  EXPECT_EQ(prepared(fude, {"--config", "c.json", "--normalize", "nfkc", "--trim"}, with_variable), "AB\n");
}

TEST(Sources, ValuesNotFromFlags_AreToldOnce) {
  const Fude fude;
  fude.folder().write("c.json", R"({"trim": false, "strip_bom": true})");
  fude.folder().write("a.txt", "text\n");
  const ProcessResult result =
      fude.run({"prep", "a.txt", "--no-newlines"},
               {.environment = {{"FUDE_NORMALIZE", "none"}, {"FUDE_CONFIG", "c.json"}, {"FUDE_HIDDEN_SIZE", "9"}}});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err,
            "from the environment: normalize none, config c.json\n"
            "from c.json: strip-bom true, trim false\n");
}

TEST(Sources, BadValue_NamesItsPlace) {
  const Fude fude;
  fude.folder().write("a.txt", "text\n");
  fude.folder().write("c.json", R"({"format": "xml"})");
  const ProcessResult variable = fude.run({"prep", "a.txt"}, {.environment = {{"FUDE_TRIM", "x"}}});
  EXPECT_EQ(variable.exit_code, 2);
  EXPECT_THAT(variable.err, HasSubstr("error: FUDE_TRIM: expected true or false, got x"));
  const ProcessResult config = fude.run({"prep", "a.txt", "--config", "c.json"});
  EXPECT_EQ(config.exit_code, 2);
  EXPECT_THAT(config.err, HasSubstr("error: c.json: format: expected text|json, got xml"));
}

struct ConfigRow {
  std::string name;
  std::string content;
  int exit_code;
  std::string message;
};

class ConfigTable : public testing::TestWithParam<ConfigRow> {};

TEST_P(ConfigTable, BadConfig_IsOneErrorThatNamesIt) {
  const Fude fude;
  fude.folder().write("a.txt", "text\n");
  fude.folder().write("c.json", GetParam().content);
  expect_complaint(fude.run({"prep", "a.txt", "--config", "c.json"}), GetParam().exit_code, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Config, ConfigTable,
                         testing::Values(ConfigRow{"NoJson", "trim: false", 1, "c.json: not valid JSON"},
                                         ConfigRow{"Empty", "", 1, "c.json: not valid JSON"},
                                         ConfigRow{"NoObject", "[1]", 2, "c.json: expected a JSON object"},
                                         ConfigRow{"UnknownName", R"({"trin": true})", 2,
                                                   "unknown flag \"trin\" in c.json"},
                                         ConfigRow{"Nested", R"({"trim": {}})", 2, "c.json: trim: expected a text"},
                                         ConfigRow{"ListInList", R"({"trim": [[1]]})", 2, "a list inside a list"},
                                         ConfigRow{"Config", R"({"config": "c.json"})", 2, "cannot be set here"}),
                         [](const auto& row) { return row.param.name; });

TEST(Preset, ItsValues_AreToldAndLoseToFlags) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const ProcessResult result =
      fude.run({"train", "story.txt", "--dry-run", "--preset", "tiny", "--hidden-size", "24", "--steps", "2"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("from preset tiny: "));
  EXPECT_THAT(result.err, HasSubstr("num-layers 1"));
  EXPECT_THAT(result.err, Not(HasSubstr("hidden-size")));
  EXPECT_THAT(result.err, HasSubstr("1 x 24"));
}

}  // namespace
}  // namespace fude
