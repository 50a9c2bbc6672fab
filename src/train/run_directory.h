// The folder of a training run, and why a kill at any moment leaves a run that can be resumed.
//
// Every file is written beside its name, synced and renamed, so each is old or new, never half. last.state alone is
// enough to go on: weights, optimizer, place in the text, tokenizer, options. It is the first file that a run writes,
// so a folder without it holds nothing to lose and can be trained into again. The one before
// gets a second name, previous.state, before a later one takes its place. Where both are lost, good.state is a state
// like them. Everything else follows from the state and is
// made again after a kill: models by the next save; log and samples, which only grow, in place, and always before the
// state that counts them, are cut back to what it counted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fude/train/trainer.h"
#include "train/run_lock.h"

namespace fude {

// Hears what a person should read.
using Note = std::function<void(std::string_view)>;

class RunDirectory {
 public:
  // Touches nothing yet.
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  // Whether a new run may take the folder: it is not there, or holds no more than what a run leaves that ended before
  // it was saved, and nobody trains in it.
  bool is_vacant() const;
  // ConfigError when the folder holds a run already, of which nothing is ever overwritten by another, or files of
  // somebody's where a run has its cache, or is another run's cache. IoError as of require_existing().
  void refuse_existing() const;
  // Whether a run was saved: it can be resumed.
  bool has_state() const;
  // IoError when there is none, or what the run writes is no file of its own: the run may be a stranger's, and links
  // lead elsewhere.
  void require_existing() const;
  // Takes away what a kill in the middle of a save has left.
  void clean() const;
  // IoError when the disk has too little room for all files of a run and for the next of each beside it, before one is
  // written. Bytes: of a state and of a model, at least.
  void require_space(int64_t state_bytes, int64_t model_bytes) const;

  std::filesystem::path config() const { return path_ / "config.json"; }
  std::filesystem::path best_model() const { return path_ / "best.safetensors"; }
  std::filesystem::path last_model() const { return path_ / "last.safetensors"; }
  std::filesystem::path state() const { return path_ / "last.state"; }
  std::filesystem::path previous_state() const { return path_ / "previous.state"; }
  // The state after the last good evaluation, to which a run goes back when it diverges.
  std::filesystem::path good_state() const { return path_ / "good.state"; }
  std::filesystem::path log() const { return path_ / "log.jsonl"; }
  std::filesystem::path samples() const { return path_ / "samples.txt"; }
  std::filesystem::path report() const { return path_ / "report.html"; }
  std::filesystem::path cache() const { return path_ / "cache"; }
  // What the text was made of, to tell what has changed.
  std::filesystem::path sources() const { return cache() / "sources.jsonl"; }

  // From here on nothing is written to another folder that takes this one's name: require_in_place() throws. The lock
  // must outlive all that is written.
  void hold(const RunLock& lock) { lock_ = &lock; }
  void require_in_place() const;

  void append_record(const EvaluationRecord& record);
  void append_sample(int64_t step, double epoch, std::string_view text);
  const std::vector<EvaluationRecord>& records() const { return records_; }
  // The last ones.
  const std::string& samples_text() const { return samples_text_; }

  // How much log and samples there were when the state was saved, and back to there: what came later is made again.
  // `note` hears of what is lost or damaged.
  struct Sizes {
    int64_t log = 0;
    int64_t samples = 0;
  };
  const Sizes& sizes() const { return sizes_; }
  // Back to a state that counted so much; `before_cutting` may save one while log and samples still have what it does
  // not count.
  void rewind(const Sizes& sizes, const Note& note, const std::function<void()>& before_cutting = {});

 private:
  void refuse_foreign_files() const;
  // Beside the cache and the lock.
  std::vector<std::filesystem::path> own_files() const;

  std::filesystem::path path_;
  const RunLock* lock_ = nullptr;
  Sizes sizes_;
  std::string samples_text_;
  std::vector<EvaluationRecord> records_;
};

}  // namespace fude
