// Training runs of a second: a page of text and a network of a few thousand weights.
#pragma once

#include <filesystem>
#include <string>

#include "fude/train/trainer.h"
#include "support/temp_dir.h"

namespace fude {

inline constexpr const char* kPage =
    "The ferryman kept two books. In the first he wrote what people carried: nine sacks of barley, a goat, a bride's\n"
    "chest with a broken hinge. In the second he wrote what they said while the water was under them, because he had\n"
    "noticed that nobody lies in the middle of a river. Going over, a miller told him which stone in the mill was\n"
    "cracked. Coming back, the miller's wife told him who had cracked it.\n"
    "\n"
    "When the bridge was built, the town bought the first book, for the tolls. They asked about the second. He said "
    "the\n"
    "river had it. That winter he read it through by the stove, both banks of it, and in spring he went from door to\n"
    "door and gave everyone back their page.\n"
    "\n"
    "Some burned theirs. Some framed them. The miller's wife read hers aloud on the new bridge, in the middle, where "
    "the\n"
    "wind was, and found that it no longer worked: she could have said anything.\n";

// A run of `kPage` in dir/run, that takes well under a second an epoch.
inline TrainOptions small_run(const TempDir& dir) {
  TrainOptions options;
  options.corpus.inputs = {dir.write("page.txt", kPage).string()};
  options.network = {.embed_size = 8, .hidden_size = 16, .num_layers = 1};
  options.dropout = {};
  options.batch = {.batch_size = 4, .seq_length = 16};
  options.optimizer.lr = 0.01;
  options.epochs = 2;
  options.threads = 1;
  options.out = (dir / "run").string();
  return options;
}

}  // namespace fude
