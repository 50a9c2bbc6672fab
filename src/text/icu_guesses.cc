#include "text/icu_guesses.h"

#include <unicode/ucsdet.h>

#include <memory>

namespace fude {

std::vector<IcuGuess> icu_guesses(std::string_view bytes) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
  ucsdet_setText(detector.get(), bytes.data(), static_cast<int32_t>(bytes.size()), &status);
  int32_t count = 0;
  const UCharsetMatch** const matches = ucsdet_detectAll(detector.get(), &count, &status);
  std::vector<IcuGuess> guesses;
  for (int32_t k = 0; U_SUCCESS(status) && k < count; ++k)
    guesses.push_back({ucsdet_getName(matches[k], &status), ucsdet_getConfidence(matches[k], &status)});
  return guesses;
}

}  // namespace fude
