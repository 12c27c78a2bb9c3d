// Texts that both runners share: files of the Python package, built into this program.
#pragma once

namespace lazulite::monte_carlo {

/// What --help prints (help.txt).
extern const char* const kHelp;
extern const char* const kVersion;
/// The table of keys, in TOML (keys.toml).
extern const char* const kKeys;

}  // namespace lazulite::monte_carlo
