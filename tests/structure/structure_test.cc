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

// Headers of a library and the only places that may include them.
struct Fence {
  std::regex header;               // of the whole include target
  std::vector<std::string> rooms;  // prefixes of paths
};
const std::vector<Fence> kFences = {
    {std::regex("unicode/.*"), {"src/text/", "tests/text/"}},
    {std::regex("sentencepiece.*"), {"src/text/", "tests/text/"}},
    {std::regex("Eigen/.*"), {"src/compute/", "src/nn/"}},
    {std::regex("cblas\\.h"), {"src/compute/openblas.cc"}},
    {std::regex("dnnl\\.hpp"), {"src/compute/onednn.cc", "tools/bench/"}},
    {std::regex("hwy/.*"), {"src/compute/kernels/", "tests/compute/"}},
    {std::regex("(imm|x86)intrin\\.h|cpuid\\.h"), {"src/compute/kernels/tiles.cc"}},
    {std::regex("nlohmann/.*"), {"src/base/json.h"}},
    {std::regex("md4c\\.h"), {"src/data/formats/markdown.cc"}},
    {std::regex("libxml/.*"), {"src/data/formats/html_text.cc"}},
    {std::regex("iconv\\.h"), {"src/text/jis_x_0213.cc"}},
    {std::regex("xxhash\\.h"), {"src/base/hash.cc"}},
    {std::regex("zlib\\.h"), {"src/data/gzip_source.cc", "tests/data/"}},
    {std::regex("zstd\\.h"), {"src/data/zstd_source.cc", "tests/data/"}},
    {std::regex("cxxopts\\.hpp"), {"tools/fude/"}},
    {std::regex("histedit\\.h|editline/.*"), {"tools/fude/"}},
    {std::regex("(gtest|gmock)/.*"), {"tests/"}},
};

// What no line of the library may hold, comments apart.
struct Ban {
  std::regex code;
  std::string reason;
};
const std::vector<Ban> kLibraryBans = {
    {std::regex(R"re(\b(cout|cerr|clog)\b|\bf?(printf|puts|putc)\s*\()re"), "the library never prints"},
    {std::regex(R"re(\b(exit|_Exit|quick_exit|abort|terminate)\s*\()re"), "the library never ends the program"},
};

std::string at(const std::string& path, int line) { return path + ":" + std::to_string(line) + ": "; }

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
  for (const char* const folder : {"src", "include", "tools", "tests"})
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

// The folder that decides a file's floor: "nn" for src/nn/x.h and include/fude/nn/x.h, "tools" for tools/fude/x.h and
// tools/bench/x.cc, "" for tests/nn/x.h, which stands on none.
std::string room_of(const std::string& path) {
  for (const std::string prefix : {"src/", "include/fude/"})
    if (path.starts_with(prefix)) return path.substr(prefix.size(), path.find('/', prefix.size()) - prefix.size());
  return path.starts_with("tools/") ? "tools" : "";
}

// The file of the tree that an include means, or "".
std::string resolve(const Tree& tree, const Include& include) {
  for (const char* const folder : {"include/", "src/", "tools/fude/", "tests/"})
    if (tree.count(folder + include.target) != 0) return folder + include.target;
  return "";
}

// Every quoted include must be found, or a path such as "../data/x.h" would pass below the floors.
std::vector<std::string> lost_includes(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree)
    for (const Include& include : file.includes)
      if (include.quoted && resolve(tree, include).empty())
        problems.push_back(at(path, include.line) + "\"" + include.target + "\" is no file of this project");
  return problems;
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
      const std::string target = room_of(resolve(tree, include));
      if (target.empty() || target == room) continue;
      const bool allowed = kFloors.at(target) < floor->second || (room == "train" && target == "eval");
      if (!allowed)
        problems.push_back(at(path, include.line) + room + " includes " + include.target +
                           ", which is not on a lower floor");
    }
  }
  return problems;
}

std::vector<std::string> broken_fences(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree)
    for (const Include& include : file.includes) {
      for (const Fence& fence : kFences) {
        if (!std::regex_match(include.target, fence.header)) continue;
        bool inside = false;
        std::string rooms;
        for (const std::string& room : fence.rooms) {
          inside = inside || path.starts_with(room);
          rooms += " " + room;
        }
        if (!inside) problems.push_back(at(path, include.line) + include.target + " is fenced into" + rooms);
      }
      const bool standard = !include.quoted && include.target.find('/') == std::string::npos &&
                            include.target.find('.') == std::string::npos;
      if (path.starts_with("include/") && !standard && !include.target.starts_with("fude/"))
        problems.push_back(at(path, include.line) + "a public header includes " + include.target);
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
      if (const std::string target = resolve(tree, include); !target.empty()) self(self, target);
    way.pop_back();
  };
  for (const auto& [path, file] : tree) visit(visit, path);
  return problems;
}

