/** Sources: Lambda developer guide, "Scaling Lambda Managed Instances" and the pages of the runtimes. */

/** Instances that a provider launches for its first function, one for each Availability Zone. */
export const INITIAL_INSTANCES = 3
/** The smallest environment, MB and vCPUs. */
export const LEAST_MEMORY_MB = 2_048
export const LEAST_VCPUS = 1
/** Requests at once for each vCPU of an environment, at most. */
export const MOST_CONCURRENCY_PER_VCPU = 64
/** An init may take as long as the function's timeout, and at least this, us. */
export const LEAST_INIT_LIMIT_US = 130_000_000
/** After so many failed inits an environment is taken to start: a share of 100% would never end. */
export const MOST_INITS = 20

/** The runtimes that serve several requests at once. */
const SUPPORTED = [
  { pattern: /^nodejs(2[2-9]|[3-9]\d)\.x$/, perVCpu: 64 },
  { pattern: /^java(2[1-9]|[3-9]\d)/, perVCpu: 32 },
  { pattern: /^dotnet([89]|\d\d)$/, perVCpu: 32 },
  { pattern: /^python3\.(1[3-9]|[2-9]\d)$/, perVCpu: 16 },
  { pattern: /^provided\.al2023$/, perVCpu: null },
] as const

/** Requests at once for each vCPU where nothing is stated; null: it must be; undefined: not supported. */
export function defaultConcurrencyPerVCpu(runtime: string): number | null | undefined {
  return SUPPORTED.find(({ pattern }) => pattern.test(runtime))?.perVCpu
}

/** vCPUs of an environment with this memory. */
export function vCpusOf(memoryMb: number, memoryGiBPerVCpu: number): number {
  return memoryMb / 1_024 / memoryGiBPerVCpu
}

/** The most that may be stated for an environment. */
export function mostConcurrency(vCpus: number): number {
  return Math.floor(MOST_CONCURRENCY_PER_VCPU * vCpus)
}
