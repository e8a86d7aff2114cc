import { findAccessFaults } from './find-access-faults.ts'
import { findInheritanceFaults } from './find-inheritance-faults.ts'
import { findInputFaults } from './find-input-faults.ts'
import { findLocationFaults } from './find-location-faults.ts'
import { findMaskFaults } from './find-mask-faults.ts'
import { findSealingFaults } from './find-sealing-faults.ts'
import type { Placement } from './placement.ts'

const CHECKS: readonly ((placement: Placement) => string[])[] = [
  findLocationFaults,
  findAccessFaults,
  findMaskFaults,
  findSealingFaults,
  findInheritanceFaults,
  findInputFaults,
]

/** Every directive that is missing, misplaced or contradictory, each with its coordinate and the reason. */
export function findPlacementFaults(placement: Placement): string[] {
  return CHECKS.flatMap((check) => check(placement))
}
