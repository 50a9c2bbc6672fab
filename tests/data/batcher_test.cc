#include "data/batcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "data/number_store.h"
#include "fude/base/error.h"
#include "support/temp_dir.h"

namespace fude {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

BatchOptions options_of(int batch_size, int seq_length, int stride = 0, bool random_length = false) {
  BatchOptions options;
  options.batch_size = batch_size;
  options.seq_length = seq_length;
  options.stride = stride;
  options.random_length = random_length;
  return options;
}

size_t at(const Batch& batch, int t, int stream) {
  return static_cast<size_t>(t) * static_cast<size_t>(batch.batch_size) + static_cast<size_t>(stream);
}

bool operator==(const Batch& a, const Batch& b) {
  return a.steps == b.steps && a.batch_size == b.batch_size && a.inputs == b.inputs && a.targets == b.targets &&
         a.reset == b.reset && a.predictions == b.predictions && a.carry == b.carry && a.first == b.first;
}

// Runs one epoch and checks everything that holds for each: predictions counted once and right, streams without a gap.
// Returns the number of windows.
int64_t check_epoch(Batcher& batcher, int count) {
  std::vector<int> counted(static_cast<size_t>(count - 1));
  std::vector<TokenId> expected_start;
  int64_t windows = 0;
  Batch batch;
  do {
    batcher.next(batch);
    const int width = batch.batch_size;
    EXPECT_EQ(batch.first, windows == 0);
    EXPECT_EQ(batch.inputs.size(), static_cast<size_t>(batch.steps) * static_cast<size_t>(width));
    EXPECT_EQ(batch.targets.size(), batch.inputs.size());
    EXPECT_THAT(batch.reset, Each(0));
    int64_t predictions = 0;
    for (int stream = 0; stream < width; ++stream) {
      const TokenId start = batch.inputs[at(batch, 0, stream)];
      if (!batch.first) {
        EXPECT_EQ(start, expected_start[static_cast<size_t>(stream)]);
      }
      for (int t = 0; t < batch.steps; ++t) {
        const TokenId input = batch.inputs[at(batch, t, stream)];
        const TokenId target = batch.targets[at(batch, t, stream)];
        if (target == Batch::kIgnore) continue;
        EXPECT_EQ(input, start + t);
        EXPECT_EQ(target, input + 1);
        ++counted.at(static_cast<size_t>(input));
        ++predictions;
      }
    }
    EXPECT_EQ(batch.predictions, predictions);
    EXPECT_GT(predictions, 0);
    expected_start.resize(static_cast<size_t>(width));
    for (int stream = 0; stream < width; ++stream)
      expected_start[static_cast<size_t>(stream)] = batch.inputs[at(batch, 0, stream)] + batch.carry;
    ++windows;
  } while (!batcher.epoch_ended());
  EXPECT_THAT(counted, Each(1));
  return windows;
}

TEST(Batcher, EveryPrediction_IsCountedOncePerEpoch) {
  const TempDir folder;
  for (const int count : {2, 3, 7, 50, 101}) {
    const TokenStore store = number_store(folder / "numbers", count);
    for (const int batch_size : {1, 2, 3, 8, 200}) {
      for (const int seq_length : {1, 2, 5, 16, 300}) {
        for (const int stride : std::set<int>{0, 1, (seq_length + 1) / 2, seq_length}) {
          SCOPED_TRACE(testing::Message()
                       << "N " << count << " B " << batch_size << " T " << seq_length << " stride " << stride);
          Batcher batcher(store, options_of(batch_size, seq_length, stride));
          for (int epoch = 1; epoch <= 2; ++epoch) {
            EXPECT_EQ(check_epoch(batcher, count), batcher.windows_per_epoch());
            EXPECT_EQ(batcher.cursor().epoch, epoch);
          }
        }
      }
    }
  }
}

TEST(Batcher, RandomLengths_CountEveryPredictionOncePerEpoch) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 1000);
  for (const int batch_size : {1, 3, 7, 999}) {
    for (const int seq_length : {1, 5, 35}) {
      SCOPED_TRACE(testing::Message() << "B " << batch_size << " T " << seq_length);
      Batcher batcher(store, options_of(batch_size, seq_length, 0, true));
      for (int epoch = 0; epoch < 3; ++epoch) check_epoch(batcher, 1000);
    }
  }
}

