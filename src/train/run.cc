#include "train/run.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "base/file.h"
#include "base/numbers.h"
#include "eval/evaluate_store.h"
#include "fude/base/error.h"
#include "fude/base/random.h"
#include "train/report.h"
#include "train/resume_check.h"
#include "train/running_average.h"
#include "train/training_info.h"

namespace fude {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kNotFinite = "weights or averages are no longer finite numbers";

// To so many parts of one: figures of time are not worth sixteen digits in a log.
double rounded(double value, double parts) { return std::round(value * parts) / parts; }

}  // namespace

Run::Run(Setup& setup, RunDirectory& directory, const TrainEvents& events)
    : setup_(&setup),
      directory_(&directory),
      events_(&events),
      learner_(setup.options, setup.dataset.train, setup.model),
      schedule_(setup.options.schedule, setup.options.optimizer.lr,
                {setup.plan.total_steps, setup.plan.steps_per_epoch}),
      early_stop_(setup.options.patience),
      guard_(setup.options),
      started_at_(clock()) {
  figures_.data_digest = setup.data_digest;
}

void Run::restore(const RunFigures& figures, const std::filesystem::path& state,
                  const std::function<void()>& before_cutting) {
  figures_ = figures;
  schedule_.set_plateau(figures.plateau);
  early_stop_.restore(figures.best_loss, figures.bad_evaluations);
  guard_.restore(figures.spikes);
  read_checkpoint_arrays(state, learner_.arrays());
  try {
    learner_.restore(figures.step, figures.cursor);
  } catch (const DataError& error) {
    throw FormatError(state.string() + ": " + error.what(), error.hint());
  }
  directory_->rewind(
      figures.files, [this](std::string_view text) { note(text); }, before_cutting);
}

void Run::resume(const RunFigures& figures, const std::filesystem::path& state) {
  restore(figures, state);
  evaluated_at_ = figures.seconds - figures.loss_seconds;
  saved_at_ = figures.seconds;
  if (!has_good_state()) mark_good();
}

TrainResult Run::go() {
  const bool fresh = learner_.steps() == 0;
  if (events_->on_start) events_->on_start(setup_->facts);
  if (fresh) {
    save();  // from here on a kill leaves what can be resumed
    mark_good();
  }
  write_file(directory_->config(), run_config(*setup_));
  for (;;) {
    if (stopped()) return finish(TrainEnd::kInterrupted);
    save_if_asked();
    if (figures_.evaluation_pending && !evaluate()) continue;
    if (figures_.sample_pending && !sample()) continue;
    if (early_stop_.exhausted()) return finish(TrainEnd::kPatience);
    if (limit_reached()) return finish(TrainEnd::kFinished);
    step();
    const double between = setup_->options.save_seconds;
    if (between > 0 && seconds() - saved_at_ >= between) save_if_finite();
  }
}

void Run::step() {
  const double begin = clock();
  figures_.lr = schedule_.rate(learner_.steps(), time_fraction()) * guard_.rate_share();
  const Learner::Step made = learner_.look();
  const double loss = made.nats / static_cast<double>(made.predictions);
  const std::string fault = guard_.fault(loss, made.grad_norm, figures_.recent_loss);
  if (fault.empty()) {
    learner_.learn(made, figures_.lr);
    guard_.on_good_step(made.grad_norm);
    figures_.tokens += made.predictions;
    figures_.loss_sum += made.nats;
    figures_.loss_tokens += made.predictions;
    figures_.grad_norm = made.grad_norm;
    figures_.recent_loss = running_average(figures_.recent_loss, loss);
  } else if (!leave_out(fault)) {
    return;
  }
  const double took = clock() - begin;
  figures_.loss_seconds += took;
  const double speed = static_cast<double>(made.predictions) / std::max(took, 1e-9);
  recent_tokens_per_second_ = running_average(recent_tokens_per_second_, speed);
  figures_.evaluation_pending = evaluation_due();
  const int64_t every = setup_->options.sample_every;
  figures_.sample_pending = every > 0 && learner_.steps() % every == 0;
  if (events_->on_progress) events_->on_progress(progress());
}

