#include "scenario/content_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "devices/contents.hpp"
#include "scenario/distribution_field.hpp"

namespace lbsim::scenario {
namespace {

void read_own_distribution(Reader& r, std::string_view name, std::optional<Distribution>& out,
                           const DistributionField& field) {
  r.parsed(name, out,
           {.help = field.help,
            .form = field.quantity == Quantity::size ? "distribution of a size"
                                                     : "distribution of a duration",
            .example = field.quantity == Quantity::size ? "lognormal 17KB scv 4" : "fixed 1ms",
            .parse = [quantity = field.quantity](std::string_view t) {
              return parse_distribution(t, quantity);
            }});
}

void read_class(Reader& r, ContentClassConfig& c) {
  r.text("name", c.name, {.help = "Of the class, in results."});
  r.choice("of", c.of_documents,
           {{"documents", true, "what pages are."}, {"assets", false, "what pages refer to."}},
           {.help = "Which fetches are of the class."});
  r.real("share", c.share,
         {.help = "Of the documents or the assets, relative to the other classes'.",
          .above = 0,
          .max = 1e9,
          .fallback = c.share});
  r.text("host", c.host, {.help = "Field Host of its requests.", .fallback = c.host});
  r.text("path", c.path, {.help = "With what the paths of its URLs begin.", .fallback = c.path});
  r.count("objects", c.objects,
          {.help = "In the class's catalogue, each with a size of its own; 0: every response is "
                   "made for one user.",
           .max = kObjectsMax,
           .fallback = c.objects});
  r.real("zipf", c.zipf,
         {.help = "The k-th most popular object's share is proportional to k to the power of minus "
                  "this.",
          .min = 0,
          .max = 10,
          .fallback = c.zipf,
          .source = "0.64 to 0.83 in six proxies' logs (Breslau et al., \"Web caching and "
                    "Zipf-like distributions\", INFOCOM 1999)"});
  r.boolean("cacheable", c.cacheable,
            {.help = "The servers let proxies keep responses of the catalogue.",
             .fallback = c.cacheable});
  read_own_distribution(r, "service", c.service,
                        {.help = "CPU time of one core of speed 1; without it, what all documents "
                                 "or assets take.",
                         .quantity = Quantity::duration});
  read_own_distribution(r, "response", c.response_bytes,
                        {.help = "Bytes of the response; without it, those of all documents or "
                                 "assets.",
                         .quantity = Quantity::size});
  if (r.ok() && !r.describing() && !c.path.starts_with('/')) {
    r.fail("path", fmt::format("is \"{}\"", c.path), "paths begin with /");
  }
}

void read_header(Reader& r, HeaderConfig& header) {
  r.text("name", header.name, {.help = "Of the field: User-Agent, Accept-Language, Cookie, ..."});
  r.list("values", header.values, TextField{},
         {.help = "A session has one of these.", .min_size = 1, .max_size = 100});
  r.list("shares", header.shares, RealField{.above = 0, .max = 1e9},
         {.help = "Of the sessions, one for each value; without them, equal ones.",
          .max_size = 100,
          .fallback = std::vector<double>{}});
  if (!r.ok() || r.describing()) return;
  if (header.shares.empty()) header.shares.assign(header.values.size(), 1.0);
  if (header.shares.size() != header.values.size()) {
    r.fail("shares", fmt::format("has {} of {} values", header.shares.size(), header.values.size()),
           "give one for each value, in their order");
  }
}

void check_classes(Reader& r, const ContentConfig& content, bool with_assets) {
  const auto& classes = content.classes;
  const auto is_document = [](const ContentClassConfig& c) { return c.of_documents; };
  if (classes.empty()) return;
  if (std::none_of(classes.begin(), classes.end(), is_document)) {
    r.fail("content", "has no class of documents", "write a class with of = \"documents\"");
  }
  if (with_assets && std::all_of(classes.begin(), classes.end(), is_document)) {
    r.fail("content", "has no class of assets",
           "write a class with of = \"assets\", or page.assets = 0");
  }
  std::uint64_t objects = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    objects += std::max(classes[i].objects, 1u);
    for (std::size_t j = 0; j < i; ++j) {
      if (classes[i].name != classes[j].name) continue;
      r.fail(fmt::format("content.{}.name", i), fmt::format("is \"{}\" again", classes[i].name),
             "give each class a name of its own");
    }
  }
  if (objects > kObjectsMax) {
    r.fail("content", fmt::format("has {} objects in all", objects),
           fmt::format("at most {} are simulated", kObjectsMax));
  }
}

}  // namespace

void read_content(Reader& r, ContentConfig& content, bool with_assets) {
  content.classes.clear();
  r.tables("content", [&](Reader& t) { read_class(t, content.classes.emplace_back()); },
           {.help = "Classes of requests, told apart by their URLs; without any, proxies see none.",
            .max_size = kContentClassesMax});
  content.headers.clear();
  r.tables("headers", [&](Reader& t) { read_header(t, content.headers.emplace_back()); },
           {.help = "Header fields of requests, each with one value throughout a session.",
            .max_size = 16});
  if (!r.ok() || r.describing()) return;
  check_classes(r, content, with_assets);
  double combinations = 1;
  for (const HeaderConfig& header : content.headers) {
    combinations *= static_cast<double>(header.values.size());
  }
  if (combinations > kTraitsMax) {
    r.fail("headers", fmt::format("have {:.0f} combinations of values", combinations),
           fmt::format("at most {} are simulated", kTraitsMax));
  }
}

}  // namespace lbsim::scenario
