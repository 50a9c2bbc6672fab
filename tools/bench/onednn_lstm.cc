// oneDNN's own LSTM primitive: all layers of a network, forward and backward over a window, and nothing else. The peer
// of tools/bench/onednn, which runs it; built with -DFUDE_BUILD_BENCH=ON where oneDNN 2 is.
//
//   onednn_lstm LAYERS HIDDEN BATCH STEPS f32|bf16 THREADS SECONDS
//
// prints {"tokens_per_s", "gflops", "ms_per_step", "implementation", "version"} as JSON; exit code 3: this processor or
// this oneDNN has no such primitive.
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <dnnl.hpp>
#include <exception>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/median.h"

namespace {

using dnnl::lstm_backward;
using dnnl::lstm_forward;
using dnnl::memory;
using Arguments = std::unordered_map<int, memory>;

constexpr int kUnsupported = 3;
constexpr int kGates = 4;

struct Case {
  int layers, hidden, batch, steps;
  memory::data_type type;
  double seconds;
};

memory::desc described(const memory::dims& dims, memory::data_type type) {
  return {dims, type, memory::format_tag::any};
}

// Shapes of what goes in and out. Weights stay f32 for the one who updates them: bf16 ones are made of them each step.
struct Shapes {
  memory::desc layer, state, cell, weights, bias;

  Shapes(const Case& which, memory::data_type type, memory::data_type cell_type)
      : layer(described({which.steps, which.batch, which.hidden}, type)),
        state(described({which.layers, 1, which.batch, which.hidden}, type)),
        cell(described({which.layers, 1, which.batch, which.hidden}, cell_type)),
        weights(described({which.layers, 1, which.hidden, kGates, which.hidden}, type)),
        bias(described({which.layers, 1, kGates, which.hidden}, memory::data_type::f32)) {}
};

lstm_forward::primitive_desc describe_forward(const Shapes& s, const dnnl::engine& engine) {
  return {{dnnl::prop_kind::forward_training, dnnl::rnn_direction::unidirectional_left2right, s.layer, s.state, s.cell,
           s.weights, s.weights, s.bias, s.layer, s.state, s.cell},
          engine};
}

lstm_backward::primitive_desc describe_backward(const Shapes& s, const Shapes& diff, const dnnl::engine& engine,
                                                const lstm_forward::primitive_desc& forward) {
  return {{dnnl::prop_kind::backward,
           dnnl::rnn_direction::unidirectional_left2right,
           s.layer,
           s.state,
           s.cell,
           s.weights,
           s.weights,
           s.bias,
           s.layer,
           s.state,
           s.cell,
           diff.layer,
           diff.state,
           diff.cell,
           diff.weights,
           diff.weights,
           diff.bias,
           diff.layer,
           diff.state,
           diff.cell},
          engine,
          forward};
}

class Lstm {
 public:
  explicit Lstm(const Case& which)
      : engine_(dnnl::engine::kind::cpu, 0),
        stream_(engine_),
        shapes_(which, which.type, memory::data_type::f32),
        // Gradients are f32 whatever the products are.
        diff_shapes_(which, memory::data_type::f32, memory::data_type::f32),
        forward_(describe_forward(shapes_, engine_)),
        backward_(describe_backward(shapes_, diff_shapes_, engine_, forward_)),
        run_forward_(forward_),
        run_backward_(backward_) {
    add_arguments();
    for (const int name : {DNNL_ARG_WEIGHTS_LAYER, DNNL_ARG_WEIGHTS_ITER}) {
      const memory::dims dims{which.layers, 1, which.hidden, kGates, which.hidden};
      plain_[name] = filled({dims, memory::data_type::f32, memory::format_tag::ldigo},
                            1 / std::sqrt(static_cast<float>(which.hidden)));
    }
  }

  std::string implementation() const { return forward_.impl_info_str(); }

  // A step packs the weights twice, once for each direction, as a training step must after each update.
  void step() {
    for (auto& [name, weights] : plain_) {
      dnnl::reorder(weights, forward_arguments_.at(name)).execute(stream_, weights, forward_arguments_.at(name));
      dnnl::reorder(weights, backward_arguments_.at(name)).execute(stream_, weights, backward_arguments_.at(name));
    }
    run_forward_.execute(stream_, forward_arguments_);
    for (const int name : {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS})
      clear(backward_arguments_.at(name));  // it adds to them
    run_backward_.execute(stream_, backward_arguments_);
    stream_.wait();
  }

 private:
  // With numbers in -range .. range, as in a network that trains: with others gates saturate, and denormal numbers,
  // which are slow, come of it. What is bf16 stays 0, which takes as long as any number.
  memory filled(const memory::desc& desc, float range) {
    memory all(desc, engine_);
    if (desc.data_type() == memory::data_type::f32) {
      std::uniform_real_distribution<float> number(-range, range);
      auto* const values = static_cast<float*>(all.get_data_handle());
      std::generate_n(values, desc.get_size() / sizeof(float), [&] { return number(random_); });
    } else {
      clear(all);
    }
    return all;
  }
  static void clear(const memory& all) {
    auto* const bytes = static_cast<char*>(all.get_data_handle());
    std::fill_n(bytes, all.get_desc().get_size(), char{0});
  }
  void add_arguments();

