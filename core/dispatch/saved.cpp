// Files of saved expressions: what goes into them, and what comes out.
#include "core/dispatch/saved.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <unordered_map>

#include "core/dispatch/engine.h"
#include "core/graph/bytes.h"
#include "core/graph/serialise.h"

namespace lazulite {

namespace {

[[noreturn]] void system_failure(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), path);
}

/// A file descriptor.
class File {
 public:
  File(const std::string& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
    if (fd_ < 0) system_failure(path_);
  }
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// How many bytes there were, up to n.
  uint64_t read(void* to, uint64_t n) {
    uint64_t done = 0;
    while (done < n) {
      const ssize_t got = ::read(fd_, static_cast<char*>(to) + done, std::min(n - done, kMost));
      if (got == 0) break;
      if (got < 0 && errno != EINTR) system_failure(path_);
      if (got > 0) done += static_cast<uint64_t>(got);
    }
    return done;
  }
  void write(const void* from, uint64_t n) {
    for (uint64_t done = 0; done < n;) {
      const ssize_t put = ::write(fd_, static_cast<const char*>(from) + done, std::min(n - done, kMost));
      if (put < 0 && errno != EINTR) system_failure(path_);
      if (put > 0) done += static_cast<uint64_t>(put);
    }
  }
  /// What is written is on the disk, and the file closed.
  void settle() {
    if (::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS) system_failure(path_);  // (not every file has a disk)
    if (::close(std::exchange(fd_, -1)) != 0) system_failure(path_);
  }
  uint64_t size() const {
    struct stat s {};
    if (::fstat(fd_, &s) != 0) system_failure(path_);
    if (S_ISDIR(s.st_mode)) {
      errno = EISDIR;
      system_failure(path_);
    }
    require(S_ISREG(s.st_mode), "it is not a regular file");
    return static_cast<uint64_t>(s.st_size);
  }

 private:
  static constexpr uint64_t kMost = uint64_t{1} << 30;  // Linux moves no more than 2^31 bytes at once
  std::string path_;
  int fd_;
};

