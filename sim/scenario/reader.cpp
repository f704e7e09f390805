#include "scenario/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace lbsim::scenario {
namespace {

std::string_view form_name(Form form) {
  switch (form) {
    case Form::text:
      return "a text";
    case Form::number:
      return "a number";
    case Form::boolean:
      return "true or false";
    case Form::list:
      return "a list";
    case Form::table:
      return "a table";
  }
  LBSIM_CHECK(false);
}

Form form_of(const Value& value) {
  if (value.as<std::string>()) return Form::text;
  if (value.as<bool>()) return Form::boolean;
  if (value.as<List>()) return Form::list;
  if (value.as<Table>()) return Form::table;
  return Form::number;
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool needs_anything(const TableDescription& table) {
  return std::any_of(table.fields.begin(), table.fields.end(),
                     [](const FieldDescription& field) { return field.required; });
}

FieldDescription table_description(std::shared_ptr<TableDescription> table, const std::string& help,
                                   bool required) {
  FieldDescription out{.help = help, .required = required};
  out.shapes.push_back(
      {.type = "table", .range = {}, .schema = R"({"type":"object"})", .table = std::move(table)});
  return out;
}

// What a path below `table` leads to, as far as it goes.
const Value* descend(const Table& table, std::string_view path) {
  const std::string_view part = path.substr(0, path.find('.'));
  const auto at = table.find(part);
  if (at == table.end()) return nullptr;
  const Value* value = &at->second;
  std::string_view rest = path.substr(part.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view next = rest.substr(0, rest.find('.'));
    if (const Table* inner = value->as<Table>()) {
      const Value* deeper = descend(*inner, rest);
      return deeper ? deeper : value;
    }
    const List* list = value->as<List>();
    std::size_t index = 0;
    const auto parsed = std::from_chars(next.data(), next.data() + next.size(), index);
    if (!list || parsed.ec != std::errc() || index >= list->size()) return value;
    value = &(*list)[index];
    rest.remove_prefix(next.size());
  }
  return value;
}

}  // namespace

Reader::Reader(Document& document, const Table& table, Place place, std::string path)
    : document_(&document), table_(&table), place_(std::move(place)), path_(std::move(path)) {}

Reader::Reader(TableDescription& description, std::string path)
    : description_(&description), path_(std::move(path)) {}

std::string Reader::child_path(std::string_view name) const {
  if (path_.empty()) return std::string(name);
  return name.empty() ? path_ : fmt::format("{}.{}", path_, name);
}

const Value* Reader::take(std::string_view name) {
  if (!contains(known_, name)) known_.emplace_back(name);
  if (describing()) return nullptr;
  const auto at = table_->find(name);
  return at == table_->end() ? nullptr : &at->second;
}

bool Reader::has(std::string_view name) const {
  return !describing() && table_->find(name) != table_->end();
}

Location Reader::location(std::string_view name) const {
  const Value* found = describing() || name.empty() ? nullptr : descend(*table_, name);
  return {.place = found ? found->place : place_, .field = child_path(name)};
}

void Reader::fail(std::string_view name, std::string message, std::string hint) {
  if (describing()) return;
  ++mistakes_;
  document_->fail(location(name), std::move(message), std::move(hint));
}

void Reader::wrong(std::string_view name, const Place& place, std::string message,
                   std::string hint) {
  ++mistakes_;
  document_->fail({.place = place, .field = child_path(name)}, std::move(message), std::move(hint));
}

void Reader::missing(std::string_view name, const std::string& example) {
  if (describing()) return;
  wrong(name, place_, "is missing", fmt::format("write for example {} = {}", name, example));
}

const List* Reader::list_of(std::string_view name, const Value& value, std::size_t min_size,
                            std::size_t max_size, const std::string& example) {
  const List* list = value.as<List>();
  if (!list) {
    wrong(name, value.place, fmt::format("must be a list, not {}", type_name(value)),
          "write for example " + example);
    return nullptr;
  }
  if (list->size() >= min_size && list->size() <= max_size) return list;
  const std::string wanted = min_size == max_size ? fmt::format("exactly {}", min_size)
                                                  : fmt::format("{} to {}", min_size, max_size);
  wrong(name, value.place, fmt::format("has {} entries, and must have {}", list->size(), wanted),
        "");
  return nullptr;
}

void Reader::read_child(const std::string& name, const Value& value,
                        const std::function<void(Reader&)>& fill) {
  const Table* inner = value.as<Table>();
  if (!inner) {
    wrong(name, value.place, fmt::format("must be a table, not {}", type_name(value)),
          name.find('.') == std::string::npos  // else it is an element of a list
              ? fmt::format("write {} = {{ ... }} or [{}]", name, child_path(name))
              : "write { ... }");
    return;
  }
  Reader child(*document_, *inner, value.place, child_path(name));
  fill(child);
  child.finish();
  mistakes_ += child.mistakes_;
}

std::shared_ptr<TableDescription> Reader::describe_child(const std::string& name,
                                                         const std::function<void(Reader&)>& fill) {
  auto out = std::make_shared<TableDescription>();
  Reader child(*out, child_path(name));
  fill(child);
  return out;
}

void Reader::table(std::string_view name, const std::function<void(Reader&)>& fill,
                   const TableField& field) {
  const std::string key(name);
  const Value* found = take(name);
  if (describing()) {
    auto inner = describe_child(key, fill);
    const bool required = needs_anything(*inner);
    describe_field(name, table_description(std::move(inner), field.help, required));
    return;
  }
  read_child(key, found ? *found : Value{.data = Table{}, .place = place_}, fill);
}

bool Reader::optional_table(std::string_view name, const std::function<void(Reader&)>& fill,
                            const TableField& field) {
  const std::string key(name);
  const Value* found = take(name);
  if (describing()) {
    describe_field(name, table_description(describe_child(key, fill), field.help, false));
  } else if (found) {
    read_child(key, *found, fill);
  }
  return found != nullptr;
}

void Reader::tables(std::string_view name, const std::function<void(Reader&)>& fill,
                    const TablesField& field) {
  const Value* found = take(name);
  if (describing()) {
    FieldDescription out =
        table_description(describe_child(std::string(name), fill), field.help, field.min_size > 0);
    out.shapes.front().type = "list of tables";
    out.shapes.front().schema = fmt::format(R"({{"type":"array","minItems":{},"maxItems":{}}})",
                                            field.min_size, field.max_size);
    describe_field(name, std::move(out));
    return;
  }
  if (!found) {
    if (field.min_size == 0) return;
    wrong(name, place_, "is missing", fmt::format("write [[{}]]", child_path(name)));
    return;
  }
  if (found->as<Table>()) {
    wrong(name, found->place, "must be a list of tables, not one table",
          fmt::format("write [[{}]], with double brackets", child_path(name)));
    return;
  }
  const List* list = list_of(name, *found, field.min_size, field.max_size,
                             fmt::format("[[{}]]", child_path(name)));
  if (!list) return;
  for (std::size_t i = 0; i < list->size(); ++i) {
    read_child(fmt::format("{}.{}", name, i), (*list)[i], fill);
  }
}

void Reader::forms(std::string_view name, const std::vector<FormReader>& forms) {
  LBSIM_CHECK(!forms.empty());
  const Value* found = take(name);
  if (describing()) {
    for (const FormReader& form : forms) form.read();
    return;
  }
  if (!found) return forms.front().read();
  std::string wanted;
  for (const FormReader& form : forms) {
    if (form.form == form_of(*found)) return form.read();
    wanted += (wanted.empty() ? "" : " or ") + std::string(form_name(form.form));
  }
  wrong(name, found->place, fmt::format("must be {}, not {}", wanted, type_name(*found)), "");
}

std::string Reader::pick_kind(std::string_view name, const std::vector<KindReader>& catalog,
                              const KindField& field) {
  TextField words{.help = field.help, .fallback = field.fallback};
  for (const KindReader& kind : catalog) words.words.push_back(kind.name);
  std::string picked;
  value(name, picked, words);
  if (describing()) {
    LBSIM_CHECK(description_->kind_field.empty());
    description_->kind_field = std::string(name);
    for (const KindReader& kind : catalog) {
      KindDescription& out = description_->kinds.emplace_back();
      out.name = kind.name;
      out.help = kind.help;
      Reader child(out.table, path_);
      kind.read(child);
    }
    return "";
  }
  for (const KindReader& kind : catalog) {
    if (kind.name != picked) continue;
    kind.read(*this);
    return picked;
  }
  lenient_ = true;
  return "";
}

void Reader::named_tables(const std::string& placeholder,
                          const std::function<void(const std::string&, Reader&)>& fill,
                          const NamedTablesField& field) {
  if (describing()) {
    description_->placeholder = placeholder;
    description_->named = std::make_shared<FieldDescription>(
        table_description(describe_child(placeholder, [&](Reader& r) { fill(placeholder, r); }),
                          field.help, field.min_size > 0));
    description_->named->name = placeholder;
    return;
  }
  std::size_t size = 0;
  for (const auto& [name, value] : *table_) {
    const Table* inner = value.as<Table>();
    if (!inner || contains(known_, name)) continue;
    if (!field.mark.empty() && inner->find(field.mark) == inner->end()) continue;
    if (++size > field.max_size) break;
    known_.push_back(name);
    read_child(name, value, [&, &key = name](Reader& r) { fill(key, r); });
  }
  named_hint_ =
      field.mark.empty() ? "" : fmt::format("a {} needs the field \"{}\"", placeholder, field.mark);
  if (size > field.max_size) {
    lenient_ = true;
    fail("", fmt::format("more than {} tables", field.max_size));
  } else if (size < field.min_size) {
    fail("", fmt::format("has {} tables of the kind [{}], and must have at least {}", size,
                         child_path(placeholder), field.min_size));
  }
}

void Reader::describe_field(std::string_view name, FieldDescription field) {
  field.name = std::string(name);
  for (FieldDescription& known : description_->fields) {
    if (known.name != name) continue;  // another form of a field that has several
    known.shapes.insert(known.shapes.end(), field.shapes.begin(), field.shapes.end());
    if (known.help != field.help) known.help += " " + field.help;
    return;
  }
  description_->fields.push_back(std::move(field));
}

void Reader::finish() {
  if (lenient_) return;
  for (const auto& [name, value] : *table_) {
    if (contains(known_, name)) continue;
    const std::string near = nearest_word(name, known_);
    std::string hint = near.empty() ? "fields here are " + joined(known_)
                                    : fmt::format("did you mean \"{}\"?", near);
    if (near.empty() && value.as<Table>() && !named_hint_.empty()) hint = named_hint_;
    wrong(name, value.key, "unknown field", std::move(hint));
  }
}

void read_document(Document& document, const std::function<void(Reader&)>& fill) {
  Reader root(document, document.root(), document.place(), "");
  root.known_.push_back("format");
  fill(root);
  root.finish();
}

TableDescription describe(const std::function<void(Reader&)>& read) {
  TableDescription out;
  Reader root(out, "");
  std::int64_t format = 0;
  root.integer("format", format,
               {.help = "The version of this format.", .min = kFormat, .max = kFormat});
  std::vector<std::string> include;
  root.list("include", include, TextField{},
            {.help = "Files whose fields hold where this one says nothing; relative to this file.",
             .fallback = include});
  read(root);
  return out;
}

}  // namespace lbsim::scenario
