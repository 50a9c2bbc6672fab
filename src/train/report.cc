#include "train/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "base/json.h"

namespace fude {
namespace {

constexpr double kWidth = 760, kHeight = 320;  // of the chart, in CSS pixels
constexpr double kLeft = 56, kRight = 16, kTop = 16, kBottom = 40;
constexpr int kTicks = 5;
constexpr size_t kMostSamples = 20000;  // bytes
constexpr size_t kMostRecords = 1000;

constexpr const char* kStyle =
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:800px;margin:2em auto;padding:0 "
    "1em}"
    "table{border-collapse:collapse}td,th{padding:.15em 1.2em .15em 0;text-align:left}th{font-weight:600}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "svg{width:100%;height:auto}svg text{font-size:12px;fill:currentColor}.grid{stroke:currentColor;stroke-opacity:.15}"
    "polyline{fill:none;stroke-width:2}.train{stroke:#999;fill:#999}.valid{stroke:#c33;fill:#c33}"
    "polyline.train,polyline.valid{fill:none}";

std::string escape(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string number(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

// Data to pixels.
struct Axes {
  double last_step, low, high;

  std::string x(double step) const { return number(kLeft + (kWidth - kLeft - kRight) * step / last_step, 1); }
  std::string y(double loss) const {
    return number(kTop + (kHeight - kTop - kBottom) * (high - loss) / (high - low), 1);
  }
};

Axes find_axes(const std::vector<EvaluationRecord>& records) {
  Axes axes{static_cast<double>(std::max<int64_t>(1, records.back().step)), INFINITY, -INFINITY};
  for (const EvaluationRecord& record : records) {
    for (const double loss : {record.train_loss, record.val_loss}) {
      if (!std::isfinite(loss)) continue;
      axes.low = std::min(axes.low, loss);
      axes.high = std::max(axes.high, loss);
    }
  }
  if (!(axes.low < axes.high)) {  // nothing, or one value
    const double middle = std::isfinite(axes.low) ? axes.low : 0;
    axes.low = middle - 0.5;
    axes.high = middle + 0.5;
  }
  return axes;
}

std::string curve(const std::vector<EvaluationRecord>& records, const Axes& axes, double EvaluationRecord::*loss,
                  const std::string& style) {
  std::string points, dots;
  for (const EvaluationRecord& record : records) {
    if (!std::isfinite(record.*loss)) continue;
    const std::string x = axes.x(static_cast<double>(record.step)), y = axes.y(record.*loss);
    points += x + "," + y + " ";
    dots += "<circle class=\"" + style + "\" cx=\"" + x + "\" cy=\"" + y + "\" r=\"2.5\"/>";
  }
  return points.empty() ? "" : "<polyline class=\"" + style + "\" points=\"" + points + "\"/>" + dots + "\n";
}

std::string chart(const std::vector<EvaluationRecord>& records) {
  const Axes axes = find_axes(records);
  std::string svg = "<svg viewBox=\"0 0 " + number(kWidth, 0) + " " + number(kHeight, 0) +
                    "\" role=\"img\" aria-label=\"Loss over steps\">\n";
  const std::string right = number(kWidth - kRight, 1);
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double share = static_cast<double>(tick) / kTicks;
    const double loss = axes.low + (axes.high - axes.low) * share, step = axes.last_step * share;
    svg += "<line class=\"grid\" x1=\"" + number(kLeft, 1) + "\" x2=\"" + right + "\" y1=\"" + axes.y(loss) +
           "\" y2=\"" + axes.y(loss) + "\"/><text x=\"" + number(kLeft - 8, 1) + "\" y=\"" + axes.y(loss) +
           "\" text-anchor=\"end\" dominant-baseline=\"middle\">" + number(loss, 2) + "</text><text x=\"" +
           axes.x(step) + "\" y=\"" + number(kHeight - kBottom + 18, 1) + "\" text-anchor=\"middle\">" +
           number(step, 0) + "</text>\n";
  }
  svg += "<text x=\"" + right + "\" y=\"" + number(kHeight - 4, 1) + "\" text-anchor=\"end\">steps</text>\n";
  svg += curve(records, axes, &EvaluationRecord::train_loss, "train");
  svg += curve(records, axes, &EvaluationRecord::val_loss, "valid");
  return svg +
         "</svg>\n<p>Loss in nats a token: <b style=\"color:#c33\">validation</b> and "
         "<b style=\"color:#999\">training</b> (with dropout).</p>\n";
}

// What went wrong until the last evaluation; empty: nothing did.
std::string trouble(const EvaluationRecord& last) {
  if (last.skipped == 0 && last.rollbacks == 0) return {};
  return "<p>Steps left out, as loss or gradient exploded: " + std::to_string(last.skipped) +
         ". Returns to an earlier evaluation, each at half the learning rate: " + std::to_string(last.rollbacks) +
         ".</p>\n";
}

std::string figures(const std::vector<EvaluationRecord>& records) {
  std::string html =
      "<table><tr><th>step</th><th>epoch</th><th>training loss</th><th>validation loss</th><th>perplexity</th>"
      "<th>bits/char</th><th>bits/byte</th><th>tokens/s</th></tr>\n";
  const auto row = [&](const EvaluationRecord& record) {
    html += "<tr>";
    for (const std::string& cell :
         {std::to_string(record.step), number(record.epoch, 2), number(record.train_loss, 4),
          number(record.val_loss, 4), number(record.val_perplexity, 2), number(record.val_bpc, 4),
          number(record.val_bpb, 4), number(record.tokens_per_second, 0)})
      html += "<td class=\"n\">" + cell + "</td>";
    html += record.best ? "<td>best so far</td></tr>\n" : "</tr>\n";
  };
  for (const EvaluationRecord& record : records) row(record);
  return html + "</table>\n";
}

// A JSON value's leaves as rows "a.b" → value.
void add_rows(const Json& json, const std::string& name, std::string& html) {
  if (json.is_object()) {
    for (const auto& item : json.items())
      add_rows(item.value(), name.empty() ? item.key() : name + "." + item.key(), html);
    return;
  }
  const std::string text = json.is_string() ? json.get<std::string>() : to_text(json);
  html += "<tr><td>" + escape(name) + "</td><td>" + escape(text) + "</td></tr>\n";
}

std::string facts_table(const Preflight& facts) {
  const std::pair<const char*, int64_t> rows[] = {{"text, code points", facts.corpus.code_points},
                                                  {"training tokens", facts.train_tokens},
                                                  {"validation tokens", facts.valid_tokens},
                                                  {"vocabulary", facts.vocab_size},
                                                  {"parameters", facts.parameters},
                                                  {"steps an epoch", facts.steps_per_epoch}};
  std::string html = "<table>";
  for (const auto& [name, value] : rows)
    html += std::string("<tr><td>") + name + "</td><td class=\"n\">" + std::to_string(value) + "</td></tr>\n";
  return html + "</table>\n";
}

std::string_view end_of(std::string_view samples) {
  if (samples.size() <= kMostSamples) return samples;
  const size_t heading = samples.find("\n----- step ", samples.size() - kMostSamples);
  if (heading != std::string_view::npos) return samples.substr(heading + 1);
  size_t begin = samples.size() - kMostSamples;
  while (begin < samples.size() && (samples[begin] & 0xC0) == 0x80) ++begin;  // not inside a character
  return samples.substr(begin);
}

// Of more evaluations than anyone reads, and a page shows, some that lie at equal distances, with the best and the
// last.
std::vector<EvaluationRecord> shown(const std::vector<EvaluationRecord>& records) {
  if (records.size() <= kMostRecords) return records;
  const auto found = std::find_if(records.rbegin(), records.rend(), [](const auto& record) { return record.best; });
  const auto best = static_cast<size_t>(records.rend() - found);  // its place from 1; 0: there is none
  const size_t between = (records.size() + kMostRecords - 1) / kMostRecords;
  std::vector<EvaluationRecord> some;
  for (size_t k = 1; k <= records.size(); ++k)
    if (k % between == 0 || k == best || k == records.size()) some.push_back(records[k - 1]);
  return some;
}

}  // namespace

std::string make_report(const ReportContent& content) {
  const std::vector<EvaluationRecord> records = shown(*content.records);
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" +
                     escape(content.title) + "</title>\n<style>" + kStyle + "</style></head>\n<body>\n<h1>" +
                     escape(content.title) + "</h1>\n";
  if (!records.empty())
    html += "<h2>Loss</h2>\n" + chart(records) + trouble(records.back()) + "<h2>Evaluations</h2>\n" + figures(records);
  if (records.size() < content.records->size())
    html += "<p>" + std::to_string(records.size()) + " of " + std::to_string(content.records->size()) +
            " evaluations; log.jsonl has all.</p>\n";
  html += "<h2>Text and model</h2>\n" + facts_table(*content.facts);
  if (!content.samples.empty()) html += "<h2>Samples</h2>\n<pre>" + escape(end_of(content.samples)) + "</pre>\n";
  html += "<h2>Settings</h2>\n<table>";
  add_rows(parse_json(to_json(*content.options), "options"), "", html);
  return html + "</table>\n</body></html>\n";
}

}  // namespace fude
