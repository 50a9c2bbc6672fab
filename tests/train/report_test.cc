#include "train/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace fude {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string report_of(const std::vector<EvaluationRecord>& records, std::string_view samples) {
  const Preflight facts;
  TrainOptions options;
  options.corpus.inputs = {"<b>.txt"};
  ReportContent content;
  content.title = "a < b";
  content.facts = &facts;
  content.options = &options;
  content.records = &records;
  content.samples = samples;
  return make_report(content);
}

TEST(Report, Text_IsEscaped) {
  const std::string html = report_of({}, "<script>alert(\"1\") & more");
  EXPECT_THAT(html, HasSubstr("a &lt; b"));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(&quot;1&quot;) &amp; more"));
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;.txt"));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
}

TEST(Report, Records_GiveACurveEach) {
  const std::vector<EvaluationRecord> records = {{.step = 1, .train_loss = 3, .val_loss = 3.5},
                                                 {.step = 2, .train_loss = 2, .val_loss = 2.5, .best = true}};
  const std::string html = report_of(records, "");
  EXPECT_THAT(html, HasSubstr("<polyline class=\"train\""));
  EXPECT_THAT(html, HasSubstr("<polyline class=\"valid\""));
  EXPECT_THAT(html, HasSubstr("best so far"));
}

TEST(Report, ManyRecords_ShowSomeAndTheBestAndTheLast) {
  std::vector<EvaluationRecord> records;
  for (int step = 1; step <= 100'003; ++step)
    records.push_back({.step = step, .train_loss = 3, .val_loss = 3.5, .best = step == 77'777});
  const std::string html = report_of(records, "");
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">77777</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">100003</td>"));
  EXPECT_THAT(html, HasSubstr(" of 100003 evaluations"));
  EXPECT_LT(html.size(), 500'000u);
}

TEST(Report, UnknownFigures_AreLeftOut) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::string html = report_of({{.step = 1, .train_loss = 3, .val_loss = unknown}}, "");
  EXPECT_THAT(html, Not(HasSubstr(">nan")));
  EXPECT_THAT(html, Not(HasSubstr(",nan")));
  EXPECT_THAT(html, HasSubstr("<td class=\"n\">–</td>"));
  EXPECT_THAT(html, Not(HasSubstr("<polyline class=\"valid\"")));
}

TEST(Report, ManySamples_ShowTheLast) {
  std::string samples;
  for (int step = 1; step <= 2000; ++step)
    samples += "----- step " + std::to_string(step) + ", epoch 1.00 -----\n筆の運び\n\n";
  const std::string html = report_of({}, samples);
  EXPECT_THAT(html, Not(HasSubstr("step 1,")));
  EXPECT_THAT(html, HasSubstr("step 2000,"));
  EXPECT_LT(html.size(), 40000u);
}

}  // namespace
}  // namespace fude
