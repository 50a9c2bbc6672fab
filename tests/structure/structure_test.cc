// The shape of the tree: floors, fences, no circles, small files. ARCHITECTURE.md tells the reasons.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fude {
namespace {

namespace fs = std::filesystem;

struct Include {
  int line = 0;
  std::string target;  // as written
  bool quoted = false;
};
struct SourceFile {
  std::string path;  // from the root, as "src/nn/network.h"
  std::string text;
  int lines = 0;
  std::vector<Include> includes;
};
using Tree = std::map<std::string, SourceFile>;

const std::map<std::string, int> kFloors = {{"base", 1},  {"compute", 2}, {"text", 2},     {"nn", 3},   {"data", 3},
                                            {"model", 4}, {"train", 5},   {"generate", 5}, {"eval", 5}, {"tools", 6}};

// Headers of a library and the only places that may include them (prefixes of paths).
struct Fence {
  std::string header;  // regular expression on the whole include target
  std::vector<std::string> rooms;
};
const std::vector<Fence> kFences = {
    {"unicode/.*", {"src/text/", "tests/text/"}},
    {"sentencepiece.*", {"src/text/", "tests/text/"}},
    {"Eigen/.*", {"src/compute/", "src/nn/"}},
    {"cblas\\.h", {"src/compute/gemm.cc"}},
    {"nlohmann/.*", {"src/base/json.h"}},
    {"xxhash\\.h", {"src/base/hash.cc"}},
    {"cxxopts\\.hpp", {"tools/fude/"}},
    {"(histedit|editline/.*)\\.?h?", {"tools/fude/"}},
    {"(gtest|gmock)/.*", {"tests/"}},
};

SourceFile parse(const std::string& path, const std::string& text) {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  SourceFile file{path, text, 0, {}};
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    ++file.lines;
    std::smatch match;
    if (std::regex_search(line, match, kInclude)) file.includes.push_back({file.lines, match[2], match[1] == "\""});
  }
  return file;
}

Tree read_tree() {
  Tree tree;
  const fs::path root = FUDE_SOURCE_DIR;
  for (const char* const folder : {"src", "include", "tools/fude", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cc") continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      const std::string path = fs::relative(entry.path(), root).generic_string();
      tree[path] = parse(path, text.str());
    }
  return tree;
}

// The folder that decides a file's floor: "nn" for src/nn/x.h and include/fude/nn/x.h, "tools" for tools/fude; "" for
// tests.
std::string room_of(const std::string& path) {
  for (const std::string prefix : {"src/", "include/fude/"})
    if (path.starts_with(prefix)) return path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size());
  return path.starts_with("tools/") ? "tools" : "";
}

// The file of the tree that a quoted include means, or "".
std::string resolve(const Tree& tree, const Include& include) {
  for (const char* const folder : {"include/", "src/", "tools/fude/"})
    if (tree.count(folder + include.target) != 0) return folder + include.target;
  return "";
}

std::vector<std::string> broken_floors(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree) {
    const std::string room = room_of(path);
    if (room.empty()) continue;
    const auto floor = kFloors.find(room);
    if (floor == kFloors.end()) {
      problems.push_back(path + ": the folder " + room + " is on no floor");
      continue;
    }
    for (const Include& include : file.includes) {
      const std::string target = include.quoted ? room_of(resolve(tree, include)) : "";
      if (target.empty() || target == room) continue;
      const bool allowed = kFloors.at(target) < floor->second || (room == "train" && target == "eval");
      if (!allowed)
        problems.push_back(path + ":" + std::to_string(include.line) + ": " + room + " includes " + include.target +
                           ", which is not on a lower floor");
    }
  }
  return problems;
}

std::vector<std::string> broken_fences(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree)
    for (const Include& include : file.includes) {
      const std::string place = path + ":" + std::to_string(include.line) + ": ";
      for (const Fence& fence : kFences) {
        if (!std::regex_match(include.target, std::regex(fence.header))) continue;
        const bool inside = std::any_of(fence.rooms.begin(), fence.rooms.end(),
                                        [&p = path](const std::string& room) { return p.starts_with(room); });
        if (!inside) problems.push_back(place + include.target + " belongs behind its fence");
      }
      const bool standard = !include.quoted && include.target.find('/') == std::string::npos &&
                            include.target.find('.') == std::string::npos;
      if (path.starts_with("include/") && !standard && !include.target.starts_with("fude/"))
        problems.push_back(place + "a public header includes " + include.target);
    }
  return problems;
}

