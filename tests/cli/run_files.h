// What a run leaves, apart from the time that it took: to tell whether two runs are one.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/json.h"
#include "model/safetensors.h"

namespace fude {

inline Json without_time(Json figures) {
  for (const char* const key : {"seconds", "tokens_per_s", "loss_seconds", "log_size"}) figures.erase(key);
  if (figures.contains("best") && figures["best"].is_object()) figures["best"] = without_time(figures["best"]);
  return figures;
}

inline std::string log_content(std::string_view text) {
  std::string content;
  for (; !text.empty(); text.remove_prefix(text.find('\n') + 1))
    content += to_text(without_time(parse_json(text.substr(0, text.find('\n')), "log"))) + "\n";
  return content;
}

inline std::string state_content(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  std::string content = to_text(without_time(parse_json(file.metadata().at("figures"), "figures")));
  for (const auto& [name, tensor] : file.tensors()) {
    content += "\n" + name + " ";
    content.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return content;
}

inline std::map<std::string, std::string> run_content(const std::filesystem::path& run) {
  std::map<std::string, std::string> content;
  for (const char* const name : {"best.safetensors", "last.safetensors", "samples.txt"})
    content[name] = file_exists(run / name) ? read_file(run / name) : "";
  content["log.jsonl"] = log_content(read_file(run / "log.jsonl"));
  for (const char* const name : {"last.state", "good.state"}) content[name] = state_content(run / name);
  return content;
}

inline void expect_equal_runs(const std::filesystem::path& run, const std::filesystem::path& expected) {
  const auto got = run_content(run), wanted = run_content(expected);
  for (const auto& [name, bytes] : wanted) EXPECT_TRUE(got.at(name) == bytes) << run << ": " << name << " differs";
  EXPECT_EQ(got.at("log.jsonl"), wanted.at("log.jsonl"));
}

}  // namespace fude
