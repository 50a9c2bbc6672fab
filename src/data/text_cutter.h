// A document in pieces that may each be encoded alone: together they give the tokens of the whole.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace fude {

// Takes a document's text in pieces cut anywhere between characters and hands on pieces of about kSize bytes that end
// where white space begins the next one, as it begins the words of most vocabularies, and no normalization reaches
// across: at line ends where lines are not too long. White space that is farther than another kSize away is not waited
// for. Where pieces end depends on the document alone.
class TextCutter {
 public:
  static constexpr size_t kSize = size_t{1} << 18;

  using Sink = std::function<void(std::string_view)>;

  void push(std::string_view text, const Sink& sink);
  // The rest of the document, if there is any.
  void finish(const Sink& sink);

 private:
  std::string kept_;
};

}  // namespace fude
