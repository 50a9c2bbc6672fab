#include "train/learner.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/profile.h"
#include "fude/base/error.h"
#include "fude/base/random.h"

namespace fude {
namespace {

ProfileTimer batch_timer("reading batches");

}  // namespace

Learner::Learner(const TrainOptions& options, const TokenStore& store, LanguageModel& model)
    : network_(&model.network()),
      dropout_(options.dropout),
      grad_clip_(options.grad_clip),
      state_reset_(options.state_reset),
      dropout_seed_(derive_seed(options.seed, "dropout")),
      reset_seed_(derive_seed(options.seed, "state reset")),
      batcher_(store, options.batch),
      candidates_(store, options.sampled_softmax, derive_seed(options.seed, "candidates")),
      optimizer_(options.optimizer, network_->parameters().values().size()),
      state_(network_->make_state(batcher_.options().batch_size)),
      buffers_(options.precision) {
  network_->expect_batches_of(batcher_.options().batch_size);
  longest_stream_ = std::ceil(static_cast<double>(store.size() - 1) / batcher_.options().batch_size);
}

Learner::Step Learner::look() {
  const auto number = static_cast<uint64_t>(steps());
  {
    const ProfileScope scope(batch_timer);
    batcher_.next(batch_);
  }
  if (batch_.first) state_.clear();
  draw_resets();
  const Window window{batch_.steps, batch_.batch_size, batch_.inputs.data(), batch_.targets.data(),
                      batch_.reset.data()};
  Step result;
  result.predictions = batch_.predictions;
  const Learning<float> learning{.scale = 1 / static_cast<float>(batch_.predictions),
                                 .carry = batch_.carry,
                                 .dropout = dropout_.any() ? &dropout_ : nullptr,
                                 .key = {dropout_seed_, number},
                                 .candidates = candidates_.draw(batch_.targets, steps())};
  result.nats = buffers_.forward_backward(*network_, window, state_, learning);
  result.grad_norm = global_norm(std::as_const(*network_).parameters());
  return result;
}

void Learner::learn(const Step& step, double lr) {
  buffers_.update(*network_, optimizer_, lr, clip_scale(grad_clip_, step.grad_norm));
}

void Learner::leave_out() {
  optimizer_.set_steps(steps() + 1);
  state_.clear();
}

Learner::Step Learner::step(double lr) {
  const Step step = look();
  if (!std::isfinite(step.nats) || !std::isfinite(step.grad_norm))
    throw NumericError("loss or gradient are no longer finite numbers at step " + std::to_string(steps() + 1),
                       "lower --lr or --grad-clip");
  learn(step, lr);
  return step;
}

void Learner::draw_resets() {
  if (state_reset_ == 0) return;
  Random random(reset_seed_, static_cast<uint64_t>(steps()));
  for (int stream = 0; stream < batch_.batch_size; ++stream)
    if (random.uniform() < state_reset_) batch_.reset[static_cast<size_t>(stream)] = 1;
}

double Learner::epochs() const {
  return static_cast<double>(cursor().epoch) + static_cast<double>(cursor().offset) / longest_stream_;
}

std::vector<NamedSpan> Learner::arrays() {
  std::vector<NamedSpan> all = {{"average", optimizer_.average()},
                                {"squares", optimizer_.squares()},
                                {"state.h", state_.h},
                                {"state.c", state_.c}};
  std::erase_if(all, [](const NamedSpan& array) { return array.values.empty(); });
  return all;
}

void Learner::restore(int64_t steps, const BatchCursor& cursor) {
  optimizer_.set_steps(steps);
  batcher_.seek(cursor);
}

}  // namespace fude