std::vector<std::string> untidy_files(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree) {
    if (file.lines > 500) problems.push_back(at(path, file.lines) + "a file has at most 500 lines");
    if (!path.ends_with(".h")) continue;
    if (!path.ends_with("-inl.h") && file.text.find("#pragma once") == std::string::npos)
      problems.push_back(at(path, 1) + "no #pragma once");
    if (!file.text.starts_with("//")) problems.push_back(at(path, 1) + "does not open by telling its purpose");
  }
  return problems;
}

std::vector<std::string> banned_code(const Tree& tree) {
  std::vector<std::string> problems;
  for (const auto& [path, file] : tree) {
    if (!path.starts_with("src/") && !path.starts_with("include/")) continue;
    std::istringstream lines(file.text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      const std::string code = line.substr(0, line.find("//"));
      for (const Ban& ban : kLibraryBans)
        if (std::regex_search(code, ban.code)) problems.push_back(at(path, number) + ban.reason);
    }
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
TEST(Structure, Includes_AreFound) { EXPECT_EQ(joined(lost_includes(read_tree())), ""); }
TEST(Structure, Includes_FormNoCircle) { EXPECT_EQ(joined(circles(read_tree())), ""); }
TEST(Structure, Files_AreSmallAndIntroduced) { EXPECT_EQ(joined(untidy_files(read_tree())), ""); }

TEST(Structure, Library_IsSilent) { EXPECT_EQ(joined(banned_code(read_tree())), ""); }

std::vector<std::string> strangers(const std::vector<std::string>& top_level) {
  // After the files of the project those that .gitignore names.
  static const std::set<std::string> kAllowed = {"src",           "include",
                                                 "corpora",       "tools",
                                                 "tests",         "CMakeLists.txt",
                                                 "README.md",     "LICENSE",
                                                 ".ci",           "ARCHITECTURE.md",
                                                 "CHANGELOG.md",  "CONTRIBUTING.md",
                                                 ".clang-format", ".clang-tidy",
                                                 ".editorconfig", ".git",
                                                 ".gitignore",    "CMakePresets.json",
                                                 ".cache",        "compile_commands.json",
                                                 "install",       "runs"};
  std::vector<std::string> problems;
  for (const std::string& name : top_level)
    if (kAllowed.count(name) == 0 && !name.starts_with("build")) problems.push_back(name + ": not at the top level");
  return problems;
}

TEST(Structure, TopLevel_HoldsNothingElse) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(FUDE_SOURCE_DIR)) names.push_back(entry.path().filename().string());
  EXPECT_EQ(joined(strangers(names)), "");
}

TEST(Structure, Tree_IsRead) {
  const Tree tree = read_tree();
  EXPECT_GT(tree.size(), 60u);
  ASSERT_EQ(tree.count("src/nn/network.cc"), 1u);
  EXPECT_FALSE(tree.at("src/nn/network.cc").includes.empty());
}

// What each rule says to small made-up trees: "" where all is well.
struct Case {
  std::vector<std::string> (*rule)(const Tree&);
  std::vector<std::pair<std::string, std::string>> files;
  std::string problem;
};