TEST(Batcher, Streams_DivideTheStoreEvenly) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 12);  // 11 predictions in 3 streams: 3, 4, 4
  Batcher batcher(store, options_of(3, 4));
  Batch batch;
  batcher.next(batch);
  EXPECT_THAT(batch.inputs, ElementsAre(0, 3, 7, 1, 4, 8, 2, 5, 9, 3, 6, 10));
  EXPECT_THAT(batch.targets, ElementsAre(1, 4, 8, 2, 5, 9, 3, 6, 10, Batch::kIgnore, 7, 11));
  EXPECT_EQ(batch.predictions, 11);
  EXPECT_TRUE(batcher.epoch_ended());
}

TEST(Batcher, Stride_OverlapsWindowsAndCountsOnlyWhatIsNew) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 8);
  Batcher batcher(store, options_of(1, 4, 2));
  Batch batch;
  batcher.next(batch);
  EXPECT_THAT(batch.inputs, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(batch.targets, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(batch.carry, 2);
  batcher.next(batch);
  EXPECT_THAT(batch.inputs, ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(batch.targets, ElementsAre(Batch::kIgnore, Batch::kIgnore, 5, 6));
  EXPECT_FALSE(batch.first);
  batcher.next(batch);
  EXPECT_THAT(batch.inputs, ElementsAre(4, 5, 6));
  EXPECT_THAT(batch.targets, ElementsAre(Batch::kIgnore, Batch::kIgnore, 7));
  EXPECT_EQ(batch.carry, batch.steps);
  EXPECT_TRUE(batcher.epoch_ended());
}

TEST(Batcher, RandomLengths_FollowTheirDistribution) {
  const TempDir folder;
  constexpr int kLength = 70;
  const TokenStore store = number_store(folder / "numbers", 2000000);
  Batcher batcher(store, options_of(1, kLength, 0, true));
  double sum = 0;
  int windows = 0, halves = 0;
  Batch batch;
  for (batcher.next(batch); !batcher.epoch_ended(); batcher.next(batch)) {
    ASSERT_GE(batch.steps, 5);
    ASSERT_LE(batch.steps, kLength + 20);
    sum += batch.steps;
    ++windows;
    if (batch.steps < kLength * 3 / 4) ++halves;
  }
  EXPECT_NEAR(halves / static_cast<double>(windows), 0.05, 0.01);
  EXPECT_NEAR(sum / windows, kLength * 0.975 - 0.5, 0.5);
  EXPECT_NEAR(static_cast<double>(batcher.windows_per_epoch()), windows, 0.02 * windows);
}

TEST(Batcher, Seed_ChangesRandomLengths) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 5000);
  const auto lengths = [&](uint64_t seed) {
    BatchOptions options = options_of(2, 35, 0, true);
    options.seed = seed;
    Batcher batcher(store, options);
    std::vector<int> steps;
    Batch batch;
    for (int i = 0; i < 20; ++i) {
      batcher.next(batch);
      steps.push_back(batch.steps);
    }
    return steps;
  };
  EXPECT_EQ(lengths(1), lengths(1));
  EXPECT_NE(lengths(1), lengths(2));
}

TEST(Batcher, Seek_GivesTheSameWindowsAgain) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 500, {100, 350});
  for (BatchOptions options : {options_of(3, 16), options_of(3, 16, 5), options_of(3, 16, 0, true)}) {
    options.reset_at_documents = true;
    Batcher batcher(store, options);
    std::vector<BatchCursor> cursors;
    std::vector<Batch> batches(80);
    for (Batch& batch : batches) {
      cursors.push_back(batcher.cursor());
      batcher.next(batch);
    }
    EXPECT_GT(batcher.cursor().epoch, 1);
    Batcher other(store, options);
    Batch batch;
    for (size_t i = batches.size(); i-- > 0;) {
      other.seek(cursors[i]);
      other.next(batch);
      EXPECT_TRUE(batch == batches[i]) << i;
    }
  }
}

