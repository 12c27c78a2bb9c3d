// lazulite::graph: expressions saved in Python (lz.save) or here, run in C++ on new inputs. Link lazulite::core.
//
//   auto price = lazulite::load("price.lz");
//   price.bind("spot", spot).bind("vol", vol);        // std::vector<double>; read in place
//   std::vector<double> p = price.run<double>("price");
//
// Errors: std::system_error where a file cannot be read or written; std::invalid_argument where it holds no expression,
// or where names, types or shapes do not fit; std::runtime_error for what goes wrong in computing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace lazulite {
namespace graph {

/// Element types, under NumPy's names.
enum class dtype : std::uint8_t { bool_, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64 };

/// NumPy's name: "bool", "int8", ..., "float64".
const char* name(dtype type);

/// The dtype of a C++ type.
template <class T>
constexpr dtype dtype_of() {
  static_assert(std::is_arithmetic<T>::value && sizeof(T) <= 8, "lazulite: arrays are of bools, integers and floats");
  if (std::is_same<T, bool>::value) return dtype::bool_;
  if (std::is_floating_point<T>::value) return sizeof(T) == 4 ? dtype::float32 : dtype::float64;
  const int log2 = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
  return static_cast<dtype>(1 + 2 * log2 + (std::is_unsigned<T>::value ? 1 : 0));
}

using shape = std::vector<std::int64_t>;

/// An input or an output as it was saved; a single output has no name.
struct variable {
  std::string name;
  dtype type;
  graph::shape shape;
  bool has_value;  // of an input: it need not be bound
};

/// A computed output.
class value {
 public:
  dtype type() const { return type_; }
  const graph::shape& shape() const { return shape_; }
  std::size_t size() const { return size_; }
  /// The elements in C order. Throws std::invalid_argument where they are of another type.
  template <class T>
  const T* data() const {
    check(dtype_of<T>());
    return static_cast<const T*>(bytes_.get());
  }

 private:
  friend class expression;
  void check(dtype asked) const;
  dtype type_ = dtype::float64;
  graph::shape shape_;
  std::size_t size_ = 0;
  std::shared_ptr<const void> bytes_;
};

/// An expression from a file, and what its inputs are bound to. Different objects may be used by different threads.
class expression {
 public:
  explicit expression(const std::string& path);

  const std::vector<variable>& inputs() const;
  const std::vector<variable>& outputs() const;

  /// Binds an input to elements in C order, which are read in place: they must live until the last run. The shape may
  /// be another than that saved, as far as the ops allow; the type may not.
  template <class T>
  expression& bind(const std::string& name, const T* data, const shape& extents) {
    return bind(name, dtype_of<T>(), data, extents);
  }
  template <class T>
  expression& bind(const std::string& name, const std::vector<T>& data) {
    static_assert(!std::is_same<T, bool>::value, "lazulite: std::vector<bool> has no elements to point to");
    return bind(name, data.data(), shape{static_cast<std::int64_t>(data.size())});
  }
  template <class T>
  expression& bind(const std::string&, const std::vector<T>&&) = delete;  // would be gone before it is read
  expression& bind(const std::string& name, dtype type, const void* data, const shape& extents);

  /// Computes all outputs, in as few passes as possible, in the order of `outputs()`.
  std::vector<value> run() const;
  /// Computes one output ("": the only one).
  template <class T>
  std::vector<T> run(const std::string& output = "") const {
    static_assert(!std::is_same<T, bool>::value, "lazulite: std::vector<bool> has no elements to point to");
    const value v = run_one(output);
    const T* first = v.data<T>();
    return std::vector<T>(first, first + v.size());
  }
  /// Computes one output to memory of `size` elements, which must be what it takes.
  template <class T>
  void run_to(const std::string& output, T* to, std::size_t size) const {
    copy_to(run_one(output), dtype_of<T>(), to, size);
  }

  /// Writes the expression to a file. Inputs that are bound, or came with values, keep these.
  void save(const std::string& path) const;

 private:
  struct state;
  value run_one(const std::string& output) const;
  static void copy_to(const value& v, dtype type, void* to, std::size_t size);
  std::shared_ptr<state> state_;
};

inline expression load(const std::string& path) { return expression(path); }

}  // namespace graph

using graph::load;

}  // namespace lazulite