TEST(StructureRules, MadeUpTrees_AreJudged) {
  const std::string h = "// Purpose.\n#pragma once\n";
  const std::vector<Case> cases = {
      {broken_floors, {{"src/nn/a.h", h + "#include \"base/b.h\"\n"}, {"src/base/b.h", h}}, ""},
      {broken_floors,
       {{"src/nn/a.h", h + "#include \"data/b.h\"\n"}, {"src/data/b.h", h}},
       "src/nn/a.h:3: nn includes data/b.h, which is not on a lower floor\n"},
      {broken_floors,
       {{"src/base/a.h", h + "#include <fude/nn/b.h>\n"}, {"include/fude/nn/b.h", h}},
       "src/base/a.h:3: base includes fude/nn/b.h, which is not on a lower floor\n"},
      {broken_floors,
       {{"include/fude/base/a.h", h + "#include \"fude/nn/b.h\"\n"}, {"include/fude/nn/b.h", h}},
       "include/fude/base/a.h:3: base includes fude/nn/b.h, which is not on a lower floor\n"},
      {broken_floors,
       {{"src/model/a.h", h + "#include \"flags.h\"\n"}, {"tools/fude/flags.h", h}},
       "src/model/a.h:3: model includes flags.h, which is not on a lower floor\n"},
      {broken_floors, {{"src/train/a.h", h + "#include \"eval/b.h\"\n"}, {"src/eval/b.h", h}}, ""},
      {broken_floors,
       {{"src/eval/a.h", h + "#include \"train/b.h\"\n"}, {"src/train/b.h", h}},
       "src/eval/a.h:3: eval includes train/b.h, which is not on a lower floor\n"},
      {broken_floors, {{"src/new/a.h", h}}, "src/new/a.h: the folder new is on no floor\n"},
      {lost_includes,
       {{"src/nn/a.h", h + "#include \"../data/b.h\"\n"}, {"src/data/b.h", h}},
       "src/nn/a.h:3: \"../data/b.h\" is no file of this project\n"},
      {broken_fences, {{"src/text/a.h", "#include <unicode/uchar.h>\n"}}, ""},
      {broken_fences,
       {{"src/data/a.h", "#include <unicode/uchar.h>\n"}},
       "src/data/a.h:1: unicode/uchar.h is fenced into src/text/ tests/text/\n"},
      {broken_fences, {{"tools/bench/a.cc", "#include <dnnl.hpp>\n"}}, ""},
      {broken_fences,
       {{"tools/fude/a.cc", "#include <dnnl.hpp>\n"}},
       "tools/fude/a.cc:1: dnnl.hpp is fenced into src/compute/onednn.cc tools/bench/\n"},
      {broken_fences,
       {{"src/model/a.cc", "\n# include <nlohmann/json.hpp>\n"}},
       "src/model/a.cc:2: nlohmann/json.hpp is fenced into src/base/json.h\n"},
      {broken_fences,
       {{"src/generate/a.cc", "#include <histedit.h>\n"}},
       "src/generate/a.cc:1: histedit.h is fenced into tools/fude/\n"},
      {broken_fences,
       {{"include/fude/text/a.h", "#include <unicode/uchar.h>\n"}},
       "include/fude/text/a.h:1: unicode/uchar.h is fenced into src/text/ tests/text/\n"
       "include/fude/text/a.h:1: a public header includes unicode/uchar.h\n"},
      {broken_fences,
       {{"include/fude/nn/a.h", "#include \"base/json.h\"\n"}},
       "include/fude/nn/a.h:1: a public header includes base/json.h\n"},
      {broken_fences, {{"include/fude/nn/a.h", "#include <vector>\n#include \"fude/base/error.h\"\n"}}, ""},
      {circles,
       {{"src/nn/a.h", "#include \"nn/b.h\"\n"}, {"src/nn/b.h", "#include \"nn/a.h\"\n"}},
       "include circle: src/nn/a.h → src/nn/b.h → src/nn/a.h\n"},
      {untidy_files, {{"src/nn/a.h", h}, {"src/nn/a.cc", std::string(500, '\n')}}, ""},
      {untidy_files, {{"src/nn/a.h", "#pragma once\n"}}, "src/nn/a.h:1: does not open by telling its purpose\n"},
      {untidy_files, {{"src/nn/a.h", "// Purpose.\n"}}, "src/nn/a.h:1: no #pragma once\n"},
      {untidy_files, {{"tests/nn/a.cc", std::string(501, '\n')}}, "tests/nn/a.cc:501: a file has at most 500 lines\n"},
      {banned_code,
       {{"src/nn/a.cc", "std::snprintf(b, 9, s);  // std::cout\n"}, {"tools/fude/b.cc", "exit(1);\n"}},
       ""},
      {banned_code, {{"src/nn/a.cc", "\nstd::cerr << 1;\n"}}, "src/nn/a.cc:2: the library never prints\n"},
      {banned_code, {{"src/nn/a.cc", "std::exit (1);\n"}}, "src/nn/a.cc:1: the library never ends the program\n"},
  };
  for (const Case& c : cases) EXPECT_EQ(joined(c.rule(tree_of(c.files))), c.problem) << c.files[0].second;
}

TEST(StructureRules, StrangerAtTheTop_IsSeen) {
  EXPECT_EQ(joined(strangers({"src", "build-dev", "notes.txt", ".idea"})),
            "notes.txt: not at the top level\n.idea: not at the top level\n");
}

}  // namespace
}  // namespace fude
