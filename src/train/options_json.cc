#include <algorithm>
#include <string>
#include <vector>

#include "base/closest.h"
#include "base/json.h"
#include "fude/base/error.h"
#include "fude/train/options.h"

namespace fude {
namespace {

// Names every field once; Visitor writes them or reads them.
template <class Options, class Visitor>
void visit(Options& options, Visitor& visitor) {
  visitor.group("corpus", [&](auto& group) {
    group.field("inputs", options.corpus.inputs);
    group.field("encoding", options.corpus.encoding);
    group.field("invalid", options.corpus.invalid);
    group.field("format", options.corpus.format.format);
    group.field("template", options.corpus.format.record_template);
    group.field("ruby", options.corpus.format.ruby);
    group.field("doc_sep", options.corpus.format.doc_sep);
    group.field("blank_lines", options.corpus.format.blank_lines);
  });
  visitor.field("val_frac", options.val_frac);
  visitor.field("valid_inputs", options.valid_inputs);
  visitor.group("tokenizer", [&](auto& group) {
    group.field("kind", options.tokenizer.kind);
    group.field("vocab_size", options.tokenizer.vocab_size);
    group.field("normalize", options.tokenizer.normalize);
    group.field("unit", options.tokenizer.unit);
    group.field("letter_case", options.tokenizer.letter_case);
    group.field("seed", options.tokenizer.seed);
  });
  visitor.group("network", [&](auto& group) {
    group.field("cell", options.network.cell);
    group.field("vocab_size", options.network.vocab_size);
    group.field("embed_size", options.network.embed_size);
    group.field("hidden_size", options.network.hidden_size);
    group.field("num_layers", options.network.num_layers);
    group.field("tied", options.network.tied);
  });
  visitor.group("initialization", [&](auto& group) {
    group.field("orthogonal", options.initialization.orthogonal);
    group.field("forget_bias", options.initialization.forget_bias);
  });
  visitor.group("dropout", [&](auto& group) {
    group.field("input", options.dropout.input);
    group.field("layer", options.dropout.layer);
    group.field("state", options.dropout.state);
    group.field("output", options.dropout.output);
    group.field("locked", options.dropout.locked);
  });
  visitor.field("state_reset", options.state_reset);
  visitor.group("batch", [&](auto& group) {
    group.field("batch_size", options.batch.batch_size);
    group.field("seq_length", options.batch.seq_length);
    group.field("stride", options.batch.stride);
    group.field("random_length", options.batch.random_length);
    group.field("least_steps", options.batch.least_steps);
    group.field("reset_at_documents", options.batch.reset_at_documents);
  });
  visitor.group("optimizer", [&](auto& group) {
    group.field("kind", options.optimizer.kind);
    group.field("lr", options.optimizer.lr);
    group.field("momentum", options.optimizer.momentum);
    group.field("beta1", options.optimizer.beta1);
    group.field("beta2", options.optimizer.beta2);
    group.field("alpha", options.optimizer.alpha);
    group.field("eps", options.optimizer.eps);
    group.field("weight_decay", options.optimizer.weight_decay);
  });
  visitor.group("schedule", [&](auto& group) {
    group.field("kind", options.schedule.kind);
    group.field("warmup_steps", options.schedule.warmup_steps);
    group.field("final_fraction", options.schedule.final_fraction);
    group.field("step_size", options.schedule.step_size);
    group.field("factor", options.schedule.factor);
    group.field("patience", options.schedule.patience);
    group.field("threshold", options.schedule.threshold);
    group.field("min_lr", options.schedule.min_lr);
  });
  visitor.field("sampled_softmax", options.sampled_softmax);
  visitor.field("grad_clip", options.grad_clip);
  visitor.field("loss_spike", options.loss_spike);
  visitor.field("rollbacks", options.rollbacks);
  visitor.field("epochs", options.epochs);
  visitor.field("steps", options.steps);
  visitor.field("max_seconds", options.max_seconds);
  visitor.field("patience", options.patience);
  visitor.field("eval_every", options.eval_every);
  visitor.field("eval_tokens", options.eval_tokens);
  visitor.field("sample_every", options.sample_every);
  visitor.field("sample_length", options.sample_length);
  visitor.field("save_seconds", options.save_seconds);
  visitor.field("seed", options.seed);
  visitor.field("threads", options.threads);
  visitor.field("backend", options.backend);
  visitor.field("precision", options.precision);
  visitor.field("out", options.out);
  visitor.field("init_from", options.init_from);
}

class Writer {
 public:
  template <class T>
  void field(const char* key, const T& value) {
    object_[key] = value;
  }
  void field(const char* key, const CellKind& value) { object_[key] = to_string(value); }
  template <class Fields>
  void group(const char* key, const Fields& fields) {
    Writer inner;
    fields(inner);
    object_[key] = inner.object_;
  }
  const Json& object() const { return object_; }

 private:
  Json object_ = Json::object();
};

class Reader {
 public:
  Reader(const Json& object, std::string where) : object_(&object), where_(std::move(where)) {
    if (!object.is_object()) throw FormatError(where_ + ": not a JSON object");
  }
  template <class T>
  void field(const char* key, T& value) {
    known_.push_back(key);
    value = get_or<T>(*object_, key, value, where_);
  }
  void field(const char* key, CellKind& value) {
    std::string name(to_string(value));
    field(key, name);
    try {
      value = parse_cell(name);
    } catch (const ConfigError& error) {
      throw FormatError(where_ + ": " + error.what(), error.hint());
    }
  }
  template <class Fields>
  void group(const char* key, const Fields& fields) {
    known_.push_back(key);
    if (!object_->contains(key)) return;
    Reader inner((*object_)[key], where_ + ": " + key);
    fields(inner);
    inner.refuse_unknown();
  }
  void refuse_unknown() const {
    for (const auto& item : object_->items()) {
      if (std::find(known_.begin(), known_.end(), item.key()) != known_.end()) continue;
      const std::string meant = closest(item.key(), known_);
      throw FormatError(where_ + ": unknown option \"" + item.key() + "\"",
                        meant.empty() ? "a newer version of Fude may know it" : "did you mean \"" + meant + "\"?");
    }
  }

 private:
  const Json* object_;
  std::string where_;
  std::vector<std::string> known_;
};

}  // namespace

std::string to_json(const TrainOptions& options) {
  Writer writer;
  visit(options, writer);
  return to_text(writer.object());
}

TrainOptions train_options_from_json(std::string_view json, const std::string& where) {
  const Json object = parse_json(json, where);
  TrainOptions options;
  Reader reader(object, where);
  visit(options, reader);
  reader.refuse_unknown();
  return options;
}

}  // namespace fude
