#include "fude/generate/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "fude/base/error.h"
#include "generate/tiny_model.h"

namespace fude {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

BatchItem item(const std::string& id, const std::string& prompt, int samples = 1) {
  BatchItem result;
  result.id = id;
  result.prompt = prompt;
  result.samples = samples;
  result.options.max_tokens = 25;
  return result;
}

std::vector<BatchResult> run(const LanguageModel& model, const BatchJob& job) {
  std::vector<BatchResult> results;
  run_batch(model, job, [&](const BatchResult& result) { results.push_back(result); });
  return results;
}

template <class Error>
std::string error_of(const LanguageModel& model, const BatchItem& bad) {
  bool written = false;
  try {
    run_batch(model, {.items = {item("good", "the "), bad}}, [&](const BatchResult&) { written = true; });
  } catch (const Error& error) {
    EXPECT_FALSE(written);
    return error.what();
  }
  return "no error";
}

TEST(Batch, Results_ComeInInputOrder) {
  const LanguageModel model = fresh_model("char");
  const auto results = run(model, {.items = {item("b", "the ", 2), item("a", "lamp"), item("c", "")}, .seed = 7});
  std::vector<std::pair<std::string, int>> order;
  for (const BatchResult& result : results) order.emplace_back(result.id, result.sample);
  EXPECT_THAT(order, ElementsAre(std::pair("b", 0), std::pair("b", 1), std::pair("a", 0), std::pair("c", 0)));
  EXPECT_EQ(results[2].prompt, "lamp");
  EXPECT_EQ(results[0].model, fingerprint(model));
  EXPECT_NE(results[0].generation.text, results[1].generation.text);
}

TEST(Batch, AnItemsText_DoesNotDependOnTheOthers) {
  const LanguageModel model = fresh_model("char");
  std::vector<BatchItem> items = {item("1", "the ", 2), item("2", "the "), item("3", "lamp", 3), item("4", "")};
  std::map<std::pair<std::string, int>, std::string> texts;
  for (const BatchResult& result : run(model, {.items = items, .seed = 7}))
    texts[{result.id, result.sample}] = result.generation.text;
  std::reverse(items.begin(), items.end());
  for (const BatchResult& result : run(model, {.items = items, .seed = 7}))
    EXPECT_EQ(result.generation.text, (texts[{result.id, result.sample}]));
  for (const BatchItem& alone : items) {
    for (const BatchResult& result : run(model, {.items = {alone}, .seed = 7}))
      EXPECT_EQ(result.generation.text, (texts[{result.id, result.sample}]));
  }
  EXPECT_NE(run(model, {.items = items, .seed = 8})[0].generation.text, (texts[{"4", 0}]));
}

TEST(Batch, EqualPromptsOfOtherPolicies_AreReadAgain) {
  const LanguageModel model = fresh_model("char");
  BatchItem skip = item("1", "the lamp\u2019s hill"), replace = skip;
  skip.options.on_unknown = OnUnknown::kSkip;
  replace.options.on_unknown = OnUnknown::kReplace;
  for (BatchItem* const each : {&skip, &replace}) each->options.sampler.temperature = 0;
  const auto together = run(model, {.items = {skip, replace}});
  EXPECT_EQ(together[0].generation.log_prob, run(model, {.items = {skip}})[0].generation.log_prob);
  EXPECT_EQ(together[1].generation.log_prob, run(model, {.items = {replace}})[0].generation.log_prob);
  EXPECT_NE(together[0].generation.log_prob, together[1].generation.log_prob);
}

TEST(Batch, AResult_CanBeWrittenAgainFromItsOptions) {
  const LanguageModel model = fresh_model("char");
  for (const BatchResult& result : run(model, {.items = {item("a", "the ", 2), item("b", "lamp")}})) {
    EXPECT_EQ(result.options.prompt, result.prompt);
    EXPECT_EQ(generate(model, result.options).text, result.generation.text);
  }
}

TEST(Batch, ABadItem_IsNamedBeforeAnythingIsWritten) {
  const LanguageModel model = fresh_model("char");
  BatchItem bad = item("bad", "the ");
  bad.where = "in.jsonl:2";
  bad.options.sampler.temperature = -1;
  EXPECT_THAT(error_of<ConfigError>(model, bad), HasSubstr("in.jsonl:2: temperature"));
  bad = item("bad", "筆");
  EXPECT_THAT(error_of<DataError>(model, bad), HasSubstr("item \"bad\": "));
  bad.options.on_unknown = OnUnknown::kSkip;
  EXPECT_EQ(error_of<DataError>(model, bad), "no error");
  EXPECT_THAT(error_of<ConfigError>(model, item("bad", "the ", 0)), HasSubstr("n must be 1 or more"));
  bad = item("bad", "the ");
  bad.options.max_tokens = -1;
  bad.options.stop_at_eos = false;
  EXPECT_THAT(error_of<ConfigError>(model, bad), HasSubstr("nothing would end"));
}

TEST(Batch, AnInterrupt_EndsAfterTheSampleInWork) {
  const LanguageModel model = fresh_model("char");
  std::atomic<bool> stop = false;
  int results = 0;
  run_batch(
      model, {.items = {item("a", "the ", 5)}}, [&](const BatchResult&) { stop = ++results == 2; }, &stop);
  EXPECT_EQ(results, 2);
}

TEST(ParseBatchLine, EveryKey_IsTaken) {
  const BatchItem parsed = parse_batch_line(
      R"({"id": "a1", "prompt": "The ", "n": 3, "temperature": 0.5, "top_k": 4, "top_p": 0.9, "min_p": 0.1,
          "max_tokens": 10, "max_chars": 20, "max_lines": 2, "stop": ["\n", "END"]})",
      {}, 5, "in.jsonl:5");
  EXPECT_EQ(parsed.id, "a1");
  EXPECT_EQ(parsed.prompt, "The ");
  EXPECT_EQ(parsed.samples, 3);
  EXPECT_EQ(parsed.options.sampler.temperature, 0.5);
  EXPECT_EQ(parsed.options.sampler.top_k, 4);
  EXPECT_EQ(parsed.options.sampler.top_p, 0.9);
  EXPECT_EQ(parsed.options.sampler.min_p, 0.1);
  EXPECT_EQ(parsed.options.max_tokens, 10);
  EXPECT_EQ(parsed.options.max_chars, 20);
  EXPECT_EQ(parsed.options.max_lines, 2);
  EXPECT_THAT(parsed.options.stop, ElementsAre("\n", "END"));
  EXPECT_EQ(parsed.where, "in.jsonl:5");
}

