// fude generate: text from a prompt.
#include <chrono>

#include "commands.h"
#include "fude/base/random.h"
#include "fude/generate/generator.h"
#include "input.h"
#include "model_flags.h"
#include "signals.h"
#include "terminal.h"
#include "usage_error.h"
#include "writing_flags.h"

namespace fude {
namespace {

struct GenerateFlags {
  ModelFlags model;
  WritingFlags writing;
  std::string prompt;
  std::string file;
  int samples = 1;
  bool stream = true;
  bool echo = true;
};

// An editor ends a file with a newline that nobody means: the last one is not part of the prompt.
std::string prompt_from(const std::string& file) {
  std::string text = read_text(file);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

void tell_about(const Generation& generation, double seconds) {
  say(counted(generation.tokens, "token") + ", " + counted(generation.code_points, "character") + ", " +
      fixed(generation.bits_per_char(), 2) + " bits/char, " +
      short_count(static_cast<double>(generation.tokens) / std::max(seconds, 1e-9)) +
      " tokens/s, ended by: " + std::string(to_string(generation.reason)));
}

// Prints as the text appears and remembers whether a newline came last.
class Printer {
 public:
  void print(std::string_view text) {
    if (text.empty()) return;
    put(text);
    at_line_start_ = text.back() == '\n';
  }
  void end_line() {
    if (!at_line_start_) print("\n");
  }

 private:
  bool at_line_start_ = true;
};

StopReason write_sample(Writer writer, const GenerateFlags& flags, Printer& printer) {
  say("seed " + std::to_string(writer.seed()));
  if (flags.echo) printer.print(writer.text());
  const auto begin = std::chrono::steady_clock::now();
  const TextCallback stream = [&](std::string_view piece) {
    printer.print(piece);
    return true;
  };
  const Generation generation =
      writer.write(flags.writing.options, flags.stream ? stream : TextCallback(), &interrupted());
  if (!flags.stream) printer.print(generation.text);
  printer.end_line();
  tell_about(generation, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  return generation.reason;
}

}  // namespace

int generate_command(const std::vector<std::string>& arguments) {
  GenerateFlags options;
  Flags flags("generate", "[MODEL] [PROMPT]", "Writes text with a model. The text goes to standard output.");
  options.model.add_to(flags);
  flags.section("Prompt");
  flags.add("prompt", {"p", "prime", "primetext", "start", "prefix"}, "TEXT", bind(options.prompt),
            "the beginning that the model goes on from; empty: a new text");
  flags.add("file", {"f"}, "FILE", bind(options.file),
            "the same from a file, without its last newline; -: from standard input");
  options.writing.add_to(flags);
  flags.section("Output");
  flags.add("num-samples", {}, "N", bind(options.samples), "texts to write, with a line --- between them");
  flags.add("stream", {}, "", bind(options.stream), "show the text while it is written, not at its end");
  flags.add("echo", {}, "", bind(options.echo), "begin the output with the prompt");
  flags.example("fude generate -m runs/story -p 'The sea ' -n 300 --temperature 0.7");
  flags.example("fude generate -m runs/story -p $'Chicken Soup\\n\\n'   (the shell makes newlines of \\n)");
  flags.example("fude generate -m runs/story --lines 4 --num-samples 3 --seed 1 > three.txt");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  options.writing.finish();
  if (options.samples < 1) throw UsageError("--num-samples must be 1 or more, got " + std::to_string(options.samples));

  std::vector<std::string> positionals = flags.positionals();
  const LanguageModel model = options.model.load(positionals);
  if (!positionals.empty()) {
    if (flags.is_given("prompt")) throw UsageError("two prompts: --prompt and " + positionals.front());
    options.prompt = positionals.front();
    positionals.erase(positionals.begin());
  }
  require_no_more(positionals);
  if (!options.file.empty()) {
    if (!options.prompt.empty()) throw UsageError("two prompts: a text and --file", "give one of them");
    options.prompt = prompt_from(options.file);
  }

  catch_signals();
  Writer writer(model, *options.writing.seed);
  writer.read(options.prompt, options.writing.options.on_unknown,
              options.file.empty() ? "prompt" : shown_input(options.file));
  Printer printer;
  for (int sample = 0; sample < options.samples; ++sample) {
    // The first text has the seed itself, so each can be written again alone, with the seed that is shown.
    if (sample > 0) {
      writer.reseed(derive_seed(*options.writing.seed, static_cast<uint64_t>(sample)));
      printer.print("---\n");
    }
    if (write_sample(writer, options, printer) == StopReason::kInterrupt) return kInterruptedExit;
  }
  return 0;
}

}  // namespace fude
