#include "train/run_directory.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>
#include <utility>

#include "base/file.h"
#include "base/json.h"
#include "base/numbers.h"
#include "fude/base/error.h"
#include "train/log.h"
#include "train/run_lock.h"

namespace fude {
namespace {

// Bytes of samples in memory, for the report.
constexpr size_t kSamplesKept = size_t{1} << 20;

// `size`: of the file, which is brought up to date.
void append(const std::filesystem::path& path, std::string_view text, int64_t& size) {
  append_file(path, size, text);
  size += static_cast<int64_t>(text.size());
}

std::string read_up_to(const std::filesystem::path& path, int64_t size, const Note& note) {
  const auto expected = static_cast<size_t>(std::max<int64_t>(size, 0));
  // Mapped: what follows may be any number of bytes.
  std::string text = file_exists(path) ? std::string(MappedFile(path).text().substr(0, expected)) : "";
  if (text.size() < expected)
    note(path.string() + " has only " + std::to_string(text.size()) + " of the " + std::to_string(expected) +
         " bytes that it had when the run was saved: the rest is lost");
  return text;
}

// Whether a run makes a file of that name in its cache.
bool is_cached(std::string_view name) {
  return name == "train.tokens" || name == "valid.tokens" || name == "sources.jsonl";
}

// Whether the file is another folder's, too, as in a copy made of links: writing in place would reach that.
bool is_shared(const std::filesystem::path& path) {
  std::error_code missing;
  const auto names = std::filesystem::hard_link_count(path, missing);
  return !missing && names > 1;
}

}  // namespace

bool RunDirectory::is_vacant() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) return true;
  for (std::filesystem::directory_iterator entry(path_, error), end; !error && entry != end; entry.increment(error))
    if (entry->path() != cache() && entry->path() != RunLock::file(path_)) return false;
  return !error && !RunLock::is_held(path_);
}

void RunDirectory::refuse_existing() const {
  const std::filesystem::path folder = (path_ / "").parent_path();  // without a slash at its end
  const RunDirectory around(folder.parent_path());
  if (folder == around.cache() && (around.has_state() || RunLock::is_held(around.path_)))
    throw ConfigError(path_.string() + " is the cache of the run in " + around.path_.string(), "choose another --out");
  for (const std::filesystem::path& file : own_files()) {
    if (!file_exists(file)) continue;
    throw ConfigError(path_.string() + " holds a run already: " + file.filename().string() + " is there",
                      "continue it with --resume " + path_.string() + ", or choose another --out");
  }
  std::error_code none;
  for (std::filesystem::directory_iterator entry(cache(), none), end; !none && entry != end; entry.increment(none)) {
    const std::string name = entry->path().filename().string();
    if (!is_cached(name) && !is_unfinished(name, is_cached))
      throw ConfigError(cache().string() + " is no run's: " + name + " is there", "choose another --out");
  }
  refuse_foreign_files();
}

bool RunDirectory::has_state() const {
  return file_exists(state()) || file_exists(previous_state()) || file_exists(good_state());
}

void RunDirectory::require_existing() const {
  if (!has_state()) {
    if (!file_exists(config()) && !file_exists(last_model()) && !file_exists(best_model()))
      throw IoError("no run in " + path_.string() + ": last.state is missing", "give the folder that --out named");
    throw IoError("the run in " + path_.string() + " cannot be resumed: last.state is missing",
                  "its models can be the start of another run: --init-from");
  }
  refuse_foreign_files();
}