/// Writes a file beside the path and renames it, so that nobody ever sees half of one.
void write_file(const std::string& path, SavedExpression& e, const std::vector<const std::byte*>& data) {
  const std::string head = write_saved(e, data);
  static std::atomic<unsigned> count{0};
  const std::string beside = path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(count++);
  File file(beside, O_WRONLY | O_CREAT | O_EXCL);
  try {
    file.write(head.data(), head.size());
    static constexpr char kZeros[kSavedAlignment] = {};
    uint64_t at = head.size();
    size_t k = 0;
    for (const SavedLeaf& leaf : e.leaves) {
      if (!leaf.stored) continue;
      file.write(kZeros, leaf.offset - at);
      file.write(data[k++], leaf.bytes());
      at = leaf.offset + leaf.bytes();
    }
    file.settle();
    if (std::rename(beside.c_str(), path.c_str()) != 0) system_failure(path);
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
}

/// Computes what the format has no place for and what needs no input. Throws for what needs one.
void compute_unportable(const std::vector<NodeRef>& outputs, const std::vector<NodeRef>& inputs) {
  std::vector<Root> found;
  {
    const std::lock_guard<std::mutex> guard(Engine::get().lock());
    std::unordered_map<const Node*, bool> needs_input;  // of those that were met; final once its inputs were followed
    for (const NodeRef& n : inputs) needs_input[n.get()] = true;
    std::vector<std::pair<Node*, int>> stack;
    for (const NodeRef& output : outputs) {
      if (!needs_input.try_emplace(output.get(), false).second) continue;
      stack.emplace_back(output.get(), 0);
      while (!stack.empty()) {
        auto& [n, k] = stack.back();
        if (k < n->n_inputs) {
          Node* in = n->input[k++];
          if (needs_input.try_emplace(in, false).second) stack.emplace_back(in, 0);
          continue;
        }
        bool needs = false;
        for (int j = 0; j < n->n_inputs; ++j) needs |= needs_input[n->input[j]];
        needs_input[n] = needs;
        if (!n->computed() && !is_portable(*n)) {
          if (needs)
            throw Error(ErrorKind::type,
                        "save: " + std::string(n->op == Op::opaque ? n->opaque->op->name : info(n->op).name) +
                            " of an input has no portable form yet; only ops of the table, "
                            "reductions without a mask, slices and draws have one");
          found.push_back(Root{NodeRef(n), nullptr, {}});
        }
        stack.pop_back();
      }
    }
  }
  if (!found.empty()) Engine::get().compute(found);
}

const std::byte* data_of(const Node& n) { return n.storage.load(std::memory_order_acquire)->data; }

/// The value of an array, computed, in memory order `order`.
NodeRef settled(const Array& a, AxisOrder order) {
  compute(a);
  NodeRef n = a.read();
  if (order == n->order && n->computed()) return n;
  View v = view_of(a);
  if (order != 0) {
    Dims axes(a.ndim());
    for (int k = 0; k < axes.size(); ++k) axes[k] = static_cast<int64_t>((order >> (4 * k)) & 15);
    v.permute(axes);
  }
  const Array c = copy(make_view(a, std::move(v)), true);
  compute(c);
  n = c.read();
  return order == 0 ? n : make_leaf(a.dtype(), a.shape(), order, Ref<Storage>(n->storage.load()));
}

struct Input {
  std::string name;
  NodeRef node;
  bool stored;
};

/// `all`: an input that nothing reads is an error.
void write_graph(const std::string& path, const std::vector<NodeRef>& roots, std::vector<SavedOutput> outputs,
                 const std::vector<Input>& inputs, bool all) {
  std::vector<NodeRef> in;
  for (const Input& input : inputs) in.push_back(input.node);
  SerialisedGraph g;
  {
    const std::lock_guard<std::mutex> guard(Engine::get().lock());
    g = serialise(roots, in);
  }
  for (size_t k = 0; k < in.size(); ++k)
    if (all && !g.is_read[k])
      throw Error(ErrorKind::value,
                  "save: the expression does not read the input " + printable(inputs[k].name) +
                      ". An input is an array that the expression was written with, as it is now; ops on arrays of at "
                      "most 256 elements are computed at once, without a graph: save a function of the inputs instead, "
                      "or write the expression under lz.options(eager_below=0)");
  SavedExpression e;
  std::vector<const std::byte*> data;
  for (size_t k = 0; k < g.leaves.size(); ++k) {
    NodeRef& n = g.leaves[k];
    const bool is_input = k < in.size();
    SavedLeaf leaf{is_input ? inputs[k].name : std::string(), n->dtype, {n->shape, n->order}, true};
    leaf.stored = !is_input || inputs[k].stored;
    if (leaf.stored) {
      if (!n->computed()) n = settled(Array(n), n->order);  // a window: the rest of its base is not read
      data.push_back(data_of(*n));
    }
    e.leaves.push_back(std::move(leaf));
  }
  for (size_t k = 0; k < outputs.size(); ++k) outputs[k].node = g.roots[k];
  e.outputs = std::move(outputs);
  e.nodes = std::move(g.nodes);
  write_file(path, e, data);
}

/// A leaf's values in the file's block, which they keep alive.
NodeRef part_of(const Ref<Storage>& whole, const SavedLeaf& leaf) {
  auto* part = new Storage;
  part->bytes = static_cast<int64_t>(leaf.bytes());
  part->data = whole->data + leaf.offset;
  part->owner = Ref<Storage>(whole).release();
  part->release = [](Storage* s) {
    (void)Ref<Storage>::adopt(static_cast<Storage*>(s->owner));
    delete s;
  };
  return make_leaf(leaf.dtype, leaf.form.shape, leaf.form.order, Ref<Storage>::adopt(part));
}

/// A node for an input without a value: only its form is asked for.
NodeRef stand_in(const SavedLeaf& leaf) {
  auto* none = new Storage;
  none->release = [](Storage* s) { delete s; };
  return make_leaf(leaf.dtype, leaf.form.shape, leaf.form.order, Ref<Storage>::adopt(none));
}

std::string described(DType t, const Dims& shape) { return std::string(name(t)) + to_string(shape); }

}  // namespace

void save(const std::string& path, const std::vector<NamedArray>& outputs, const std::vector<NamedArray>& inputs,
          bool keep_inputs) {
  std::vector<NodeRef> roots, in;
  for (const auto& [name, a] : inputs) {
    if (a.is_view())
      throw Error(ErrorKind::value,
                  "save: the input " + printable(name) + " is a view; an input is an array of its own");
    if (keep_inputs) compute(a);
    in.push_back(a.cell()->node);
    if (std::count_if(in.begin(), in.end(), [&](const NodeRef& n) { return n.get() == in.back().get(); }) > 1)
      throw Error(ErrorKind::value, "save: the input " + printable(name) + " has two names");
  }
  for (const auto& [name, a] : outputs) roots.push_back(a.read());
  compute_unportable(roots, in);
  std::vector<SavedOutput> named;
  for (const auto& [name, a] : outputs) named.push_back({name, 0, a.is_scalar()});
  std::vector<Input> read;
  for (size_t k = 0; k < in.size(); ++k) read.push_back({inputs[k].first, in[k], keep_inputs});
  write_graph(path, roots, std::move(named), read, true);
}