TEST(Batcher, Seek_RefusesAPlaceThatTheStoreDoesNotHave) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 50);
  Batcher batcher(store, options_of(1, 4));
  EXPECT_NO_THROW(batcher.seek({0, 48, 12}));
  EXPECT_THROW(batcher.seek({0, 49, 12}), DataError);
  EXPECT_THROW(batcher.seek({0, -1, 0}), DataError);
  EXPECT_THROW(batcher.seek({-1, 0, 0}), DataError);
}

TEST(Batcher, ResetAtDocuments_MarksTheTokensBeforeDocuments) {
  const TempDir folder;
  const std::vector<int64_t> ends = {1, 6, 7, 20, 33};
  const TokenStore store = number_store(folder / "numbers", 40, ends);
  for (const int batch_size : {1, 2, 5}) {
    for (const int stride : {0, 3}) {
      BatchOptions options = options_of(batch_size, 7, stride);
      options.reset_at_documents = true;
      Batcher batcher(store, options);
      std::set<TokenId> marked;
      Batch batch;
      do {
        batcher.next(batch);
        const TokenId largest = batch.batch_size == 1 ? 39 : 40;
        for (size_t i = 0; i < batch.inputs.size(); ++i) {
          const bool starts = std::count(ends.begin(), ends.end(), batch.inputs[i] + 1) > 0;
          ASSERT_LE(batch.inputs[i], largest);
          if (batch.reset[i] != 0) {
            EXPECT_TRUE(starts);
            marked.insert(batch.inputs[i]);
          } else if (batch.targets[i] != Batch::kIgnore) {
            EXPECT_FALSE(starts);
          }
        }
      } while (!batcher.epoch_ended());
      EXPECT_THAT(marked, ElementsAre(0, 5, 6, 19, 32));
    }
  }
}

TEST(Batcher, SmallStore_LowersTheBatchSize) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 4);
  Batcher batcher(store, options_of(32, 128));
  EXPECT_EQ(batcher.options().batch_size, 3);
  Batch batch;
  batcher.next(batch);
  EXPECT_EQ(batch.steps, 1);
  EXPECT_THAT(batch.inputs, ElementsAre(0, 1, 2));
  EXPECT_THAT(batch.targets, ElementsAre(1, 2, 3));
  EXPECT_THROW(Batcher(number_store(folder / "one", 1), BatchOptions()), DataError);
  EXPECT_THROW(Batcher(number_store(folder / "none", 0), BatchOptions()), DataError);
}

TEST(Batcher, Next_ReusesTheBatchsMemory) {
  const TempDir folder;
  const TokenStore store = number_store(folder / "numbers", 3000);
  Batcher batcher(store, options_of(4, 20, 0, true));
  Batch batch;
  batcher.next(batch);
  const TokenId* inputs = batch.inputs.data();
  const TokenId* targets = batch.targets.data();
  const uint8_t* reset = batch.reset.data();
  for (int i = 0; i < 200; ++i) {
    batcher.next(batch);
    ASSERT_EQ(batch.inputs.data(), inputs);
    ASSERT_EQ(batch.targets.data(), targets);
    ASSERT_EQ(batch.reset.data(), reset);
  }
}

TEST(BatchOptions, Validate_NamesEveryProblem) {
  BatchOptions options = options_of(0, -3, -1, true);
  try {
    options.validate();
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("batch_size must be at least 1, got 0"));
    EXPECT_THAT(error.what(), HasSubstr("seq_length must be at least 1, got -3"));
    EXPECT_THAT(error.what(), HasSubstr("stride"));
    EXPECT_THAT(error.what(), HasSubstr("random_length"));
  }
  EXPECT_THROW(options_of(1, 4, 5).validate(), ConfigError);
  EXPECT_THROW(options_of(1 << 16, 1 << 16).validate(), ConfigError);
  EXPECT_NO_THROW(options_of(1 << 20, 1 << 8).validate());
  EXPECT_THROW(options_of(1 << 20, 1 << 8, 0, true).validate(), ConfigError);
  EXPECT_NO_THROW(options_of(1, 4, 4).validate());
  EXPECT_NO_THROW(BatchOptions().validate());
}

}  // namespace
}  // namespace fude
