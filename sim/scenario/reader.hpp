// Reads one table of a scenario into a struct, and documents it. A config struct has one function
//
//     void read(Reader& r, VipConfig& c);
//
// that names every field once. Run on a table it fills the struct and collects every mistake;
// run by describe() (describe.hpp) it yields the JSON Schema and the reference. So read every field
// unconditionally, and let conditions guard only r.fail().
//
// A mistake leaves the struct's member as it was; guard checks across fields with r.ok().
// Nothing throws until Document::throw_if_errors(). Keys that no call has named are mistakes.
#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "scenario/description.hpp"
#include "scenario/document.hpp"
#include "scenario/field.hpp"

namespace lbsim::scenario {

// T of T and of std::optional<T>.
template <class T>
struct Unwrapped {
  using Type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
};
template <class T>
using unwrapped_t = typename Unwrapped<T>::Type;

// One entry of a catalog of tables that are told apart by a field, most often `kind`.
template <class C>
struct Kind {
  std::string name;
  std::string help;
  std::function<void(Reader&, C&)> read;
};

enum class Form { text, number, boolean, list, table };

struct FormReader {
  Form form;
  std::function<void()> read;  // reads the field as a value of that form
};

class Reader {
 public:
  // ---- single values. `out` is a T or a std::optional<T>; an optional needs no fallback. ----
  template <class Out>
  void text(std::string_view name, Out& out, const TextField& field) {
    value(name, out, field);
  }
  template <class Out>
  void integer(std::string_view name, Out& out, IntegerField field);
  template <class Out>
  void real(std::string_view name, Out& out, const RealField& field) {
    value(name, out, field);
  }
  template <class Out>
  void boolean(std::string_view name, Out& out, const BooleanField& field) {
    value(name, out, field);
  }
  template <class Out>
  void duration(std::string_view name, Out& out, const DurationField& field) {
    value(name, out, field);
  }
  template <class Out>
  void clock(std::string_view name, Out& out, const ClockField& field) {
    value(name, out, field);
  }
  template <class Out>
  void size(std::string_view name, Out& out, const SizeField& field) {
    value(name, out, field);
  }
  template <class Out>
  void bandwidth(std::string_view name, Out& out, const BandwidthField& field) {
    value(name, out, field);
  }
  template <class Out>
  void count(std::string_view name, Out& out, const CountField& field) {
    value(name, out, field);
  }
  template <class Out>
  void rate(std::string_view name, Out& out, const RateField& field) {
    value(name, out, field);
  }
  template <class Out>
  void percent(std::string_view name, Out& out, const PercentField& field) {
    value(name, out, field);
  }
  template <class Out>
  void parsed(std::string_view name, Out& out, const ParsedField<unwrapped_t<Out>>& field);

  // r.choice("mode", c.mode, {{"dr", Mode::dr}, {"nat", Mode::nat}}, {.help = "..."});
  template <class Out, class E = unwrapped_t<Out>>
  void choice(std::string_view name, Out& out, std::vector<Option<std::type_identity_t<E>>> options,
              const ChoiceField<std::type_identity_t<E>>& field);

  // r.list("crash_at", c.crashes, ClockField{}, {.help = "..."}); the element's help is not used.
  template <class T, class Element>
  void list(std::string_view name, std::vector<T>& out, const Element& element,
            const ListField<std::type_identity_t<T>>& field);

  // A field that may be written in several forms, as 24 numbers or as the name of a curve:
  // exactly one of the functions runs; if the field is missing, the first.
  void forms(std::string_view name, const std::vector<FormReader>& forms);

  // ---- tables. A missing table is read as an empty one, so that its fields' fallbacks hold. ----
  void table(std::string_view name, const std::function<void(Reader&)>& fill,
             const TableField& field);
  // Does not run `fill` when the table is missing; says whether it is there.
  bool optional_table(std::string_view name, const std::function<void(Reader&)>& fill,
                      const TableField& field);
  template <class C>
  void table(std::string_view name, C& out,
             const TableField& field) requires(!std::is_invocable_v<C&, Reader&>);
  template <class C>
  void table(std::string_view name, std::optional<C>& out, const TableField& field);

