/** Whether the environments that functions must have fit on what their capacity provider may launch. */
import { type EnvironmentSize, Fleet } from '../../model/compute/managed-instances/fleet.ts'
import { instanceType } from '../../model/compute/managed-instances/instance-types.ts'
import { INITIAL_INSTANCES, vCpusOf } from '../../model/compute/managed-instances/limits.ts'
import type { CapacityProviderConfig } from '../../model/compute/managed-instances/schema.ts'
import { bareName } from '../../model/node-names.ts'
import type { Problem } from '../diagnostics.ts'
import { planQualifiers, resolveReference } from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import type { PartialScenario } from '../validate.ts'

/** Environments that are there at the start. */
export function checkRoom(partial: PartialScenario): readonly Problem[] {
  const fleets = new Fleets()
  return managedFunctions(partial).flatMap((use): Problem[] => {
    const { name, provider, size, minimum, versions } = use
    const initial = partial.initial?.functions?.[name]?.environments ?? 0
    const count = versions * minimum + Math.max(0, initial - minimum)
    const isShared = fleets.has(provider)
    const { type, maximumVCpus } = fleets.of(provider)
    const room = fleets.place(provider, size, count)
    if (room === count) return []
    const instances = Math.floor(maximumVCpus / type.vCpus)
    const has = `${instances} ${instances === 1 ? 'instance' : 'instances'} of ${type.name} (${type.vCpus} vCPUs and ${type.memoryMb} MB)`
    const message = `${count} environments of ${size.vCpus} ${size.vCpus === 1 ? 'vCPU' : 'vCPUs'} and ${size.memoryMb} MB are there at the start${versions > 1 ? ` for ${versions} versions` : ''}, and with maxVCpuCount ${maximumVCpus} their capacity provider has ${has} at most, with room for ${room}${isShared ? ' beside those of other functions' : ''}`
    return [{ path: ['functions', name, 'capacityProviderConfig'], at: 'key', message }]
  })
}

/** Deployments whose new version never has room beside what must be there. */
export function deploymentsWithoutRoom(partial: PartialScenario): readonly string[] {
  const functions = managedFunctions(partial)
  return partial.timeline.flatMap((entry, index): string[] => {
    if (entry === null || !('deploy' in entry)) return []
    const target = resolveReference(entry.deploy, partial.functions)
    const deployed = functions.find(
      ({ name }) => target.ok && name === target.reference.functionName,
    )
    if (deployed === undefined) return []
    const fleets = new Fleets()
    for (const { provider, size, minimum, versions } of functions) {
      fleets.place(provider, size, versions * minimum)
    }
    const { name, provider, size, minimum } = deployed
    const room = fleets.place(provider, size, minimum)
    if (room === minimum) return []
    return [
      `timeline.${index}: the deployment of ${name} waits for room: its new version begins with ${minimum} environments beside those of the old one, and with maxVCpuCount ${fleets.of(provider).maximumVCpus} there is room for ${room} more`,
    ]
  })
}

export function providerOf(
  { capacityProviderConfig }: FunctionConfig,
  { resources }: PartialScenario,
): CapacityProviderConfig | undefined {
  const name = bareName(capacityProviderConfig!.capacityProvider)
  const config = resources.get('capacityProviders')?.get(name)
  return (config ?? undefined) as CapacityProviderConfig | undefined
}

interface ManagedUse {
  readonly name: string
  readonly provider: CapacityProviderConfig
  readonly size: EnvironmentSize
  /** Of each version. */
  readonly minimum: number
  readonly versions: number
}

/** Those whose environments fit on an instance: of others that is told. */
function managedFunctions(partial: PartialScenario): readonly ManagedUse[] {
  return [...partial.functions].flatMap(([name, config]): ManagedUse[] => {
    if (config?.capacityProviderConfig === undefined) return []
    const provider = providerOf(config, partial)
    if (provider === undefined) return []
    const { memorySize: memoryMb, capacityProviderConfig, functionScalingConfig } = config
    const vCpus = vCpusOf(memoryMb, capacityProviderConfig.executionEnvironmentMemoryGiBPerVCpu)
    const type = typeOf(provider)
    if (vCpus > type.vCpus || memoryMb > type.memoryMb) return []
    const minimum = functionScalingConfig.minExecutionEnvironments
    const versions = planQualifiers(config).versions.length
    return [{ name, provider, size: { vCpus, memoryMb }, minimum, versions }]
  })
}

function typeOf({ instanceRequirements }: CapacityProviderConfig) {
  return instanceType(instanceRequirements.allowedInstanceTypes[0]!)
}

/** The instances of each provider, filled as the run fills them: function after function. */
class Fleets {
  private readonly fleets = new Map<CapacityProviderConfig, Fleet>()

  has(provider: CapacityProviderConfig): boolean {
    return this.fleets.has(provider)
  }

  of(provider: CapacityProviderConfig): Fleet {
    const known = this.fleets.get(provider)
    if (known !== undefined) return known
    const { maxVCpuCount } = provider.capacityProviderScalingConfig
    const fleet = new Fleet(typeOf(provider), maxVCpuCount, INITIAL_INSTANCES)
    while (fleet.size < INITIAL_INSTANCES && fleet.mayLaunch) fleet.launch(0)
    this.fleets.set(provider, fleet)
    return fleet
  }

  /** Places so many environments; returns how many have room. */
  place(provider: CapacityProviderConfig, size: EnvironmentSize, count: number): number {
    const fleet = this.of(provider)
    for (let placed = 0; placed < count; placed++) {
      if (fleet.place(size, 0) !== undefined) continue
      if (!fleet.mayLaunch) return placed
      fleet.launch(0)
      fleet.place(size, 0)
    }
    return count
  }
}
