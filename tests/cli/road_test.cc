// The whole road: a text is learned, and the model that comes out is used by every command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/file.h"
#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Road : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NO_FATAL_FAILURE(fude_.train_story()); }
  const TempDir& folder() const { return fude_.folder(); }
  ProcessResult run(const std::vector<std::string>& arguments, ProcessOptions options = {}) const {
    ProcessResult result = fude_.run(arguments, std::move(options));
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result;
  }
  std::string text_of(const std::vector<std::string>& arguments) const { return run(arguments).out; }
  static std::vector<Json> json_lines(const std::string& text) {
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(parse_json(line, "output"));
    return lines;
  }
  Fude fude_;
};

TEST_F(Road, Train_TellsPlanEvaluationsAndWhereTheModelIs) {
  const ProcessResult result =
      run({"train", "story.txt", "--preset", "tiny", "--hidden-size", "16", "--seq-length", "16", "--batch-size", "2",
           "--steps", "20", "--eval-every", "10", "--out", "again"});
  EXPECT_EQ(result.out, "");
  for (const char* const part :
       {"corpus ", "tokens ", "network ", "batches ", "seed ", "write with it: fude generate -m again"})
    EXPECT_THAT(result.err, HasSubstr(part));
  EXPECT_THAT(result.err, ContainsRegex("step 10 .*loss .*val .*ppl .*bits/char .*bits/byte .*tokens/s"));
  EXPECT_THAT(result.err, ContainsRegex("step 20 .*"));
  EXPECT_THAT(result.err, HasSubstr("  *\n"));
  EXPECT_THAT(result.err, Not(HasSubstr("\r")));
  EXPECT_TRUE(std::filesystem::exists(folder() / "again/best.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(folder() / "again/config.json"));
}

TEST_F(Road, Train_EqualSeed_GivesEqualModel) {
  const std::vector<std::string> train = {"train",        "story.txt", "--preset", "tiny", "--hidden-size", "16",
                                          "--batch-size", "2",         "--steps",  "5",    "--seed",        "7",
                                          "--out"};
  for (const char* const out : {"a", "b"}) {
    std::vector<std::string> arguments = train;
    arguments.emplace_back(out);
    run(arguments);
  }
  EXPECT_EQ(text_of({"generate", "a", "The sea", "--seed", "1"}), text_of({"generate", "b", "The sea", "--seed", "1"}));
}

TEST_F(Road, Train_WithoutOut_TakesTheTextsNameAndThenANumber) {
  const std::vector<std::string> train = {"train",         "story.txt", "--preset", "tiny",
                                          "--hidden-size", "8",         "--steps",  "2"};
  EXPECT_THAT(run(train).err, HasSubstr("runs/story-2"));
  EXPECT_THAT(run(train).err, HasSubstr("runs/story-3"));
}

TEST_F(Road, Train_IntoARunThatIsThere_IsRefused) {
  expect_complaint(fude_.run({"train", "story.txt", "--out", "runs/story"}), 2, "runs/story", "--resume");
}

TEST_F(Road, Train_Resume_GoesOnToMoreSteps) {
  const ProcessResult result = run({"train", "--resume", "runs/story", "--steps", "40"});
  EXPECT_THAT(result.err, HasSubstr("going on with runs/story"));
  EXPECT_THAT(result.err, HasSubstr("step 40"));
}

TEST_F(Road, Train_DryRun_TellsThePlanAndWritesNothing) {
  const ProcessResult result = run({"train", "story.txt", "--dry-run", "--preset", "tiny", "--out", "dry"});
  EXPECT_THAT(result.err, HasSubstr("parameters"));
  EXPECT_THAT(result.err, ContainsRegex("speed .*tokens/s"));
  EXPECT_FALSE(std::filesystem::exists(folder() / "dry"));
}

TEST_F(Road, Train_Profile_TellsWhereTheTimeWent) {
  const ProcessResult result =
      run({"train", "story.txt", "--preset", "tiny", "--steps", "5", "--threads", "1", "--profile", "--out", "timed"});
  EXPECT_THAT(result.err, ContainsRegex("where [0-9.]+ s of 1 thread went"));
  for (const char* const part : {"recurrent layers: cells", "output layer: softmax", "optimizer: update", "packing"})
    EXPECT_THAT(result.err, HasSubstr(part));
}

TEST_F(Road, Train_PrecisionThatCannotBe_IsRefused) {
  expect_complaint(
      fude_.run({"train", "story.txt", "--precision", "bf16", "--hidden-size", "32", "--steps", "1", "--out", "small"}),
      2, "bf16", "--precision f32");
  EXPECT_FALSE(std::filesystem::exists(folder() / "small" / "config.json"));
}

TEST_F(Road, Train_InitFrom_BeginsWithTheModelsNetwork) {
  const ProcessResult result =
      run({"train", "story.txt", "--init-from", "runs/story", "--steps", "3", "--batch-size", "2", "--out", "tuned"});
  EXPECT_EQ(parse_json(text_of({"inspect", "tuned", "--format", "json"}), "inspect")["network"]["hidden_size"], 32);
}

TEST_F(Road, Generate_EqualSeed_WritesEqualText) {
  const std::vector<std::string> arguments = {"generate", "-m", "runs/story", "-p", "The sea",
                                              "-n",       "60", "--seed",     "5"};
  const ProcessResult first = run(arguments);
  EXPECT_THAT(first.out, StartsWith("The sea"));
  EXPECT_THAT(first.err, HasSubstr("seed 5\n"));
  EXPECT_EQ(first.out, text_of(arguments));
  EXPECT_EQ(first.out, text_of({"sample", "runs/story", "The sea", "--length=60", "-s5", "--no-stream"}));
}

TEST_F(Road, Generate_DrawnSeed_WritesTheSameTextWhenGiven) {
  const ProcessResult drawn = run({"generate", "runs/story", "-p", "The", "-n", "80"});
  const size_t begin = drawn.err.find("seed ") + 5;
  const std::string seed = drawn.err.substr(begin, drawn.err.find('\n') - begin);
  EXPECT_EQ(drawn.out, text_of({"generate", "runs/story", "-p", "The", "-n", "80", "--seed", seed}));
}

TEST_F(Road, Generate_LengthInCharacters_IsExact) {
  const std::string text = text_of({"generate", "runs/story", "--chars", "70", "--seed", "2", "--no-eos"});
  EXPECT_EQ(text.size(), text.ends_with('\n') && text.size() == 70 ? 70U : 71U);
}

TEST_F(Road, Generate_PromptFile_LosesItsLastNewlineOnly) {
  folder().write("prompt.txt", "The sea\n\n");
  EXPECT_THAT(text_of({"generate", "runs/story", "-f", "prompt.txt", "-n", "0"}), "The sea\n");
  EXPECT_EQ(run({"generate", "runs/story", "-f", "-", "-n", "0"}, {.input = "The"}).out, "The\n");
}

TEST_F(Road, Generate_PromptFile_LosesItsMarkAndIsNamedInErrors) {
  folder().write("prompt.txt", "\xEF\xBB\xBFThe sea\n");
  EXPECT_EQ(text_of({"generate", "runs/story", "-f", "prompt.txt", "-n", "0"}), "The sea\n");
  folder().write("bad.txt", "The \xE9");
  expect_complaint(fude_.run({"generate", "runs/story", "-f", "bad.txt"}), 1,
                   "bad.txt: not valid UTF-8 at byte offset 4");
  folder().write("strange.txt", "The sea\nThe \u732B\n");
  expect_complaint(fude_.run({"generate", "runs/story", "-f", "strange.txt"}), 1, "error: strange.txt:2:5: ");
}

TEST_F(Road, Generate_NoEcho_LeavesThePromptOut) {
  EXPECT_EQ(text_of({"generate", "runs/story", "-p", "The", "-n", "0", "--no-echo"}), "");
}

TEST_F(Road, Generate_StopText_EndsBeforeIt) {
  const std::string text = text_of(
      {"generate", "runs/story", "-p", "The", "--no-echo", "--stop", "e", "--stop", "\\n", "-n", "300", "--seed", "3"});
  EXPECT_THAT(text, Not(HasSubstr("e")));
  EXPECT_EQ(text.find('\n'), text.size() - 1);
}

TEST_F(Road, Generate_SeveralSamples_AreSeparatedAndEachCanBeHadAgain) {
  const ProcessResult result =
      run({"generate", "runs/story", "-p", "The", "--chars", "30", "--no-eos", "--num-samples", "2", "--seed", "8"});
  const size_t line = result.out.find("---\n");
  ASSERT_NE(line, std::string::npos);
  const size_t second = result.err.find("seed ", result.err.find("seed ") + 1) + 5;
  const std::string seed = result.err.substr(second, result.err.find('\n', second) - second);
  EXPECT_EQ(result.out.substr(line + 4),
            text_of({"generate", "runs/story", "-p", "The", "--chars", "30", "--no-eos", "--seed", seed}));
}

TEST_F(Road, Generate_UnknownSymbol_FollowsThePolicy) {
  const ProcessResult refused = fude_.run({"generate", "runs/story", "-p", "The \u732B"});
  expect_complaint(refused, 1, "U+732B", "--on-unknown");
  EXPECT_THAT(refused.err, HasSubstr("1:5"));
  run({"generate", "runs/story", "-p", "The \u732B", "--on-unknown", "skip", "-n", "5"});
}

TEST_F(Road, Generate_TwoPrompts_AreRefused) {
  expect_complaint(fude_.run({"generate", "runs/story", "The", "-p", "A"}), 2, "two prompts");
  expect_complaint(fude_.run({"generate", "runs/story", "The", "sea"}), 2, "unexpected argument sea", "quote");
}

TEST_F(Road, Batch_PlainLines_GiveAResultEach) {
  folder().write("prompts.txt", "The sea\n\nNo one\r\n");
  const auto results = json_lines(text_of({"batch", "-m", "runs/story", "prompts.txt", "-n", "20", "--seed", "3"}));
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0]["id"], "1");
  EXPECT_EQ(results[0]["prompt"], "The sea");
  EXPECT_EQ(results[1]["id"], "3");
  EXPECT_EQ(results[1]["prompt"], "No one");
}

