// fude bench: that its figures agree with each other, never how large they are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/fude.h"
#include "fude/compute/backend.h"

namespace fude {
namespace {

const std::vector<std::string> kKeys = {"name",          "commit",      "cpu",          "isa",    "threads",
                                        "backend",       "precision",   "tokens_per_s", "gflops", "peak_gflops",
                                        "peak_fraction", "ms_per_step", "spread"};

ProcessResult bench(std::vector<std::string> arguments) {
  const std::vector<std::string> quick = {"--rounds", "1", "--seconds", "0"};
  arguments.insert(arguments.begin(), "bench");
  arguments.insert(arguments.end(), quick.begin(), quick.end());
  return Fude().run(arguments);
}

// The rows, each with all keys in their order.
Json json_rows(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  const ProcessResult result = bench(std::move(arguments));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json rows = parse_json(result.out, "bench");
  for (const Json& row : rows) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : row.items())
      if (keys.size() < kKeys.size()) keys.push_back(key);
    EXPECT_EQ(keys, kKeys);
  }
  return rows;
}

double number(const Json& row, const char* key) { return row[key].get<double>(); }

TEST(Bench, Train_FiguresAgree) {
  const Json rows = json_rows({"train", "char-tiny", "--cell", "gru", "--threads", "1", "--backend", "openblas"});
  ASSERT_EQ(rows.size(), 1U);
  const Json& row = rows[0];
  EXPECT_EQ(row["name"], "char-tiny");
  EXPECT_EQ(row["cell"], "gru");
  EXPECT_EQ(row["threads"], 1);
  EXPECT_EQ(row["precision"], "f32");
  EXPECT_EQ(row["backend"].get<std::string>().rfind("OpenBLAS", 0), 0U);
  // 6 operations for each of 2 layers of 3·128·256 multiplications and 65·128 of the output.
  EXPECT_NEAR(number(row, "gflops") * 1e9 / number(row, "tokens_per_s"), 6 * (196608 + 8320), 1);
  EXPECT_NEAR(number(row, "tokens_per_s") * number(row, "ms_per_step") / 1e3, 50 * 50, 1e-3);
  EXPECT_NEAR(number(row, "gflops") / number(row, "peak_gflops"), number(row, "peak_fraction"), 1e-9);
  EXPECT_EQ(number(row, "spread"), 0);
}

TEST(Bench, TrainWithSizes_TakesThem) {
  const Json rows = json_rows({"train", "char-small", "--layers", "1", "--hidden-size", "8", "--vocab-size", "12",
                               "--batch-size", "3", "--seq-length", "5"});
  ASSERT_EQ(rows.size(), 1U);
  const Json& row = rows[0];
  const std::vector<std::pair<const char*, int>> sizes = {
      {"layers", 1}, {"hidden", 8}, {"vocab", 12}, {"batch", 3}, {"steps", 5}};
  for (const auto& [key, size] : sizes) EXPECT_EQ(row[key], size) << key;
  EXPECT_NEAR(number(row, "gflops") * 1e9 / number(row, "tokens_per_s"), 6 * (4 * 8 * 16 + 8 * 12), 1e-3);
}

TEST(Bench, Generate_HasARowForOneTextAndForMany) {
  const Json rows = json_rows({"generate", "char-tiny", "--hidden-size", "8"});
  ASSERT_EQ(rows.size(), 2U);
  for (const size_t which : {0, 1}) {
    const Json& row = rows[which];
    const int streams = which == 0 ? 1 : 64;
    EXPECT_EQ(row["batch"], streams);
    EXPECT_NEAR(number(row, "tokens_per_s") * number(row, "ms_per_step") / 1e3, streams, 1e-6);
    EXPECT_NEAR(number(row, "gflops") * 1e9 / number(row, "tokens_per_s"), 2 * (2 * 4 * 8 * 16 + 8 * 65), 1e-3);
  }
  EXPECT_EQ(json_rows({"generate", "char-tiny", "--hidden-size", "8", "--batch-size", "3"})[0]["batch"], 3);
}

