// SPDX-License-Identifier: MIT
// Dump: an allocator as JSON text, in the keys, order and layout that VMA's tools read.
#ifndef VR_ENGINE_DUMP_H
#define VR_ENGINE_DUMP_H

#include "base/json.h"
#include "engine/allocator.h"

// Text from the allocator's host memory, freed with vr_host_free. NULL: host memory ran out. detailed: every
// block and allocation as well.
char *vr_dump_allocator(VmaAllocator allocator, bool detailed);

// Pieces that the dump of a virtual block shares: an object of numbers, the head of an object of a block, a
// row of unused memory.
void vr_dump_statistics(struct VrJson *json, const VmaDetailedStatistics *stats);
void vr_dump_block_head(struct VrJson *json, const VmaDetailedStatistics *stats);
void vr_dump_free_row(struct VrJson *json, uint64_t offset, uint64_t size);

#endif