bool Run::leave_out(const std::string& fault) {
  const std::string step = std::to_string(learner_.steps() + 1);
  learner_.leave_out();
  if (!guard_.is_on()) {
    const bool saved = is_finite();
    if (saved) save();
    throw NumericError(fault + " at step " + step + " (learning rate " + short_number(figures_.lr) + ")",
                       std::string("lower --lr or --grad-clip; ") +
                           (saved ? "it is saved without this step" : "what was saved before is still there"));
  }
  if (guard_.on_skip(learner_.steps())) {
    roll_back(std::to_string(SpikeGuard::kMostSkips) + " of its last " + std::to_string(SpikeGuard::kWindow) +
              " steps were left out, this one as " + fault);
    return false;
  }
  const bool told_lately = guard_.state().skips.size() > 1;
  if (!told_lately) note("step " + step + " is left out: " + fault);
  return true;
}

bool Run::evaluate() {
  EvaluationRecord record = record_now();
  if (!is_finite()) return roll_back(kNotFinite), true;
  if (const auto& valid = setup_->dataset.valid) {
    EvaluateStoreOptions options;
    options.batch_size = kEvaluationStreams;
    options.reset_at_documents = setup_->options.batch.reset_at_documents;
    options.most_tokens = setup_->options.eval_tokens;
    Evaluation evaluation = evaluate_store(setup_->model, *valid, options, events_->stop);
    if (stopped()) return false;
    evaluation.code_points = setup_->text_size.code_points;
    evaluation.bytes = setup_->text_size.bytes;
    record.val_loss = evaluation.loss();
    record.val_perplexity = evaluation.perplexity();
    record.val_bpc = evaluation.bits_per_char();
    record.val_bpb = evaluation.bits_per_byte();
    if (const std::string fault = guard_.fault_of_evaluation(record.val_loss, early_stop_.best(), figures_.recent_loss);
        !fault.empty())
      return roll_back(fault), true;
    record.best = early_stop_.is_best(record.val_loss);
  }
  schedule_.on_evaluation(std::isfinite(record.val_loss) ? record.val_loss : record.train_loss);
  directory_->append_record(record);
  if (record.best) {
    figures_.best = record;
    save_model(directory_->best_model());
  }
  figures_.evaluation_pending = false;
  figures_.loss_sum = 0;
  figures_.loss_tokens = 0;
  figures_.loss_seconds = 0;
  if (events_->on_evaluation) events_->on_evaluation(record);
  if (setup_->options.sample_every == 0) {
    figures_.sample_pending = true;
  } else {
    write_report();
  }
  evaluated_at_ = seconds();
  // Going back behind the best model would leave its file without the evaluation that tells of it.
  if (record.best || !guard_.has_skipped(learner_.steps())) mark_good();
  if (setup_->options.save_seconds == 0) save();
  return true;
}

bool Run::sample() {
  if (events_->sampler) {
    const uint64_t seed =
        derive_seed(derive_seed(setup_->options.seed, "samples"), static_cast<uint64_t>(learner_.steps()));
    const std::string text = events_->sampler(setup_->model, seed, setup_->options.sample_length);
    if (stopped()) return false;  // the text may have been cut short
    directory_->append_sample(learner_.steps(), learner_.epochs(), text);
    if (events_->on_sample) events_->on_sample(learner_.steps(), text);
  }
  figures_.sample_pending = false;
  write_report();
  return true;
}

void Run::roll_back(const std::string& why) {
  const std::string place = " at step " + std::to_string(learner_.steps());
  if (!guard_.is_on())
    throw NumericError(why + place, "lower --lr or --grad-clip; what was saved before is still there");
  const bool may_go_back = guard_.on_rollback();
  const Checkpoint checkpoint = read_good_state();
  const auto weights = checkpoint.model.network().parameters().values();
  std::copy(weights.begin(), weights.end(), setup_->model.network().parameters().values().begin());
  RunFigures good = checkpoint.figures;
  good.spikes = guard_.state();
  good.seconds = figures_.seconds;  // time that has passed has passed
  evaluated_at_ = seconds();
  restore(good, checkpoint.path, [this] { save(); });
  if (!may_go_back) {
    directory_->append_record(record_now());  // no evaluation comes that would tell of it
    save();
  }
  const std::string rollbacks = std::to_string(guard_.state().rollbacks);
  if (!may_go_back) {
    write_report();
    throw NumericError(
        "the run diverged" + place + ": " + why +
            (rollbacks == "0" ? std::string("; it may not go back (--rollbacks 0)")
                              : "; it had gone back " + rollbacks + (rollbacks == "1" ? " time" : " times") +
                                    ", at half the learning rate each"),
        "begin a new run with a lower --lr, or go on with more --rollbacks: it is saved as it was at step " +
            std::to_string(good.step));
  }
  note("the run diverged" + place + ": " + why + ". Back to step " + std::to_string(good.step) +
       " and on at half the learning rate (" + rollbacks + " of " + std::to_string(setup_->options.rollbacks) +
       " times)");
}

