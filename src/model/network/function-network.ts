import type { Part } from '../part.ts'
import type { PortSource } from './connections.ts'

/** How one function is in its VPC. */
export interface FunctionNetwork extends Part {
  /** The ports of its network interfaces; null: there are always enough. */
  readonly ports: PortSource | null
  /** An attempt was refused for this cause. */
  onRefused(cause: number): void
  /** It is created anew, or moved into its VPC. */
  create(): void
}
