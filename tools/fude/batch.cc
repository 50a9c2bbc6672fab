// fude batch: many texts from a file of prompts.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "base/file.h"
#include "commands.h"
#include "fude/base/error.h"
#include "fude/generate/batch.h"
#include "input.h"
#include "model_flags.h"
#include "signals.h"
#include "terminal.h"
#include "usage_error.h"
#include "writing_flags.h"

namespace fude {
namespace {

// Where results go, a line each, as soon as they are there: an interrupted batch leaves what was done.
class LineOutput {
 public:
  // Empty or "-": standard output.
  explicit LineOutput(const std::string& path) : path_(path) {
    if (path.empty() || path == "-") return;
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw_write_error(path_);
  }
  ~LineOutput() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  LineOutput(const LineOutput&) = delete;
  LineOutput& operator=(const LineOutput&) = delete;

  void write(const std::string& line) {
    if (descriptor_ < 0) return put(line + "\n");
    if (write_all(descriptor_, line + "\n") != 0) throw_write_error(path_);
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

std::vector<BatchItem> read_items(const std::string& input, std::string format, const BatchItem& defaults) {
  const std::string text = read_text(input);
  const std::string name = shown_input(input);
  if (format == "auto") {
    const size_t first = text.find_first_not_of(" \t\r\n");
    format = first != std::string::npos && text[first] == '{' ? "jsonl" : "lines";
  }

  std::vector<BatchItem> items;
  std::string_view rest = text;
  for (int number = 1; !rest.empty(); ++number) {
    const size_t newline = rest.find('\n');
    std::string_view line = rest.substr(0, newline);
    rest.remove_prefix(newline == std::string_view::npos ? rest.size() : newline + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    const std::string where = name + ":" + std::to_string(number);
    if (format == "jsonl") {
      items.push_back(parse_batch_line(line, defaults, number, where));
    } else {
      BatchItem& item = items.emplace_back(defaults);
      item.id = std::to_string(number);
      item.prompt = line;
      item.where = where;
    }
  }
  if (items.empty())
    throw DataError(name + " holds no prompts", "give a prompt a line, or JSON objects with \"prompt\"");
  return items;
}

// Lines without an id are called by their number, which another one may have for its id.
void tell_shared_ids(const std::vector<BatchItem>& items) {
  std::set<std::string> ids;
  std::vector<std::string> repeated;
  for (const BatchItem& item : items) {
    if (!ids.insert(item.id).second) repeated.push_back(item.id);
  }
  if (repeated.empty()) return;
  say("note: " + counted(static_cast<int64_t>(repeated.size()), "item") + " with the id of an earlier one, such as \"" +
      repeated.front() + "\": equal ids draw equal random numbers");
}

}  // namespace

int batch_command(const std::vector<std::string>& arguments) {
  ModelFlags model_flags;
  WritingFlags writing;
  std::string output;
  std::string format = "auto";
  int samples = 1;
  Flags flags(
      "batch", "[MODEL] FILE",
      "Writes a text for each line of a file (-: standard input): a prompt, or a JSON object with \"prompt\" and, "
      "if wished, \"id\" \"n\" \"temperature\" \"top_k\" \"top_p\" \"min_p\" \"max_tokens\" \"max_chars\" "
      "\"max_lines\" \"stop\". Results are JSON objects, a line each. The text of an item depends on the seed, "
      "its id and the sample's number, never on its neighbours.");
  model_flags.add_to(flags);
  writing.add_to(flags);
  flags.section("Input and output");
  flags.add("format", {}, "WORD", bind_choice(format, {"auto", "lines", "jsonl"}),
            "auto (jsonl when the text begins with {) | lines | jsonl");
  flags.add("num-samples", {}, "N", bind(samples), "texts an item, unless it says \"n\" itself");
  flags.add("output", {"o"}, "FILE", bind(output), "where results go; empty: standard output");
  flags.example("fude batch -m runs/names prompts.txt --lines 1 --seed 7 -o written.jsonl");
  if (!flags.read(arguments)) return 0;
  flags.apply();
  writing.finish();
  if (samples < 1) throw UsageError("--num-samples must be 1 or more, got " + std::to_string(samples));

  std::vector<std::string> positionals = flags.positionals();
  if (positionals.empty()) throw UsageError("no file of prompts given", "name a file, or - for standard input");
  const std::string input = positionals.back();
  positionals.pop_back();
  const LanguageModel model = model_flags.load(positionals);
  require_no_more(positionals);

  const BatchItem defaults{.samples = samples, .options = writing.options};
  const BatchJob job{.items = read_items(input, format, defaults), .seed = *writing.seed};
  check_batch(model, job);
  tell_shared_ids(job.items);
  std::vector<std::string> read = model_flags.files();
  read.push_back(input);
  require_text_or_nothing(output, read);
  LineOutput out(output);
  catch_signals();
  int64_t total = 0;
  for (const BatchItem& item : job.items) total += item.samples;
  say("seed " + std::to_string(job.seed) + ", " + counted(total, "text") + " to write");
  int64_t done = 0;
  run_batch(
      model, job,
      [&](const BatchResult& result) {
        out.write(to_json_line(result));
        ++done;
        show_progress(with_commas(done) + " of " + with_commas(total));
      },
      &interrupted());
  clear_progress();
  if (interrupted()) {
    say("interrupted after " + with_commas(done) + " of " + counted(total, "text"));
    return kInterruptedExit;
  }
  return 0;
}

}  // namespace fude
