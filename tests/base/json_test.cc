#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "fude/base/error.h"

namespace fude {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string format_error(const std::function<void()>& action) {
  try {
    action();
  } catch (const FormatError& error) {
    return error.what();
  }
  return "no FormatError";
}

TEST(ParseJson, BadText_NamesSourceAndByte) {
  EXPECT_THAT(format_error([] { parse_json(R"({"a": 1,, })", "model.json"); }),
              AllOf(HasSubstr("model.json"), HasSubstr("byte 9")));
  EXPECT_THAT(format_error([] { parse_json("", "empty.json"); }), HasSubstr("empty.json"));
  EXPECT_THAT(format_error([] { parse_json("[1] trailing", "x"); }), HasSubstr("not valid JSON"));
  EXPECT_THAT(format_error([] { parse_json("\"\xFF\"", "x"); }), HasSubstr("not valid JSON"));
  EXPECT_THAT(format_error([] { parse_json("1e999", "x"); }),
              HasSubstr("x: JSON with a number that is out of range: 1e999"));
}

TEST(ParseJson, DeepNesting_IsRefused) {
  const std::string deep = std::string(1000000, '[') + std::string(1000000, ']');
  EXPECT_THAT(format_error([&] { parse_json(deep, "deep.json"); }), HasSubstr("deep.json: JSON nested deeper"));
  EXPECT_NO_THROW(parse_json(std::string(200, '[') + std::string(200, ']'), "x"));
}

TEST(ParseJson, BracketsInStrings_AreNoNesting) {
  const std::string brackets(1000, '[');
  EXPECT_EQ(parse_json("\"\\\"" + brackets + "\"", "x"), Json("\"" + brackets));
}

TEST(ParseJson, KeyTwiceInAnObject_IsRefused) {
  EXPECT_THAT(format_error([] { parse_json(R"({"a": [{"b": 1, "c": 2, "b": 3}]})", "x"); }),
              HasSubstr("same key twice"));
  EXPECT_THAT(format_error([] { parse_json(R"({"a": 1, "\u0061": 1})", "x"); }), HasSubstr("same key twice"));
  EXPECT_NO_THROW(parse_json(R"([{"a": {"a": ":"}}, {"a": "\":\""}])", "x"));
}

// Every key is compared with all before it: a million of them would take minutes.
TEST(ParseJson, VeryManyKeys_AreRefused) {
  const auto object = [](int keys) {
    std::string text = "{";
    for (int k = 0; k < keys; ++k) text += (k == 0 ? "\"" : ",\"") + std::to_string(k) + "\":0";
    return text + "}";
  };
  EXPECT_EQ(parse_json(object(4096), "x").size(), 4096u);
  EXPECT_THAT(format_error([&] { parse_json(object(1000000), "x"); }), HasSubstr("more than 4096 keys"));
  EXPECT_EQ(parse_json("[" + object(3000) + "," + object(3000) + "]", "x").size(), 2u);
}

TEST(ToText, Objects_KeepTheOrderOfTheirKeys) {
  EXPECT_EQ(to_text(parse_json(R"({"z": 1, "a": 2, "m": [true, null]})", "x")), R"({"z":1,"a":2,"m":[true,null]})");
}

TEST(ToText, InvalidUtf8_BecomesReplacementCharacter) { EXPECT_EQ(to_text(Json("a\xFFz")), "\"a\uFFFDz\""); }

TEST(ToPrettyText, Object_IsIndentedWithNewlineAtTheEnd) {
  EXPECT_EQ(to_pretty_text(Json{{"a", 1}}), "{\n  \"a\": 1\n}\n");
}

TEST(Require, FittingValues_AreConverted) {
  const Json json = parse_json(R"({"b": true, "i": -3, "u": 18446744073709551615, "d": 0.5, "whole": 2, "s": "x",
                                   "numbers": [1, 2.5], "words": ["a", "b"], "none": []})",
                               "x");
  EXPECT_EQ(require<bool>(json, "b", "x"), true);
  EXPECT_EQ(require<int>(json, "i", "x"), -3);
  EXPECT_EQ(require<int64_t>(json, "i", "x"), -3);
  EXPECT_EQ(require<uint64_t>(json, "u", "x"), UINT64_MAX);
  EXPECT_EQ(require<double>(json, "d", "x"), 0.5);
  EXPECT_EQ(require<float>(json, "whole", "x"), 2.0f);
  EXPECT_EQ(require<std::string>(json, "s", "x"), "x");
  EXPECT_EQ(require<std::vector<double>>(json, "numbers", "x"), (std::vector<double>{1, 2.5}));
  EXPECT_EQ(require<std::vector<std::string>>(json, "words", "x"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(require<std::vector<int>>(json, "none", "x"), std::vector<int>());
  EXPECT_EQ(require<Json>(json, "words", "x").size(), 2u);
}

TEST(Require, WhatDoesNotFit_IsAFormatErrorThatNamesIt) {
  const Json json = parse_json(R"({"big": 5000000000, "huge": 18446744073709551615, "negative": -1, "half": 1.5,
                                   "one": 1, "yes": true, "wide": 1e300, "text": "é", "mixed": [1, "a"], "halves": [0.5]})",
                               "x");
  const auto refuses = [&]<class T>(T, const char* key) {
    EXPECT_THAT(format_error([&] { require<T>(json, key, "config"); }),
                AllOf(HasSubstr("config: \""), HasSubstr(key), HasSubstr("out of range")));
  };
  refuses(int{}, "big");
  refuses(int64_t{}, "huge");
  refuses(uint64_t{}, "negative");
  refuses(int{}, "half");
  refuses(int{}, "yes");
  refuses(bool{}, "one");
  refuses(float{}, "wide");
  refuses(double{}, "text");
  refuses(std::string{}, "one");
  refuses(std::vector<std::string>{}, "mixed");
  refuses(std::vector<int>{}, "halves");
  refuses(std::vector<int>{}, "one");
}

TEST(Require, MissingKey_IsNamed) {
  EXPECT_EQ(format_error([] { require<int>(Json::object(), "rate", "options"); }), "options: \"rate\" is missing");
  EXPECT_EQ(format_error([] { require<int>(Json::array(), "rate", "options"); }), "options: \"rate\" is missing");
}

TEST(GetOr, MissingKey_GivesTheFallbackAndAWrongOneDoesNot) {
  const Json json = {{"n", "three"}};
  EXPECT_EQ(get_or<int>(json, "m", 4, "x"), 4);
  EXPECT_THROW(get_or<int>(json, "n", 4, "x"), FormatError);
}

}  // namespace
}  // namespace fude
