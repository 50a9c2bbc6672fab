// report.html: a run on one page that needs nothing from outside: loss curves, figures, settings, samples.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fude/train/trainer.h"

namespace fude {

struct ReportContent {
  std::string title;
  const Preflight* facts = nullptr;
  const TrainOptions* options = nullptr;
  const std::vector<EvaluationRecord>* records = nullptr;
  std::string_view samples;  // samples.txt; of a long one the end is shown
};

std::string make_report(const ReportContent& content);

}  // namespace fude
