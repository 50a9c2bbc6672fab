// fude train: learns a model from text while a person watches.
#include <chrono>
#include <cmath>

#include "commands.h"
#include "fude/base/profile.h"
#include "fude/base/threads.h"
#include "fude/compute/backend.h"
#include "fude/generate/generator.h"
#include "fude/train/trainer.h"
#include "profile_report.h"
#include "signals.h"
#include "terminal.h"
#include "train_flags.h"
#include "version.h"

namespace fude {
namespace {

void tell_row(const char* name, const std::string& text) { say(pad_right(name, 11) + text); }

void tell_plan(const Preflight& plan) {
  const NetworkConfig& network = plan.network;
  tell_row("corpus", counted(plan.corpus.files, "file") + ", " + counted(plan.corpus.documents, "document") + ", " +
                         short_bytes(static_cast<double>(plan.corpus.bytes)) + ", " +
                         with_commas(plan.corpus.code_points) + " characters");
  tell_row("tokens", with_commas(plan.train_tokens) + " to learn from, " + with_commas(plan.valid_tokens) +
                         " held out, vocabulary " + with_commas(plan.vocab_size));
  tell_row("network", std::string(to_string(network.cell)) + ", " + std::to_string(network.num_layers) + " x " +
                          std::to_string(network.hidden_size) + ", embedding " + std::to_string(network.embed_size) +
                          (network.tied ? " (tied), " : ", ") + with_commas(plan.parameters) + " parameters, about " +
                          short_bytes(static_cast<double>(plan.memory_bytes)));
  tell_row("batches", std::to_string(plan.batch_size) + " x " + std::to_string(plan.seq_length) + " tokens, " +
                          with_commas(plan.steps_per_epoch) + " steps an epoch" +
                          (plan.total_steps > 0 ? ", " + with_commas(plan.total_steps) + " in all" : ""));
  tell_row("machine",
           backend_description(plan.precision == "bf16") + ", " + plan.precision + ", " + counted(threads(), "thread"));
  say_backend_hint();
  if (plan.tokens_per_second > 0) {
    tell_row("speed", short_count(plan.tokens_per_second) + " tokens/s" +
                          (plan.seconds > 0 ? ", about " + short_duration(plan.seconds) : ""));
  }
}

std::string progress_line(const TrainProgress& progress) {
  std::string line = "step " + with_commas(progress.step);
  if (progress.total_steps > 0) line += "/" + with_commas(progress.total_steps);
  line += "  epoch " + fixed(progress.epoch, 2) + "  loss " + fixed(progress.loss, 3) + "  " +
          short_count(progress.tokens_per_second) + " tokens/s";
  if (progress.seconds_left > 0) line += "  " + short_duration(progress.seconds_left) + " left";
  return line;
}

std::string evaluation_line(const EvaluationRecord& record) {
  std::string line = "step " + with_commas(record.step) + "  epoch " + fixed(record.epoch, 2) + "  loss " +
                     fixed(record.train_loss, 4);
  const auto add = [&line](double perplexity, double bpc, double bpb) {
    line += "  ppl " + fixed(perplexity, 2) + "  bits/char " + fixed(bpc, 4) + "  bits/byte " + fixed(bpb, 4);
  };
  if (std::isfinite(record.val_loss)) {
    line += "  val " + fixed(record.val_loss, 4);
    add(record.val_perplexity, record.val_bpc, record.val_bpb);
  } else {
    add(std::exp(record.train_loss), record.train_bpc, record.train_bpb);
  }
  if (record.skipped > 0) line += "  skipped " + with_commas(record.skipped);
  if (record.rollbacks > 0) line += "  rollbacks " + std::to_string(record.rollbacks);
  line += "  " + short_count(record.tokens_per_second) + " tokens/s  " + short_duration(record.seconds);
  return line + (record.best ? "  *" : "");
}

// The beginning; samples.txt has all of it.
void tell_sample(std::string_view text) {
  constexpr int kLines = 3;
  for (int line = 0; line < kLines && !text.empty(); ++line) {
    const size_t newline = std::min(text.find('\n'), text.size());
    say_aside("  | " + std::string(text.substr(0, newline)));
    text.remove_prefix(std::min(newline + 1, text.size()));
  }
}

std::string write_sample(const LanguageModel& model, uint64_t seed, int tokens) {
  GenerateOptions options;
  options.seed = seed;
  options.max_tokens = tokens;
  return generate(model, options, {}, &interrupted()).text;
}

TrainEvents events_for_people() {
  using Clock = std::chrono::steady_clock;
  TrainEvents events;
  events.on_start = [](const Preflight& plan) {
    catch_signals();  // not sooner: before there is anything to save, Ctrl-C may simply end the program
    tell_plan(plan);
  };
  auto is_time = [last = Clock::time_point()]() mutable {
    constexpr auto kBetween = std::chrono::milliseconds(100);
    if (Clock::now() - last < kBetween) return false;
    last = Clock::now();
    return true;
  };
  events.on_preparation = [is_time](std::string_view what, double share, double seconds_left) mutable {
    if (!is_time()) return;
    show_progress(std::string(what) + "  " + fixed(100 * share, 0) + " %" +
                  (seconds_left >= 1 ? "  " + short_duration(seconds_left) + " left" : ""));
  };
  events.on_progress = [is_time](const TrainProgress& progress) mutable {
    if (!is_time()) return;
    show_progress(interrupted() ? "saving; Ctrl-C again quits at once" : progress_line(progress));
  };
  events.on_evaluation = [](const EvaluationRecord& record) { say(evaluation_line(record)); };
  events.sampler = write_sample;
  events.on_sample = [](int64_t, std::string_view text) { tell_sample(text); };
  events.on_note = [](std::string_view note) { say("note: " + std::string(note)); };
  events.stop = &interrupted();
  events.save = &save_asked();
  events.stopped_for = &nanoseconds_stopped();
  return events;
}

int tell_result(const TrainResult& result, const std::string& run) {
  clear_progress();
  const std::string word = shell_word(run);
  if (result.end == TrainEnd::kInterrupted) {
    say("interrupted at step " + with_commas(result.last.step) +
        "; the run is saved. Go on with: fude train --resume " + word);
    return kInterruptedExit;
  }
  if (result.end == TrainEnd::kPatience) say("ended: the validation loss got no better");
  std::string best;
  if (result.best) {
    best = ", validation loss " + fixed(result.best->val_loss, 4) + " (" + fixed(result.best->val_bpc, 4) +
           " bits/char) at step " + with_commas(result.best->step);
  }
  say("the model is " + result.model_path + best);
  say("write with it: fude generate -m " + word);
  return 0;
}

}  // namespace

int train_command(const std::vector<std::string>& arguments) {
  TrainFlags options;
  Flags flags("train", "CORPUS...",
              "Learns a language model from texts: files, folders, globs, or - for standard input. Ctrl-C saves and "
              "ends; --resume goes on. SIGUSR1 saves at once; a terminal that is closed ends nothing, and log.jsonl in "
              "the run's folder tells how far it has come.");
  options.add_to(flags);
  flags.example("fude train story.txt --max-time 5m");
  flags.example("fude train drafts/ --preset medium --val-frac 0.05 --patience 5 --out runs/drafts");
  flags.example("fude train --resume runs/drafts --epochs 40");
  if (!flags.read(arguments)) return 0;

  TrainEvents events = events_for_people();
  const auto finish = [&](const TrainResult& result, const std::string& run) {
    if (options.profile) say_profile();
    return tell_result(result, run);
  };
  if (flags.is_given("resume")) {
    const ResumeOptions changes = options.resume_options(flags);
    say("going on with " + options.resume);
    catch_training_signals();
    set_profiling(options.profile);
    return finish(resume_training(options.resume, changes, events), options.resume);
  }
  options.finish(flags);
  if (options.dry_run) {
    events.on_start = {};
    tell_plan(preflight(options.options, events));
    return 0;
  }
  events.on_start = [&options, start = events.on_start](const Preflight& plan) {
    start(plan);
    tell_row("run", options.options.out + ", seed " + std::to_string(*options.seed));
  };
  set_profiling(options.profile);
  catch_training_signals();
  return finish(train(options.options, events), options.options.out);
}

}  // namespace fude