Saved::Saved(const std::string& path) : path_(path) {
  try {
    File file(path, O_RDONLY | O_NONBLOCK);  // what is no regular file is not waited for
    const uint64_t size = file.size();
    char head[kSavedHead] = {};
    const uint64_t got = file.read(head, kSavedHead);
    const uint64_t length = saved_length(std::string_view(head, got));
    require(size >= length, "it ends early");
    require(size == length, "more follows after its end");
    Ref<Storage> whole = Engine::get().allocate(static_cast<int64_t>(length));
    std::memcpy(whole->data, head, kSavedHead);
    const uint64_t rest = file.read(whole->data + kSavedHead, length - kSavedHead);
    require(rest == length - kSavedHead, "it ends early");
    expression_ = read_saved(std::string_view(reinterpret_cast<const char*>(whole->data), length));
    std::vector<NodeRef> shown;
    for (const SavedLeaf& leaf : expression_.leaves) {
      values_.push_back(leaf.stored ? part_of(whole, leaf) : NodeRef());
      shown.push_back(leaf.stored ? values_.back() : stand_in(leaf));
    }
    for (const NodeRef& n : outputs_of(expression_, shown)) outputs_.emplace_back(n->dtype, n->shape);
  } catch (const Error& e) {
    if (e.kind() != ErrorKind::value) throw;
    throw Error(ErrorKind::value, "load: " + path + ": " + e.what());
  }
}

std::vector<NodeRef> Saved::bind(const std::vector<NamedArray>& inputs, bool all) const {
  const std::vector<SavedLeaf>& leaves = expression_.leaves;
  std::vector<NodeRef> bound = values_;
  std::string known;
  for (const SavedLeaf& leaf : leaves)
    if (!leaf.name.empty()) known += (known.empty() ? "" : ", ") + leaf.name;
  for (const auto& [name, a] : inputs) {
    size_t k = 0;
    while (k < leaves.size() && (leaves[k].name != name || name.empty())) ++k;
    if (k == leaves.size())
      throw Error(ErrorKind::value, path_ + ": there is no input " + printable(name) +
                                        (known.empty() ? "; the expression has none" : "; there are: " + known));
    if (a.dtype() != leaves[k].dtype)
      throw Error(ErrorKind::type, path_ + ": the input " + printable(name) + " is " + described(a.dtype(), a.shape()) +
                                       ", and was saved as " + described(leaves[k].dtype, leaves[k].form.shape) +
                                       ": convert it to " + std::string(lazulite::name(leaves[k].dtype)));
    bound[k] = settled(a, a.ndim() == leaves[k].form.shape.size() ? leaves[k].form.order : 0);
  }
  std::string missing;
  for (size_t k = 0; k < leaves.size(); ++k)
    if (!bound[k]) missing += (missing.empty() ? "" : ", ") + leaves[k].name;
  if (all && !missing.empty())
    throw Error(ErrorKind::value, path_ + ": inputs are missing, of which no values were saved: " + missing);
  return bound;
}

std::vector<NodeRef> Saved::outputs_over(const std::vector<NodeRef>& bound,
                                         const std::vector<NamedArray>& inputs) const {
  try {
    return outputs_of(expression_, bound);
  } catch (const Error& e) {
    std::string given;
    for (const auto& [name, a] : inputs) given += (given.empty() ? "" : ", ") + name + " " + to_string(a.shape());
    throw Error(e.kind(), path_ + ": for " + given + ": " + e.what());
  }
}

std::vector<Array> Saved::operator()(const std::vector<NamedArray>& inputs) const {
  const std::vector<NodeRef> nodes = outputs_over(bind(inputs, true), inputs);
  std::vector<Array> results;
  for (size_t k = 0; k < nodes.size(); ++k) results.emplace_back(nodes[k], expression_.outputs[k].scalar);
  return results;
}

void Saved::save(const std::string& path, const std::vector<NamedArray>& inputs) const {
  std::vector<NodeRef> bound = bind(inputs, false);
  std::vector<Input> read;
  for (size_t k = 0; k < bound.size(); ++k) {
    const SavedLeaf& leaf = expression_.leaves[k];
    const bool stored = static_cast<bool>(bound[k]);
    // A node of its own for each: two inputs may have been given one array.
    bound[k] = stored ? make_leaf(leaf.dtype, bound[k]->shape, bound[k]->order, Ref<Storage>(bound[k]->storage.load()))
                      : stand_in(leaf);
    if (!leaf.name.empty()) read.push_back({leaf.name, bound[k], stored});
  }
  write_graph(path, outputs_over(bound, inputs), expression_.outputs, read, false);
}

}  // namespace lazulite
