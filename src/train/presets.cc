#include <array>

#include "base/closest.h"
#include "fude/base/error.h"
#include "fude/train/options.h"

namespace fude {
namespace {

// What a preset sets. Sizes and dropout follow published models of the size (Zaremba et al. 2014; Merity et al. 2017;
// Melis et al. 2018); learning rates are for AdamW with clipping at norm 1.
struct Recipe {
  int num_layers, hidden_size, embed_size;
  bool tied;
  int seq_length, batch_size;
  double lr;
  Dropout dropout;
};

struct Preset {
  const char* name;
  Recipe characters;  // char, byte
  Recipe pieces;      // words and pieces of words
};

constexpr Dropout locked(double input, double layer, double state, double output) {
  return {input, layer, state, output, true};
}

constexpr std::array<Preset, 4> kPresets = {{
    {"tiny",
     {1, 128, 32, false, 64, 32, 1e-2, {}},  //
     {1, 128, 128, true, 64, 32, 5e-3, {}}},
    {"small",
     {2, 256, 64, false, 64, 32, 8e-3, {.input = 0, .layer = 0.1, .state = 0, .output = 0.2, .locked = false}},
     {2, 256, 256, true, 70, 32, 4e-3, locked(0.2, 0.2, 0.1, 0.3)}},
    {"medium",
     {2, 512, 128, false, 96, 32, 5e-3, locked(0.1, 0.2, 0.2, 0.3)},
     {2, 650, 650, true, 70, 32, 3e-3, locked(0.4, 0.3, 0.3, 0.5)}},
    {"large",
     {3, 1024, 256, false, 256, 64, 2e-3, locked(0.1, 0.1, 0.15, 0.25)},
     {2, 1500, 1500, true, 70, 64, 2e-3, locked(0.6, 0.3, 0.4, 0.65)}},
}};

}  // namespace

void apply_preset(std::string_view name, TrainOptions& options) {
  for (const Preset& preset : kPresets) {
    if (preset.name != name) continue;
    const bool characters = options.tokenizer.kind == "char" || options.tokenizer.kind == "byte";
    const Recipe& recipe = characters ? preset.characters : preset.pieces;
    options.network.num_layers = recipe.num_layers;
    options.network.hidden_size = recipe.hidden_size;
    options.network.embed_size = recipe.embed_size;
    options.network.tied = recipe.tied;
    options.batch.seq_length = recipe.seq_length;
    options.batch.batch_size = recipe.batch_size;
    options.optimizer.lr = recipe.lr;
    options.many_characters_lr = characters ? preset.pieces.lr : 0;
    options.dropout = recipe.dropout;
    return;
  }
  const std::string meant = closest(name, preset_names());
  throw ConfigError("unknown preset \"" + std::string(name) + "\"",
                    meant.empty() ? "choose tiny, small, medium or large" : "did you mean \"" + meant + "\"?");
}

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : kPresets) names.emplace_back(preset.name);
  return names;
}

}  // namespace fude
