// fude repl: a person and a model write a story in turns.
#include <cstdlib>

#include "base/file.h"
#include "commands.h"
#include "fude/base/error.h"
#include "line_reader.h"
#include "model_flags.h"
#include "repl_commands.h"
#include "signals.h"
#include "terminal.h"
#include "usage_error.h"

namespace fude {
namespace {

// What stays between sessions, as the XDG base directory specification has it; empty when there is no home.
std::filesystem::path state_file(const char* name) {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::filesystem::path(state) / "fude" / name;
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::filesystem::path(home) / ".local" / "state" / "fude" / name;
}

// A story that nobody put into a file outlives the lost terminal, the closed lid, the hasty Ctrl-D.
void keep_unsaved(const ReplCommands& commands) {
  if (!commands.is_unsaved()) return;
  const std::filesystem::path file = state_file("last.session");
  if (file.empty()) return say("note: the story could not be kept: HOME names no folder for it");
  std::string before;
  try {
    std::filesystem::create_directories(file.parent_path());
    if (file_exists(file)) {  // of another that the same lost terminal has ended, say
      std::filesystem::rename(file, state_file("previous.session"));
      before = "; the one before is previous.session there";
    }
    commands.keep_as(file);
  } catch (const std::exception& error) {
    return say(std::string("note: the story could not be kept: ") + error.what());
  }
  say("the story is kept: /load " + file.string() + before);
}

class UnsavedKeeper {
 public:
  explicit UnsavedKeeper(const ReplCommands& commands) : commands_(&commands) {}
  UnsavedKeeper(const UnsavedKeeper&) = delete;
  UnsavedKeeper& operator=(const UnsavedKeeper&) = delete;
  ~UnsavedKeeper() { keep_unsaved(*commands_); }

 private:
  const ReplCommands* commands_;
};

// A line, and the ones behind it as long as each ends in a backslash.
LineOutcome read_whole(LineReader& reader, std::string& whole, int& number) {
  whole.clear();
  std::string line;
  for (std::string prompt = "> ";; prompt = ". ") {
    const LineOutcome outcome = reader.read(prompt, line);
    if (outcome == LineOutcome::kEnd && !whole.empty()) return LineOutcome::kLine;
    if (outcome != LineOutcome::kLine) return outcome;
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (!line.ends_with('\\')) break;
    whole += line.substr(0, line.size() - 1) + "\n";
  }
  whole += line;
  return LineOutcome::kLine;
}

int talk(LineReader& reader, ReplCommands& commands) {
  std::string line;
  int number = 0;
  while (true) {
    clear_interrupt();
    const LineOutcome outcome = read_whole(reader, line, number);
    if (outcome == LineOutcome::kEnd) {
      say("");
      return 0;
    }
    if (outcome == LineOutcome::kInterrupted) {
      say("");
      if (told_to_end()) return kInterruptedExit;
      continue;
    }
    try {
      if (!commands.handle(line)) return 0;
    } catch (const Error& error) {
      say(std::string("error: ") + error.what());
      if (!error.hint().empty()) say("  hint: " + error.hint());
    } catch (const std::bad_alloc&) {
      say("error: not enough memory");
      say("  hint: a shorter text needs less; /save keeps the story");
    }
  }
}

// Nobody is there to put a mistake right, so the first one ends it.
int play(LineReader& reader, ReplCommands& commands, const std::string& name) {
  std::string line;
  int number = 0;
  while (!interrupted()) {
    if (read_whole(reader, line, number) != LineOutcome::kLine) break;
    const std::string where = name + ":" + std::to_string(number) + ": ";
    try {
      if (!commands.handle(line)) return 0;
    } catch (const UsageError& error) {
      throw UsageError(where + error.what(), error.hint());
    } catch (const ConfigError& error) {
      throw ConfigError(where + error.what(), error.hint());
    } catch (const Error& error) {
      throw Error(where + error.what(), error.hint());
    }
  }
  return interrupted() ? kInterruptedExit : 0;
}

}  // namespace

int repl_command(const std::vector<std::string>& arguments) {
  ModelFlags model_flags;
  WritingFlags writing(200);
  std::string script;
  bool echo = true;
  Flags flags("repl", "[MODEL]",
              "Writes a story in turns: what you type is added to it, then the model writes on. /help lists the "
              "commands. Without a terminal the lines come from standard input.");
  model_flags.add_to(flags);
  writing.add_to(flags);
  flags.section("Input and output");
  flags.add("script", {}, "FILE", bind(script), "lines from this file; -: from standard input without a prompt");
  flags.add("echo", {}, "", bind(echo), "without a terminal: the text read is part of the output");
  flags.example("fude repl -m runs/story");
  flags.example("printf 'The sea\\n/undo\\n/write story.txt\\n' | fude repl -m runs/story --seed 1");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  writing.finish();
  std::vector<std::string> positionals = flags.positionals();
  const LanguageModel model = model_flags.load(positionals);
  require_no_more(positionals);

  const bool interactive = script.empty() && stdin_is_terminal() && stderr_is_terminal();
  Flags settings("", "", "");
  writing.add_to(settings);
  std::vector<std::string> files = model_flags.files();
  files.push_back(script);
  ReplCommands commands(model, writing, settings, echo && !interactive, std::move(files));
  catch_signals();
  say("seed " + std::to_string(*writing.seed));
  if (!interactive) {
    const std::string input = script.empty() ? "-" : script;
    return play(*make_file_reader(input), commands, input == "-" ? "standard input" : input);
  }
  say("/help lists the commands, Ctrl-C stops the writing, Ctrl-D leaves");
  const auto reader = make_terminal_reader(
      {.history = state_file("history"), .complete = [&](std::string_view typed) { return commands.complete(typed); }});
  const UnsavedKeeper keeper(commands);
  return talk(*reader, commands);
}

}  // namespace fude
