// SPDX-License-Identifier: MIT
// The store of records: slabs that start small and double, and a list of free records.
#include "place/records.h"

#include <string.h>

enum { FIRST_SLAB_RECORDS = 63, LARGEST_SLAB_RECORDS = 1023 };

VR_COLD void vr_records_init(struct VrRecords *records, const struct VrHost *host)
{
    memset(records, 0, sizeof(*records));
    records->host = host;
    records->slab_records = FIRST_SLAB_RECORDS;
}

void vr_records_finish(struct VrRecords *records)
{
    void *slab = records->slabs;
    while (slab) {
        void *next = *(void **)slab;
        vr_host_free(records->host, slab);
        slab = next;
    }
    memset(records, 0, sizeof(*records));
}

// A slab is its link, then records. The records are aligned here as well, because handles need it and not
// every program's callbacks heed the alignment that they are asked for.
static bool add_slab(struct VrRecords *records)
{
    uint32_t count = records->slab_records;
    size_t size = sizeof(void *) + (count + 1) * sizeof(struct VrRange);
    char *slab = vr_host_zalloc(records->host, size, VR_CACHE_LINE);
    if (!slab) {
        return false;
    }
    *(void **)(void *)slab = records->slabs;
    records->slabs = slab;
    uintptr_t first = (uintptr_t)vr_align_up((uintptr_t)slab + sizeof(void *), sizeof(struct VrRange));
    struct VrRange *record = (struct VrRange *)first;
    for (uint32_t i = count; i-- > 0;) {
        record[i].next = records->free;
        records->free = &record[i];
    }
    if (count < LARGEST_SLAB_RECORDS) {
        records->slab_records = count * 2 + 1;
    }
    return true;
}

VR_COLD uint32_t vr_records_take(struct VrRecords *records, uint32_t wanted, struct VrRange **list)
{
    uint32_t taken = 0;
    *list = NULL;
    vr_lock_take(&records->lock);
    while (taken < wanted) {
        struct VrRange *record = records->free;
        if (!record) {
            if (!add_slab(records)) {
                break;
            }
            continue;
        }
        records->free = record->next;
        record->next = *list;
        *list = record;
        ++taken;
    }
    vr_lock_drop(&records->lock);
    return taken;
}

void vr_records_give(struct VrRecords *records, struct VrRange *list)
{
    vr_lock_take(&records->lock);
    while (list) {
        struct VrRange *next = list->next;
        list->next = records->free;
        records->free = list;
        list = next;
    }
    vr_lock_drop(&records->lock);
}
