/** What Parallel and Map states differ in: how many at once, what they bear, what is told apart. */
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import {
  DISTRIBUTED_CONCURRENCY,
  EXPRESS_CHILDREN_PER_SECOND,
  INLINE_CONCURRENCY,
  STANDARD_CHILDREN_PER_SECOND,
} from './limits.ts'
import type { DistributedMap, MapNode, ParallelNode } from './program.ts'

export function firstNode(node: ParallelNode | MapNode, index: number): number {
  if (node.kind === 'parallel') return node.branches[index]!
  return node.items.length === 1 ? node.items[0]! : node.items[index]!
}

/** Whether it is known which branch or item is done; where one item is like another, only how many. */
export function hasPlaces(node: ParallelNode | MapNode): boolean {
  return node.kind === 'parallel' || node.items.length > 1
}

/** More branches or items than a mask holds run again although they are done. */
const MASKED = 31

export function bitOf(index: number): number {
  return index < MASKED ? 1 << index : 0
}

export function isDone(mask: number, index: number): boolean {
  return index < MASKED && (mask & (1 << index)) !== 0
}

/** How many are done of those from this one on. */
export function doneFrom(mask: number, index: number): number {
  let count = 0
  for (let place = index; place < MASKED; place++) if (isDone(mask, place)) count++
  return count
}

export function mostAtOnce(node: ParallelNode | MapNode): number {
  if (node.kind === 'parallel') return node.branches.length
  const most = node.distributed === null ? INLINE_CONCURRENCY : DISTRIBUTED_CONCURRENCY
  return node.maxConcurrency === 0 ? most : Math.min(most, node.maxConcurrency)
}

/** More failures than are tolerated; an inline Map tolerates none. */
export function exceeds(
  distributed: DistributedMap | null,
  failed: number,
  total: number,
): boolean {
  if (distributed === null) return true
  const { toleratedCount, toleratedShare } = distributed
  if (toleratedCount === null && toleratedShare === null) return true
  if (toleratedCount !== null && failed > toleratedCount) return true
  return toleratedShare !== null && failed > toleratedShare * total
}

/** Child executions of a Map Run are started one after the other. */
export function gapBetweenChildrenUs({ isExpress }: DistributedMap): number {
  const perSecond = isExpress ? EXPRESS_CHILDREN_PER_SECOND : STANDARD_CHILDREN_PER_SECOND
  return MICROSECONDS_PER_SECOND / perSecond
}
