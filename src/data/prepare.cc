#include "fude/data/prepare.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/problems.h"
#include "data/character_set.h"
#include "data/document_store.h"
#include "data/duplicate_stages.h"
#include "data/filters.h"
#include "data/near_duplicates.h"
#include "data/splitter.h"

namespace fude {
namespace {

// Tells how far a pass is while documents go through it.
class ProgressStage : public DocumentSink {
 public:
  ProgressStage(PrepareProgress progress, const std::function<void(const PrepareProgress&)>& tell, DocumentSink& next)
      : progress_(progress), tell_(tell), next_(next) {}
  void text(std::string_view piece) override {
    progress_.done += static_cast<int64_t>(piece.size());
    if (tell_) tell_(progress_);
    next_.text(piece);
  }
  void end_document() override { next_.end_document(); }

 private:
  PrepareProgress progress_;
  const std::function<void(const PrepareProgress&)>& tell_;
  DocumentSink& next_;
};

// One preparation under way.
class Preparation {
 public:
  Preparation(const Corpus& corpus, const PrepareOptions& options, std::span<DocumentSink* const> parts,
              const std::function<void(const PrepareProgress&)>& on_progress)
      : corpus_(corpus),
        options_(options),
        parts_(parts),
        on_progress_(on_progress),
        memory_(static_cast<size_t>(options.memory)),
        store_(options.temporary_folder) {
    const auto count = [&](bool step, int passes) { progress_.passes += step ? passes : 0; };
    count(needs_store(), 1);
    count(options.dedup.documents(), 1);
    count(options.dedup.near > 0, 1);
    count(options.dedup.lines(), 2);
    count(options.characters.max_chars > 0, 1);
  }

  PrepareReport run() {
    if (needs_store()) {
      read(store_);
      if (options_.dedup.documents()) drop_documents();
      if (options_.dedup.near > 0) drop_near_documents();
      if (options_.dedup.lines()) drop_lines();
      write();
    } else {
      Splitter counted({}, parts_);
      read(counted);
      report_.documents = counted.documents();
    }
    return std::move(report_);
  }

 private:
  bool needs_store() const {
    const DedupOptions& dedup = options_.dedup;
    return options_.filter.documents() || dedup.documents() || dedup.lines() || dedup.near > 0 ||
           options_.characters.max_chars > 0 || options_.shuffle || !options_.split.empty();
  }

  ProgressStage next_pass(std::string_view step, int64_t bytes, DocumentSink& sink) {
    ++progress_.pass;
    progress_.step = step;
    progress_.total = bytes;
    return {progress_, on_progress_, sink};
  }
  void replay(std::string_view step, DocumentSink& sink) {
    ProgressStage watched = next_pass(step, static_cast<int64_t>(store_.bytes()), sink);
    store_.replay(watched);
  }

  void read(DocumentSink& sink) {
    DocumentSink* next = &sink;
    std::optional<DocumentFilter> documents;
    if (options_.filter.documents()) next = &documents.emplace(options_.filter, report_.filter, store_);
    std::optional<LineFilter> lines;
    if (options_.filter.lines()) next = &lines.emplace(options_.filter, report_.filter, *next);
    Cleaner cleaner(options_.clean, *next);
    ProgressStage watched = next_pass("cleaning", corpus_.info().bytes, cleaner);
    corpus_.visit(watched);
    report_.clean = cleaner.report();
  }

  void drop_documents() {
    DuplicateFinder finder(memory_, options_.temporary_folder);
    DocumentKeys keys(finder);
    replay("comparing documents", keys);
    report_.dedup.documents = drop(finder.find());
  }

  void drop_near_documents() {
    NearDuplicates near(options_.dedup.near, parse_shingle_unit(options_.dedup.near_unit), memory_,
                        options_.temporary_folder);
    replay("looking for near duplicates", near);
    report_.dedup.near_documents = drop(near.find());
  }

  int64_t drop(ExternalSort<uint64_t>& numbers) {
    store_.remove(numbers);
    return static_cast<int64_t>(numbers.size());
  }

  void drop_lines() {
    DuplicateFinder finder(memory_, options_.temporary_folder);
    LineKeys keys(finder);
    replay("comparing lines", keys);
    DocumentStore left(options_.temporary_folder);
    LineDropper dropper(finder.find(), left);
    replay("dropping lines", dropper);
    report_.dedup.lines = dropper.dropped();
    report_.dedup.emptied_documents = dropper.emptied_documents();
    store_ = std::move(left);
  }

  void write() {
    std::optional<CharacterCounter> counter;
    if (options_.characters.max_chars > 0) replay("counting characters", counter.emplace());
    // Parts are drawn before documents are shuffled, so that these stay in them.
    std::vector<uint64_t> counts;
    if (!options_.split.empty() && store_.documents() > 0) {
      counts = split_counts(store_.documents(), options_.split);
      PartDraw draw(counts, options_.seed);
      store_.group(counts.size(), [&draw] { return draw.next(); });
    }
    if (options_.shuffle) {
      store_.shuffle(options_.seed, memory_, counts);
      report_.shuffled_documents = store_.documents() > 1 ? static_cast<int64_t>(store_.documents()) : 0;
    }
    Splitter splitter(counts, parts_);
    std::optional<CharacterFolder> folder;
    DocumentSink* next = &splitter;
    if (counter) next = &folder.emplace(counter->counts(), options_.characters, report_.characters, splitter);
    replay("writing", *next);
    report_.documents = splitter.documents();
  }

  const Corpus& corpus_;
  const PrepareOptions& options_;
  std::span<DocumentSink* const> parts_;
  const std::function<void(const PrepareProgress&)>& on_progress_;
  size_t memory_;
  DocumentStore store_;
  PrepareReport report_;
  PrepareProgress progress_{.pass = 0};
};

}  // namespace

void DedupOptions::validate() const {
  Problems problems;
  problems.unless(exact == "none" || documents() || lines(),
                  "exact duplicates must be none, documents, lines or both, got " + exact);
  problems.unless(near >= 0 && near <= 1, "near duplicates must share between 0 (off) and 1" + got(near));
  try {
    parse_shingle_unit(near_unit);
  } catch (const ConfigError& error) {
    problems.add(error.what());
  }
  problems.raise();
}

void CharacterSetOptions::validate() const {
  Problems problems;
  problems.unless(max_chars == 0 || max_chars >= 2, "max_chars must be 2 or more, or 0 (off)" + got(max_chars));
  problems.unless(rare == "drop" || rare == "replace", "rare characters meet drop or replace, got " + rare);
  problems.raise();
}

void PrepareOptions::validate() const {
  Problems problems;
  problems.of(clean);
  problems.of(filter);
  problems.of(dedup);
  problems.of(characters);
  const double sum = std::accumulate(split.begin(), split.end(), 0.0);
  const bool all_positive = std::all_of(split.begin(), split.end(), [](double share) { return share > 0; });
  problems.unless(split.empty() || (split.size() >= 2 && all_positive && std::abs(sum - 1) < 1e-6),
                  "split must be two or more shares over 0 that sum to 1, such as 0.8,0.1,0.1");
  problems.unless(memory > 0, "memory must be over 0" + got(static_cast<double>(memory)));
  problems.raise();
}

PrepareReport prepare(const Corpus& corpus, const PrepareOptions& options, std::span<DocumentSink* const> parts,
                      const std::function<void(const PrepareProgress&)>& on_progress) {
  options.validate();
  if (parts.size() != std::max<size_t>(1, options.split.size()))
    throw ConfigError("as many parts are needed as split has shares, or one");
  return Preparation(corpus, options, parts, on_progress).run();
}

}  // namespace fude