void Run::mark_good() {
  if (!guard_.is_on()) return;
  prepare_model();
  AtomicFile state(directory_->good_state());
  write_checkpoint(state, setup_->model, run_config(*setup_), figures_now(), learner_.arrays());
  state.commit();
}

Checkpoint Run::read_good_state() {
  Checkpoint checkpoint = read_checkpoint(directory_->good_state());
  const LanguageModel& model = checkpoint.model;
  if (checkpoint.figures.data_digest != figures_.data_digest || model.config() != setup_->model.config() ||
      model.tokenizer().fingerprint() != setup_->model.tokenizer().fingerprint() ||
      !describe_changed_options(setup_->options, model.training_info(), model.config(), checkpoint.path.string())
           .empty())
    throw FormatError(checkpoint.path.string() + " is the state of another run",
                      "take it away: --resume makes one of this run");
  check_checkpoint_arrays(checkpoint.path, learner_.arrays());
  return checkpoint;
}

// One from further on can be there: the run went on after its last save, was killed, and may now go another way.
bool Run::has_good_state() {
  if (!file_exists(directory_->good_state())) return false;
  try {
    return read_good_state().figures.step <= figures_.step;
  } catch (const FormatError&) {
    return false;
  }
}

bool Run::is_finite() {
  const auto all_finite = [](std::span<const float> values) {
    return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
  };
  const std::vector<NamedSpan> arrays = learner_.arrays();
  return all_finite(std::as_const(setup_->model).network().parameters().values()) &&
         std::all_of(arrays.begin(), arrays.end(), [&](const NamedSpan& array) { return all_finite(array.values); });
}

void Run::prepare_model() {
  directory_->require_in_place();
  if (!is_finite())
    throw NumericError(std::string(kNotFinite) + " at step " + std::to_string(learner_.steps()),
                       "lower --lr or --grad-clip; what was saved before is still there");
  setup_->model.set_training_info(training_info(*setup_, record_now(), figures_.best));
}

void Run::save_model(const std::filesystem::path& path) {
  prepare_model();
  setup_->model.save(path);
}

void Run::require_space() {
  const int64_t model = static_cast<int64_t>(sizeof(float)) * setup_->model.parameter_count();
  int64_t state = model;
  for (const NamedSpan& array : learner_.arrays()) state += static_cast<int64_t>(array.values.size_bytes());
  directory_->require_space(state, model);
}

// The state comes first: whatever follows can be made from it.
void Run::save() {
  prepare_model();
  require_space();
  const RunFigures figures = figures_now();
  AtomicFile state(directory_->state());
  write_checkpoint(state, setup_->model, run_config(*setup_), figures, learner_.arrays());
  state.commit(directory_->previous_state());
  setup_->model.save(directory_->last_model());
  if (!setup_->dataset.valid) setup_->model.save(directory_->best_model());
  saved_at_ = figures.seconds;
}

// Steps and evaluations, which come at the same step whenever a run is saved or stopped, notice what is wrong.
bool Run::save_if_finite() {
  const bool finite = is_finite();
  if (finite || !guard_.is_on()) save();
  return finite;
}

void Run::save_if_asked() {
  if (events_->save == nullptr || !events_->save->exchange(false)) return;
  const std::string step = " at step " + std::to_string(learner_.steps());
  const bool saved = save_if_finite();
  note((saved ? "saved" : "not saved, as " + std::string(kNotFinite)) + step);
}

RunFigures Run::figures_now() const {
  RunFigures figures = figures_;
  figures.step = learner_.steps();
  figures.cursor = learner_.cursor();
  figures.plateau = schedule_.plateau();
  figures.best_loss = early_stop_.best();
  figures.bad_evaluations = early_stop_.bad();
  figures.spikes = guard_.state();
  figures.files = directory_->sizes();
  figures.seconds = seconds();
  return figures;
}

