// fude bench: that its figures agree with each other, never how large they are.
#include <gtest/gtest.h>

#include "base/json.h"
#include "cli/fude.h"

namespace fude {
namespace {

ProcessResult bench(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"bench", "train", "char-tiny", "--rounds", "2", "--seconds", "0"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Fude().run(arguments);
}

TEST(Bench, Json_FiguresAgree) {
  const ProcessResult result = bench({"--cell", "gru", "--threads", "1", "--backend", "openblas", "--format", "json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Json rows = parse_json(result.out, "bench");
  ASSERT_EQ(rows.size(), 1U);
  const Json& row = rows[0];
  EXPECT_EQ(row["case"], "char-tiny");
  EXPECT_EQ(row["cell"], "gru");
  EXPECT_EQ(row["threads"], 1);
  EXPECT_EQ(row["backend"].get<std::string>().rfind("OpenBLAS", 0), 0U);
  // 6 operations for each of 2 layers of 3·128·256 multiplications and 65·128 of the output.
  EXPECT_NEAR(row["gflops"].get<double>() * 1e9 / row["tokens_per_second"].get<double>(), 6 * (196608 + 8320), 1);
  EXPECT_GT(row["fraction_of_peak"].get<double>(), 0);
  EXPECT_GT(row["peak_gflops"].get<double>(), 0);
}

TEST(Bench, CsvAndText_HaveARowForEachCase) {
  const ProcessResult csv = bench({"--format", "csv"});
  EXPECT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_EQ(count_of(csv.out, "\n"), 2U) << csv.out;
  EXPECT_EQ(csv.out.rfind("case,cell,num_layers,", 0), 0U) << csv.out;
  const ProcessResult text = bench({});
  EXPECT_EQ(text.exit_code, 0) << text.err;
  EXPECT_EQ(count_of(text.out, "\nchar-tiny "), 1U) << text.out;
}

TEST(Bench, WrongArguments_AreUsageErrors) {
  const Fude fude;
  expect_complaint(fude.run({"bench"}), 2, "nothing to measure", "fude bench train");
  expect_complaint(fude.run({"bench", "brew"}), 2, "cannot measure brew", "fude bench train");
  expect_complaint(fude.run({"bench", "train", "char-huge"}), 2, "unknown case char-huge", "char-small");
  expect_complaint(fude.run({"bench", "train", "--rounds", "0"}), 2, "--rounds must be 1 to 1000, got 0");
  expect_complaint(fude.run({"bench", "train", "--seconds", "-1"}), 2, "--seconds must be 0 to 3600, got -1");
}

}  // namespace
}  // namespace fude