void RunDirectory::refuse_foreign_files() const {
  std::vector<std::filesystem::path> written = own_files();
  written.insert(written.end(), {cache(), RunLock::file(path_)});
  std::error_code none;
  for (std::filesystem::directory_iterator entry(cache(), none), end; !none && entry != end; entry.increment(none))
    written.push_back(entry->path());
  for (const std::filesystem::path& path : written) {
    const auto status = std::filesystem::symlink_status(path, none);
    if (std::filesystem::is_symlink(status))
      throw IoError(path.string() + " is a symbolic link: the run would write to where it leads",
                    "put what it leads to in its place");
    const bool is_own =
        path == cache() ? std::filesystem::is_directory(status) : std::filesystem::is_regular_file(status);
    if (std::filesystem::exists(status) && !is_own)
      throw IoError(path.string() + " is not a " + (path == cache() ? "folder" : "regular file"),
                    "take it away: a run makes its own");
  }
}

void RunDirectory::clean() const {
  const std::vector<std::filesystem::path> own = own_files();
  remove_unfinished(
      path_, [&](std::string_view name) { return std::find(own.begin(), own.end(), path_ / name) != own.end(); });
  remove_unfinished(cache(), is_cached);
}

std::vector<std::filesystem::path> RunDirectory::own_files() const {
  return {config(), state(), previous_state(), good_state(), best_model(), last_model(), log(), samples(), report()};
}

void RunDirectory::require_space(int64_t state_bytes, int64_t model_bytes) const {
  const std::optional<int64_t> free = free_bytes(path_);
  int64_t needed = 4 * state_bytes + 3 * model_bytes;
  for (const std::filesystem::path& file : {state(), previous_state(), good_state(), best_model(), last_model()}) {
    std::error_code missing;
    const auto size = std::filesystem::file_size(file, missing);
    if (!missing) needed -= static_cast<int64_t>(size);
  }
  if (free && *free < needed)
    throw IoError("not enough room to save the run in " + path_.string() + ": " +
                      short_bytes(static_cast<double>(*free)) + " are free, " +
                      short_bytes(static_cast<double>(needed)) + " are needed",
                  "free some disk space");
}

void RunDirectory::require_in_place() const {
  if (lock_ == nullptr || lock_->is_in_place()) return;
  throw IoError(path_.string() + " is no longer the folder that the run was begun in: it was moved or taken away",
                "a run stays where it is while it trains; --resume goes on from wherever it was moved to");
}

void RunDirectory::append_record(const EvaluationRecord& record) {
  require_in_place();
  records_.push_back(record);
  append(log(), to_text(to_json(record)) + "\n", sizes_.log);
}

void RunDirectory::append_sample(int64_t step, double epoch, std::string_view text) {
  require_in_place();
  char heading[80];
  std::snprintf(heading, sizeof heading, "----- step %lld, epoch %.2f -----\n", static_cast<long long>(step), epoch);
  const std::string sample = heading + std::string(text) + (text.ends_with('\n') ? "\n" : "\n\n");
  append(samples(), sample, sizes_.samples);
  samples_text_ += sample;
  if (samples_text_.size() > 2 * kSamplesKept) samples_text_.erase(0, samples_text_.size() - kSamplesKept);
}

void RunDirectory::rewind(const Sizes& sizes, const Note& note, const std::function<void()>& before_cutting) {
  require_in_place();
  samples_text_ = read_up_to(samples(), sizes.samples, note);
  std::istringstream lines(read_up_to(log(), sizes.log, note));
  std::string log_text;
  int number = 0;
  LogReader reader;
  for (std::string line; std::getline(lines, line);) {
    try {
      reader.add(line, log().string() + ":" + std::to_string(++number));
      log_text += line + "\n";
    } catch (const FormatError& error) {
      note(std::string(error.what()) + "; this line is left out");
    }
  }
  records_ = std::move(reader.records);
  sizes_ = {static_cast<int64_t>(log_text.size()), static_cast<int64_t>(samples_text_.size())};
  if (before_cutting) before_cutting();
  if (is_shared(log()) || (file_exists(log()) && MappedFile(log()).text() != log_text)) write_file(log(), log_text);
  if (is_shared(samples())) write_file(samples(), samples_text_);
  if (file_exists(samples())) append_file(samples(), sizes_.samples, "");
}

}  // namespace fude