TEST_F(Road, Batch_JsonLines_GoToAFileAndDoNotDependOnNeighbours) {
  const std::string b2 = R"({"id": "b2", "prompt": "No one", "temperature": 0.5, "max_tokens": 15})";
  folder().write("items.jsonl", R"({"id": "a1", "prompt": "The sea", "n": 3})"
                                "\n" +
                                    b2 + "\n");
  run({"batch", "runs/story", "items.jsonl", "-n", "10", "--num-samples", "2", "--seed", "4", "-o", "out.jsonl"});
  const auto results = json_lines(read_file(folder() / "out.jsonl"));
  ASSERT_EQ(results.size(), 5U);
  EXPECT_EQ(results[2]["sample"], 2);
  const auto alone =
      json_lines(run({"batch", "runs/story", "-", "--num-samples", "2", "--seed", "4"}, {.input = b2}).out);
  ASSERT_EQ(alone.size(), 2U);
  EXPECT_EQ(alone[1]["text"], results[4]["text"]);
}

TEST_F(Road, Batch_FirstCharacter_TellsJsonLinesFromPrompts) {
  for (const char* const before : {"\n\r\n", "\xEF\xBB\xBF", "  ", "\xEF\xBB\xBF\n \t"}) {
    const auto results = json_lines(
        run({"batch", "runs/story", "-", "-n", "3"}, {.input = before + std::string(R"({"prompt": "The"})")}).out);
    ASSERT_EQ(results.size(), 1U) << before;
    EXPECT_EQ(results[0]["prompt"], "The");
  }
}

