// The file format of saved expressions, written and read.
#include "core/graph/saved.h"

#include <array>
#include <unordered_set>

#include "core/graph/bytes.h"
#include "core/graph/serialise.h"

namespace lazulite {

namespace {

constexpr std::string_view kMagic = "lazulite";
constexpr uint64_t kVersion = 1;
constexpr size_t kMostName = 1000;  // bytes

uint64_t aligned(uint64_t v) { return (v + kSavedAlignment - 1) / kSavedAlignment * kSavedAlignment; }

/// CRC-32 of IEEE 802.3, as zlib has it, eight bytes a step: table k is that of a byte with k zero bytes after it.
struct Crc32 {
  std::array<std::array<uint32_t, 256>, 8> table{};
  constexpr Crc32() {
    for (uint32_t n = 0; n < 256; ++n) {
      uint32_t c = n;
      for (int k = 0; k < 8; ++k) c = (c & 1) ? 0xEDB88320u ^ (c >> 1) : c >> 1;
      table[0][n] = c;
    }
    for (size_t k = 1; k < 8; ++k)
      for (uint32_t n = 0; n < 256; ++n) table[k][n] = table[0][table[k - 1][n] & 0xFF] ^ (table[k - 1][n] >> 8);
  }
  uint32_t add(uint32_t crc, const void* data, size_t n) const {
    const auto* p = static_cast<const unsigned char*>(data);
    uint32_t c = ~crc;
    for (; n >= 8; n -= 8, p += 8) {
      const uint32_t low = c ^ (p[0] | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16 | uint32_t{p[3]} << 24);
      c = table[7][low & 0xFF] ^ table[6][(low >> 8) & 0xFF] ^ table[5][(low >> 16) & 0xFF] ^ table[4][low >> 24] ^
          table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
    }
    for (; n > 0; --n, ++p) c = table[0][(c ^ *p) & 0xFF] ^ (c >> 8);
    return ~c;
  }
};
constexpr Crc32 kCrc;

/// Where the checksum stands, and from where on it counts.
constexpr size_t kCrcAt = 12, kCrcFrom = 16;

/// Sets the offsets of the stored leaves, one after the other from `at` on; where the last one ends. Throws where sizes
/// cannot be counted.
uint64_t place(std::vector<SavedLeaf>& leaves, uint64_t at) {
  for (SavedLeaf& leaf : leaves) {
    if (!leaf.stored) continue;
    require(at <= UINT64_MAX / 4, "the values are too many");
    leaf.offset = aligned(at);
    at = leaf.offset + leaf.bytes();  // below 2^63 each: require_size
  }
  return at;
}

/// Whether the bytes are UTF-8: sequences of the right lengths (RFC 3629), without overlong forms and surrogates.
bool is_utf8(std::string_view s) {
  for (size_t k = 0; k < s.size();) {
    const auto byte = [&](size_t at) { return at < s.size() ? static_cast<unsigned char>(s[at]) : 0u; };
    const unsigned first = byte(k), second = byte(k + 1);
    size_t more = 0;
    if (first >= 0x80) {
      if (first < 0xC2 || first > 0xF4) return false;
      more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
      if (first == 0xE0 && second < 0xA0) return false;
      if (first == 0xED && second > 0x9F) return false;
      if (first == 0xF0 && second < 0x90) return false;
      if (first == 0xF4 && second > 0x8F) return false;
    }
    for (size_t j = 1; j <= more; ++j)
      if ((byte(k + j) & 0xC0) != 0x80) return false;
    k += more + 1;
  }
  return true;
}

void check_name(std::string_view name, std::unordered_set<std::string_view>& seen) {
  require(name.size() <= kMostName, "a name is too long");
  require(is_utf8(name), "a name is not UTF-8");
  if (!seen.insert(name).second) malformed("the name " + printable(name) + " comes twice");
}

}  // namespace

uint64_t saved_length(std::string_view head) {
  require(head.substr(0, kMagic.size()) == kMagic, "it is not a saved expression");
  require(head.size() >= kSavedHead, "it ends early");
  ByteReader r(head.substr(kMagic.size()));
  const uint64_t version = r.bits(4);
  if (version != kVersion)
    malformed("it is of version " + std::to_string(version) + " of the format; this Lazulite reads version " +
              std::to_string(kVersion));
  (void)r.bits(4);
  const uint64_t length = r.bits();
  require(length >= kSavedHead, "its length is wrong");
  return length;
}

SavedExpression read_saved(std::string_view file) {
  const uint64_t length = saved_length(file.substr(0, kSavedHead));
  require(file.size() >= length, "it ends early");
  require(file.size() == length, "more follows after its end");
  const uint32_t crc = kCrc.add(0, file.data() + kCrcFrom, file.size() - kCrcFrom);
  require(ByteReader(file.substr(kCrcAt)).bits(4) == crc, "its checksum is wrong: it is damaged");
  const uint64_t described = ByteReader(file.substr(kSavedHead - 8)).bits();
  require(described <= length - kSavedHead, "it ends early");
  ByteReader r(file.substr(kSavedHead, described));

  SavedExpression e;
  std::unordered_set<std::string_view> names;
  const uint64_t n_leaves = r.number();
  for (uint64_t k = 0; k < n_leaves; ++k) {
    const std::string_view name = r.text();
    if (!name.empty()) check_name(name, names);
    SavedLeaf leaf{std::string(name), dtype_named(r.text()), {}, false};
    leaf.form.shape = r.shape(leaf.dtype);
    leaf.form.order = r.order(leaf.form.shape.size());
    const uint64_t stored = r.number();
    require(stored <= 1 && (stored == 1 || !name.empty()), "a value is neither stored nor an input");
    leaf.stored = stored == 1;
    e.leaves.push_back(std::move(leaf));
  }
  names.clear();
  const uint64_t n_outputs = r.number();
  require(n_outputs > 0, "it has no outputs");
  for (uint64_t k = 0; k < n_outputs; ++k) {
    const std::string_view name = r.text();
    check_name(name, names);
    require(!name.empty() || n_outputs == 1, "one of several outputs has no name");
    SavedOutput output{std::string(name), r.number(), false};
    const uint64_t scalar = r.number();
    require(scalar <= 1, "an output is neither an array nor a scalar");
    output.scalar = scalar == 1;
    e.outputs.push_back(std::move(output));
  }
  e.nodes = r.text();
  require(r.done() && place(e.leaves, kSavedHead + described) == length, "its length is wrong");
  for (const SavedLeaf& leaf : e.leaves)
    if (leaf.stored && leaf.dtype == DType::bool_)
      for (const char c : file.substr(leaf.offset, leaf.bytes()))
        require(c == 0 || c == 1, "a bool is neither 0 nor 1");
  return e;
}

std::string write_saved(SavedExpression& e, const std::vector<const std::byte*>& data) {
  ByteWriter w;
  w.number(e.leaves.size());
  for (const SavedLeaf& leaf : e.leaves) {
    w.text(leaf.name);
    w.text(name(leaf.dtype));
    w.dims(leaf.form.shape);
    w.number(leaf.form.order);
    w.number(leaf.stored);
  }
  w.number(e.outputs.size());
  for (const SavedOutput& output : e.outputs) {
    w.text(output.name);
    w.number(output.node);
    w.number(output.scalar);
  }
  w.text(e.nodes);
  const uint64_t length = place(e.leaves, kSavedHead + w.size());
  ByteWriter head;
  head.append(kMagic);
  head.bits(kVersion, 4);
  head.bits(0, 4);
  head.bits(length);
  head.bits(w.size());
  head.append(w.out());
  std::string& bytes = head.out();

  static constexpr char kZeros[kSavedAlignment] = {};
  uint32_t crc = kCrc.add(0, bytes.data() + kCrcFrom, bytes.size() - kCrcFrom);
  uint64_t at = bytes.size();
  size_t k = 0;
  for (const SavedLeaf& leaf : e.leaves) {
    if (!leaf.stored) continue;
    crc = kCrc.add(crc, kZeros, leaf.offset - at);
    crc = kCrc.add(crc, data[k++], leaf.bytes());
    at = leaf.offset + leaf.bytes();
  }
  for (size_t byte = 0; byte < 4; ++byte) bytes[kCrcAt + byte] = static_cast<char>(crc >> (8 * byte));
  return std::move(bytes);
}

std::vector<NodeRef> outputs_of(const SavedExpression& e, const std::vector<NodeRef>& leaves) {
  std::vector<ArrayForm> written;
  for (const SavedLeaf& leaf : e.leaves) written.push_back(leaf.form);
  const std::vector<NodeRef> nodes = deserialise_all(e.nodes, leaves, written);
  std::vector<NodeRef> outputs;
  for (const SavedOutput& output : e.outputs) {
    require(output.node < nodes.size(), "an output is missing");
    outputs.push_back(nodes[output.node]);
    require(outputs.back()->op != Op::constant, "an output is a constant");  // those have no elements to hand out
    require(!output.scalar || outputs.back()->shape.size() == 0, "a scalar has axes");
  }
  return outputs;
}

}  // namespace lazulite
