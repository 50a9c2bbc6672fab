#include "data/document_store.h"

#include <algorithm>
#include <compare>
#include <string>
#include <utility>

#include "data/piece_writer.h"
#include "fude/base/random.h"

namespace fude {
namespace {

std::string_view as_bytes(const auto& value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }
std::span<char> as_writable(auto& value) { return {reinterpret_cast<char*>(&value), sizeof value}; }

// A stretch of a file in memory: reads ahead while documents follow one another.
class Window {
 public:
  explicit Window(const TemporaryFile& file) : file_(file) {}

  // Bytes from `offset` on, at most kPieceBytes.
  std::string_view read(uint64_t offset, uint64_t size) {
    size = std::min<uint64_t>(size, kPieceBytes);
    if (offset < begin_ || offset + size > begin_ + buffer_.size()) {
      const bool follows = offset == next_;
      const uint64_t portion = follows ? std::min<uint64_t>(kPieceBytes, file_.size() - offset) : size;
      buffer_.resize(portion);
      file_.read(offset, buffer_);
      begin_ = offset;
    }
    next_ = offset + size;
    return std::string_view(buffer_).substr(offset - begin_, size);
  }

 private:
  const TemporaryFile& file_;
  std::string buffer_;
  uint64_t begin_ = 0;
  uint64_t next_ = 0;  // behind what was read last
};

}  // namespace

void DocumentStore::end_document() {
  const Place place{begin_, text_.size() - begin_};
  index_.append(as_bytes(place));
  begin_ = text_.size();
  bytes_ += place.size;
}

DocumentStore::Place DocumentStore::place(uint64_t number) const {
  Place place;
  index_.read(number * sizeof place, as_writable(place));
  return place;
}

void DocumentStore::replay(DocumentSink& sink) const {
  Window texts(text_);
  Window places(index_);
  for (uint64_t number = 0; number < documents(); ++number) {
    Place place;
    const std::string_view stored = places.read(number * sizeof place, sizeof place);
    std::copy(stored.begin(), stored.end(), as_writable(place).begin());
    while (place.size > 0) {
      std::string_view piece = texts.read(place.offset, place.size);
      if (piece.size() < place.size) piece = piece.substr(0, first_piece(piece));
      sink.text(piece);
      place.offset += piece.size();
      place.size -= piece.size();
    }
    sink.end_document();
  }
}

void DocumentStore::remove(ExternalSort<uint64_t>& numbers) {
  TemporaryFile kept(folder_);
  uint64_t gone = 0;
  bool more = numbers.next(gone);
  bytes_ = 0;
  for (uint64_t number = 0; number < documents(); ++number) {
    if (more && number == gone) {
      more = numbers.next(gone);
      continue;
    }
    const Place stays = place(number);
    kept.append(as_bytes(stays));
    bytes_ += stays.size;
  }
  index_ = std::move(kept);
}

void DocumentStore::group(size_t groups, const std::function<size_t()>& group_of_next) {
  std::vector<TemporaryFile> places;
  for (size_t group = 0; group < groups; ++group) places.emplace_back(folder_);
  for (uint64_t number = 0; number < documents(); ++number) places[group_of_next()].append(as_bytes(place(number)));
  std::string portion;
  for (size_t group = 1; group < groups; ++group) {
    for (uint64_t at = 0; at < places[group].size(); at += portion.size()) {
      portion.resize(std::min<uint64_t>(kPieceBytes, places[group].size() - at));
      places[group].read(at, portion);
      places[0].append(portion);
    }
  }
  index_ = std::move(places[0]);
}

void DocumentStore::shuffle(uint64_t seed, size_t memory, std::vector<uint64_t> groups) {
  struct Card {
    uint64_t key;
    uint64_t number;
    auto operator<=>(const Card&) const = default;
  };
  if (groups.empty()) groups = {documents()};
  Random random(derive_seed(seed, "shuffle"));
  TemporaryFile shuffled(folder_);
  uint64_t number = 0;
  for (const uint64_t size : groups) {
    ExternalSort<Card> cards(memory, folder_);
    for (const uint64_t end = number + size; number < end; ++number) cards.add({random.next_u64(), number});
    cards.sort();
    for (Card card{}; cards.next(card);) shuffled.append(as_bytes(place(card.number)));
  }
  index_ = std::move(shuffled);
}

}  // namespace fude