TEST_F(Road, Batch_EqualIds_AreTold) {
  const std::string lines = R"({"prompt": "The", "id": "2"})"
                            "\n"
                            R"({"prompt": "No"})";
  EXPECT_THAT(run({"batch", "runs/story", "-", "-n", "3"}, {.input = lines}).err,
              HasSubstr("note: 1 item with the id of an earlier one, such as \"2\""));
  EXPECT_THAT(run({"batch", "runs/story", "-", "-n", "3"}, {.input = "The"}).err, HasSubstr("1 text to write"));
}

TEST_F(Road, Batch_ValueOutOfRange_IsBadDataAsEveryOtherBadLine) {
  for (const char* const bad : {R"({"prompt": "The", "n": 0})", R"({"prompt": "The", "temperature": -3})"})
    expect_complaint(fude_.run({"batch", "runs/story", "-"}, {.input = bad}), 1, "standard input:1: ");
}

TEST_F(Road, Batch_BadLine_IsRefusedBeforeAnythingIsWritten) {
  folder().write("items.jsonl", "{\"prompt\": \"The\"}\n{\"promt\": \"sea\"}\n");
  folder().write("out.jsonl", "earlier\n");
  const ProcessResult result = fude_.run({"batch", "runs/story", "items.jsonl", "-o", "out.jsonl"});
  expect_complaint(result, 1, "items.jsonl:2: unknown key \"promt\"");
  EXPECT_EQ(read_file(folder() / "out.jsonl"), "earlier\n");
}

