// What is JSON: the options of a run, its log, lines of a batch, and any value.
#include "base/json.h"
#include "fude/generate/batch.h"
#include "fude/train/options.h"
#include "fuzz/fuzz.h"
#include "train/log.h"

using namespace fude;

FUDE_FUZZ(FuzzInput input) {
  switch (input.byte() % 4) {
    case 0: {
      const TrainOptions options = train_options_from_json(input.rest(), "options");
      const std::string text = to_json(options);
      expect(to_json(train_options_from_json(text, "again")) == text, "options come back as they were written");
      options.validate();
      break;
    }
    case 1:
      for (const EvaluationRecord& record : parse_log(input.rest(), "log")) {
        const Json json = to_json(record);
        expect(to_json(record_from_json(json, "again")) == json, "records come back as they were written");
      }
      break;
    case 2: {
      const BatchItem item = parse_batch_line(input.rest(), {}, 1, "line");
      item.options.validate();
      break;
    }
    default: {
      const std::string text = to_text(parse_json(input.rest(), "json"));
      expect(to_text(parse_json(text, "again")) == text, "JSON comes back as it was written");
    }
  }
}
