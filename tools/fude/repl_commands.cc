#include "repl_commands.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "base/closest.h"
#include "base/file.h"
#include "fude/base/error.h"
#include "fude/text/unicode.h"
#include "input.h"
#include "signals.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

// "/set a b" into "set" and "a b".
std::pair<std::string, std::string> split_first(std::string_view text) {
  const size_t space = std::min(text.find(' '), text.size());
  const size_t rest = std::min(text.find_first_not_of(' ', space), text.size());
  return {std::string(text.substr(0, space)), std::string(text.substr(rest))};
}

int parse_count(const std::string& argument, int fallback) {
  int count = fallback;
  if (!argument.empty()) bind(count).set(argument);
  return count;
}

const std::string& require_path(const std::string& path) {
  if (path.empty()) throw UsageError("no file named", "write its name behind the command");
  return path;
}

std::vector<std::string> paths_from(const std::string& command, const std::string& typed) {
  namespace fs = std::filesystem;
  const size_t slash = typed.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : typed.substr(0, slash + 1);
  std::vector<std::string> lines;
  std::error_code error;
  for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = folder + entry->path().filename().string();
    std::error_code gone;
    if (path.starts_with(typed)) lines.push_back("/" + command + " " + path + (entry->is_directory(gone) ? "/" : ""));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

struct ReplCommands::Entry {
  const char* name;
  const char* argument;
  const char* help;
  void (ReplCommands::*run)(const std::string& argument);  // nullptr: leaves
};

const std::vector<ReplCommands::Entry>& ReplCommands::entries() {
  static const std::vector<Entry> all = {
      {"help", "", "these lines", &ReplCommands::help},
      {"retry", "", "write the last text again, differently", &ReplCommands::retry},
      {"undo", "[N]", "take back the last step, or the last N", &ReplCommands::undo},
      {"text", "", "the whole story so far", &ReplCommands::text},
      {"read", "FILE", "add a text file to the story and write nothing", &ReplCommands::read},
      {"write", "FILE", "put the story into a text file", &ReplCommands::write},
      {"save", "FILE", "put the session into a file: story, context, seed", &ReplCommands::save},
      {"load", "FILE", "go on with a saved session", &ReplCommands::load},
      {"clear", "", "begin a new story", &ReplCommands::clear},
      {"set", "NAME VALUE", "change a setting; without a value a switch goes on, a list becomes empty",
       &ReplCommands::set},
      {"show", "", "the settings, and where the story stands", &ReplCommands::show},
      {"seed", "[N]", "show or set the seed of what is written from here", &ReplCommands::seed},
      {"probs", "[N]", "the N tokens most likely to follow, 10 by default", &ReplCommands::probs},
      {"exit", "", "leave, as Ctrl-D does", nullptr},
  };
  return all;
}

ReplCommands::ReplCommands(const LanguageModel& model, WritingFlags& writing, Flags& settings, bool echo,
                           std::vector<std::string> files)
    : model_(&model),
      writing_(&writing),
      settings_(&settings),
      story_(model, *writing.seed),
      echo_(echo),
      files_(std::move(files)) {}

const ReplCommands::Entry& ReplCommands::find(const std::string& name) const {
  std::vector<std::string> names;
  for (const Entry& entry : entries()) {
    if (name == entry.name) return entry;
    names.emplace_back(entry.name);
  }
  const std::string near = closest(name, names);
  throw UsageError("unknown command /" + name,
                   near.empty() ? "/help lists the commands" : "did you mean /" + near + "?");
}

bool ReplCommands::handle(const std::string& line) {
  if (!line.starts_with('/') || line.starts_with("//")) {
    go_on(line.starts_with('/') ? line.substr(1) : line);
    return true;
  }
  const auto [name, argument] = split_first(std::string_view(line).substr(1));
  const Entry& entry = find(name);
  if (entry.run == nullptr) return false;
  if (*entry.argument == '\0' && !argument.empty()) throw UsageError("/" + name + " takes nothing behind it");
  (this->*entry.run)(argument);
  writing_->seed = story_.writer().seed();  // a session that was loaded or undone brings its own
  return true;
}

std::vector<std::string> ReplCommands::complete(std::string_view typed) const {
  std::vector<std::string> lines;
  if (!typed.starts_with('/')) return lines;
  const auto add_if_begun = [&](const std::string& line) {
    if (line.starts_with(typed)) lines.push_back(line);
  };
  if (typed.find(' ') == std::string_view::npos) {
    for (const Entry& entry : entries())
      add_if_begun("/" + std::string(entry.name) + (*entry.argument == '\0' ? "" : " "));
    return lines;
  }
  const auto [name, argument] = split_first(typed.substr(1));
  if (name == "set") {
    for (const std::string& setting : settings_->names()) add_if_begun("/set " + setting + " ");
  } else if (std::any_of(entries().begin(), entries().end(), [&name = name](const Entry& entry) {
               return name == entry.name && std::string_view(entry.argument) == "FILE";
             })) {
    return paths_from(name, argument);
  }
  return lines;
}

bool ReplCommands::print(std::string_view text) {
  put(text);
  if (!text.empty()) at_line_start_ = text.back() == '\n';
  return true;
}

void ReplCommands::finish_output(const Generation& generation) {
  if (!at_line_start_) put("\n");
  at_line_start_ = true;
  if (generation.reason == StopReason::kInterrupt) say("stopped");
  if (generation.reason == StopReason::kEos) say("(the model ends the text here)");
}

void ReplCommands::go_on(const std::string& typed) {
  // Once it is read: what is refused is no part of the story.
  bool echoed = !echo_;
  const auto echo_once = [&] {
    if (!echoed) print(typed);
    echoed = true;
  };
  const TextCallback callback = [&](std::string_view piece) {
    echo_once();
    return print(piece);
  };
  const Generation generation = story_.go_on(typed, writing_->options, callback, &interrupted());
  echo_once();
  finish_output(generation);
}

void ReplCommands::retry(const std::string&) {
  const TextCallback callback = [this](std::string_view piece) { return print(piece); };
  finish_output(story_.retry(writing_->options, callback, &interrupted()));
}

void ReplCommands::help(const std::string&) {
  say("What you type is added to the story as it is (begin with a space to begin a word), and the model writes on.");
  say("An empty line lets it write on; a line that ends in \\ goes on in the next one; // begins a text with a slash.");
  for (const Entry& entry : entries())
    say("  " + pad_right("/" + std::string(entry.name) + " " + entry.argument, 18) + entry.help);
}

void ReplCommands::set(const std::string& argument) {
  const auto [name, value] = split_first(argument);
  if (name.empty()) throw UsageError("no setting named", "/show lists them: /set temperature 0.7");
  const WritingFlags before = *writing_;
  writing_->seed.reset();  // so that one that is set counts, even the same again
  try {
    const bool is_switch = name == "eos";
    settings_->set(name, value.empty() && is_switch ? "true" : value);
    writing_->settle();
  } catch (const Error&) {
    *writing_ = before;
    throw;
  }
  if (writing_->seed) story_.reseed(*writing_->seed);
}

void ReplCommands::show(const std::string&) {
  for (const auto& [name, value] : settings_->values()) say("  " + pad_right(name, 16) + value);
  say("  the story has " + counted(static_cast<int64_t>(count_code_points(story_.text())), "character") + "; seed " +
      std::to_string(story_.writer().seed()));
}

void ReplCommands::text(const std::string&) {
  put(story_.text());
  if (!story_.text().empty() && !story_.text().ends_with('\n')) put("\n");
}

void ReplCommands::probs(const std::string& argument) {
  const std::vector<float> log_probs = story_.writer().next_log_probs();
  std::vector<TokenId> ids(log_probs.size());
  std::iota(ids.begin(), ids.end(), 0);
  const size_t count = std::min(ids.size(), static_cast<size_t>(std::max(parse_count(argument, 10), 0)));
  std::partial_sort(
      ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(count), ids.end(),
      [&](TokenId a, TokenId b) { return log_probs[static_cast<size_t>(a)] > log_probs[static_cast<size_t>(b)]; });
  for (size_t i = 0; i < count; ++i) {
    const double probability = std::exp(static_cast<double>(log_probs[static_cast<size_t>(ids[i])]));
    say(pad_left(fixed(100 * probability, 2), 8) + " %  " + escape(model_->tokenizer().display(ids[i])));
  }
}

void ReplCommands::undo(const std::string& argument) { story_.undo(parse_count(argument, 1)); }

void ReplCommands::tell_left(bool unsaved) const {
  if (unsaved && stdin_is_terminal()) say("the story before is in no file: /undo brings it back");
}

void ReplCommands::clear(const std::string&) {
  const bool unsaved = is_unsaved();
  story_.clear();
  tell_left(unsaved);
}

void ReplCommands::read(const std::string& path) {
  if (!story_.read(read_text(require_path(path)), writing_->options.on_unknown, shown_input(path), &interrupted()))
    say("interrupted: nothing was read");
}

void ReplCommands::write(const std::string& path) {
  require_text_or_nothing(require_path(path), files_);
  write_file(path, story_.text());
  saved_ = story_.text();
}

void ReplCommands::save(const std::string& path) {
  require_session_or_nothing(require_path(path), files_);
  keep_as(path);
  saved_ = story_.text();
}

void ReplCommands::keep_as(const std::filesystem::path& file) const { write_file(file, story_.writer().save()); }

void ReplCommands::load(const std::string& path) {
  const MappedFile session(require_path(path));
  try {
    const bool unsaved = is_unsaved();
    story_.restore(session.text());
    tell_left(unsaved);
    saved_ = story_.text();
  } catch (const FormatError& error) {
    throw FormatError(path + ": " + error.what(), error.hint());
  }
}

void ReplCommands::seed(const std::string& argument) {
  if (argument.empty()) return say("seed " + std::to_string(story_.writer().seed()));
  set("seed " + argument);
}

}  // namespace fude
