// Lazulite's C++ library: one include. Arrays, expressions that fuse, NumPy's rules; see docs/cpp.md.
#pragma once

#include "lazulite/config.h"
//
#include "lazulite/array.h"
#include "lazulite/assign.h"
#include "lazulite/by_rows.h"
#include "lazulite/contract.h"
#include "lazulite/functions.h"
#include "lazulite/map.h"
#include "lazulite/random.h"
#include "lazulite/reductions.h"
#include "lazulite/running.h"
#include "lazulite/together.h"
#include "lazulite/view.h"