std::vector<std::string> circles(const Tree& tree) {
  std::vector<std::string> problems;
  std::set<std::string> done;
  std::vector<std::string> way;
  const auto visit = [&](const auto& self, const std::string& path) -> void {
    const auto begin = std::find(way.begin(), way.end(), path);
    if (begin != way.end()) {
      std::string circle;
      for (auto it = begin; it != way.end(); ++it) circle += *it + " → ";
      problems.push_back("include circle: " + circle + path);
      return;
    }
    if (!done.insert(path).second) return;
    way.push_back(path);
    for (const Include& include : tree.at(path).includes)
      if (const std::string target = include.quoted ? resolve(tree, include) : ""; !target.empty()) self(self, target);
    way.pop_back();
  };
  for (const auto& [path, file] : tree) visit(visit, path);
  return problems;
}

std::vector<std::string> untidy_files(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree) {
    if (file.lines > 500) problems.push_back(path + ": " + std::to_string(file.lines) + " lines, at most 500");
    if (!path.ends_with(".h")) continue;
    if (file.text.find("#pragma once") == std::string::npos) problems.push_back(path + ": no #pragma once");
    if (!file.text.starts_with("//")) problems.push_back(path + ":1: does not open by telling its purpose");
  }
  return problems;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

Tree tree_of(const std::vector<std::pair<std::string, std::string>>& files) {
  Tree tree;
  for (const auto& [path, text] : files) tree[path] = parse(path, text);
  return tree;
}

TEST(Structure, Floors_Hold) { EXPECT_EQ(joined(broken_floors(read_tree())), ""); }
TEST(Structure, Fences_Hold) { EXPECT_EQ(joined(broken_fences(read_tree())), ""); }
TEST(Structure, Includes_FormNoCircle) { EXPECT_EQ(joined(circles(read_tree())), ""); }
TEST(Structure, Files_AreSmallAndIntroduced) { EXPECT_EQ(joined(untidy_files(read_tree())), ""); }

TEST(Structure, TopLevel_HoldsNothingElse) {
  const std::set<std::string> allowed = {"src",     "include",         "corpora",      "tools",
                                         "tests",   "CMakeLists.txt",  "README.md",    "CMakePresets.json",
                                         "LICENSE", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md",
                                         "runs",    "install"};
  for (const auto& entry : fs::directory_iterator(FUDE_SOURCE_DIR)) {
    const std::string name = entry.path().filename().string();
    EXPECT_TRUE(allowed.count(name) != 0 || name.starts_with(".") || name.starts_with("build")) << name;
  }
}

TEST(Structure, Tree_IsRead) {
  const Tree tree = read_tree();
  EXPECT_GT(tree.size(), 60u);
  ASSERT_EQ(tree.count("src/nn/network.cc"), 1u);
  EXPECT_FALSE(tree.at("src/nn/network.cc").includes.empty());
}

TEST(StructureRules, Violations_AreSeen) {
  const std::string header = "// Purpose.\n#pragma once\n";
  EXPECT_EQ(broken_floors(tree_of({{"src/nn/a.h", header + "#include \"data/b.h\"\n"}, {"src/data/b.h", header}})),
            (std::vector<std::string>{"src/nn/a.h:3: nn includes data/b.h, which is not on a lower floor"}));
  EXPECT_EQ(
      broken_floors(tree_of({{"src/base/a.h", header + "#include \"fude/nn/b.h\"\n"}, {"include/fude/nn/b.h", header}}))
          .size(),
      1u);
  EXPECT_EQ(
      broken_floors(tree_of({{"src/train/a.h", header + "#include \"eval/b.h\"\n"}, {"src/eval/b.h", header}})).size(),
      0u);
  EXPECT_EQ(
      broken_floors(tree_of({{"src/eval/a.h", header + "#include \"train/b.h\"\n"}, {"src/train/b.h", header}})).size(),
      1u);
  EXPECT_EQ(broken_floors(tree_of({{"src/new/a.h", header}})).size(), 1u);
  EXPECT_EQ(broken_fences(tree_of({{"src/data/a.h", "#include <unicode/uchar.h>\n"}})).size(), 1u);
  EXPECT_EQ(broken_fences(tree_of({{"src/text/a.h", "#include <unicode/uchar.h>\n"}})).size(), 0u);
  EXPECT_EQ(broken_fences(tree_of({{"src/model/a.cc", "#include <nlohmann/json.hpp>\n"}})).size(), 1u);
  EXPECT_EQ(broken_fences(tree_of({{"include/fude/nn/a.h", "#include <Eigen/Core>\n"}})).size(), 2u);
  EXPECT_EQ(broken_fences(tree_of({{"include/fude/nn/a.h", "#include \"base/json.h\"\n"}})).size(), 1u);
  EXPECT_EQ(circles(tree_of({{"src/nn/a.h", "#include \"nn/b.h\"\n"}, {"src/nn/b.h", "#include \"nn/a.h\"\n"}})).size(),
            1u);
  EXPECT_EQ(untidy_files(tree_of({{"src/nn/a.h", "#pragma once\n"}})).size(), 1u);
  EXPECT_EQ(untidy_files(tree_of({{"src/nn/a.cc", std::string(501, '\n')}})).size(), 1u);
}

}  // namespace
}  // namespace fude
