// A limit on the number of different characters: the frequent ones stay, the rare ones are written with them.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "data/character_counts.h"
#include "data/piece_writer.h"
#include "fude/data/prepare.h"

namespace fude {

// Counts characters.
class CharacterCounter : public DocumentSink {
 public:
  void text(std::string_view piece) override { counts_.add(piece); }
  void end_document() override {}
  const CharacterCounts& counts() const { return counts_; }

 private:
  CharacterCounts counts_;
};

// Writes documents with the `limit` most frequent characters of `counts`, newline always among them. A rare one becomes
// its first near relative (text/near_relative.h) that can be written so; where there is none it is dropped or becomes
// U+FFFD, which then is one of the `limit`.
class CharacterFolder : public DocumentSink {
 public:
  CharacterFolder(const CharacterCounts& counts, const CharacterSetOptions& options, CharacterSetReport& report,
                  DocumentSink& next);
  void text(std::string_view piece) override;
  void end_document() override;

 private:
  struct Stand {
    std::string text;  // empty: dropped
    bool is_relative = false;
  };
  const Stand& stand_in(char32_t code_point);

  bool replace_;
  CharacterSetReport& report_;
  PieceWriter out_;
  std::unordered_set<char32_t> kept_;
  std::unordered_map<char32_t, Stand> stand_ins_;  // of the rare characters met so far
};

}  // namespace fude
