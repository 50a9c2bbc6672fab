// The road from a corpus as it is found to a text that a model can learn from: cleaning, filters, duplicates, a limit
// on the characters, order and parts.
//
//   fude::PrepareOptions options;
//   options.dedup.exact = "both";
//   fude::PrepareReport report = fude::prepare(fude::Corpus({.inputs = {"stories/"}}), options, sinks);
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fude/data/clean.h"
#include "fude/data/corpus.h"
#include "fude/data/document_sink.h"
#include "fude/data/filter.h"

namespace fude {

struct DedupOptions {
  // What comes again, byte by byte, is dropped; the first stays. none | documents | lines | both. Empty lines stay.
  std::string exact = "none";
  // A document of which at least this share is in an earlier one that stays is dropped: of all runs of characters or
  // words that are in either of the two, those that are in both (Jaccard), as MinHash estimates it. 0: off.
  double near = 0;
  std::string near_unit = "char";  // char: runs of 10 characters | word: runs of 5 words between spaces

  bool documents() const { return exact == "documents" || exact == "both"; }
  bool lines() const { return exact == "lines" || exact == "both"; }
  // Every problem at once as a ConfigError; so do the others.
  void validate() const;
};

struct CharacterSetOptions {
  // So many different characters may stay, the most frequent ones and newline; 0: off. A rare one becomes a near
  // relative that stays (a curly quote a straight one, é an e), or else:
  int max_chars = 0;
  std::string rare = "drop";  // drop | replace (by U+FFFD)

  void validate() const;
};

// The steps are taken in this order: cleaning, lines by length, documents by length and script, documents that come
// again, documents that almost do, lines that come again, characters, shuffling, parts. A document of which a step
// leaves nothing is dropped.
//
// Cleaning and the filter on lines pass the text on as it comes, within some MiB. All other steps need to see a
// document or the corpus as a whole: the cleaned text is then kept in a temporary file (twice for a while where lines
// come again). Keys of duplicates take `memory` bytes at most and go on in sorted temporary files beyond it. What is
// held besides is one bit a document for near duplicates, and the counts of the characters.
struct PrepareOptions {
  CleanOptions clean;
  FilterOptions filter;
  DedupOptions dedup;
  CharacterSetOptions characters;
  bool shuffle = false;
  uint64_t seed = 1;  // of shuffling and parts
  // Shares of the parts, which sum to 1: of n documents a part gets n times its share, to the nearest and at least one,
  // chosen by the seed, in their order unless they are shuffled, which leaves each in its part. Empty: one part.
  std::vector<double> split;
  int64_t memory = int64_t{256} << 20;
  std::string temporary_folder = {};  // empty: the system's (TMPDIR)

  void validate() const;
};

struct DedupReport {
  int64_t documents = 0;
  int64_t near_documents = 0;
  int64_t lines = 0;
  int64_t emptied_documents = 0;  // all of their lines came earlier
};

struct CharacterSetReport {
  int64_t rare_characters = 0;  // different ones
  int64_t folded = 0;           // became a near relative
  int64_t dropped = 0;
  int64_t replaced = 0;  // by U+FFFD
  int64_t emptied_documents = 0;
};

struct PrepareReport {
  CleanReport clean;
  FilterReport filter;
  DedupReport dedup;
  CharacterSetReport characters;
  int64_t shuffled_documents = 0;
  std::vector<int64_t> documents;  // of each part

  // No document is left: the counts tell what took them.
  bool is_empty() const {
    return std::all_of(documents.begin(), documents.end(), [](int64_t count) { return count == 0; });
  }
};

struct PrepareProgress {
  std::string_view step = {};  // what is being done
  int pass = 1;                // over the text, of
  int passes = 1;
  int64_t done = 0;  // bytes of this pass, of about
  int64_t total = 0;
};

// `parts` are as many as options.split has shares, or one. `on_progress` is called often and may throw to end the work:
// no temporary file stays. DataError when there are fewer documents than parts.
PrepareReport prepare(const Corpus& corpus, const PrepareOptions& options, std::span<DocumentSink* const> parts,
                      const std::function<void(const PrepareProgress&)>& on_progress = {});

}  // namespace fude