  // Arrays of tables: [[servers.groups]] or groups = [{...}, {...}].
  void tables(std::string_view name, const std::function<void(Reader&)>& fill,
              const TablesField& field);
  template <class C>
  void tables(std::string_view name, std::vector<C>& out, const TablesField& field);

  // Reads the rest of this table by the catalog entry that the field `name` picks, and returns that
  // entry's name ("" after a mistake). At most once per table.
  template <class C>
  std::string by_kind(std::string_view name, const std::vector<Kind<C>>& catalog, C& out,
                      const KindField& field);

  // Every table of this one that no call before has named, in the order of their names.
  // `placeholder` stands for the name in docs: "TIER".
  void named_tables(const std::string& placeholder,
                    const std::function<void(const std::string& name, Reader&)>& fill,
                    const NamedTablesField& field);

  // ---- mistakes ----
  // `name`: a field of this table, a path below it ("groups.2.count"), or "" for the table itself.
  void fail(std::string_view name, std::string message, std::string hint = "");
  bool ok() const { return mistakes_ == 0; }  // no mistake in this table or below it so far
  bool has(std::string_view name) const;      // false while describing

  // Where a field (or, if it is missing, its table) was written, for mistakes that can only be
  // seen once everything has been read; hand it to Document::fail().
  Location location(std::string_view name) const;

  const std::string& path() const { return path_; }  // "servers.groups.0"; "" for the whole file
  bool describing() const { return description_ != nullptr; }

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  friend void read_document(Document& document, const std::function<void(Reader&)>& fill);
  friend TableDescription describe(const std::function<void(Reader&)>& read);

  struct KindReader {
    std::string name;
    std::string help;
    std::function<void(Reader&)> read;
  };

  Reader(Document& document, const Table& table, Place place, std::string path);
  Reader(TableDescription& description, std::string path);

  template <class Out, class Field>
  void value(std::string_view name, Out& out, const Field& field);
  std::string pick_kind(std::string_view name, const std::vector<KindReader>& catalog,
                        const KindField& field);

  const Value* take(std::string_view name);  // and notes that the name is known
  void describe_field(std::string_view name, FieldDescription field);
  void wrong(std::string_view name, const Place& place, std::string message, std::string hint);
  void missing(std::string_view name, const std::string& example);
  // The list in `value`, or null after reporting that it is none or of a wrong size.
  const List* list_of(std::string_view name, const Value& value, std::size_t min_size,
                      std::size_t max_size, const std::string& example);
  void read_child(const std::string& name, const Value& value,
                  const std::function<void(Reader&)>& fill);
  std::shared_ptr<TableDescription> describe_child(const std::string& name,
                                                   const std::function<void(Reader&)>& fill);
  void finish();  // reports the keys that nothing has named

  std::string child_path(std::string_view name) const;

