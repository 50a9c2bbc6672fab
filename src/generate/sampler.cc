#include "fude/generate/sampler.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>

#include "base/problems.h"
#include "fude/base/error.h"

namespace fude {
namespace {

using Candidate = Sampler::Candidate;

// A total order, so that what is kept never depends on how the standard library arranges equal elements.
bool more_probable(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

bool lower_id(const Candidate& a, const Candidate& b) { return a.id < b.id; }

constexpr char kDamagedHint[] =
    "the model's weights are damaged, or its training diverged: take an earlier or another model";

// In ascending order of id.
void collect(std::span<const float> logits, const std::vector<TokenId>& banned, std::vector<Candidate>& candidates) {
  candidates.clear();
  candidates.reserve(logits.size());
  auto ban = banned.begin();
  bool is_any_allowed = false;
  for (size_t i = 0; i < logits.size(); ++i) {
    const auto id = static_cast<TokenId>(i);
    if (std::isnan(logits[i]) || logits[i] == std::numeric_limits<float>::infinity()) {
      throw NumericError("the logit of token " + std::to_string(id) + " is " + std::to_string(logits[i]), kDamagedHint);
    }
    while (ban != banned.end() && *ban < id) ++ban;
    const bool is_banned = ban != banned.end() && *ban == id;
    is_any_allowed = is_any_allowed || !is_banned;
    if (!is_banned && !std::isinf(logits[i])) candidates.push_back({id, logits[i], 0});
  }
  if (!candidates.empty()) return;
  if (!is_any_allowed) throw NumericError("all of " + std::to_string(logits.size()) + " tokens are banned");
  throw NumericError("the logits of all tokens that may be drawn are minus infinity", kDamagedHint);
}

const Candidate& best(const std::vector<Candidate>& candidates) {
  return *std::min_element(candidates.begin(), candidates.end(), more_probable);
}

// Sets every probability to exp((logit - best) / temperature), which is not normalized yet; returns the sum.
double weigh(double temperature, std::vector<Candidate>& candidates) {
  const double highest = best(candidates).logit;
  double total = 0;
  for (Candidate& candidate : candidates) {
    candidate.probability = std::exp((candidate.logit - highest) / temperature);
    total += candidate.probability;
  }
  return total;
}

void keep_top_k(int k, std::vector<Candidate>& candidates) {
  if (k == 0 || candidates.size() <= static_cast<size_t>(k)) return;
  const auto end = candidates.begin() + k;
  std::nth_element(candidates.begin(), end, candidates.end(), more_probable);
  candidates.erase(end, candidates.end());
  std::sort(candidates.begin(), candidates.end(), lower_id);
}

// Sorts in growing blocks: the set is mostly far smaller than the vocabulary.
void keep_top_p(double p, std::vector<Candidate>& candidates) {
  if (p >= 1) return;
  const double enough = p * weigh(1, candidates);
  double sum = 0;
  const auto begin = candidates.begin(), end = candidates.end();
  auto next = begin;
  for (std::ptrdiff_t block = 64; next != end; block *= 2) {
    const auto block_end = next + std::min(block, end - next);
    if (block_end != end) std::nth_element(next, block_end, end, more_probable);
    std::sort(next, block_end, more_probable);
    while (next != block_end && sum < enough) sum += (next++)->probability;
    if (sum >= enough) break;
  }
  candidates.erase(next, end);
  std::sort(candidates.begin(), candidates.end(), lower_id);
}

void keep_min_p(double p, std::vector<Candidate>& candidates) {
  if (p == 0) return;
  const double least = best(candidates).logit + std::log(p);
  std::erase_if(candidates, [least](const Candidate& candidate) { return candidate.logit < least; });
}

// Leaves in `candidates`, ascending by id, what may be drawn, with weights whose sum it returns.
double run_chain(std::span<const float> logits, const SamplerOptions& options, const std::vector<TokenId>& banned,
                 std::vector<Candidate>& candidates) {
  collect(logits, banned, candidates);
  if (options.temperature == 0) {
    candidates.assign(1, Candidate(best(candidates)));
    candidates.front().probability = 1;
    return 1;
  }
  keep_top_k(options.top_k, candidates);
  keep_top_p(options.top_p, candidates);
  keep_min_p(options.min_p, candidates);
  return weigh(options.temperature, candidates);
}

}  // namespace

void SamplerOptions::validate() const {
  Problems problems;
  problems.unless(temperature >= 0 && std::isfinite(temperature),
                  "temperature must be 0 (greedy) or more" + got(temperature));
  problems.unless(top_k >= 0, "top_k must be 0 (off) or more" + got(top_k));
  problems.unless(top_p > 0 && top_p <= 1, "top_p must be above 0 and at most 1 (off)" + got(top_p));
  problems.unless(min_p >= 0 && min_p <= 1, "min_p must be between 0 (off) and 1" + got(min_p));
  problems.raise();
}

Sampler::Sampler(SamplerOptions options, std::vector<TokenId> banned) : options_(options), banned_(std::move(banned)) {
  options_.validate();
  std::sort(banned_.begin(), banned_.end());
}

TokenId Sampler::sample(std::span<const float> logits, Random& random) {
  const double total = run_chain(logits, options_, banned_, candidates_);
  if (options_.temperature == 0) return candidates_.front().id;
  double left = random.uniform() * total;
  TokenId drawn = best(candidates_).id;
  for (const Candidate& candidate : candidates_) {
    if (candidate.probability == 0) continue;
    // Rounding may leave a little after the last one, which then stands.
    drawn = candidate.id;
    if (left < candidate.probability) break;
    left -= candidate.probability;
  }
  return drawn;
}

std::vector<Candidate> Sampler::candidates(std::span<const float> logits) const {
  std::vector<Candidate> candidates;
  const double total = run_chain(logits, options_, banned_, candidates);
  for (Candidate& candidate : candidates) candidate.probability /= total;
  std::sort(candidates.begin(), candidates.end(), more_probable);
  return candidates;
}

double log_sum_exp(std::span<const float> logits) {
  if (logits.empty()) return -std::numeric_limits<double>::infinity();
  const double highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits) sum += std::exp(logit - highest);
  return highest + std::log(sum);
}

void log_softmax(std::span<float> logits) {
  const double norm = log_sum_exp(logits);
  for (float& logit : logits) logit = static_cast<float>(logit - norm);
}

}  // namespace fude