  std::mt19937 random_{1};
  dnnl::engine engine_;
  dnnl::stream stream_;
  Shapes shapes_, diff_shapes_;
  lstm_forward::primitive_desc forward_;
  lstm_backward::primitive_desc backward_;
  lstm_forward run_forward_;
  lstm_backward run_backward_;
  Arguments forward_arguments_, backward_arguments_, plain_;
};

void Lstm::add_arguments() {
  const std::vector<std::pair<int, memory::desc>> shared = {
      {DNNL_ARG_SRC_LAYER, forward_.src_layer_desc()},   {DNNL_ARG_SRC_ITER, forward_.src_iter_desc()},
      {DNNL_ARG_SRC_ITER_C, forward_.src_iter_c_desc()}, {DNNL_ARG_BIAS, forward_.bias_desc()},
      {DNNL_ARG_DST_LAYER, forward_.dst_layer_desc()},   {DNNL_ARG_DST_ITER, forward_.dst_iter_desc()},
      {DNNL_ARG_DST_ITER_C, forward_.dst_iter_c_desc()}, {DNNL_ARG_WORKSPACE, forward_.workspace_desc()}};
  for (const auto& [name, desc] : shared) backward_arguments_[name] = forward_arguments_[name] = filled(desc, 0.1f);
  forward_arguments_[DNNL_ARG_WEIGHTS_LAYER] = memory(forward_.weights_layer_desc(), engine_);
  forward_arguments_[DNNL_ARG_WEIGHTS_ITER] = memory(forward_.weights_iter_desc(), engine_);
  const std::vector<std::pair<int, memory::desc>> own = {
      {DNNL_ARG_WEIGHTS_LAYER, backward_.weights_layer_desc()},
      {DNNL_ARG_WEIGHTS_ITER, backward_.weights_iter_desc()},
      {DNNL_ARG_DIFF_SRC_LAYER, backward_.diff_src_layer_desc()},
      {DNNL_ARG_DIFF_SRC_ITER, backward_.diff_src_iter_desc()},
      {DNNL_ARG_DIFF_SRC_ITER_C, backward_.diff_src_iter_c_desc()},
      {DNNL_ARG_DIFF_WEIGHTS_LAYER, backward_.diff_weights_layer_desc()},
      {DNNL_ARG_DIFF_WEIGHTS_ITER, backward_.diff_weights_iter_desc()},
      {DNNL_ARG_DIFF_BIAS, backward_.diff_bias_desc()},
      {DNNL_ARG_DIFF_DST_LAYER, backward_.diff_dst_layer_desc()},
      {DNNL_ARG_DIFF_DST_ITER, backward_.diff_dst_iter_desc()},
      {DNNL_ARG_DIFF_DST_ITER_C, backward_.diff_dst_iter_c_desc()}};
  for (const auto& [name, desc] : own) backward_arguments_[name] = filled(desc, 1e-3f);
}

Case parse(char** arguments) {
  const std::string type = arguments[5];
  if (type != "f32" && type != "bf16") throw std::invalid_argument("expected f32 or bf16, got " + type);
  omp_set_num_threads(std::stoi(arguments[6]));
  return {std::stoi(arguments[1]),
          std::stoi(arguments[2]),
          std::stoi(arguments[3]),
          std::stoi(arguments[4]),
          type == "f32" ? memory::data_type::f32 : memory::data_type::bf16,
          std::stod(arguments[7])};
}

void measure(const Case& which) {
  Lstm lstm(which);
  const double time = fude::median_seconds(which.seconds, [&] { lstm.step(); });
  const double speed = static_cast<double>(which.batch) * which.steps / time;
  // Forward, and twice as much backward: 2 · 4H(H+H) a layer.
  const double flops = 3.0 * which.layers * 8 * which.hidden * 2 * which.hidden;
  const dnnl_version_t* const version = dnnl_version();
  std::cout << "{\"tokens_per_s\": " << speed << ", \"gflops\": " << speed * flops / 1e9
            << ", \"ms_per_step\": " << time * 1e3 << ", \"implementation\": \"" << lstm.implementation()
            << "\", \"version\": \"" << version->major << "." << version->minor << "." << version->patch << "\"}\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 8) {
    std::cerr << "usage: onednn_lstm LAYERS HIDDEN BATCH STEPS f32|bf16 THREADS SECONDS\n";
    return 2;
  }
  try {
    measure(parse(argv));
  } catch (const dnnl::error& error) {
    const bool unsupported = error.status == dnnl_unimplemented;
    std::cerr << "onednn_lstm: " << (unsupported ? "no such primitive on this processor" : error.what()) << "\n";
    return unsupported ? kUnsupported : 1;
  } catch (const std::exception& error) {
    std::cerr << "onednn_lstm: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