  Document* document_ = nullptr;
  const Table* table_ = nullptr;
  TableDescription* description_ = nullptr;
  Place place_;
  std::string path_;
  std::vector<std::string> known_;  // in the order of the calls
  bool lenient_ = false;            // after an unknown kind nothing more can be said
  std::string named_hint_;          // what an unknown table may have meant to be
  int mistakes_ = 0;
};

// Reads the whole document: unknown keys are reported, nothing is thrown.
void read_document(Document& document, const std::function<void(Reader&)>& fill);

template <class C>
C read_document(Document& document) {
  C out;
  read_document(document, [&](Reader& r) { read(r, out); });
  return out;
}

// ---- templates ----

template <class Out, class Field>
void Reader::value(std::string_view name, Out& out, const Field& field) {
  using Element = unwrapped_t<Out>;
  constexpr bool kOptional = !std::is_same_v<Element, Out>;
  const auto fallback = fallback_of(field);
  if (describing()) describe_field(name, description_of(field, !fallback && !kOptional));
  const Value* found = take(name);
  if (!found) {
    if (fallback) {
      out = static_cast<Element>(*fallback);
    } else if (!kOptional) {
      missing(name, example(field));
    }
    return;
  }
  const auto checked = check(*found, field);
  if (checked) {
    out = static_cast<Element>(*checked.value);
  } else {
    wrong(name, found->place, checked.message, checked.hint);
  }
}

template <class Out>
void Reader::integer(std::string_view name, Out& out, IntegerField field) {
  using Limits = std::numeric_limits<unwrapped_t<Out>>;
  LBSIM_CHECK(std::in_range<unwrapped_t<Out>>(field.min));
  if (std::cmp_greater(field.max, Limits::max())) field.max = Limits::max();
  value(name, out, field);
}

template <class Out>
void Reader::parsed(std::string_view name, Out& out, const ParsedField<unwrapped_t<Out>>& field) {
  value(name, out, field);
}

template <class Out, class E>
void Reader::choice(std::string_view name, Out& out,
                    std::vector<Option<std::type_identity_t<E>>> options,
                    const ChoiceField<std::type_identity_t<E>>& field) {
  TextField words{.help = field.help, .source = field.source};
  for (const Option<E>& option : options) {
    words.words.push_back(option.word);
    if (!option.help.empty()) words.help += option_help(option.word, option.help);
    if (field.fallback && *field.fallback == option.value) words.fallback = option.word;
  }
  LBSIM_CHECK(!field.fallback || words.fallback);
  std::optional<std::string> word;
  if constexpr (std::is_same_v<Out, E>) {
    std::string required;
    value(name, required, words);
    if (!required.empty()) word = required;
  } else {
    value(name, word, words);
  }
  for (const Option<E>& option : options) {
    if (word == option.word) out = option.value;
  }
}

template <class T, class Element>
void Reader::list(std::string_view name, std::vector<T>& out, const Element& element,
                  const ListField<std::type_identity_t<T>>& field) {
  if (describing()) {
    std::optional<std::vector<std::string>> fallback;
    if (field.fallback) {
      fallback.emplace();
      for (const T& item : *field.fallback) fallback->push_back(print(element, item));
    }
    describe_field(name, list_description(shape_of(element), field.min_size, field.max_size,
                                          fallback, field.help, field.source));
  }
  const Value* found = take(name);
  if (!found) {
    if (field.fallback) {
      out = *field.fallback;
    } else {
      missing(name, list_example(example(element)));
    }
    return;
  }
  const List* items =
      list_of(name, *found, field.min_size, field.max_size, list_example(example(element)));
  if (!items) return;
  std::vector<T> read;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const auto checked = check((*items)[i], element);
    if (checked) {
      read.push_back(static_cast<T>(*checked.value));
    } else {
      wrong(std::string(name) + "." + std::to_string(i), (*items)[i].place, checked.message,
            checked.hint);
    }
  }
  if (read.size() == items->size()) out = std::move(read);
}

template <class C>
void Reader::table(std::string_view name, C& out,
                   const TableField& field) requires(!std::is_invocable_v<C&, Reader&>) {
  table(
      name, [&](Reader& r) { read(r, out); }, field);
}

template <class C>
void Reader::table(std::string_view name, std::optional<C>& out, const TableField& field) {
  optional_table(
      name, [&](Reader& r) { read(r, out.emplace()); }, field);
}

template <class C>
void Reader::tables(std::string_view name, std::vector<C>& out, const TablesField& field) {
  out.clear();
  tables(
      name, [&](Reader& r) { read(r, out.emplace_back()); }, field);
}

template <class C>
std::string Reader::by_kind(std::string_view name, const std::vector<Kind<C>>& catalog, C& out,
                            const KindField& field) {
  std::vector<KindReader> readers;
  for (const Kind<C>& kind : catalog) {
    readers.push_back({kind.name, kind.help, [&](Reader& r) { kind.read(r, out); }});
  }
  return pick_kind(name, readers, field);
}

}  // namespace lbsim::scenario
