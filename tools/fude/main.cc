// fude: trains recurrent language models on a person's own text and writes with them. This file finds the sub-command
// and turns errors into one line, a hint and an exit code.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstring>
#include <exception>
#include <new>

#include "base/closest.h"
#include "commands.h"
#include "fude/base/error.h"
#include "signals.h"
#include "terminal.h"
#include "usage_error.h"
#include "version.h"

namespace fude {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kUsage = 2;

struct Command {
  const char* name;
  const char* alias;  // nullptr: none
  const char* summary;
  int (*run)(const std::vector<std::string>& arguments);
};

// In the order in which they are used.
constexpr Command kCommands[] = {
    {"prep", nullptr, "clean a text and count what is in it", prep_command},
    {"tokenizer", nullptr, "train a tokenizer, and try one out", tokenizer_command},
    {"train", nullptr, "learn a model from your text", train_command},
    {"generate", "sample", "write text with a model", generate_command},
    {"repl", nullptr, "write a story together with a model", repl_command},
    {"batch", nullptr, "write many texts from a file of prompts", batch_command},
    {"eval", nullptr, "measure how well a model predicts a text", eval_command},
    {"score", nullptr, "give the log-probability of each token of a text", score_command},
    {"inspect", nullptr, "show what is in a model file", inspect_command},
    {"bench", nullptr, "measure how fast this machine trains, writes and tokenizes", bench_command},
};

std::string overview() {
  std::string text = "fude trains recurrent language models on your own text and writes with them.\n\n";
  text += "usage: fude COMMAND [arguments]\n\n";
  for (const Command& command : kCommands) {
    const std::string alias = command.alias == nullptr ? "" : std::string(" (also ") + command.alias + ")";
    text += "  " + pad_right(command.name, 12) + command.summary + alias + "\n";
  }
  text += "\n  fude train story.txt                          learn; the model goes to runs/story\n";
  text += "  fude generate -m runs/story -p 'The sea '     write on from a beginning\n";
  text += "\n`fude COMMAND --help` explains a command and its flags, `fude --version` how this program was built.\n";
  return text;
}

const Command* find_command(const std::string& name) {
  for (const Command& command : kCommands) {
    if (name == command.name || (command.alias != nullptr && name == command.alias)) return &command;
  }
  return nullptr;
}

const Command& require_command(const std::string& name) {
  if (const Command* const command = find_command(name)) return *command;
  std::vector<std::string> names;
  for (const Command& command : kCommands) {
    names.emplace_back(command.name);
    if (command.alias != nullptr) names.emplace_back(command.alias);
  }
  const std::string near = closest(name, names);
  std::string hint = "did you mean fude " + near + "?";
  if (near.empty()) {
    hint = "the commands are:";
    for (const Command& command : kCommands) hint += std::string(" ") + command.name;
  }
  throw UsageError("unknown command " + name, hint);
}

int run(std::vector<std::string> arguments) {
  if (arguments.empty()) {
    const std::string text = overview();
    say(std::string_view(text).substr(0, text.size() - 1));
    return kUsage;
  }
  if (arguments[0] == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  if (arguments[0] == "--help" || arguments[0] == "-h") {
    put(overview());
    return kDone;
  }
  if (arguments[0] == "--version") {
    put(version_text());
    return kDone;
  }
  const Command& command = require_command(arguments[0]);
  arguments.erase(arguments.begin());
  return command.run(arguments);
}

// "fude train" of a command line, for messages and hints.
std::string shown_command(const std::vector<std::string>& arguments) {
  if (arguments.empty() || find_command(arguments[0]) == nullptr) return "fude";
  const bool nested = (arguments[0] == "tokenizer" || arguments[0] == "bench") && arguments.size() > 1 &&
                      !arguments[1].starts_with("-");
  return "fude " + arguments[0] + (nested ? " " + arguments[1] : "");
}

int complain(const std::string& command, std::string message, std::string hint, int exit_code) {
  if (hint.empty()) hint = "`" + command + " --help` explains what it takes";
  for (std::string* const text : {&message, &hint}) std::replace(text->begin(), text->end(), '\n', ' ');
  say(command + ": error: " + message);
  say("  hint: " + hint);
  return exit_code;
}

int run_and_report(const std::vector<std::string>& arguments) {
  const std::string command = shown_command(arguments);
  try {
    return run(arguments);
  } catch (const BrokenPipe&) {
    return kDone;
  } catch (const UsageError& error) {
    return complain(command, error.what(), error.hint(), kUsage);
  } catch (const ConfigError& error) {
    return complain(command, error.what(), error.hint(), kUsage);
  } catch (const FormatError& error) {
    const std::string hint =
        error.hint().empty() ? "the file is damaged, or is not what it was taken for" : error.hint();
    return complain(command, error.what(), hint, kFailed);
  } catch (const Error& error) {
    return complain(command, error.what(), error.hint(), kFailed);
  } catch (const std::bad_alloc&) {
    return complain(command, "not enough memory", "a smaller model, batch, window or file needs less", kFailed);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::resource_unavailable_try_again) return complain(command, error.what(), "", kFailed);
    return complain(command, "cannot start a thread: " + error.code().message(),
                    "raise the limits on memory and processes (ulimit -v, -u), or use fewer --threads", kFailed);
  } catch (const std::exception& error) {
    return complain(command, error.what(), "", kFailed);
  }
}

}  // namespace
}  // namespace fude

int main(int argc, char** argv) {
  fude::hold_closed_streams();
  // Writing to a closed pipe, or beyond a limit on files, is an error that whoever writes reports.
  for (const int number : {SIGPIPE, SIGXFSZ}) ::signal(number, SIG_IGN);
  fude::catch_lost_files();
  std::setlocale(LC_CTYPE, "");
  const int exit_code = fude::run_and_report(std::vector<std::string>(argv + 1, argv + argc));
  // OpenBLAS would wait for ever for threads of its own that found no room.
  rlimit room{};
  if (::getrlimit(RLIMIT_AS, &room) == 0 && room.rlim_cur != RLIM_INFINITY) ::_exit(exit_code);
  return exit_code;
}
