// Saved expressions: arrays to a file, and the file's expression over new inputs. (The format: core/graph/saved.h.)
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/dispatch/array.h"
#include "core/graph/saved.h"

namespace lazulite {

using NamedArray = std::pair<std::string, Array>;

/// Writes the outputs' graph, down to the inputs, which are found by identity, and to computed values. Parts without a
/// portable form are computed first where they need no input. `keep_inputs`: with the inputs' values. The file is there
/// in whole or not at all. Throws Error, and std::system_error where the file cannot be written.
void save(const std::string& path, const std::vector<NamedArray>& outputs, const std::vector<NamedArray>& inputs,
          bool keep_inputs);

/// An expression that was read from a file.
class Saved {
 public:
  /// Throws Error (value) with the path where the file is none or damaged, std::system_error where it cannot be read.
  explicit Saved(const std::string& path);

  const SavedExpression& expression() const { return expression_; }
  /// Lazy outputs over the inputs given by name; the others have their stored values. Shapes follow from the inputs'.
  std::vector<Array> operator()(const std::vector<NamedArray>& inputs) const;
  /// The dtype and shape that each output has for the inputs as they were saved.
  const std::vector<std::pair<DType, Dims>>& outputs() const { return outputs_; }
  /// Writes the expression again, in the shapes of these inputs; with their values, or those stored.
  void save(const std::string& path, const std::vector<NamedArray>& inputs) const;

 private:
  std::vector<NodeRef> bind(const std::vector<NamedArray>& inputs, bool all) const;
  std::vector<NodeRef> outputs_over(const std::vector<NodeRef>& bound, const std::vector<NamedArray>& inputs) const;
  std::string path_;
  SavedExpression expression_;
  std::vector<NodeRef> values_;  // of the leaves; null where none is stored
  std::vector<std::pair<DType, Dims>> outputs_;
};

}  // namespace lazulite
