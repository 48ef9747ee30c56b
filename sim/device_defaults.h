// SPDX-License-Identifier: MIT
// Where a description starts from, for the two files that make descriptions.
#ifndef VR_SIM_DEVICE_DEFAULTS_H
#define VR_SIM_DEVICE_DEFAULTS_H

#include "device.h"

// Everything but heaps, types and extensions.
void vr_sim_device_defaults(struct VrSimDevice *device, enum VrSimVendor vendor);
VkDeviceSize vr_sim_device_default_budget(VkDeviceSize heap_size);

#endif
