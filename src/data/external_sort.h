// Sorts more records than memory holds: sorted runs in a temporary file, merged when they are read (Knuth, The Art of
// Computer Programming, volume 3, section 5.4).
//
//   ExternalSort<uint64_t> numbers(size_t{64} << 20, folder);
//   for (uint64_t n : many) numbers.add(n);
//   numbers.sort();
//   for (uint64_t n = 0; numbers.next(n);) use(n);
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <queue>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/temporary_file.h"

namespace fude {

// `Record` has an order and is copied byte by byte. Holds `memory` bytes of records at once, beside a MiB of buffer;
// what is read back comes in portions that together are no more, but for a record of each run.
template <class Record>
class ExternalSort {
  static_assert(std::is_trivially_copyable_v<Record>);

 public:
  ExternalSort(size_t memory, std::filesystem::path folder)
      : capacity_(std::max<size_t>(1, memory / sizeof(Record))), file_(std::move(folder)) {}

  void add(const Record& record) {
    if (records_.size() == capacity_) spill();
    // Memory that is not written to is not taken, so this costs nothing.
    if (records_.empty()) records_.reserve(capacity_);
    records_.push_back(record);
    ++size_;
  }

  // After the last add(): next() gives the records in order.
  void sort() {
    if (runs_.empty()) {
      std::sort(records_.begin(), records_.end());
    } else {
      spill();
      std::vector<Record>().swap(records_);
    }
    rewind();
  }

  // False at the end.
  bool next(Record& record) {
    if (runs_.empty()) {
      if (at_ == records_.size()) return false;
      record = records_[at_++];
      return true;
    }
    if (heads_.empty()) return false;
    const Head head = heads_.top();
    heads_.pop();
    record = head.record;
    push_head(head.run);
    return true;
  }

  // The first record comes next again.
  void rewind() {
    at_ = 0;
    heads_ = {};
    for (size_t run = 0; run < runs_.size(); ++run) {
      runs_[run].at = runs_[run].begin;
      runs_[run].portion.clear();
      runs_[run].used = 0;
      push_head(run);
    }
  }

  uint64_t size() const { return size_; }
  size_t runs() const { return runs_.size(); }

 private:
  struct Run {
    uint64_t begin = 0, end = 0, at = 0;  // bytes of the file
    std::vector<Record> portion = {};
    size_t used = 0;  // records of the portion
  };
  struct Head {
    Record record;
    size_t run;
    bool operator<(const Head& other) const { return other.record < record; }  // the smallest is on top
  };

  void spill() {
    std::sort(records_.begin(), records_.end());
    const uint64_t begin = file_.size();
    file_.append({reinterpret_cast<const char*>(records_.data()), records_.size() * sizeof(Record)});
    runs_.push_back({.begin = begin, .end = file_.size()});
    records_.clear();
  }

  void push_head(size_t index) {
    Run& run = runs_[index];
    if (run.used == run.portion.size()) {
      if (run.at == run.end) return;
      const size_t records =
          std::min<uint64_t>(std::max<size_t>(1, capacity_ / runs_.size()), (run.end - run.at) / sizeof(Record));
      run.portion.resize(records);
      file_.read(run.at, {reinterpret_cast<char*>(run.portion.data()), records * sizeof(Record)});
      run.at += records * sizeof(Record);
      run.used = 0;
    }
    heads_.push({run.portion[run.used++], index});
  }

  size_t capacity_;  // records
  std::vector<Record> records_;
  size_t at_ = 0;
  TemporaryFile file_;
  std::vector<Run> runs_;
  std::priority_queue<Head> heads_;
  uint64_t size_ = 0;
};

}  // namespace fude