TEST_F(Road, Eval_JsonAndText_AgreeAndLearnedTextIsLikelierThanNoise) {
  const Json story = parse_json(text_of({"eval", "runs/story", "story.txt", "--format", "json"}), "eval");
  EXPECT_EQ(story["characters"], static_cast<int64_t>(sea_story().size()));
  EXPECT_NEAR(story["bits_per_char"].get<double>() * story["characters"].get<double>(),
              story["nats"].get<double>() / std::log(2.0), 1e-6 * story["nats"].get<double>());
  const std::string table = text_of({"eval", "runs/story", "story.txt"});
  for (const char* const part : {"tokens", "nats", "perplexity", "bits/char", "bits/byte"})
    EXPECT_THAT(table, HasSubstr(part));
  const Json noise =
      parse_json(run({"eval", "-m", "runs/story", "--format", "json"}, {.input = "eht aes swa hte nio\n"}).out, "eval");
  EXPECT_GT(noise["bits_per_char"].get<double>(), story["bits_per_char"].get<double>());
}

TEST_F(Road, Score_Tokens_AddUpToEval) {
  folder().write("line.txt", "The sea was calm.\n");
  double nats = 0;
  for (const Json& token : json_lines(text_of({"score", "runs/story", "line.txt", "--format", "jsonl"})))
    if (!token["log_prob"].is_null()) nats -= token["log_prob"].get<double>();
  const Json whole = parse_json(text_of({"eval", "runs/story", "line.txt", "--format", "json"}), "eval");
  EXPECT_NEAR(nats, whole["nats"].get<double>(), 1e-4);
  EXPECT_THAT(text_of({"score", "runs/story", "--text", "The"}), ContainsRegex("log p.*\n.* T\n.* h\n.* e\n"));
  EXPECT_THAT(text_of({"score", "runs/story", "--text", "The", "--color"}), EndsWith("\n"));
}

TEST_F(Road, Inspect_ShowsNetworkTokenizerAndTraining) {
  const Json json = parse_json(text_of({"inspect", "runs/story", "--format", "json", "--verify"}), "inspect");
  EXPECT_EQ(json["network"]["hidden_size"], 32);
  EXPECT_EQ(json["tokenizer"]["kind"], "char");
  EXPECT_EQ(json["tensors"][0]["name"], "encoder.weight");
  EXPECT_EQ(json["tensors"][0]["shape"][0], json["tokenizer"]["vocab_size"]);
  EXPECT_EQ(json["self_test"]["passed"], true);
  EXPECT_FALSE(json["training"].empty());
  const ProcessResult text = run({"inspect", "-m", "runs/story/best.safetensors", "--verify"});
  for (const char* const part : {"lstm", "rnn.weight_ih_l0", "char", "training"})
    EXPECT_THAT(text.out, HasSubstr(part));
  EXPECT_THAT(text.err, HasSubstr("self-test passed"));
}

TEST_F(Road, TokenizerInAModel_CanBeTriedOut) {
  EXPECT_EQ(text_of({"tokenizer", "encode", "-m", "runs/story", "--text", "sea", "--pieces"}), "s\ne\na\n");
}

TEST_F(Road, ModelFromTheEnvironment_IsTakenAndTold) {
  const ProcessResult result =
      run({"generate", "-p", "The", "-n", "3"}, {.environment = {{"FUDE_MODEL", "runs/story"}}});
  EXPECT_THAT(result.err, StartsWith("from the environment: model runs/story\n"));
}

TEST_F(Road, NoModelNamed_HintNamesTheNewestRun) {
  expect_complaint(fude_.run({"generate"}), 2, "no model given", "--model runs/story");
}

}  // namespace
}  // namespace fude
