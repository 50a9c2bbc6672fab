// Any logits under any options of a sampler.
#include <cmath>
#include <limits>
#include <vector>

#include "fude/generate/sampler.h"
#include "fuzz/fuzz.h"

using namespace fude;

FUDE_FUZZ(FuzzInput input) {
  SamplerOptions options;
  options.temperature = input.number<double>();
  options.top_p = input.number<double>();
  options.min_p = input.number<double>();
  options.top_k = input.number<int>();
  std::vector<TokenId> banned;
  for (int count = input.byte() % 8; count > 0; --count) banned.push_back(input.number<int8_t>());
  std::vector<float> logits;
  while (!input.rest().empty()) logits.push_back(input.number<float>());

  Sampler sampler(options, banned);
  Random random(1);
  const TokenId id = sampler.sample(logits, random);
  expect(id >= 0 && static_cast<size_t>(id) < logits.size(), "a token is drawn that there is");
  expect(std::find(banned.begin(), banned.end(), id) == banned.end(), "no banned token is drawn");
  expect(std::isfinite(logits[static_cast<size_t>(id)]), "no impossible token is drawn");
  double sum = 0;
  bool listed = false;
  for (const Sampler::Candidate& candidate : sampler.candidates(logits)) {
    expect(candidate.probability >= 0, "probabilities are none below 0");
    sum += candidate.probability;
    listed = listed || candidate.id == id;
  }
  expect(listed, "what is drawn is a candidate");
  expect(std::abs(sum - 1) < 1e-6, "probabilities have the sum 1");
  log_softmax(logits);
}