TEST(Bench, Tokenize_HasARowForEachKind) {
  const Fude fude;
  fude.folder().write("story.txt", sea_story());
  const ProcessResult result =
      fude.run({"bench", "tokenize", "story.txt", "--rounds", "2", "--seconds", "0", "--format", "csv"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* const kind : {"char", "byte", "word", "whitespace", "bpe", "unigram"})
    EXPECT_EQ(count_of(result.out, "\n\"" + std::string(kind) + "\","), 1U) << result.out;
  EXPECT_EQ(count_of(result.out, "\n"), 7U) << result.out;
  EXPECT_EQ(count_of(result.out, "," + std::to_string(sea_story().size()) + "\n"), 6U) << result.out;
}

TEST(Bench, TokenizeWithoutText_MakesOneUp) {
  const Json rows = json_rows({"tokenize", "--tokenizer", "byte"});
  ASSERT_EQ(rows.size(), 1U);
  const Json& row = rows[0];
  EXPECT_EQ(row["name"], "byte");
  EXPECT_EQ(row["threads"], 1);
  EXPECT_TRUE(row["backend"].is_null());
  EXPECT_TRUE(row["peak_fraction"].is_null());
  EXPECT_GE(row["bytes"].get<int>(), 1 << 20);
  EXPECT_NEAR(number(row, "bytes_per_s") * number(row, "ms_per_step") / 1e3, number(row, "bytes"), 1e-3);
}

TEST(Bench, CsvAndTable_HaveARowForEachCase) {
  const ProcessResult csv = bench({"train", "char-tiny", "--format", "csv"});
  EXPECT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_EQ(count_of(csv.out, "\n"), 2U) << csv.out;
  std::string names;
  for (const std::string& key : kKeys) names += key + ",";
  EXPECT_EQ(csv.out.rfind(names + "cell,layers,hidden,vocab,batch,steps\n\"char-tiny\",", 0), 0U) << csv.out;
  for (const char* const what : {"train", "generate"}) {
    const ProcessResult table = bench({what, "char-tiny"});
    EXPECT_EQ(table.exit_code, 0) << table.err;
    EXPECT_EQ(count_of(table.out, "\nchar-tiny "), what == std::string("train") ? 1U : 2U) << table.out;
    EXPECT_EQ(count_of(table.out, ", commit "), 1U) << table.out;
  }
  EXPECT_EQ(count_of(bench({"tokenize", "--tokenizer", "char"}).out, "\nchar "), 1U);
}

TEST(Bench, OpenBlasThatTakesTheProcessorForAnOlderOne_IsToldOfAndNotTakenByItself) {
  if (const std::string isa = instruction_set(); !isa.starts_with("AVX3") && isa != "AVX2")
    GTEST_SKIP() << "a processor without AVX2";
  const Fude fude;
  const ProcessOptions older{.environment = {{"OPENBLAS_CORETYPE", "Prescott"}}};
  const std::vector<std::string> command = {"bench", "train",     "char-tiny", "--precision", "f32", "--rounds",
                                            "1",     "--seconds", "0"};
  std::vector<std::string> by_name = command;
  by_name.insert(by_name.end(), {"--backend", "openblas"});
  EXPECT_THAT(fude.run(by_name, older).err, testing::HasSubstr("set OPENBLAS_CORETYPE="));
  const ProcessResult by_itself = fude.run(command, older);
  EXPECT_EQ(by_itself.exit_code, 0) << by_itself.err;
  const bool has_onednn =
      fude.run({"bench", "generate", "char-tiny", "--backend", "onednn", "--rounds", "1", "--seconds", "0"})
          .exit_code == 0;
  EXPECT_EQ(by_itself.out.find("oneDNN") != std::string::npos, has_onednn) << by_itself.out;
}

TEST(Bench, WrongArguments_AreUsageErrors) {
  const Fude fude;
  expect_complaint(fude.run({"bench", "train", "char-huge"}), 2, "unknown case char-huge", "char-small");
  expect_complaint(fude.run({"bench", "generate", "char-huge"}), 2, "unknown case char-huge", "word-ptb");
  expect_complaint(fude.run({"bench", "train", "--rounds", "0"}), 2, "--rounds must be 1 to 1000, got 0");
  expect_complaint(fude.run({"bench", "train", "--seconds", "-1"}), 2, "--seconds must be 0 to 3600, got -1");
  expect_complaint(fude.run({"bench", "train", "--layers", "9"}), 2, "num_layers must be 1 to 8, got 9");
  expect_complaint(fude.run({"bench", "train", "--batch-size", "-1"}), 2, "batch_size must be at least 1");
  expect_complaint(fude.run({"bench", "train", "--format", "text"}), 2, "--format", "table");
  expect_complaint(fude.run({"bench", "tokenize", "--tokenizer", "chars"}), 2, "got \"chars\"", "did you mean char?");
  expect_complaint(fude.run({"bench", "tokenize", "none.txt"}), 1, "none.txt");
}

}  // namespace
}  // namespace fude
