#include "model/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "fude/base/error.h"
#include "fude/base/random.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

std::string file_bytes(const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  const uint64_t size = header.size();
  std::memcpy(bytes.data(), &size, 8);
  return bytes + header + data;
}

std::string error_of(const std::string& bytes) {
  try {
    SafetensorsFile(std::as_bytes(std::span(bytes)), "test");
  } catch (const FormatError& error) {
    return error.what();
  }
  return "";
}

TEST(Safetensors, RoundTrip_KeepsEverything) {
  const TempDir folder;
  const std::vector<float> a = {1, 2, 3, 4, 5, 6};
  const std::vector<double> b = {0.5};
  const std::vector<uint8_t> c = {7, 8, 9};
  const auto path = folder.path() / "x.safetensors";
  AtomicFile written(path);
  write_safetensors(
      written, {{"key", "value \"quoted\" 筆"}},
      {named_tensor<uint8_t>("c", {3}, c), named_tensor<float>("a", {2, 3}, a), named_tensor<double>("b", {1}, b)});
  written.commit();
  const SafetensorsFile file(path);
  EXPECT_EQ(file.metadata().at("key"), "value \"quoted\" 筆");
  EXPECT_EQ(file.at("a").shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(file.at("a").values<float>("a"), a);
  EXPECT_EQ(file.at("a").values<double>("a"), std::vector<double>(a.begin(), a.end()));
  EXPECT_EQ(file.at("b").values<double>("b"), b);
  EXPECT_EQ(std::memcmp(file.at("c").bytes.data(), c.data(), 3), 0);
  EXPECT_EQ(file.find("d"), nullptr);
  EXPECT_THROW(file.at("d"), FormatError);
  EXPECT_THROW(file.at("c").values<float>("c"), FormatError);
}

TEST(Safetensors, HalfTypes_AreConverted) {
  const std::string header = R"({"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}})";
  const uint16_t values[6] = {0x3C00, 0xC500, 0x0001, 0x7BFF, 0x3F80, 0xC0A0};
  const std::string bytes = file_bytes(header, std::string(reinterpret_cast<const char*>(values), sizeof values));
  const SafetensorsFile file(std::as_bytes(std::span(bytes)), "test");
  EXPECT_EQ(file.at("h").values<float>("h"), (std::vector<float>{1, -5, 0x1.0p-24f, 65504}));
  EXPECT_EQ(file.at("b").values<float>("b"), (std::vector<float>{1, -5}));
}

TEST(Safetensors, BadFiles_AreNamed) {
  const struct {
    std::string bytes, expected;
  } cases[] = {
      {"", "at least 8"},
      {file_bytes(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})", "abc"), "1 bytes behind the last tensor"},
      {"short", "at least 8"},
      {std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8), "truncated"},
      {file_bytes("{", ""), "JSON"},
      {file_bytes("[]", ""), "not a JSON object"},
      {file_bytes(R"({"__metadata__":3})", ""), "__metadata__"},
      {file_bytes(R"({"__metadata__":{"a":3}})", ""), "\"a\""},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[2]}})", ""), "data_offsets"},
      {file_bytes(R"({"t":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}})", "12345678"), "F99"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "1234567"), "truncated"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", "12345678"), "shape"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", "12345678"), "shape"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", ""), "shape"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", "12345678"), "offsets"},
      {file_bytes(R"({"t":{"dtype":"F32","shape":["x"],"data_offsets":[0,8]}})", "12345678"), "shape"},
      {file_bytes(
           R"({"t":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"u":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})",
           "12345678"),
       "overlap"},
  };
  for (const auto& test : cases) {
    const std::string message = error_of(test.bytes);
    EXPECT_NE(message.find(test.expected), std::string::npos) << "\"" << message << "\" lacks " << test.expected;
  }
}

TEST(Safetensors, EveryTruncation_IsRefused) {
  const std::string whole = file_bytes(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", "12345678");
  ASSERT_EQ(error_of(whole), "");
  for (size_t size = 0; size < whole.size(); ++size) EXPECT_NE(error_of(whole.substr(0, size)), "") << size;
}

TEST(Safetensors, FlippedBytes_NeverCrash) {
  const std::string whole =
      file_bytes(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"a":"b"}})", "12345678");
  Random random(1);
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = whole;
    for (int k = 0; k < 3; ++k) damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    error_of(damaged);
  }
}

}  // namespace
}  // namespace fude