TrainResult Run::finish(TrainEnd end) {
  save_if_finite();
  write_report();
  TrainResult result;
  result.end = end;
  const auto& records = directory_->records();
  const bool evaluated = !records.empty() && records.back().step == learner_.steps();
  result.last = evaluated ? records.back() : record_now();
  result.best = figures_.best;
  bool has_best = figures_.best || !setup_->dataset.valid;
  if (has_best && !file_exists(directory_->best_model())) {
    note(directory_->best_model().string() + " is missing; the model is that of the last step");
    result.best.reset();
    has_best = false;
  }
  result.model_path = (has_best ? directory_->best_model() : directory_->last_model()).string();
  return result;
}

bool Run::limit_reached() const {
  const int64_t total = setup_->plan.total_steps;
  return (total > 0 && learner_.steps() >= total) || time_fraction() >= 1;
}

bool Run::evaluation_due() const {
  if (limit_reached() || learner_.steps() % setup_->plan.eval_every == 0) return true;
  const TrainOptions& options = setup_->options;
  if (options.eval_every > 0 || options.max_seconds == 0) return false;
  const double between = options.max_seconds / static_cast<double>(kLeastEvaluations);
  const double left = options.max_seconds - seconds();
  return seconds() - evaluated_at_ >= between && left >= between / 2;  // the last one is near enough otherwise
}

double Run::clock() const {
  const std::chrono::nanoseconds stopped(events_->stopped_for != nullptr ? events_->stopped_for->load() : 0);
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch() - stopped).count();
}

double Run::seconds() const { return figures_.seconds + clock() - started_at_; }

double Run::time_fraction() const {
  const double allowed = setup_->options.max_seconds;
  return allowed > 0 ? seconds() / allowed : 0;
}

TrainProgress Run::progress() const {
  TrainProgress progress;
  progress.step = learner_.steps();
  progress.total_steps = setup_->plan.total_steps;
  progress.epoch = learner_.epochs();
  progress.loss = figures_.recent_loss;
  progress.lr = figures_.lr;
  progress.tokens_per_second = recent_tokens_per_second_;
  progress.seconds = seconds();
  const double allowed = setup_->options.max_seconds;
  double left = std::numeric_limits<double>::infinity();
  if (progress.total_steps > 0 && progress.seconds > 0) {
    const double seconds_a_step = progress.seconds / static_cast<double>(progress.step);
    left = static_cast<double>(progress.total_steps - progress.step) * seconds_a_step;
  }
  if (allowed > 0) left = std::min(left, std::max(0.0, allowed - progress.seconds));
  progress.seconds_left = std::isfinite(left) ? left : 0;
  return progress;
}

EvaluationRecord Run::record_now() const {
  EvaluationRecord record;
  record.step = learner_.steps();
  record.epoch = learner_.epochs();
  record.tokens = figures_.tokens;
  record.seconds = rounded(seconds(), 1000);
  record.lr = figures_.lr;
  const auto tokens = static_cast<double>(figures_.loss_tokens);
  record.tokens_per_second = figures_.loss_seconds > 0 ? rounded(tokens / figures_.loss_seconds, 10) : kUnknown;
  record.train_loss = figures_.loss_tokens > 0 ? figures_.loss_sum / tokens : kUnknown;
  record.val_loss = record.val_perplexity = record.val_bpc = record.val_bpb = kUnknown;
  record.train_bpc = record.train_bpb = kUnknown;
  if (!setup_->dataset.valid) {
    const double bits = record.train_loss / std::numbers::ln2 * static_cast<double>(setup_->dataset.train.size() - 1);
    record.train_bpc = bits / static_cast<double>(setup_->text_size.code_points);
    record.train_bpb = bits / static_cast<double>(setup_->text_size.bytes);
  }
  record.grad_norm = figures_.grad_norm;
  record.skipped = guard_.state().skipped;
  record.rollbacks = guard_.state().rollbacks;
  return record;
}

void Run::write_report() const {
  directory_->require_in_place();
  const std::string name = std::filesystem::path(setup_->options.out).lexically_normal().filename().string();
  ReportContent content;
  content.title = "Fude: training of " + (name.empty() ? setup_->options.out : name);
  content.facts = &setup_->facts;
  content.options = &setup_->options;
  content.records = &directory_->records();
  content.samples = directory_->samples_text();
  write_file(directory_->report(), make_report(content));
}

}  // namespace fude
