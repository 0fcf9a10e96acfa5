/**
 * EC2 instance types that a capacity provider may launch here. AWS supports several hundred; these
 * are the ones whose price the price list knows.
 * Source of the sizes: Amazon EC2 instance types guide, "General purpose" and "Compute optimized".
 */
import type { ProductId } from '../../pricing/products.ts'

export interface InstanceType {
  readonly name: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly vCpus: number
  readonly memoryMb: number
  /** What an hour of it is sold as, and the management fee of that hour. */
  readonly product: ProductId
  readonly feeProduct: ProductId
}

/** The first of an architecture is what `Auto` launches (assumed). */
export const INSTANCE_TYPES: readonly InstanceType[] = [
  {
    name: 'm7g.xlarge',
    architecture: 'arm64',
    vCpus: 4,
    memoryMb: 16_384,
    product: 'lambdaManagedInstanceM7gXlarge',
    feeProduct: 'lambdaManagedInstanceFeeM7gXlarge',
  },
  {
    name: 'm7g.large',
    architecture: 'arm64',
    vCpus: 2,
    memoryMb: 8_192,
    product: 'lambdaManagedInstanceM7gLarge',
    feeProduct: 'lambdaManagedInstanceFeeM7gLarge',
  },
  {
    name: 'c7g.large',
    architecture: 'arm64',
    vCpus: 2,
    memoryMb: 4_096,
    product: 'lambdaManagedInstanceC7gLarge',
    feeProduct: 'lambdaManagedInstanceFeeC7gLarge',
  },
]

export const INSTANCE_TYPE_NAMES: readonly string[] = INSTANCE_TYPES.map(({ name }) => name)

/** Throws for a name that the schema would refuse. */
export function instanceType(name: string): InstanceType {
  const type = INSTANCE_TYPES.find((candidate) => candidate.name === name)
  if (type === undefined) throw new RangeError(`there is no instance type ${name}`)
  return type
}
