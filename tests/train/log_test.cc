#include "train/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "fude/base/error.h"

namespace fude {
namespace {

EvaluationRecord record_of(int64_t step, double val_loss) {
  EvaluationRecord record;
  record.step = step;
  record.epoch = 0.5;
  record.tokens = 1000;
  record.train_loss = 2.25;
  record.val_loss = val_loss;
  record.val_perplexity = std::exp(val_loss);
  record.val_bpc = record.val_bpb = val_loss / std::log(2);
  return record;
}

TEST(Log, Line_HasItsKeysInOrder) {
  std::string keys;
  const Json json = to_json(record_of(7, 1.5));
  for (const auto& item : json.items()) keys += item.key() + " ";
  EXPECT_EQ(keys,
            "step epoch tokens seconds tokens_per_s lr train_loss val_loss val_ppl val_bpc val_bpb grad_norm skipped "
            "rollbacks ");
}

TEST(Log, LineOfAnEarlierVersion_SkippedNothing) {
  Json json = to_json(record_of(7, 1.5));
  for (const char* const key : {"skipped", "rollbacks"}) json.erase(key);
  EXPECT_EQ(record_from_json(json, "test").skipped, 0);
  EXPECT_EQ(record_from_json(json, "test").rollbacks, 0);
}

TEST(Log, UnknownFigures_AreNullAndComeBackAsNan) {
  const Json json = to_json(record_of(7, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_TRUE(json["val_loss"].is_null());
  EXPECT_TRUE(std::isnan(record_from_json(json, "test").val_bpc));
}

TEST(Log, WholeLog_ComesBackWithItsBestMarked) {
  std::string text;
  for (const auto& record : {record_of(1, 2.0), record_of(2, 1.0), record_of(3, 1.5), record_of(4, 0.1)})
    text += to_text(to_json(record)) + "\n";
  const auto records = parse_log(text, "log.jsonl");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[3].val_loss, 0.1);
  EXPECT_TRUE(records[0].best && records[1].best && records[3].best);
  EXPECT_FALSE(records[2].best);
}

TEST(Log, DamagedLine_IsAFormatErrorThatNamesIt) {
  const std::string text = to_text(to_json(record_of(1, 2.0))) + "\n{\"step\": \n";
  try {
    parse_log(text, "run/log.jsonl");
    FAIL();
  } catch (const FormatError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("run/log.jsonl:2"));
  }
  EXPECT_THROW(parse_log("{\"step\": 1}\n", "log"), FormatError);
}

}  // namespace
}  // namespace fude
