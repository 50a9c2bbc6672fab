#include "data/input_files.h"

#include <glob.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "base/closest.h"
#include "data/file_endings.h"
#include "fude/base/error.h"

namespace fude {
namespace {

namespace fs = std::filesystem;

// A training run leaves one of these, and samples.txt, which is what a model wrote and no text to learn from.
bool holds_a_run(const fs::path& folder) {
  constexpr std::array<const char*, 4> kItsOwn = {"last.state", "previous.state", "good.state", "cache/sources.jsonl"};
  return std::any_of(kItsOwn.begin(), kItsOwn.end(), [&](const char* name) {
    std::error_code error;
    return fs::exists(folder / name, error);
  });
}

bool has_text_ending(const fs::path& file) {
  const FileEnding* const ending = find_ending(file.filename().string());
  return ending != nullptr && ending->is_text;
}

// What something in a folder is that is not taken whatever its name ends in; empty: it may be.
std::string why_left_out(const fs::directory_entry& entry) {
  std::error_code error;
  if (entry.path().filename().string().starts_with('.')) return "hidden";
  if (entry.is_symlink(error) && !entry.exists(error)) return "links to nothing";
  if (entry.is_symlink(error) && entry.is_directory(error)) return "links to folders";
  return holds_a_run(entry.path()) ? "training runs" : "";
}

std::vector<std::string> text_files_below(const std::string& folder, std::map<std::string, int64_t>& left_out) {
  std::vector<std::string> files;
  fs::path current = folder;  // a folder inside is opened when the search goes on from it
  try {
    for (fs::recursive_directory_iterator entry(folder), end; entry != end; ++entry) {
      current = entry->path();
      const std::string reason = why_left_out(*entry);
      if (!reason.empty()) {
        entry.disable_recursion_pending();
        ++left_out[reason];
      } else if (std::error_code unreadable; entry->is_regular_file(unreadable)) {
        if (has_text_ending(current))
          files.push_back(current.string());
        else
          ++left_out[ending_of(current.filename().string())];
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw IoError("cannot read the folder " + current.string() + ": " + error.code().message(),
                  "make it readable, or name the other files and folders");
  }
  if (files.empty()) {
    throw IoError("no text in the folder " + folder + ": it holds no " + text_endings() + " file",
                  "name the files themselves if their names end in something else");
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::string> glob_matches(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> matches(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (status != 0 && status != GLOB_NOMATCH) throw IoError("cannot look for files that match " + pattern);
  if (matches.empty()) throw IoError("no file matches " + pattern, "check the pattern, or name a file or folder");
  std::sort(matches.begin(), matches.end());
  return matches;
}

[[noreturn]] void throw_missing(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::string hint = "check the path";
  std::error_code error;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  if (fs::is_symlink(path, error)) {
    hint = "it is a link to " + fs::read_symlink(path, error).string() + ", which is not there";
  } else if (!fs::exists(folder, error)) {
    hint = "there is no folder " + folder.string();
  } else if (const std::string name = closest(path.filename().string(), names); !name.empty()) {
    hint = "did you mean " + (path.parent_path() / name).string() + "?";
  }
  throw IoError("cannot open " + path.string() + ": no such file", hint);
}

[[noreturn]] void refuse_run(const std::string& folder) {
  throw IoError(folder + " is the folder of a training run, not of text",
                "name the text it learned from, or the files in it themselves if they are meant");
}

// One name for a file, however it was reached.
std::string identity(const std::string& file) {
  std::error_code unreadable;
  const fs::path path = fs::canonical(file, unreadable);
  return unreadable ? file : path.string();
}

}  // namespace

InputFiles find_input_files(const std::vector<std::string>& inputs, const std::vector<std::string>& not_these) {
  InputFiles result;
  std::vector<std::string>& files = result.files;
  std::set<std::string> seen;
  std::error_code error;
  const auto is_named = [&](const std::string& path) {
    return std::find(inputs.begin(), inputs.end(), path) != inputs.end();
  };
  const auto add_file = [&](const std::string& file) {
    if (seen.insert(identity(file)).second)
      files.push_back(file);
    else
      ++result.repeats;
  };
  const auto add = [&](const std::string& path) {
    if (holds_a_run(path)) {
      if (is_named(path)) refuse_run(path);
      ++result.left_out["training runs"];
      return;
    }
    const auto found =
        fs::is_directory(path, error) ? text_files_below(path, result.left_out) : std::vector<std::string>{path};
    for (const std::string& file : found) {
      if (!is_named(file) && std::find(not_these.begin(), not_these.end(), file) != not_these.end()) continue;
      add_file(file);
    }
  };
  for (const std::string& input : inputs) {
    if (input == "-") {
      add_file(input);
    } else if (fs::status(input, error).type() != fs::file_type::not_found) {
      add(input);
    } else if (input.find_first_of("*?[") != std::string::npos) {
      for (const std::string& match : glob_matches(input)) add(match);
    } else {
      throw_missing(input);
    }
  }
  return result;
}

}  // namespace fude