TEST(ParseBatchLine, MissingKeys_TakeTheDefaults) {
  BatchItem defaults;
  defaults.samples = 4;
  defaults.options.max_chars = 33;
  defaults.options.sampler.temperature = 0.25;
  defaults.options.stop = {"x"};
  const BatchItem parsed = parse_batch_line(R"({"prompt": ""})", defaults, 12, "in.jsonl:12");
  EXPECT_EQ(parsed.id, "12");
  EXPECT_EQ(parsed.samples, 4);
  EXPECT_EQ(parsed.options.max_chars, 33);
  EXPECT_EQ(parsed.options.sampler.temperature, 0.25);
  EXPECT_THAT(parsed.options.stop, ElementsAre("x"));
  EXPECT_EQ(parse_batch_line(R"({"prompt": "", "id": 7})", defaults, 1, "x").id, "7");
  EXPECT_THAT(parse_batch_line(R"({"prompt": "", "stop": "."})", defaults, 1, "x").options.stop, ElementsAre("."));
}

TEST(ParseBatchLine, BadLines_AreFormatErrorsThatNameThem) {
  for (const char* const line : {"",
                                 "{",
                                 "[]",
                                 "7",
                                 "null",
                                 R"({"id": "a"})",
                                 R"({"prompt": 7})",
                                 R"({"prompt": "", "temprature": 1})",
                                 R"({"prompt": "", "n": "3"})",
                                 R"({"prompt": "", "n": 1.5})",
                                 R"({"prompt": "", "n": 99999999999})",
                                 R"({"prompt": "", "top_k": 1e3})",
                                 R"({"prompt": "", "max_tokens": 18446744073709551615})",
                                 R"({"prompt": "", "temperature": "hot"})",
                                 R"({"prompt": "", "temperature": -3})",
                                 R"({"prompt": "", "n": 0})",
                                 R"({"prompt": "", "stop": [1]})",
                                 R"({"prompt": "", "stop": null})",
                                 R"({"prompt": "", "id": [1]})",
                                 R"({"prompt": "", "id": null})"}) {
    try {
      parse_batch_line(line, {}, 3, "in.jsonl:3");
      ADD_FAILURE() << "no error for " << line;
    } catch (const FormatError& error) {
      EXPECT_THAT(error.what(), HasSubstr("in.jsonl:3")) << line;
    }
  }
}

TEST(ToJsonLine, AllKeys_InTheOrderOfTheFormat) {
  BatchResult result;
  result.id = "a\"1";
  result.sample = 2;
  result.prompt = "The\n";
  result.options.seed = 9007199254740991;
  result.options.stop = {"."};
  result.generation = {"筆 ", StopReason::kStop, 3, 2, -1.23456789};
  result.model = "story";
  result.milliseconds = 12.345;
  EXPECT_EQ(to_json_line(result),
            R"({"id":"a\"1","sample":2,"prompt":"The\n","text":"筆 ","seed":9007199254740991,)"
            R"("params":{"temperature":0.8,"top_k":0,"top_p":1.0,"min_p":0.05,"max_tokens":500,"max_chars":-1,)"
            R"("max_lines":-1,"stop":["."]},"model":"story","n_tokens":3,"n_chars":2,"stop":"stop","logprob":-1.2346,)"
            R"("bits_per_char":0.8906,"ms":12.3})");
}

TEST(ToJsonLine, EmptyText_HasNoBitsPerChar) {
  const Json line = parse_json(to_json_line({}), "line");
  EXPECT_TRUE(line["bits_per_char"].is_null());
  EXPECT_EQ(line["text"], "");
  EXPECT_EQ(line["stop"], "limit");
}

}  // namespace
}  // namespace fude
