/** Functions in a VPC, and what leads out of it. */
import { formatPlatformMonth, sharesInterfaces } from '../../model/compute/platform-timeline.ts'
import type { DownstreamNetwork } from '../../model/network/schema.ts'
import { bareName } from '../../model/node-names.ts'
import type { Problem } from '../diagnostics.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { placedCalls } from '../schema/handler.ts'
import type { PartialScenario } from '../validate.ts'

export function checkNetworks(partial: PartialScenario): readonly Problem[] {
  const ofFunctions = [...partial.functions].flatMap(([name, config]) =>
    config === null
      ? []
      : [...otherVpcs(name, config, partial), ...otherGateways(name, config, partial)],
  )
  return [...ofFunctions, ...initialFaults(partial)]
}

/** The VPC that an entity is in; undefined where that is unknown. */
function vpcOf(
  section: 'subnets' | 'natGateways',
  reference: string,
  { resources }: PartialScenario,
): string | undefined {
  const config = resources.get(section)?.get(bareName(reference)) as { vpcId: string } | null
  return config?.vpcId === undefined ? undefined : bareName(config.vpcId)
}

/** The VPC of a function: that of its first subnet. */
function ownVpc({ vpcConfig }: FunctionConfig, partial: PartialScenario): string | undefined {
  const first = vpcConfig?.subnetIds[0]
  return first === undefined ? undefined : vpcOf('subnets', first, partial)
}

/** A function has all its subnets in one VPC. */
function otherVpcs(
  name: string,
  config: FunctionConfig,
  partial: PartialScenario,
): readonly Problem[] {
  const own = ownVpc(config, partial)
  return (config.vpcConfig?.subnetIds ?? []).flatMap((subnet, index): Problem[] => {
    const other = vpcOf('subnets', subnet, partial)
    if (own === undefined || other === undefined || other === own) return []
    const message = `a function is in one VPC, and this subnet is in ${other}, not in ${own}`
    return [{ path: ['functions', name, 'vpcConfig', 'subnetIds', index], at: 'value', message }]
  })
}

/** Where a function calls, the way leads through a NAT gateway of its own VPC. */
function otherGateways(
  name: string,
  config: FunctionConfig,
  partial: PartialScenario,
): readonly Problem[] {
  const own = ownVpc(config, partial)
  if (own === undefined) return []
  return placedCalls(config.handler).flatMap(({ path, call }): Problem[] => {
    const { downstream } = call as { readonly downstream?: string }
    if (downstream === undefined) return []
    const called = partial.resources.get('downstreams')?.get(bareName(downstream))
    const { network } = (called ?? {}) as { readonly network?: DownstreamNetwork }
    if (network?.natGateway === undefined) return []
    const other = vpcOf('natGateways', network.natGateway, partial)
    if (other === undefined || other === own) return []
    const message = `${name} is in ${own}, and the NAT gateway that leads to ${downstream} is in ${other}`
    return [{ path: ['functions', name, ...path, 'downstream'], at: 'value', message }]
  })
}

/** What a function in a VPC may be at the start. */
function initialFaults({ functions, initial, platform }: PartialScenario): readonly Problem[] {
  return Object.entries(initial?.functions ?? {}).flatMap(([name, { environments, state }]) => {
    const config = functions.get(name)
    if (config === null || config === undefined) return []
    const problems: Problem[] = []
    const isInVpc = config.vpcConfig !== undefined
    const isHistoric = platform !== undefined && !sharesInterfaces(platform)
    const at = ['initial', 'functions', name]
    if (state !== undefined && !isInVpc) {
      const message = `${name} is in no VPC (functions.${name}.vpcConfig), and so Active from the start`
      problems.push({ path: [...at, 'state'], at: 'value', message })
    }
    if (state === 'Pending' && isInVpc && isHistoric) {
      const message = `no function was Pending on a platform of ${formatPlatformMonth(platform)}: network interfaces were made with environments`
      problems.push({ path: [...at, 'state'], at: 'value', message })
    }
    if ((environments ?? 0) > 0 && isInVpc && isHistoric) {
      const message = `environments in a VPC had network interfaces of their own on a platform of ${formatPlatformMonth(platform)}: how many are there at the start is not modelled`
      problems.push({ path: [...at, 'environments'], at: 'value', message })
    }
    return problems
  })
}
