// The functions of lazulite/graph.h: the core's saved expressions with C++'s own types and exceptions.
#include "bindings/cpp/include/lazulite/graph.h"

#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>

#include "core/dispatch/saved.h"

namespace lazulite::graph {

static_assert(static_cast<int>(DType::float64) == static_cast<int>(dtype::float64), "one numbering of dtypes");

struct expression::state {
  explicit state(const std::string& path) : saved(path) {}
  Saved saved;
  std::vector<variable> inputs, outputs;
  std::map<std::string, Array> bound;

  std::vector<NamedArray> given() const { return {bound.begin(), bound.end()}; }
};

namespace {

/// Runs f; the core's errors become C++'s.
template <class F>
auto translated(F&& f) {
  try {
    return f();
  } catch (const Error& e) {
    if (e.kind() == ErrorKind::memory) throw std::runtime_error(e.what());
    if (e.kind() == ErrorKind::value || e.kind() == ErrorKind::type) throw std::invalid_argument(e.what());
    throw std::runtime_error(e.what());
  }
}

shape extents_of(const Dims& d) { return shape(d.begin(), d.end()); }

/// The memory of a computed array, in C order, and what keeps it.
std::shared_ptr<const void> bytes_of(const Array& a) {
  const Memory m = expose(a.strides() == storage_strides(a.shape(), 0) ? a : copy(a, true));
  return std::shared_ptr<const void>(m.data, [keep = m.storage](const void*) {});
}

}  // namespace

const char* name(dtype type) { return lazulite::name(static_cast<DType>(type)).data(); }

void value::check(dtype asked) const {
  if (asked != type_)
    throw std::invalid_argument(std::string("lazulite: the output is of ") + graph::name(type_) + ", not of " +
                                graph::name(asked));
}

expression::expression(const std::string& path) {
  translated([&] {
    state_ = std::make_shared<state>(path);
    const SavedExpression& e = state_->saved.expression();
    for (const SavedLeaf& leaf : e.leaves)
      if (!leaf.name.empty())
        state_->inputs.push_back({leaf.name, static_cast<dtype>(leaf.dtype), extents_of(leaf.form.shape), leaf.stored});
    for (size_t k = 0; k < e.outputs.size(); ++k) {
      const auto& [type, dims] = state_->saved.outputs()[k];
      state_->outputs.push_back({e.outputs[k].name, static_cast<dtype>(type), extents_of(dims), false});
    }
  });
}

const std::vector<variable>& expression::inputs() const { return state_->inputs; }
const std::vector<variable>& expression::outputs() const { return state_->outputs; }

expression& expression::bind(const std::string& name, dtype type, const void* data, const shape& extents) {
  const auto named = [&](const variable& v) { return v.name == name; };
  bool known = false;
  for (const variable& v : state_->inputs) known |= named(v) && v.type == type;
  if (!known) {
    std::string all;
    for (const variable& v : state_->inputs) all += (all.empty() ? "" : ", ") + v.name + " " + graph::name(v.type);
    throw std::invalid_argument("lazulite: there is no input '" + name + "' of " + graph::name(type) +
                                "; there are: " + (all.empty() ? "none" : all));
  }
  if (extents.size() > static_cast<size_t>(kMaxDims)) throw std::invalid_argument("lazulite: too many axes");
  const auto t = static_cast<DType>(type);
  const Dims d(extents.data(), static_cast<int>(extents.size()));
  Dims strides = storage_strides(d, 0);
  int64_t bytes = item_size(t);
  for (int k = 0; k < d.size(); ++k) {
    if (d[k] < 0 || (d[k] > 0 && __builtin_mul_overflow(bytes, d[k], &bytes)))
      throw std::invalid_argument("lazulite: the input '" + name + "' has no such shape: " + to_string(d));
    strides[k] *= item_size(t);
  }
  auto* s = new Storage;
  s->release = [](Storage* p) { delete p; };
  state_->bound[name] = borrow(t, d, Ref<Storage>::adopt(s), static_cast<const std::byte*>(data), strides, false);
  return *this;
}

std::vector<value> expression::run() const {
  return translated([&] {
    const std::vector<Array> results = state_->saved(state_->given());
    compute(results);
    std::vector<value> values;
    for (const Array& a : results) {
      value v;
      v.type_ = static_cast<dtype>(a.dtype());
      v.shape_ = extents_of(a.shape());
      v.size_ = static_cast<std::size_t>(a.size());
      v.bytes_ = bytes_of(a);
      values.push_back(std::move(v));
    }
    return values;
  });
}

value expression::run_one(const std::string& output) const {
  return translated([&] {
    std::string known;
    for (size_t k = 0; k < state_->outputs.size(); ++k) {
      const std::string& name = state_->outputs[k].name;
      known += (known.empty() ? "'" : ", '") + name + "'";
      if (name != output) continue;
      const Array a = state_->saved(state_->given())[k];
      value v;
      v.type_ = static_cast<dtype>(a.dtype());
      v.shape_ = extents_of(a.shape());
      v.size_ = static_cast<std::size_t>(a.size());
      v.bytes_ = bytes_of(a);
      return v;
    }
    throw std::invalid_argument("lazulite: there is no output '" + output + "'; there are: " + known);
  });
}

void expression::copy_to(const value& v, dtype type, void* to, std::size_t size) {
  v.check(type);
  if (size != v.size())
    throw std::invalid_argument("lazulite: the output has " + std::to_string(v.size()) + " elements, the memory " +
                                std::to_string(size));
  if (size > 0) std::memcpy(to, v.bytes_.get(), size * static_cast<size_t>(item_size(static_cast<DType>(type))));
}

void expression::save(const std::string& path) const {
  translated([&] { state_->saved.save(path, state_->given()); });
}

}  // namespace lazulite::graph
